/* store - durable tables on one LMDB environment.
 *
 * Flow     spool, ledger -> [store] -> disk
 * Owns     the LMDB environment; only store*.c include <lmdb.h>.
 * Threads  one writer at a time (a second waits, in other processes too); a
 *          read transaction belongs to one thread at a time. A process opens
 *          a file once, and never uses a store across fork().
 * Limits   STORE_TABLES_MAX tables, keys of 1 to STORE_KEY_MAX bytes,
 *          STORE_TXN_BYTES_MAX a write transaction, STORE_READERS_MAX readers.
 *
 * Every stored value carries a 64-bit hash of its key and itself, checked at
 * every read: LMDB does not notice flipped bits. Default sync, no DUPSORT, no
 * WRITEMAP, no nested transactions.
 *
 * Invariants
 *   I1, I2  STATUS_OK from store_commit() means on stable storage.
 *   I6      STATUS_FULL changes nothing: above 85 % of the map (or of the
 *           disk) writes are refused while reads and small marks still work.
 *   sticky  after STATUS_IO from a commit every later write returns STATUS_IO
 *           until the store is opened again; reads may fail as well.
 */
#ifndef TALLYLINE_COMMON_STORE_H
#define TALLYLINE_COMMON_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

#define STORE_TABLES_MAX   40u
#define STORE_KEY_MAX      64u
#define STORE_FULL_PERCENT 85u
#define STORE_READERS_MAX  126u
/* LMDB would spill pages of a larger one, with known faults. */
#define STORE_TXN_BYTES_MAX (UINT64_C(256) << 20)

struct store;        /* opaque */
struct store_txn;    /* opaque; write or read */
struct store_cursor; /* opaque */

/* What a look at every page has found. */
struct store_look {
    uint64_t page;    /* that is damaged, and why; NULL: none is */
    const char *what; /* in words, for a log or an auditor; valid for ever */
    uint64_t values;  /* in leaves that do not have their hash */
};

struct store_options {
    const char *path;          /* one file, MDB_NOSUBDIR */
    const char *const *tables; /* names, in a fixed order; index = table id */
    size_t table_count;
    /* The format that brought each table; NULL: the first brought all. */
    const uint32_t *since;
    uint64_t map_bytes;
    uint32_t format;  /* "kind" of store and its version: refused if newer */
    const char *kind; /* "ledger" or "spool" */
    bool read_only;
    bool create;  /* when there is none yet */
    bool no_lock; /* nobody else writes meanwhile, nor reads if this one
                     writes: touches no lock file, and so needs no right and no
                     room to write one */
    /* Not NULL: all pages are looked at, however many there are and whoever has
     * the store open, and what was found is written there. */
    struct store_look *look;
};

/* Opens or creates. Checks the file's size against its last page before
 * anything is read (a cut file would end in SIGBUS) and the format record.
 * STATUS_NOT_FOUND, STATUS_VERSION (from a newer program), STATUS_CORRUPT,
 * STATUS_IO, STATUS_INVALID (another kind of store). `path`, `tables` and
 * `kind` must outlive the store.
 *
 * A store of an older format gets the tables that came later, empty, and keeps
 * its number until store_put_format(): who knows what belongs into them fills
 * them first. Opened read-only it has no such table: it reads as empty. */
MUST_USE enum status store_open(const struct store_options *options,
                                struct store **store);
void store_close(struct store **store);

/* The format of the store as it was opened. */
uint32_t store_format(const struct store *store);
/* Makes it a store of that format once the transaction is committed: the end of
 * a change from an older one. Above the high-water mark too. */
MUST_USE enum status store_put_format(struct store_txn *txn, uint32_t format);

/* When another process has made the map greater its size is taken over.
 * STATUS_AGAIN: that could not be done beside this process's other
 * transactions. STATUS_BUSY: too many readers. STATUS_IO: broken. */
MUST_USE enum status store_begin(struct store *store, bool write,
                                 struct store_txn **txn);
/* Ends a write transaction; frees it in every case. In every case but
 * STATUS_OK nothing of it is kept: STATUS_FULL (map or disk), STATUS_IO and
 * STATUS_CORRUPT (sticky). */
MUST_USE enum status store_commit(struct store_txn **txn);
/* Ends a transaction without effect; accepts NULL. */
void store_abort(struct store_txn **txn);

/* Value valid until the transaction ends or writes. STATUS_NOT_FOUND;
 * STATUS_CORRUPT when the hash does not fit. */
MUST_USE enum status store_get(struct store_txn *txn, unsigned table,
                               struct bytes key, struct bytes *value);
/* Inserts or replaces. STATUS_FULL above the high-water mark; STATUS_AGAIN when
 * the transaction would pass STORE_TXN_BYTES_MAX: commit it first. Neither
 * changes anything. When the map itself overflows, the whole transaction is
 * lost: every later call in it, and its commit, answer STATUS_FULL. */
MUST_USE enum status store_put(struct store_txn *txn, unsigned table,
                               struct bytes key, struct bytes value);
/* Inserts; STATUS_EXISTS when the key is there. */
MUST_USE enum status store_insert(struct store_txn *txn, unsigned table,
                                  struct bytes key, struct bytes value);
/* Inserts a key greater than all others of the table (faster). STATUS_EXISTS
 * when it is not greater. */
MUST_USE enum status store_append(struct store_txn *txn, unsigned table,
                                  struct bytes key, struct bytes value);
/* Like store_put, but allowed into the reserve above the high-water mark:
 * only for small marks that free room or record a refusal, and for what an
 * administrator orders. */
MUST_USE enum status store_put_reserved(struct store_txn *txn, unsigned table,
                                        struct bytes key, struct bytes value);
/* STATUS_NOT_FOUND. Works above the high-water mark too. */
MUST_USE enum status store_delete(struct store_txn *txn, unsigned table,
                                  struct bytes key);

/* Deletes every value of the table. As store_delete(). */
MUST_USE enum status store_empty(struct store_txn *txn, unsigned table);

/* A number that the owner of a transaction keeps with it; 0 at first. */
void store_set_tag(struct store_txn *txn, unsigned tag);
unsigned store_tag(const struct store_txn *txn);

/* Cursors walk keys in byte order. Close them before the transaction ends, and
 * seek again after the transaction has written. What they give is valid as
 * that of store_get(), and as well checked. */
MUST_USE enum status store_cursor_open(struct store_txn *txn, unsigned table,
                                       struct store_cursor **cursor);
void store_cursor_close(struct store_cursor **cursor);
/* First key at or after `key` (empty key: the first of all). */
MUST_USE enum status store_seek(struct store_cursor *cursor, struct bytes key,
                                struct bytes *found, struct bytes *value);
/* STATUS_NOT_FOUND behind the last key. */
MUST_USE enum status store_next(struct store_cursor *cursor, struct bytes *key,
                                struct bytes *value);
/* The greatest key below `key` (empty key: of all). STATUS_NOT_FOUND. */
MUST_USE enum status store_before(struct store_cursor *cursor, struct bytes key,
                                  struct bytes *found, struct bytes *value);
/* The greatest key of the table; STATUS_NOT_FOUND when it is empty. */
MUST_USE enum status store_last(struct store_cursor *cursor, struct bytes *key,
                                struct bytes *value);
MUST_USE enum status store_count(struct store_txn *txn, unsigned table,
                                 uint64_t *count);

/* Bytes in use and bytes there are, of map and disk whichever is tighter. */
void store_room(struct store *store, uint64_t *used, uint64_t *total);
/* Frees reader slots of processes that died. */
void store_check_readers(struct store *store);
/* Makes durable what this process sees: a process that died may have written
 * it and not synced it. STATUS_IO (sticky). */
MUST_USE enum status store_sync(struct store *store);
/* Told at times how far a copy has come. */
struct store_progress {
    void *owner;
    void (*written)(void *owner, uint64_t bytes);
};

/* Writes the store as one reader sees it, without free pages, to `fd`, an empty
 * file, and syncs that. Whoever writes goes on meanwhile, and pages that are
 * freed are not used again before the end. `progress` may be NULL.
 * STATUS_FULL, STATUS_IO, STATUS_CORRUPT: the file is worth nothing. */
MUST_USE enum status store_copy(struct store *store, int fd,
                                const struct store_progress *progress);
/* Overwrites with zeros what the file still holds of deleted values, but for
 * pages that the last commit has freed: to be called after a commit that
 * follows the one which deleted, and once more after another, since that one
 * may have carried some along. What this process itself has in memory of
 * values that it wrote may come into the file again, in parts that nobody
 * reads; only a process that opens the store afterwards leaves none. Holds the
 * write lock, and reads all pages that are free or branches and leaves.
 * STATUS_BUSY: somebody reads an earlier state; STATUS_CORRUPT, STATUS_IO. */
MUST_USE enum status store_overwrite(struct store *store);
/* Deletes a value and leaves nothing of it in what the commit writes.
 * STATUS_NOT_FOUND, STATUS_AGAIN as store_put(). */
MUST_USE enum status store_erase(struct store_txn *txn, unsigned table,
                                 struct bytes key);
/* True once a commit has failed; only opening again helps. */
bool store_broken(const struct store *store);

#endif
