/* note - text with signatures below it, as C2SP signed-note lays it down.
 *
 * Flow     checkpoint -> [note] <-> disk, link, files that people keep
 * Owns     nothing: an open note borrows the bytes that it was read from.
 * Threads  any; pure.
 * Limits   NOTE_BYTES_MAX a note, NOTE_SIGNATURES_MAX signatures in it,
 *          NOTE_LINE_MAX a line of a signature, NOTE_NAME_MAX a name.
 *
 *   TEXT                            one line or more, UTF-8
 *                                   one empty line
 *   — NAME base64(id || signature)  one line or more
 *
 * The id is the first four bytes of SHA-256(NAME || "\n" || type || key). Two
 * types are made and checked here: 1 is Ed25519 over the text; 4 is the
 * cosignature of a witness, 8 bytes of POSIX time and Ed25519 over
 * "cosignature/v1\ntime TIME\n" and the text. Signatures by other keys and of
 * other types are passed by.
 *
 * Invariants
 *   I11  every count and size is bounded before it is used.
 */
#ifndef TALLYLINE_COMMON_NOTE_H
#define TALLYLINE_COMMON_NOTE_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define NOTE_BYTES_MAX      (256u * 1024u)
#define NOTE_SIGNATURES_MAX 1024u
#define NOTE_LINE_MAX       8192u /* longer than any signature in use */
#define NOTE_NAME_MAX       256u  /* with the closing zero */
#define NOTE_ID_BYTES       4u
/* Room for one line of note_key_write(), and for one signature of ours. */
#define NOTE_KEY_TEXT_MAX       (NOTE_NAME_MAX + 64u)
#define NOTE_SIGNATURE_TEXT_MAX (NOTE_NAME_MAX + 128u)

enum note_type {
    NOTE_ED25519 = 1,
    NOTE_COSIGNATURE = 4
};

/* Whose signature: a name and a key that the reader knows beforehand. */
struct note_key {
    char name[NOTE_NAME_MAX];
    enum note_type type;
    struct public_key key;
    uint8_t id[NOTE_ID_BYTES];
};

/* STATUS_INVALID: the name is empty or too long, or holds a plus sign, a blank
 * or anything else that is not printable ASCII. */
MUST_USE enum status note_key_make(const char *name, enum note_type type,
                                   const struct public_key *key,
                                   struct note_key *out);
/* The key as one line without its end, for files: NAME+ID+base64(type||key),
 * the id in hex. STATUS_FULL, STATUS_MEMORY as for every buffer. */
MUST_USE enum status note_key_write(const struct note_key *key,
                                    struct buffer *out);
/* The same line with its end, for a command that prints keys. STATUS_INVALID
 * as of note_key_make(). */
MUST_USE enum status note_key_print(const char *name, enum note_type type,
                                    const struct public_key *key, FILE *out);
/* STATUS_INVALID: not such a line, or the id is not that of name and key;
 * STATUS_VERSION: of another type. */
MUST_USE enum status note_key_read(struct bytes line, struct note_key *out);

/* ---- writing ---- */

/* Appends a whole note: `text`, which ends with a line's end and holds no
 * control character beside, the empty line and one signature. The name is
 * good and the text is, anything else is our bug. STATUS_FULL, STATUS_MEMORY;
 * `out` is then as before. */
MUST_USE enum status note_sign(struct bytes text, const char *name,
                               const struct sign_keys *keys,
                               struct buffer *out);
/* A witness's signature of a note's text; `time` is in seconds since 1970. */
void note_cosign(struct bytes text, const struct sign_keys *keys, uint64_t time,
                 struct signature *signature);
MUST_USE bool note_cosigned(struct bytes text, const struct public_key *key,
                            uint64_t time, const struct signature *signature);
/* Appends that signature as one line to a note. STATUS_INVALID for a name that
 * is not good; STATUS_FULL, STATUS_MEMORY. */
MUST_USE enum status note_append_cosignature(struct buffer *note,
                                             const char *name,
                                             const struct public_key *key,
                                             uint64_t time,
                                             const struct signature *signature);

/* ---- reading ---- */

/* A note whose shape was checked, none of its signatures. */
struct note {
    struct bytes text;       /* with the end of its last line */
    struct bytes signatures; /* the lines below */
    size_t count;            /* of signatures */
};

/* STATUS_INVALID: no note, or beyond a limit. The spans are valid as long as
 * the bytes are. */
MUST_USE enum status note_open(struct bytes bytes, struct note *note);
/* Looks for signatures by this key. STATUS_OK: there is one, and every one of
 * them fits; `time` (may be NULL) is that of the last cosignature, in seconds,
 * and 0 for type 1. STATUS_NOT_FOUND: this key has not signed. STATUS_REFUSED:
 * a signature in its name does not fit, the note is worth nothing. */
MUST_USE enum status note_verify(const struct note *note,
                                 const struct note_key *key, uint64_t *time);

#endif
