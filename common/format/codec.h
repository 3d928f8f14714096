/* codec - events, control documents and link messages as bytes.
 *
 * Only common/format/codec_*.c include generated code. Events are packed by
 * protobuf-c; they are read by a table-driven reader over protobuf-c's own
 * descriptors, which sees what protobuf_c_message_unpack() hides: a field
 * twice, two bodies, how many bytes are unknown. A differential fuzzer holds
 * the two against each other.
 */
#ifndef TALLYLINE_CODEC_H
#define TALLYLINE_CODEC_H

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/event.h"

/* Appends the event's bytes. STATUS_INVALID when it is larger than
 * EVENT_BYTES_MAX, STATUS_FULL when the buffer's limit is reached. */
MUST_USE enum status codec_pack_event(const struct event *event,
                                      struct buffer *out);
/* Reads one event. Never fails: what is wrong stands in `event->fault`, which
 * is an outcome of the fold and no reason to refuse a batch (I6). */
void codec_unpack_event(struct bytes data, struct event *event);

#endif
