/* Failure modes: a medium that is full or pulled out while the file is written,
 * one that was copied in part, or changes while it is read. What was not
 * finished has no name that anybody reads. */
#include "common/format/carried.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NEW_SUFFIX ".new"

void carried_chain(struct digest *hash, struct bytes piece)
{
    uint8_t both[2 * DIGEST_BYTES];
    struct digest digest;

    digest_bytes(piece, &digest);
    memcpy(both, hash->bytes, DIGEST_BYTES);
    memcpy(both + DIGEST_BYTES, digest.bytes, DIGEST_BYTES);
    digest_bytes((struct bytes){both, sizeof both}, hash);
}

/* Why the disk took less than it was given. */
static enum status short_of_room(void)
{
    return errno == ENOSPC || errno == EFBIG ? STATUS_FULL : STATUS_IO;
}

/* ---- writing ---- */

enum status carried_create(struct carried_writer *writer, const char *path,
                           mode_t mode)
{
    int fd;

    writer->file = NULL;
    if (strlen(path) + sizeof NEW_SUFFIX > FILE_PATH_MAX) {
        return STATUS_INVALID;
    }
    (void)snprintf(writer->path, sizeof writer->path, "%s", path);
    (void)snprintf(writer->made, sizeof writer->made, "%s%s", path, NEW_SUFFIX);
    (void)unlink(writer->made);
    fd = open(writer->made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) {
        return STATUS_IO;
    }
    writer->file = fdopen(fd, "wb");
    if (writer->file == NULL) {
        (void)close(fd);
        (void)unlink(writer->made);
        return STATUS_IO;
    }
    return STATUS_OK;
}

enum status carried_put(struct carried_writer *writer, const void *data,
                        size_t size)
{
    return fwrite(data, 1, size, writer->file) == size ? STATUS_OK
                                                       : short_of_room();
}

enum status carried_finish(struct carried_writer *writer)
{
    FILE *file = writer->file;

    if (fflush(file) != 0 || fsync(fileno(file)) != 0) {
        enum status status = short_of_room();

        carried_abandon(writer);
        return status;
    }
    writer->file = NULL;
    if (fclose(file) != 0 || rename(writer->made, writer->path) != 0) {
        (void)unlink(writer->made);
        return STATUS_IO;
    }
    return file_sync_folder(writer->path);
}

void carried_abandon(struct carried_writer *writer)
{
    if (writer->file != NULL) {
        (void)fclose(writer->file);
        (void)unlink(writer->made);
        writer->file = NULL;
    }
}

/* ---- reading ---- */

enum status carried_open(struct carried_reader *reader, const char *path)
{
    reader->copy = NULL;
    reader->file = fopen(path, "rbe");
    if (reader->file == NULL) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NO_INPUT;
    }
    reader->copy = tmpfile();
    return reader->copy != NULL ? STATUS_OK : STATUS_IO;
}

enum status carried_get(struct carried_reader *reader, void *out, size_t size)
{
    if (fread(out, 1, size, reader->file) != size) {
        return ferror(reader->file) != 0 ? STATUS_IO : STATUS_INVALID;
    }
    if (reader->copy != NULL && fwrite(out, 1, size, reader->copy) != size) {
        return short_of_room();
    }
    return STATUS_OK;
}

bool carried_at_end(struct carried_reader *reader)
{
    uint8_t more;

    return fread(&more, 1, 1, reader->file) == 0;
}

enum status carried_turn(struct carried_reader *reader, size_t at)
{
    (void)fclose(reader->file);
    reader->file = reader->copy;
    reader->copy = NULL;
    return fflush(reader->file) == 0 ? carried_seek(reader, at)
                                     : short_of_room();
}

enum status carried_seek(struct carried_reader *reader, size_t at)
{
    return fseek(reader->file, (long)at, SEEK_SET) == 0 ? STATUS_OK : STATUS_IO;
}

void carried_close(struct carried_reader *reader)
{
    if (reader->file != NULL) {
        (void)fclose(reader->file);
        reader->file = NULL;
    }
    if (reader->copy != NULL) {
        (void)fclose(reader->copy);
        reader->copy = NULL;
    }
}
