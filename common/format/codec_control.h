/* codec_control - the body of a control document as bytes.
 *
 * Flow     control -> [codec_control] <-> generated code
 * Owns     nothing: what is read lives in the caller's arena.
 * Threads  any.
 * Limits   those of control.h.
 *
 * There is one form of each document: fields in order, none twice, nothing
 * that the schema does not know. What is read is packed again and compared.
 */
#ifndef TALLYLINE_CODEC_CONTROL_H
#define TALLYLINE_CODEC_CONTROL_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/control.h"

/* Appends the body's bytes. STATUS_INVALID: beyond the limits of control.h, or
 * a name that is no text; STATUS_FULL: `out` cannot hold it; STATUS_MEMORY. */
MUST_USE enum status codec_pack_control(const struct control *control,
                                        struct arena *arena,
                                        struct buffer *out);

/* Reads a body into `control`, but for `owned`. Byte ranges in it point into
 * `arena`. STATUS_INVALID; STATUS_VERSION: a version, a kind or a field that
 * this program does not know. */
MUST_USE enum status codec_unpack_control(struct bytes body,
                                          struct arena *arena,
                                          struct control *control);

#endif
