/* Failure modes: a folder that cannot be written, a full disk, one that answers
 * with an error only when it is asked to sync. */
#include "common/base/machine.h"

#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define TRY_BYTES 4096

static bool write_and_sync(int fd)
{
    char bytes[TRY_BYTES];

    memset(bytes, 0x5a, sizeof bytes);
    return write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes &&
           fsync(fd) == 0;
}

enum status machine_disk(const char *folder, const struct clock *clock,
                         struct machine_disk *disk)
{
    char path[FILE_PATH_MAX];
    struct statvfs room;
    int length = snprintf(path, sizeof path, "%s/try-XXXXXX", folder);
    int64_t begun = clock_monotonic_us(clock);
    bool written;
    int why;
    int fd;

    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return STATUS_IO;
    }
    fd = mkstemp(path);
    if (fd < 0) {
        return STATUS_IO;
    }
    written = write_and_sync(fd) && fstatvfs(fd, &room) == 0;
    why = errno;
    disk->sync_us = clock_monotonic_us(clock) - begun;
    (void)close(fd);
    (void)unlink(path);
    if (!written) {
        errno = why;
        return STATUS_IO;
    }
    disk->free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
    return STATUS_OK;
}

uint64_t machine_file_bytes(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 ? (uint64_t)info.st_blocks * 512u : 0;
}

enum machine_clock machine_clock(void)
{
    struct timex state = {.modes = 0};
    int answer = adjtimex(&state);

    if (answer < 0) {
        return MACHINE_CLOCK_UNKNOWN;
    }
    return answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0
               ? MACHINE_CLOCK_KEPT
               : MACHINE_CLOCK_ALONE;
}
