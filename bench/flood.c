#include "bench/flood.h"

#include "bench/backlog.h"
#include "common/base/check.h"
#include "common/base/clock.h"

#include <pthread.h>
#include <time.h>

#define UNITS_FILE TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define LOOK_US    500

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_real());
}

static void pause_us(long us)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

void flood_open(struct flood *flood, struct rig *rig, uint32_t events)
{
    struct workload_options options = {.streams = FLOOD_OFFICES,
                                       .days = 365,
                                       .events_each =
                                           events / FLOOD_OFFICES + 1,
                                       .keyed_percent = 20,
                                       .seed = 1};

    flood->rig = rig;
    flood->workload = workload_new(&options, UNITS_FILE);
    for (uint32_t i = 0; i < FLOOD_OFFICES; i++) {
        flood->offices[i] = backlog_office(rig, flood->workload, i);
    }
}

void flood_close(struct flood *flood)
{
    workload_free(&flood->workload);
}

struct filling {
    struct rig_office *office;
    struct workload_stream *stream;
    uint32_t count;
};

static void next_event(void *owner, struct event *event)
{
    workload_next(owner, event);
}

static void *fill_one(void *argument)
{
    struct filling *filling = argument;
    struct rig_source source = {filling->stream, next_event};

    rig_fill(filling->office, source, filling->count, true);
    return NULL;
}

void flood_fill(struct flood *flood, uint32_t events)
{
    struct filling fillings[FLOOD_OFFICES];
    pthread_t threads[FLOOD_OFFICES];

    for (uint32_t i = 0; i < FLOOD_OFFICES; i++) {
        rig_stop(flood->offices[i]);
        fillings[i] =
            (struct filling){flood->offices[i], &flood->workload->streams[i],
                             events / FLOOD_OFFICES};
        check(pthread_create(&threads[i], NULL, fill_one, &fillings[i]) == 0);
    }
    for (uint32_t i = 0; i < FLOOD_OFFICES; i++) {
        check(pthread_join(threads[i], NULL) == 0);
    }
}

static bool all_received(struct flood *flood)
{
    for (uint32_t i = 0; i < FLOOD_OFFICES; i++) {
        if (!rig_received(flood->offices[i])) {
            return false;
        }
    }
    return true;
}

void flood_pour(struct flood *flood, uint32_t events, double *received,
                double *counted)
{
    struct rig_standing standing;
    int64_t began = now_us();

    for (uint32_t i = 0; i < FLOOD_OFFICES; i++) {
        rig_start(flood->rig, flood->offices[i]);
    }
    while (!all_received(flood)) {
        pause_us(10 * LOOK_US);
    }
    *received = events / ((double)(now_us() - began) / 1e6);
    do {
        pause_us(LOOK_US);
        standing = rig_standing(flood->rig);
    } while (standing.entries < standing.ledger);
    *counted = events / ((double)(now_us() - began) / 1e6);
}
