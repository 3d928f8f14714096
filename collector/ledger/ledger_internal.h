/* ledger_internal - what the files of the ledger share. */
#ifndef TALLYLINE_LEDGER_INTERNAL_H
#define TALLYLINE_LEDGER_INTERNAL_H

#include "collector/ledger/cold.h"
#include "collector/ledger/ledger.h"
#include "collector/ledger/ledger_tables.h"
#include "common/store/store.h"

struct ledger {
    struct store *store;
    const struct clock *clock;
    struct store_txn *txn; /* of the group; NULL between groups */
    bool read_only;
    bool whole;            /* for whoever checks all of it */
    uint64_t prefix;       /* snapshots show so many entries at most */
    uint64_t own_from;     /* entries from here on were hashed by admission */
    uint64_t next_index;   /* of the group */
    int64_t last_received; /* of the entry before; INT64_MIN for none */
    uint32_t group_count;  /* entries appended */
    uint64_t group_bytes;  /* their bytes */
    bool reserve;          /* the group may use it */
    bool touched;          /* the group changes more than entries */
    bool recovering;       /* entries are missing: nothing new is appended */
    enum status lost;      /* why the group cannot be committed */
    char cold[COLD_PATH_MAX]; /* folder of the cold files */
    bool tree_stands;         /* it cannot be completed: no nodes are added */
    struct merkle_frontier tree;       /* as it was committed */
    struct merkle_frontier group_tree; /* with the group's entries */
};

/* Puts an entry whose bytes are there, with index and time as they stand, and
 * its nodes of the tree. Any failure loses the group. */
MUST_USE enum status ledger_put_entry(struct ledger *ledger,
                                      const struct entry *entry);
bool ledger_group_is_full(const struct ledger *ledger, size_t size);
/* Whether a stream may be that of (agent, epoch). */
MUST_USE enum status ledger_check_numbers(struct ledger *ledger,
                                          uint32_t agent_number,
                                          uint32_t epoch_ordinal,
                                          const struct stream_record *stream,
                                          bool *belong);

struct ledger_snapshot {
    struct store_txn *txn;
    uint64_t size;
    uint64_t own_from;
    struct cold_reader *cold;
};

#endif
