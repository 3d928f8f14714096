/* Writing: NAME.new, its sync, the rename, the sync of the folder. What can go
 * wrong before the rename leaves NAME.new, which the next attempt replaces and
 * cold_remove_above() removes. Reading trusts no number of a file beyond the
 * file, and no byte without its hash. */
#include "collector/ledger/cold.h"

#include "common/base/check.h"
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COLD_VERSION 1u
#define COLD_SUFFIX  ".cold"
#define COLD_NEW     ".new"
#define NAME_DIGITS  8

static const uint8_t magic[4] = {'T', 'L', 'C', '1'};

enum {
    AT_VERSION = 4,
    AT_NUMBER = 8,
    AT_COUNT = 12,
    AT_FROM = 16,
    AT_TO = 24,
    AT_LEDGER = 32,
    ROW_DIGEST = 8,
    ROW_OFFSET = 40,
    ROW_SIZE = 48
};

/* ---- names ---- */

enum status cold_folder(const char *ledger_path, char folder[COLD_PATH_MAX])
{
    const char *slash = strrchr(ledger_path, '/');
    int before = slash == NULL ? 0 : (int)(slash - ledger_path) + 1;
    int size = snprintf(folder, COLD_PATH_MAX, "%.*s" COLD_FOLDER, before,
                        ledger_path);

    return size > 0 && size < (int)COLD_PATH_MAX ? STATUS_OK : STATUS_INVALID;
}

enum status cold_path(const char *folder, uint32_t number,
                      char path[COLD_PATH_MAX])
{
    int size = snprintf(path, COLD_PATH_MAX, "%s/%0*u" COLD_SUFFIX, folder,
                        NAME_DIGITS, number);

    return size > 0 && size < (int)COLD_PATH_MAX ? STATUS_OK : STATUS_INVALID;
}

static size_t table_bytes(uint32_t count)
{
    return COLD_HEAD_BYTES + (size_t)count * COLD_ROW_BYTES;
}

static enum status status_of_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? STATUS_FULL
                                                                : STATUS_IO;
}

/* ---- writing ---- */

static enum status write_all(int fd, struct bytes bytes)
{
    size_t done = 0;

    while (done < bytes.size) {
        ssize_t wrote = write(fd, bytes.data + done, bytes.size - done);

        if (wrote < 0 && errno != EINTR) {
            return status_of_errno();
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return STATUS_OK;
}

static void put_table(const struct cold_head *head, struct cold_row rows[],
                      uint8_t *out)
{
    uint64_t offset = table_bytes(head->count);

    memcpy(out, magic, sizeof magic);
    bytes_put_u32(out + AT_VERSION, COLD_VERSION);
    bytes_put_u32(out + AT_NUMBER, head->number);
    bytes_put_u32(out + AT_COUNT, head->count);
    bytes_put_u64(out + AT_FROM, head->from);
    bytes_put_u64(out + AT_TO, head->to);
    memcpy(out + AT_LEDGER, head->ledger.bytes, RANDOM_ID_BYTES);
    for (uint32_t i = 0; i < head->count; i++) {
        uint8_t *row = out + table_bytes(i);

        rows[i].offset = offset;
        bytes_put_u64(row, rows[i].index);
        memcpy(row + ROW_DIGEST, rows[i].digest.bytes, DIGEST_BYTES);
        bytes_put_u64(row + ROW_OFFSET, offset);
        bytes_put_u32(row + ROW_SIZE, rows[i].size);
        offset += rows[i].size;
    }
}

static enum status write_file(int fd, const struct cold_head *head,
                              struct cold_row rows[], struct cold_source source,
                              struct digest *digest)
{
    size_t size = table_bytes(head->count);
    uint8_t *table = malloc(size);
    struct bytes bytes = {table, size};
    enum status status;

    if (table == NULL) {
        return STATUS_MEMORY;
    }
    put_table(head, rows, table);
    digest_bytes(bytes, digest);
    status = write_all(fd, bytes);
    free(table);
    for (uint32_t i = 0; i < head->count && status == STATUS_OK; i++) {
        status = source.next(source.owner, &rows[i], &bytes);
        check(status != STATUS_OK || bytes.size == rows[i].size);
        if (status == STATUS_OK) {
            status = write_all(fd, bytes);
        }
    }
    if (status == STATUS_OK && fsync(fd) != 0) {
        status = status_of_errno();
    }
    return status;
}

enum status cold_write(const char *folder, const struct cold_head *head,
                       struct cold_row rows[], struct cold_source source,
                       struct digest *digest)
{
    char path[COLD_PATH_MAX];
    char fresh[COLD_PATH_MAX + sizeof COLD_NEW];
    enum status status = cold_path(folder, head->number, path);
    int fd;

    check(head->count <= COLD_BATCHES_MAX);
    if (status != STATUS_OK) {
        return status;
    }
    (void)snprintf(fresh, sizeof fresh, "%s" COLD_NEW, path);
    fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return status_of_errno();
    }
    status = write_file(fd, head, rows, source, digest);
    if (close(fd) != 0 && status == STATUS_OK) {
        status = status_of_errno();
    }
    if (status == STATUS_OK && rename(fresh, path) != 0) {
        status = status_of_errno();
    }
    if (status != STATUS_OK) {
        (void)unlink(fresh);
        return status;
    }
    return file_sync_folder(path);
}

/* ---- reading ---- */

static enum status read_at(int fd, uint64_t offset, size_t size, uint8_t *to)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = pread(fd, to + done, size - done, (off_t)(offset + done));

        if (got < 0 && errno != EINTR) {
            return STATUS_IO;
        }
        if (got == 0) {
            return STATUS_CORRUPT;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return STATUS_OK;
}

static enum status open_file(const char *folder, uint32_t number, int *fd)
{
    char path[COLD_PATH_MAX];
    enum status status = cold_path(folder, number, path);

    *fd = status == STATUS_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (*fd >= 0 || status != STATUS_OK) {
        return status;
    }
    return errno == ENOENT || errno == ENOTDIR ? STATUS_AWAY : STATUS_IO;
}

static enum status read_head(int fd, uint32_t number, struct cold_head *head)
{
    uint8_t bytes[COLD_HEAD_BYTES];
    enum status status = read_at(fd, 0, sizeof bytes, bytes);

    if (status != STATUS_OK) {
        return status;
    }
    if (memcmp(bytes, magic, sizeof magic) != 0 ||
        bytes_get_u32(bytes + AT_VERSION) != COLD_VERSION) {
        return STATUS_CORRUPT;
    }
    head->number = bytes_get_u32(bytes + AT_NUMBER);
    head->count = bytes_get_u32(bytes + AT_COUNT);
    head->from = bytes_get_u64(bytes + AT_FROM);
    head->to = bytes_get_u64(bytes + AT_TO);
    memcpy(head->ledger.bytes, bytes + AT_LEDGER, RANDOM_ID_BYTES);
    return head->number == number && head->count <= COLD_BATCHES_MAX &&
                   head->from <= head->to
               ? STATUS_OK
               : STATUS_CORRUPT;
}

/* Rows lie within the range, by index, and their bytes behind each other. */
static bool read_rows(const struct cold_head *head, const uint8_t *table,
                      struct cold_row rows[])
{
    uint64_t offset = table_bytes(head->count);
    bool good = true;

    for (uint32_t i = 0; i < head->count && good; i++) {
        const uint8_t *row = table + table_bytes(i);

        rows[i].index = bytes_get_u64(row);
        memcpy(rows[i].digest.bytes, row + ROW_DIGEST, DIGEST_BYTES);
        rows[i].offset = bytes_get_u64(row + ROW_OFFSET);
        rows[i].size = bytes_get_u32(row + ROW_SIZE);
        good = rows[i].offset == offset && rows[i].size <= COLD_BYTES_MAX &&
               rows[i].index >= head->from && rows[i].index <= head->to &&
               (i == 0 || rows[i].index > rows[i - 1].index);
        offset += rows[i].size;
    }
    return good;
}

enum status cold_table(const char *folder, uint32_t number,
                       struct cold_head *head, struct cold_row rows[],
                       struct digest *digest)
{
    uint8_t *table = NULL;
    int fd = -1;
    enum status status = open_file(folder, number, &fd);

    if (status == STATUS_OK) {
        status = read_head(fd, number, head);
    }
    if (status == STATUS_OK) {
        table = malloc(table_bytes(head->count));
        status = table == NULL
                     ? STATUS_MEMORY
                     : read_at(fd, 0, table_bytes(head->count), table);
    }
    if (status == STATUS_OK) {
        digest_bytes((struct bytes){table, table_bytes(head->count)}, digest);
        status = read_rows(head, table, rows) ? STATUS_OK : STATUS_CORRUPT;
    }
    free(table);
    if (fd >= 0) {
        (void)close(fd);
    }
    return status;
}

struct cold_reader {
    char folder[COLD_PATH_MAX];
    struct {
        uint32_t number; /* 0: none */
        int fd;
        uint64_t used;
    } files[COLD_OPEN_MAX];
    uint64_t uses;
    uint8_t *bytes; /* given last */
    size_t room;
};

enum status cold_reader_new(const char *folder, struct cold_reader **reader)
{
    struct cold_reader *made = calloc(1, sizeof *made);

    *reader = made;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    (void)snprintf(made->folder, sizeof made->folder, "%s", folder);
    return STATUS_OK;
}

void cold_reader_free(struct cold_reader **reader)
{
    if (*reader != NULL) {
        for (size_t i = 0; i < COLD_OPEN_MAX; i++) {
            if ((*reader)->files[i].number != 0) {
                (void)close((*reader)->files[i].fd);
            }
        }
        free((*reader)->bytes);
        free(*reader);
        *reader = NULL;
    }
}

/* The file's descriptor, in the place of the one unused for longest. */
static enum status file_of(struct cold_reader *reader, uint32_t number, int *fd)
{
    struct cold_head head;
    size_t oldest = 0;
    enum status status;

    if (number == 0) {
        return STATUS_CORRUPT; /* the number of a place that is empty */
    }
    for (size_t i = 0; i < COLD_OPEN_MAX; i++) {
        if (reader->files[i].number == number) {
            reader->files[i].used = ++reader->uses;
            *fd = reader->files[i].fd;
            return STATUS_OK;
        }
        if (reader->files[i].used < reader->files[oldest].used) {
            oldest = i;
        }
    }
    status = open_file(reader->folder, number, fd);
    if (status == STATUS_OK) {
        status = read_head(*fd, number, &head);
        if (status != STATUS_OK) {
            (void)close(*fd);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (reader->files[oldest].number != 0) {
        (void)close(reader->files[oldest].fd);
    }
    reader->files[oldest].number = number;
    reader->files[oldest].fd = *fd;
    reader->files[oldest].used = ++reader->uses;
    return STATUS_OK;
}

enum status cold_read(struct cold_reader *reader, uint32_t number,
                      uint64_t offset, uint32_t size,
                      const struct digest *digest, struct bytes *bytes)
{
    struct digest found;
    int fd = -1;
    enum status status = file_of(reader, number, &fd);

    *bytes = (struct bytes){0};
    if (status == STATUS_OK && size > COLD_BYTES_MAX) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK && reader->room < size) {
        free(reader->bytes);
        reader->bytes = malloc(size);
        reader->room = reader->bytes == NULL ? 0 : size;
        status = reader->bytes == NULL ? STATUS_MEMORY : STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = read_at(fd, offset, size, reader->bytes);
    }
    if (status != STATUS_OK) {
        return status;
    }
    digest_bytes((struct bytes){reader->bytes, size}, &found);
    if (!digest_equal(&found, digest)) {
        return STATUS_CORRUPT;
    }
    *bytes = (struct bytes){reader->bytes, size};
    return STATUS_OK;
}
