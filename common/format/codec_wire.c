/* Frame 0 of the line as bytes. Packing fills in the generated structures on
 * the stack; unpacking lets protobuf-c build its tree in a budgeted arena and
 * copies it, value by value and each within its bounds, into the values of
 * wire.h. What is absent reads as 0 unless the message is worth nothing
 * without it. */
#include "common/format/wire.h"

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/format/codec_wire.h"
#include "uplink.pb-c.h"

#include <stdlib.h>
#include <string.h>

struct wire_codec {
    struct arena *arena;
    ProtobufCAllocator allocator;
};

static void *codec_alloc(void *arena, size_t size)
{
    return arena_give(arena, size);
}

static void codec_free(void *arena, void *memory)
{
    (void)arena;
    (void)memory; /* the arena takes everything back at once */
}

struct wire_codec *wire_codec_new(void)
{
    struct wire_codec *codec = malloc(sizeof *codec);

    if (codec == NULL) {
        return NULL;
    }
    if (arena_new(WIRE_ARENA_BYTES_MAX, &codec->arena) != STATUS_OK) {
        free(codec);
        return NULL;
    }
    codec->allocator = (ProtobufCAllocator){
        .alloc = codec_alloc,
        .free = codec_free,
        .allocator_data = codec->arena,
    };
    return codec;
}

void wire_codec_free(struct wire_codec **codec)
{
    if (*codec != NULL) {
        arena_free(&(*codec)->arena);
        free(*codec);
        *codec = NULL;
    }
}

void *wire_codec_take(struct wire_codec *codec, size_t size)
{
    return arena_give(codec->arena, size);
}

ProtobufCMessage *wire_codec_unpack(struct wire_codec *codec,
                                    const ProtobufCMessageDescriptor *what,
                                    struct bytes data)
{
    arena_clear(codec->arena);
    return protobuf_c_message_unpack(what, &codec->allocator, data.size,
                                     data.data);
}

enum status wire_codec_pack(const ProtobufCMessage *message, struct buffer *out)
{
    uint8_t *room;
    enum status status =
        buffer_extend(out, protobuf_c_message_get_packed_size(message), &room);

    if (status == STATUS_OK) {
        (void)protobuf_c_message_pack(message, room);
    }
    return status;
}

/* ---- packing what goes up ---- */

static enum status pack_join(const struct wire_join *join, struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Join message = TALLYLINE__JOIN__INIT;

    SET_SPAN(message, agent_id, join->agent.bytes);
    SET_SPAN(message, epoch, join->epoch.bytes);
    SET_SPAN(message, curve_key, join->curve_key.bytes);
    SET_SPAN(message, sign_key, join->sign_key.bytes);
    SET_SPAN(message, proof, join->proof.bytes);
    up.join = &message;
    return wire_codec_pack(&up.base, out);
}

static enum status pack_rotate(const struct wire_rotate *rotate,
                               struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Rotate message = TALLYLINE__ROTATE__INIT;

    SET_SPAN(message, agent_id, rotate->agent.bytes);
    SET_SPAN(message, curve_key, rotate->curve_key.bytes);
    SET_SPAN(message, sign_key, rotate->sign_key.bytes);
    SET_SPAN(message, proof, rotate->proof.bytes);
    SET_SPAN(message, proof_old, rotate->proof_old.bytes);
    up.rotate = &message;
    return wire_codec_pack(&up.base, out);
}

static enum status pack_open_epoch(const struct wire_open_epoch *open_epoch,
                                   struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__OpenEpoch message = TALLYLINE__OPEN_EPOCH__INIT;

    SET_SPAN(message, agent_id, open_epoch->agent.bytes);
    SET_SPAN(message, epoch, open_epoch->epoch.bytes);
    SET_SPAN(message, previous, open_epoch->previous.bytes);
    SET_SPAN(message, proof, open_epoch->proof.bytes);
    up.open_epoch = &message;
    return wire_codec_pack(&up.base, out);
}

static enum status pack_hello(const struct wire_hello *hello,
                              struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Hello message = TALLYLINE__HELLO__INIT;
    Tallyline__HaveDocument have[WIRE_HAVE_MAX];
    Tallyline__HaveDocument *list[WIRE_HAVE_MAX];

    check(hello->have_count <= WIRE_HAVE_MAX);
    for (size_t i = 0; i < hello->have_count; i++) {
        tallyline__have_document__init(&have[i]);
        have[i].name = codec_text(hello->have[i].name);
        SET_SPAN(have[i], digest, hello->have[i].digest.bytes);
        list[i] = &have[i];
    }
    SET(message, protocol, hello->protocol);
    SET(message, capabilities, hello->capabilities);
    SET_SPAN(message, agent_id, hello->agent.bytes);
    SET_SPAN(message, epoch, hello->epoch.bytes);
    message.software = codec_text(hello->software);
    SET(message, next_seq, hello->next_seq);
    SET(message, now, hello->now);
    message.has_checkpoint = hello->checkpoint.size > 0;
    message.checkpoint = codec_note_span(&hello->checkpoint);
    SET(message, next_control, hello->next_control);
    SET(message, last_index, hello->last_index);
    if (hello->follows_breaks) {
        SET_SPAN(message, last_break, hello->last_break.bytes);
    }
    message.n_documents = hello->have_count;
    message.documents = list;
    up.hello = &message;
    return wire_codec_pack(&up.base, out);
}

static enum status pack_agent_heartbeat(
    const struct wire_agent_heartbeat *heartbeat, struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__AgentHeartbeat message = TALLYLINE__AGENT_HEARTBEAT__INIT;

    SET(message, next_seq, heartbeat->next_seq);
    SET(message, waiting, heartbeat->waiting);
    SET(message, oldest_waiting, heartbeat->oldest_waiting);
    SET(message, bytes_used, heartbeat->bytes_used);
    SET(message, bytes_total, heartbeat->bytes_total);
    SET(message, now, heartbeat->now);
    message.has_frozen = heartbeat->frozen != 0;
    message.frozen = heartbeat->frozen;
    up.heartbeat = &message;
    return wire_codec_pack(&up.base, out);
}

static enum status pack_compare(const struct wire_compare *compare,
                                struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Compare message = TALLYLINE__COMPARE__INIT;

    SET_SPAN(message, agent_id, compare->agent.bytes);
    SET_SPAN(message, epoch, compare->epoch.bytes);
    SET(message, first_seq, compare->first_seq);
    SET(message, count, compare->count);
    SET_SPAN(message, digest, compare->digest.bytes);
    up.compare = &message;
    return wire_codec_pack(&up.base, out);
}

/* The entries as protobuf-c wants them. */
size_t codec_pair_spans(const struct wire_pairs *pairs,
                        ProtobufCBinaryData spans[WIRE_PAIRS_MAX])
{
    check(pairs->count <= WIRE_PAIRS_MAX);
    for (size_t i = 0; i < pairs->count; i++) {
        spans[i] = SPAN(pairs->entries[i]);
    }
    return pairs->count;
}

static enum status pack_returned(const struct wire_pairs *returned,
                                 struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Returned message = TALLYLINE__RETURNED__INIT;
    ProtobufCBinaryData spans[WIRE_PAIRS_MAX];

    message.n_entries = codec_pair_spans(returned, spans);
    message.entries = spans;
    message.has_done_to = returned->has_done;
    message.done_to = returned->done_to;
    up.returned = &message;
    return wire_codec_pack(&up.base, out);
}

static enum status pack_taken(const struct wire_taken *taken,
                              struct buffer *out)
{
    Tallyline__Up up = TALLYLINE__UP__INIT;
    Tallyline__Taken message = TALLYLINE__TAKEN__INIT;

    SET(message, purpose, taken->purpose);
    SET(message, done_to, taken->done_to);
    up.taken = &message;
    return wire_codec_pack(&up.base, out);
}

enum status wire_pack_up(const struct wire_up *up, struct buffer *out)
{
    Tallyline__Up plain = TALLYLINE__UP__INIT;
    Tallyline__Batches batches = TALLYLINE__BATCHES__INIT;

    switch (up->kind) {
    case WIRE_UP_JOIN:
        return pack_join(&up->join, out);
    case WIRE_UP_ROTATE:
        return pack_rotate(&up->rotate, out);
    case WIRE_UP_OPEN_EPOCH:
        return pack_open_epoch(&up->open_epoch, out);
    case WIRE_UP_HELLO:
        return pack_hello(&up->hello, out);
    case WIRE_UP_HEARTBEAT:
        return pack_agent_heartbeat(&up->heartbeat, out);
    case WIRE_UP_COMPARE:
        return pack_compare(&up->compare, out);
    case WIRE_UP_RETURNED:
        return pack_returned(&up->returned, out);
    case WIRE_UP_TAKEN:
        return pack_taken(&up->taken, out);
    case WIRE_UP_COSIGN:
    case WIRE_UP_OBJECTION:
    case WIRE_UP_PROOF_WANTED:
        return codec_pack_witness_up(up, out);
    case WIRE_UP_BATCHES:
        break;
    }
    check(up->kind == WIRE_UP_BATCHES);
    plain.batches = &batches;
    return wire_codec_pack(&plain.base, out);
}
