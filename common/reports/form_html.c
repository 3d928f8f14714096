/* A report as one HTML file that prints on A4: no script, nothing loaded from
 * elsewhere. Text from the plan and the units is escaped. */
#include <string.h>

#include "common/figures/indicator_text.h"
#include "common/reports/form_notes.h"
#include "common/reports/form_text.h"
#include "common/reports/form_write.h"

static const char style[] =
    "@page{size:A4 landscape;margin:15mm 12mm}"
    "body{font:12pt 'Times New Roman','Liberation Serif',serif;color:#000;"
    "background:#fff;margin:0 auto;max-width:273mm;line-height:1.3}"
    "table{border-collapse:collapse;width:100%}"
    "thead{display:table-header-group}"
    "tr{break-inside:avoid}"
    ".form{table-layout:fixed}"
    ".form th,.form td{border:.5pt solid #000;padding:2pt 4pt;"
    "vertical-align:top}"
    ".form th{text-align:center;font-weight:bold}"
    ".form{font-size:11pt}"
    ".small{font-size:9pt}"
    ".small th{font-weight:normal;font-size:8pt;overflow-wrap:anywhere}"
    ".area{width:14%}"
    ".n{text-align:right;overflow-wrap:break-word}"
    ".p{text-align:right;white-space:nowrap}"
    ".c{text-align:center}"
    ".head td{text-align:center;vertical-align:top;padding:0 6pt}"
    ".head td{white-space:pre-wrap}"
    ".head b,.sign b{display:block}"
    "h1{font-size:14pt;text-align:center;margin:14pt 0 2pt}"
    ".sub{text-align:center;margin:0}"
    ".to{margin:10pt 0}"
    ".notes{font-size:10pt;margin:8pt 0;padding-left:0;list-style:none}"
    ".notes li{overflow-wrap:anywhere}"
    ".sign{break-inside:avoid;margin-top:10pt}"
    ".sign td{width:50%;vertical-align:top}"
    ".sign .who{text-align:center;height:34mm}"
    ".check{font-size:7pt;color:#555;overflow-wrap:anywhere}"
    ".units{break-before:page}"
    "@media screen{body{padding:8mm}}"
    "@media screen and (max-width:1000px){.form{font-size:8pt}"
    ".form th{padding:2pt 1pt}}";

static void escaped_part(FILE *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        switch (text[i]) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(text[i], out);
        }
    }
}

static void escaped(FILE *out, const char *text)
{
    escaped_part(out, text, strlen(text));
}

/* An element with text; nothing for an empty text. */
static void element(FILE *out, const char *open, const char *text,
                    const char *close)
{
    if (text[0] != '\0') {
        (void)fputs(open, out);
        escaped(out, text);
        (void)fputs(close, out);
    }
}

static void cell(FILE *out, const char *kind, const char *class,
                 const char *text)
{
    const char *slash;

    (void)fprintf(out, "<%s%s%s%s>", kind, class[0] != '\0' ? " class=\"" : "",
                  class, class[0] != '\0' ? "\"" : "");
    /* A long share goes on below its stroke. */
    while ((slash = strchr(text, '/')) != NULL) {
        escaped_part(out, text, (size_t)(slash + 1 - text));
        (void)fputs("<wbr>", out);
        text = slash + 1;
    }
    escaped_part(out, text, strlen(text));
    (void)fprintf(out, "</%s>", kind);
}

static const char *class_of(enum form_column column)
{
    switch (column) {
    case FORM_COLUMN_GOAL:
    case FORM_COLUMN_IN_PERIOD:
    case FORM_COLUMN_SO_FAR:
    case FORM_COLUMN_CHANGE:
        return "n";
    case FORM_COLUMN_PERCENT:
        return "p";
    case FORM_COLUMN_NUMBER:
    case FORM_COLUMN_UNIT_OF_COUNT:
        return "c";
    default:
        return "";
    }
}

static void write_head(const struct form_head *head, FILE *out)
{
    (void)fputs("<table class=\"head\"><tr><td>", out);
    element(out, "", head->superior, "<br>");
    element(out, "<b>", head->agency, "</b>");
    element(out, "", head->number, "");
    (void)fputs("</td><td>", out);
    element(out, "<b>", head->state, "</b>");
    element(out, "<b>", head->motto, "</b>");
    element(out, "<i>", head->place_and_date, "</i>");
    (void)fputs("</td></tr></table>\n", out);
    element(out, "<h1>", head->title, "</h1>\n");
    element(out, "<p class=\"sub\"><b>", head->subject, "</b></p>\n");
    element(out, "<p class=\"sub\">", head->period, "</p>\n");
    element(out, "<p class=\"sub\">", head->area, "</p>\n");
    element(out, "<p class=\"to\">", head->addressee, "</p>\n");
}

static void write_form(const struct form *form, FILE *out)
{
    enum form_column columns[FORM_COLUMN_END];
    size_t count = form_columns(form, columns);
    size_t whole = 0;
    char text[FORM_TEXT_MAX];

    (void)fputs("<table class=\"form\"><colgroup>", out);
    for (size_t k = 0; k < count; k++) {
        whole += form_column_width(columns[k]);
    }
    for (size_t k = 0; k < count; k++) {
        (void)fprintf(out, "<col style=\"width:%zu%%\">",
                      100 * form_column_width(columns[k]) / whole);
    }
    (void)fputs("</colgroup><thead><tr>", out);
    for (size_t k = 0; k < count; k++) {
        cell(out, "th", "", form_column_title(columns[k], form->language));
    }
    (void)fputs("</tr></thead><tbody>\n", out);
    for (size_t i = 0; i < form->line_count; i++) {
        (void)fputs("<tr>", out);
        for (size_t k = 0; k < count; k++) {
            form_cell(form, i, columns[k], text);
            cell(out, "td", class_of(columns[k]), text);
        }
        (void)fputs("</tr>\n", out);
    }
    (void)fputs("</tbody></table>\n", out);
}

static void take_note(void *owner, const char *note)
{
    cell(owner, "li", "", note);
    (void)fputc('\n', owner);
}

static void write_foot(const struct form *form, const struct form_head *head,
                       FILE *out)
{
    char text[FORM_TEXT_MAX];

    (void)fputs("<table class=\"sign\"><tr><td>", out);
    element(out, "<i><b>", head->recipients_title, "</b></i>");
    form_recipient(form, 0, text);
    for (size_t i = 1; text[0] != '\0'; i++) {
        element(out, "", text, "<br>");
        form_recipient(form, i, text);
    }
    (void)fputs("</td><td class=\"who\">", out);
    element(out, "<b>", head->signed_for, "</b>");
    element(out, "<b>", head->signer, "</b>");
    element(out, "<i>", head->signature, "</i>");
    (void)fputs("</td></tr></table>\n", out);
}

/* The lines from `first` to before `end`, by unit. */
static void write_units(const struct form *form, size_t first, size_t end,
                        FILE *out)
{
    char text[FORM_TEXT_MAX];

    (void)fputs("<table class=\"form small\"><thead><tr>", out);
    cell(out, "th", "area", form_unit_title(form));
    for (size_t i = first; i < end; i++) {
        form_line_title(form, i, text);
        cell(out, "th", "", text);
    }
    (void)fputs("</tr></thead><tbody>\n", out);
    for (size_t unit = 0; unit < form->unit_count; unit++) {
        (void)fputs("<tr>", out);
        indicator_unit_text(form->places[unit], text);
        cell(out, "td", "", text);
        for (size_t i = first; i < end; i++) {
            form_unit_cell(form, i, unit, text);
            cell(out, "td", "n", text);
        }
        (void)fputs("</tr>\n", out);
    }
    (void)fputs("</tbody></table>\n", out);
}

/* As many columns to a table as fit on the paper. */
static void write_unit_sheet(const struct form *form, FILE *out)
{
    for (size_t i = 0; i < form->line_count; i += FORM_SHEET_LINES) {
        size_t end = i + FORM_SHEET_LINES;

        element(out, "<h1 class=\"units\">", form_unit_sheet_title(form),
                "</h1>\n");
        write_units(form, i, end < form->line_count ? end : form->line_count,
                    out);
    }
}

MUST_USE enum status form_write_html(const struct form *form, FILE *out)
{
    struct form_head head;
    char check[FORM_TEXT_MAX];

    form_head(form, &head);
    form_check_text(form, check);
    (void)fprintf(out,
                  "<!doctype html>\n<html lang=\"%s\"><head>"
                  "<meta charset=\"utf-8\">",
                  form->language == LANGUAGE_EN ? "en" : "vi");
    element(out, "<title>", head.subject, "</title>");
    (void)fprintf(out, "<style>%s</style></head>\n<body>\n", style);
    write_head(&head, out);
    write_form(form, out);
    (void)fputs("<ul class=\"notes\">\n", out);
    form_notes(form, take_note, out);
    (void)fputs("</ul>\n", out);
    write_foot(form, &head, out);
    if (form->unit_count > 0) {
        write_unit_sheet(form, out);
    }
    element(out, "<p class=\"check\">", check, "</p>\n");
    (void)fputs("</body></html>\n", out);
    return STATUS_OK;
}
