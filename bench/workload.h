/* workload - what the offices of thirty districts record.
 *
 * Flow     units -> [workload] -> spools;  each event -> expected
 * Owns     its streams; free with workload_free().
 * Threads  a stream belongs to one at a time; different streams may be made
 *          by different threads.
 * Limits   WORKLOAD_DISTRICTS_MAX districts, WORKLOAD_STREAMS_MAX streams.
 *
 * A stream is what one agent records for its districts (every n-th), in the
 * order of its sequence numbers: all types of event by weight, in twenty
 * communes a district, typed in within two days of what happened, every so
 * often a sheet that is imported at once (its rows have entry keys) and now
 * and then a correction. The same seed gives the same events.
 */
#ifndef TALLYLINE_BENCH_WORKLOAD_H
#define TALLYLINE_BENCH_WORKLOAD_H

#include "bench/expected.h"
#include "common/event/event.h"
#include "common/event/unit.h"

#define WORKLOAD_DISTRICTS_MAX  EXPECTED_DISTRICTS_MAX
#define WORKLOAD_COMMUNES       20u
#define WORKLOAD_STREAMS_MAX    16u
#define WORKLOAD_RECENT         64u /* that a correction may name */
#define WORKLOAD_ESTABLISHMENTS EXPECTED_THINGS_MAX

struct workload_options {
    uint32_t streams;
    uint32_t days;
    uint32_t events_each;   /* of one stream */
    uint32_t keyed_percent; /* of all events, in sheets */
    uint64_t seed;
};

struct workload_district {
    uint32_t unit;
    uint32_t communes[WORKLOAD_COMMUNES];
};

/* An event that may still be corrected. */
struct workload_recent {
    uint64_t id;
    uint32_t district;
    struct event event;
};

struct workload_stream {
    const struct workload *workload;
    struct expected *expected; /* of this stream */
    uint32_t agent;            /* number */
    uint32_t first;            /* district; the next ones `streams` apart */
    uint32_t number;           /* of the last event */
    uint32_t sheet_left;       /* rows of the sheet that is being imported */
    uint32_t sheet_district;
    int64_t recorded_at;
    uint64_t random;
    struct workload_recent recent[WORKLOAD_RECENT];
    uint32_t recent_count;
};

struct workload {
    struct workload_options options;
    struct workload_district districts[WORKLOAD_DISTRICTS_MAX];
    uint32_t district_count;
    int32_t first_day;
    struct workload_stream streams[WORKLOAD_STREAMS_MAX];
};

/* Takes districts and communes from the file of units. Gives. */
struct workload *workload_new(const struct workload_options *options,
                              const char *units_file);
void workload_free(struct workload **workload);

/* The stream's next event, which gets the number stream->number. */
void workload_next(struct workload_stream *stream, struct event *event);

/* ---- for workload_body.c ---- */

uint32_t workload_pick(struct workload_stream *stream, uint32_t below);
/* Fills in the body of an event whose header is there. */
void workload_fill(struct workload_stream *stream, uint32_t district,
                   struct event *event);

#endif
