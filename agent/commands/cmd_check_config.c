/* tallyline-agent check-config: whether agent.yaml can be used, every mistake
 * with its line. It opens nothing else, so that it may run beside the service
 * before a reload. */
#include "agent/commands/commands.h"
#include "agent/office/office.h"

#include <stdio.h>

enum status cmd_check_config(const struct args *args, void *context)
{
    char path[OFFICE_PATH_MAX];
    const char *file = args->operand_count > 0 ? args->operands[0] : NULL;
    struct config config;
    struct report report;
    enum status rc = STATUS_OK;

    (void)context;
    report_init(&report, args->language);
    if (file == NULL) {
        rc = office_path(office_dir(args), OFFICE_CONFIG_FILE, path);
        file = path;
    }
    if (rc == STATUS_OK) {
        rc = config_load(file, &report, &config);
    }
    report_print(&report, stderr);
    if (rc == STATUS_OK) {
        (void)printf("%s: %s\n", file,
                     args->language == LANGUAGE_EN ? "valid" : "hợp lệ");
    } else if (rc != STATUS_CONFIG) {
        args_error(args, "%s: %s", file, status_text(rc, args->language));
    }
    report_fini(&report);
    return rc;
}
