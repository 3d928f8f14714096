/* store_private - what store.c and store_value.c share; nobody else's.
 *
 * Flow     store.c: file, transactions, room;  store_value.c: keys and values
 * Owns     nothing of its own.
 * Threads  as in store.h.
 */
#ifndef TALLYLINE_STORE_PRIVATE_H
#define TALLYLINE_STORE_PRIVATE_H

#include "common/store/store.h"

#include <stdatomic.h>

/* The id of the table that holds the format record. */
#define STORE_FORMAT_TABLE 255u
#define STORE_FORMAT_NAME  "format"

/* In `alive` while the map is changed: nobody may begin then. */
#define STORE_RESIZING 0x80000000u

struct MDB_env;
struct MDB_txn;

struct store {
    struct MDB_env *env;
    const char *path;
    unsigned handles[STORE_TABLES_MAX];
    unsigned format_handle;
    bool missing[STORE_TABLES_MAX]; /* of a later format than the store's */
    const char *kind;
    uint32_t format;
    size_t table_count;
    size_t page_size;
    bool read_only;
    bool failed_before; /* store_file_set_failed() is to be taken back */
    atomic_bool broken;
    atomic_uint alive; /* transactions of this process, and STORE_RESIZING */
};

struct store_txn {
    struct store *store;
    struct MDB_txn *txn;
    enum status failed; /* what every later call and the commit answer */
    uint64_t room;      /* bytes that may be put below the high-water mark */
    uint64_t put;       /* bytes put, as they weigh on the disk */
    uint64_t changes;   /* puts and deletes */
    unsigned cursors;   /* open ones */
    unsigned tag;       /* the owner's */
    bool write;
    bool counted; /* `room` knows of free pages */
    bool frees;   /* may free pages that it has allocated itself */
};

/* Bytes that may still be put below the high-water mark. Free pages below the
 * last one are only known when they are counted, which takes a walk. */
uint64_t store_room_below_mark(const struct store *store, bool counted);

/* Whether what is stored under the key begins with its hash. */
bool store_value_fits(unsigned table, struct bytes key, struct bytes stored);

/* Our status of what LMDB or the system answered. */
enum status store_status(int rc);

#endif
