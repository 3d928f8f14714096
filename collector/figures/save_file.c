/* The thread follows the writer a step behind: ranges first, so that a commit
 * of the ledger never waits for more than one, the whole at the end. */
#define _GNU_SOURCE /* sync_file_range */
#include "collector/figures/save_file.h"

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct save_file {
    char path[FILE_PATH_MAX], fresh[FILE_PATH_MAX];
    int fd;
    pthread_t thread;
    bool running; /* the writer's own */

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t changed;
    uint64_t written;
    bool whole, over; /* nothing more comes; and it is all */
    bool dropped;
    bool ended; /* the thread has nothing left to do */
    enum status status;
};

static void lock(struct save_file *file)
{
    check(pthread_mutex_lock(&file->lock) == 0);
}

static void unlock(struct save_file *file)
{
    check(pthread_mutex_unlock(&file->lock) == 0);
}

/* ---- the thread ---- */

/* How much is written, once it is a step more than `synced`, or all. */
static uint64_t wait_for_more(struct save_file *file, uint64_t synced,
                              bool *over)
{
    uint64_t written;

    lock(file);
    while (!file->over && (synced == UINT64_MAX ||
                           file->written - synced < SAVE_FILE_STEP_BYTES)) {
        check(pthread_cond_wait(&file->changed, &file->lock) == 0);
    }
    written = file->written;
    *over = file->over;
    unlock(file);
    return written;
}

static enum status sync_range(const struct save_file *file, uint64_t from,
                              uint64_t to)
{
    int rc =
        sync_file_range(file->fd, (off_t)from, (off_t)(to - from),
                        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                            SYNC_FILE_RANGE_WAIT_AFTER);

    return rc == 0 ? STATUS_OK : STATUS_IO;
}

static enum status sync_all(struct save_file *file)
{
    enum status status = STATUS_OK;
    uint64_t synced = 0;
    bool over = false;

    while (status == STATUS_OK && !over) {
        uint64_t written = wait_for_more(file, synced, &over);

        while (status == STATUS_OK && written - synced > SAVE_FILE_STEP_BYTES) {
            status = sync_range(file, synced, synced + SAVE_FILE_STEP_BYTES);
            synced += SAVE_FILE_STEP_BYTES;
        }
    }
    while (!over) { /* the descriptor is the writer's until then */
        (void)wait_for_more(file, UINT64_MAX, &over);
    }
    if (status == STATUS_OK && file->whole && fsync(file->fd) != 0) {
        status = STATUS_IO;
    }
    return status;
}

/* Under the lock: who drops it and goes on may rely on it. */
static enum status take_place(struct save_file *file)
{
    enum status status = STATUS_OK;

    lock(file);
    if (!file->whole || file->dropped) {
        status = STATUS_INVALID;
    } else if (rename(file->fresh, file->path) != 0) {
        status = STATUS_IO;
    }
    unlock(file);
    return status == STATUS_OK ? file_sync_folder(file->path) : status;
}

static void *work(void *argument)
{
    struct save_file *file = argument;
    enum status status = sync_all(file);

    if (close(file->fd) != 0 && status == STATUS_OK) {
        status = STATUS_IO;
    }
    if (status == STATUS_OK) {
        status = take_place(file);
    }
    if (status != STATUS_OK) {
        (void)unlink(file->fresh);
    }
    lock(file);
    file->status = status;
    file->ended = true;
    unlock(file);
    return NULL;
}

/* ---- the writer's side ---- */

static enum status open_fresh(struct save_file *file)
{
    (void)unlink(file->fresh);
    file->fd =
        open(file->fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
             S_IRUSR | S_IWUSR);
    if (file->fd < 0) {
        return errno == ENOSPC || errno == EDQUOT ? STATUS_FULL : STATUS_IO;
    }
    if (thread_start(&file->thread, work, file) != STATUS_OK) {
        (void)close(file->fd);
        (void)unlink(file->fresh);
        return STATUS_IO;
    }
    file->running = true;
    return STATUS_OK;
}

static void release(struct save_file **file)
{
    (void)pthread_cond_destroy(&(*file)->changed);
    (void)pthread_mutex_destroy(&(*file)->lock);
    free(*file);
    *file = NULL;
}

enum status save_file_open(const char *path, struct save_file **file)
{
    struct save_file *self = calloc(1, sizeof *self);
    enum status status;
    int length;

    *file = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    length = snprintf(self->path, sizeof self->path, "%s", path);
    check(length > 0 && (size_t)length < sizeof self->path);
    length = snprintf(self->fresh, sizeof self->fresh, "%s.new", path);
    check(length > 0 && (size_t)length < sizeof self->fresh);
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    thread_condition_init(&self->changed);
    status = open_fresh(self);
    if (status != STATUS_OK) {
        release(file);
    }
    return status;
}

enum status save_file_write(struct save_file *file, struct bytes bytes)
{
    size_t done = 0;

    while (done < bytes.size) {
        ssize_t n = write(file->fd, bytes.data + done, bytes.size - done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 && (errno == ENOSPC || errno == EDQUOT) ? STATUS_FULL
                                                                 : STATUS_IO;
        }
        done += (size_t)n;
    }
    lock(file);
    file->written += bytes.size;
    check(pthread_cond_signal(&file->changed) == 0);
    unlock(file);
    return STATUS_OK;
}

void save_file_end(struct save_file *file, bool whole)
{
    lock(file);
    check(!file->over);
    file->over = true;
    file->whole = whole;
    check(pthread_cond_signal(&file->changed) == 0);
    unlock(file);
}

void save_file_drop(struct save_file *file)
{
    lock(file);
    file->dropped = true;
    unlock(file);
}

bool save_file_ended(struct save_file *file)
{
    bool ended;

    lock(file);
    ended = file->ended;
    unlock(file);
    return ended;
}

enum status save_file_close(struct save_file **file)
{
    enum status status;

    if (*file == NULL) {
        return STATUS_OK;
    }
    check((*file)->over && (*file)->running);
    check(pthread_join((*file)->thread, NULL) == 0);
    status = (*file)->status;
    release(file);
    return status;
}
