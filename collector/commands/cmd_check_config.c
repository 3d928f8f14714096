#include "collector/commands/commands.h"

#include <stdio.h>

enum status cmd_check_config(const struct args *args, void *context)
{
    static const struct language_text good = {"không có lỗi", "no mistakes"};
    struct directory directory;
    struct settings settings;
    struct report report;
    const char *path = NULL;
    enum status status = command_directory(args, &directory);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    path = args->operand_count > 0 ? args->operands[0] : directory.config;
    report_init(&report, args->language);
    status = settings_load(path, &report, &settings);
    command_report(&report);
    if (status == STATUS_OK) {
        (void)printf("%s: %s\n", path, args_text(args, good));
    } else if (report.count == 0) {
        (void)command_fail(args, path, status);
    }
    report_fini(&report);
    return status;
}
