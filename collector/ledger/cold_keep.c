/* The folder of the cold files as a whole: whose it is, and what lies in it.
 * And what is done to files later: zeros where a batch was erased. */
#include "collector/ledger/cold_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_FIRST 64u
#define ZEROS_BYTES 4096u

enum status cold_overwrite(const char *folder, uint32_t number, uint64_t offset,
                           uint32_t size)
{
    static const uint8_t zeros[ZEROS_BYTES];
    char path[COLD_PATH_MAX];
    struct stat about;
    uint32_t done = 0;
    enum status status = cold_path(folder, number, path);
    int fd = status == STATUS_OK ? open(path, O_WRONLY | O_CLOEXEC) : -1;

    if (fd < 0) {
        return status != STATUS_OK ? status
               : errno == ENOENT   ? STATUS_AWAY
                                   : STATUS_IO;
    }
    if (fstat(fd, &about) != 0) {
        status = STATUS_IO;
    } else if ((uint64_t)about.st_size < offset + size) {
        status = STATUS_CORRUPT;
    }
    while (status == STATUS_OK && done < size) {
        size_t part = size - done < ZEROS_BYTES ? size - done : ZEROS_BYTES;
        ssize_t wrote = pwrite(fd, zeros, part, (off_t)(offset + done));

        if (wrote < 0 && errno != EINTR) {
            status = STATUS_IO;
        }
        done += wrote > 0 ? (uint32_t)wrote : 0;
    }
    if (status == STATUS_OK && fsync(fd) != 0) {
        status = STATUS_IO;
    }
    (void)close(fd);
    return status;
}

/* The number in a name; 0: it is none of a cold file. */
static uint32_t number_of(const char *name)
{
    uint32_t number = 0;

    for (unsigned i = 0; i < COLD_NAME_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return 0;
        }
        number = number * 10u + (uint32_t)(name[i] - '0');
    }
    return number;
}

/* ---- whose it is ---- */

enum status cold_own(const char *folder, int *lock)
{
    *lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0) {
        return errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND
                                                   : STATUS_IO;
    }
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0) {
        return STATUS_OK;
    }
    int error = errno;

    cold_disown(lock);
    return error == EWOULDBLOCK ? STATUS_BUSY : STATUS_IO;
}

void cold_disown(int *lock)
{
    if (*lock >= 0) {
        (void)close(*lock);
        *lock = -1;
    }
}

void cold_remove_fresh(const char *folder, uint32_t number)
{
    char path[COLD_PATH_MAX];
    char fresh[COLD_PATH_MAX + sizeof COLD_NEW];

    if (cold_path(folder, number, path) == STATUS_OK) {
        (void)snprintf(fresh, sizeof fresh, "%s" COLD_NEW, path);
        (void)unlink(fresh);
    }
}

/* ---- what lies in it ---- */

static enum status add_file(struct cold_files *files, uint32_t number,
                            bool fresh, size_t *room)
{
    if (files->count == COLD_FILES_MAX) {
        return STATUS_FULL;
    }
    if (files->count == *room) {
        size_t more = *room == 0 ? FILES_FIRST : *room * 2;
        struct cold_file *grown =
            realloc(files->list, more * sizeof *files->list);

        if (grown == NULL) {
            return STATUS_MEMORY;
        }
        files->list = grown;
        *room = more;
    }
    files->list[files->count++] =
        (struct cold_file){.number = number, .fresh = fresh};
    return STATUS_OK;
}

static enum status list_names(const char *folder, struct cold_files *files)
{
    struct dirent *entry;
    size_t room = 0;
    DIR *names = opendir(folder);
    enum status status = STATUS_OK;

    if (names == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? STATUS_OK : STATUS_IO;
    }
    while (status == STATUS_OK && (entry = readdir(names)) != NULL) {
        uint32_t number = number_of(entry->d_name);
        const char *rest = entry->d_name + COLD_NAME_DIGITS;

        if (number != 0 && (strcmp(rest, COLD_SUFFIX) == 0 ||
                            strcmp(rest, COLD_SUFFIX COLD_NEW) == 0)) {
            status =
                add_file(files, number, strcmp(rest, COLD_SUFFIX) != 0, &room);
        }
    }
    (void)closedir(names);
    return status;
}

static int by_number(const void *left, const void *right)
{
    const struct cold_file *a = left, *b = right;

    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return (int)a->fresh - (int)b->fresh;
}

enum status cold_files_read(const char *folder, struct cold_files *files)
{
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    enum status status = STATUS_MEMORY;

    *files = (struct cold_files){.list = NULL};
    if (rows != NULL) {
        status = list_names(folder, files);
    }
    if (status == STATUS_OK && files->count > 0) {
        qsort(files->list, files->count, sizeof *files->list, by_number);
    }
    for (size_t i = 0; i < files->count && status == STATUS_OK; i++) {
        struct cold_file *file = &files->list[i];

        file->status = (file->fresh ? cold_table_fresh : cold_table)(
            folder, file->number, &file->head, rows, &file->digest);
        status = file->status == STATUS_MEMORY ? STATUS_MEMORY : STATUS_OK;
    }
    free(rows);
    if (status != STATUS_OK) {
        cold_files_free(files);
    }
    return status;
}

void cold_files_free(struct cold_files *files)
{
    free(files->list);
    *files = (struct cold_files){.list = NULL};
}

const struct cold_file *cold_files_find(const struct cold_files *files,
                                        const struct digest *digest)
{
    const struct cold_file *fresh = NULL;

    for (size_t i = 0; i < files->count; i++) {
        const struct cold_file *file = &files->list[i];

        if (file->status == STATUS_OK && digest_equal(&file->digest, digest)) {
            if (!file->fresh) {
                return file;
            }
            fresh = file;
        }
    }
    return fresh;
}

const struct cold_file *cold_files_at(const struct cold_files *files,
                                      uint32_t number)
{
    for (size_t i = 0; i < files->count; i++) {
        if (files->list[i].number == number && !files->list[i].fresh) {
            return &files->list[i];
        }
    }
    return NULL;
}
