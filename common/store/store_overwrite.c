/* What was deleted stays in the file: in pages that are free now, and between
 * the nodes of pages that are in use, where LMDB leaves what lay there before.
 * Both are overwritten with zeros here, straight in the file, while the write
 * lock is held.
 *
 * Why that is sound: LMDB writes a page whole before it reads it, never reads
 * between the nodes, and changes no page of a committed state in place. A page
 * that was freed by the last commit still belongs to the state before, so only
 * those are taken that an earlier commit freed; and none while a reader holds
 * an earlier state. A crash in between leaves zeros in places that nobody
 * reads.
 *
 * Failure modes: readers of earlier states (STATUS_BUSY), a tree that cannot be
 * followed (STATUS_CORRUPT), a write or a sync that fails (STATUS_IO). */
#include "common/store/store.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/store/store_page.h"
#include "common/store/store_private.h"

#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FREE_DBI 0u /* LMDB's own table of free pages */

struct overwriting {
    int fd;
    size_t page_size;
    size_t last_page;
    size_t transaction; /* of the state that is in force */
    size_t pages_left;  /* in use, that may still be visited */
    uint8_t *zeros;     /* a page of them */
    uint8_t *page;      /* one that is read */
};

/* ---- zeros ---- */

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Overwrites part of page `number`, as it was read, unless it is zero. */
static enum status clear(const struct overwriting *self, size_t number,
                         const uint8_t *page, size_t from, size_t to)
{
    size_t done = from;

    if (from >= to || is_zero(page + from, to - from)) {
        return STATUS_OK;
    }
    while (done < to) {
        ssize_t wrote = pwrite(self->fd, self->zeros, to - done,
                               (off_t)(number * self->page_size + done));

        if (wrote < 0 && errno != EINTR) {
            return STATUS_IO;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return STATUS_OK;
}

/* ---- free pages ---- */

static enum status clear_page(const struct overwriting *self, size_t number)
{
    enum status status;

    if (number < PAGE_METAS || number > self->last_page) {
        return STATUS_CORRUPT;
    }
    status = page_read(self->fd, self->page_size, number, 0, self->page_size,
                       self->page);
    /* Beyond the end of the file nothing was ever written. */
    if (status == STATUS_CORRUPT) {
        return STATUS_OK;
    }
    return status == STATUS_OK
               ? clear(self, number, self->page, 0, self->page_size)
               : status;
}

static enum status clear_list(const struct overwriting *self, MDB_val list)
{
    const uint8_t *at = list.mv_data;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (list.mv_size < sizeof count) {
        return STATUS_CORRUPT;
    }
    memcpy(&count, at, sizeof count);
    if (count > list.mv_size / sizeof count - 1) {
        return STATUS_CORRUPT;
    }
    for (size_t i = 1; i <= count && status == STATUS_OK; i++) {
        size_t number;

        memcpy(&number, at + i * sizeof number, sizeof number);
        status = clear_page(self, number);
    }
    return status;
}

static enum status clear_lists(const struct overwriting *self,
                               MDB_cursor *cursor)
{
    MDB_val key;
    MDB_val list;
    enum status status = STATUS_OK;
    int rc = 0;

    while (status == STATUS_OK &&
           (rc = mdb_cursor_get(cursor, &key, &list, MDB_NEXT)) == 0) {
        size_t freed_by = 0;

        if (key.mv_size != sizeof freed_by) {
            return STATUS_CORRUPT;
        }
        memcpy(&freed_by, key.mv_data, sizeof freed_by);
        if (freed_by < self->transaction) {
            status = clear_list(self, list);
        }
    }
    return status == STATUS_OK && rc != MDB_NOTFOUND ? store_status(rc)
                                                     : status;
}

/* Only a reader may look at that table; nobody commits meanwhile. */
static enum status clear_free(const struct store *store,
                              const struct overwriting *self)
{
    MDB_txn *reader = NULL;
    MDB_cursor *cursor = NULL;
    int rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &reader);
    enum status status;

    if (rc != 0) {
        return store_status(rc);
    }
    check(mdb_txn_id(reader) == self->transaction);
    status = store_status(mdb_cursor_open(reader, FREE_DBI, &cursor));
    if (status == STATUS_OK) {
        status = clear_lists(self, cursor);
        mdb_cursor_close(cursor);
    }
    mdb_txn_abort(reader);
    return status;
}

/* ---- pages in use ---- */

static enum status clear_tree(struct overwriting *self, size_t number,
                              unsigned depth, unsigned deepest);

/* Behind a value on a page of its own. LMDB itself clears the last of several
 * pages. */
static enum status clear_behind(const struct overwriting *self,
                                const struct page_node *node)
{
    size_t end = sizeof(struct page_head) + node->value_size;
    size_t number;
    enum status status;

    if (end >= self->page_size) {
        return STATUS_OK;
    }
    memcpy(&number, node->value, sizeof number);
    if (number < PAGE_METAS || number > self->last_page) {
        return STATUS_CORRUPT;
    }
    status = page_read(self->fd, self->page_size, number, 0, self->page_size,
                       self->page);
    return status == STATUS_OK
               ? clear(self, number, self->page, end, self->page_size)
               : status;
}

static enum status clear_node(struct overwriting *self,
                              const struct page_node *node)
{
    struct page_tree tree;

    if ((node->flags & NODE_IS_TREE) != 0) {
        if (node->value_size != sizeof tree) {
            return STATUS_CORRUPT;
        }
        memcpy(&tree, node->value, sizeof tree);
        return tree.root == TREE_NO_ROOT
                   ? STATUS_OK
                   : clear_tree(self, tree.root, 1, tree.depth);
    }
    return (node->flags & NODE_IN_OVERFLOW) != 0 ? clear_behind(self, node)
                                                 : STATUS_OK;
}

static enum status clear_tree(struct overwriting *self, size_t number,
                              unsigned depth, unsigned deepest)
{
    struct page_head head;
    size_t size = self->page_size;
    uint8_t *page;
    enum status status;

    /* A tree that leads into itself ends here (I11). */
    if (depth > deepest || deepest > TREE_DEPTH_MAX || number < PAGE_METAS ||
        number > self->last_page || self->pages_left == 0) {
        return STATUS_CORRUPT;
    }
    self->pages_left--;
    page = malloc(size);
    if (page == NULL) {
        return STATUS_MEMORY;
    }
    status = page_read(self->fd, size, number, 0, size, page);
    if (status == STATUS_OK) {
        head = page_head_of(page);
        if (head.number != number || page_count(page, size) == 0) {
            status = STATUS_CORRUPT;
        } else {
            status = clear(self, number, page, head.lower, head.upper);
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < page_count(page, size); i++) {
        struct page_node node;

        if (page_node_at(page, size, i, &node) == 0) {
            status = STATUS_CORRUPT;
        } else if (depth < deepest) {
            status = clear_tree(self, node.child, depth + 1, deepest);
        } else {
            status = clear_node(self, &node);
        }
    }
    free(page);
    return status;
}

static enum status clear_used(struct overwriting *self)
{
    struct page_meta metas[PAGE_METAS];
    enum status status = page_read_metas(self->fd, metas);
    const struct page_meta *meta = &metas[self->transaction % PAGE_METAS];

    if (status == STATUS_OK && meta->transaction != self->transaction) {
        status = STATUS_CORRUPT;
    }
    for (unsigned i = 0; i < 2 && status == STATUS_OK; i++) {
        if (meta->trees[i].root != TREE_NO_ROOT) {
            status =
                clear_tree(self, meta->trees[i].root, 1, meta->trees[i].depth);
        }
    }
    return status;
}

/* ---- readers ---- */

struct readers {
    size_t transaction;
    bool older;
};

/* LMDB tells of its readers in lines: process, thread, transaction or "-". */
static int hear_reader(const char *line, void *context)
{
    struct readers *readers = context;
    int process = 0;
    char thread[32];
    size_t transaction = 0;

    if (sscanf(line, "%d %31s %zu", &process, thread, &transaction) == 3 &&
        transaction < readers->transaction) {
        readers->older = true;
    }
    return 0;
}

static bool has_older_readers(const struct store *store, size_t transaction)
{
    struct readers readers = {.transaction = transaction};

    return mdb_reader_list(store->env, hear_reader, &readers) < 0 ||
           readers.older;
}

/* ---- all of it ---- */

static enum status overwrite(const struct store *store)
{
    struct overwriting self = {.page_size = store->page_size};
    mdb_filehandle_t fd = -1;
    MDB_envinfo info;
    enum status status = STATUS_MEMORY;

    check(mdb_env_info(store->env, &info) == 0);
    check(mdb_env_get_fd(store->env, &fd) == 0);
    self.fd = fd;
    self.last_page = info.me_last_pgno;
    self.transaction = info.me_last_txnid;
    self.pages_left = self.last_page + 1;
    if (has_older_readers(store, self.transaction)) {
        return STATUS_BUSY;
    }
    self.zeros = calloc(1, self.page_size);
    self.page = malloc(self.page_size);
    if (self.zeros != NULL && self.page != NULL) {
        status = clear_free(store, &self);
    }
    if (status == STATUS_OK) {
        status = clear_used(&self);
    }
    if (status == STATUS_OK && fsync(fd) != 0) {
        status = STATUS_IO;
    }
    free(self.zeros);
    free(self.page);
    if (status == STATUS_IO || status == STATUS_CORRUPT) {
        log_error("free parts of the store could not be overwritten",
                  log_text("path", store->path), log_status("status", status));
    }
    return status;
}

enum status store_overwrite(struct store *store)
{
    struct store_txn *txn = NULL;
    enum status status;

    store_check_readers(store);
    status = store_begin(store, true, &txn);
    if (status == STATUS_OK) {
        status = overwrite(store);
    }
    store_abort(&txn);
    return status;
}
