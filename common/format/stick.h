/* stick - the line's messages in a file, carried by hand where no link is.
 *
 * Flow     spool -> [stick] -> N.up -> collector;  ledger -> [stick] -> N.down
 *          -> agent
 * Owns     an open file, its copy, and one message.
 * Threads  one at a time.
 * Limits   STICK_MESSAGE_MAX a message, STICK_MESSAGES_MAX a file.
 *
 * Layout (big-endian), version 1:
 *
 *   offset size
 *        0    4  "TLS1"
 *        4    1  version, 1
 *        5    1  way: 1 up, 2 down
 *        6    2  zero
 *        8   16  agent id
 *       24    4  agent number
 *       28    8  made_at, microseconds UTC
 *       36    n  messages: size (4), then so many bytes: crypto_box_seal() of
 *                the frames, each as size (4) and bytes; frame 0 is that of the
 *                line (wire.h)
 *     36+n    4  zero
 *                Ed25519 over "tallyline stick 1", a zero byte, the first 36
 *                bytes, and a hash: it begins as 32 zeros, and each message
 *                makes it SHA-256(hash, SHA-256(the message as it lies there))
 *
 * A file is encrypted for whom it is for, since sticks are lost, and signed by
 * who wrote it: the agent's key of batches, or the ledger's key. Batches and
 * documents in it carry their own signatures as well, so that nothing is
 * believed for having lain on a stick.
 *
 * Invariants
 *   I8   what comes in by a stick passes the same checks as by the link, and is
 *        what was signed, whatever the medium says when it is read again.
 *   I11  every size is checked before it is used.
 */
#ifndef TALLYLINE_COMMON_STICK_H
#define TALLYLINE_COMMON_STICK_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/file.h"
#include "common/base/status.h"
#include "common/format/sign.h"
#include "common/format/wire.h"

#define STICK_HEAD_BYTES   36u
#define STICK_MESSAGE_MAX  (WIRE_FRAMES_MAX * (WIRE_FRAME_BYTES_MAX + 4u))
#define STICK_MESSAGES_MAX 1000000u
/* tallyline-7.up, tallyline-7.down: names that every stick takes. */
#define STICK_PREFIX      "tallyline-"
#define STICK_UP_SUFFIX   ".up"
#define STICK_DOWN_SUFFIX ".down"

enum stick_way {
    STICK_UP = 1,  /* from an office */
    STICK_DOWN = 2 /* to it */
};

struct stick_head {
    enum stick_way way;
    struct random_id agent;
    uint32_t agent_number;
    int64_t made_at; /* microseconds UTC */
};

/* The file of an office in the folder. STATUS_INVALID: the path is too long. */
MUST_USE enum status stick_path(const char *folder, enum stick_way way,
                                uint32_t agent_number,
                                char path[FILE_PATH_MAX]);

/* ---- writing ---- */

struct stick_writer; /* opaque */

/* Begins "path.new". `to` is the reader's key. STATUS_INVALID: the path is too
 * long; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status stick_create(const char *path,
                                  const struct stick_head *head,
                                  const struct public_key *to,
                                  struct stick_writer **writer);
/* Adds a message. STATUS_FULL: no room there, or too many messages; STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status stick_put(struct stick_writer *writer,
                               const struct bytes frames[], size_t count);
/* Signs, and gives the file its name once it is on the medium. Frees the
 * writer in every case; as above. */
MUST_USE enum status stick_finish(struct stick_writer **writer,
                                  const struct sign_keys *keys);
/* Leaves nothing behind; takes NULL. */
void stick_abandon(struct stick_writer **writer);

/* ---- reading ---- */

struct stick_reader; /* opaque */

/* Reads the whole file once, without opening a message, into a file without a
 * name: the messages come from there. STATUS_NOT_FOUND; STATUS_INVALID: no such
 * file, or not all of one; STATUS_FULL: no room for the copy; STATUS_VERSION,
 * STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status stick_open(const char *path, struct stick_head *head,
                                struct stick_reader **reader);
/* Whether who has this key wrote it. STATUS_REFUSED. */
MUST_USE enum status stick_verify(const struct stick_reader *reader,
                                  const struct public_key *key);
/* The next message, valid until the next call. STATUS_NOT_FOUND behind the
 * last; STATUS_REFUSED: it is not for these keys; STATUS_INVALID, STATUS_IO. */
MUST_USE enum status stick_next(struct stick_reader *reader,
                                const struct curve_keys *keys,
                                struct bytes frames[WIRE_FRAMES_MAX],
                                size_t *count);
void stick_close(struct stick_reader **reader);

#endif
