/* Failure modes: a medium that is full or pulled out while the file is written,
 * one that was copied in part, or changed. What was not finished has no name
 * that anybody reads, and what is not whole is told before a record is used. */
#include "collector/province/orders_file.h"

#include "common/base/check.h"
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC        "TLO1"
#define MAGIC_BYTES  4u
#define VERSION      1u
#define CONTEXT      "tallyline orders 1"
#define NEW_SUFFIX   ".new"
#define RECORD_BYTES 5u /* kind and size, before the bytes */

struct orders_file_writer {
    char path[FILE_PATH_MAX];
    char made[FILE_PATH_MAX];
    FILE *file;
    struct digest hash;
    uint32_t records;
    struct buffer record;
};

struct orders_file_reader {
    FILE *file;
    FILE *copy; /* of what is read for the signature; NULL: `file` is it */
    struct digest hash;
    struct signature signature;
    struct buffer record;
};

static void add_record(struct digest *hash, struct bytes record)
{
    uint8_t both[2 * DIGEST_BYTES];
    struct digest digest;

    digest_bytes(record, &digest);
    memcpy(both, hash->bytes, DIGEST_BYTES);
    memcpy(both + DIGEST_BYTES, digest.bytes, DIGEST_BYTES);
    digest_bytes((struct bytes){both, sizeof both}, hash);
}

/* ---- writing ---- */

static enum status put(struct orders_file_writer *writer, const void *data,
                       size_t size)
{
    if (fwrite(data, 1, size, writer->file) == size) {
        return STATUS_OK;
    }
    return errno == ENOSPC || errno == EFBIG ? STATUS_FULL : STATUS_IO;
}

/* Whether nothing would be lost: no file there, or an older one of this kind.
 */
static bool may_replace(const char *path)
{
    char magic[MAGIC_BYTES];
    FILE *file = fopen(path, "rbe");
    bool ours;

    if (file == NULL) {
        return errno == ENOENT;
    }
    ours = fread(magic, 1, sizeof magic, file) == sizeof magic &&
           memcmp(magic, MAGIC, sizeof magic) == 0;
    (void)fclose(file);
    return ours;
}

static enum status begin(struct orders_file_writer *writer,
                         const struct orders_file_head *head)
{
    uint8_t out[ORDERS_FILE_HEAD_BYTES] = {0};
    int fd;

    memcpy(out, MAGIC, MAGIC_BYTES);
    out[4] = VERSION;
    memcpy(out + 8, head->ledger_id.bytes, RANDOM_ID_BYTES);
    bytes_put_u64(out + 24, head->entries);
    bytes_put_u64(out + 32, (uint64_t)head->made_at);
    digest_bytes((struct bytes){out, sizeof out}, &writer->hash);
    /* Batches in it are for nobody else's eyes. */
    (void)unlink(writer->made);
    fd = open(writer->made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return STATUS_IO;
    }
    writer->file = fdopen(fd, "wb");
    if (writer->file == NULL) {
        (void)close(fd);
        (void)unlink(writer->made);
        return STATUS_IO;
    }
    return put(writer, out, sizeof out);
}

enum status orders_file_create(const char *path,
                               const struct orders_file_head *head,
                               struct orders_file_writer **writer)
{
    struct orders_file_writer *self;
    enum status status;

    *writer = NULL;
    if (strlen(path) + sizeof NEW_SUFFIX > FILE_PATH_MAX) {
        return STATUS_INVALID;
    }
    if (!may_replace(path)) {
        return STATUS_EXISTS;
    }
    self = calloc(1, sizeof *self);
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    buffer_init(&self->record, RECORD_BYTES + CONTROL_BYTES_MAX);
    (void)snprintf(self->path, sizeof self->path, "%s", path);
    (void)snprintf(self->made, sizeof self->made, "%s%s", path, NEW_SUFFIX);
    status = begin(self, head);
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
        status = put(writer, writer->record.data, writer->record.size);
    }
    add_record(&writer->hash, buffer_bytes(&writer->record));
    writer->records++;
    return status;
}

static void free_writer(struct orders_file_writer **writer)
{
    buffer_fini(&(*writer)->record);
    free(*writer);
    *writer = NULL;
}

enum status orders_file_finish(struct orders_file_writer **writer,
                               const struct sign_keys *administrator)
{
    static const uint8_t end[RECORD_BYTES];
    struct orders_file_writer *self = *writer;
    struct signature signature;
    enum status status = put(self, end, sizeof end);

    sign_make(administrator, CONTEXT,
              (struct bytes){self->hash.bytes, DIGEST_BYTES}, &signature);
    if (status == STATUS_OK) {
        status = put(self, self->hash.bytes, DIGEST_BYTES);
    }
    if (status == STATUS_OK) {
        status = put(self, signature.bytes, SIGNATURE_BYTES);
    }
    if (status == STATUS_OK &&
        (fflush(self->file) != 0 || fsync(fileno(self->file)) != 0)) {
        status = errno == ENOSPC ? STATUS_FULL : STATUS_IO;
    }
    if (status != STATUS_OK) {
        orders_file_abandon(writer);
        return status;
    }
    if (fclose(self->file) != 0 || rename(self->made, self->path) != 0 ||
        file_sync_folder(self->path) != STATUS_OK) {
        status = STATUS_IO;
    }
    free_writer(writer);
    return status;
}

void orders_file_abandon(struct orders_file_writer **writer)
{
    if (*writer == NULL) {
        return;
    }
    if ((*writer)->file != NULL) {
        (void)fclose((*writer)->file);
        (void)unlink((*writer)->made);
    }
    free_writer(writer);
}

/* ---- reading ---- */

static enum status get(struct orders_file_reader *reader, void *out,
                       size_t size)
{
    if (fread(out, 1, size, reader->file) != size) {
        return ferror(reader->file) != 0 ? STATUS_IO : STATUS_INVALID;
    }
    if (reader->copy != NULL && fwrite(out, 1, size, reader->copy) != size) {
        return errno == ENOSPC || errno == EFBIG ? STATUS_FULL : STATUS_IO;
    }
    return STATUS_OK;
}

/* With kind and size in front; STATUS_NOT_FOUND: the end mark. */
static enum status read_record(struct orders_file_reader *reader)
{
    uint8_t *at = NULL;
    uint32_t size;
    enum status status;

    buffer_clear(&reader->record);
    status = buffer_extend(&reader->record, RECORD_BYTES, &at);
    if (status == STATUS_OK) {
        status = get(reader, at, RECORD_BYTES);
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
    return status == STATUS_OK ? get(reader, at, size) : status;
}

static enum status read_head(struct orders_file_reader *reader,
                             struct orders_file_head *head)
{
    uint8_t in[ORDERS_FILE_HEAD_BYTES];
    enum status status = get(reader, in, sizeof in);

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
    uint8_t more;
    enum status status = get(reader, hash.bytes, DIGEST_BYTES);

    if (status == STATUS_OK) {
        status = get(reader, reader->signature.bytes, SIGNATURE_BYTES);
    }
    if (status == STATUS_OK && (!digest_equal(&hash, &reader->hash) ||
                                fread(&more, 1, 1, reader->file) != 0)) {
        status = STATUS_INVALID;
    }
    return status;
}

/* I8: records are taken from a copy of what was read for the signature, since
 * the file may be another one the next time. */
static enum status turn_to_copy(struct orders_file_reader *reader)
{
    (void)fclose(reader->file);
    reader->file = reader->copy;
    reader->copy = NULL;
    if (fflush(reader->file) != 0) {
        return errno == ENOSPC || errno == EFBIG ? STATUS_FULL : STATUS_IO;
    }
    return orders_file_again(reader);
}

static enum status read_through(struct orders_file_reader *reader,
                                struct orders_file_head *head)
{
    enum status status = read_head(reader, head);

    for (uint32_t i = 0; status == STATUS_OK && i <= ORDERS_FILE_RECORDS_MAX;
         i++) {
        status = read_record(reader);
        if (status == STATUS_OK) {
            add_record(&reader->hash, buffer_bytes(&reader->record));
        }
    }
    if (status == STATUS_OK) {
        return STATUS_INVALID; /* too many */
    }
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = read_end(reader);
    return status == STATUS_OK ? turn_to_copy(reader) : status;
}

enum status orders_file_open(const char *path, struct orders_file_head *head,
                             struct orders_file_reader **reader)
{
    struct orders_file_reader *self = calloc(1, sizeof *self);
    enum status status = STATUS_NO_INPUT;

    *reader = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    buffer_init(&self->record, RECORD_BYTES + CONTROL_BYTES_MAX);
    self->file = fopen(path, "rbe");
    if (self->file != NULL) {
        self->copy = tmpfile();
        status = self->copy != NULL ? read_through(self, head) : STATUS_IO;
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
    return fseek(reader->file, (long)ORDERS_FILE_HEAD_BYTES, SEEK_SET) == 0
               ? STATUS_OK
               : STATUS_IO;
}

void orders_file_close(struct orders_file_reader **reader)
{
    if (*reader == NULL) {
        return;
    }
    if ((*reader)->file != NULL) {
        (void)fclose((*reader)->file);
    }
    if ((*reader)->copy != NULL) {
        (void)fclose((*reader)->copy);
    }
    buffer_fini(&(*reader)->record);
    free(*reader);
    *reader = NULL;
}
