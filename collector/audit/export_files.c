/* The content goes to NAME.part, which is then renamed to NAME. Nothing is
 * synced on the way: a crash of the machine may leave a short file, which the
 * next filling meets and writes again. */
#include "collector/audit/export_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/log.h"

#define FOLDER_MODE 0777 /* the umask decides: an export is for others */
#define FILE_MODE   0666
#define READ_BYTES  65536u

static enum status failed(const char *name)
{
    int cause = errno;

    log_error("cannot write what is exported", log_text("name", name),
              log_text("cause", strerror(cause)));
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG ? STATUS_FULL
                                                                : STATUS_IO;
}

enum status export_files_open(const char *path, struct export_files *files)
{
    *files = (struct export_files){.folder = -1};
    if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    files->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (files->folder < 0) {
        return errno == ENOTDIR ? STATUS_INVALID : STATUS_IO;
    }
    return STATUS_OK;
}

enum status export_files_close(struct export_files *files)
{
    enum status status = STATUS_OK;

    if (files->folder < 0) {
        return STATUS_OK;
    }
    if (files->written > 0) {
        sync(); /* one for all: as many files as the ledger has entries */
    }
    if (close(files->folder) != 0) {
        status = STATUS_IO;
    }
    files->folder = -1;
    return status;
}

/* ---- reading ---- */

static enum status read_all(int fd, struct buffer *out)
{
    ssize_t got = 1;

    while (got > 0) {
        uint8_t *place = NULL;
        size_t room = out->max - out->size;
        size_t step = room < READ_BYTES ? room : READ_BYTES;
        if (step == 0) {
            uint8_t more;
            got = read(fd, &more, 1);
            return got == 0 ? STATUS_OK : got > 0 ? STATUS_FULL : STATUS_IO;
        }
        enum status status = buffer_extend(out, step, &place);
        if (status != STATUS_OK) {
            return status;
        }
        got = read(fd, place, step);
        buffer_truncate(out, out->size - step + (got > 0 ? (size_t)got : 0));
    }
    return got == 0 ? STATUS_OK : STATUS_IO;
}

enum status export_files_read(const struct export_files *files,
                              const char *name, struct buffer *out)
{
    int fd = openat(files->folder, name, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    enum status status = read_all(fd, out);
    (void)close(fd);
    return status;
}

/* What stands in the way of a file. STATUS_EXISTS: it is there as it should
 * be; STATUS_NOT_FOUND: it is to be written; STATUS_REFUSED. */
static enum status look(const struct export_files *files, const char *name,
                        struct bytes content, enum export_old old)
{
    struct buffer there;
    struct stat about;

    if (fstatat(files->folder, name, &about, 0) != 0 ||
        (uint64_t)about.st_size != content.size) {
        return STATUS_NOT_FOUND;
    }
    buffer_init(&there, content.size);
    enum status status = export_files_read(files, name, &there);
    if (status == STATUS_OK) {
        bool same = bytes_equal(buffer_bytes(&there), content);
        status = same                 ? STATUS_EXISTS
                 : old == EXPORT_SAME ? STATUS_REFUSED
                                      : STATUS_NOT_FOUND;
    }
    buffer_fini(&there);
    return status;
}

/* ---- writing ---- */

static enum status make_folders(const struct export_files *files,
                                const char *name)
{
    char folder[EXPORT_NAME_MAX];

    for (const char *end = strchr(name, '/'); end != NULL;
         end = strchr(end + 1, '/')) {
        size_t length = (size_t)(end - name);
        memcpy(folder, name, length);
        folder[length] = '\0';
        if (mkdirat(files->folder, folder, FOLDER_MODE) != 0 &&
            errno != EEXIST) {
            return failed(folder);
        }
    }
    return STATUS_OK;
}

static enum status write_all(int fd, struct bytes content, const char *name)
{
    while (content.size > 0) {
        ssize_t put = write(fd, content.data, content.size);
        if (put < 0) {
            return failed(name);
        }
        content.data += put;
        content.size -= (size_t)put;
    }
    return STATUS_OK;
}

static enum status write_file(const struct export_files *files,
                              const char *name, struct bytes content)
{
    char part[EXPORT_NAME_MAX + 8];
    enum status status = make_folders(files, name);

    if (status != STATUS_OK) {
        return status;
    }
    (void)snprintf(part, sizeof part, "%s.part", name);
    int fd = openat(files->folder, part,
                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        return failed(name);
    }
    status = write_all(fd, content, name);
    if (close(fd) != 0 && status == STATUS_OK) {
        status = failed(name);
    }
    if (status == STATUS_OK &&
        renameat(files->folder, part, files->folder, name) != 0) {
        status = failed(name);
    }
    if (status != STATUS_OK) {
        (void)unlinkat(files->folder, part, 0);
    }
    return status;
}

enum status export_files_put(struct export_files *files, const char *name,
                             struct bytes content, enum export_old old)
{
    check(strlen(name) < EXPORT_NAME_MAX);
    enum status status = look(files, name, content, old);

    if (status == STATUS_EXISTS) {
        return STATUS_OK;
    }
    if (status == STATUS_REFUSED) {
        log_error("a file of another ledger is in the way",
                  log_text("name", name));
    }
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = write_file(files, name, content);
    if (status == STATUS_OK) {
        files->written++;
    }
    return status;
}

/* ---- piece by piece ---- */

static void part_name(const struct export_stream *stream,
                      char part[EXPORT_NAME_MAX + 8])
{
    (void)snprintf(part, EXPORT_NAME_MAX + 8, "%s.part", stream->name);
}

static FILE *open_stream(const struct export_files *files, const char *name,
                         int flags, const char *mode)
{
    int fd = openat(files->folder, name, flags | O_CLOEXEC, FILE_MODE);
    FILE *file = fd < 0 ? NULL : fdopen(fd, mode);

    if (fd >= 0 && file == NULL) {
        (void)close(fd);
    }
    return file;
}

enum status export_stream_open(struct export_files *files, const char *name,
                               struct export_stream *stream)
{
    char part[EXPORT_NAME_MAX + 8];

    *stream = (struct export_stream){.file = NULL};
    check(strlen(name) < sizeof stream->name);
    memcpy(stream->name, name, strlen(name) + 1);
    part_name(stream, part);
    stream->file = open_stream(files, part, O_WRONLY | O_CREAT | O_TRUNC, "wb");
    if (stream->file == NULL) {
        return failed(name);
    }
    stream->before = open_stream(files, name, O_RDONLY, "rb");
    return STATUS_OK;
}

enum status export_stream_add(struct export_stream *stream, struct bytes piece)
{
    return fwrite(piece.data, 1, piece.size, stream->file) == piece.size
               ? STATUS_OK
               : failed(stream->name);
}

enum status export_stream_close(struct export_files *files,
                                struct export_stream *stream, bool keep)
{
    char part[EXPORT_NAME_MAX + 8];
    enum status status = STATUS_OK;

    if (stream->before != NULL) {
        (void)fclose(stream->before);
        stream->before = NULL;
    }
    if (stream->file == NULL) {
        return STATUS_OK;
    }
    part_name(stream, part);
    if (fclose(stream->file) != 0) {
        status = failed(stream->name);
    }
    stream->file = NULL;
    if (keep && status == STATUS_OK &&
        renameat(files->folder, part, files->folder, stream->name) != 0) {
        status = failed(stream->name);
    }
    if (!keep || status != STATUS_OK) {
        (void)unlinkat(files->folder, part, 0);
    } else {
        files->written++;
    }
    return status;
}
