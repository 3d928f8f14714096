/* peer_events - the events of the workload as bytes in memory.
 *
 * Flow     workload -> codec -> [peer_events] -> what each peer is sent
 * Owns     the bytes; free with peer_events_free().
 * Threads  read-only once it is made: any.
 * Limits   PEER_BYTES_MAX bytes a stream.
 *
 * The same bytes that an agent would store and seal: one protobuf message an
 * event, and for transport alone sealed batches of BATCH_EVENTS_MAX.
 */
#ifndef TALLYLINE_BENCH_PEER_EVENTS_H
#define TALLYLINE_BENCH_PEER_EVENTS_H

#include "bench/workload.h"
#include "common/base/bytes.h"
#include "common/format/batch.h"

#define PEER_STREAMS   12u
#define PEER_BYTES_MAX (1024u * 1024u * 1024u)

struct peer_stream {
    struct buffer events, batches;
    size_t *event_ends, *batch_ends;
    uint32_t count; /* of events */
};

struct peer_events {
    struct peer_stream streams[PEER_STREAMS];
    uint64_t count, bytes; /* of events in all streams */
    bool by_district;      /* counters: not by commune, as the product */
};

/* What a counter is kept for: read from the event's bytes. */
struct peer_counter {
    uint32_t type, unit;
    int32_t day;
};

/* Makes `count` events, evenly in all streams. Gives. */
struct peer_events *peer_events_new(uint32_t count, const char *units_file);
void peer_events_free(struct peer_events **events);

/* Event `i` (from 0) of a stream, and its batch `i`. */
struct bytes peer_event(const struct peer_stream *stream, uint32_t i);
struct bytes peer_batch(const struct peer_stream *stream, uint32_t i);
/* Decodes the event as the collector does. */
struct peer_counter peer_counter_of(const struct peer_events *events,
                                    struct bytes event);

#endif
