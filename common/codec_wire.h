/* codec_wire - what the files of the wire codec share, and nobody else needs.
 *
 * Flow     wire.h <-> [codec_wire] <-> protobuf-c
 * Threads  as in wire.h.
 */
#ifndef TALLYLINE_COMMON_CODEC_WIRE_H
#define TALLYLINE_COMMON_CODEC_WIRE_H

#include <protobuf-c/protobuf-c.h>

#include "common/wire.h"

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
