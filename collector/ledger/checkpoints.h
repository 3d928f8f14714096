/* checkpoints - the ledger signs how large it is and what its root is, and
 * keeps who has witnessed that.
 *
 * Flow     ledger -> [checkpoints] -> witnesses;  cosignatures, objections ->
 *          [checkpoints] -> ledger, status
 * Owns     what was read of tables `checkpoints` and `witnesses`.
 * Threads  one, the one that writes the ledger; no group may be open.
 * Limits   one signature in CHECKPOINTS_PAUSE_US, so one more commit in that
 *          time, and none in the first, so that offices can say what they
 *          hold; CONTEXT_AGENTS_MAX witnesses, of each CHECKPOINTS_WORDS_MAX
 *          objections in CHECKPOINTS_WORDS_US.
 *
 * Before anything is signed the root at the last checkpoint's size is computed
 * from the tree: it must be that checkpoint's root, and so must be the root at
 * the size of every checkpoint that an office has shown and this ledger's key
 * has signed. Otherwise nothing is signed any more, which is told to people
 * until the cause is mended; intake goes on. Nothing is signed either while an
 * office holds a checkpoint that is larger than the ledger: the province is
 * behind, as after a restore.
 *
 * A checkpoint from before a break that the administrator has recorded (entries
 * that were lost for good) is no other history: offices go on behind the break.
 *
 * Kept are the last checkpoint, the first of each hour (UTC, by the receive
 * time of its last entry), those up to the last backup mark that were kept when
 * it was made and the mark's own, and those that a witness's last cosignature
 * is of.
 *
 * Invariants
 *   I5  two checkpoints of one key are consistent, or the second is not made.
 */
#ifndef TALLYLINE_COLLECTOR_CHECKPOINTS_H
#define TALLYLINE_COLLECTOR_CHECKPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/ledger/ledger_notes.h"
#include "common/base/clock.h"
#include "common/base/language.h"
#include "common/base/status.h"
#include "common/fold/province_keys.h"
#include "common/format/checkpoint.h"
#include "common/format/sign.h"
#include "common/format/wire.h"

#define CHECKPOINTS_PAUSE_US (INT64_C(5) * CLOCK_US_PER_S)
/* Objections and their ends of one office that are written down in a time. */
#define CHECKPOINTS_WORDS_MAX 4u
#define CHECKPOINTS_WORDS_US  (INT64_C(60) * CLOCK_US_PER_S)

/* Why nothing is signed. */
enum checkpoints_trouble {
    CHECKPOINTS_GOOD = 0,
    CHECKPOINTS_BEHIND,     /* an office holds a larger one: not an alarm yet */
    CHECKPOINTS_CUT,        /* the last one is of more entries than there are */
    CHECKPOINTS_REWRITTEN,  /* the root at its size is another one */
    CHECKPOINTS_DISPUTED,   /* the same of one that an office has shown */
    CHECKPOINTS_UNREADABLE, /* an entry or a node of the tree is damaged */
    CHECKPOINTS_NOT_OURS,   /* the last one is not signed by this key */
    CHECKPOINTS_TROUBLE_END
};

struct checkpoints_options { /* all borrowed */
    struct ledger *ledger;
    const struct sign_keys *keys;      /* of the ledger */
    const struct province_keys *known; /* by whom it was signed; copied */
    const struct clock *clock;
    const char *origin; /* copied */
};

struct checkpoints; /* opaque */

/* Reads what was kept, and looks whether the last one still holds.
 * STATUS_MEMORY, STATUS_IO; STATUS_CORRUPT: a table cannot be read. */
MUST_USE enum status checkpoints_open(const struct checkpoints_options *options,
                                      struct checkpoints **out);
/* The ledger has a break that brought new keys. */
void checkpoints_know(struct checkpoints *checkpoints,
                      const struct province_keys *known);
void checkpoints_close(struct checkpoints **checkpoints);

/* Signs when the ledger, now of `entries`, has grown and it is time; keeps what
 * witnesses have said since. `marked` is the size of the last backup mark, 0:
 * none. `hold`: sign nothing now, for the ledger is being rebuilt. STATUS_IO,
 * STATUS_MEMORY: end the process; whatever is wrong with the ledger is kept as
 * trouble. */
MUST_USE enum status checkpoints_step(struct checkpoints *checkpoints,
                                      uint64_t entries, uint64_t marked,
                                      bool hold);
/* Monotonic time at which the next step has something to do; INT64_MAX. */
int64_t checkpoints_due_at(const struct checkpoints *checkpoints,
                           uint64_t entries);

/* The last one, on disk. False: there is none yet. Both are valid until the
 * next step. */
bool checkpoints_last(const struct checkpoints *checkpoints,
                      const struct checkpoint **checkpoint,
                      const struct wire_note **note);

/* Size of what offices are to be shown: the last one; 0: there is none, or the
 * ledger lacks what one of them holds. */
uint64_t checkpoints_to_show(const struct checkpoints *checkpoints);

/* ---- what offices say ---- */

/* What an office holds, as far as this ledger can tell. */
struct checkpoints_held {
    uint64_t size; /* 0: nothing that this ledger's key has signed */
    bool fits;     /* the ledger is not known to be another one */
    /* The size from which it is to be shown a proof: its own; or, when a break
     * that is on record lies between, that of the ledger before the break. */
    uint64_t from;
};
/* An office says hello with the checkpoint that it keeps. */
MUST_USE enum status checkpoints_shown(struct checkpoints *checkpoints,
                                       uint32_t agent,
                                       const struct wire_note *note,
                                       struct checkpoints_held *held);
/* `key` is the agent's in force. STATUS_REFUSED: it does not fit the text of
 * the ledger's checkpoint of that size; STATUS_NOT_FOUND: the ledger is not so
 * large. */
MUST_USE enum status checkpoints_cosigned(struct checkpoints *checkpoints,
                                          uint32_t agent,
                                          const struct public_key *key,
                                          const struct wire_cosign *cosign);
/* Kept at once if it says something new; more of them in a time than may be are
 * left out: they are made again with the next checkpoint. */
MUST_USE enum status checkpoints_objected(
    struct checkpoints *checkpoints, uint32_t agent,
    const struct wire_objection *objection);

/* ---- for people ---- */

struct checkpoints_standing {
    uint64_t size; /* of the last; 0: none */
    struct digest root;
    int64_t signed_at; /* wall, since the start; 0: not since then */
    enum checkpoints_trouble trouble;
    uint64_t trouble_size;  /* of the checkpoint that it is about */
    uint32_t trouble_agent; /* who has shown it; 0: it is the ledger's own */
    size_t witnesses;       /* that have cosigned something */
    size_t current;         /* that have cosigned the last one */
    size_t objections;      /* that are not settled */
};
void checkpoints_standing(const struct checkpoints *checkpoints,
                          struct checkpoints_standing *standing);

/* What one witness has said; the notes of an objection are in the ledger. */
struct checkpoints_witness {
    uint32_t agent;
    uint64_t size;   /* of its last cosignature; 0: none */
    int64_t time;    /* of it, seconds */
    uint32_t reason; /* of its last objection; 0: none */
    int64_t objected_at;
    int64_t settled_at; /* 0: it stands */
};
/* In no order; false behind the last. */
bool checkpoints_witness(const struct checkpoints *checkpoints, size_t position,
                         struct checkpoints_witness *witness);

/* One word in snake_case, and a sentence. Valid for ever. */
const char *checkpoints_trouble_token(enum checkpoints_trouble trouble);
const char *checkpoints_trouble_text(enum checkpoints_trouble trouble,
                                     enum language language);
/* The same of a witness's objection; a reason from a newer office has words
 * too. */
const char *checkpoints_reason_token(uint32_t reason);
const char *checkpoints_reason_text(uint32_t reason, enum language language);

#endif
