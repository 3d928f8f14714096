#include "common/indicator_sheet.h"

const char *sheet_label(const struct sheet *sheet,
                        const struct indicator_row *row)
{
    return language_pick(row->target != NULL ? row->target->label
                                             : row->indicator->label,
                         sheet->request->language);
}

void sheet_unit_name(const struct unit *unit, char text[SHEET_CELL_MAX])
{
    (void)snprintf(text, SHEET_CELL_MAX, "%s%s%s", unit->type,
                   unit->type[0] != '\0' ? " " : "", unit->name);
}

/* The share that is shown: of a ratio itself, else of the goal's quantity.
 * False when there is none. */
bool sheet_share(const struct indicator_row *row, uint64_t *part,
                 uint64_t *whole)
{
    const struct figure *figure = &row->figure;

    if (!figure->known || !figure->defined || figure->value < 0) {
        return false;
    }
    *part = (uint64_t)figure->value;
    *whole = figure->ratio ? (uint64_t)figure->denominator
             : row->judged ? row->quantity
                           : 0;
    return *whole > 0 && *part <= UINT64_MAX / 20000;
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

MUST_USE enum status sheet_close(struct sheet *sheet, const bool shown[],
                                 bool not_divided)
{
    enum status status = listing_close(&sheet->listing);

    if (sheet->request->format == LISTING_TEXT && status == STATUS_OK) {
        sheet_table_end(sheet, shown, not_divided);
    }
    return status;
}
