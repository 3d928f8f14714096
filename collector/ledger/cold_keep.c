/* What is done to cold files after they were written: zeros where a batch was
 * erased, and the removal of files that no entry names. */
#include "collector/ledger/cold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COLD_SUFFIX    ".cold"
#define COLD_NEW       ".new"
#define NAME_DIGITS    8
#define NAME_BYTES_MAX 24u
#define ZEROS_BYTES    4096u

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

    for (unsigned i = 0; i < NAME_DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return 0;
        }
        number = number * 10u + (uint32_t)(name[i] - '0');
    }
    return number;
}

void cold_remove_above(const char *folder, uint32_t last)
{
    char path[COLD_PATH_MAX];
    struct dirent *entry;
    DIR *names = opendir(folder);

    while (names != NULL && (entry = readdir(names)) != NULL) {
        uint32_t number = number_of(entry->d_name);
        const char *rest = entry->d_name + NAME_DIGITS;
        bool is_file = number != 0 && strcmp(rest, COLD_SUFFIX) == 0;
        bool is_new = number != 0 && strcmp(rest, COLD_SUFFIX COLD_NEW) == 0;

        if ((is_file && number > last) || is_new) {
            (void)snprintf(path, sizeof path, "%.*s/%.*s",
                           (int)(COLD_PATH_MAX - NAME_BYTES_MAX), folder,
                           (int)NAME_BYTES_MAX - 2, entry->d_name);
            (void)unlink(path);
        }
    }
    if (names != NULL) {
        (void)closedir(names);
    }
}
