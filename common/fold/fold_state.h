/* fold_state - the inside of a fold, for fold*.c and indicator*.c alone.
 *
 * Flow     fold.c (intake) <- fold_judge.c (may it count?)
 *                          -> fold_slot.c (corrections, rows entered twice)
 *                          -> fold_count.c (measures) -> indicator
 * Owns     see fold.h.
 *
 * An event that is countable, stands alone and has never been corrected leaves
 * nothing behind but what the measures keep of it. Everything else has a slot
 * (fold_slot.c) or a result (fold_result.c).
 */
#ifndef TALLYLINE_COMMON_FOLD_STATE_H
#define TALLYLINE_COMMON_FOLD_STATE_H

#include "common/base/id_map.h"
#include "common/event/validate_plain.h"
#include "common/fold/fold.h"
#include "common/fold/fold_cells.h"
#include "common/fold/fold_filter.h"
#include "common/fold/fold_question.h"
#include "common/fold/fold_queue.h"
#include "common/fold/fold_rows.h"

#define FOLD_TYPES_MAX  64u /* event types are below it */
#define FOLD_PLACES_MAX EVENT_LIST_MAX
/* Powers of two, a few times what is asked for within some days: the units of
 * a province, and where which office records what. */
#define FOLD_PLACE_CELLS   8192u
#define FOLD_ALLOWED_CELLS 16384u
#define FOLD_NO_PLACE      UINT32_MAX

/* A measure of one plan, or of several that ask for the same. */
struct fold_measure {
    const struct plan_measure *plan;
    uint32_t plans; /* a bit for each plan, by its place in the context */
    struct fold_filter filter;
    struct fold_field amount; /* PLAN_KEEP_SUM; number 0: each event is 1 */
    struct fold_field key[PLAN_KEY_FIELDS_MAX];
    struct fold_field capture[PLAN_CAPTURE_MAX];
    uint32_t column;       /* PLAN_KEEP_SUM: in the cells of its type */
    bool erased;           /* see fold_erased.c */
    struct fold_rows rows; /* PLAN_KEEP_ROWS */
};

/* A plan, and where in the fold its measures are. */
struct fold_plan {
    const struct plan *plan;
    uint32_t *measures; /* by position in the plan */
    uint64_t row_types; /* a bit for each event type of its register */
};

/* What has to hold of an event for a measure; apart from it, since all those
 * of a type are looked through. */
struct fold_wish {
    uint64_t needs; /* as in its filter */
    uint32_t plans;
    uint32_t measure;
};

struct fold_type {
    struct fold_wish *wishes; /* one for each measure */
    uint32_t measure_count;
    uint32_t units_field; /* body field that lists places; 0: none */
    struct fold_questions questions;
    struct fold_cells cells; /* a column for each of its summing measures */
};

/* Two references that are one thing, as long as `event` stands. */
struct fold_pair {
    uint64_t event; /* 0: taken back */
    uint64_t first, second;
    uint32_t kind;
};

struct fold_place {
    uint32_t key;
    int32_t from, to; /* to is exclusive */
    uint32_t position;
    uint32_t level;
};

/* Somebody was allowed to record this: asked once, remembered. */
struct fold_allowed {
    uint32_t agent, unit, office, place, programme;
    int32_t day;
};

/* Remembers what it found: for one thread at a time. */
struct fold_judge {
    const struct context *context;
    const struct units *units; /* may be NULL */
    struct validate_rules rules;
    struct validate_plain plain;
    uint32_t units_field[FOLD_TYPES_MAX]; /* as in fold_type */
    struct fold_place places[FOLD_PLACE_CELLS];
    struct fold_allowed allowed[FOLD_ALLOWED_CELLS];
    uint64_t stream; /* of the event judged last: agent and epoch of its id */
    uint64_t stream_end;   /* context_epoch_end() of it ... */
    uint64_t epochs_ended; /* ... when so many had ended */
};

struct fold_entry { /* one (unit, office, entry_key) */
    uint32_t unit, office;
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    uint64_t holder; /* id of the one event, or FOLD_ENTRY_SLOT | slot;
                        0: new */
};
#define FOLD_ENTRY_SLOT (UINT64_C(1) << 63)
/* Of no event: a row of fold_erased.c, which is of unit 0. */
#define FOLD_ENTRY_ERASED 1u

struct fold_correction {
    uint64_t id, target, head;
    uint64_t parent; /* the version it names; 0: the first one */
    uint32_t unit, office, type;
    bool voids;
    bool stands;               /* part of the chain */
    enum fold_outcome outcome; /* FOLD_COUNTED: may correct the thing */
};

enum fold_base {
    FOLD_BASE_AWAITED,   /* its first version has not been received */
    FOLD_BASE_COUNTABLE, /* counts unless it is corrected */
    FOLD_BASE_FAULTY,    /* does not count by itself */
    FOLD_BASE_UNFIT      /* is itself a correction: cannot be corrected */
};

/* A report for a period that stands. */
struct fold_report {
    uint64_t event; /* 0: taken back */
    uint64_t root;  /* its first version */
    uint32_t unit, programme, type;
    uint32_t regime, kind, key;
    uint32_t first, count; /* of the indicators that it says nothing of */
};

/* Numbers of proto/event.proto. */
#define FOLD_TYPE_REPORT     19u
#define FOLD_TYPE_NIL_REPORT 21u
/* The province's clock was wrong when it came. */
#define FOLD_DAY_UNKNOWN INT32_MIN

struct fold_slot {
    enum fold_base base;
    uint64_t root;               /* the first version */
    uint32_t unit, office, type; /* of the root; type 0: to be fetched */
    uint64_t counted;  /* version whose contributions stand; 0: none */
    uint64_t *members; /* events of one entry_key, else empty */
    uint32_t member_count, member_room;
    struct fold_correction *corrections;
    uint32_t correction_count, correction_room;
    bool unsettled;
};

struct fold {
    const struct context *context;
    const struct units *units; /* may be NULL */
    uint32_t unit;             /* of the ledger; 0: none is known */
    struct fold_source source;
    uint64_t position;

    struct fold_plan plans[CONTEXT_PLANS_MAX];
    uint32_t plan_count;
    struct fold_measure *measures;
    uint32_t measure_count;
    struct fold_type types[FOLD_TYPES_MAX];
    struct fold_queue queue; /* of rows that are added */
    struct fold_pair *pairs;
    size_t pair_count, pair_room;
    struct id_map pair_of;

    struct fold_report *reports;
    size_t report_count, report_room;
    struct id_map report_of;
    uint32_t *said; /* the indicators of nil reports */
    size_t said_count, said_room;
    struct id_map received; /* report, or nil report -> day of receipt */
    struct id_map heard;    /* agent -> last day on which it sent something */
    struct id_map told;     /* agent -> day up to which it has told all */
    uint32_t heard_agent;   /* whose events come in, ... */
    int32_t received_on;    /* ... when they were received, ... */
    int64_t told_until;     /* ... and recorded from when one tells more */

    struct id_map streams; /* (agent, epoch) -> last number folded */
    uint64_t stream;       /* the last one asked for ... */
    uint32_t stream_last;  /* ... and its number */

    struct fold_slot *slots;
    size_t slot_count, slot_room;
    struct id_map slot_of; /* targets and members that have a slot */
    size_t awaited;        /* slots whose first version may still come */
    struct fold_correction *pending; /* of this entry; see fold_slot.c */
    size_t pending_count, pending_room;
    uint32_t *unsettled;
    size_t unsettled_count, unsettled_room;
    struct fold_entry *entries;
    size_t entry_count, entry_room;
    uint64_t *entry_index; /* see fold_entry.c */
    bool erased_rows;      /* some of them are of fold_erased.c */

    struct fold_result *results;
    size_t result_count, result_room;
    struct id_map result_of;
    uint32_t *result_order; /* positions by id, the first `ordered` of them */
    size_t ordered;
    struct fold_totals totals;

    struct fold_judge judge;
};

/* --- fold.c --- */
/* A fold that holds nothing, not even the rows of the plans. Gives. */
MUST_USE enum status fold_make(const struct context *context,
                               struct fold_source source, struct fold **fold);

/* --- fold_judge.c: what an event is worth by itself --- */
void fold_judge_init(struct fold_judge *judge, const struct context *context);
/* Body field of the type's events that lists places; 0: none. */
uint32_t fold_units_field(uint32_t type);
/* The unit in force on the day; NULL when there is none. */
const struct fold_place *fold_find_place(struct fold *fold, uint32_t key,
                                         int32_t day);

/* --- fold_plans.c: whose measures there are --- */
MUST_USE enum status fold_count_init(struct fold *fold);
/* The measure at position `measure` of the plan; NULL when the fold was made
 * without that plan. */
const struct fold_measure *fold_measure_of(const struct fold *fold,
                                           const struct plan *plan,
                                           uint32_t measure);

/* --- fold_count.c: what the measures keep --- */
void fold_count_fini(struct fold *fold);
/* `place`: where it happened, as its verdict says, or FOLD_NO_PLACE when it
 * is to be found out. */
MUST_USE enum status fold_count_add(struct fold *fold, uint64_t id,
                                    const struct event *event, uint32_t place);
MUST_USE enum status fold_count_remove(struct fold *fold, uint64_t id,
                                       const struct event *event);
/* A row of the register of plan `place`: for the measures of that plan alone,
 * so that no plan changes the figures of another. */
MUST_USE enum status fold_count_row(struct fold *fold, uint32_t place,
                                    uint64_t id, const struct event *event);
MUST_USE enum status fold_count_settle(struct fold *fold);

/* --- fold_erased.c: what an erasure order took from the measures --- */
/* Marks the measures that may come out otherwise than with the whole event. */
MUST_USE enum status fold_erased_note(struct fold *fold,
                                      const struct event *event);
/* Of a row that counts: marks all measures of its type when it may be one that
 * was erased. */
MUST_USE enum status fold_erased_again(struct fold *fold,
                                       const struct event *event);

/* --- fold_reports.c: who reported what, and when it came --- */
void fold_reports_fini(struct fold *fold);
bool fold_is_report(uint32_t type);
/* An event of fold->heard_agent that was recorded at fold->told_until or later
 * has come. */
MUST_USE enum status fold_told_more(struct fold *fold, int64_t recorded_at);
/* A report came in, whether it counts or not. */
MUST_USE enum status fold_report_received(struct fold *fold, uint64_t id);
MUST_USE enum status fold_report_add(struct fold *fold, uint64_t id,
                                     const struct event *event);
void fold_report_remove(struct fold *fold, uint64_t id);
/* The day on which its first version was received; FOLD_DAY_UNKNOWN. */
int32_t fold_report_day(const struct fold *fold,
                        const struct fold_report *report);

/* --- fold_slot.c: one thing, several events --- */
void fold_slots_fini(struct fold *fold);
/* Whether the event has been folded. */
bool fold_has(struct fold *fold, uint64_t id);
/* Takes an event that names a target and may count. */
MUST_USE enum status fold_slot_correct(struct fold *fold, uint64_t id,
                                       const struct event *event);
/* Takes an event that names none. `counts` is false when nothing has to be
 * added for it now: it has a slot. */
MUST_USE enum status fold_slot_enter(struct fold *fold, uint64_t id,
                                     const struct event *event, bool countable,
                                     bool *counts);
/* What was waiting for this event cannot be a correction of it. */
MUST_USE enum status fold_slot_unfit(struct fold *fold, uint64_t id);
MUST_USE enum status fold_slots_settle(struct fold *fold);

/* --- fold_entry.c: rows that were entered before --- */
/* The entry of the event's (unit, office, entry_key), new if need be. Valid
 * until the next call. */
MUST_USE enum status fold_entry_of(struct fold *fold, const struct event *event,
                                   struct fold_entry **entry);
/* NULL: there is none. */
const struct fold_entry *fold_entry_find(const struct fold *fold,
                                         const struct event *event);

/* Room for `count` entries in all, so that as many restores cannot fail. */
MUST_USE enum status fold_entry_reserve(struct fold *fold, size_t count);
/* Takes over an entry; false when it is there already. */
bool fold_entry_restore(struct fold *fold, const struct fold_entry *entry);
/* Asks for the memory that fold_entry_of() will look at. */
void fold_entry_prefetch(const struct fold *fold, const struct event *event);

/* --- fold_resolve.c: which version of a slot stands --- */
MUST_USE enum status fold_slot_resolve(struct fold *fold,
                                       struct fold_slot *slot, uint64_t *live);

/* --- fold_result.c: outcomes --- */
void fold_results_fini(struct fold *fold);
MUST_USE enum status fold_result_set(struct fold *fold,
                                     const struct fold_result *result);
MUST_USE enum status fold_results_settle(struct fold *fold);

#endif
