/* sign - hashes (Nettle), signatures and the keys that make them (libsodium).
 *
 * Threads  any, after sign_init().
 *
 * Keys on disk are files of mode 0600 holding hex text; they are never logged
 * and are wiped from memory when they are freed.
 */
#ifndef TALLYLINE_COMMON_SIGN_H
#define TALLYLINE_COMMON_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

#define DIGEST_BYTES       32u /* SHA-256 */
#define SIGNATURE_BYTES    64u /* Ed25519 */
#define PUBLIC_KEY_BYTES   32u /* Ed25519 and CURVE */
#define SECRET_KEY_BYTES   64u /* Ed25519: seed and public key */
#define CURVE_SECRET_BYTES 32u
#define RANDOM_ID_BYTES    16u /* agents and epochs */

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};
struct signature {
    uint8_t bytes[SIGNATURE_BYTES];
};
struct public_key {
    uint8_t bytes[PUBLIC_KEY_BYTES];
};
struct sign_keys {
    struct public_key public_key;
    uint8_t secret[SECRET_KEY_BYTES];
};
struct curve_keys {
    struct public_key public_key;
    uint8_t secret[CURVE_SECRET_BYTES];
};
struct random_id {
    uint8_t bytes[RANDOM_ID_BYTES];
};

/* Once, first thing in main(). Aborts when the system has no randomness. */
void sign_init(void);
void digest_bytes(struct bytes data, struct digest *digest);
bool digest_equal(const struct digest *a, const struct digest *b);
void random_id_make(struct random_id *id);
bool random_id_equal(const struct random_id *a, const struct random_id *b);
bool public_key_equal(const struct public_key *a, const struct public_key *b);

void sign_keys_make(struct sign_keys *keys);
void curve_keys_make(struct curve_keys *keys);
void sign_keys_wipe(struct sign_keys *keys);
void curve_keys_wipe(struct curve_keys *keys);
/* Signs context, a zero byte and data: a signature made for one purpose is
 * worth nothing for another. `context` is a short text. */
void sign_make(const struct sign_keys *keys, const char *context,
               struct bytes data, struct signature *signature);
MUST_USE bool sign_verify(const struct public_key *key, const char *context,
                          struct bytes data, const struct signature *signature);
/* Ed25519 over `data` as it stands, for formats that others have laid down
 * (note.h). It holds no zero byte, so that it is worth nothing as a signature
 * of the kind above; anything else is our bug. */
void sign_make_plain(const struct sign_keys *keys, struct bytes data,
                     struct signature *signature);
MUST_USE bool sign_verify_plain(const struct public_key *key, struct bytes data,
                                const struct signature *signature);

/* Encrypts for the owner of a CURVE key, by crypto_box_seal() of libsodium: it
 * gets CURVE_SEAL_BYTES longer, and by whom does not show. Appends to `out`, as
 * every buffer does. */
#define CURVE_SEAL_BYTES 48u
MUST_USE enum status curve_seal(const struct public_key *key,
                                struct bytes message, struct buffer *out);
/* STATUS_REFUSED: it is not for this key, or was changed. */
MUST_USE enum status curve_open(const struct curve_keys *keys,
                                struct bytes sealed, struct buffer *out);

/* Key files. Writing: new file, mode 0600, fsynced, never over an old one
 * (STATUS_EXISTS). Reading: STATUS_NOT_FOUND, STATUS_INVALID when the content
 * is no key, STATUS_REFUSED when others may read the file. */
MUST_USE enum status sign_keys_save(const char *path,
                                    const struct sign_keys *keys);
MUST_USE enum status sign_keys_load(const char *path, struct sign_keys *keys);
MUST_USE enum status curve_keys_save(const char *path,
                                     const struct curve_keys *keys);
MUST_USE enum status curve_keys_load(const char *path, struct curve_keys *keys);

#endif
