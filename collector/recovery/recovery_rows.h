/* recovery_rows - the table `recovery` as it lies in the ledger's store.
 *
 * Flow     recovery -> [recovery_rows] -> store
 * Owns     nothing.
 * Threads  as the ledger's group, or as the snapshot.
 *
 *   key                    value
 *   the byte 0             the state, below
 *   index 8, agent 4       a claim: version 2, office that vouched for it 4 (0:
 *                          none), walk that had passed the index when the claim
 *                          came 8, and when it was vouched for 8, entry 112,
 *                          bytes
 *   the byte 253, index 8, an erasure order that names this entry: version 2,
 *   SHA-256 32             and where its document lies, created_at 8,
 *                          SHA-256 32
 *   the byte 254,          a control document: version 2, bytes
 *   created_at 8,
 *   SHA-256 32
 *   the byte 255, agent 4  an office that was heard: version 2, 1 when it has
 *                          returned all that it holds 1, CURVE key of its
 *                          machine 32, or nothing where that was not known
 *
 * The state is version 2, kind 1, flags 1 (bit 0: giving up), size of the
 * ledger when it began 8, proven size 8, what is given up lies below 8, below
 * which a break names what is missing 8, number of checkpoints 1, and of each
 * size 8 and root 32, ascending. In version 1 flags and the two sizes behind
 * the proven one are not there, and of other rows none can be read: they are
 * dropped, and the offices return them again.
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
    bool older;        /* of version 1 */
    bool giving_up;    /* numbers are being filled: only breaks end it */
    uint64_t began;    /* size of the ledger */
    uint64_t verified; /* a root was met at this size */
    uint64_t target;   /* giving up: what is missing lies below it */
    uint64_t told;     /* giving up: below it breaks name what is missing */
    struct recovery_note notes[RECOVERY_NOTES_MAX];
    size_t note_count;
};

/* One office's claim to an index. */
struct recovery_row {
    struct entry entry;
    uint32_t agent;        /* who returned it */
    uint32_t other;        /* who returned the same; 0: nobody else has yet */
    uint64_t late;         /* it came behind this walk; 0: behind none */
    uint64_t vouched_late; /* `other` did */
    struct bytes bytes;    /* valid as long as the transaction does not write */
};

/* A control document that came back, wherever its place is. */
struct recovery_document {
    int64_t created_at;
    struct digest digest;
    struct bytes bytes; /* as above */
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
/* The first claim at or behind (index, agent). STATUS_NOT_FOUND. */
MUST_USE enum status recovery_next_row(const struct recovery_reader *reader,
                                       uint64_t index, uint32_t agent,
                                       struct recovery_row *row);
/* The next document behind `document` in the order in which they were signed;
 * recovery_no_document: the first of all. STATUS_NOT_FOUND. */
extern const struct recovery_document recovery_no_document;
MUST_USE enum status recovery_next_document(
    const struct recovery_reader *reader, struct recovery_document *document);
/* The bytes of that document. STATUS_NOT_FOUND: it did not come back. */
MUST_USE enum status recovery_get_document(const struct recovery_reader *reader,
                                           struct recovery_document *document);
/* The document of the order that names this entry. STATUS_NOT_FOUND. */
MUST_USE enum status recovery_get_erasure(const struct recovery_reader *reader,
                                          const struct entry *entry,
                                          struct bytes *document);
/* The next order behind (index, digest): what it names, and its document.
 * STATUS_NOT_FOUND. */
MUST_USE enum status recovery_next_erasure(const struct recovery_reader *reader,
                                           uint64_t *index,
                                           struct digest *digest,
                                           struct bytes *document);
/* Of an office. */
struct recovery_heard {
    bool heard;
    bool answered;         /* it has returned all that it holds */
    struct public_key key; /* of the machine that did; zero: not known */
};
MUST_USE enum status recovery_get_heard(const struct recovery_reader *reader,
                                        uint32_t agent,
                                        struct recovery_heard *heard);

/* These belong to the open group of the ledger. */
MUST_USE enum status recovery_put_state(struct ledger *ledger,
                                        const struct recovery_state *state);
MUST_USE enum status recovery_put_row(struct ledger *ledger,
                                      const struct recovery_row *row,
                                      struct buffer *scratch);
MUST_USE enum status recovery_put_document(
    struct ledger *ledger, const struct recovery_document *document,
    struct buffer *scratch);
/* The order of `document` names this entry. */
MUST_USE enum status recovery_put_erasure(
    struct ledger *ledger, uint64_t index, const struct digest *digest,
    const struct recovery_document *document);
MUST_USE enum status recovery_put_heard(struct ledger *ledger, uint32_t agent,
                                        const struct recovery_heard *heard);
MUST_USE enum status recovery_forget_heard(struct ledger *ledger,
                                           uint32_t agent);
/* All claims to an index. */
MUST_USE enum status recovery_drop_index(struct ledger *ledger, uint64_t index);
MUST_USE enum status recovery_drop_row(struct ledger *ledger, uint64_t index,
                                       uint32_t agent);
/* Up to `max` claims and documents; `left`: there are more. */
MUST_USE enum status recovery_drop_rows(struct ledger *ledger, size_t max,
                                        bool *left);
/* Who was heard. */
MUST_USE enum status recovery_drop_heard(struct ledger *ledger);
/* Who was heard, and the state: the group may append what is new from now on.
 */
MUST_USE enum status recovery_drop_state(struct ledger *ledger);

#endif
