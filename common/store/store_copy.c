/* The copy is LMDB's own: what one reader sees, page by page behind each other,
 * so that free pages are left out. When pages were lost in the file (they are
 * in no tree and not in the list of free ones) LMDB notices at the end that it
 * has counted wrongly; then everything is copied as it lies.
 *
 * It runs on a thread of its own while the caller's looks at how long the file
 * has become. Possible failures: no room, a disk that fails; what was written
 * is worth nothing then. */
#include "common/store/store.h"

#include "common/base/log.h"
#include "common/store/store_private.h"

#include <errno.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS   100000000L /* between two looks at the file */
#define SECOND_NS 1000000000L

struct copying {
    struct store *store;
    int fd;
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    bool done;
    int rc;
};

/* Sets the file back to nothing. */
static int empty(int fd)
{
    return ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0 ? 0 : errno;
}

static void *copy(void *owner)
{
    struct copying *copying = owner;
    int rc = mdb_env_copyfd2(copying->store->env, copying->fd, MDB_CP_COMPACT);

    if (rc == MDB_INCOMPATIBLE) {
        log_info("the store has lost pages, which the copy keeps",
                 log_text("path", copying->store->path));
        rc = empty(copying->fd);
        if (rc == 0) {
            rc = mdb_env_copyfd2(copying->store->env, copying->fd, 0);
        }
    }
    (void)pthread_mutex_lock(&copying->mutex);
    copying->rc = rc;
    copying->done = true;
    (void)pthread_cond_signal(&copying->ended);
    (void)pthread_mutex_unlock(&copying->mutex);
    return NULL;
}

static void tell(const struct copying *copying,
                 const struct store_progress *progress)
{
    struct stat about;

    if (progress != NULL && fstat(copying->fd, &about) == 0) {
        progress->written(progress->owner, (uint64_t)about.st_size);
    }
}

/* Waits for the copy's end, and looks at it meanwhile. */
static void watch(struct copying *copying,
                  const struct store_progress *progress)
{
    (void)pthread_mutex_lock(&copying->mutex);
    while (!copying->done) {
        struct timespec until;

        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_NS;
        if (until.tv_nsec >= SECOND_NS) {
            until.tv_nsec -= SECOND_NS;
            until.tv_sec++;
        }
        (void)pthread_cond_timedwait(&copying->ended, &copying->mutex, &until);
        tell(copying, progress);
    }
    (void)pthread_mutex_unlock(&copying->mutex);
}

enum status store_copy(struct store *store, int fd,
                       const struct store_progress *progress)
{
    struct copying copying = {.store = store, .fd = fd};
    struct store_txn *txn = NULL;
    pthread_t thread;
    /* Keeps the map as large as it is, which LMDB's own reader does not. */
    enum status status = store_begin(store, false, &txn);

    if (status != STATUS_OK) {
        return status;
    }
    (void)pthread_mutex_init(&copying.mutex, NULL);
    (void)pthread_cond_init(&copying.ended, NULL);
    if (pthread_create(&thread, NULL, copy, &copying) == 0) {
        watch(&copying, progress);
        (void)pthread_join(thread, NULL);
        status = store_status(copying.rc);
    } else {
        status = STATUS_MEMORY;
    }
    (void)pthread_cond_destroy(&copying.ended);
    (void)pthread_mutex_destroy(&copying.mutex);
    store_abort(&txn);
    if (status == STATUS_OK && fsync(fd) != 0) {
        status = store_status(errno);
    }
    if (status != STATUS_OK) {
        log_warning("the store could not be copied",
                    log_text("path", store->path),
                    log_status("status", status));
    }
    return status;
}
