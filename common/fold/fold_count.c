/* What the measures keep of an event, and how it is taken back: the same
 * computation both times, so that a correction leaves no trace (I5). */
#include "common/fold/fold_state.h"

#include "common/base/check.h"

#include <stdlib.h>

/* Numbers of proto/event.proto that this file must know. */
#define TYPE_SAME_AS   22u
#define SAME_AS_KIND   1u
#define SAME_AS_FIRST  2u
#define SAME_AS_SECOND 3u

void fold_count_fini(struct fold *fold)
{
    for (uint32_t i = 0; i < fold->measure_count; i++) {
        struct fold_measure *measure = &fold->measures[i];

        fold_filter_fini(&measure->filter);
        fold_rows_fini(&measure->rows);
    }
    for (uint32_t i = 0; i < FOLD_TYPES_MAX; i++) {
        free(fold->types[i].wishes);
        fold_cells_fini(&fold->types[i].cells);
    }
    for (uint32_t i = 0; i < fold->plan_count; i++) {
        free(fold->plans[i].measures);
    }
    free(fold->measures);
    free(fold->pairs);
    id_map_fini(&fold->pair_of);
}

/* Position of the unit; the ledger's own unit where the key means nothing on
 * that day (a row of a plan's register that nobody judged). */
static uint32_t position_of(struct fold *fold, uint32_t key, int32_t day)
{
    const struct fold_place *place = fold_find_place(fold, key, day);

    if (place == NULL) {
        place = fold_find_place(fold, fold->unit, day);
    }
    return place == NULL ? FOLD_NO_PLACE : place->position;
}

/* An event on its way into the measures. */
struct counting {
    uint64_t id;
    const struct event *event;
    bool add;
    uint32_t plans;         /* whose measures take it */
    uint32_t place;         /* where it happened; FOLD_NO_PLACE: not known */
    struct fold_cell *cell; /* of its place and day, once asked for */
};

static uint32_t place_of(struct fold *fold, const struct counting *counting)
{
    const struct event *event = counting->event;

    return counting->place != FOLD_NO_PLACE
               ? counting->place
               : position_of(fold, event_place(event), event->occurred_on);
}

/* Positions of all places of the event; at least one. */
static size_t places_of(struct fold *fold, const struct counting *counting,
                        uint32_t places[FOLD_PLACES_MAX])
{
    const struct event *event = counting->event;
    uint32_t field = fold->types[event->type].units_field;
    size_t count = 0;

    if (field != 0 && event_has(event, field)) {
        const uint32_t *keys = event_items(event, field, &count);

        for (size_t i = 0; i < count; i++) {
            places[i] = position_of(fold, keys[i], event->occurred_on);
        }
    }
    if (count == 0) {
        places[0] = place_of(fold, counting);
        count = 1;
    }
    return count;
}

static MUST_USE enum status count_sum(struct fold *fold,
                                      const struct fold_measure *measure,
                                      struct counting *counting)
{
    const struct event *event = counting->event;
    struct fold_cell *cell;

    if (counting->cell == NULL) {
        uint32_t place = place_of(fold, counting);
        enum status status;

        if (place == FOLD_NO_PLACE) {
            return STATUS_OK;
        }
        status = fold_cells_at(&fold->types[event->type].cells, place,
                               event->occurred_on, &counting->cell);
        if (status != STATUS_OK) {
            return status;
        }
    }
    cell = counting->cell + measure->column;
    if (counting->add) {
        cell->events++;
    } else {
        check(cell->events > 0);
        cell->events--;
    }
    if (measure->amount.number != 0) {
        uint64_t amount = fold_field_number(&measure->amount, event);

        cell->sum += counting->add ? amount : 0 - amount;
    }
    return STATUS_OK;
}

static void name_thing(const struct fold_measure *measure,
                       const struct event *event,
                       uint64_t name[PLAN_KEY_FIELDS_MAX])
{
    for (uint32_t i = 0; i < measure->plan->key_field_count; i++) {
        name[i] = fold_field_number(&measure->key[i], event);
    }
}

static void fill_row(const struct fold_measure *measure,
                     const struct counting *counting, uint32_t place,
                     struct fold_row *row)
{
    const struct event *event = counting->event;

    row->event = counting->id;
    row->day = event->occurred_on;
    row->place = place;
    for (uint32_t i = 0; i < measure->plan->capture_count; i++) {
        row->captured[i] = fold_field_given(&measure->capture[i], event)
                               ? fold_field_number(&measure->capture[i], event)
                               : FOLD_ABSENT;
    }
}

static MUST_USE enum status add_row(struct fold *fold,
                                    struct fold_measure *measure,
                                    const struct counting *counting,
                                    uint32_t place)
{
    struct fold_waiting *waiting = fold_queue_next(&fold->queue);

    waiting->rows = &measure->rows;
    name_thing(measure, counting->event, waiting->name);
    fill_row(measure, counting, place, &waiting->row);
    return fold_queue_put(&fold->queue);
}

static MUST_USE enum status remove_row(struct fold_measure *measure,
                                       const struct counting *counting,
                                       uint32_t place)
{
    uint64_t name[PLAN_KEY_FIELDS_MAX];
    struct fold_row row;

    name_thing(measure, counting->event, name);
    fill_row(measure, counting, place, &row);
    return fold_rows_remove(&measure->rows, name, &row);
}

static MUST_USE enum status count_rows(struct fold *fold,
                                       struct fold_measure *measure,
                                       const struct counting *counting)
{
    uint32_t places[FOLD_PLACES_MAX];
    size_t count = places_of(fold, counting, places);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (places[i] != FOLD_NO_PLACE) {
            status = counting->add ? add_row(fold, measure, counting, places[i])
                                   : remove_row(measure, counting, places[i]);
        }
    }
    return status;
}

static MUST_USE enum status add_pair(struct fold *fold, uint64_t id,
                                     const struct event *event)
{
    if (fold->pair_count == fold->pair_room) {
        size_t room = fold->pair_room == 0 ? 16 : fold->pair_room * 2;
        struct fold_pair *pairs =
            realloc(fold->pairs, room * sizeof *fold->pairs);

        if (pairs == NULL) {
            return STATUS_MEMORY;
        }
        fold->pairs = pairs;
        fold->pair_room = room;
    }
    fold->pairs[fold->pair_count] = (struct fold_pair){
        .event = id,
        .first = event_get(event, SAME_AS_FIRST),
        .second = event_get(event, SAME_AS_SECOND),
        .kind = (uint32_t)event_get(event, SAME_AS_KIND),
    };
    return id_map_put(&fold->pair_of, id, (uint32_t)fold->pair_count++);
}

static MUST_USE enum status count_measures(struct fold *fold,
                                           struct counting *counting)
{
    const struct event *event = counting->event;
    const struct fold_type *type = &fold->types[event->type];
    uint64_t answers = fold_questions_ask(&type->questions, event);

    for (uint32_t i = 0; i < type->measure_count; i++) {
        const struct fold_wish *wish = &type->wishes[i];
        struct fold_measure *measure = &fold->measures[wish->measure];
        enum status status;

        if ((wish->needs & ~answers) != 0 ||
            (wish->plans & counting->plans) == 0 ||
            (measure->filter.has_others &&
             !fold_filter_others_pass(&measure->filter, event))) {
            continue;
        }
        status = measure->plan->keep == PLAN_KEEP_SUM
                     ? count_sum(fold, measure, counting)
                     : count_rows(fold, measure, counting);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static MUST_USE enum status count_event(struct fold *fold, uint64_t id,
                                        const struct event *event, bool add,
                                        uint32_t place)
{
    struct counting counting = {.id = id,
                                .event = event,
                                .add = add,
                                .plans = UINT32_MAX,
                                .place = place};

    if (event->type == TYPE_SAME_AS) {
        uint32_t at = id_map_get(&fold->pair_of, id);

        if (add) {
            enum status status = add_pair(fold, id, event);

            if (status != STATUS_OK) {
                return status;
            }
        } else {
            check(at != ID_MAP_NONE);
            fold->pairs[at].event = 0;
        }
    }
    if (fold_is_report(event->type)) {
        enum status status = STATUS_OK;

        if (add) {
            status = fold_report_add(fold, id, event);
        } else {
            fold_report_remove(fold, id);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return count_measures(fold, &counting);
}

MUST_USE enum status fold_count_row(struct fold *fold, uint32_t place,
                                    uint64_t id, const struct event *event)
{
    struct counting counting = {.id = id,
                                .event = event,
                                .add = true,
                                .plans = UINT32_C(1) << place,
                                .place = FOLD_NO_PLACE};

    return count_measures(fold, &counting);
}

MUST_USE enum status fold_count_add(struct fold *fold, uint64_t id,
                                    const struct event *event, uint32_t place)
{
    return count_event(fold, id, event, true, place);
}

MUST_USE enum status fold_count_remove(struct fold *fold, uint64_t id,
                                       const struct event *event)
{
    enum status status = fold_queue_flush(&fold->queue);

    return status == STATUS_OK
               ? count_event(fold, id, event, false, FOLD_NO_PLACE)
               : status;
}

MUST_USE enum status fold_count_settle(struct fold *fold)
{
    enum status status = fold_queue_flush(&fold->queue);

    for (uint32_t i = 0; i < fold->measure_count && status == STATUS_OK; i++) {
        status = fold_rows_settle(&fold->measures[i].rows);
    }
    return status;
}
