/* Reading a units file. Each row is checked by itself as it comes; what a row
 * says about other rows (parent, overlap) when all rows are in the table. */
#include "common/event/unit_table.h"

#include "common/base/csv.h"
#include "common/base/nearest.h"
#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
    CODE_SYSTEM,
    CODE,
    PARENT_CODE,
    LEVEL,
    TYPE,
    NAME,
    VALID_FROM,
    VALID_TO,
    SUCCESSORS,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
    "code_system", "code",       "parent_code", "level",     "type",
    "name",        "valid_from", "valid_to",    "successors"};

static const char *const level_names[] = {"", "province", "district",
                                          "commune"};

struct reading {
    struct units *units;
    const char *name; /* of the file, as the caller gave it */
    const char *file; /* the same, kept in the arena */
    struct report *report;
    bool has_heading;
    size_t position[COLUMN_COUNT]; /* of a column in the file's rows */
};

static void mistake(const struct reading *reading, const struct csv_cell *cell,
                    const char *vi, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

static void mistake(const struct reading *reading, const struct csv_cell *cell,
                    const char *vi, const char *en, ...)
{
    char text[512];
    va_list list;

    va_start(list, en);
    (void)vsnprintf(text, sizeof text,
                    reading->report->language == LANGUAGE_VI ? vi : en, list);
    va_end(list);
    report_add(reading->report, REPORT_ERROR, reading->name, cell->line,
               cell->column, "%s", "%s", text);
}

static enum status take_heading(struct reading *reading,
                                const struct csv_row *row)
{
    bool seen[COLUMN_COUNT] = {false};
    size_t errors = reading->report->errors;

    reading->has_heading = true;
    for (size_t i = 0; i < row->cell_count; i++) {
        struct nearest nearest;
        size_t column = 0;

        nearest_init(&nearest, row->cells[i].text);
        while (column < COLUMN_COUNT &&
               strcmp(column_names[column], row->cells[i].text) != 0) {
            nearest_try(&nearest, column_names[column]);
            column++;
        }
        if (column == COLUMN_COUNT || seen[column]) {
            mistake(reading, &row->cells[i],
                    "cột \"%.40s\" không dùng được%s%s",
                    "column \"%.40s\" is of no use%s%s", row->cells[i].text,
                    nearest.best == NULL ? "" : " - ",
                    nearest.best == NULL ? "" : nearest.best);
            continue;
        }
        seen[column] = true;
        reading->position[column] = i;
    }
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        if (!seen[column]) {
            mistake(reading, &row->cells[0], "thiếu cột \"%s\"",
                    "column \"%s\" is missing", column_names[column]);
        }
    }
    return reading->report->errors > errors ? STATUS_INVALID : STATUS_OK;
}

static const struct csv_cell *cell_of(const struct reading *reading,
                                      const struct csv_row *row,
                                      enum column column)
{
    return &row->cells[reading->position[column]];
}

static void read_key(const struct reading *reading, const struct csv_row *row,
                     enum column column, uint32_t *key)
{
    const struct csv_cell *system = cell_of(reading, row, CODE_SYSTEM);
    const struct csv_cell *code = cell_of(reading, row, column);
    char text[UNIT_TEXT_MAX];
    int length;

    *key = 0;
    if (code->size == 0 && column == PARENT_CODE) {
        return;
    }
    length =
        snprintf(text, sizeof text, "%.15s:%.15s", system->text, code->text);
    if (length <= 0 ||
        unit_key_parse(text, (size_t)length, 0, key) != STATUS_OK) {
        mistake(reading, code,
                "mã đơn vị \"%.20s\" của hệ \"%.20s\" không đúng (cần gso3 "
                "hoặc gso2 và 1 đến 5 chữ số)",
                "unit code \"%.20s\" of system \"%.20s\" is wrong (gso3 or "
                "gso2 and 1 to 5 digits)",
                code->text, system->text);
    }
}

static void read_level(const struct reading *reading, const struct csv_row *row,
                       enum unit_level *level)
{
    const struct csv_cell *cell = cell_of(reading, row, LEVEL);

    for (size_t i = UNIT_PROVINCE; i <= UNIT_COMMUNE; i++) {
        if (strcmp(cell->text, level_names[i]) == 0) {
            *level = (enum unit_level)i;
            return;
        }
    }
    mistake(reading, cell,
            "cấp \"%.20s\" không có (province, district hoặc commune)",
            "no level \"%.20s\" (province, district or commune)", cell->text);
}

static void read_day(const struct reading *reading, const struct csv_row *row,
                     enum column column, int32_t *day)
{
    const struct csv_cell *cell = cell_of(reading, row, column);

    if (cell->size > 0 &&
        text_parse_date(cell->text, cell->size, day) != STATUS_OK) {
        mistake(reading, cell, "\"%.20s\" không phải ngày (năm-tháng-ngày)",
                "\"%.20s\" is not a day (year-month-day)", cell->text);
    }
}

static enum status read_text(struct reading *reading, const struct csv_row *row,
                             enum column column, const char **out)
{
    const struct csv_cell *cell = cell_of(reading, row, column);
    char text[UNIT_MATCH_MAX];
    size_t size = 0;

    if (cell->size == 0 || cell->size > UNIT_NAME_MAX ||
        text_to_nfc(cell->text, cell->size, text, sizeof text, &size, NULL) !=
            STATUS_OK) {
        mistake(reading, cell,
                "cột \"%s\" phải có chữ (UTF-8, không quá %u byte)",
                "column \"%s\" must have a text (UTF-8, at most %u bytes)",
                column_names[column], UNIT_NAME_MAX);
        return STATUS_OK;
    }
    *out = arena_text(reading->units->arena, text, size);
    return *out == NULL ? STATUS_MEMORY : STATUS_OK;
}

static enum status read_match(struct reading *reading, struct unit_row *row)
{
    char text[UNIT_MATCH_MAX];
    size_t size = 0;

    if (row->unit.name == NULL) {
        return STATUS_OK;
    }
    if (text_match_key(row->unit.name, strlen(row->unit.name), true, text,
                       sizeof text, &size) != STATUS_OK) {
        size = 0;
    }
    row->match = arena_text(reading->units->arena, text, size);
    return row->match == NULL ? STATUS_MEMORY : STATUS_OK;
}

/* "gso2:00008;gso2:00025" */
static void read_successors(const struct reading *reading,
                            const struct csv_row *row, struct unit *unit)
{
    const struct csv_cell *cell = cell_of(reading, row, SUCCESSORS);
    const char *text = cell->text;

    while (*text != '\0') {
        size_t size = strcspn(text, ";");
        uint32_t key = 0;

        if (unit->successor_count == UNIT_SUCCESSORS_MAX ||
            memchr(text, ':', size) == NULL ||
            unit_key_parse(text, size, 0, &key) != STATUS_OK) {
            mistake(reading, cell,
                    "đơn vị kế tiếp \"%.60s\" không đúng (nhiều nhất %u mã "
                    "dạng gso2:00025, cách nhau bằng ;)",
                    "successors \"%.60s\" are wrong (at most %u codes like "
                    "gso2:00025, parted by ;)",
                    cell->text, UNIT_SUCCESSORS_MAX);
            return;
        }
        unit->successors[unit->successor_count++] = key;
        text += size + (text[size] == ';' ? 1 : 0);
    }
}

static enum status add_row(struct units *units, const struct unit_row *row)
{
    if (units->count == units->capacity) {
        size_t capacity = units->capacity == 0 ? 256 : 2 * units->capacity;
        struct unit_row *rows =
            realloc(units->rows, capacity * sizeof units->rows[0]);

        if (rows == NULL) {
            return STATUS_MEMORY;
        }
        units->rows = rows;
        units->capacity = capacity;
    }
    units->rows[units->count++] = *row;
    return STATUS_OK;
}

static enum status take_row(struct reading *reading, const struct csv_row *row)
{
    struct unit_row made = {.unit = {.from = INT32_MIN, .to = UNIT_DATE_OPEN}};
    struct unit *unit = &made.unit;
    enum status rc;

    if (row->cell_count != COLUMN_COUNT) {
        mistake(reading, &row->cells[0], "dòng có %zu ô, cần %u",
                "the row has %zu cells, %u are wanted", row->cell_count,
                (unsigned)COLUMN_COUNT);
        return STATUS_OK;
    }
    if (reading->units->count == UNITS_MAX) {
        mistake(reading, &row->cells[0], "quá %u đơn vị", "more than %u units",
                UNITS_MAX);
        return STATUS_INVALID;
    }
    made.file = reading->file;
    made.line = row->line;
    read_key(reading, row, CODE, &unit->key);
    read_key(reading, row, PARENT_CODE, &unit->parent);
    read_level(reading, row, &unit->level);
    read_day(reading, row, VALID_FROM, &unit->from);
    read_day(reading, row, VALID_TO, &unit->to);
    if (unit->from >= unit->to) {
        mistake(reading, cell_of(reading, row, VALID_TO),
                "ngày hết hiệu lực phải sau ngày bắt đầu",
                "valid_to must be after valid_from");
    }
    read_successors(reading, row, unit);
    rc = read_text(reading, row, TYPE, &unit->type);
    if (rc == STATUS_OK) {
        rc = read_text(reading, row, NAME, &unit->name);
    }
    if (rc == STATUS_OK) {
        rc = read_match(reading, &made);
    }
    return rc == STATUS_OK ? add_row(reading->units, &made) : rc;
}

static enum status on_row(void *owner, const struct csv_row *row)
{
    struct reading *reading = owner;

    return reading->has_heading ? take_row(reading, row)
                                : take_heading(reading, row);
}

static void row_mistake(const struct reading *reading,
                        const struct unit_row *row, struct language_text text)
{
    char key[UNIT_TEXT_MAX];

    unit_key_format(row->unit.key, key);
    report_add(reading->report, REPORT_ERROR, row->file, row->line, 1,
               "%s %s: %s", "%s %s: %s", key, row->unit.name,
               language_pick(text, reading->report->language));
}

/* A parent one level above, in force from the unit's first to its last day. */
static void check_parent(const struct reading *reading,
                         const struct unit_row *row)
{
    const struct units *units = reading->units;
    int32_t day = row->unit.from;

    if (row->unit.level == UNIT_PROVINCE) {
        if (row->unit.parent != 0) {
            row_mistake(
                reading, row,
                (struct language_text){"tỉnh không có đơn vị cấp trên",
                                       "a province has no unit above it"});
        }
        return;
    }
    while (day < row->unit.to) {
        const struct unit *parent = units_find(units, row->unit.parent, day);

        if (parent == NULL || parent->level >= row->unit.level) {
            row_mistake(reading, row,
                        (struct language_text){
                            "đơn vị cấp trên không có hiệu lực trong suốt "
                            "thời gian của đơn vị này",
                            "the unit above it is not in force all the time "
                            "that this one is"});
            return;
        }
        day = parent->to;
    }
}

static void check_rows(const struct reading *reading)
{
    const struct units *units = reading->units;

    for (size_t i = 0; i < units->count; i++) {
        const struct unit_row *row = &units->rows[i];
        const struct unit_row *before = i == 0 ? NULL : row - 1;
        bool again = before != NULL && before->unit.key == row->unit.key;

        if (again && before->unit.to > row->unit.from) {
            row_mistake(reading, row,
                        (struct language_text){"hai dòng trùng thời gian",
                                               "two rows for the same days"});
        } else if ((again && before->unit.level != row->unit.level) ||
                   units_find(units, row->unit.key, row->unit.from) !=
                       &row->unit) {
            /* Rows of a key are looked for side by side. */
            row_mistake(reading, row,
                        (struct language_text){
                            "mã này đã dùng cho đơn vị ở cấp khác",
                            "the code is one of a unit at another level"});
        }
        check_parent(reading, row);
    }
}

enum status units_add_csv(struct units *units, const char *name,
                          struct bytes text, struct report *report)
{
    struct reading reading = {.units = units, .name = name, .report = report};
    size_t errors = report->errors;
    struct csv_fault fault;
    enum status rc;

    reading.file = arena_text(units->arena, name, strlen(name));
    if (reading.file == NULL) {
        return STATUS_MEMORY;
    }
    rc = csv_read(text, on_row, &reading, &fault);
    if (fault.kind != CSV_NO_FAULT) {
        report_add(report, REPORT_ERROR, name, fault.line, fault.column, "%s",
                   "%s", csv_fault_text(fault.kind, report->language));
    } else if (rc == STATUS_OK && !reading.has_heading) {
        report_add(report, REPORT_ERROR, name, 0, 0, "tệp trống",
                   "the file is empty");
    }
    if (rc == STATUS_OK || rc == STATUS_INVALID) {
        /* The table must fit the rows, whatever else was wrong. */
        enum status indexed = units_index(units);

        rc = indexed == STATUS_OK ? rc : indexed;
    }
    if (rc == STATUS_OK && report->errors == errors) {
        check_rows(&reading);
    }
    if (rc == STATUS_OK && report->errors > errors) {
        rc = STATUS_INVALID;
    }
    return rc;
}
