/* form_write - a report on paper, in one of its forms.
 *
 * Flow     form -> [form_write] -> a file or stdout
 * Owns     nothing.
 * Threads  one.
 * Limits   none of its own.
 *
 * All forms hold the same figures with their four coordinates, and the same
 * form gives the same bytes. text, html and xlsx are for people and have the
 * usual form and a sheet by unit; csv and jsonl have a row for each line and
 * unit; dhis2 is the JSON that DHIS2 imports as dataValueSets.
 */
#ifndef TALLYLINE_COMMON_FORM_WRITE_H
#define TALLYLINE_COMMON_FORM_WRITE_H

#include <stdio.h>

#include "common/base/listing.h"
#include "common/base/status.h"
#include "common/reports/form.h"

enum form_format {
    FORM_TEXT,
    FORM_CSV,
    FORM_XLSX,
    FORM_HTML,
    FORM_JSONL,
    FORM_DHIS2,
    FORM_FORMAT_END
};

/* "text", "csv" ... False for any other name. */
bool form_format_parse(const char *name, enum form_format *format);

/* STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status form_write(const struct form *form,
                                enum form_format format, FILE *out);

/* The forms; each in a file of its own. */
MUST_USE enum status form_write_text(const struct form *form, FILE *out);
MUST_USE enum status form_write_rows(const struct form *form,
                                     enum listing_format format, FILE *out);
MUST_USE enum status form_write_xlsx(const struct form *form, FILE *out);
MUST_USE enum status form_write_html(const struct form *form, FILE *out);
MUST_USE enum status form_write_dhis2(const struct form *form, FILE *out);

#endif
