/* A report as text on a screen. The sheet by unit has a column for each line
 * of the form, FORM_SHEET_LINES to a table. */
#include <string.h>

#include "common/figures/indicator_text.h"
#include "common/reports/form_notes.h"
#include "common/reports/form_text.h"
#include "common/reports/form_write.h"

#define LINE_TEXT_MAX 24u /* "(12)" */

static void put(FILE *out, const char *text)
{
    if (text[0] != '\0') {
        (void)fprintf(out, "%s\n", text);
    }
}

static void cell(struct listing *listing, const char *text)
{
    if (text[0] != '\0') {
        listing_text(listing, text);
    } else {
        listing_none(listing);
    }
}

static MUST_USE enum status write_form(const struct form *form, FILE *out)
{
    struct listing_column columns[FORM_COLUMN_END];
    enum form_column has[FORM_COLUMN_END];
    size_t count = form_columns(form, has);
    struct listing *listing = NULL;
    char text[FORM_TEXT_MAX];
    enum status status;

    for (size_t i = 0; i < count; i++) {
        enum form_column column = has[i];
        bool number =
            column == FORM_COLUMN_NUMBER ||
            (column >= FORM_COLUMN_GOAL && column <= FORM_COLUMN_CHANGE);

        columns[i] = (struct listing_column){
            .key = "",
            .title = {form_column_title(column, LANGUAGE_VI),
                      form_column_title(column, LANGUAGE_EN)},
            .align = number ? LISTING_RIGHT : LISTING_LEFT};
    }
    status = listing_open(LISTING_TEXT, form->language, columns, count, out,
                          &listing);
    for (size_t i = 0; i < form->line_count && status == STATUS_OK; i++) {
        for (size_t k = 0; k < count; k++) {
            form_cell(form, i, has[k], text);
            cell(listing, text);
        }
    }
    return status == STATUS_OK ? listing_close(&listing) : status;
}

/* The lines from `first` to before `end`, by unit. */
static MUST_USE enum status write_units(const struct form *form, size_t first,
                                        size_t end, FILE *out)
{
    struct listing_column columns[1 + FORM_SHEET_LINES];
    char numbers[FORM_SHEET_LINES][LINE_TEXT_MAX];
    struct listing *listing = NULL;
    char text[FORM_TEXT_MAX];
    enum status status;

    columns[0] = (struct listing_column){
        .key = "",
        .title = {form_unit_title(form), form_unit_title(form)},
        .align = LISTING_LEFT};
    for (size_t i = first; i < end; i++) {
        (void)snprintf(numbers[i - first], sizeof numbers[0], "(%zu)", i + 1);
        columns[1 + i - first] = (struct listing_column){
            .key = "",
            .title = {numbers[i - first], numbers[i - first]},
            .align = LISTING_RIGHT};
    }
    status = listing_open(LISTING_TEXT, form->language, columns,
                          1 + end - first, out, &listing);
    for (size_t unit = 0; unit < form->unit_count && status == STATUS_OK;
         unit++) {
        indicator_unit_text(form->places[unit], text);
        listing_text(listing, text);
        for (size_t i = first; i < end; i++) {
            form_unit_cell(form, i, unit, text);
            cell(listing, text);
        }
    }
    return status == STATUS_OK ? listing_close(&listing) : status;
}

static void take_note(void *owner, const char *note)
{
    (void)fprintf(owner, "%s\n", note);
}

static void write_head(const struct form_head *head, FILE *out)
{
    put(out, head->superior);
    put(out, head->agency);
    put(out, head->number);
    put(out, head->state);
    put(out, head->motto);
    put(out, head->place_and_date);
    (void)fprintf(out, "\n%s\n", head->title);
    put(out, head->subject);
    put(out, head->period);
    put(out, head->area);
    put(out, head->addressee);
    (void)fputc('\n', out);
}

static void write_foot(const struct form *form, const struct form_head *head,
                       FILE *out)
{
    char text[FORM_TEXT_MAX];

    (void)fprintf(out, "\n%s\n", head->recipients_title);
    form_recipient(form, 0, text);
    for (size_t i = 1; text[0] != '\0'; i++) {
        put(out, text);
        form_recipient(form, i, text);
    }
    (void)fputc('\n', out);
    put(out, head->signed_for);
    put(out, head->signer);
    put(out, head->signature);
}

MUST_USE enum status form_write_text(const struct form *form, FILE *out)
{
    struct form_head head;
    char text[FORM_TEXT_MAX];
    enum status status;

    form_head(form, &head);
    write_head(&head, out);
    status = write_form(form, out);
    (void)fputc('\n', out);
    form_notes(form, take_note, out);
    write_foot(form, &head, out);
    if (form->unit_count > 0) {
        (void)fprintf(out, "\n%s\n", form_unit_sheet_title(form));
    }
    for (size_t i = 0;
         form->unit_count > 0 && i < form->line_count && status == STATUS_OK;
         i += FORM_SHEET_LINES) {
        size_t end = i + FORM_SHEET_LINES;

        (void)fputc('\n', out);
        status = write_units(
            form, i, end < form->line_count ? end : form->line_count, out);
    }
    form_check_text(form, text);
    (void)fprintf(out, "\n%s\n", text);
    return status;
}
