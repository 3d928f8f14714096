/* ledger - the province's append-only record of what it received, and when.
 *
 * Flow     admit -> [ledger] -> receipts;  [ledger] -> fold, audit, documents
 * Owns     the collector's store (ledger.mdb).
 * Threads  one writes (begin to commit or rollback); a snapshot belongs to the
 *          thread that uses it, any number of them beside the writer. Other
 *          processes may open it read-only while one writes.
 * Limits   BATCH_BYTES_MAX a batch, CONTROL_BYTES_MAX a control document,
 *          LEDGER_GROUP_MAX entries and LEDGER_GROUP_BYTES_MAX bytes between
 *          begin and commit.
 *
 * Entries have indexes from 0 without a gap, and received_at never decreases:
 * when the wall clock steps back, the time of the entry before is kept and
 * ENTRY_FLAG_CLOCK_STEPPED is set. They are the leaves of a Merkle tree
 * (common/format/merkle.h), whose nodes are stored with the entry that
 * completes them. The layout on disk is in docs/STORAGE.md.
 *
 * Invariants
 *   I2  STATUS_OK from ledger_commit() means that every entry of the group is
 *       on stable storage: only then may a receipt leave.
 *   I3  a stream's position is in the same transaction as its entry. A place
 *       in a stream is taken once; what is in it can be asked for ever.
 *   I5  there is no call that changes or removes an entry. The bytes of a
 *       batch go by an erasure order alone, or to a cold file (cold.h).
 *   I6  STATUS_FULL takes nothing and keeps everything; appending works again
 *       as soon as there is room.
 */
#ifndef TALLYLINE_LEDGER_H
#define TALLYLINE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/batch.h"
#include "common/format/control.h"
#include "common/format/entry.h"
#include "common/format/merkle.h"
#include "common/format/sign.h"
#include "common/store/store.h"

#define LEDGER_FORMAT          2u
#define LEDGER_GROUP_BYTES_MAX (64u << 20)
#define LEDGER_GROUP_MAX       1024u
#define LEDGER_MAP_BYTES       (UINT64_C(64) << 30) /* of addresses only */

struct store_look;      /* store.h */
struct ledger;          /* opaque */
struct ledger_snapshot; /* opaque */

struct ledger_options {
    const char *path;          /* of the file; must outlive the ledger */
    const struct clock *clock; /* may be NULL when read_only; borrowed for
                                  the ledger's life */
    uint64_t map_bytes;        /* greatest size; 0: LEDGER_MAP_BYTES */
    bool read_only;
    bool create;  /* a new ledger; STATUS_EXISTS when there is one */
    bool no_lock; /* nobody else has it open meanwhile: as in store.h */
    /* Not NULL, read only: for whoever checks all of it. Every page is looked
     * at (store.h), the last entry is not, and a ledger with gaps and damaged
     * entries opens; what a snapshot shows is as many entries as there are. */
    struct store_look *look;
};

/* Opens the ledger, and looks first: the file's size against its last page,
 * its format, the last entry and the hash of its bytes, and that entries and
 * positions end together. A ledger of format 1 gets its tree when it is opened
 * for writing. STATUS_NOT_FOUND, STATUS_VERSION (from a newer program),
 * STATUS_CORRUPT, STATUS_INVALID (not a ledger), STATUS_IO. */
MUST_USE enum status ledger_open(const struct ledger_options *options,
                                 struct ledger **ledger);
void ledger_close(struct ledger **ledger);

/* ---- writing ---- */

enum ledger_verdict {
    LEDGER_APPENDED = 1, /* taken: `entry` is new */
    LEDGER_DUPLICATE,    /* these bytes are there: `entry` is the old one */
    LEDGER_TAKEN,        /* the place holds other bytes: smells of a clone */
    LEDGER_GAP,          /* events before it are missing: send from next_seq */
    LEDGER_UNCHAINED     /* in order, but names another batch before it */
};

/* Where a stream (an epoch of an agent) stands. */
struct ledger_stream {
    uint64_t next_seq;   /* 1 when nothing was received */
    uint64_t last_index; /* entry of the last batch; 0 when there is none */
    struct digest last;  /* of the last batch; zero when there is none */
    bool frozen;         /* only of ledger_stream() */
};

struct ledger_answer {
    enum ledger_verdict verdict;
    struct entry entry;          /* LEDGER_APPENDED and LEDGER_DUPLICATE */
    struct ledger_stream stream; /* of a batch, as it stands afterwards */
};

/* Begins a group. Waits while another process writes. STATUS_IO after a failed
 * commit, until the ledger is opened again (sticky). */
MUST_USE enum status ledger_begin(struct ledger *ledger);
/* Lets this group use the room above the high-water mark: for the orders of an
 * administrator, who may have to revoke a key just then. */
void ledger_use_reserve(struct ledger *ledger);

/* Judges the batch's place in its stream and appends it when it is the next.
 * The caller has checked the signature and that `header` and `digest` are of
 * `batch`. STATUS_OK: see `answer`. STATUS_FULL: no room; STATUS_AGAIN: the
 * group is as large as it may be; in both nothing was added and the group is
 * to be committed (when the map itself overflowed, that answers STATUS_FULL
 * too). STATUS_IO, STATUS_CORRUPT: the group is lost. */
MUST_USE enum status ledger_append_batch(struct ledger *ledger,
                                         const struct batch_header *header,
                                         struct bytes batch,
                                         const struct digest *digest,
                                         struct ledger_answer *answer);

/* Keeps with the group that the stream is frozen: nothing more may be taken in
 * it, as its caller will see to. STATUS_FULL, STATUS_IO: the group is lost. */
MUST_USE enum status ledger_freeze_stream(struct ledger *ledger,
                                          const struct random_id *agent,
                                          const struct random_id *epoch);

/* Appends a control document whose signature the caller has checked. The same
 * bytes again are LEDGER_DUPLICATE. An erasure order takes effect with its
 * entry (I5): STATUS_INVALID when it names no batch of this ledger,
 * STATUS_EXISTS when that is erased already. Other statuses as above. */
MUST_USE enum status ledger_append_control(struct ledger *ledger,
                                           struct bytes document,
                                           struct ledger_answer *answer);

/* Appends a number whose entry nobody has any more (kind 3); it is never the
 * first. STATUS_AGAIN, STATUS_IO, STATUS_CORRUPT: as below. */
MUST_USE enum status ledger_append_missing(struct ledger *ledger);
/* Appends an entry that came back, with its own index, time and flags, and its
 * bytes, whose hash is looked at again; no bytes: an order erased them whose
 * own entry is appended behind it. STATUS_INVALID: it is not the next, or
 * contradicts what is there; that, STATUS_FULL and STATUS_AGAIN: nothing was
 * added; STATUS_IO, STATUS_CORRUPT: the group is lost. */
MUST_USE enum status ledger_append_returned(struct ledger *ledger,
                                            const struct entry *entry,
                                            struct bytes bytes);
/* Makes the group durable with one sync (I2). In every other case nothing of
 * it is kept: STATUS_FULL (no room now), STATUS_IO (sticky: close the ledger
 * and open it again). A group that changes nothing costs nothing. */
MUST_USE enum status ledger_commit(struct ledger *ledger);
/* Forgets the group. */
void ledger_rollback(struct ledger *ledger);

/* ---- reading ---- */

/* From here on the snapshots of a ledger that was opened read-only show its
 * first `size` entries alone, as it once was: whatever is computed from them is
 * what was known then. What ledger_stream() answers is always of today. */
void ledger_show_prefix(struct ledger *ledger, uint64_t size);

/* Gives a view of the ledger as it stands now: entries 0 to size - 1. Later
 * commits do not change it. Keep it short: room freed after it began is not
 * used again before it is closed. */
MUST_USE enum status ledger_snapshot_open(struct ledger *ledger,
                                          struct ledger_snapshot **snapshot);
void ledger_snapshot_close(struct ledger_snapshot **snapshot);
/* The position that labels every figure computed from the snapshot. */
uint64_t ledger_snapshot_size(const struct ledger_snapshot *snapshot);
/* Whether entries are still awaited from the offices: no order is taken. */
MUST_USE enum status ledger_is_rebuilt(const struct ledger_snapshot *snapshot,
                                       bool *rebuilt);

/* STATUS_NOT_FOUND at or above the size; STATUS_CORRUPT. */
MUST_USE enum status ledger_entry(const struct ledger_snapshot *snapshot,
                                  uint64_t index, struct entry *entry);
/* Gives the batch or control document of an entry, its SHA-256 checked unless
 * this process has appended it; from a cold file where it was moved there.
 * Valid until the next call with the snapshot. STATUS_ERASED: erased by order;
 * STATUS_AWAY: its cold file is missing, which the log names;
 * STATUS_CORRUPT. */
MUST_USE enum status ledger_bytes(const struct ledger_snapshot *snapshot,
                                  const struct entry *entry,
                                  struct bytes *bytes);
/* Gives the order by which the bytes of a batch were erased, and the index of
 * its entry in the province's ledger, which a copy that is older than the order
 * does not hold. STATUS_NOT_FOUND: they were not; STATUS_CORRUPT. */
MUST_USE enum status ledger_erasure(const struct ledger_snapshot *snapshot,
                                    const struct entry *entry,
                                    struct control **order, uint64_t *index);
/* The first control entry at or after `index`. STATUS_NOT_FOUND. */
MUST_USE enum status ledger_next_control(const struct ledger_snapshot *snapshot,
                                         uint64_t index, struct entry *entry);
/* The entry of the batch that holds an event. STATUS_NOT_FOUND. */
MUST_USE enum status ledger_find_event(const struct ledger_snapshot *snapshot,
                                       uint32_t agent_number,
                                       uint32_t epoch_ordinal, uint64_t seq,
                                       struct entry *entry);
/* Where a stream stands; STATUS_OK with next_seq 1 when nothing came yet. */
MUST_USE enum status ledger_stream(const struct ledger_snapshot *snapshot,
                                   const struct random_id *agent,
                                   const struct random_id *epoch,
                                   struct ledger_stream *stream);

/* ---- the tree ---- */

/* The root over the first `size` entries, the proof that entry `index` is
 * among them, and that the first `from` are the beginning of the first `to`.
 * STATUS_NOT_FOUND: the snapshot has not so many entries, or `from` is above
 * `to`; STATUS_CORRUPT: an entry or a node is damaged. */
MUST_USE enum status ledger_root(const struct ledger_snapshot *snapshot,
                                 uint64_t size, struct digest *root);
MUST_USE enum status ledger_inclusion(const struct ledger_snapshot *snapshot,
                                      uint64_t index, uint64_t size,
                                      struct merkle_proof *proof);
MUST_USE enum status ledger_consistency(const struct ledger_snapshot *snapshot,
                                        uint64_t from, uint64_t to,
                                        struct merkle_proof *proof);

/* ---- state ---- */

/* Bytes in use and bytes there are, of map and disk whichever is tighter. */
void ledger_room(struct ledger *ledger, uint64_t *used, uint64_t *total);
/* Writes the ledger as it stands now to `fd`, an empty file, and syncs it,
 * while others write on; store_copy() has the statuses. */
MUST_USE enum status ledger_copy(struct ledger *ledger, int fd,
                                 const struct store_progress *progress);
/* Frees reader slots of processes that died; call it at times. */
void ledger_check_readers(struct ledger *ledger);
/* True once a commit has failed; only opening again helps. */
bool ledger_broken(const struct ledger *ledger);

#endif
