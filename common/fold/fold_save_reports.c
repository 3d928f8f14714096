/* Reports and when they came, as bytes. What was taken back is kept with its
 * place, so that what is loaded and goes on stays what it would have been. */
#include "common/fold/fold_save_parts.h"

#include <stdlib.h>

#define REPORT_BYTES 48u
#define DAY_BYTES    12u

static int compare_cells(const void *left, const void *right)
{
    const struct id_map_cell *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

/* By key, since the map's own order tells how it came about. */
static void save_days(const struct id_map *map, struct frame_writer *writer)
{
    struct id_map_cell *list = calloc(map->count + 1, sizeof *list);
    size_t count = 0;

    if (list == NULL) {
        frame_fail(writer, STATUS_MEMORY);
        return;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->cells[i].key != 0) {
            list[count++] = map->cells[i];
        }
    }
    qsort(list, count, sizeof *list, compare_cells);
    frame_u64(writer, count);
    for (size_t i = 0; i < count; i++) {
        uint8_t *record = frame_room(writer, DAY_BYTES);

        bytes_put_u64(record, list[i].key);
        bytes_put_u32(record + 8, list[i].value);
    }
    free(list);
}

static void load_days(struct id_map *map, struct frame_reader *reader)
{
    size_t count = frame_get_count(reader, DAY_BYTES);

    for (size_t i = 0; i < count; i++) {
        const uint8_t *record = frame_take(reader, DAY_BYTES);
        uint64_t key = record == NULL ? 0 : bytes_get_u64(record);
        uint32_t day = record == NULL ? 0 : bytes_get_u32(record + 8);

        if (!fold_load_check(reader, key != 0 && day != ID_MAP_NONE) ||
            !fold_load_went(reader, id_map_put(map, key, day))) {
            return;
        }
    }
}

static void load_said(struct fold *fold, struct frame_reader *reader)
{
    size_t count = frame_get_count(reader, 4);

    fold->said_room = fold_load_room(count, 16);
    fold->said = calloc(fold->said_room, sizeof *fold->said);
    if (fold->said == NULL) {
        frame_refuse(reader, STATUS_MEMORY);
        return;
    }
    for (; fold->said_count < count; fold->said_count++) {
        fold->said[fold->said_count] = frame_get_u32(reader);
    }
}

static bool load_report(struct fold *fold, struct frame_reader *reader)
{
    struct fold_report *report = &fold->reports[fold->report_count];
    const uint8_t *record = frame_take(reader, REPORT_BYTES);

    if (record == NULL) {
        return false;
    }
    *report = (struct fold_report){
        .event = bytes_get_u64(record),
        .root = bytes_get_u64(record + 8),
        .unit = bytes_get_u32(record + 16),
        .programme = bytes_get_u32(record + 20),
        .type = bytes_get_u32(record + 24),
        .regime = bytes_get_u32(record + 28),
        .kind = bytes_get_u32(record + 32),
        .key = bytes_get_u32(record + 36),
        .first = bytes_get_u32(record + 40),
        .count = bytes_get_u32(record + 44),
    };
    if (!fold_load_check(
            reader, report->root != 0 && fold_is_report(report->type) &&
                        report->first <= fold->said_count &&
                        report->count <= fold->said_count - report->first) ||
        (report->event != 0 &&
         !fold_load_went(reader, id_map_put(&fold->report_of, report->event,
                                            (uint32_t)fold->report_count)))) {
        return false;
    }
    fold->report_count++;
    return true;
}

void fold_save_reports(const struct fold *fold, struct frame_writer *writer)
{
    frame_u64(writer, fold->said_count);
    for (size_t i = 0; i < fold->said_count; i++) {
        frame_u32(writer, fold->said[i]);
    }
    frame_u64(writer, fold->report_count);
    for (size_t i = 0; i < fold->report_count; i++) {
        const struct fold_report *report = &fold->reports[i];
        uint8_t *record = frame_room(writer, REPORT_BYTES);

        bytes_put_u64(record, report->event);
        bytes_put_u64(record + 8, report->root);
        bytes_put_u32(record + 16, report->unit);
        bytes_put_u32(record + 20, report->programme);
        bytes_put_u32(record + 24, report->type);
        bytes_put_u32(record + 28, report->regime);
        bytes_put_u32(record + 32, report->kind);
        bytes_put_u32(record + 36, report->key);
        bytes_put_u32(record + 40, report->first);
        bytes_put_u32(record + 44, report->count);
    }
    save_days(&fold->received, writer);
    save_days(&fold->heard, writer);
    save_days(&fold->told, writer);
}

void fold_load_reports(struct fold *fold, struct frame_reader *reader)
{
    size_t count;

    load_said(fold, reader);
    count = frame_get_count(reader, REPORT_BYTES);
    fold->report_room = fold_load_room(count, 16);
    fold->reports = calloc(fold->report_room, sizeof *fold->reports);
    if (fold->reports == NULL) {
        frame_refuse(reader, STATUS_MEMORY);
        return;
    }
    while (fold->report_count < count) {
        if (!load_report(fold, reader)) {
            return;
        }
    }
    load_days(&fold->received, reader);
    load_days(&fold->heard, reader);
    load_days(&fold->told, reader);
}
