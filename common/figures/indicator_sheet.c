#include "common/figures/indicator_sheet.h"

#include "common/base/check.h"

const struct context_plan *sheet_plan(const struct sheet *sheet)
{
    const struct context_plan *plan =
        context_plan_by_id(sheet->context, sheet->plan->id);

    check(plan != NULL);
    return plan;
}

void sheet_row(struct sheet *sheet, const struct indicator_row *row)
{
    if (sheet->request->format == LISTING_TEXT) {
        sheet_table_row(sheet, row);
    } else {
        sheet_machine_row(sheet, row);
    }
}

MUST_USE enum status sheet_open(struct sheet *sheet)
{
    return sheet->request->format == LISTING_TEXT ? sheet_table_open(sheet)
                                                  : sheet_machine_open(sheet);
}

MUST_USE enum status sheet_close(struct sheet *sheet,
                                 const struct indicator_rows *rows)
{
    enum status status = listing_close(&sheet->listing);

    if (sheet->request->format == LISTING_TEXT && status == STATUS_OK) {
        sheet_table_end(sheet, rows);
    }
    return status;
}
