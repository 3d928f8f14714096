/* Reading trusts no number of a file beyond the file, and no byte without its
 * hash. */
#include "collector/ledger/cold_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static enum status open_file(const char *folder, uint32_t number,
                             const char *suffix, int *fd)
{
    char name[COLD_PATH_MAX];
    char path[COLD_PATH_MAX + sizeof COLD_NEW];
    enum status status = cold_path(folder, number, name);

    (void)snprintf(path, sizeof path, "%s%s", name, suffix);
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
    if (memcmp(bytes, COLD_MAGIC, COLD_MAGIC_BYTES) != 0 ||
        bytes_get_u32(bytes + COLD_AT_VERSION) != COLD_VERSION) {
        return STATUS_CORRUPT;
    }
    head->number = bytes_get_u32(bytes + COLD_AT_NUMBER);
    head->count = bytes_get_u32(bytes + COLD_AT_COUNT);
    head->from = bytes_get_u64(bytes + COLD_AT_FROM);
    head->to = bytes_get_u64(bytes + COLD_AT_TO);
    memcpy(head->ledger.bytes, bytes + COLD_AT_LEDGER, RANDOM_ID_BYTES);
    return head->number == number && head->count <= COLD_BATCHES_MAX &&
                   head->from <= head->to
               ? STATUS_OK
               : STATUS_CORRUPT;
}

/* Rows lie within the range, by index, and their bytes behind each other. */
static bool read_rows(const struct cold_head *head, const uint8_t *table,
                      struct cold_row rows[])
{
    uint64_t offset = cold_table_bytes(head->count);
    bool good = true;

    for (uint32_t i = 0; i < head->count && good; i++) {
        const uint8_t *row = table + cold_table_bytes(i);

        rows[i].index = bytes_get_u64(row);
        memcpy(rows[i].digest.bytes, row + COLD_ROW_DIGEST, DIGEST_BYTES);
        rows[i].offset = bytes_get_u64(row + COLD_ROW_OFFSET);
        rows[i].size = bytes_get_u32(row + COLD_ROW_SIZE);
        good = rows[i].offset == offset && rows[i].size <= COLD_BYTES_MAX &&
               rows[i].index >= head->from && rows[i].index <= head->to &&
               (i == 0 || rows[i].index > rows[i - 1].index);
        offset += rows[i].size;
    }
    return good;
}

static enum status read_table(const char *folder, uint32_t number,
                              const char *suffix, struct cold_head *head,
                              struct cold_row rows[], struct digest *digest)
{
    uint8_t *table = NULL;
    int fd = -1;
    enum status status = open_file(folder, number, suffix, &fd);

    if (status == STATUS_OK) {
        status = read_head(fd, number, head);
    }
    if (status == STATUS_OK) {
        table = malloc(cold_table_bytes(head->count));
        status = table == NULL
                     ? STATUS_MEMORY
                     : read_at(fd, 0, cold_table_bytes(head->count), table);
    }
    if (status == STATUS_OK) {
        digest_bytes((struct bytes){table, cold_table_bytes(head->count)},
                     digest);
        status = read_rows(head, table, rows) ? STATUS_OK : STATUS_CORRUPT;
    }
    free(table);
    if (fd >= 0) {
        (void)close(fd);
    }
    return status;
}

enum status cold_table(const char *folder, uint32_t number,
                       struct cold_head *head, struct cold_row rows[],
                       struct digest *digest)
{
    return read_table(folder, number, "", head, rows, digest);
}

enum status cold_table_fresh(const char *folder, uint32_t number,
                             struct cold_head *head, struct cold_row rows[],
                             struct digest *digest)
{
    return read_table(folder, number, COLD_NEW, head, rows, digest);
}

enum status cold_look(const char *folder, uint32_t number, uint64_t offset,
                      uint32_t size, bool *zeros, struct digest *digest)
{
    uint8_t *bytes = malloc(size > 0 ? size : 1);
    int fd = -1;
    enum status status =
        bytes == NULL ? STATUS_MEMORY : open_file(folder, number, "", &fd);

    *zeros = true;
    if (status == STATUS_OK) {
        status = read_at(fd, offset, size, bytes);
    }
    if (status == STATUS_OK) {
        for (uint32_t i = 0; i < size && *zeros; i++) {
            *zeros = bytes[i] == 0;
        }
        digest_bytes((struct bytes){bytes, size}, digest);
    }
    free(bytes);
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

    if (number == 0 || number > COLD_NUMBER_MAX) {
        return STATUS_CORRUPT; /* that of a place that is empty; no name's */
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
    status = open_file(reader->folder, number, "", fd);
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
