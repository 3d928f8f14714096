/* Failure modes: no room and a disk that fails, which the caller is told;
 * what was begun then is his to remove. */
#include "collector/recovery/backup_files.h"

#include "collector/recovery/backup.h"
#include "common/base/file.h"
#include "common/base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES 65536u
#define DEPTH_MAX   2u /* NAME.new, and a folder in it */

enum status backup_files_status(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return STATUS_FULL;
    case EEXIST:
    case ENOTEMPTY:
        return STATUS_EXISTS;
    default:
        return STATUS_IO;
    }
}

static enum status write_all(int fd, struct bytes bytes)
{
    size_t done = 0;

    while (done < bytes.size) {
        ssize_t size = write(fd, bytes.data + done, bytes.size - done);

        if (size < 0 && errno != EINTR) {
            return backup_files_status(errno);
        }
        done += size > 0 ? (size_t)size : 0;
    }
    return STATUS_OK;
}

/* Syncs and closes a file that was written. */
static enum status finish(int fd, enum status status)
{
    if (status == STATUS_OK && fsync(fd) != 0) {
        status = backup_files_status(errno);
    }
    if (close(fd) != 0 && status == STATUS_OK) {
        status = backup_files_status(errno);
    }
    return status;
}

static int make_file(int folder, const char *name)
{
    return openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                  S_IRUSR | S_IWUSR);
}

enum status backup_files_write(int folder, const char *name,
                               struct bytes content)
{
    int fd = make_file(folder, name);

    return fd < 0 ? backup_files_status(errno)
                  : finish(fd, write_all(fd, content));
}

static enum status pour(int in, int out)
{
    uint8_t chunk[CHUNK_BYTES];
    ssize_t size;
    enum status status = STATUS_OK;

    do {
        size = read(in, chunk, sizeof chunk);
        if (size > 0) {
            status = write_all(out, (struct bytes){chunk, (size_t)size});
        } else if (size < 0 && errno != EINTR) {
            status = STATUS_IO;
        }
    } while (status == STATUS_OK && size != 0);
    return status;
}

enum status backup_files_copy(const char *folder, const char *name, int to)
{
    char path[FILE_PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    int in;
    int out;
    enum status status;

    if (length < 0 || (size_t)length >= sizeof path) {
        return STATUS_INVALID;
    }
    in = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    out = make_file(to, name);
    status = out < 0 ? backup_files_status(errno) : finish(out, pour(in, out));
    (void)close(in);
    return status;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t size = strlen(name);
    size_t length = strlen(suffix);

    return size > length && strcmp(name + size - length, suffix) == 0;
}

/* ---- what was not finished ---- */

static void remove_below(int folder, const char *name, unsigned depth)
{
    int fd =
        openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;

    if (list == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    while ((entry = readdir(list)) != NULL) {
        const char *inside = entry->d_name;

        if (strcmp(inside, ".") == 0 || strcmp(inside, "..") == 0 ||
            unlinkat(fd, inside, 0) == 0) {
            continue;
        }
        if (depth + 1 < DEPTH_MAX) {
            remove_below(fd, inside, depth + 1);
        }
    }
    (void)closedir(list);
    (void)unlinkat(folder, name, AT_REMOVEDIR);
}

void backup_files_remove(int folder, const char *name)
{
    remove_below(folder, name, 0);
}

static bool is_unfinished(const char *name)
{
    return strncmp(name, BACKUP_FILES_PREFIX, strlen(BACKUP_FILES_PREFIX)) ==
               0 &&
           ends_in(name, BACKUP_SUFFIX);
}

void backup_files_sweep(int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;

    if (list == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    while ((entry = readdir(list)) != NULL) {
        if (is_unfinished(entry->d_name)) {
            log_info("removes a backup that was not finished",
                     log_text("name", entry->d_name));
            backup_files_remove(folder, entry->d_name);
        }
    }
    (void)closedir(list);
}
