#include "bench/backlog.h"

#include "common/base/check.h"
#include "common/base/clock.h"

#include <pthread.h>
#include <stdio.h>

#define CITY       1200001u
#define CITY_PAIR  "gso3:01:social_evils_subdept"
#define SUBDEPT    2u
#define MEDIA_ITEM 3u
#define SPRING     17600 /* 2018-03-10 */

struct filling {
    struct rig_office *office;
    struct workload_stream *stream;
    uint32_t count;
};

static void next_event(void *owner, struct event *event)
{
    workload_next(owner, event);
}

static void *fill(void *argument)
{
    struct filling *filling = argument;
    struct rig_source source = {filling->stream, next_event};

    rig_fill(filling->office, source, filling->count, true);
    return NULL;
}

struct rig_office *backlog_office(struct rig *rig, struct workload *workload,
                                  uint32_t stream)
{
    struct rig_office *office;
    char texts[RIG_PAIRS_MAX][UNIT_TEXT_MAX + 32];
    const char *pairs[RIG_PAIRS_MAX];
    size_t count = 0;

    for (uint32_t i = stream; i < workload->district_count;
         i += workload->options.streams) {
        char unit[UNIT_TEXT_MAX];

        check(count + 2 <= RIG_PAIRS_MAX);
        unit_key_format(workload->districts[i].unit, unit);
        (void)snprintf(texts[count], sizeof texts[0],
                       "%s:district_labour_office", unit);
        (void)snprintf(texts[count + 1], sizeof texts[0], "%s:police", unit);
        pairs[count] = texts[count];
        pairs[count + 1] = texts[count + 1];
        count += 2;
    }
    office = rig_office(rig, pairs, count);
    workload->streams[stream].agent = office->number;
    return office;
}

void backlog_make(struct rig *rig, struct workload *workload,
                  struct rig_office *offices[WORKLOAD_STREAMS_MAX])
{
    struct filling fillings[WORKLOAD_STREAMS_MAX];
    pthread_t threads[WORKLOAD_STREAMS_MAX];
    uint32_t streams = workload->options.streams;

    for (uint32_t i = 0; i < streams; i++) {
        offices[i] = backlog_office(rig, workload, i);
        fillings[i] = (struct filling){offices[i], &workload->streams[i],
                                       workload->options.events_each};
        check(pthread_create(&threads[i], NULL, fill, &fillings[i]) == 0);
    }
    for (uint32_t i = 0; i < streams; i++) {
        check(pthread_join(threads[i], NULL) == 0);
    }
}

struct rig_office *backlog_city_office(struct rig *rig)
{
    static const char *const pairs[] = {CITY_PAIR};

    return rig_office(rig, pairs, 1);
}

void backlog_city_event(void *owner, struct event *event)
{
    (void)owner;
    event_init(event, MEDIA_ITEM);
    event_header_set(event, EVENT_OCCURRED_ON, SPRING);
    event_header_set(event, EVENT_RECORDED_AT,
                     (uint64_t)clock_wall_us(clock_real()));
    event_header_set(event, EVENT_UNIT, CITY);
    event_header_set(event, EVENT_OFFICE, SUBDEPT);
    event_header_set(event, EVENT_PROGRAMME, 1);
    event_set(event, 1, 1);
    event_set(event, 2, 1);
    event_set(event, 3, 1);
}
