/* Failure modes: those of a file that is carried. What is not whole, or is for
 * somebody else, is told before a message is used. */
#include "common/format/stick.h"

#include "common/base/check.h"
#include "common/format/carried.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC        "TLS1"
#define MAGIC_BYTES  4u
#define VERSION      1u
#define CONTEXT      "tallyline stick 1"
#define SIGNED_BYTES (STICK_HEAD_BYTES + DIGEST_BYTES)
#define SIZE_BYTES   4u
#define SEALED_MAX   (STICK_MESSAGE_MAX + CURVE_SEAL_BYTES)

/* What is signed: head, and the hash over all messages. */
struct seal {
    uint8_t bytes[SIGNED_BYTES];
};

struct stick_writer {
    struct carried_writer file;
    struct public_key to;
    struct seal seal;
    uint32_t messages;
    struct buffer plain, sealed;
};

struct stick_reader {
    struct carried_reader file;
    struct seal seal;
    struct signature signature;
    struct buffer plain, sealed;
};

/* ---- what is signed ---- */

static void write_head(const struct stick_head *head, struct seal *seal)
{
    uint8_t *out = seal->bytes;

    memset(seal, 0, sizeof *seal);
    memcpy(out, MAGIC, MAGIC_BYTES);
    out[4] = VERSION;
    out[5] = (uint8_t)head->way;
    memcpy(out + 8, head->agent.bytes, RANDOM_ID_BYTES);
    bytes_put_u32(out + 24, head->agent_number);
    bytes_put_u64(out + 28, (uint64_t)head->made_at);
}

static enum status read_head(const struct seal *seal, struct stick_head *head)
{
    const uint8_t *in = seal->bytes;

    if (memcmp(in, MAGIC, MAGIC_BYTES) != 0) {
        return STATUS_INVALID;
    }
    if (in[4] != VERSION) {
        return STATUS_VERSION;
    }
    if ((in[5] != STICK_UP && in[5] != STICK_DOWN) || in[6] != 0 ||
        in[7] != 0) {
        return STATUS_INVALID;
    }
    head->way = (enum stick_way)in[5];
    memcpy(head->agent.bytes, in + 8, RANDOM_ID_BYTES);
    head->agent_number = bytes_get_u32(in + 24);
    head->made_at = (int64_t)bytes_get_u64(in + 28);
    return STATUS_OK;
}

static void add_message(struct seal *seal, struct bytes sealed)
{
    struct digest hash;

    memcpy(hash.bytes, seal->bytes + STICK_HEAD_BYTES, DIGEST_BYTES);
    carried_chain(&hash, sealed);
    memcpy(seal->bytes + STICK_HEAD_BYTES, hash.bytes, DIGEST_BYTES);
}

enum status stick_path(const char *folder, enum stick_way way,
                       uint32_t agent_number, char path[FILE_PATH_MAX])
{
    int length = snprintf(
        path, FILE_PATH_MAX, "%s/" STICK_PREFIX "%" PRIu32 "%s", folder,
        agent_number, way == STICK_UP ? STICK_UP_SUFFIX : STICK_DOWN_SUFFIX);

    return length > 0 && (unsigned)length < FILE_PATH_MAX ? STATUS_OK
                                                          : STATUS_INVALID;
}

/* ---- writing ---- */

enum status stick_create(const char *path, const struct stick_head *head,
                         const struct public_key *to,
                         struct stick_writer **writer)
{
    struct stick_writer *self = calloc(1, sizeof *self);
    enum status rc;

    *writer = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    buffer_init(&self->plain, STICK_MESSAGE_MAX);
    buffer_init(&self->sealed, SEALED_MAX);
    self->to = *to;
    write_head(head, &self->seal);
    rc = carried_create(&self->file, path, 0666);
    if (rc == STATUS_OK) {
        rc = carried_put(&self->file, self->seal.bytes, STICK_HEAD_BYTES);
    }
    if (rc != STATUS_OK) {
        stick_abandon(&self);
    }
    *writer = self;
    return rc;
}

enum status stick_put(struct stick_writer *writer, const struct bytes frames[],
                      size_t count)
{
    uint8_t size[SIZE_BYTES];
    enum status rc = STATUS_OK;

    check(count > 0 && count <= WIRE_FRAMES_MAX);
    if (writer->messages == STICK_MESSAGES_MAX) {
        return STATUS_FULL;
    }
    buffer_clear(&writer->plain);
    buffer_clear(&writer->sealed);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        check(frames[i].size <= WIRE_FRAME_BYTES_MAX);
        rc = buffer_u32(&writer->plain, (uint32_t)frames[i].size);
        if (rc == STATUS_OK) {
            rc = buffer_append(&writer->plain, frames[i]);
        }
    }
    if (rc == STATUS_OK) {
        rc = curve_seal(&writer->to, buffer_bytes(&writer->plain),
                        &writer->sealed);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    bytes_put_u32(size, (uint32_t)writer->sealed.size);
    rc = carried_put(&writer->file, size, sizeof size);
    if (rc == STATUS_OK) {
        rc = carried_put(&writer->file, writer->sealed.data,
                         writer->sealed.size);
    }
    add_message(&writer->seal, buffer_bytes(&writer->sealed));
    writer->messages++;
    return rc;
}

enum status stick_finish(struct stick_writer **writer,
                         const struct sign_keys *keys)
{
    static const uint8_t end[SIZE_BYTES];
    struct stick_writer *self = *writer;
    struct signature signature;
    enum status rc = carried_put(&self->file, end, sizeof end);

    sign_make(keys, CONTEXT, (struct bytes){self->seal.bytes, SIGNED_BYTES},
              &signature);
    if (rc == STATUS_OK) {
        rc = carried_put(&self->file, signature.bytes, SIGNATURE_BYTES);
    }
    if (rc == STATUS_OK) {
        rc = carried_finish(&self->file);
    }
    stick_abandon(writer);
    return rc;
}

void stick_abandon(struct stick_writer **writer)
{
    if (*writer == NULL) {
        return;
    }
    carried_abandon(&(*writer)->file);
    buffer_fini(&(*writer)->plain);
    buffer_fini(&(*writer)->sealed);
    free(*writer);
    *writer = NULL;
}

/* ---- reading ---- */

/* A message as it lies there; STATUS_NOT_FOUND: the end mark. */
static enum status read_sealed(struct stick_reader *reader)
{
    uint8_t size_bytes[SIZE_BYTES];
    uint8_t *at = NULL;
    uint32_t size;
    enum status rc = carried_get(&reader->file, size_bytes, sizeof size_bytes);

    if (rc != STATUS_OK) {
        return rc;
    }
    size = bytes_get_u32(size_bytes);
    if (size == 0) {
        return STATUS_NOT_FOUND;
    }
    if (size <= CURVE_SEAL_BYTES || size > SEALED_MAX) {
        return STATUS_INVALID;
    }
    buffer_clear(&reader->sealed);
    rc = buffer_extend(&reader->sealed, size, &at);
    return rc == STATUS_OK ? carried_get(&reader->file, at, size) : rc;
}

/* All messages, and nothing behind the signature. */
static enum status read_through(struct stick_reader *reader,
                                struct stick_head *head)
{
    enum status rc =
        carried_get(&reader->file, reader->seal.bytes, STICK_HEAD_BYTES);

    if (rc == STATUS_OK) {
        rc = read_head(&reader->seal, head);
    }
    for (uint32_t i = 0; rc == STATUS_OK && i <= STICK_MESSAGES_MAX; i++) {
        rc = read_sealed(reader);
        if (rc == STATUS_OK) {
            add_message(&reader->seal, buffer_bytes(&reader->sealed));
        }
    }
    if (rc == STATUS_OK) {
        return STATUS_INVALID; /* too many */
    }
    if (rc != STATUS_NOT_FOUND) {
        return rc;
    }
    rc = carried_get(&reader->file, reader->signature.bytes, SIGNATURE_BYTES);
    if (rc == STATUS_OK && !carried_at_end(&reader->file)) {
        rc = STATUS_INVALID;
    }
    return rc;
}

enum status stick_open(const char *path, struct stick_head *head,
                       struct stick_reader **reader)
{
    struct stick_reader *self = calloc(1, sizeof *self);
    enum status rc;

    *reader = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    buffer_init(&self->plain, STICK_MESSAGE_MAX);
    buffer_init(&self->sealed, SEALED_MAX);
    rc = carried_open(&self->file, path);
    if (rc == STATUS_OK) {
        rc = read_through(self, head);
    } else if (rc == STATUS_NO_INPUT) {
        rc = STATUS_IO;
    }
    /* I8: messages are taken from what was read for the signature. */
    if (rc == STATUS_OK) {
        rc = carried_turn(&self->file, STICK_HEAD_BYTES);
    }
    if (rc != STATUS_OK) {
        stick_close(&self);
    }
    *reader = self;
    return rc;
}

enum status stick_verify(const struct stick_reader *reader,
                         const struct public_key *key)
{
    struct bytes data = {reader->seal.bytes, SIGNED_BYTES};

    return sign_verify(key, CONTEXT, data, &reader->signature) ? STATUS_OK
                                                               : STATUS_REFUSED;
}

static enum status part(struct bytes plain,
                        struct bytes frames[WIRE_FRAMES_MAX], size_t *count)
{
    struct reader reader;
    enum status rc = STATUS_OK;

    reader_init(&reader, plain);
    *count = 0;
    while (rc == STATUS_OK && reader.left.size > 0) {
        uint32_t size = 0;

        rc = *count == WIRE_FRAMES_MAX ? STATUS_INVALID
                                       : reader_u32(&reader, &size);
        if (rc == STATUS_OK && size > WIRE_FRAME_BYTES_MAX) {
            rc = STATUS_INVALID;
        }
        if (rc == STATUS_OK) {
            rc = reader_span(&reader, size, &frames[*count]);
        }
        *count += rc == STATUS_OK;
    }
    return rc == STATUS_OK && *count == 0 ? STATUS_INVALID : rc;
}

enum status stick_next(struct stick_reader *reader,
                       const struct curve_keys *keys,
                       struct bytes frames[WIRE_FRAMES_MAX], size_t *count)
{
    enum status rc = read_sealed(reader);

    buffer_clear(&reader->plain);
    if (rc == STATUS_OK) {
        rc = curve_open(keys, buffer_bytes(&reader->sealed), &reader->plain);
    }
    return rc == STATUS_OK ? part(buffer_bytes(&reader->plain), frames, count)
                           : rc;
}

void stick_close(struct stick_reader **reader)
{
    if (*reader == NULL) {
        return;
    }
    carried_close(&(*reader)->file);
    buffer_fini(&(*reader)->plain);
    buffer_fini(&(*reader)->sealed);
    free(*reader);
    *reader = NULL;
}
