/* The parts, one after the other, each beginning in a frame of its own. What
 * can be made again is not saved: indexes, counts of outcomes, the order of
 * results. Failure modes of loading: bytes that cannot be a state, and no
 * memory; the fold that was begun is freed. */
#include "common/fold/fold_save.h"

#include "common/base/check.h"
#include "common/fold/fold_save_parts.h"

#include <stdlib.h>

#define PAIR_BYTES   28u
#define STREAM_BYTES 12u
#define RESULT_BYTES 36u

size_t fold_load_room(size_t count, size_t first)
{
    size_t room = first;

    while (room < count) {
        room *= 2;
    }
    return room;
}

bool fold_load_check(struct frame_reader *reader, bool good)
{
    if (!good) {
        frame_refuse(reader, STATUS_CORRUPT);
    }
    return good;
}

bool fold_load_went(struct frame_reader *reader, enum status status)
{
    if (status != STATUS_OK) {
        frame_refuse(reader, status);
    }
    return status == STATUS_OK;
}

/* ---- streams ---- */

static int compare_streams(const void *left, const void *right)
{
    const struct id_map_cell *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

/* By key, since the map's own order tells how it came about. */
static size_t list_streams(const struct fold *fold, struct id_map_cell *list)
{
    const struct id_map *map = &fold->streams;
    size_t count = 0;

    for (size_t i = 0; i < map->capacity; i++) {
        if (map->cells[i].key != 0 && map->cells[i].key != fold->stream) {
            list[count++] = map->cells[i];
        }
    }
    if (fold->stream != 0) {
        list[count++] = (struct id_map_cell){.key = fold->stream,
                                             .value = fold->stream_last};
    }
    qsort(list, count, sizeof *list, compare_streams);
    return count;
}

static void save_streams(const struct fold *fold, struct frame_writer *writer)
{
    struct id_map_cell *list = calloc(fold->streams.count + 1, sizeof *list);
    size_t count = 0;

    if (list == NULL) {
        frame_fail(writer, STATUS_MEMORY);
        return;
    }
    count = list_streams(fold, list);
    frame_u64(writer, count);
    for (size_t i = 0; i < count; i++) {
        uint8_t *record = frame_room(writer, STREAM_BYTES);

        bytes_put_u64(record, list[i].key);
        bytes_put_u32(record + 8, list[i].value);
    }
    free(list);
}

static void load_streams(struct fold *fold, struct frame_reader *reader)
{
    size_t count = frame_get_count(reader, STREAM_BYTES);

    for (size_t i = 0; i < count; i++) {
        const uint8_t *record = frame_take(reader, STREAM_BYTES);
        uint64_t key = record == NULL ? 0 : bytes_get_u64(record);
        uint32_t last = record == NULL ? 0 : bytes_get_u32(record + 8);

        if (!fold_load_check(reader,
                             key != 0 && last != 0 && last != ID_MAP_NONE) ||
            !fold_load_went(reader, id_map_put(&fold->streams, key, last))) {
            return;
        }
    }
}

/* ---- things that are one ---- */

static void save_pairs(const struct fold *fold, struct frame_writer *writer)
{
    frame_u64(writer, fold->pair_count);
    for (size_t i = 0; i < fold->pair_count; i++) {
        const struct fold_pair *pair = &fold->pairs[i];
        uint8_t *record = frame_room(writer, PAIR_BYTES);

        bytes_put_u64(record, pair->event);
        bytes_put_u64(record + 8, pair->first);
        bytes_put_u64(record + 16, pair->second);
        bytes_put_u32(record + 24, pair->kind);
    }
}

/* A pair that was taken back has no event and is never looked for. */
static void load_pairs(struct fold *fold, struct frame_reader *reader)
{
    size_t count = frame_get_count(reader, PAIR_BYTES);

    fold->pair_room = fold_load_room(count, 16);
    fold->pairs = calloc(fold->pair_room, sizeof *fold->pairs);
    if (fold->pairs == NULL) {
        frame_refuse(reader, STATUS_MEMORY);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct fold_pair *pair = &fold->pairs[i];
        const uint8_t *record = frame_take(reader, PAIR_BYTES);

        if (record == NULL) {
            return;
        }
        *pair = (struct fold_pair){
            .event = bytes_get_u64(record),
            .first = bytes_get_u64(record + 8),
            .second = bytes_get_u64(record + 16),
            .kind = bytes_get_u32(record + 24),
        };
        if (pair->event != 0 &&
            !fold_load_went(
                reader, id_map_put(&fold->pair_of, pair->event, (uint32_t)i))) {
            return;
        }
        fold->pair_count++;
    }
}

/* ---- outcomes ---- */

static void save_results(const struct fold *fold, struct frame_writer *writer)
{
    frame_u64(writer, fold->result_count);
    for (size_t i = 0; i < fold->result_count; i++) {
        const struct fold_result *result = &fold->results[i];
        uint8_t *record = frame_room(writer, RESULT_BYTES);

        bytes_put_u64(record, result->event);
        bytes_put_u32(record + 8, (uint32_t)result->outcome);
        bytes_put_u32(record + 12, result->field);
        bytes_put_u32(record + 16, result->rule);
        bytes_put_u64(record + 20, result->value);
        bytes_put_u64(record + 28, result->other);
    }
}

static void load_results(struct fold *fold, struct frame_reader *reader)
{
    size_t count = frame_get_count(reader, RESULT_BYTES);

    fold->result_room = fold_load_room(count, 64);
    fold->results = calloc(fold->result_room, sizeof *fold->results);
    fold->result_order = calloc(fold->result_room, sizeof *fold->result_order);
    if (fold->results == NULL || fold->result_order == NULL) {
        frame_refuse(reader, STATUS_MEMORY);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct fold_result *result = &fold->results[i];
        const uint8_t *record = frame_take(reader, RESULT_BYTES);
        uint32_t outcome;

        if (record == NULL) {
            return;
        }
        outcome = bytes_get_u32(record + 8);
        *result = (struct fold_result){
            .event = bytes_get_u64(record),
            .outcome = (enum fold_outcome)outcome,
            .field = bytes_get_u32(record + 12),
            .rule = bytes_get_u32(record + 16),
            .value = bytes_get_u64(record + 20),
            .other = bytes_get_u64(record + 28),
        };
        if (!fold_load_check(reader,
                             outcome < FOLD_OUTCOME_END && result->event != 0 &&
                                 id_map_get(&fold->result_of, result->event) ==
                                     ID_MAP_NONE) ||
            !fold_load_went(reader, id_map_put(&fold->result_of, result->event,
                                               (uint32_t)i))) {
            return;
        }
        fold->result_count++;
        fold->totals.outcomes[outcome]++;
    }
    (void)fold_load_went(reader, fold_results_settle(fold));
}

/* What has no result counts. */
static void load_totals(struct fold *fold, struct frame_reader *reader)
{
    uint64_t uncounted = 0;

    for (unsigned i = 0; i < FOLD_OUTCOME_END; i++) {
        uncounted += i == FOLD_COUNTED ? 0 : fold->totals.outcomes[i];
    }
    if (fold_load_check(reader, uncounted <= fold->totals.events)) {
        fold->totals.outcomes[FOLD_COUNTED] = fold->totals.events - uncounted;
    }
}

/* ---- all of it ---- */

void fold_save(const struct fold *fold, struct frame_writer *writer)
{
    check(fold->unsettled_count == 0 && fold->pending_count == 0);
    frame_cut(writer);
    frame_u64(writer, fold->position);
    frame_u64(writer, fold->totals.events);
    save_streams(fold, writer);
    save_pairs(fold, writer);
    fold_save_reports(fold, writer);
    save_results(fold, writer);
    fold_save_slots(fold, writer);
    fold_save_entries(fold, writer);
    fold_save_measures(fold, writer);
    frame_cut(writer);
}

MUST_USE enum status fold_load(const struct context *context,
                               struct fold_source source,
                               struct frame_reader *reader, struct fold **fold)
{
    struct fold *made = NULL;
    enum status status = fold_make(context, source, &made);

    *fold = NULL;
    if (status != STATUS_OK) {
        return status;
    }
    made->position = frame_get_u64(reader);
    made->totals.events = frame_get_u64(reader);
    load_streams(made, reader);
    load_pairs(made, reader);
    fold_load_reports(made, reader);
    load_results(made, reader);
    load_totals(made, reader);
    fold_load_slots(made, reader);
    fold_load_entries(made, reader);
    fold_load_measures(made, reader);
    status = frame_reader_status(reader);
    if (status != STATUS_OK) {
        fold_free(&made);
    }
    *fold = made;
    return status;
}
