/* context - what the fold judges events by: plans, units, vocabulary, agents.
 *
 * Flow     control entries -> [context] -> fold, admit, ZAP, documents
 * Owns     copies of all it was given; free with context_free().
 * Threads  one writer; readers only while nobody writes.
 * Limits   CONTEXT_AGENTS_MAX agents, CONTEXT_EPOCHS_MAX epochs each,
 *          CONTEXT_PLANS_MAX plans in force, CONTEXT_FREEZES_MAX frozen
 *          reports.
 *
 * A pure function of the control entries of a ledger prefix (I4): no file, no
 * clock. The office keeps one too, from the documents that came down.
 */
#ifndef TALLYLINE_COMMON_CONTEXT_H
#define TALLYLINE_COMMON_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"
#include "common/fold/province_keys.h"
#include "common/format/control.h"
#include "common/format/sign.h"
#include "common/plan/plan.h"

#define CONTEXT_AGENTS_MAX      16384u
#define CONTEXT_EPOCHS_MAX      255u
#define CONTEXT_KEYS_MAX        16u /* key changes of one agent */
#define CONTEXT_SUCCESSIONS_MAX 4u
#define CONTEXT_FREEZES_MAX     65536u
#define CONTEXT_PLANS_MAX       16u
#define CONTEXT_BREAKS_MAX      64u /* the last ones */

struct context; /* opaque */

struct context_epoch {
    struct random_id id;
    uint32_t ordinal;
    uint64_t end_seq;  /* first seq that no longer belongs to it; 0: open */
    uint64_t ended_at; /* index of the entry that ended it */
};

/* Pointers in it are valid until the next control entry is applied. A revoked
 * agent stays revoked: the office is enrolled again under another number. */
struct context_agent {
    uint32_t number;
    const char *name;
    const struct control_scope *scopes;
    uint32_t scope_count;
    const struct control_succession *succeeds; /* closed offices' agents */
    uint32_t succeeds_count;
    /* Its office was closed: what is received after this day does not count.
     * INT32_MAX: it was not. */
    int32_t closed_after;
    bool joined;
    struct random_id id;
    struct public_key curve_key; /* in force */
    struct public_key sign_key;  /* in force */
    const struct context_epoch *epochs;
    uint32_t epoch_count;
    bool revoked;
    int64_t review_from; /* received_at from which events are doubtful; 0 */
    bool may_join;       /* an unused join key exists */
    struct public_key join_key;
    int64_t join_until;
    bool join_rotates;
    bool join_again; /* with join_rotates: in place of a lost machine */
};

/* A plan in force, and the control entry it came from. Valid until the next
 * one is applied. */
struct context_plan {
    const struct plan *plan;
    uint64_t index;    /* of the entry */
    uint32_t revision; /* under which it was loaded */
};

/* What an applied control entry changed, for those who keep things by it. */
enum context_change {
    CONTEXT_CHANGED_NOTHING = 0,
    CONTEXT_CHANGED_KEYS = 1,    /* who may talk */
    CONTEXT_CHANGED_FIGURES = 2, /* the fold must begin again (D8) */
    CONTEXT_CHANGED_BACKUP = 4   /* how far the ledger is backed up */
};

MUST_USE enum status context_new(struct context **context);
void context_free(struct context **context);
/* Applies control entry `index`. `change` is a set of enum context_change.
 * STATUS_INVALID when the document contradicts what came before (then nothing
 * changed); its reason stands in `report`. */
MUST_USE enum status context_apply(struct context *context, uint64_t index,
                                   const struct control *control,
                                   struct report *report, unsigned *change);

/* Puts the plan of control entry `index` in force, whatever revision of it is,
 * as if the entry were the last one applied: to see figures by another plan
 * than that of the prefix. STATUS_INVALID when units and vocabulary do not fit
 * it; the reason stands in `report`. */
MUST_USE enum status context_adopt_plan(struct context *context, uint64_t index,
                                        const struct control *control,
                                        struct report *report);

/* NULL before the first such entry. The keys in it are those of the beginning:
 * see context_administrator(). */
const struct control_genesis *context_genesis(const struct context *context);

/* All that the province has ever signed by. Valid until the context changes. */
const struct province_keys *context_province_keys(
    const struct context *context);
/* In force; NULL before the genesis. Valid until the context changes. */
const struct public_key *context_administrator(const struct context *context);
const struct public_key *context_ledger_key(const struct context *context);
const struct units *context_units(const struct context *context);
const struct vocabulary *context_vocabulary(const struct context *context);
/* Index of the entry that the vocabulary came from; 0 while there is none. */
uint64_t context_vocabulary_index(const struct context *context);

/* Plans stand in the order in which their ids came, and keep their places. */
size_t context_plan_count(const struct context *context);
/* NULL from the count on. */
const struct context_plan *context_plan_at(const struct context *context,
                                           size_t position);
/* NULL: no plan of that id is in force. */
const struct context_plan *context_plan_by_id(const struct context *context,
                                              const char *id);
/* The plan that is meant: the one of that id; with `id` NULL the only one, or
 * the one of the ledger's own unit whose period holds `day`. STATUS_NOT_FOUND:
 * there is no plan, or none of that id; STATUS_USAGE: several could be meant,
 * or none of several, and the id has to be said. */
MUST_USE enum status context_plan_choose(const struct context *context,
                                         const char *id, int32_t day,
                                         const struct context_plan **plan);
/* The one that is most likely meant where several could be: of the day, else
 * the last one that begins. NULL: there is none. */
const struct context_plan *context_plan_likely(const struct context *context,
                                               int32_t day);

/* Whether an event of `from` to `to` crosses the end of a period of a regime
 * of the plans that are for the day `to`; `last` gets the earliest such end. */
bool context_crosses(const struct context *context, int32_t from, int32_t to,
                     int32_t *last);
/* The programme of the plans for that day, or of all plans where none is for
 * it; 0 when they have several, or there is no plan. */
uint32_t context_programme(const struct context *context, int32_t day);

/* A report that was frozen: which one, and the prefix that it was made of. */
struct context_freeze {
    uint64_t index; /* of the entry */
    struct control_freeze freeze;
};
/* In the order of the ledger; of one report the last one holds. NULL beyond
 * the end. Valid until the context changes. */
size_t context_freeze_count(const struct context *context);
const struct context_freeze *context_freeze_at(const struct context *context,
                                               size_t position);

/* The last backup that was marked: entries 0 to mark.up_to_index - 1 were
 * copied and read back. Valid until the context changes. NULL: there was none.
 */
struct context_backup {
    uint64_t index;  /* of the entry */
    int64_t made_at; /* microseconds UTC */
    struct control_backup_mark mark;
};
const struct context_backup *context_backup(const struct context *context);

/* Entries that record that others were lost for good, in the order of the
 * ledger; of more than CONTEXT_BREAKS_MAX the last ones. */
size_t context_break_count(const struct context *context);
/* The index of one; `position` is below the count. */
uint64_t context_break_at(const struct context *context, size_t position);

size_t context_agent_count(const struct context *context);
const struct context_agent *context_agent_at(const struct context *context,
                                             size_t position);
const struct context_agent *context_agent(const struct context *context,
                                          uint32_t number);
const struct context_agent *context_agent_by_id(const struct context *context,
                                                const struct random_id *id);
const struct context_agent *context_agent_by_curve_key(
    const struct context *context, const struct public_key *key);
/* Only while the key is unused. */
const struct context_agent *context_agent_by_join_key(
    const struct context *context, const struct public_key *key);
/* The key that signs the agent's batches at ledger position `index`; NULL
 * before it joined. Valid until the context changes. */
const struct public_key *context_sign_key_at(const struct context *context,
                                             uint32_t number, uint64_t index);
/* The keys, `nth` from 0, by which a batch of the agent's that begins there may
 * be signed at ledger position `index`: the one in force; and those before it,
 * the newest first, where the batch belongs to an epoch that had ended: what
 * the office had signed in time another ledger of the province may bring late.
 * NULL: no more. Valid until the context changes. */
const struct public_key *context_batch_key(const struct context *context,
                                           uint32_t number, uint32_t ordinal,
                                           uint64_t first_seq, uint64_t index,
                                           size_t nth);
/* Whether a batch that begins with that sequence belongs to one of the agent's
 * epochs, and to one that was not closed before it. */
bool context_epoch_is_open(const struct context_agent *agent,
                           const struct random_id *epoch, uint32_t ordinal,
                           uint64_t first_seq);
/* The first seq that no longer belongs to the epoch of that ordinal; 0: it is
 * open, or not known. Another ledger of the province may have received more of
 * it before the province said where it ends. */
uint64_t context_epoch_end(const struct context *context, uint32_t number,
                           uint32_t ordinal);
/* How many epochs have ended so far, of all agents. */
uint64_t context_epochs_ended(const struct context *context);
/* Whether the agent ever signed with that key. */
bool context_has_signed(const struct context *context, uint32_t number,
                        const struct public_key *key);
/* The `nth` key, from 0, of all that the agent ever signed with; NULL: it has
 * had no more. Valid as above. */
const struct public_key *context_sign_key_nth(const struct context *context,
                                              uint32_t number, size_t nth);
/* Whether the agent may record for (unit, office) about `place` in `programme`
 * on `date` (I8), and what fails if not. A scope without an area covers its
 * unit and all below. */
enum context_refusal {
    CONTEXT_ALLOWED = 0,
    CONTEXT_NO_PAIR, /* not enrolled for this unit and office */
    CONTEXT_NO_AREA, /* the place lies outside its area */
    CONTEXT_NO_PROGRAMME,
    CONTEXT_NO_DATE,
    CONTEXT_CLOSED, /* received after the last day of a closed office */
    CONTEXT_ENDED   /* behind the end of its epoch */
};
enum context_refusal context_allows(const struct context *context,
                                    const struct context_agent *agent,
                                    uint32_t unit, uint32_t office,
                                    uint32_t place, uint32_t programme,
                                    int32_t date);
/* True when an office was closed and another carries its work on. */
bool context_has_closed(const struct context *context);
/* True when the agent carries on the work of agent `number`, be it over agents
 * in between: CONTEXT_SUCCESSIONS_MAX steps at most. */
bool context_succeeds(const struct context *context,
                      const struct context_agent *agent, uint32_t number);
/* True when the agent is enrolled to correct events of `unit`. */
bool context_corrects_for(const struct context *context,
                          const struct context_agent *agent, uint32_t unit);

#endif
