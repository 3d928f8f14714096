/* verify_private - what the files of verify_entries share; nobody else's. */
#ifndef TALLYLINE_COLLECTOR_VERIFY_PRIVATE_H
#define TALLYLINE_COLLECTOR_VERIFY_PRIVATE_H

#include "collector/audit/verify_entries.h"
#include "collector/audit/verify_signatures.h"
#include "collector/ledger/cold.h"
#include "common/base/id_map.h"
#include "common/fold/context.h"
#include "common/format/batch.h"
#include "common/format/merkle.h"
#include "common/store/store.h"

/* Where a stream stands behind the entries seen so far. */
struct verify_stream {
    struct random_id agent, epoch;
    uint32_t number, ordinal;
    uint64_t next_seq, last_index;
    struct digest last;
};

/* A checkpoint that waits for the tree to reach its size. */
struct verify_checkpoint {
    bool waits;
    uint64_t size;
    struct digest root;
};

/* Breaks that are told apart; of more, the roots from before are not known. */
#define VERIFY_BREAKS_MAX 64u

/* A break: entries are missing from `from` on, of a tree that was so large.
 * Entry `index` says so. */
struct verify_broken {
    uint64_t index;
    uint64_t from, size;
    struct digest root;
};

struct verify_entries {
    const struct ledger_snapshot *snapshot; /* borrowed */
    struct store_txn *txn;                  /* the snapshot's */
    struct verify_results *results;         /* borrowed */
    uint64_t signed_before;
    struct verify_signatures *signatures;
    enum status status;
    uint64_t next;         /* index */
    int64_t last_received; /* INT64_MIN for none */

    struct context *context;
    struct report report;
    uint64_t controls; /* entries of that kind */

    struct id_map places; /* number and ordinal: place in `streams` */
    struct verify_stream *streams;
    size_t stream_count, stream_room;
    uint64_t batches;
    bool out_of_order; /* the entry that is looked at, in its stream */

    const char *cold;        /* folder of the cold files, borrowed */
    struct cold_files files; /* that lie in it */
    uint64_t moved;          /* entries whose bytes are not in the store */
    uint64_t cold_rows;      /* batches of which a row says that they moved, */
    uint64_t cold_told;      /* and those of which their move's entry says it */

    struct province_keys keys; /* of the whole ledger */
    struct control_run
        *named; /* what breaks say is missing: by number, apart */
    size_t named_count, named_room;
    struct verify_broken broken[VERIFY_BREAKS_MAX];
    size_t broken_count;
    uint64_t missing; /* entries of that kind, */
    uint64_t told;    /* and those that a break names */

    struct merkle_frontier tree;
    bool has_tree; /* the ledger's format keeps one */
    bool tree_broken;
    uint64_t nodes;            /* that the table must hold */
    struct bytes outside_note; /* borrowed */
    struct verify_checkpoint outside;
    uint64_t outside_size;      /* of it; 0: none that this ledger has signed */
    struct store_cursor *notes; /* on the next checkpoint; NULL: none left */
    struct verify_checkpoint note;
};

/* Of batches; `batch` is what lies under the entry's hash. */
void verify_batch(struct verify_entries *self, const struct entry *entry,
                  struct bytes batch);
/* Of one whose bytes are gone, by its record; `previous` NULL: not known. */
void verify_batch_erased(struct verify_entries *self, const struct entry *entry,
                         const struct digest *previous);
/* Of a batch whose bytes were erased by order. */
void verify_erased(struct verify_entries *self, const struct entry *entry);
/* Of one that may lie in a cold file. */
void verify_cold(struct verify_entries *self, const struct entry *entry);
/* Of the order that erased one. False: it names none. */
bool verify_order(struct verify_entries *self, const struct entry *entry,
                  const struct control_erasure_order *order);
/* Of the control entry by which batches were moved. */
void verify_move(struct verify_entries *self, const struct entry *entry,
                 const struct control_cold_move *move);
/* Behind the last: whether all rows were told of. */
void verify_moves_end(struct verify_entries *self);
/* Reads the breaks of the whole ledger. */
void verify_breaks_read(struct verify_entries *self);
enum verify_broken_kind {
    VERIFY_BROKEN_NOT,
    VERIFY_BROKEN_NAMED,  /* a break says that this was the root */
    VERIFY_BROKEN_WITHIN, /* a break says that entries below are missing */
};
/* What breaks know of a root that is not that of the entries; `by` (may be
 * NULL) is the entry of the break that does. */
enum verify_broken_kind verify_breaks_know(const struct verify_entries *self,
                                           uint64_t size,
                                           const struct digest *root,
                                           uint64_t *by);
/* Of a number whose entry is lost. */
void verify_missing(struct verify_entries *self, const struct entry *entry);
/* Of the control entry that says so. */
void verify_break(struct verify_entries *self, const struct entry *entry,
                  const struct control_break *broken);
void verify_breaks_end(struct verify_entries *self);
/* Of control documents. */
void verify_control(struct verify_entries *self, const struct entry *entry,
                    struct bytes document);

/* The row that the entry has in `positions` or `controls`. */
void verify_row(struct verify_entries *self, const struct entry *entry);
/* The tables as a whole. */
void verify_tables(struct verify_entries *self);

/* Adds a leaf: the nodes that it completes, and the checkpoints of its size. */
void verify_leaf(struct verify_entries *self, const struct entry *entry);
/* Reads a note of the ledger's own, signed with a key that was in force.
 * STATUS_INVALID: no checkpoint; STATUS_NOT_FOUND, STATUS_REFUSED: not signed
 * so. */
MUST_USE enum status verify_note_open(const struct verify_entries *self,
                                      struct bytes bytes, const char *origin,
                                      struct checkpoint *checkpoint);
/* What offices have said, and whether what they know of is still kept. */
void verify_witnesses(struct verify_entries *self);
/* Behind the last: the number of nodes, and checkpoints that are larger than
 * the ledger. */
void verify_notes_end(struct verify_entries *self);

#endif
