/* The happy path: the file is looked at before LMDB maps it, the format record
 * names this kind of store and a format that is known, every table is there.
 * A new store gets tables and format record in one transaction, so that a
 * crash leaves either nothing or all of it; what it leaves when it comes
 * earlier is an empty store, which the next attempt finishes. An older store
 * gets the tables that it lacks in one transaction too, and stays older. */
#include "common/store/store.h"

#include "common/base/check.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/store/store_file.h"
#include "common/store/store_private.h"
#include "common/store/store_walk.h"

#include <lmdb.h>
#include <stdlib.h>
#include <string.h>

#define KIND_BYTES_MAX 32u
#define WALKS_MAX      8u

static const uint8_t format_key[] = {'f', 'o', 'r', 'm', 'a', 't'};

static void log_assertion(MDB_env *env, const char *text)
{
    const struct store *store = mdb_env_get_userctx(env);
    log_error("the store's own assertion failed", log_text("path", store->path),
              log_text("assertion", text));
}

enum status store_put_format(struct store_txn *txn, uint32_t format)
{
    uint8_t record[4 + KIND_BYTES_MAX];
    size_t size = strlen(txn->store->kind);
    check(size <= KIND_BYTES_MAX);
    bytes_put_u32(record, format);
    memcpy(record + 4, txn->store->kind, size);
    return store_put_reserved(txn, STORE_FORMAT_TABLE,
                              (struct bytes){format_key, sizeof format_key},
                              (struct bytes){record, 4 + size});
}

uint32_t store_format(const struct store *store)
{
    return store->format;
}

static enum status check_format(struct store_txn *txn,
                                const struct store_options *options)
{
    struct bytes record;
    enum status status =
        store_get(txn, STORE_FORMAT_TABLE,
                  (struct bytes){format_key, sizeof format_key}, &record);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    }
    if (record.size < 4) {
        return STATUS_CORRUPT;
    }
    uint32_t format = bytes_get_u32(record.data);
    struct bytes kind = {record.data + 4, record.size - 4};
    if (!bytes_equal(kind, bytes_of_text(options->kind))) {
        log_error("another kind of store", log_text("path", options->path),
                  log_text("wanted", options->kind));
        return STATUS_INVALID;
    }
    if (format > options->format) {
        log_error("the store is from a newer program",
                  log_text("path", options->path), log_number("format", format),
                  log_number("known", options->format));
        return STATUS_VERSION;
    }
    txn->store->format = format;
    return STATUS_OK;
}

/* No table at all: a store that was never finished, or is new. */
static bool is_empty(MDB_txn *txn)
{
    MDB_dbi names;
    MDB_stat about;
    return mdb_dbi_open(txn, NULL, 0, &names) == 0 &&
           mdb_stat(txn, names, &about) == 0 && about.ms_entries == 0;
}

/* Opens the handle of every table in one transaction, which makes the tables
 * of a new store, and those that an older one lacks. */
static enum status open_tables(struct store *store,
                               const struct store_options *options, bool make)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin(store, make, &txn);
    if (status != STATUS_OK) {
        return status;
    }
    bool empty = is_empty(txn->txn);
    unsigned flags = make ? MDB_CREATE : 0;
    int rc =
        mdb_dbi_open(txn->txn, STORE_FORMAT_NAME, flags, &store->format_handle);
    if (rc != 0) {
        status = rc != MDB_NOTFOUND ? store_status(rc)
                 : empty            ? STATUS_NOT_FOUND
                                    : STATUS_INVALID;
        goto out;
    }
    status = make && empty ? store_put_format(txn, options->format)
                           : check_format(txn, options);
    for (size_t i = 0; i < store->table_count && status == STATUS_OK; i++) {
        status = store_status(mdb_dbi_open(txn->txn, options->tables[i], flags,
                                           &store->handles[i]));
        store->missing[i] = status == STATUS_NOT_FOUND &&
                            options->since != NULL &&
                            options->since[i] > store->format;
        if (store->missing[i]) {
            status = STATUS_OK;
        } else if (status == STATUS_NOT_FOUND) {
            status = STATUS_CORRUPT;
        }
    }
    if (status != STATUS_OK) {
        goto out;
    }
    if (make) {
        return store_commit(&txn);
    }
    /* Ending a read transaction in this way keeps the handles. */
    rc = mdb_txn_commit(txn->txn);
    atomic_fetch_sub(&store->alive, 1);
    free(txn);
    return store_status(rc);

out:
    store_abort(&txn);
    return status;
}

static int open_environment(struct store *store,
                            const struct store_options *options)
{
    unsigned flags =
        MDB_NOSUBDIR | MDB_NOTLS | (options->no_lock ? MDB_NOLOCK : 0u);
    MDB_stat about;
    int rc = mdb_env_create(&store->env);
    if (rc != 0) {
        return rc;
    }
    check(mdb_env_set_userctx(store->env, store) == 0);
    check(mdb_env_set_assert(store->env, log_assertion) == 0);
    check(mdb_env_set_maxdbs(store->env, STORE_TABLES_MAX + 1) == 0);
    check(mdb_env_set_maxreaders(store->env, STORE_READERS_MAX) == 0);
    rc = mdb_env_set_mapsize(store->env, options->map_bytes);
    if (rc == 0) {
        rc =
            mdb_env_open(store->env, options->path,
                         options->read_only ? flags | MDB_RDONLY : flags, 0600);
    }
    if (rc == 0) {
        rc = mdb_env_stat(store->env, &about);
        store->page_size = about.ms_psize;
    }
    return rc;
}

/* A reader keeps the state as it is meanwhile; it touches no page of it. */
static enum status walk_once(const struct store *store,
                             const struct store_options *options)
{
    MDB_txn *txn = NULL;
    mdb_filehandle_t fd = -1;
    int rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
    if (rc != 0) {
        return store_status(rc);
    }
    check(mdb_env_get_fd(store->env, &fd) == 0);
    enum status status = store_walk(options, fd, mdb_txn_id(txn));
    mdb_txn_abort(txn);
    return status;
}

/* Another process may have opened the store since nobody had it open, and
 * write. One that commits so often has opened it well. */
static enum status walk(const struct store *store,
                        const struct store_options *options)
{
    enum status status = STATUS_AGAIN;
    for (unsigned i = 0; i < WALKS_MAX && status == STATUS_AGAIN; i++) {
        status = walk_once(store, options);
    }
    return status == STATUS_AGAIN ? STATUS_OK : status;
}

static bool misses_any(const struct store *store)
{
    bool any = false;
    for (size_t i = 0; i < store->table_count; i++) {
        any = any || store->missing[i];
    }
    return any;
}

enum status store_open(const struct store_options *options,
                       struct store **store)
{
    *store = NULL;
    check(options->table_count <= STORE_TABLES_MAX);
    bool create = options->create && !options->read_only;
    enum status status = store_file_check(options->path);
    if (status != STATUS_OK && !(status == STATUS_NOT_FOUND && create)) {
        return status;
    }
    bool is_new = status == STATUS_NOT_FOUND;
    /* Another process has looked at all of it, and may write just now. */
    bool to_walk =
        !is_new && (options->look != NULL || !store_file_in_use(options->path));
    struct store *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->path = options->path;
    made->kind = options->kind;
    made->format = options->format;
    made->table_count = options->table_count;
    made->read_only = options->read_only;
    made->failed_before = store_file_failed(options->path);
    int rc = open_environment(made, options);
    if (rc != 0) {
        log_error("cannot open the store", log_text("path", options->path),
                  log_text("cause", mdb_strerror(rc)));
        status = store_status(rc);
        goto out;
    }
    status = to_walk ? walk(made, options) : STATUS_OK;
    if (status == STATUS_OK) {
        status = open_tables(made, options, false);
    }
    if ((status == STATUS_NOT_FOUND && create) ||
        (status == STATUS_OK && misses_any(made) && !options->read_only)) {
        status = open_tables(made, options, true);
    }
    if (status == STATUS_OK && is_new) {
        status = file_sync_folder(options->path);
    }
    if (status == STATUS_OK && !options->read_only) {
        store_check_readers(made);
    }
out:
    if (status == STATUS_OK) {
        *store = made;
    } else {
        store_close(&made);
    }
    return status;
}

void store_close(struct store **store)
{
    if (*store != NULL) {
        check(atomic_load(&(*store)->alive) == 0);
        mdb_env_close((*store)->env);
        free(*store);
        *store = NULL;
    }
}
