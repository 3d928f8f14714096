#include "bench/sealer.h"

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/format/codec.h"

#include <stdlib.h>

struct sealer *sealer_new(const struct rig_office *office,
                          struct workload_stream *stream)
{
    struct sealer *sealer = calloc(1, sizeof *sealer);
    struct spool_identity identity;

    check(sealer != NULL);
    check(spool_identity(office->spool, &identity) == STATUS_OK);
    sealer->stream = stream;
    sealer->link = office->keys.curve.public_key;
    sealer->keys = office->keys.sign;
    sealer->next = (struct batch_header){
        .agent = identity.agent,
        .epoch = identity.epoch,
        .agent_number = identity.agent_number,
        .epoch_ordinal = identity.epoch_ordinal,
        .first_seq = 1,
    };
    sealer->codec = batch_codec_new();
    check(sealer->codec != NULL);
    buffer_init(&sealer->payload, BATCH_PAYLOAD_MAX);
    buffer_init(&sealer->event, EVENT_BYTES_MAX);
    for (size_t i = 0; i < SEALER_BATCHES_MAX; i++) {
        buffer_init(&sealer->batches[i], BATCH_BYTES_MAX);
    }
    return sealer;
}

void sealer_free(struct sealer **sealer)
{
    for (size_t i = 0; i < SEALER_BATCHES_MAX; i++) {
        buffer_fini(&(*sealer)->batches[i]);
    }
    buffer_fini(&(*sealer)->event);
    buffer_fini(&(*sealer)->payload);
    batch_codec_free(&(*sealer)->codec);
    sign_keys_wipe(&(*sealer)->keys);
    free(*sealer);
    *sealer = NULL;
}

/* The event behind its size, in groups of seven bits. */
static void add_event(struct sealer *sealer)
{
    struct event event;
    size_t size;

    workload_next(sealer->stream, &event);
    buffer_clear(&sealer->event);
    check(codec_pack_event(&event, &sealer->event) == STATUS_OK);
    for (size = sealer->event.size; size >= 0x80; size >>= 7) {
        check(buffer_u8(&sealer->payload, (uint8_t)(size | 0x80)) == STATUS_OK);
    }
    check(buffer_u8(&sealer->payload, (uint8_t)size) == STATUS_OK &&
          buffer_append(&sealer->payload, buffer_bytes(&sealer->event)) ==
              STATUS_OK);
}

void sealer_fill(struct sealer *sealer, uint32_t count)
{
    check(count <= SEALER_BATCHES_MAX);
    for (sealer->count = 0; sealer->count < count; sealer->count++) {
        struct buffer *out = &sealer->batches[sealer->count];
        struct batch_header header = sealer->next;

        buffer_clear(&sealer->payload);
        for (uint32_t i = 0; i < BATCH_EVENTS_MAX; i++) {
            add_event(sealer);
        }
        header.count = BATCH_EVENTS_MAX;
        header.sealed_at = clock_wall_us(clock_real());
        check(batch_seal(sealer->codec, &header, buffer_bytes(&sealer->payload),
                         &sealer->keys, out) == STATUS_OK);
        sealer->next.first_seq += header.count;
        digest_bytes(buffer_bytes(out), &sealer->next.previous);
    }
}
