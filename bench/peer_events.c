#include "bench/peer_events.h"

#include "common/base/check.h"
#include "common/format/codec.h"

#include <stdlib.h>

#define DAYS          14u
#define KEYED_PERCENT 20u
#define VARINT_MORE   0x80u

static void append_size(struct buffer *out, size_t size)
{
    for (; size >= VARINT_MORE; size >>= 7) {
        check(buffer_u8(out, (uint8_t)(size | VARINT_MORE)) == STATUS_OK);
    }
    check(buffer_u8(out, (uint8_t)size) == STATUS_OK);
}

/* Seals what the payload holds: the events from `first` on. */
static void seal(struct peer_stream *stream, struct batch_codec *codec,
                 const struct sign_keys *keys, struct buffer *payload,
                 uint32_t first, uint32_t count)
{
    struct batch_header header = {.agent_number = 1,
                                  .epoch_ordinal = 1,
                                  .first_seq = first + 1,
                                  .count = count};
    struct buffer sealed;

    buffer_init(&sealed, BATCH_BYTES_MAX);
    check(batch_seal(codec, &header, buffer_bytes(payload), keys, &sealed) ==
          STATUS_OK);
    check(buffer_append(&stream->batches, buffer_bytes(&sealed)) == STATUS_OK);
    stream->batch_ends[first / BATCH_EVENTS_MAX] = stream->batches.size;
    buffer_clear(payload);
    buffer_fini(&sealed);
}

static void make_stream(struct workload_stream *from, uint32_t count,
                        struct peer_stream *stream)
{
    struct batch_codec *codec = batch_codec_new();
    struct sign_keys keys;
    struct buffer payload;

    check(codec != NULL);
    sign_keys_make(&keys);
    buffer_init(&payload, BATCH_PAYLOAD_MAX);
    buffer_init(&stream->events, PEER_BYTES_MAX);
    buffer_init(&stream->batches, PEER_BYTES_MAX);
    stream->count = count;
    stream->event_ends = calloc(count, sizeof(size_t));
    stream->batch_ends = calloc(count / BATCH_EVENTS_MAX + 1, sizeof(size_t));
    check(stream->event_ends != NULL && stream->batch_ends != NULL);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t in_batch = i % BATCH_EVENTS_MAX;
        struct event event;

        workload_next(from, &event);
        check(codec_pack_event(&event, &stream->events) == STATUS_OK);
        stream->event_ends[i] = stream->events.size;
        append_size(&payload, peer_event(stream, i).size);
        check(buffer_append(&payload, peer_event(stream, i)) == STATUS_OK);
        if (in_batch + 1 == BATCH_EVENTS_MAX || i + 1 == count) {
            seal(stream, codec, &keys, &payload, i - in_batch, in_batch + 1);
        }
    }
    buffer_fini(&payload);
    batch_codec_free(&codec);
}

struct peer_events *peer_events_new(uint32_t count, const char *units_file)
{
    struct workload_options options = {.streams = PEER_STREAMS,
                                       .days = DAYS,
                                       .events_each = count / PEER_STREAMS,
                                       .keyed_percent = KEYED_PERCENT,
                                       .seed = 1};
    struct workload *workload = workload_new(&options, units_file);
    struct peer_events *events = calloc(1, sizeof *events);

    check(events != NULL);
    sign_init();
    for (uint32_t i = 0; i < PEER_STREAMS; i++) {
        workload->streams[i].agent = i + 1;
        make_stream(&workload->streams[i], options.events_each,
                    &events->streams[i]);
        events->count += options.events_each;
        events->bytes += events->streams[i].events.size;
    }
    workload_free(&workload);
    return events;
}

void peer_events_free(struct peer_events **events)
{
    for (uint32_t i = 0; i < PEER_STREAMS; i++) {
        struct peer_stream *stream = &(*events)->streams[i];

        buffer_fini(&stream->events);
        buffer_fini(&stream->batches);
        free(stream->event_ends);
        free(stream->batch_ends);
    }
    free(*events);
    *events = NULL;
}

static struct bytes part(const struct buffer *all, const size_t *ends,
                         uint32_t i)
{
    size_t start = i == 0 ? 0 : ends[i - 1];

    return (struct bytes){all->data + start, ends[i] - start};
}

struct bytes peer_event(const struct peer_stream *stream, uint32_t i)
{
    return part(&stream->events, stream->event_ends, i);
}

struct bytes peer_batch(const struct peer_stream *stream, uint32_t i)
{
    return part(&stream->batches, stream->batch_ends, i);
}

struct peer_counter peer_counter_of(const struct peer_events *events,
                                    struct bytes bytes)
{
    struct event event;

    codec_unpack_event(bytes, &event);
    check(event.fault == 0);
    return (struct peer_counter){
        event.type, events->by_district ? event.unit : event_place(&event),
        event.occurred_on};
}
