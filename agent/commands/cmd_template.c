/* tallyline-agent template: a workbook to fill in, from the catalogue, the
 * province's vocabulary and the units of the office's area. */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/sheet/template.h"

#include <stdio.h>

static enum status write_template(const struct args *args,
                                  const struct office *office,
                                  const struct catalogue_type *type)
{
    static const struct language_text exists = {
        "đã có tệp tên này; hãy chọn tên khác, để không mất những gì đã ghi "
        "trong đó",
        "there is a file of this name; choose another one, so that what was "
        "filled in is not lost"};
    static const struct language_text failed = {
        "không ghi được tệp; hãy kiểm tra thư mục và chỗ trống trên đĩa",
        "the file cannot be written; check the folder and the room on the "
        "disk"};
    const char *path = args_value(args, "output");
    struct columns columns;
    struct things things;
    struct clock clock;
    enum status rc;

    clock_init_real(&clock);
    columns_make(&columns, office->context, office->agent, type,
                 office->language, clock_today(&clock));
    rc = things_read(&things, office->spool, office->context, office->language);
    columns.things = &things;
    if (rc == STATUS_OK) {
        rc = template_write(&columns, path);
    }
    things_fini(&things);
    if (rc == STATUS_OK) {
        (void)printf(office->language == LANGUAGE_EN ? "Written: %s (%s)\n"
                                                     : "Đã ghi: %s (%s)\n",
                     path, language_pick(type->label, office->language));
    } else {
        args_error(args, "%s: %s", path,
                   language_pick(rc == STATUS_EXISTS ? exists : failed,
                                 office->language));
    }
    return rc;
}

enum status cmd_template(const struct args *args, void *context)
{
    struct office *office = NULL;
    const struct catalogue_type *type = NULL;
    enum status rc = STATUS_OK;

    (void)context;
    if (args_value(args, "output") == NULL) {
        args_error(
            args, "%s",
            args_text(args, (struct language_text){"thiếu -o TỆP.xlsx",
                                                   "-o FILE.xlsx is missing"}));
        return STATUS_USAGE;
    }
    rc = office_open(args, &office);
    if (rc == STATUS_OK) {
        rc = answer_may_record(args, office);
    }
    if (rc == STATUS_OK) {
        type = answer_type(args, office, args->operands[0]);
        rc = type != NULL ? write_template(args, office, type) : STATUS_USAGE;
    }
    office_close(&office);
    return rc;
}
