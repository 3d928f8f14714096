/* recovery_internal - what the files of the recovery share.
 *
 * Flow     recovery.c hears, recovery_keep.c keeps, recovery_context.c knows
 *          who is who, recovery_pass.c looks at what came back and proves it,
 *          recovery_append.c appends it and ends.
 * Threads  as recovery.h.
 */
#ifndef TALLYLINE_COLLECTOR_RECOVERY_INTERNAL_H
#define TALLYLINE_COLLECTOR_RECOVERY_INTERNAL_H

#include "collector/recovery/recovery.h"
#include "collector/recovery/recovery_rows.h"
#include "common/format/merkle.h"

#define RECOVERY_SUSPECTS_MAX 64u
#define RECOVERY_ERASURES_MAX 4096u
#define RECOVERY_RIVALLED_MAX 4096u /* indexes with several claims */
/* Without news for so long, what no checkpoint covers is taken as it is. */
#define RECOVERY_QUIET_US (INT64_C(60) * CLOCK_US_PER_S)
/* Before it is tried again to append what there was no room for. */
#define RECOVERY_FULL_US (INT64_C(10) * CLOCK_US_PER_S)

/* One walk over what came back, in order, under one choice among rivals. */
struct recovery_pass {
    bool begun;
    uint64_t at; /* entries below it were looked at */
    int64_t received_at;
    struct merkle_frontier frontier;
    struct context *context; /* of the entries below */
    uint32_t choice;         /* which of the rivals are believed */
    uint64_t rivalled[RECOVERY_RIVALLED_MAX];
    size_t rivalled_count;
    uint32_t suspects[RECOVERY_SUSPECTS_MAX]; /* who claims what others do */
    size_t suspect_count;
    bool misfit; /* no choice fits: more has to come back */
    uint64_t misfit_at;
};

/* A batch that an order erased: it comes back without bytes. */
struct recovery_erasure {
    uint64_t index, order;
    struct digest digest;
};

struct recovery {
    struct recovery_options options;
    struct recovery_state state;
    uint64_t entries; /* in the ledger */
    uint64_t kept;    /* indexes at or above it of which a claim is here */
    uint64_t claimed; /* by the offices that were heard */
    int64_t news_at;  /* monotonic */
    uint64_t refused;
    struct context *context; /* of all control entries there are */
    uint64_t position;       /* see recovery_position() */
    uint64_t context_next;   /* it has those below */
    bool context_stale;
    struct recovery_erasure erasures[RECOVERY_ERASURES_MAX];
    size_t erasure_count;
    bool open;      /* a group of the ledger is open for what is kept */
    bool unstored;  /* it began, and there was no room to say so */
    int64_t try_at; /* monotonic: nothing is appended before */
    struct buffer scratch;
    struct recovery_pass pass;
};

/* The group that rows are put into; recovery_save() ends it. */
MUST_USE enum status recovery_begin(struct recovery *recovery);

/* STATUS_FULL: nothing of the group is kept, and all that is known is what the
 * table says. Gives any other status back. */
MUST_USE enum status recovery_lose(struct recovery *recovery,
                                   enum status status);

/* Reads the ledger's control entries into a new context. */
MUST_USE enum status recovery_read_context(struct recovery *recovery,
                                           struct recovery_reader *reader,
                                           struct context **context);
/* Opens and applies one. What contradicts those before it is passed over, as
 * everywhere. STATUS_REFUSED, STATUS_INVALID: not the administrator's. */
MUST_USE enum status recovery_apply(struct recovery *recovery,
                                    struct context *context, uint64_t index,
                                    struct bytes document);

/* By whom control entries are signed: before the genesis, who holds this
 * machine's keys. */
const struct public_key *recovery_administrator(const struct recovery *recovery,
                                                const struct context *context);
/* Brings recovery->context up to what is there. */
MUST_USE enum status recovery_renew_context(struct recovery *recovery);
/* The order that erased the entry's batch; NULL: none did. */
const struct recovery_erasure *recovery_erased(const struct recovery *recovery,
                                               const struct entry *entry);

void recovery_pass_reset(struct recovery_pass *pass);
/* New claims came: what did not fit may fit now. */
void recovery_pass_again(struct recovery_pass *pass);
/* Goes on for a turn's worth. */
MUST_USE enum status recovery_pass_step(struct recovery *recovery, bool *more);
/* Begins a walk behind the ledger's last entry. */
MUST_USE enum status recovery_pass_begin(struct recovery *recovery,
                                         struct recovery_reader *reader);
/* The next entry of the walk, with its bytes. STATUS_REFUSED: it cannot be what
 * was there; the walk stays where it is. */
MUST_USE enum status recovery_pass_look(struct recovery *recovery,
                                        const struct recovery_row *row);
/* The claim to `index` that is believed. STATUS_NOT_FOUND: there is none. */
MUST_USE enum status recovery_pass_choose(const struct recovery *recovery,
                                          const struct recovery_reader *reader,
                                          uint64_t index,
                                          struct recovery_row *row);

/* Whether every office that belongs to the province was heard. */
MUST_USE enum status recovery_all_heard(struct recovery *recovery, bool *all);
/* Appends what came back for `index` within the group. STATUS_NOT_FOUND:
 * nothing did; STATUS_INVALID: it does not follow on the ledger. */
MUST_USE enum status recovery_append_one(struct recovery *recovery,
                                         uint64_t index, size_t *bytes);
/* Ends it: the last rows go, and the state in the group of `last` (may be
 * NULL), a document that becomes the ledger's next entry. */
MUST_USE enum status recovery_end(struct recovery *recovery,
                                  const struct bytes *last, bool *more);
MUST_USE enum status recovery_append_step(struct recovery *recovery, bool *more,
                                          bool *appended);

#endif
