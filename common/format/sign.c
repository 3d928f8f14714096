/* Ed25519 signs one piece of memory, so context and data are put together
 * first; a copy costs a hundredth of the signature. Secrets that pass through
 * the stack are wiped before it is left. A batch is hashed again and again on
 * its way: Nettle's SHA-256 uses the processor's own instructions where there
 * are any, and is then five times as fast as libsodium's. */
#include "common/format/sign.h"

#include "common/base/check.h"
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONTEXT_BYTES_MAX 64u
#define KEY_TEXT_MAX      (BYTES_HEX_SIZE(SECRET_KEY_BYTES) + 1u)

_Static_assert(DIGEST_BYTES == SHA256_DIGEST_SIZE, "SHA-256");
_Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");
_Static_assert(PUBLIC_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(PUBLIC_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "CURVE");
_Static_assert(SECRET_KEY_BYTES == crypto_sign_SECRETKEYBYTES, "Ed25519");
_Static_assert(CURVE_SEAL_BYTES == crypto_box_SEALBYTES, "sealed");
_Static_assert(CURVE_SECRET_BYTES == crypto_box_SECRETKEYBYTES, "CURVE");

void sign_init(void)
{
    check(sodium_init() >= 0);
}

void digest_bytes(struct bytes data, struct digest *digest)
{
    struct sha256_ctx state;

    sha256_init(&state);
    sha256_update(&state, data.size, data.data);
    sha256_digest(&state, DIGEST_BYTES, digest->bytes);
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

void random_id_make(struct random_id *id)
{
    randombytes_buf(id->bytes, RANDOM_ID_BYTES);
}

bool random_id_equal(const struct random_id *a, const struct random_id *b)
{
    return memcmp(a->bytes, b->bytes, RANDOM_ID_BYTES) == 0;
}

bool public_key_equal(const struct public_key *a, const struct public_key *b)
{
    return memcmp(a->bytes, b->bytes, PUBLIC_KEY_BYTES) == 0;
}

void sign_keys_make(struct sign_keys *keys)
{
    check(crypto_sign_keypair(keys->public_key.bytes, keys->secret) == 0);
}

void curve_keys_make(struct curve_keys *keys)
{
    check(crypto_box_keypair(keys->public_key.bytes, keys->secret) == 0);
}

enum status curve_seal(const struct public_key *key, struct bytes message,
                       struct buffer *out)
{
    uint8_t *at = NULL;
    enum status rc =
        buffer_extend(out, message.size + crypto_box_SEALBYTES, &at);

    if (rc == STATUS_OK) {
        check(crypto_box_seal(at, message.data, message.size, key->bytes) == 0);
    }
    return rc;
}

enum status curve_open(const struct curve_keys *keys, struct bytes sealed,
                       struct buffer *out)
{
    size_t before = out->size;
    uint8_t *at = NULL;
    enum status rc;

    if (sealed.size < crypto_box_SEALBYTES) {
        return STATUS_REFUSED;
    }
    rc = buffer_extend(out, sealed.size - crypto_box_SEALBYTES, &at);
    if (rc == STATUS_OK &&
        crypto_box_seal_open(at, sealed.data, sealed.size,
                             keys->public_key.bytes, keys->secret) != 0) {
        buffer_truncate(out, before);
        rc = STATUS_REFUSED;
    }
    return rc;
}

void sign_keys_wipe(struct sign_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

void curve_keys_wipe(struct curve_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

/* Context, zero byte and data in one piece, as Ed25519 needs them. Heap. */
static uint8_t *join_message(const char *context, struct bytes data,
                             size_t *size)
{
    size_t context_size = strlen(context);
    check(context_size <= CONTEXT_BYTES_MAX);
    check(data.size <= SIZE_MAX - CONTEXT_BYTES_MAX - 1);
    *size = context_size + 1 + data.size;
    uint8_t *message = malloc(*size);
    check(message != NULL);
    memcpy(message, context, context_size + 1);
    if (data.size > 0) {
        memcpy(message + context_size + 1, data.data, data.size);
    }
    return message;
}

void sign_make(const struct sign_keys *keys, const char *context,
               struct bytes data, struct signature *signature)
{
    size_t size = 0;
    uint8_t *message = join_message(context, data, &size);
    check(crypto_sign_detached(signature->bytes, NULL, message, size,
                               keys->secret) == 0);
    free(message);
}

bool sign_verify(const struct public_key *key, const char *context,
                 struct bytes data, const struct signature *signature)
{
    size_t size = 0;
    uint8_t *message = join_message(context, data, &size);
    bool fits = crypto_sign_verify_detached(signature->bytes, message, size,
                                            key->bytes) == 0;
    free(message);
    return fits;
}

void sign_make_plain(const struct sign_keys *keys, struct bytes data,
                     struct signature *signature)
{
    check(data.size > 0 && memchr(data.data, '\0', data.size) == NULL);
    check(crypto_sign_detached(signature->bytes, NULL, data.data, data.size,
                               keys->secret) == 0);
}

bool sign_verify_plain(const struct public_key *key, struct bytes data,
                       const struct signature *signature)
{
    return data.size > 0 && memchr(data.data, '\0', data.size) == NULL &&
           crypto_sign_verify_detached(signature->bytes, data.data, data.size,
                                       key->bytes) == 0;
}

static enum status save_secret(const char *path, struct bytes secret)
{
    char text[KEY_TEXT_MAX];
    enum status status = bytes_to_hex(secret, text, sizeof text - 1);
    check(status == STATUS_OK);
    size_t size = strlen(text);
    text[size++] = '\n';
    status = file_create(path, (struct bytes){(const uint8_t *)text, size});
    sodium_memzero(text, sizeof text);
    return status;
}

static enum status load_secret(const char *path, uint8_t *secret, size_t size)
{
    enum status status = STATUS_OK;
    char text[KEY_TEXT_MAX + 1];
    size_t key_size = 0;
    struct stat about;

    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    ssize_t got = 0;
    if (fstat(fd, &about) != 0) {
        status = STATUS_IO;
    } else if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        status = STATUS_REFUSED;
    } else {
        got = read(fd, text, sizeof text - 1);
        status = got < 0 ? STATUS_IO : STATUS_OK;
    }
    (void)close(fd);
    if (status == STATUS_OK) {
        text[got] = '\0';
        if (got > 0 && text[got - 1] == '\n') {
            text[got - 1] = '\0';
        }
        if (bytes_from_hex(text, secret, size, &key_size) != STATUS_OK ||
            key_size != size) {
            status = STATUS_INVALID;
        }
    }
    sodium_memzero(text, sizeof text);
    return status;
}

enum status sign_keys_save(const char *path, const struct sign_keys *keys)
{
    return save_secret(path, (struct bytes){keys->secret, SECRET_KEY_BYTES});
}

enum status sign_keys_load(const char *path, struct sign_keys *keys)
{
    uint8_t secret[SECRET_KEY_BYTES];
    enum status status = load_secret(path, keys->secret, SECRET_KEY_BYTES);
    /* The second half is the public key: it must be that of the seed. */
    if (status == STATUS_OK) {
        check(crypto_sign_seed_keypair(keys->public_key.bytes, secret,
                                       keys->secret) == 0);
        if (memcmp(secret, keys->secret, SECRET_KEY_BYTES) != 0) {
            status = STATUS_INVALID;
        }
        sodium_memzero(secret, sizeof secret);
    }
    if (status != STATUS_OK) {
        sign_keys_wipe(keys);
    }
    return status;
}

enum status curve_keys_save(const char *path, const struct curve_keys *keys)
{
    return save_secret(path, (struct bytes){keys->secret, CURVE_SECRET_BYTES});
}

enum status curve_keys_load(const char *path, struct curve_keys *keys)
{
    enum status status = load_secret(path, keys->secret, CURVE_SECRET_BYTES);
    if (status == STATUS_OK) {
        check(crypto_scalarmult_base(keys->public_key.bytes, keys->secret) ==
              0);
    } else {
        curve_keys_wipe(keys);
    }
    return status;
}
