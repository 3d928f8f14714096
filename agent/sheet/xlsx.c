/* The happy path: xl/workbook.xml names the sheets, its relations say where
 * they are, styles and texts are read once. Failure modes: parts that are
 * missing, or that contradict each other; each is a fault. */
#include "agent/sheet/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/sheet/markup.h"
#include "agent/sheet/xlsx_rows.h"

#define BOOK_PART      "xl/workbook.xml"
#define RELATIONS_PART "xl/_rels/workbook.xml.rels"
#define FOLDER         "xl/"
#define STYLES_TARGET  "styles.xml"
#define STRINGS_TARGET "sharedStrings.xml"
#define RELATION_MAX   64u /* bytes of an id, with the closing zero */

struct xlsx {
    struct archive *archive;
    struct strings *strings;
    struct styles *styles;
    bool from_1904;
    size_t count;
    struct xlsx_sheet sheets[XLSX_SHEETS_MAX];
    char relations[XLSX_SHEETS_MAX][RELATION_MAX];
    /* Where the other parts stand. */
    char styles_path[XLSX_PATH_MAX], strings_path[XLSX_PATH_MAX];
    struct fault *fault; /* while it is opened */
};

static void copy(char *out, size_t room, const char *text)
{
    (void)snprintf(out, room, "%s", text != NULL ? text : "");
}

static bool is_true(const char *text)
{
    return text != NULL &&
           (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

/* ---- parts ---- */

static enum status on_book(void *owner, const char *name,
                           const char *const *attributes)
{
    struct xlsx *book = owner;
    const char *state = markup_attribute(attributes, "state");

    if (strcmp(name, "workbookPr") == 0) {
        book->from_1904 = is_true(markup_attribute(attributes, "date1904"));
    }
    if (strcmp(name, "sheet") != 0) {
        return STATUS_OK;
    }
    if (book->count == XLSX_SHEETS_MAX) {
        fault_set(book->fault, FAULT_MANY_SHEETS, BOOK_PART);
        return STATUS_INVALID;
    }
    copy(book->sheets[book->count].name, XLSX_NAME_MAX,
         markup_attribute(attributes, "name"));
    copy(book->relations[book->count], RELATION_MAX,
         markup_attribute(attributes, "id"));
    book->sheets[book->count].hidden =
        state != NULL && strcmp(state, "visible") != 0;
    book->count++;
    return STATUS_OK;
}

/* From the folder of the workbook, or from the root. */
static void write_path(char path[XLSX_PATH_MAX], const char *target)
{
    (void)snprintf(path, XLSX_PATH_MAX, "%s%s", target[0] == '/' ? "" : FOLDER,
                   target[0] == '/' ? target + 1 : target);
}

/* Whether the relation is of that kind; both forms of the standard call it so
 * at the end of a name of their own. */
static bool is_of(const char *type, const char *kind)
{
    const char *end = type != NULL ? strrchr(type, '/') : NULL;

    return end != NULL && strcmp(end + 1, kind) == 0;
}

static enum status on_relation(void *owner, const char *name,
                               const char *const *attributes)
{
    struct xlsx *book = owner;
    const char *id = markup_attribute(attributes, "Id");
    const char *target = markup_attribute(attributes, "Target");
    const char *type = markup_attribute(attributes, "Type");

    if (strcmp(name, "Relationship") != 0 || id == NULL || target == NULL) {
        return STATUS_OK;
    }
    if (is_of(type, "styles")) {
        write_path(book->styles_path, target);
    } else if (is_of(type, "sharedStrings")) {
        write_path(book->strings_path, target);
    }
    for (size_t i = 0; i < book->count; i++) {
        if (strcmp(book->relations[i], id) != 0) {
            continue;
        }
        write_path(book->sheets[i].path, target);
        /* A chart, a dialog: nobody sees rows there. */
        book->sheets[i].hidden = book->sheets[i].hidden ||
                                 (type != NULL && !is_of(type, "worksheet"));
    }
    return STATUS_OK;
}

static enum status read_part(struct xlsx *book, const char *part,
                             enum status (*begin)(void *, const char *,
                                                  const char *const *))
{
    struct markup markup = {.owner = book, .begin = begin};
    enum status rc = archive_begin(book->archive, part, book->fault);

    if (rc == STATUS_NOT_FOUND) {
        fault_set(book->fault, FAULT_PART_MISSING, part);
        return STATUS_INVALID;
    }
    return rc == STATUS_OK ? markup_read(book->archive, &markup, book->fault)
                           : rc;
}

/* ---- life ---- */

enum status xlsx_open(int fd, struct xlsx **workbook, struct fault *fault)
{
    struct xlsx *made = calloc(1, sizeof *made);
    enum status rc;

    *workbook = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->fault = fault;
    write_path(made->styles_path, STYLES_TARGET);
    write_path(made->strings_path, STRINGS_TARGET);
    rc = archive_open(fd, &made->archive, fault);
    if (rc == STATUS_OK) {
        rc = read_part(made, BOOK_PART, on_book);
    }
    if (rc == STATUS_OK) {
        rc = read_part(made, RELATIONS_PART, on_relation);
    }
    if (rc == STATUS_OK) {
        rc =
            styles_read(made->archive, made->styles_path, &made->styles, fault);
    }
    if (rc == STATUS_OK) {
        rc = strings_read(made->archive, made->strings_path, &made->strings,
                          fault);
    }
    if (rc == STATUS_OK && xlsx_first(made) == NULL) {
        fault_set(fault, FAULT_NO_SHEET, "");
        rc = STATUS_INVALID;
    }
    made->fault = NULL;
    if (rc != STATUS_OK) {
        xlsx_close(&made);
    }
    *workbook = made;
    return rc;
}

void xlsx_close(struct xlsx **workbook)
{
    if (*workbook == NULL) {
        return;
    }
    strings_free(&(*workbook)->strings);
    styles_free(&(*workbook)->styles);
    archive_close(&(*workbook)->archive);
    free(*workbook);
    *workbook = NULL;
}

/* ---- sheets ---- */

size_t xlsx_sheet_count(const struct xlsx *workbook)
{
    return workbook->count;
}

const struct xlsx_sheet *xlsx_sheet(const struct xlsx *workbook, size_t index)
{
    return index < workbook->count ? &workbook->sheets[index] : NULL;
}

const struct xlsx_sheet *xlsx_find(const struct xlsx *workbook,
                                   const char *name)
{
    for (size_t i = 0; i < workbook->count; i++) {
        if (strcmp(workbook->sheets[i].name, name) == 0) {
            return &workbook->sheets[i];
        }
    }
    return NULL;
}

const struct xlsx_sheet *xlsx_first(const struct xlsx *workbook)
{
    for (size_t i = 0; i < workbook->count; i++) {
        if (!workbook->sheets[i].hidden) {
            return &workbook->sheets[i];
        }
    }
    return NULL;
}

enum status xlsx_read(struct xlsx *workbook, const struct xlsx_sheet *sheet,
                      const struct xlsx_reading *reading,
                      struct xlsx_seen *seen, struct fault *fault)
{
    struct xlsx_shared shared = {.strings = workbook->strings,
                                 .styles = workbook->styles,
                                 .from_1904 = workbook->from_1904};
    enum status rc = archive_begin(workbook->archive, sheet->path, fault);

    memset(seen, 0, sizeof *seen);
    if (rc == STATUS_NOT_FOUND) {
        fault_set(fault, FAULT_PART_MISSING, sheet->name);
        return STATUS_INVALID;
    }
    return rc == STATUS_OK ? xlsx_rows_read(workbook->archive, &shared, reading,
                                            seen, fault)
                           : rc;
}
