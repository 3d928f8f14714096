#include "common/reports/form_write.h"

#include <string.h>

#include "common/base/check.h"

bool form_format_parse(const char *name, enum form_format *format)
{
    static const char *const names[] = {
        [FORM_TEXT] = "text", [FORM_CSV] = "csv",     [FORM_XLSX] = "xlsx",
        [FORM_HTML] = "html", [FORM_JSONL] = "jsonl", [FORM_DHIS2] = "dhis2",
    };

    for (unsigned i = 0; i < FORM_FORMAT_END; i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum form_format)i;
            return true;
        }
    }
    return false;
}

static MUST_USE enum status write_form(const struct form *form,
                                       enum form_format format, FILE *out)
{
    switch (format) {
    case FORM_TEXT:
        return form_write_text(form, out);
    case FORM_CSV:
        return form_write_rows(form, LISTING_CSV, out);
    case FORM_XLSX:
        return form_write_xlsx(form, out);
    case FORM_HTML:
        return form_write_html(form, out);
    case FORM_JSONL:
        return form_write_rows(form, LISTING_JSONL, out);
    case FORM_DHIS2:
        return form_write_dhis2(form, out);
    case FORM_FORMAT_END:
        break;
    }
    check(false && "a report has one of the forms above");
    return STATUS_INVALID;
}

MUST_USE enum status form_write(const struct form *form,
                                enum form_format format, FILE *out)
{
    enum status status = write_form(form, format, out);

    if (status == STATUS_OK && (fflush(out) != 0 || ferror(out) != 0)) {
        status = STATUS_IO;
    }
    return status;
}
