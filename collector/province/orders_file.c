/* Failure modes: those of a file that is carried. What is not whole is told
 * before a record is used. */
#include "collector/province/orders_file.h"

#include "common/base/check.h"
#include "common/format/carried.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC        "TLO1"
#define MAGIC_BYTES  4u
#define VERSION      1u
#define CONTEXT      "tallyline orders 1"
#define RECORD_BYTES 5u /* kind and size, before the bytes */

struct orders_file_writer {
    struct carried_writer file;
    struct digest hash;
    uint32_t records;
    struct buffer record;
};

struct orders_file_reader {
    struct carried_reader file;
    struct digest hash;
    struct signature signature;
    struct buffer record;
};

/* ---- writing ---- */

/* Whether nothing would be lost: no file there, or an older one of this kind.
 */
static bool may_replace(const char *path)
{
    char magic[MAGIC_BYTES];
    FILE *file = fopen(path, "rbe");
    bool ours;

    if (file == NULL) {
        return errno == ENOENT || errno == ENAMETOOLONG;
    }
    ours = fread(magic, 1, sizeof magic, file) == sizeof magic &&
           memcmp(magic, MAGIC, sizeof magic) == 0;
    (void)fclose(file);
    return ours;
}

static void write_head(const struct orders_file_head *head,
                       uint8_t out[ORDERS_FILE_HEAD_BYTES])
{
    memset(out, 0, ORDERS_FILE_HEAD_BYTES);
    memcpy(out, MAGIC, MAGIC_BYTES);
    out[4] = VERSION;
    memcpy(out + 8, head->ledger_id.bytes, RANDOM_ID_BYTES);
    bytes_put_u64(out + 24, head->entries);
    bytes_put_u64(out + 32, (uint64_t)head->made_at);
}

enum status orders_file_create(const char *path,
                               const struct orders_file_head *head,
                               struct orders_file_writer **writer)
{
    struct orders_file_writer *self;
    uint8_t out[ORDERS_FILE_HEAD_BYTES];
    enum status status;

    *writer = NULL;
    if (!may_replace(path)) {
        return STATUS_EXISTS;
    }
    self = calloc(1, sizeof *self);
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    buffer_init(&self->record, RECORD_BYTES + CONTROL_BYTES_MAX);
    write_head(head, out);
    digest_bytes((struct bytes){out, sizeof out}, &self->hash);
    /* Batches in it are for nobody else's eyes. */
    status = carried_create(&self->file, path, 0600);
    if (status == STATUS_OK) {
        status = carried_put(&self->file, out, sizeof out);
    }
    if (status != STATUS_OK) {
        orders_file_abandon(&self);
    }
    *writer = self;
    return status;
}

enum status orders_file_put(struct orders_file_writer *writer,
                            enum orders_file_kind kind, struct bytes bytes)
{
    enum status status;

    check(bytes.size > 0 && bytes.size <= CONTROL_BYTES_MAX);
    if (writer->records == ORDERS_FILE_RECORDS_MAX) {
        return STATUS_FULL;
    }
    buffer_clear(&writer->record);
    status = buffer_u8(&writer->record, (uint8_t)kind);
    if (status == STATUS_OK) {
        status = buffer_u32(&writer->record, (uint32_t)bytes.size);
    }
    if (status == STATUS_OK) {
        status = buffer_append(&writer->record, bytes);
    }
    if (status == STATUS_OK) {
        status = carried_put(&writer->file, writer->record.data,
                             writer->record.size);
    }
    carried_chain(&writer->hash, buffer_bytes(&writer->record));
    writer->records++;
    return status;
}

enum status orders_file_finish(struct orders_file_writer **writer,
                               const struct sign_keys *administrator)
{
    static const uint8_t end[RECORD_BYTES];
    struct orders_file_writer *self = *writer;
    struct signature signature;
    enum status status = carried_put(&self->file, end, sizeof end);

    sign_make(administrator, CONTEXT,
              (struct bytes){self->hash.bytes, DIGEST_BYTES}, &signature);
    if (status == STATUS_OK) {
        status = carried_put(&self->file, self->hash.bytes, DIGEST_BYTES);
    }
    if (status == STATUS_OK) {
        status = carried_put(&self->file, signature.bytes, SIGNATURE_BYTES);
    }
    if (status == STATUS_OK) {
        status = carried_finish(&self->file);
    }
    orders_file_abandon(writer);
    return status;
}

void orders_file_abandon(struct orders_file_writer **writer)
{
    if (*writer == NULL) {
        return;
    }
    carried_abandon(&(*writer)->file);
    buffer_fini(&(*writer)->record);
    free(*writer);
    *writer = NULL;
}

/* ---- reading ---- */

/* With kind and size in front; STATUS_NOT_FOUND: the end mark. */
static enum status read_record(struct orders_file_reader *reader)
{
    uint8_t *at = NULL;
    uint32_t size;
    enum status status;

    buffer_clear(&reader->record);
    status = buffer_extend(&reader->record, RECORD_BYTES, &at);
    if (status == STATUS_OK) {
        status = carried_get(&reader->file, at, RECORD_BYTES);
    }
    if (status != STATUS_OK) {
        return status;
    }
    size = bytes_get_u32(at + 1);
    if (at[0] == 0 && size == 0) {
        return STATUS_NOT_FOUND;
    }
    if (at[0] == 0 || size == 0 || size > CONTROL_BYTES_MAX) {
        return STATUS_INVALID;
    }
    status = buffer_extend(&reader->record, size, &at);
    return status == STATUS_OK ? carried_get(&reader->file, at, size) : status;
}

static enum status read_head(struct orders_file_reader *reader,
                             struct orders_file_head *head)
{
    uint8_t in[ORDERS_FILE_HEAD_BYTES];
    enum status status = carried_get(&reader->file, in, sizeof in);

    if (status != STATUS_OK) {
        return status;
    }
    if (memcmp(in, MAGIC, MAGIC_BYTES) != 0) {
        return STATUS_INVALID;
    }
    if (in[4] != VERSION) {
        return STATUS_VERSION;
    }
    if (in[5] != 0 || in[6] != 0 || in[7] != 0) {
        return STATUS_INVALID;
    }
    memcpy(head->ledger_id.bytes, in + 8, RANDOM_ID_BYTES);
    head->entries = bytes_get_u64(in + 24);
    head->made_at = (int64_t)bytes_get_u64(in + 32);
    digest_bytes((struct bytes){in, sizeof in}, &reader->hash);
    return STATUS_OK;
}

/* Behind the end mark: the hash over all, the signature, and nothing more. */
static enum status read_end(struct orders_file_reader *reader)
{
    struct digest hash;
    enum status status = carried_get(&reader->file, hash.bytes, DIGEST_BYTES);

    if (status == STATUS_OK) {
        status = carried_get(&reader->file, reader->signature.bytes,
                             SIGNATURE_BYTES);
    }
    if (status == STATUS_OK && (!digest_equal(&hash, &reader->hash) ||
                                !carried_at_end(&reader->file))) {
        status = STATUS_INVALID;
    }
    return status;
}

static enum status read_through(struct orders_file_reader *reader,
                                struct orders_file_head *head)
{
    enum status status = read_head(reader, head);

    for (uint32_t i = 0; status == STATUS_OK && i <= ORDERS_FILE_RECORDS_MAX;
         i++) {
        status = read_record(reader);
        if (status == STATUS_OK) {
            carried_chain(&reader->hash, buffer_bytes(&reader->record));
        }
    }
    if (status == STATUS_OK) {
        return STATUS_INVALID; /* too many */
    }
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = read_end(reader);
    /* I8: records are taken from what was read for the signature. */
    return status == STATUS_OK
               ? carried_turn(&reader->file, ORDERS_FILE_HEAD_BYTES)
               : status;
}

enum status orders_file_open(const char *path, struct orders_file_head *head,
                             struct orders_file_reader **reader)
{
    struct orders_file_reader *self = calloc(1, sizeof *self);
    enum status status;

    *reader = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    buffer_init(&self->record, RECORD_BYTES + CONTROL_BYTES_MAX);
    status = carried_open(&self->file, path);
    if (status == STATUS_OK) {
        status = read_through(self, head);
    } else if (status == STATUS_NOT_FOUND) {
        status = STATUS_NO_INPUT;
    }
    if (status != STATUS_OK) {
        orders_file_close(&self);
    }
    *reader = self;
    return status;
}

enum status orders_file_verify(const struct orders_file_reader *reader,
                               const struct public_key *administrator)
{
    return sign_verify(administrator, CONTEXT,
                       (struct bytes){reader->hash.bytes, DIGEST_BYTES},
                       &reader->signature)
               ? STATUS_OK
               : STATUS_REFUSED;
}

enum status orders_file_next(struct orders_file_reader *reader,
                             enum orders_file_kind *kind, struct bytes *bytes)
{
    enum status status = read_record(reader);

    if (status != STATUS_OK) {
        return status;
    }
    if (reader->record.data[0] > ORDERS_FILE_BATCH) {
        return STATUS_VERSION;
    }
    *kind = (enum orders_file_kind)reader->record.data[0];
    *bytes = (struct bytes){.data = reader->record.data + RECORD_BYTES,
                            .size = reader->record.size - RECORD_BYTES};
    return STATUS_OK;
}

enum status orders_file_again(struct orders_file_reader *reader)
{
    return carried_seek(&reader->file, ORDERS_FILE_HEAD_BYTES);
}

void orders_file_close(struct orders_file_reader **reader)
{
    if (*reader == NULL) {
        return;
    }
    carried_close(&(*reader)->file);
    buffer_fini(&(*reader)->record);
    free(*reader);
    *reader = NULL;
}
