/* Prints the rows of a table, one after the other. */
#include "common/figures/indicator_rows.h"
#include "common/figures/indicator_sheet.h"

static MUST_USE enum status print(struct sheet *sheet,
                                  const struct indicator_rows *rows)
{
    enum status status = sheet_open(sheet);

    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < rows->count; i++) {
        sheet_row(sheet, &rows->rows[i]);
    }
    return sheet_close(sheet, rows);
}

MUST_USE enum status indicator_print(const struct fold *fold,
                                     const struct context *context,
                                     const struct indicator_request *request,
                                     FILE *out)
{
    struct sheet sheet = {.request = request,
                          .context = context,
                          .plan = request->range.plan,
                          .position = fold_position(fold),
                          .out = out};
    struct indicator_rows *rows = NULL;
    enum status status = indicator_rows_new(fold, context, request, &rows);

    if (status == STATUS_OK) {
        sheet.unit = rows->unit;
        status = print(&sheet, rows);
    }
    indicator_rows_free(&rows);
    return status;
}
