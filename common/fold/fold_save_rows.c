/* What the measures keep. Of a thing its name and its settled rows, of a unit
 * its blocks of days; indexes over them are made again. A row leads to a unit
 * by its position, so positions are held against the units that there are. */
#include "common/fold/fold_save.h"
#include "common/fold/fold_save_parts.h"

#include "common/base/check.h"

#define CELL_BYTES  16u
#define BLOCK_BYTES 8u
#define COUNT_BYTES 4u

static void put_words(uint8_t *out, const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bytes_put_u64(out + i * sizeof *words, words[i]);
    }
}

static void get_words(const uint8_t *in, uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        words[i] = bytes_get_u64(in + i * sizeof *words);
    }
}

/* ---- sums ---- */

static void save_cells(const struct fold_cells *cells,
                       struct frame_writer *writer)
{
    frame_u32(writer, cells->columns);
    frame_u64(writer, cells->count);
    for (size_t i = 0; i < cells->count; i++) {
        uint8_t *record = frame_room(writer, BLOCK_BYTES);

        bytes_put_u32(record, cells->blocks[i].place);
        bytes_put_u32(record + 4, (uint32_t)cells->blocks[i].first_day);
        for (uint32_t k = 0; k < cells->columns; k++) {
            record = frame_room(writer, FOLD_BLOCK_DAYS * CELL_BYTES);
            for (uint32_t day = 0; day < FOLD_BLOCK_DAYS; day++) {
                const struct fold_cell *cell = fold_cells_of(cells, i, k, day);

                bytes_put_u64(record + day * CELL_BYTES, cell->sum);
                bytes_put_u64(record + day * CELL_BYTES + 8, cell->events);
            }
        }
    }
}

static void load_block(struct fold_cells *cells, struct fold_cell *cell,
                       struct frame_reader *reader)
{
    for (uint32_t k = 0; k < cells->columns; k++) {
        const uint8_t *record =
            frame_take(reader, FOLD_BLOCK_DAYS * CELL_BYTES);

        for (uint32_t day = 0; day < FOLD_BLOCK_DAYS && record != NULL; day++) {
            struct fold_cell *to = cell + day * cells->columns + k;

            to->sum = bytes_get_u64(record + day * CELL_BYTES);
            to->events = bytes_get_u64(record + day * CELL_BYTES + 8);
        }
    }
}

static void load_cells(struct fold_cells *cells, size_t places,
                       struct frame_reader *reader)
{
    bool same = frame_get_u32(reader) == cells->columns;
    size_t count = frame_get_count(reader, BLOCK_BYTES);

    if (!fold_load_check(reader, same)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *record = frame_take(reader, BLOCK_BYTES);
        struct fold_cell *cell = NULL;
        uint32_t place;
        int32_t day;

        if (record == NULL) {
            return;
        }
        place = bytes_get_u32(record);
        day = (int32_t)bytes_get_u32(record + 4);
        /* The first day of a block, and of one that was not there before. */
        if (!fold_load_check(reader,
                             place < places &&
                                 (uint32_t)day % FOLD_BLOCK_DAYS == 0) ||
            !fold_load_went(reader, fold_cells_at(cells, place, day, &cell)) ||
            !fold_load_check(reader, cells->count == i + 1)) {
            return;
        }
        load_block(cells, cell, reader);
    }
}

/* ---- rows ---- */

void fold_save_rows(const struct fold_rows *rows, struct frame_writer *writer)
{
    check(rows->unsettled_count == 0);
    frame_u32(writer, rows->fields);
    frame_u32(writer, rows->stride);
    frame_u64(writer, rows->key_count);
    for (size_t i = 0; i < rows->key_count; i++) {
        const struct fold_key *key = &rows->keys[i];
        size_t name_bytes = rows->fields * sizeof *rows->names;
        size_t row_bytes = rows->stride * sizeof *key->rows;
        uint8_t *record = frame_room(writer, name_bytes + COUNT_BYTES);

        put_words(record, fold_rows_name(rows, i), rows->fields);
        bytes_put_u32(record + name_bytes, key->count);
        for (uint32_t k = 0; k < key->count; k++) {
            put_words(frame_room(writer, row_bytes), fold_rows_at(rows, key, k),
                      rows->stride);
        }
    }
}

/* A row that is marked as removed is no settled one; its place is no unit. */
static bool load_key_rows(const struct fold_rows *rows, uint64_t *words,
                          uint32_t count, size_t places,
                          struct frame_reader *reader)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *row = words + (size_t)i * rows->stride;
        const uint8_t *record = frame_take(reader, rows->stride * sizeof *row);

        if (record == NULL) {
            return false;
        }
        get_words(record, row, rows->stride);
        if (!fold_load_check(reader, fold_row_place(row) < places)) {
            return false;
        }
    }
    return true;
}

static bool load_key(struct fold_rows *rows, size_t places,
                     struct frame_reader *reader)
{
    uint64_t name[PLAN_KEY_FIELDS_MAX];
    size_t name_bytes = rows->fields * sizeof *name;
    const uint8_t *record = frame_take(reader, name_bytes + COUNT_BYTES);
    uint64_t *words = NULL;
    enum status status;
    uint32_t count;

    if (record == NULL) {
        return false;
    }
    get_words(record, name, rows->fields);
    count = bytes_get_u32(record + name_bytes);
    if (!fold_load_check(
            reader,
            frame_can_hold(reader, count, rows->stride * sizeof *words))) {
        return false;
    }
    status = fold_rows_restore(rows, name, count, &words);
    if (!fold_load_went(reader,
                        status == STATUS_INVALID ? STATUS_CORRUPT : status)) {
        return false;
    }
    return load_key_rows(rows, words, count, places, reader) &&
           fold_load_check(reader, fold_rows_ordered(
                                       rows, &rows->keys[rows->key_count - 1]));
}

void fold_load_rows(struct fold_rows *rows, size_t places,
                    struct frame_reader *reader)
{
    bool same = frame_get_u32(reader) == rows->fields;
    bool wide = frame_get_u32(reader) == rows->stride;
    size_t count =
        frame_get_count(reader, rows->fields * sizeof(uint64_t) + COUNT_BYTES);

    if (!fold_load_check(reader, same && wide)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (!load_key(rows, places, reader)) {
            return;
        }
    }
}

/* ---- all of it ---- */

void fold_save_measures(const struct fold *fold, struct frame_writer *writer)
{
    for (uint32_t i = 0; i < FOLD_TYPES_MAX; i++) {
        save_cells(&fold->types[i].cells, writer);
    }
    frame_u32(writer, fold->measure_count);
    for (uint32_t i = 0; i < fold->measure_count; i++) {
        frame_u32(writer, fold->measures[i].erased ? 1 : 0);
        if (fold->measures[i].plan->keep == PLAN_KEEP_ROWS) {
            fold_save_rows(&fold->measures[i].rows, writer);
        }
    }
}

void fold_load_measures(struct fold *fold, struct frame_reader *reader)
{
    size_t units = fold->units == NULL ? 0 : units_count(fold->units);

    for (uint32_t i = 0; i < FOLD_TYPES_MAX; i++) {
        load_cells(&fold->types[i].cells, units, reader);
    }
    if (!fold_load_check(reader,
                         frame_get_u32(reader) == fold->measure_count)) {
        return;
    }
    for (uint32_t i = 0; i < fold->measure_count; i++) {
        fold->measures[i].erased = frame_get_u32(reader) != 0;
        if (fold->measures[i].plan->keep == PLAN_KEEP_ROWS) {
            fold_load_rows(&fold->measures[i].rows, units, reader);
        }
    }
}
