/* recovery_internal - what the files of the recovery share.
 *
 * Flow     recovery_hear.c hears, recovery_keep.c keeps, recovery_context.c
 *          knows who is who, recovery_pass.c looks at what came back in order,
 *          recovery_proof.c holds it against checkpoints, recovery_append.c
 *          appends it and ends, recovery_give_up.c and recovery_break.c do so
 *          without the rest.
 * Threads  as recovery.h.
 */
#ifndef TALLYLINE_COLLECTOR_RECOVERY_INTERNAL_H
#define TALLYLINE_COLLECTOR_RECOVERY_INTERNAL_H

#include "collector/recovery/recovery.h"
#include "collector/recovery/recovery_rows.h"
#include "common/format/checkpoint.h"
#include "common/format/merkle.h"

#define RECOVERY_SUSPECTS_MAX 32u
#define RECOVERY_BREAKS_MAX   64u   /* trees of before that are known */
#define RECOVERY_DROP_MAX     4096u /* rows that one transaction drops */
#define RECOVERY_GOOD_MAX     ((uint64_t)1 << 22) /* signatures remembered */
#define RECOVERY_GOOD_MAX     ((uint64_t)1 << 22) /* signatures remembered */
#define RECOVERY_ROW_COST     256u
#define RECOVERY_SHARE_LEAST  (UINT64_C(1) << 20)
/* Without news for so long, what no checkpoint covers is taken as it is; and
 * however many news, so long after the last checkpoint was reached. */
#define RECOVERY_QUIET_US     (INT64_C(60) * CLOCK_US_PER_S)
#define RECOVERY_QUIET_MAX_US (INT64_C(600) * CLOCK_US_PER_S)
/* Before it is tried again to append what there was no room for. */
#define RECOVERY_FULL_US (INT64_C(10) * CLOCK_US_PER_S)
/* Where nothing is left, one office alone is heard for so long. */
#define RECOVERY_ALONE_US (INT64_C(30) * CLOCK_US_PER_S)

/* A walk over entries behind the ledger's last one, in order. */
struct recovery_pass {
    bool begun;
    bool rooted; /* a signed root decides, whoever may have sent what */
    uint64_t at; /* entries below it were looked at */
    int64_t received_at;
    struct merkle_frontier frontier;
    struct context *context; /* of the entries below */
};

/* The search for what was signed: one walk after the other up to the next
 * checkpoint, each believing other offices. */
struct recovery_proof {
    struct recovery_pass pass;
    uint64_t walk;   /* names the walk in rows that come behind it */
    uint32_t choice; /* who is believed; see recovery_trust.c */
    bool alone;      /* only one office at a time is doubted */
    uint32_t suspects[RECOVERY_SUSPECTS_MAX]; /* who claims what others do */
    size_t suspect_count;
    bool misfit; /* no choice fits: more has to come back */
    uint64_t misfit_at;
    bool news;        /* it came since the first of these walks began */
    bool settling;    /* the root came out: other claims are dropped */
    uint64_t settled; /* up to here they are */
};

/* Whose signature was found good, by index. */
struct recovery_good {
    uint64_t from;
    uint64_t *cells;
    size_t count;
};

/* How much room the rows of each office take. */
struct recovery_shares {
    struct recovery_share {
        uint32_t agent;
        uint64_t bytes;
    } * all;
    size_t count;
    bool counted;
    int64_t counted_at; /* monotonic */
    bool looked;
    uint64_t room;  /* that rows may take, when it was looked up */
    uint64_t since; /* bytes that they have taken since */
};

/* The tree that a break on record is about: roots of sizes in (from, size] hold
 * no more. */
struct recovery_tree {
    uint64_t from, size;
};

struct recovery {
    struct recovery_options options;
    struct recovery_state state;
    uint64_t entries;   /* in the ledger */
    uint64_t kept;      /* indexes at or above it of which a claim is here */
    int64_t news_at;    /* monotonic */
    int64_t reached_at; /* the last checkpoint was; monotonic, 0: not yet */
    uint64_t refused;
    struct context *context; /* of all control documents there are */
    uint64_t position;       /* see recovery_position() */
    int64_t context_until;   /* it has documents up to this time */
    uint64_t context_next;   /* the index under which it takes the next one */
    bool context_stale;
    bool keys_known;        /* see recovery_follow_keys(): */
    uint64_t keys_position; /* they were looked at there */
    struct recovery_tree breaks[RECOVERY_BREAKS_MAX];
    size_t break_count;
    bool clock_behind; /* was said */
    bool open;         /* a group of the ledger is open for what is kept */
    uint64_t consumed; /* indexes whose claims this group drops */
    bool unstored;     /* it began, and there was no room to say so */
    int64_t try_at;    /* monotonic: nothing is appended before */
    struct buffer scratch;
    struct buffer row; /* what is being appended */
    struct recovery_good good;
    struct recovery_shares shares;
    struct recovery_proof proof;
    struct recovery_pass tail; /* behind what is proven */
};

/* The group that rows are put into; recovery_save() ends it. */
MUST_USE enum status recovery_begin(struct recovery *recovery);
/* Forgets the group. */
void recovery_rollback(struct recovery *recovery);
/* STATUS_FULL: nothing of the group is kept, and all that is known is what the
 * table says. Gives any other status back. */
MUST_USE enum status recovery_lose(struct recovery *recovery,
                                   enum status status);
/* How many indexes at or above it have a claim. */
MUST_USE enum status recovery_count_kept(struct recovery *recovery);
/* How large the ledger is now. */
MUST_USE enum status recovery_count_entries(struct recovery *recovery);

/* ---- recovery_hear.c ---- */

/* A size and root that were signed, for the state to be put; false: it says
 * nothing new. */
bool recovery_add_note(struct recovery *recovery,
                       const struct recovery_note *note);

/* ---- recovery_context.c ---- */

/* Reads the ledger's control entries into a new context. */
MUST_USE enum status recovery_read_context(struct recovery *recovery,
                                           struct recovery_reader *reader,
                                           struct context **context);
/* Opens and applies one. What contradicts those before it is passed over, as
 * everywhere. STATUS_REFUSED, STATUS_INVALID: not the administrator's. */
MUST_USE enum status recovery_apply(struct recovery *recovery,
                                    struct context *context, uint64_t index,
                                    struct bytes document);

/* --- recovery_keys.c --- */
/* A document whose place is not known: signed by an administrator that this
 * machine was told of, or that the context names. Answers as control_open(). */
MUST_USE enum status recovery_open_any(const struct recovery *recovery,
                                       struct bytes document,
                                       struct control **control);
/* The document of entry `index`, which follows on those of the context. New
 * keys are taken only from who this machine was told of. */
MUST_USE enum status recovery_open_next(const struct recovery *recovery,
                                        const struct context *context,
                                        uint64_t index, struct bytes document,
                                        struct control **control);
/* Whether the ledger has signed the note; `checkpoint` has its origin and
 * becomes what it says. */
bool recovery_open_note(const struct recovery *recovery, struct bytes note,
                        struct checkpoint *checkpoint);
/* Behind all that former administrators have signed: the orders that were lost,
 * and the break that puts this machine's keys in force, unless they are. */
MUST_USE enum status recovery_put_keys(struct recovery *recovery);

/* Brings recovery->context up to what is there. */
MUST_USE enum status recovery_renew_context(struct recovery *recovery);
/* Keeps the document of a control entry within the group, wherever its place
 * is. STATUS_REFUSED, STATUS_INVALID, STATUS_VERSION: it is none; STATUS_FULL,
 * STATUS_AGAIN: nothing was kept. */
MUST_USE enum status recovery_know(struct recovery *recovery,
                                   struct bytes bytes);
/* Whether a genuine order erased the entry's batch. STATUS_NOT_FOUND: none
 * did. */
MUST_USE enum status recovery_erased(const struct recovery_reader *reader,
                                     const struct entry *entry);

/* ---- recovery_share.c ---- */

/* Whether the office has all the room that it may have before this row is there
 * too. STATUS_CORRUPT, STATUS_IO: the table cannot be read. */
MUST_USE enum status recovery_has_share(struct recovery *recovery,
                                        const struct recovery_row *row,
                                        bool *has);
/* The row is there. */
void recovery_take_share(struct recovery *recovery,
                         const struct recovery_row *row);
void recovery_shares_reset(struct recovery_shares *shares);

/* ---- recovery_replaced.c ---- */

/* The key in force of an office's machine; zero where it is not known. */
void recovery_key_of(const struct recovery *recovery, uint32_t agent,
                     struct public_key *key);
/* Whether the machine that was heard is the office's. */
bool recovery_same_machine(const struct recovery_heard *heard,
                           const struct context_agent *agent);
/* When control entries came back: forgets what machines have said that they say
 * were replaced. */
MUST_USE enum status recovery_follow_keys(struct recovery *recovery);

/* ---- recovery_trust.c ---- */

/* The claim to `index` that the proof's choice believes. STATUS_NOT_FOUND:
 * there is none. */
MUST_USE enum status recovery_choose(const struct recovery *recovery,
                                     const struct recovery_reader *reader,
                                     uint64_t index, struct recovery_row *row);
/* Notes who claims `index`, if several do. */
MUST_USE enum status recovery_suspect(struct recovery_proof *proof,
                                      const struct recovery_reader *reader,
                                      uint64_t index);
/* Goes to the next choice, of those that doubt one office alone if the proof
 * says so; false: all were tried. */
bool recovery_next_choice(struct recovery_proof *proof);

/* ---- recovery_good.c ---- */

/* Whether the batch that the office claims for the index has the key's
 * signature, as far as is remembered. */
bool recovery_is_good(const struct recovery *recovery, uint64_t index,
                      uint32_t agent, const struct public_key *key);
void recovery_note_good(struct recovery *recovery, uint64_t index,
                        uint32_t agent, const struct public_key *key);
/* Another claim stands there now. */
void recovery_forget_good(struct recovery *recovery, uint64_t index);
void recovery_good_reset(struct recovery_good *good);

/* ---- recovery_pass.c ---- */

void recovery_pass_reset(struct recovery_pass *pass);
/* Begins behind the ledger's last entry. */
MUST_USE enum status recovery_pass_begin(struct recovery *recovery,
                                         struct recovery_pass *pass,
                                         struct recovery_reader *reader);
/* Looks at the next entry with its bytes. `until`: the latest time that it can
 * have. STATUS_REFUSED: it cannot be what was there. */
MUST_USE enum status recovery_pass_judge(struct recovery *recovery,
                                         const struct recovery_pass *pass,
                                         const struct recovery_reader *reader,
                                         const struct recovery_row *row,
                                         int64_t until);
/* Goes on behind one that holds. */
MUST_USE enum status recovery_pass_take(struct recovery *recovery,
                                        struct recovery_pass *pass,
                                        const struct recovery_row *row);
/* The next number is one whose entry nobody has. */
void recovery_pass_skip(struct recovery_pass *pass);

/* ---- recovery_proof.c ---- */

void recovery_proof_reset(struct recovery_proof *proof);
/* Goes on for a turn's worth. */
MUST_USE enum status recovery_proof_step(struct recovery *recovery, bool *more);
/* Nothing is taken any more for indexes below it. */
uint64_t recovery_floor(const struct recovery *recovery);
/* The root that was signed at just this size; NULL: none was, or a break on
 * record covers it. */
const struct recovery_note *recovery_note_at(const struct recovery *recovery,
                                             uint64_t size);

/* ---- recovery_append.c ---- */

/* The ledger's last entry is later than this machine's clock, which is said
 * once: then nothing more is taken that only clocks speak for. */
bool recovery_clock_behind(struct recovery *recovery);
/* Appends up to a turn's worth below `limit` of what is not proven: of the
 * claims to the next number the first that holds. Where none does it ends, or,
 * when `fill`, goes on behind a number without an entry; then the group bears
 * the state, too. Looks at recovery->entries for how far it came. STATUS_FULL:
 * no room. */
MUST_USE enum status recovery_append_tail(struct recovery *recovery,
                                          uint64_t limit, bool fill);
/* Ends it: claims and documents go, then who was heard and the state. */
MUST_USE enum status recovery_end(struct recovery *recovery, bool *more);

/* Calls for every office that belongs to the province and has not answered
 * yet; `answered`: how many have. */
MUST_USE enum status recovery_unheard(struct recovery *recovery,
                                      struct recovery_standing *standing,
                                      uint32_t *answered);

/* ---- recovery_break.c ---- */

/* Appends a document as the ledger's next entry, now. */
MUST_USE enum status recovery_append_new(struct recovery *recovery,
                                         struct bytes document);
/* Signs and appends the breaks that say what was filled below the target, each
 * durable with how far it goes. */
MUST_USE enum status recovery_put_breaks(struct recovery *recovery);
/* Nothing is missing below the ledger's size, but not all have said what lies
 * above: a break of no number says that this is given up, whatever it is. */
MUST_USE enum status recovery_put_bound(struct recovery *recovery);
/* Appends orders again whose own entry was lost while what they erased came
 * back without bytes. */
MUST_USE enum status recovery_put_orders(struct recovery *recovery);
/* Tells the runs of numbers without an entry. */
MUST_USE enum status recovery_tell(struct recovery *recovery, uint64_t from,
                                   uint64_t to,
                                   const struct recovery_teller *teller);

#endif
