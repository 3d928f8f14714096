/* indicator_sheet - one row of figures, and its way onto paper.
 *
 * Flow     indicator_rows -> indicator_print.c -> indicator_sheet.c
 *          -> indicator_table.c or indicator_machine.c (write them)
 * Owns     nothing but its listing; for indicator*.c alone.
 *
 * Every figure that leaves as text goes through sheet_row().
 */
#ifndef TALLYLINE_COMMON_INDICATOR_SHEET_H
#define TALLYLINE_COMMON_INDICATOR_SHEET_H

#include "common/base/listing.h"
#include "common/figures/indicator_rows.h"

struct sheet {
    const struct indicator_request *request;
    const struct context *context;
    const struct plan *plan;
    uint64_t position; /* ledger entries behind the figures */
    const struct unit *unit;
    FILE *out;
    struct listing *listing;
};

/* The plan of the figures, as it is in force. */
const struct context_plan *sheet_plan(const struct sheet *sheet);

/* Writes what stands before the first row. */
MUST_USE enum status sheet_open(struct sheet *sheet);
void sheet_row(struct sheet *sheet, const struct indicator_row *row);
/* Writes what stands after the last row. Footnotes are those of the indicators
 * that were shown. */
MUST_USE enum status sheet_close(struct sheet *sheet,
                                 const struct indicator_rows *rows);

/* --- indicator_table.c, for people --- */
MUST_USE enum status sheet_table_open(struct sheet *sheet);
void sheet_table_row(struct sheet *sheet, const struct indicator_row *row);
void sheet_table_end(struct sheet *sheet, const struct indicator_rows *rows);

/* --- indicator_reported.c: the period that was asked for --- */
/* For people: its days, the plan's year, and who has reported. Nothing where
 * no period was asked for. */
void sheet_period(const struct sheet *sheet);
/* "nd09_2019", and "2024-H1". */
const char *sheet_regime(const struct silence *silence);
void sheet_period_key(const struct silence *silence,
                      char text[PERIOD_LABEL_MAX]);

/* --- indicator_machine.c, for programs --- */
MUST_USE enum status sheet_machine_open(struct sheet *sheet);
void sheet_machine_row(struct sheet *sheet, const struct indicator_row *row);

#endif
