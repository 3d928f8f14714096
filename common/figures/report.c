#include "common/figures/report.h"

#include "common/base/check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The longest sentence; more is cut. */
#define TEXT_MAX 2048u

void report_init(struct report *report, enum language language)
{
    *report = (struct report){.language = language};
}

void report_fini(struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        free(report->lines[i].file);
        free(report->lines[i].text);
    }
    free(report->lines);
    *report = (struct report){.language = report->language};
}

/* Room for one more line; false without memory. */
static bool grow(struct report *report)
{
    struct report_line *lines;

    if (report->count == REPORT_LINES_MAX) {
        return false;
    }
    /* Doubled when the count is a power of two, the first time included. */
    if ((report->count & (report->count - 1)) != 0) {
        return true;
    }
    lines =
        realloc(report->lines,
                (report->count == 0 ? 1 : 2 * report->count) * sizeof *lines);
    if (lines == NULL) {
        return false;
    }
    report->lines = lines;
    return true;
}

/* Without memory the line is counted and left out, as above the limit: what
 * decides is the number of errors. */
void report_add(struct report *report, enum report_level level,
                const char *file, size_t line, size_t column, const char *vi,
                const char *en, ...)
{
    struct report_line made = {.level = level, .line = line, .column = column};
    char text[TEXT_MAX];
    va_list arguments;
    int length;

    *(level == REPORT_ERROR ? &report->errors : &report->warnings) += 1;
    va_start(arguments, en);
    length = vsnprintf(text, sizeof text,
                       report->language == LANGUAGE_VI ? vi : en, arguments);
    va_end(arguments);
    check(length >= 0);
    if (!grow(report)) {
        return;
    }
    made.text = strdup(text);
    made.file = file == NULL ? NULL : strdup(file);
    if (made.text == NULL || (file != NULL && made.file == NULL)) {
        free(made.text);
        free(made.file);
        return;
    }
    report->lines[report->count++] = made;
}

static int by_place(const void *left, const void *right)
{
    const struct report_line *a = left;
    const struct report_line *b = right;
    int order =
        strcmp(a->file == NULL ? "" : a->file, b->file == NULL ? "" : b->file);

    if (order == 0 && a->line != b->line) {
        order = a->line < b->line ? -1 : 1;
    }
    if (order == 0 && a->column != b->column) {
        order = a->column < b->column ? -1 : 1;
    }
    return order == 0 ? strcmp(a->text, b->text) : order;
}

void report_sort(struct report *report)
{
    if (report->count > 1) {
        qsort(report->lines, report->count, sizeof report->lines[0], by_place);
    }
}

static void print_line(const struct report_line *line, enum language language,
                       FILE *out)
{
    static const struct language_text levels[] = {
        [REPORT_ERROR] = {"lỗi", "error"},
        [REPORT_WARNING] = {"cảnh báo", "warning"},
    };

    if (line->file != NULL) {
        (void)fprintf(out, "%s:", line->file);
    }
    if (line->line != 0) {
        (void)fprintf(out, "%zu:", line->line);
    }
    if (line->line != 0 && line->column != 0) {
        (void)fprintf(out, "%zu:", line->column);
    }
    (void)fprintf(out, "%s%s: %s\n",
                  line->file != NULL || line->line != 0 ? " " : "",
                  language_pick(levels[line->level], language), line->text);
}

void report_print(const struct report *report, FILE *out)
{
    size_t all = report->errors + report->warnings;

    for (size_t i = 0; i < report->count; i++) {
        print_line(&report->lines[i], report->language, out);
    }
    if (all > report->count) {
        (void)fprintf(out,
                      report->language == LANGUAGE_VI
                          ? "... và %zu dòng nữa không in ra\n"
                          : "... and %zu more that are not printed\n",
                      all - report->count);
    }
}
