/* FILE is written after FILE.figures, so what it names is there; when the
 * latter is newer after all, the check notices that it begins too late, and
 * everything is done again. */
#include "collector/audit/verify_resume.h"

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* magic 4, version 4, entries 8, root 32, position of the saved state that was
 * compared 8 (0: none was), its hash 32, batches that cannot be unpacked 8, the
 * entries of reports that are still to be made alone 8 each, SHA-256 of all
 * before 32 */
#define RECORD_MAGIC     UINT32_C(0x544c5652) /* "TLVR" */
#define RECORD_BYTES_MAX (RECORD_ALONE_AT + VERIFY_ALONE_MAX + DIGEST_BYTES)
enum {
    RECORD_POSITION_AT = 8,
    RECORD_ROOT_AT = 16,
    RECORD_STATE_AT = 48,
    RECORD_STATE_HASH_AT = 56,
    RECORD_UNREADABLE_AT = 88,
    RECORD_ALONE_AT = 96
};

struct verify_resume {
    const char *path; /* borrowed */
    char figures[FILE_PATH_MAX];
    uint64_t position;
    struct verify_kept kept;
    struct buffer record;            /* that it was read from */
    int64_t began, saved_at, saving; /* microseconds */
};

static bool name_figures(const char *path, char figures[FILE_PATH_MAX])
{
    int size = snprintf(figures, FILE_PATH_MAX, "%s.figures", path);

    return size > 0 && (size_t)size < FILE_PATH_MAX;
}

static void read_record(struct verify_resume *self)
{
    struct bytes record = buffer_bytes(&self->record);
    struct verify_kept *kept = &self->kept;
    struct digest digest;
    size_t end;

    if (record.size < RECORD_ALONE_AT + DIGEST_BYTES ||
        bytes_get_u32(record.data) != RECORD_MAGIC ||
        bytes_get_u32(record.data + 4) != VERIFY_RESUME_VERSION) {
        return;
    }
    end = record.size - DIGEST_BYTES;
    digest_bytes((struct bytes){record.data, end}, &digest);
    if (memcmp(digest.bytes, record.data + end, DIGEST_BYTES) != 0) {
        return;
    }
    self->position = bytes_get_u64(record.data + RECORD_POSITION_AT);
    memcpy(kept->root.bytes, record.data + RECORD_ROOT_AT, DIGEST_BYTES);
    kept->compared.position = bytes_get_u64(record.data + RECORD_STATE_AT);
    memcpy(kept->compared.digest.bytes, record.data + RECORD_STATE_HASH_AT,
           DIGEST_BYTES);
    kept->unreadable = bytes_get_u64(record.data + RECORD_UNREADABLE_AT);
    kept->alone =
        (struct bytes){record.data + RECORD_ALONE_AT, end - RECORD_ALONE_AT};
}

enum status verify_resume_open(const char *path, uint64_t size,
                               struct verify_resume **resume)
{
    struct verify_resume *self = calloc(1, sizeof *self);

    *resume = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->path = path;
    buffer_init(&self->record, RECORD_BYTES_MAX);
    self->began = self->saved_at = clock_monotonic_us(clock_real());
    if (!name_figures(path, self->figures)) {
        verify_resume_close(resume);
        return STATUS_USAGE;
    }
    if (file_read(path, &self->record) == STATUS_OK) {
        read_record(self);
    }
    if (self->position > size || access(self->figures, R_OK) != 0) {
        self->position = 0;
    }
    return STATUS_OK;
}

void verify_resume_close(struct verify_resume **resume)
{
    if (*resume != NULL) {
        buffer_fini(&(*resume)->record);
        free(*resume);
        *resume = NULL;
    }
}

uint64_t verify_resume_position(const struct verify_resume *resume)
{
    return resume == NULL ? 0 : resume->position;
}

const struct verify_kept *verify_resume_kept(const struct verify_resume *resume)
{
    return &resume->kept;
}

void verify_resume_take(struct verify_resume *resume, struct tally *tally)
{
    if (resume != NULL) {
        if (resume->position == 0) {
            (void)unlink(resume->figures);
        }
        tally_keep_in(tally, resume->figures);
    }
}

bool verify_resume_due(const struct verify_resume *resume)
{
    int64_t now = clock_monotonic_us(clock_real());

    return resume != NULL &&
           now - resume->saved_at > INT64_C(1000000) * VERIFY_RESUME_SECONDS &&
           resume->saving <= (now - resume->began) / VERIFY_RESUME_MOST_PART;
}

static enum status write_record(struct verify_resume *self, uint64_t position,
                                const struct verify_kept *kept)
{
    uint8_t head[RECORD_ALONE_AT] = {0};
    struct digest digest;
    enum status status;

    bytes_put_u32(head, RECORD_MAGIC);
    bytes_put_u32(head + 4, VERIFY_RESUME_VERSION);
    bytes_put_u64(head + RECORD_POSITION_AT, position);
    memcpy(head + RECORD_ROOT_AT, kept->root.bytes, DIGEST_BYTES);
    bytes_put_u64(head + RECORD_STATE_AT, kept->compared.position);
    memcpy(head + RECORD_STATE_HASH_AT, kept->compared.digest.bytes,
           DIGEST_BYTES);
    bytes_put_u64(head + RECORD_UNREADABLE_AT, kept->unreadable);
    self->kept = (struct verify_kept){.unreadable = 0};
    buffer_clear(&self->record);
    status = buffer_append(&self->record, (struct bytes){head, sizeof head});
    if (status == STATUS_OK) {
        status = buffer_append(&self->record, kept->alone);
    }
    if (status == STATUS_OK) {
        digest_bytes(buffer_bytes(&self->record), &digest);
        status = buffer_append(&self->record,
                               (struct bytes){digest.bytes, DIGEST_BYTES});
    }
    if (status != STATUS_OK) {
        return status;
    }
    (void)unlink(self->path);
    return file_create(self->path, buffer_bytes(&self->record));
}

void verify_resume_keep(struct verify_resume *resume, struct tally *tally,
                        const struct verify_kept *kept)
{
    int64_t began = clock_monotonic_us(clock_real());
    enum status status;

    if (resume == NULL) {
        return;
    }
    status = tally_save(tally, NULL);
    if (status == STATUS_OK) {
        status = write_record(resume, tally_position(tally), kept);
    }
    if (status != STATUS_OK) {
        log_warning("the check cannot be gone on with later",
                    log_text("path", resume->path),
                    log_status("status", status));
    }
    resume->saved_at = clock_monotonic_us(clock_real());
    resume->saving += resume->saved_at - began;
}

void verify_resume_done(const struct verify_resume *resume)
{
    if (resume != NULL) {
        verify_resume_forget(resume->path);
    }
}

void verify_resume_forget(const char *path)
{
    char figures[FILE_PATH_MAX];

    (void)unlink(path);
    if (name_figures(path, figures)) {
        (void)unlink(figures);
    }
}
