#include "agent/commands/import_tell.h"

#include <stdio.h>
#include <string.h>

#include "agent/sheet/place.h"
#include "common/base/say.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/validate.h"

#define LINE_BYTES_MAX (256u * 1024u)

enum status import_tell_begin(struct import_tell *tell, const struct args *args,
                              const struct office *office, const char *name)
{
    const char *format = args_value(args, "format");

    *tell = (struct import_tell){.args = args, .office = office, .name = name};
    if (format == NULL || strcmp(format, "text") == 0) {
        return STATUS_OK;
    }
    tell->lines = true;
    if (strcmp(format, "jsonl") == 0) {
        return STATUS_OK;
    }
    args_error(args, "--format: text | jsonl");
    return STATUS_USAGE;
}

/* ---- lines ---- */

static void end_line(struct say *say, struct buffer *line)
{
    say_object_end(say);
    if (say->status == STATUS_OK) {
        (void)fwrite(line->data, 1, line->size, stdout);
        (void)fputc('\n', stdout);
    }
    buffer_fini(line);
}

static void begin_line(struct say *say, struct buffer *line, const char *kind)
{
    buffer_init(line, LINE_BYTES_MAX);
    say_init(say, line);
    say_object(say, NULL);
    say_text(say, "kind", kind);
}

static void tell_id(struct say *say, const char *key, uint64_t id)
{
    char text[EVENT_ID_TEXT_MAX];

    event_id_format(id, text);
    say_text(say, key, id != 0 ? text : NULL);
}

/* Text of a cell; what is no text is left out. */
static const char *text_at(const struct csv_row *row, size_t position)
{
    const struct csv_cell *cell =
        position < row->cell_count ? &row->cells[position] : NULL;

    return cell != NULL && text_check(cell->text, cell->size) == TEXT_OK
               ? cell->text
               : "";
}

/* The field of a column, as a program knows it; NULL. */
static const char *field_name(const struct import *import,
                              const struct import_row *row, size_t position)
{
    uint32_t field = import_column_field(import, position);

    return field != 0 && field != SOURCE_IGNORED && row->type != NULL
               ? validate_field_name(row->type->number, field)
               : NULL;
}

static void tell_issue(const struct import_tell *tell,
                       const struct import *import,
                       const struct import_row *row,
                       const struct import_issue *issue)
{
    bool cell = issue->column != SIZE_MAX;
    char place[PLACE_MAX];
    struct buffer line;
    struct say say;

    begin_line(&say, &line, "issue");
    place_write(row->row->number, cell ? issue->column + 1 : 0, place);
    say_text(&say, "sheet", tell->sheet);
    say_text(&say, "cell", cell ? place : NULL);
    say_number(&say, "row", (int64_t)row->row->number);
    say_text(&say, "column",
             cell ? import_column_name(import, issue->column) : NULL);
    say_text(&say, "field",
             cell ? field_name(import, row, issue->column) : NULL);
    say_text(&say, "written", cell ? text_at(row->row, issue->column) : NULL);
    say_text(&say, "text", issue->text);
    tell_id(&say, "event", row->saved_as);
    end_line(&say, &line);
}

static const char *verdict_name(enum import_verdict verdict)
{
    static const char *const names[] = {[IMPORT_HEADING] = "heading",
                                        [IMPORT_PASSED_OVER] = "passed_over",
                                        [IMPORT_ADDED] = "good",
                                        [IMPORT_KNOWN] = "known",
                                        [IMPORT_REFUSED] = "refused"};

    return names[verdict];
}

static void tell_row(const struct import *import, const struct import_row *row)
{
    struct buffer line;
    struct say say;

    begin_line(&say, &line, "row");
    say_number(&say, "row", (int64_t)row->row->number);
    say_text(&say, "verdict", verdict_name(row->verdict));
    say_array(&say, "cells");
    for (size_t i = 0; i < row->row->cell_count; i++) {
        say_text(&say, NULL, text_at(row->row, i));
    }
    say_array_end(&say);
    if (row->verdict == IMPORT_HEADING) {
        say_array(&say, "fields");
        for (size_t i = 0; i < row->row->cell_count; i++) {
            say_text(&say, NULL, field_name(import, row, i));
        }
        say_array_end(&say);
    }
    end_line(&say, &line);
}

void import_tell_row(struct import_tell *tell, const struct import *import,
                     const struct import_row *row)
{
    if (!tell->lines) {
        return;
    }
    if (tell->rows < IMPORT_TELL_ROWS) {
        tell->rows++;
        tell_row(import, row);
    }
    for (size_t i = 0;
         i < row->issue_count && tell->issues < IMPORT_TELL_ISSUES; i++) {
        tell->issues++;
        tell_issue(tell, import, row, &row->issues[i]);
    }
}

/* Mistakes of the file itself, which belong to no row. */
static void tell_fault(const struct report *report)
{
    struct buffer line;
    struct say say;

    begin_line(&say, &line, "fault");
    say_text(&say, "text", report->count > 0 ? report->lines[0].text : "");
    end_line(&say, &line);
}

static void say_unread(const struct import_tell *tell, struct say *say)
{
    const char *name = NULL;
    size_t cursor = 0;

    say_array(say, "unread");
    while (tell->feed != NULL &&
           (name = feed_unread(tell->feed, &cursor)) != NULL) {
        say_text(say, NULL, name);
    }
    say_array_end(say);
}

static void tell_sums(const struct import_tell *tell,
                      const struct report *report,
                      const struct import_counts *counts,
                      const struct xlsx_seen *seen, bool saved)
{
    struct buffer line;
    struct say say;

    begin_line(&say, &line, "sums");
    say_text(&say, "file", tell->name);
    say_text(&say, "sheet", tell->sheet);
    say_unread(tell, &say);
    say_text(&say, "type", tell->type != NULL ? tell->type->name : NULL);
    say_number(&say, "rows", (int64_t)counts->rows);
    say_number(&say, "good", (int64_t)counts->added);
    say_number(&say, "known", (int64_t)counts->known);
    say_number(&say, "refused", (int64_t)counts->refused);
    say_number(&say, "hidden_rows", (int64_t)seen->hidden_rows);
    say_number(&say, "mistakes", (int64_t)report->errors);
    say_bool(&say, "saved", saved);
    tell_id(&say, "first", tell->first);
    tell_id(&say, "last", tell->last);
    end_line(&say, &line);
}

/* ---- sentences ---- */

static void print_sums(const struct import_tell *tell,
                       const struct import_counts *counts, bool saved)
{
    bool english = tell->office->language == LANGUAGE_EN;
    enum language language = tell->office->language;
    char added[TEXT_NUMBER_MAX];
    char known[TEXT_NUMBER_MAX];
    char refused[TEXT_NUMBER_MAX];

    text_format_count(counts->added, language, added);
    text_format_count(counts->known, language, known);
    text_format_count(counts->refused, language, refused);
    if (saved) {
        (void)printf(english ? "Saved: %s new rows, %s already here"
                             : "Đã lưu: %s dòng mới, %s dòng đã có",
                     added, known);
    } else {
        (void)printf(english ? "Valid: %s new rows, %s already here"
                             : "Hợp lệ: %s dòng mới, %s dòng đã có",
                     added, known);
    }
    if (counts->refused > 0) {
        (void)printf(english ? ", %s refused" : ", %s dòng bị từ chối",
                     refused);
    }
    (void)printf("%s\n", saved     ? ""
                         : english ? "; not saved (--dry-run)"
                                   : "; chưa lưu (--dry-run)");
}

/* Which sheet was read, where there are others that somebody may mean. */
static void print_unread(const struct import_tell *tell)
{
    bool english = tell->office->language == LANGUAGE_EN;
    size_t cursor = 0;
    const char *name =
        tell->feed != NULL ? feed_unread(tell->feed, &cursor) : NULL;

    if (name == NULL) {
        return;
    }
    (void)fprintf(stderr,
                  english ? "%s: the sheet \"%s\" was read; not read: "
                          : "%s: đã đọc trang tính \"%s\"; chưa đọc ",
                  tell->name, tell->sheet);
    for (bool first = true; name != NULL; first = false) {
        (void)fprintf(stderr, "%s\"%s\"", first ? "" : ", ", name);
        name = feed_unread(tell->feed, &cursor);
    }
    (void)fprintf(stderr, english ? " (--sheet NAME reads another one)\n"
                                  : " (--sheet TÊN để đọc trang khác)\n");
}

static void print_notes(const struct import_tell *tell,
                        const struct xlsx_seen *seen)
{
    bool english = tell->office->language == LANGUAGE_EN;
    char count[TEXT_NUMBER_MAX];

    if (seen->hidden_rows > 0) {
        text_format_count(seen->hidden_rows, tell->office->language, count);
        (void)fprintf(stderr,
                      english ? "%s: %s hidden rows were read like the others\n"
                              : "%s: có %s dòng bị ẩn, đã đọc như dòng khác\n",
                      tell->name, count);
    }
    print_unread(tell);
    if (tell->refused != NULL) {
        (void)fprintf(stderr,
                      english
                          ? "the rows to mend: %s; import that file once it "
                            "is mended\n"
                          : "các dòng cần sửa: %s; sửa xong hãy nhập tệp "
                            "đó\n",
                      tell->refused);
    }
}

void import_tell_end(struct import_tell *tell, const struct report *report,
                     const struct import_counts *counts,
                     const struct xlsx_seen *seen, bool saved)
{
    bool dry = args_flag(tell->args, "dry-run");

    if (tell->lines) {
        if (report->errors > 0 && tell->issues == 0) {
            tell_fault(report);
        }
        tell_sums(tell, report, counts, seen, saved);
        return;
    }
    report_print(report, stderr);
    print_notes(tell, seen);
    if (saved || (dry && report->errors == 0)) {
        print_sums(tell, counts, saved);
    }
    if (report->errors > 0 && !saved) {
        args_error(tell->args,
                   tell->office->language == LANGUAGE_EN
                       ? "no row was saved: %zu to mend"
                       : "không lưu dòng nào: cần sửa %zu chỗ",
                   report->errors);
    }
}
