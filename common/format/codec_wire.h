/* codec_wire - what the files of the wire codec share, and nobody else needs.
 *
 * Flow     wire.h <-> [codec_wire] <-> protobuf-c
 * Threads  as in wire.h.
 */
#ifndef TALLYLINE_COMMON_CODEC_WIRE_H
#define TALLYLINE_COMMON_CODEC_WIRE_H

#include <protobuf-c/protobuf-c.h>

#include "common/format/wire.h"

/* protobuf-c wants pointers to what it only reads. */
#define SPAN(array)                                                 \
    (ProtobufCBinaryData)                                           \
    {                                                               \
        .data = (uint8_t *)(uintptr_t)(array), .len = sizeof(array) \
    }
#define SET(message, field, number) \
    ((message).has_##field = 1, (message).field = (number))
#define SET_SPAN(message, field, array) \
    ((message).has_##field = 1, (message).field = SPAN(array))

static inline char *codec_text(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* The entries of a message of pairs; returns how many there are. */
size_t codec_pair_spans(const struct wire_pairs *pairs,
                        ProtobufCBinaryData spans[WIRE_PAIRS_MAX]);

/* A note in a field of a message; false, or nothing set, when there is none or
 * it is too long. */
bool codec_read_note(protobuf_c_boolean has, ProtobufCBinaryData from,
                     struct wire_note *note);
ProtobufCBinaryData codec_note_span(const struct wire_note *note);

/* codec_wire_witness.c: what witnesses and proofs need. */
struct Tallyline__Up;
struct Tallyline__Down;
MUST_USE enum status codec_pack_witness_up(const struct wire_up *up,
                                           struct buffer *out);
MUST_USE enum status codec_pack_witness_down(const struct wire_down *down,
                                             struct buffer *out);
/* Whether one of their fields is set, and then `good` whether it is read. */
bool codec_read_witness_up(const struct Tallyline__Up *from, struct wire_up *up,
                           bool *good);
bool codec_read_witness_down(const struct Tallyline__Down *from,
                             struct wire_down *down, bool *good);

/* Room in the codec's arena, or NULL. */
void *wire_codec_take(struct wire_codec *codec, size_t size);

/* Empties the arena and unpacks into it. NULL: not such a message, or beyond
 * the arena's budget. */
ProtobufCMessage *wire_codec_unpack(struct wire_codec *codec,
                                    const ProtobufCMessageDescriptor *what,
                                    struct bytes data);

/* Appends a message. STATUS_FULL, STATUS_MEMORY. */
MUST_USE enum status wire_codec_pack(const ProtobufCMessage *message,
                                     struct buffer *out);

#endif
