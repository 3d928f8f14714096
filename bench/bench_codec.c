/* What packing and reading one event costs.
 *
 * An inspection as an office records it: 9 header fields and 7 of the body.
 * Prints nanoseconds an event, the best of several rounds.
 */
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

#include <stdio.h>
#include <time.h>

#define EVENTS 2048u
#define ROUNDS 200u

struct batch {
    struct buffer bytes;
    struct bytes event[EVENTS];
};

static void make_event(uint32_t i, struct event *event)
{
    event_init(event, 8);
    event_header_set(event, EVENT_OCCURRED_ON, 17600 + i % 300);
    event_header_set(event, EVENT_RECORDED_AT,
                     UINT64_C(1520236923000004) + i * UINT64_C(60000000));
    event_header_set(event, EVENT_UNIT, 1300001);
    event_header_set(event, EVENT_OFFICE, 3);
    event_header_set(event, EVENT_ROLE, 2);
    event_header_set(event, EVENT_SUBJECT_UNIT, 1500025 + i % 500);
    event_header_set(event, EVENT_PROGRAMME, 1);
    event_header_set(event, EVENT_VOCABULARY, 1);
    event_set(event, 1, id60_make(271, 1, i + 1));
    event_set(event, 2, 1);
    event_set(event, 3, 2);
    event_set(event, 4, i % 3 + 1);
    event_set(event, 5, i % 3 + 1);
    event_set(event, 7, i % 3);
    event_set(event, 11, i % 3 * UINT64_C(5000000));
}

static int64_t now_ns(void)
{
    struct timespec now;
    check(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void pack_all(struct batch *batch)
{
    buffer_clear(&batch->bytes);
    for (uint32_t i = 0; i < EVENTS; i++) {
        struct event event;
        make_event(i, &event);
        size_t start = batch->bytes.size;
        check(codec_pack_event(&event, &batch->bytes) == STATUS_OK);
        batch->event[i].size = batch->bytes.size - start;
    }
    const uint8_t *at = batch->bytes.data;
    for (uint32_t i = 0; i < EVENTS; i++) {
        batch->event[i].data = at;
        at += batch->event[i].size;
    }
}

static uint64_t unpack_all(const struct batch *batch)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < EVENTS; i++) {
        struct event event;
        codec_unpack_event(batch->event[i], &event);
        check(event.fault == EVENT_FAULT_NONE);
        sum += event_get(&event, 1);
    }
    return sum;
}

int main(void)
{
    static struct batch batch;
    int64_t pack_best = INT64_MAX;
    int64_t unpack_best = INT64_MAX;
    uint64_t sum = 0;
    buffer_init(&batch.bytes, EVENTS * EVENT_BYTES_MAX);
    for (unsigned round = 0; round < ROUNDS; round++) {
        int64_t start = now_ns();
        pack_all(&batch);
        int64_t packed = now_ns();
        sum += unpack_all(&batch);
        int64_t unpacked = now_ns();
        pack_best = packed - start < pack_best ? packed - start : pack_best;
        unpack_best =
            unpacked - packed < unpack_best ? unpacked - packed : unpack_best;
    }
    check(sum != 0);
    printf("bytes an event   %.1f\n", (double)batch.bytes.size / EVENTS);
    printf("pack ns/event    %.1f\n", (double)pack_best / EVENTS);
    printf("unpack ns/event  %.1f\n", (double)unpack_best / EVENTS);
    buffer_fini(&batch.bytes);
    return 0;
}
