/* Who reported what, and when it came: reports that were submitted and nil
 * reports, as long as they stand, with the day on which the first version was
 * received. A replacement does not make a report late. */
#include "common/fold/fold_state.h"

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/event/reference.h"

#include <stdlib.h>

/* Body fields of both types in proto/event.proto. */
#define REPORT_REGIME  1u
#define REPORT_KIND    2u
#define REPORT_KEY     3u
#define NIL_INDICATORS 4u

bool fold_is_report(uint32_t type)
{
    return type == FOLD_TYPE_REPORT || type == FOLD_TYPE_NIL_REPORT;
}

/* From when on an event of that agent tells more than is known. */
static int64_t told_until(const struct fold *fold, uint32_t agent, int32_t day)
{
    uint32_t told = id_map_get(&fold->told, agent);

    if (agent == 0 || day == FOLD_DAY_UNKNOWN) {
        return INT64_MAX;
    }
    return told == ID_MAP_NONE ? 0 : clock_day_begin((int32_t)told + 1);
}

MUST_USE enum status fold_received(struct fold *fold, uint32_t agent,
                                   int64_t received_at)
{
    int32_t day = received_at == FOLD_RECEIVED_UNKNOWN
                      ? FOLD_DAY_UNKNOWN
                      : clock_day_of(received_at);
    uint32_t before;

    if (agent == fold->heard_agent && day == fold->received_on) {
        return STATUS_OK;
    }
    fold->heard_agent = agent;
    fold->received_on = day;
    fold->told_until = told_until(fold, agent, day);
    before = agent == 0 ? ID_MAP_NONE : id_map_get(&fold->heard, agent);
    if (agent == 0 || day == FOLD_DAY_UNKNOWN ||
        (before != ID_MAP_NONE && (int32_t)before >= day)) {
        return STATUS_OK;
    }
    return id_map_put(&fold->heard, agent, (uint32_t)day);
}

/* The events of a stream come in the order in which they were recorded: with
 * one of a day, all of the days before have come. A clock that runs ahead does
 * not make that later than the day of receipt. */
MUST_USE enum status fold_told_more(struct fold *fold, int64_t recorded_at)
{
    uint32_t before = id_map_get(&fold->told, fold->heard_agent);
    int32_t day = clock_day_of(recorded_at);

    if (day < fold->received_on) {
        fold->told_until = clock_day_begin(day + 1);
    } else {
        day = fold->received_on;
        fold->told_until = INT64_MAX;
    }
    if (before != ID_MAP_NONE && (int32_t)before >= day) {
        return STATUS_OK;
    }
    return id_map_put(&fold->told, fold->heard_agent, (uint32_t)day);
}

MUST_USE enum status fold_report_received(struct fold *fold, uint64_t id)
{
    return id_map_put(&fold->received, id, (uint32_t)fold->received_on);
}

/* Room for one more of `size` bytes; NULL: no memory. */
static void *grow(void *array, size_t size, size_t needed, size_t *room)
{
    size_t wanted = *room == 0 ? 16 : *room;
    void *made;

    while (wanted < needed) {
        wanted *= 2;
    }
    if (wanted == *room) {
        return array;
    }
    made = realloc(array, wanted * size);
    if (made != NULL) {
        *room = wanted;
    }
    return made;
}

MUST_USE enum status fold_report_add(struct fold *fold, uint64_t id,
                                     const struct event *event)
{
    size_t count = 0;
    const uint32_t *items = event->type == FOLD_TYPE_NIL_REPORT
                                ? event_items(event, NIL_INDICATORS, &count)
                                : NULL;
    struct fold_report *reports =
        grow(fold->reports, sizeof *reports, fold->report_count + 1,
             &fold->report_room);
    uint32_t *said;

    if (reports == NULL) {
        return STATUS_MEMORY;
    }
    fold->reports = reports;
    said = grow(fold->said, sizeof *said, fold->said_count + count + 1,
                &fold->said_room);
    if (said == NULL) {
        return STATUS_MEMORY;
    }
    fold->said = said;
    reports[fold->report_count] = (struct fold_report){
        .event = id,
        .root = event->target != 0 ? event->target : id,
        .unit = event->unit,
        .programme = event->programme,
        .type = event->type,
        .regime = (uint32_t)event_get(event, REPORT_REGIME),
        .kind = (uint32_t)event_get(event, REPORT_KIND),
        .key = (uint32_t)event_get(event, REPORT_KEY),
        .first = (uint32_t)fold->said_count,
        .count = (uint32_t)count,
    };
    for (size_t i = 0; i < count; i++) {
        said[fold->said_count++] = items[i];
    }
    return id_map_put(&fold->report_of, id, (uint32_t)fold->report_count++);
}

void fold_report_remove(struct fold *fold, uint64_t id)
{
    uint32_t at = id_map_get(&fold->report_of, id);

    check(at != ID_MAP_NONE);
    fold->reports[at].event = 0;
}

int32_t fold_report_day(const struct fold *fold,
                        const struct fold_report *report)
{
    uint32_t day = id_map_get(&fold->received, report->root);

    return day == ID_MAP_NONE ? FOLD_DAY_UNKNOWN : (int32_t)day;
}

void fold_reports_fini(struct fold *fold)
{
    free(fold->reports);
    free(fold->said);
    id_map_fini(&fold->report_of);
    id_map_fini(&fold->received);
    id_map_fini(&fold->heard);
    id_map_fini(&fold->told);
}
