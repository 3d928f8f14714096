/* recovery_rows - the table `recovery` as it lies in the ledger's store.
 *
 * Flow     recovery -> [recovery_rows] -> store
 * Owns     nothing.
 * Threads  as the ledger's group, or as the snapshot.
 *
 *   key                    value
 *   the byte 0             the state, below
 *   index 8, claim 1       version 1, agent 4, entry 112, bytes
 *   the byte 255, agent 4  an office that was heard: version 1, one more than
 *                          the greatest index that it claims 8, 1 when it has
 *                          returned all that it holds 1
 *
 * The state is version 1, kind 1, size of the ledger when it began 8, proven
 * size 8, number of checkpoints 1, and of each size 8 and root 32, ascending.
 */
#ifndef TALLYLINE_COLLECTOR_RECOVERY_ROWS_H
#define TALLYLINE_COLLECTOR_RECOVERY_ROWS_H

#include "collector/ledger/ledger.h"
#include "collector/recovery/recovery.h"

struct recovery_note {
    uint64_t size;
    struct digest root;
};

struct recovery_state {
    enum recovery_kind kind;
    uint64_t began;    /* size of the ledger */
    uint64_t verified; /* a root was met at this size */
    struct recovery_note notes[RECOVERY_NOTES_MAX];
    size_t note_count;
};

/* What an office that was heard says it knows of. */
struct recovery_heard {
    uint64_t claims; /* one more than the greatest index */
    bool answered;   /* it has returned all that it holds */
};

/* One claim to an index. */
struct recovery_row {
    struct entry entry;
    uint32_t agent;     /* who returned it; 0: a stranger */
    uint8_t claim;      /* its number */
    struct bytes bytes; /* valid as long as the transaction does not write */
};

/* What is read: of the open group, or of a transaction of its own. */
struct recovery_reader {
    struct ledger *ledger;
    struct store_txn *txn;
    bool own;
};
MUST_USE enum status recovery_reader_open(struct ledger *ledger,
                                          struct recovery_reader *reader);
void recovery_reader_close(struct recovery_reader *reader);

/* Kind RECOVERY_NONE when there is no such row. */
MUST_USE enum status recovery_get_state(const struct recovery_reader *reader,
                                        struct recovery_state *state);
/* The first claim to the first index at or after (index, claim).
 * STATUS_NOT_FOUND. */
MUST_USE enum status recovery_next_row(const struct recovery_reader *reader,
                                       uint64_t index, uint8_t claim,
                                       struct recovery_row *row);
/* STATUS_NOT_FOUND: the office was not heard. */
MUST_USE enum status recovery_get_heard(const struct recovery_reader *reader,
                                        uint32_t agent,
                                        struct recovery_heard *heard);
/* The next office that was heard behind `agent`. STATUS_NOT_FOUND. */
MUST_USE enum status recovery_next_heard(const struct recovery_reader *reader,
                                         uint32_t *agent,
                                         struct recovery_heard *heard);

/* These belong to the open group of the ledger. */
MUST_USE enum status recovery_put_state(struct ledger *ledger,
                                        const struct recovery_state *state);
MUST_USE enum status recovery_put_row(struct ledger *ledger,
                                      const struct recovery_row *row,
                                      struct buffer *scratch);
MUST_USE enum status recovery_put_heard(struct ledger *ledger, uint32_t agent,
                                        const struct recovery_heard *heard);
/* All claims to an index. */
MUST_USE enum status recovery_drop_index(struct ledger *ledger, uint64_t index);
MUST_USE enum status recovery_drop_row(struct ledger *ledger, uint64_t index,
                                       uint8_t claim);
/* Up to `max` rows of whatever kind but the state; `left`: there are more. */
MUST_USE enum status recovery_drop_rows(struct ledger *ledger, size_t max,
                                        bool *left);
/* From now on the group may append what is new. */
MUST_USE enum status recovery_drop_state(struct ledger *ledger);

#endif
