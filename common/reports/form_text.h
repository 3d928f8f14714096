/* form_text - the words of a report, the same on every kind of paper.
 *
 * Flow     form -> [form_text] -> form_plain, form_html,
 *          form_xlsx
 * Owns     nothing; texts go to the caller's room.
 * Threads  any; pure.
 * Limits   FORM_TEXT_MAX bytes a text, its closing zero included.
 */
#ifndef TALLYLINE_COMMON_FORM_TEXT_H
#define TALLYLINE_COMMON_FORM_TEXT_H

#include <stddef.h>

#include "common/reports/form.h"

#define FORM_TEXT_MAX 1024u
/* Lines of the sheet by unit that fit beside each other on A4. */
#define FORM_SHEET_LINES 10u

/* The usual form: STT, nội dung chỉ tiêu, ĐVT ... */
enum form_column {
    FORM_COLUMN_NUMBER,
    FORM_COLUMN_LABEL,
    FORM_COLUMN_UNIT_OF_COUNT,
    FORM_COLUMN_GOAL,
    FORM_COLUMN_IN_PERIOD,
    FORM_COLUMN_SO_FAR,
    FORM_COLUMN_PERCENT,
    FORM_COLUMN_CHANGE, /* only where anything is known of the year before */
    FORM_COLUMN_NOTE,
    FORM_COLUMN_REVISED, /* only where there is a revision */
    FORM_COLUMN_END
};

/* Those that the form has, in their order; how many they are. */
size_t form_columns(const struct form *form,
                    enum form_column columns[FORM_COLUMN_END]);
const char *form_column_title(enum form_column column, enum language language);
/* How wide it should be, in digits. */
size_t form_column_width(enum form_column column);
/* "" for an empty cell. `line` counts from 0. */
void form_cell(const struct form *form, size_t line, enum form_column column,
               char text[FORM_TEXT_MAX]);
/* Whose word it is that nothing happened in the period in the form's unit. */
enum form_zero {
    FORM_ZERO_NONE,   /* something did, or the line says why it has no figure */
    FORM_ZERO_STATED, /* a report of the period says so */
    FORM_ZERO_FOUND,  /* nobody's: nothing is there */
    FORM_ZERO_NO_WHOLE /* nobody's, and a share of it: there is none */
};
enum form_zero form_zero(const struct form *form, size_t line);
/* As in the column of notes; "" of FORM_ZERO_NONE. */
const char *form_zero_text(enum form_zero zero, enum language language);
/* The figure in the period of a unit of the sheet by unit. */
void form_unit_cell(const struct form *form, size_t line, size_t unit,
                    char text[FORM_TEXT_MAX]);
const char *form_unit_title(const struct form *form);
/* "(1) ...": the head of a line's column in that sheet. */
void form_line_title(const struct form *form, size_t line,
                     char text[FORM_TEXT_MAX]);

/* What stands above and below the table, a line each. */
struct form_head {
    char superior[FORM_TEXT_MAX]; /* "": none */
    char agency[FORM_TEXT_MAX];
    char number[FORM_TEXT_MAX];
    const char *state; /* CỘNG HÒA ... */
    const char *motto;
    char place_and_date[FORM_TEXT_MAX];
    const char *title; /* BÁO CÁO */
    char subject[FORM_TEXT_MAX];
    char period[FORM_TEXT_MAX];
    char area[FORM_TEXT_MAX];
    char addressee[FORM_TEXT_MAX]; /* "": none */
    const char *recipients_title;
    char signed_for[FORM_TEXT_MAX];
    char signer[FORM_TEXT_MAX];
    const char *signature; /* "(Ký, ghi rõ họ tên, đóng dấu)" */
};
void form_head(const struct form *form, struct form_head *head);
/* The i-th recipient, "" beyond the last. */
void form_recipient(const struct form *form, size_t i,
                    char text[FORM_TEXT_MAX]);
const char *form_unit_sheet_title(const struct form *form);
/* For who checks the report, not for who reads it: the ledger's position and
 * hash, and the plan's entry. */
void form_check_text(const struct form *form, char text[FORM_TEXT_MAX]);

#endif
