/* spool - the office's own durable log of events, on one store.
 *
 * Flow     source -> [spool] -> seal -> uplink;  receipts -> [spool]
 * Owns     the agent's store. Several processes may have it open: the daemon,
 *          and `record` or `import` beside it.
 * Threads  one: the thread that called spool_open().
 * Limits   refuses new events above the store's high-water mark, less the
 *          room that sealing what is there will take.
 *
 * The state of the office lies here too: who it is, the documents that came
 * down, local names of things, and what became of each event.
 *
 * Invariants
 *   I1  STATUS_OK from spool_commit() and spool_append() means the events are
 *       on stable storage.
 *   I6  STATUS_FULL refuses new events and changes nothing; what is there is
 *       still sealed, sent and receipted.
 *   I7  nothing that was saved is removed here; spool_backup.h says what the
 *       province must have said before that.
 */
#ifndef TALLYLINE_AGENT_SPOOL_H
#define TALLYLINE_AGENT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/format/batch.h"
#include "common/format/entry.h"
#include "common/format/sign.h"
#include "common/format/wire.h"
#include "common/format/wire_pairs.h"

#define SPOOL_FORMAT             4u
#define SPOOL_MAP_BYTES          (UINT64_C(1) << 30)
#define SPOOL_APPEND_MAX         4096u   /* events of one spool_append() */
#define SPOOL_TRANSACTION_MAX    200000u /* spool_begin() to spool_commit() */
#define SPOOL_SEAL_MAX           8u      /* batches of one transaction */
#define SPOOL_MOVE_MAX           16384u  /* events of one step of a recovery */
#define SPOOL_ALIAS_MAX          60u     /* bytes of a local name */
#define SPOOL_OUTCOMES_MAX       65536u
#define SPOOL_DOCUMENT_NAME_MAX  64u
#define SPOOL_DOCUMENT_BYTES_MAX (1024u * 1024u)
#define SPOOL_SLOTS              4u /* collectors: see spool_slots.h */

/* What an event takes beside its own bytes: keys, hashes, its row by
 * entry_key. Generous, so that what is saved can always be sealed (I6). */
#define SPOOL_EVENT_OVERHEAD 256u

struct spool; /* opaque */

/* Who this office is; set once by join, epochs by recover. */
struct spool_identity {
    struct random_id agent;
    uint32_t agent_number;
    struct random_id epoch;
    uint32_t epoch_ordinal;
    struct random_id ledger;
};

/* Why the line stands still until somebody acts; shown by `status`. */
enum spool_frozen {
    SPOOL_RUNNING = 0,
    SPOOL_POSITION_TAKEN, /* cloned or rolled back: `recover` */
    SPOOL_REVOKED,
    SPOOL_CHAIN_BROKEN
};

enum spool_state {
    SPOOL_SAVED,     /* on this disk */
    SPOOL_SEALED,    /* in a batch, perhaps on its way */
    SPOOL_RECEIVED,  /* the province has it */
    SPOOL_BACKED_UP, /* and a copy of it on another disk */
    SPOOL_TO_MEND,   /* received, but not counted: see the outcome */
    SPOOL_MOVED      /* given a new id by recover: see spool_moved() */
};

/* `map_bytes` is the greatest size of the file; 0: SPOOL_MAP_BYTES. Gives.
 * STATUS_NOT_FOUND without `create`; STATUS_VERSION, STATUS_CORRUPT,
 * STATUS_INVALID (not a spool), STATUS_IO as in store.h. */
MUST_USE enum status spool_open(const char *path, uint64_t map_bytes,
                                bool create, struct spool **spool);
void spool_close(struct spool **spool);

/* STATUS_NOT_FOUND before join. */
MUST_USE enum status spool_identity(struct spool *spool,
                                    struct spool_identity *identity);
/* Sets who the office is and opens its epoch. STATUS_EXISTS when events of
 * another identity are here; a new epoch of an office that has events is
 * opened by spool_open_epoch(). */
MUST_USE enum status spool_set_identity(struct spool *spool,
                                        const struct spool_identity *identity);

/* ---- saving ---- */

/* A transaction: everything from spool_begin() to spool_commit() is saved
 * together or not at all (kill -9 in the middle leaves nothing). Other
 * processes wait meanwhile, so that no two allot one number: do not ask
 * people anything in between. Of the other functions only those that read may
 * be called before it ends. STATUS_NOT_FOUND before join. */
MUST_USE enum status spool_begin(struct spool *spool);
/* The same for what takes long to judge, such as the rows of a file: other
 * processes do not wait, since what is added is kept aside until
 * spool_commit() writes it in one short transaction. Ids and numbers that are
 * given until then stand in for others. STATUS_AGAIN of spool_commit(): what
 * somebody saved meanwhile is of the same rows; nothing was saved. */
MUST_USE enum status spool_begin_aside(struct spool *spool);
/* The newest of the events aside that correct or void `target`; 0: none. */
uint64_t spool_corrected_aside(const struct spool *spool, uint64_t target);
/* Adds one event and gives its id (id60). An event whose entry_key is already
 * here is left out: `id` is then the one saved before and `skipped` is set
 * (may be NULL): the same rows again add nothing. STATUS_FULL: no room, or
 * SPOOL_TRANSACTION_MAX events; the transaction can then only be forgotten.
 * STATUS_INVALID: larger than EVENT_BYTES_MAX. */
MUST_USE enum status spool_add(struct spool *spool, const struct event *event,
                               uint64_t *id, bool *skipped);
/* I1: STATUS_OK means on stable storage. In every other case nothing of the
 * transaction is kept. */
MUST_USE enum status spool_commit(struct spool *spool);
/* The ids that the last spool_commit() gave, which follow on each other; 0 and
 * 0: it saved nothing. */
void spool_committed(const struct spool *spool, uint64_t *first,
                     uint64_t *last);
/* From now on spool_commit() also seals what waits, in the same transaction,
 * for who would seal it at once anyway. Until it is called with NULLs. */
void spool_seal_along(struct spool *spool, const struct sign_keys *keys,
                      const struct clock *clock);
/* Ends a transaction without effect, the numbers allotted in it included (a
 * dry run). Nothing happens when there is none. */
void spool_forget(struct spool *spool);
/* I1: for who acknowledges what was there already. Whoever saved it may have
 * died before the disk had it. STATUS_OK: everything that is seen is on stable
 * storage. Not within a transaction. */
MUST_USE enum status spool_sync(struct spool *spool);

/* Saves `count` events, at most SPOOL_APPEND_MAX, all or none: begins when no
 * transaction is open, adds them, commits; forgets when something fails. The
 * new ones get ids that follow on; `first` gets the first of them, 0 when all
 * were here already. `skipped` (may be NULL) has `count` places. STATUS_FULL,
 * STATUS_IO, STATUS_INVALID, STATUS_NOT_FOUND before join. */
MUST_USE enum status spool_append(struct spool *spool,
                                  const struct event events[], size_t count,
                                  bool skipped[], uint64_t *first);
/* The id of the saved row with this key. STATUS_NOT_FOUND. */
MUST_USE enum status spool_find_entry(
    struct spool *spool, uint32_t unit, uint32_t office,
    const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES], uint64_t *id);
/* STATUS_NOT_FOUND. */
MUST_USE enum status spool_event(struct spool *spool, uint64_t id,
                                 struct event *event, enum spool_state *state);
/* Greatest sequence saved in the current epoch; 0: none. */
MUST_USE enum status spool_last_seq(struct spool *spool, uint64_t *seq);

/* ---- names of things ---- */

/* A local name of a thing (`@so-15`) and its reference, within a transaction.
 * spool_alias() gives the reference of the name and allots the next number of
 * this epoch when there is none yet (`fresh` is then set; may be NULL). The
 * numbers last only if the transaction is committed. STATUS_FULL when the
 * epoch has no number left, STATUS_INVALID when the name is empty or longer
 * than SPOOL_ALIAS_MAX. */
MUST_USE enum status spool_alias(struct spool *spool, uint32_t kind,
                                 struct bytes name, uint64_t *reference,
                                 bool *fresh);
/* How somebody wrote the name that spool_alias() has just given a number; it is
 * shown like that. What is longer than SPOOL_ALIAS_MAX is not kept. */
MUST_USE enum status spool_note_written(struct spool *spool, uint32_t kind,
                                        uint64_t reference,
                                        struct bytes written);
/* The next reference of `kind` without a name. */
MUST_USE enum status spool_new_reference(struct spool *spool, uint32_t kind,
                                         uint64_t *reference);
/* Takes back what was allotted last of its kind in this transaction, as if
 * nobody had asked for it. `name` is empty where it has none. */
MUST_USE enum status spool_take_back(struct spool *spool, uint32_t kind,
                                     struct bytes name, uint64_t reference);
/* False for a thing of this office's current epoch whose number was never
 * allotted: a slip of the pen, or a disk restored from an old copy. */
MUST_USE enum status spool_reference_allotted(struct spool *spool,
                                              uint32_t kind, uint64_t reference,
                                              bool *allotted);
/* The new id of what recover gave a new id: an event (`kind` 0) or a thing of
 * that kind. STATUS_NOT_FOUND when it keeps the old one. */
MUST_USE enum status spool_moved(struct spool *spool, uint32_t kind,
                                 uint64_t old, uint64_t *id);

/* ---- sealing and sending ---- */

/* Makes the next batch from saved events (up to BATCH_EVENTS_MAX and
 * BATCH_BYTES_MAX) and stores it, once. STATUS_NOT_FOUND: nothing waits. */
MUST_USE enum status spool_seal(struct spool *spool,
                                const struct sign_keys *keys,
                                const struct clock *clock);
/* The same; and when full batches are left behind it, up to SPOOL_SEAL_MAX in
 * all, made durable together. */
MUST_USE enum status spool_seal_backlog(struct spool *spool,
                                        const struct sign_keys *keys,
                                        const struct clock *clock);
/* The sealed batch that holds or follows `seq` of the current epoch. The bytes
 * are valid until the next call on the spool. STATUS_NOT_FOUND at the end. */
MUST_USE enum status spool_batch(struct spool *spool, uint64_t seq,
                                 struct batch_header *header,
                                 struct bytes *batch);
/* Whether such a batch is what an erasure has left of it: then nobody takes
 * it for the one that was sealed. */
MUST_USE enum status spool_batch_erased(struct spool *spool,
                                        const struct batch_header *header,
                                        bool *erased);
/* Keeps the receipt of a batch (its entry); a later one of the same batch
 * takes its place. STATUS_INVALID when no such batch was sealed here or its
 * hash differs. */
MUST_USE enum status spool_receipt(struct spool *spool, struct bytes entry);
/* The same for several, made durable together. `kept` has a place for each:
 * false for one that is STATUS_INVALID by itself, which does not stop the
 * others. In case of any other status none is kept. */
MUST_USE enum status spool_receipts(struct spool *spool,
                                    const struct bytes entries[], size_t count,
                                    bool kept[]);
/* The receipt of the batch that holds the event. STATUS_NOT_FOUND. */
MUST_USE enum status spool_event_receipt(struct spool *spool, uint64_t id,
                                         struct entry *entry);
/* The receipt of the last batch that has one. STATUS_NOT_FOUND. */
MUST_USE enum status spool_last_receipt(struct spool *spool,
                                        struct entry *entry);
/* The first seq of the current epoch without a receipt. */
MUST_USE enum status spool_unreceipted(struct spool *spool, uint64_t *seq);

/* How many events stand in each state, over all epochs; an event is counted
 * once. */
struct spool_counts {
    uint64_t saved, sealed, received, to_mend, moved;
    int64_t oldest_waiting; /* recorded_at of the oldest not received; 0 */
    uint64_t bytes_used, bytes_total;
    /* What the events that are not sealed yet will take in batches: new events
     * are refused when this and what is used pass the mark. */
    uint64_t bytes_reserved;
};
MUST_USE enum status spool_counts(struct spool *spool,
                                  struct spool_counts *counts);

/* ---- what came down ---- */

/* Documents that came down, by name; each replaces the one before. They are
 * taken into the reserve of a full spool too. */
MUST_USE enum status spool_set_document(struct spool *spool, const char *name,
                                        struct bytes document);
/* The bytes are valid until the next call on the spool. STATUS_NOT_FOUND. */
MUST_USE enum status spool_document(struct spool *spool, const char *name,
                                    struct bytes *document);

/* Its digest alone, without a copy. STATUS_NOT_FOUND. */
MUST_USE enum status spool_document_digest(struct spool *spool,
                                           const char *name,
                                           struct digest *digest);

/* One more than the index of the last control entry that is mirrored here; 0:
 * none. */
MUST_USE enum status spool_next_control(struct spool *spool, uint64_t *next);
/* Keeps control entries, whose signatures the caller has checked; those below
 * spool_next_control() are here already. All or none. A break that was not
 * followed yet says that what is mirrored from its first missing number on is
 * of a history that is over: that goes, and `done_to`, up to which all was
 * given, is where it is to be given anew. Each break does so once. One that is
 * ahead of that is followed and not kept yet. STATUS_INVALID: one of them is no
 * control entry; STATUS_FULL. */
MUST_USE enum status spool_keep_controls(struct spool *spool,
                                         const struct wire_pair pairs[],
                                         size_t count, uint64_t *done_to);
/* The hash of the break that was followed last; zeros: none was. */
MUST_USE enum status spool_last_break(struct spool *spool,
                                      struct digest *digest);
/* The first mirrored control entry at or after `index`. The bytes are valid
 * until the next call on the spool. STATUS_NOT_FOUND. */
MUST_USE enum status spool_control(struct spool *spool, uint64_t index,
                                   struct entry *entry, struct bytes *document);
/* The first entry at or after `index` that this office holds: a control entry,
 * or the receipt of a batch of its own, of whatever epoch. No bytes: they were
 * erased, or are damaged. As above. */
MUST_USE enum status spool_pair(struct spool *spool, uint64_t index,
                                struct entry *entry, struct bytes *bytes);

/* What the link last knew; shown by `status` when the daemon is away. */
struct spool_link {
    enum spool_frozen frozen;
    uint32_t refusal; /* code of the last refusal, 0: none */
    int64_t connected_at, heard_at, refused_at; /* microseconds UTC; 0: never */
    int64_t
        lost_at; /* since when the link is down; 0: it stands, or never did */
    int64_t clock_ahead; /* of the province's, microseconds; may be negative */
};
MUST_USE enum status spool_link(struct spool *spool, struct spool_link *link);
MUST_USE enum status spool_set_link(struct spool *spool,
                                    const struct spool_link *link);

/* What the province says of single events: replaces all of them. `field`,
 * `rule`, `value`, `other` as in fold.h. STATUS_INVALID above
 * SPOOL_OUTCOMES_MAX. */
struct spool_outcome {
    uint64_t event;
    uint32_t outcome, field, rule;
    uint64_t value, other;
};
MUST_USE enum status spool_set_outcomes(struct spool *spool,
                                        const struct spool_outcome outcomes[],
                                        size_t count);
/* Whether an outcome of the fold asks the office to do something. */
bool spool_outcome_asks(uint32_t outcome);
/* STATUS_NOT_FOUND: the province has said nothing of it. */
MUST_USE enum status spool_outcome(struct spool *spool, uint64_t event,
                                   struct spool_outcome *outcome);

/* Events of all epochs by id; `after` 0 starts at the first. STATUS_NOT_FOUND
 * after the last. */
MUST_USE enum status spool_next(struct spool *spool, uint64_t after,
                                uint64_t *id, struct event *event,
                                enum spool_state *state);

/* Overwrites what the file still holds of batches that were erased by order,
 * if there are any. `last`: no process that had the spool open when they were
 * is still alive, so that nothing is left to be done later. STATUS_BUSY: other
 * processes read just now; STATUS_IO, STATUS_CORRUPT. */
MUST_USE enum status spool_overwrite(struct spool *spool, bool last);

/* ---- recovery ---- */

/* Of a rolled-back or cloned office. How many saved events of the
 * current epoch the province has not received, given that it took everything
 * below `received_seq` from this copy. */
MUST_USE enum status spool_unreceived(struct spool *spool,
                                      uint64_t received_seq, uint64_t *count);
/* The digest of `count` events of the current epoch from `first_seq` on, as
 * wire_compare asks for it. STATUS_NOT_FOUND: they are not all there. */
MUST_USE enum status spool_run_digest(struct spool *spool, uint64_t first_seq,
                                      uint32_t count, struct digest *digest);
/* Moves those events once into the new epoch, with new numbers, their mutual
 * references (targets, heads, things first named in them) renamed along; the
 * old ones are kept and marked. In steps of SPOOL_MOVE_MAX events or names, the
 * last of which makes the office write in the new epoch and the line run; what
 * is recorded meanwhile moves along. When it ends earlier (STATUS_FULL, a
 * process that dies) the old epoch stays in force, and the same call goes on
 * where it ended. STATUS_INVALID when the ordinal is not above the current one,
 * `received_seq` is 0, or another move was begun. */
MUST_USE enum status spool_open_epoch(struct spool *spool,
                                      const struct random_id *epoch,
                                      uint32_t ordinal, uint64_t received_seq);

#endif
