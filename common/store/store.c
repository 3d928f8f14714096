/* The happy path of a write: begin measures the room, puts stay below the
 * mark, commit writes the pages, syncs, and writes the meta page that makes
 * them valid.
 *
 * Possible failures of a commit:
 *   - the map is full: LMDB drops the transaction; STATUS_FULL, go on later;
 *   - the disk or a quota is full: LMDB reports EIO for a short write, so the
 *     disk is asked for room. No meta page was written: STATUS_FULL, go on
 *     later;
 *   - a write or a sync failed: what is on the disk is unknown. The store is
 *     broken from here on: STATUS_IO, close it and open it again;
 *   - the meta page could not be written: LMDB refuses every later
 *     transaction; broken as above.
 * In all of these nothing was acknowledged. */
#include "common/store/store.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/store/store_file.h"
#include "common/store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Pages that one change may take: a path of the tree, each page split. */
#define CHANGE_PAGES_MAX 16u
/* With less than this above what a failed transaction wrote, the disk is
 * taken to have been full. */
#define DISK_SLACK_BYTES (UINT64_C(256) << 10)

enum status store_status(int rc)
{
    switch (rc) {
    case 0:
        return STATUS_OK;
    case MDB_NOTFOUND:
    case ENOENT:
        return STATUS_NOT_FOUND;
    case MDB_KEYEXIST:
        return STATUS_EXISTS;
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return STATUS_FULL;
    case MDB_VERSION_MISMATCH:
        return STATUS_VERSION;
    case MDB_READERS_FULL:
        return STATUS_BUSY;
    case MDB_MAP_RESIZED:
        return STATUS_AGAIN;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
        return STATUS_CORRUPT;
    case ENOMEM:
        return STATUS_MEMORY;
    default:
        return STATUS_IO;
    }
}

/* ---- transactions of this process ---- */

/* One more transaction of this process, once no map is being changed (which
 * takes two system calls). */
static void enter(struct store *store)
{
    unsigned alive = atomic_load(&store->alive);
    for (;;) {
        if ((alive & STORE_RESIZING) != 0) {
            (void)sched_yield();
            alive = atomic_load(&store->alive);
        } else if (atomic_compare_exchange_weak(&store->alive, &alive,
                                                alive + 1)) {
            return;
        }
    }
}

static void leave(struct store *store)
{
    atomic_fetch_sub(&store->alive, 1);
}

/* ---- room ---- */

struct extent {
    uint64_t allocated; /* bytes up to the last page */
    uint64_t total;     /* what it may grow to, on map and disk */
    uint64_t disk_free;
};

static struct extent measure(const struct store *store)
{
    struct extent extent = {0};
    struct statvfs disk;
    MDB_envinfo info;
    mdb_filehandle_t fd = -1;

    check(mdb_env_info(store->env, &info) == 0);
    check(mdb_env_get_fd(store->env, &fd) == 0);
    extent.allocated = (info.me_last_pgno + 1) * store->page_size;
    extent.total = info.me_mapsize;
    if (extent.total < extent.allocated) { /* another process's map */
        extent.total = extent.allocated;
    }
    if (fstatvfs(fd, &disk) == 0) {
        extent.disk_free = (uint64_t)disk.f_bavail * disk.f_frsize;
        if (extent.total - extent.allocated > extent.disk_free) {
            extent.total = extent.allocated + extent.disk_free;
        }
    }
    return extent;
}

/* Bytes of pages below the last one that are free to use again. */
static uint64_t count_free(const struct store *store)
{
    const MDB_dbi free_pages = 0; /* LMDB's own table of them */
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val list;
    uint64_t pages = 0;

    if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn) != 0) {
        return 0;
    }
    if (mdb_cursor_open(txn, free_pages, &cursor) == 0) {
        while (mdb_cursor_get(cursor, &key, &list, MDB_NEXT) == 0) {
            size_t count = 0;
            check(list.mv_size >= sizeof count);
            memcpy(&count, list.mv_data, sizeof count);
            pages += count;
        }
        mdb_cursor_close(cursor);
    }
    mdb_txn_abort(txn);
    return pages * store->page_size;
}

uint64_t store_room_below_mark(const struct store *store, bool counted)
{
    struct extent extent = measure(store);
    uint64_t mark = extent.total / 100 * STORE_FULL_PERCENT;
    uint64_t used = extent.allocated;
    if (counted) {
        used -= count_free(store);
    }
    return used < mark ? mark - used : 0;
}

void store_room(struct store *store, uint64_t *used, uint64_t *total)
{
    enter(store);
    struct extent extent = measure(store);
    *used = extent.allocated - count_free(store);
    leave(store);
    *total = extent.total;
}

/* ---- transactions ---- */

/* Another process has made the map greater: takes over its size, which needs
 * that the caller's transaction is the only one and has not begun. */
static bool take_over_map(struct store *store)
{
    unsigned alone = 1;
    bool taken = false;
    if (atomic_compare_exchange_strong(&store->alive, &alone,
                                       STORE_RESIZING | 1u)) {
        taken = mdb_env_set_mapsize(store->env, 0) == 0;
        atomic_store(&store->alive, 1);
    }
    return taken;
}

static enum status begin(struct store *store, unsigned flags, MDB_txn **txn)
{
    int rc = mdb_txn_begin(store->env, NULL, flags, txn);
    if (rc == MDB_READERS_FULL) {
        store_check_readers(store);
        rc = mdb_txn_begin(store->env, NULL, flags, txn);
    }
    if (rc == MDB_MAP_RESIZED && take_over_map(store)) {
        log_info("the map was made greater", log_text("path", store->path));
        rc = mdb_txn_begin(store->env, NULL, flags, txn);
    }
    if (rc == MDB_PANIC) {
        atomic_store(&store->broken, true);
    }
    if (rc != 0) {
        log_error("no transaction", log_text("path", store->path),
                  log_text("cause", mdb_strerror(rc)));
    }
    return store_status(rc);
}

enum status store_begin(struct store *store, bool write, struct store_txn **txn)
{
    enum status status = STATUS_OK;
    *txn = NULL;
    check(!write || !store->read_only);
    if (write && atomic_load(&store->broken)) {
        return STATUS_IO;
    }
    struct store_txn *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->store = store;
    made->write = write;
    enter(store);
    status = begin(store, write ? 0 : MDB_RDONLY, &made->txn);
    if (status != STATUS_OK) {
        leave(store);
        free(made);
        return status;
    }
    if (write) {
        made->room = store_room_below_mark(store, false);
    }
    *txn = made;
    return STATUS_OK;
}

void store_set_tag(struct store_txn *txn, unsigned tag)
{
    txn->tag = tag;
}

unsigned store_tag(const struct store_txn *txn)
{
    return txn->tag;
}

void store_abort(struct store_txn **txn)
{
    if (*txn != NULL) {
        check((*txn)->cursors == 0);
        mdb_txn_abort((*txn)->txn);
        leave((*txn)->store);
        free(*txn);
        *txn = NULL;
    }
}

/* LMDB does not write pages that it allocated and freed in one transaction.
 * If they are the last ones, a sound file would look cut short at the next
 * start; so the file is made long enough (a hole, no room is taken) first. */
static int lengthen(const struct store *store, const struct store_txn *txn)
{
    struct stat about;
    mdb_filehandle_t fd = -1;

    check(mdb_env_get_fd(store->env, &fd) == 0);
    uint64_t pages =
        txn->put / store->page_size + (txn->changes + 1) * CHANGE_PAGES_MAX;
    uint64_t size = measure(store).allocated + pages * store->page_size;
    if (fstat(fd, &about) != 0) {
        return errno;
    }
    if ((uint64_t)about.st_size >= size) {
        return 0;
    }
    return ftruncate(fd, (off_t)size) == 0 ? 0 : errno;
}

/* Whether the file may have so many bytes more; takes them, as the next
 * transaction would. Only for who holds the store's write lock. */
static bool may_grow(const struct store *store, uint64_t size, uint64_t more)
{
    mdb_filehandle_t fd = -1;
    check(mdb_env_get_fd(store->env, &fd) == 0);
    int rc = posix_fallocate(fd, (off_t)size, (off_t)more);
    return rc != ENOSPC && rc != EDQUOT && rc != EFBIG;
}

/* LMDB goes on after this failure, and there is no room: of the disk, a quota
 * or the process. A short write, which LMDB answers with EIO, does not say. */
static bool was_full_disk(const struct store *store, int cause, uint64_t put)
{
    MDB_txn *probe = NULL;
    if (mdb_txn_begin(store->env, NULL, 0, &probe) != 0) {
        return false;
    }
    struct extent extent = measure(store);
    uint64_t wanted = put + DISK_SLACK_BYTES;
    bool full = cause != EIO || extent.disk_free < wanted ||
                !may_grow(store, extent.allocated, wanted);
    mdb_txn_abort(probe);
    return full;
}

static enum status judge_commit(struct store *store, int rc, uint64_t put)
{
    if (rc == 0) {
        if (store->failed_before) {
            store_file_set_failed(store->path, false);
            store->failed_before = false;
        }
        return STATUS_OK;
    }
    if (rc == MDB_MAP_FULL) {
        log_warning("the map is full", log_text("path", store->path));
        return STATUS_FULL;
    }
    bool may_be_full = rc == EIO || rc == ENOSPC || rc == EDQUOT || rc == EFBIG;
    if (may_be_full && was_full_disk(store, rc, put)) {
        log_warning("the disk is full", log_text("path", store->path));
        return STATUS_FULL;
    }
    atomic_store(&store->broken, true);
    store_file_set_failed(store->path, true);
    log_error("a commit failed, the store must be opened again",
              log_text("path", store->path),
              log_text("cause", mdb_strerror(rc)));
    enum status status = store_status(rc);
    return status == STATUS_CORRUPT ? STATUS_CORRUPT : STATUS_IO;
}

enum status store_commit(struct store_txn **txn)
{
    struct store_txn *ended = *txn;
    struct store *store = ended->store;
    enum status status = ended->failed;
    int rc = 0;

    check(ended->write && ended->cursors == 0);
    if (status != STATUS_OK) {
        store_abort(txn);
        return status;
    }
    if (ended->frees) {
        rc = lengthen(store, ended);
    }
    if (rc == 0) {
        rc = mdb_txn_commit(ended->txn);
    } else {
        mdb_txn_abort(ended->txn);
    }
    status = judge_commit(store, rc, ended->put);
    leave(store);
    free(ended);
    *txn = NULL;
    return status;
}

enum status store_sync(struct store *store)
{
    int rc = atomic_load(&store->broken) ? EIO : mdb_env_sync(store->env, 1);

    if (rc == 0) {
        return STATUS_OK;
    }
    atomic_store(&store->broken, true);
    log_error("a sync failed, the store must be opened again",
              log_text("path", store->path),
              log_text("cause", mdb_strerror(rc)));
    return STATUS_IO;
}

void store_check_readers(struct store *store)
{
    int dead = 0;
    if (mdb_reader_check(store->env, &dead) == 0 && dead > 0) {
        log_info("freed the slots of readers that died",
                 log_text("path", store->path), log_number("slots", dead));
    }
}

bool store_broken(const struct store *store)
{
    return atomic_load(&store->broken);
}
