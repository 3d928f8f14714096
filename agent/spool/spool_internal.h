/* spool_internal - what the files of the spool share: tables, keys, records.
 *
 * Flow     spool.c opens, spool_record.c encodes; spool_append.c saves,
 *          spool_seal.c seals and keeps receipts, spool_read.c reads,
 *          spool_recover.c opens epochs, spool_copy.c compares with copies,
 *          spool_names.c keeps what things are called here,
 *          spool_controls.c mirrors control entries and gives back,
 *          spool_backup.c removes what the province has backed up,
 *          spool_slots.c keeps the collectors apart, spool_belated.c does
 *          what had to wait.
 * Threads  one, as the spool.
 *
 * The layout of keys and values stands in docs/STORAGE.md. Numbers are
 * big-endian, and every record begins with a version byte.
 */
#ifndef TALLYLINE_AGENT_SPOOL_INTERNAL_H
#define TALLYLINE_AGENT_SPOOL_INTERNAL_H

#include "agent/spool/spool.h"
#include "common/base/file.h"
#include "common/store/store.h"

#define SPOOL_RECORD_VERSION 1u

/* In the meta table of a collector. */
#define SPOOL_KEY_TO_MEND "to_mend" /* how many events wait for somebody */
#define SPOOL_KEY_LINK    "link"
#define SPOOL_KEY_CLOCK   "clock"
#define SPOOL_KEY_BACKUP  "backup"
#define SPOOL_KEY_BREAK   "break"
#define SPOOL_KEY_PAST    "past"
/* In that of the office: a recovery is under way. */
#define SPOOL_KEY_MOVE "move"

/* meta, receipts, documents, outcomes, controls, witness. */
#define SPOOL_OWN_TABLES 6

/* Positions in the store's list of tables; never reordered. */
enum spool_table {
    SPOOL_TABLE_META,
    SPOOL_TABLE_EVENTS,
    SPOOL_TABLE_BATCHES,
    SPOOL_TABLE_RECEIPTS,
    SPOOL_TABLE_DOCUMENTS,
    SPOOL_TABLE_ALIASES,
    SPOOL_TABLE_REFERENCES,
    SPOOL_TABLE_KEYS,
    SPOOL_TABLE_OUTCOMES,
    SPOOL_TABLE_MOVED,
    SPOOL_TABLE_CONTROLS,    /* format 2 */
    SPOOL_TABLE_WITNESS,     /* format 2 */
    SPOOL_TABLE_CORRECTIONS, /* format 3 */
    SPOOL_TABLE_DRAFTS,      /* format 3 */
    /* Format 4: those that a collector has for itself, for slots 1 and on; slot
     * 0 has them above. */
    SPOOL_TABLE_SLOTS,
    SPOOL_TABLE_NAMES = /* format 4 */
        SPOOL_TABLE_SLOTS + (SPOOL_SLOTS - 1) * SPOOL_OWN_TABLES,
    SPOOL_TABLE_COUNT
};

/* What one epoch of this office has come to. */
struct spool_epoch {
    struct random_id id;
    uint64_t last;        /* greatest seq saved; 0: none */
    uint64_t sealed;      /* greatest seq in a batch; 0: none */
    uint64_t received;    /* every seq up to it has a receipt */
    uint64_t receipted;   /* events with a receipt */
    uint64_t closed_from; /* seqs from it on were moved; 0: open */
    bool doubted; /* closed, while this collector may lack some below that */
    uint64_t unsealed;      /* bytes of the events that wait for a batch */
    struct digest previous; /* of the last batch; zero before the first */
};

/* What has left an epoch: everything up to a seq, but for events to mend. */
struct spool_removed {
    uint64_t seq;       /* 0: nothing */
    uint64_t events;    /* that are not here any more */
    struct digest last; /* of the last batch that left */
};

struct spool_aside; /* spool_aside.h */

struct spool {
    char path[FILE_PATH_MAX]; /* the store borrows it */
    struct store *store;
    struct store_txn *txn;     /* the caller's open transaction, or NULL */
    unsigned slot;             /* of the collector that is spoken of */
    unsigned primary;          /* of the one that counts */
    uint32_t others;           /* a bit for each of the others' slots */
    struct batch_codec *codec; /* made when the first batch is sealed */
    struct buffer scratch;     /* what documents and batches are given from */
    struct buffer payload;
    struct spool_identity identity; /* of the open transaction */
    struct spool_epoch epoch;       /* of the open transaction */
    uint32_t added;                 /* events of the open transaction */
    uint64_t committed_first;       /* ids of the last one; 0: none */
    uint64_t committed_last;
    uint64_t room;                      /* bytes that it may still take */
    bool failed;                        /* it can only be forgotten */
    struct spool_aside *aside;          /* what waits for one, or NULL */
    const struct sign_keys *along_keys; /* spool_seal_along(), or NULL */
    const struct clock *along_clock;
};

/* Keys. Each writes to `out` and gives a span of it. */
#define SPOOL_KEY_MAX 64u
struct bytes spool_key_place(uint32_t epoch, uint64_t seq,
                             uint8_t out[SPOOL_KEY_MAX]);
struct bytes spool_key_id(uint64_t id, uint8_t out[SPOOL_KEY_MAX]);
struct bytes spool_key_kind(uint32_t kind, uint64_t id,
                            uint8_t out[SPOOL_KEY_MAX]);
struct bytes spool_key_entry(uint32_t unit, uint32_t office,
                             const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES],
                             uint8_t out[SPOOL_KEY_MAX]);
/* STATUS_INVALID when it is no place (epoch, seq). */
MUST_USE enum status spool_read_place(struct bytes key, uint32_t *epoch,
                                      uint64_t *seq);

/* A transaction for reading: the caller's open one, or a new one that
 * spool_end_read() ends. */
MUST_USE enum status spool_begin_read(struct spool *spool,
                                      struct store_txn **txn);
void spool_end_read(struct spool *spool, struct store_txn **txn);
/* Bytes that new events may take: below the high-water mark, less what it
 * takes to seal those that wait (I6). */
uint64_t spool_room_for_events(struct spool *spool);
/* A transaction for writing; none is open. */
MUST_USE enum status spool_begin_write(struct spool *spool,
                                       struct store_txn **txn);

/* Where the collector that the transaction speaks of has one of its own
 * tables. */
unsigned spool_own(const struct store_txn *txn, enum spool_table table);
/* Has the transaction speak of another one; gives the one before. */
unsigned spool_speak_of(struct store_txn *txn, unsigned slot);
/* Whether one of the others has not received all of a batch that ends at `last`
 * of an epoch and will be sent on. */
MUST_USE enum status spool_others_lack(const struct spool *spool,
                                       struct store_txn *txn, uint32_t ordinal,
                                       uint64_t last, bool *lack);
/* Deletes the receipts of a batch: that of the collector spoken of, which must
 * be there, and those of the others. */
MUST_USE enum status spool_remove_receipts(struct store_txn *txn,
                                           struct bytes place);
/* Notes for each of the other collectors that an epoch is closed by the word of
 * the one that is spoken of. */
MUST_USE enum status spool_doubt_for_others(const struct spool *spool,
                                            struct store_txn *txn,
                                            uint32_t ordinal);
/* Keeps a receipt in the transaction. STATUS_EXISTS: it is there already;
 * STATUS_INVALID as spool_receipt(). */
MUST_USE enum status spool_put_receipt(struct store_txn *txn,
                                       struct bytes bytes,
                                       const struct entry *entry);
/* Whether an epoch was closed without knowing what the collector has of it. */
MUST_USE enum status spool_is_doubted(struct store_txn *txn, uint32_t ordinal,
                                      bool *doubted);
/* Notes that an erasure order is to be looked at again. */
MUST_USE enum status spool_put_off_orders(struct store_txn *txn);

/* Records of the meta table. STATUS_NOT_FOUND; STATUS_CORRUPT when a record
 * does not have the shape that this version writes. */
MUST_USE enum status spool_get_identity(struct store_txn *txn,
                                        struct spool_identity *identity);
MUST_USE enum status spool_put_identity(struct store_txn *txn,
                                        const struct spool_identity *identity);
MUST_USE enum status spool_get_epoch(struct store_txn *txn, uint32_t ordinal,
                                     struct spool_epoch *epoch);
MUST_USE enum status spool_put_epoch(struct store_txn *txn, uint32_t ordinal,
                                     const struct spool_epoch *epoch);
/* The current epoch with the identity. */
MUST_USE enum status spool_get_current(struct store_txn *txn,
                                       struct spool_identity *identity,
                                       struct spool_epoch *epoch);
/* All zero when nothing was noted yet. */
MUST_USE enum status spool_get_link(struct store_txn *txn,
                                    struct spool_link *link);
MUST_USE enum status spool_put_link(struct store_txn *txn,
                                    const struct spool_link *link);
/* A single number under a name; 0 when it is not there. */
MUST_USE enum status spool_get_number(struct store_txn *txn, unsigned table,
                                      struct bytes key, uint64_t *number);
/* The number of a u64 value. */
MUST_USE enum status spool_value_u64(struct bytes value, uint64_t *number);

/* What became of an event that is in the log. */
MUST_USE enum status spool_get_state(struct store_txn *txn, uint64_t id,
                                     enum spool_state *state);
/* Whether the id is one of this office's events, of an epoch that is open:
 * else STATUS_NOT_FOUND. */
MUST_USE enum status spool_is_own(struct store_txn *txn, uint64_t id);
/* The event of a record of the log. */
MUST_USE enum status spool_unpack_event(struct bytes value,
                                        struct event *event);
/* One event at a place of the log. */
MUST_USE enum status spool_get_event(struct store_txn *txn, uint32_t epoch,
                                     uint64_t seq, struct event *event);
/* The batch that holds or follows `seq`, and where it begins and ends. */
MUST_USE enum status spool_get_batch(struct store_txn *txn, uint32_t epoch,
                                     uint64_t seq, struct batch_header *header,
                                     struct bytes *batch);
/* The receipt whose batch holds `seq`. STATUS_NOT_FOUND. */
MUST_USE enum status spool_get_receipt(struct store_txn *txn, uint32_t epoch,
                                       uint64_t seq, struct entry *entry);
/* The receipt whose batch holds or follows `seq`. STATUS_NOT_FOUND. */
MUST_USE enum status spool_get_receipt_after(struct store_txn *txn,
                                             uint32_t epoch, uint64_t seq,
                                             struct entry *entry);
/* What recovery made of an id, once the office writes in that epoch; `id` may
 * be where `old` is kept. STATUS_NOT_FOUND. */
MUST_USE enum status spool_get_moved(struct store_txn *txn,
                                     const struct spool_identity *identity,
                                     uint32_t kind, uint64_t old, uint64_t *id);
/* All zero when nothing has left the epoch. */
MUST_USE enum status spool_get_removed(struct store_txn *txn, uint32_t ordinal,
                                       struct spool_removed *removed);
/* Up to where an epoch lies behind the backup mark. */
struct spool_marked {
    uint64_t last;   /* all up to it is: receipts stand in the ledger's order */
    uint64_t beyond; /* events that are, above the first one without receipt */
    uint64_t top;    /* the greatest seq that is */
};
MUST_USE enum status spool_find_marked(struct store_txn *txn, uint32_t ordinal,
                                       const struct spool_epoch *epoch,
                                       struct spool_marked *marked);
/* The last seq of an epoch up to which all is known to be received. */
uint64_t spool_received_to(const struct spool_epoch *epoch);
/* Whether the province says that it has backed the entry up. */
MUST_USE enum status spool_is_backed_up(struct store_txn *txn,
                                        const struct entry *entry, bool *is);
MUST_USE enum status spool_get_outcome(struct store_txn *txn, uint64_t id,
                                       struct spool_outcome *outcome);

/* Walks the references that an event names: `index` from 0 on. False after
 * the last one. */
struct spool_named {
    uint32_t kind;  /* enum reference_kind */
    uint32_t field; /* of the body */
    uint64_t reference;
};
bool spool_named_at(const struct event *event, size_t index,
                    struct spool_named *named);

/* Puts the event at the place and marks what it names; its entry_key and the
 * numbers of `epoch` are the caller's. */
MUST_USE enum status spool_put_event(struct store_txn *txn,
                                     const struct spool_identity *identity,
                                     struct spool_epoch *epoch,
                                     const struct event *event,
                                     struct buffer *scratch);
/* Notes which event it corrects, if it corrects one. */
MUST_USE enum status spool_mark_correction(struct store_txn *txn, uint64_t id,
                                           const struct event *event);
/* Fills the notes of a spool of an older format, which has none. */
MUST_USE enum status spool_mark_corrections(struct store_txn *txn);
/* Gives an event at `seq` of the identity's epoch that is about to move an
 * entry_key if it has none: the same one whichever copy of the office moves
 * it. */
MUST_USE enum status spool_name_moved(struct store_txn *txn,
                                      const struct spool_identity *identity,
                                      uint64_t seq, struct event *event);
/* Notes in which event a thing of this epoch was first named, so that recover
 * knows which names go along with which events. */
MUST_USE enum status spool_mark_named(struct store_txn *txn,
                                      const struct spool_identity *identity,
                                      const struct spool_named *named,
                                      uint64_t seq);
/* The next number of a kind in the identity's epoch. */
MUST_USE enum status spool_allot(struct store_txn *txn,
                                 const struct spool_identity *identity,
                                 uint32_t kind, uint64_t *reference);

/* One step behind the last alias that was looked at, `size` 0 before the
 * first, so that a walk and what it writes do not share a cursor.
 * STATUS_NOT_FOUND after the last. */
MUST_USE enum status spool_next_alias(struct store_txn *txn,
                                      uint8_t key[SPOOL_KEY_MAX + 1u],
                                      size_t *size, uint64_t *reference);
/* What a thing is called here; dropping what has no name is no fault. */
MUST_USE enum status spool_put_name(struct store_txn *txn, uint32_t kind,
                                    uint64_t reference, struct bytes name);
MUST_USE enum status spool_drop_name(struct store_txn *txn, uint32_t kind,
                                     uint64_t reference);
/* Fills the names of a spool of an older format, which has none. */
MUST_USE enum status spool_fill_names(struct store_txn *txn);

/* Notes that the past of this office is to come back. */
MUST_USE enum status spool_want_history(struct store_txn *txn);
/* How many more bytes than the budget are used; `keep_bytes` as for
 * spool_make_room(). */
uint64_t spool_excess(const struct spool *spool, uint64_t keep_bytes);
/* Makes spool->codec when it is not there. */
MUST_USE enum status spool_make_codec(struct spool *spool);
/* Seals one batch in the transaction. STATUS_NOT_FOUND: nothing waits. */
MUST_USE enum status spool_seal_one(struct spool *spool, struct store_txn *txn,
                                    const struct sign_keys *keys,
                                    const struct clock *clock);

/* Notes the break that the pair is, if it is one that was not noted before:
 * `fresh`, and the first index that it names as missing. */
MUST_USE enum status spool_take_break(struct store_txn *txn,
                                      const struct wire_pair *pair,
                                      uint64_t *from, bool *fresh);

/* Does what an erasure order says, if it is about a batch of this office: see
 * spool_erase.c. Of any other document nothing follows. Whose signature it
 * bears was checked. STATUS_BUSY, and nothing is done: another collector still
 * lacks that batch. */
MUST_USE enum status spool_apply_order(const struct spool *spool,
                                       struct store_txn *txn,
                                       struct bytes document);
/* Whether a batch that ends at `from` to `to` of an epoch was erased. */
MUST_USE enum status spool_erased_between(struct store_txn *txn,
                                          uint32_t ordinal, uint64_t from,
                                          uint64_t to, bool *erased);
/* Whether a control document is such an order. */
bool spool_is_order(struct bytes document);

#endif
