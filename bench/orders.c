#include "bench/orders.h"

#include "common/base/check.h"
#include "common/base/file.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX (4u * 1024u * 1024u)

void orders_apply(struct context *context, uint64_t *index,
                  struct control *control)
{
    struct report report;
    unsigned change;
    enum status status;

    report_init(&report, LANGUAGE_EN);
    status = context_apply(context, (*index)++, control, &report, &change);
    if (status != STATUS_OK) {
        report_print(&report, stderr);
    }
    check(status == STATUS_OK);
    report_fini(&report);
}

void orders_apply_file(struct context *context, uint64_t *index,
                       enum control_kind kind, const char *path)
{
    struct control *control = calloc(1, sizeof *control);
    struct buffer text;

    check(control != NULL);
    buffer_init(&text, TEXT_MAX);
    check(file_read(path, &text) == STATUS_OK);
    control->kind = kind;
    control->files.revision = 1;
    control->files.file_count = 1;
    control->files.files[0].content = buffer_bytes(&text);
    (void)snprintf(control->files.files[0].name, CONTROL_NAME_MAX, "%s", path);
    orders_apply(context, index, control);
    buffer_fini(&text);
    free(control);
}
