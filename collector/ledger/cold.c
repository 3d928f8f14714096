/* Writing: NAME.new, its sync, the folder's; and when an entry tells of it, the
 * link to NAME, the folder's sync, and NAME.new goes. What is written into a
 * file later is what it held before, or zeros. */
#include "collector/ledger/cold_private.h"

#include "common/base/check.h"
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
                        COLD_NAME_DIGITS, number);

    return size > 0 && size < (int)COLD_PATH_MAX ? STATUS_OK : STATUS_INVALID;
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
    uint64_t offset = cold_table_bytes(head->count);

    memcpy(out, COLD_MAGIC, COLD_MAGIC_BYTES);
    bytes_put_u32(out + COLD_AT_VERSION, COLD_VERSION);
    bytes_put_u32(out + COLD_AT_NUMBER, head->number);
    bytes_put_u32(out + COLD_AT_COUNT, head->count);
    bytes_put_u64(out + COLD_AT_FROM, head->from);
    bytes_put_u64(out + COLD_AT_TO, head->to);
    memcpy(out + COLD_AT_LEDGER, head->ledger.bytes, RANDOM_ID_BYTES);
    for (uint32_t i = 0; i < head->count; i++) {
        uint8_t *row = out + cold_table_bytes(i);

        rows[i].offset = offset;
        bytes_put_u64(row, rows[i].index);
        memcpy(row + COLD_ROW_DIGEST, rows[i].digest.bytes, DIGEST_BYTES);
        bytes_put_u64(row + COLD_ROW_OFFSET, offset);
        bytes_put_u32(row + COLD_ROW_SIZE, rows[i].size);
        offset += rows[i].size;
    }
}

static enum status write_file(int fd, const struct cold_head *head,
                              struct cold_row rows[], struct cold_source source,
                              struct digest *digest)
{
    size_t size = cold_table_bytes(head->count);
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
    if (status != STATUS_OK) {
        (void)unlink(fresh);
        return status;
    }
    return file_sync_folder(path);
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat one;
    struct stat other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

enum status cold_publish(const char *folder, uint32_t number)
{
    char path[COLD_PATH_MAX];
    char fresh[COLD_PATH_MAX + sizeof COLD_NEW];
    enum status status = cold_path(folder, number, path);

    if (status != STATUS_OK) {
        return status;
    }
    (void)snprintf(fresh, sizeof fresh, "%s" COLD_NEW, path);
    if (link(fresh, path) != 0) {
        if (errno == ENOENT) {
            return STATUS_AWAY;
        }
        if (errno != EEXIST) {
            return status_of_errno();
        }
        if (!is_same_file(fresh, path)) {
            return STATUS_EXISTS;
        }
    }
    status = file_sync_folder(path);
    if (status == STATUS_OK && unlink(fresh) != 0) {
        status = STATUS_IO;
    }
    return status;
}

enum status cold_put(const char *folder, uint32_t number, uint64_t offset,
                     struct bytes bytes)
{
    char path[COLD_PATH_MAX];
    size_t done = 0;
    enum status status = cold_path(folder, number, path);
    int fd = status == STATUS_OK ? open(path, O_WRONLY | O_CLOEXEC) : -1;

    if (fd < 0) {
        return status != STATUS_OK ? status
               : errno == ENOENT   ? STATUS_AWAY
                                   : STATUS_IO;
    }
    while (status == STATUS_OK && done < bytes.size) {
        ssize_t wrote = pwrite(fd, bytes.data + done, bytes.size - done,
                               (off_t)(offset + done));

        if (wrote < 0 && errno != EINTR) {
            status = status_of_errno();
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (status == STATUS_OK && fsync(fd) != 0) {
        status = STATUS_IO;
    }
    (void)close(fd);
    return status;
}

enum status cold_write_table(const char *folder, const struct cold_head *head,
                             struct cold_row rows[],
                             const struct digest *digest)
{
    size_t size = cold_table_bytes(head->count);
    uint8_t *table = malloc(size);
    struct bytes bytes = {table, size};
    struct digest made;
    enum status status = STATUS_MEMORY;

    check(head->count <= COLD_BATCHES_MAX);
    if (table != NULL) {
        put_table(head, rows, table);
        digest_bytes(bytes, &made);
        status = digest_equal(&made, digest)
                     ? cold_put(folder, head->number, 0, bytes)
                     : STATUS_CORRUPT;
    }
    free(table);
    return status;
}
