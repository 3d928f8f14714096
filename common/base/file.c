/* The content goes to PATH.new, is fsynced, and is then linked to PATH, which
 * fails when there is a file already; so PATH either holds everything or does
 * not exist, whatever stops the program. */
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 16384u /* at a time */

static enum status write_new(const char *path, struct bytes content)
{
    enum status status = STATUS_IO;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return STATUS_IO;
    }
    /* The file is new: a short write means a full or a failing disk. */
    if (write(fd, content.data, content.size) == (ssize_t)content.size &&
        fsync(fd) == 0) {
        status = STATUS_OK;
    }
    if (close(fd) != 0) {
        status = STATUS_IO;
    }
    return status;
}

enum status file_create(const char *path, struct bytes content)
{
    char part[FILE_PATH_MAX];
    int length = snprintf(part, sizeof part, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof part) {
        return STATUS_IO;
    }
    (void)unlink(part);
    enum status status = write_new(part, content);
    if (status == STATUS_OK && link(part, path) != 0) {
        status = errno == EEXIST ? STATUS_EXISTS : STATUS_IO;
    }
    (void)unlink(part);
    if (status == STATUS_OK) {
        status = file_sync_folder(path);
    }
    return status;
}

enum status file_sync_folder(const char *path)
{
    char folder[FILE_PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash != NULL) {
        size_t length = slash == path ? 1 : (size_t)(slash - path);
        if (length >= sizeof folder) {
            return STATUS_IO;
        }
        memcpy(folder, path, length);
        folder[length] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return STATUS_IO;
    }
    enum status status = fsync(fd) == 0 ? STATUS_OK : STATUS_IO;
    (void)close(fd);
    return status;
}

enum status file_read(const char *path, struct buffer *out)
{
    uint8_t chunk[READ_BYTES];
    enum status status = STATUS_OK;
    FILE *file = fopen(path, "rbe");
    size_t size = 0;

    if (file == NULL) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NO_INPUT;
    }
    do {
        size = fread(chunk, 1, sizeof chunk, file);
        status =
            buffer_append(out, (struct bytes){.data = chunk, .size = size});
    } while (status == STATUS_OK && size == sizeof chunk);
    if (status == STATUS_OK && ferror(file) != 0) {
        status = STATUS_NO_INPUT;
    }
    (void)fclose(file);
    return status;
}
