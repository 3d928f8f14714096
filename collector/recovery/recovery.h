/* recovery - how a ledger that lost its end, or all, gets it back from the
 * offices.
 *
 * Flow     hellos, returned pairs -> [recovery] -> ledger
 * Owns     the ledger's table `recovery`, and the context of what came back.
 * Threads  that of the ledger's writer.
 * Limits   RECOVERY_NOTES_MAX checkpoints, one claim of each office to one
 *          index, as much room for the claims of one as it leaves to others,
 *          RECOVERY_TURN_* of work in one call.
 *
 * A checkpoint that was signed with this ledger's key and is larger than the
 * ledger proves that it lost entries; the word of one office alone does not, or
 * any office could stop the province. Then nothing new is taken and nothing
 * signed (a backup's mark that comes back counts as a checkpoint then), and
 * receipts and control entries beyond are asked for too. What the offices
 * return is kept in `recovery` by its index until the one before is there.
 * Entries up to a checkpoint are appended when the root over them is the one
 * that was signed, with index, time and flags of before; all claims that this
 * root contradicts are dropped first, and none is taken there any more.
 * What lies above the last checkpoint has only the word of the office that
 * signed the batch: it is appended as far as it follows without a gap.
 *
 * The documents of control entries are kept apart from their places too: who is
 * who follows from them alone, in the order in which they were signed, so that
 * nobody can hide an office by claiming a wrong place for an order.
 *
 * All of it survives a restart: the next start goes on with what lies in the
 * table.
 *
 * Invariants
 *   I5  what a checkpoint covers is appended only if its root comes out; what
 *       is given up is named by a break.
 *   I6  nothing that an office merely says keeps a recovery from ending;
 *       without room nothing is lost but time: offices are asked again.
 *   I8  a batch comes back only with the signature of its agent's key at that
 *       place, a control entry with the administrator's.
 *   I11 rows, claims and work are bounded as above.
 */
#ifndef TALLYLINE_COLLECTOR_RECOVERY_H
#define TALLYLINE_COLLECTOR_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/province/keys.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/wire.h"
#include "common/format/wire_pairs.h"

#define RECOVERY_NOTES_MAX    16u
#define RECOVERY_TURN_ENTRIES 512u
#define RECOVERY_TURN_BYTES   (4u * 1024u * 1024u)
#define RECOVERY_GAPS_MAX     16u /* that are named */

/* Why a recovery waits for offices that were not heard yet. */
enum recovery_kind {
    RECOVERY_NONE = 0,
    RECOVERY_BEHIND,   /* somebody knows of more: until that is back */
    RECOVERY_RESTORED, /* from a backup: until all offices were heard */
    RECOVERY_TOTAL     /* nothing was left: as above; strangers may come */
};

struct recovery; /* opaque */

struct recovery_options { /* all borrowed for the life of the recovery */
    struct ledger *ledger;
    const struct keys *keys;
    const struct clock *clock;
};

/* Notes in a ledger that it lost its end, or everything: what init --recover
 * does, and what a backup's copy is marked with. No group may be open. */
MUST_USE enum status recovery_mark(struct ledger *ledger,
                                   enum recovery_kind kind);

/* Reads how far it is. STATUS_IO, STATUS_CORRUPT, STATUS_MEMORY. */
MUST_USE enum status recovery_open(const struct recovery_options *options,
                                   struct recovery **recovery);
void recovery_close(struct recovery **recovery);

/* True from the moment that something is known to be missing until it is back:
 * nothing may be taken, ordered or signed. Accepts NULL. */
bool recovery_active(const struct recovery *recovery);
/* Nothing is known of who belongs to the province: unknown keys may come in,
 * to say hello and to return control entries. */
bool recovery_lets_strangers(const struct recovery *recovery);

/* STATUS_FULL of the next four: there is no room, of map or disk. What was said
 * since the last recovery_save() that was STATUS_OK is as if it had not been,
 * and may be said again; only that entries are missing stays known. */

/* An office says what it knows of; `agent` 0: nobody knows who it is. Begins a
 * recovery if a checkpoint shows that there was more than the ledger has. What
 * changes nothing is not written. */
MUST_USE enum status recovery_hear(struct recovery *recovery, uint32_t agent,
                                   const struct wire_hello *hello,
                                   struct bytes checkpoint);
/* What all control entries say that are there or came back. Valid until the
 * next recovery_keep() or recovery_step(). */
MUST_USE enum status recovery_context(struct recovery *recovery,
                                      const struct context **context);
/* Grows with every control entry that came back. */
uint64_t recovery_position(const struct recovery *recovery);
/* What was signed reaches so far: the greatest checkpoint that no break on
 * record covers, or the ledger's size. */
uint64_t recovery_target(const struct recovery *recovery);

/* Keeps pairs of an office, whose hashes were checked; `agent` 0: a stranger's,
 * of whom only the documents of control entries are taken, and no place. Those
 * that cannot be what is missing are left out and counted. recovery_save()
 * makes them durable. STATUS_FULL: no room; STATUS_BUSY: of what there is the
 * office has as much as it leaves to others, and may return the rest when some
 * of it was appended. What was kept before is durable then, the rest was not
 * looked at. */
MUST_USE enum status recovery_keep(struct recovery *recovery, uint32_t agent,
                                   const struct wire_pair pairs[],
                                   size_t count);
MUST_USE enum status recovery_save(struct recovery *recovery);
/* The office has returned all that it holds; recovery_save() as above. */
MUST_USE enum status recovery_answered(struct recovery *recovery,
                                       uint32_t agent);

/* Goes on: looks at what came back, appends what is proven. `more` says that
 * there is work left for the next call, `appended` that entries were. Without
 * room it does nothing for a while. */
MUST_USE enum status recovery_step(struct recovery *recovery, bool *more,
                                   bool *appended);

/* Who is told what was given up, in runs of numbers [from, to). */
struct recovery_teller {
    void *owner;
    void (*run)(void *owner, uint64_t from, uint64_t to);
};

/* The administrator accepts what is missing: what came back and follows on the
 * ledger is appended, all other numbers below the target become entries of kind
 * 3, breaks that say so are signed, and the recovery ends. Each run is told in
 * the end; none: nothing is missing. Once the first number is filled, it is
 * noted that this is under way: then nothing else goes on, and interrupted it
 * is to be called again. STATUS_NOT_FOUND: nothing is being restored, or the
 * first entry is not there; STATUS_AGAIN: the clock is behind the ledger's
 * entries; STATUS_FULL: no room. */
MUST_USE enum status recovery_give_up(struct recovery *recovery,
                                      const struct recovery_teller *teller);

/* How it stands, for people. */
struct recovery_gap {
    uint64_t from, to;
};
struct recovery_standing {
    enum recovery_kind kind;
    uint64_t entries; /* in the ledger */
    uint64_t kept;    /* came back and wait */
    uint64_t target;
    uint64_t refused; /* pairs that could not be what is missing */
    bool misfit;      /* all is there up to a checkpoint, but not its root */
    uint64_t misfit_at;
    bool giving_up;    /* begun and not ended: to be called again */
    bool clock_behind; /* the ledger's last entry is later than now */
    struct recovery_gap gaps[RECOVERY_GAPS_MAX]; /* the first ones */
    size_t gap_count;
    uint64_t missing; /* indexes that nobody has returned */
    uint32_t offices; /* that belong to the province, as far as is known */
    uint32_t unheard; /* of them have not answered yet */
    uint32_t first_unheard[RECOVERY_GAPS_MAX];
};
MUST_USE enum status recovery_standing(struct recovery *recovery,
                                       struct recovery_standing *standing);

#endif
