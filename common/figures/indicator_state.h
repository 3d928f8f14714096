/* indicator_state - one computation of figures, for indicator*.c alone.
 *
 * Flow     fold_state -> indicator_units.c (where a row counts)
 *                     -> indicator_things.c (which keys are one thing)
 *                     -> indicator_count.c, indicator_cover.c (one measure)
 *                     -> indicator_set.c (sets of things and units)
 *                     -> indicator_period.c (in each period)
 *                     -> indicator.c (the operations)
 * Owns     see figuring_init() and figuring_fini().
 * Threads  one; the fold must not change meanwhile.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_STATE_H
#define TALLYLINE_COMMON_INDICATOR_STATE_H

#include "common/figures/indicator.h"
#include "common/fold/fold_state.h"

#define FIGURING_NONE UINT32_MAX

/* Where a row at a unit of the time counts on the unit date. */
struct figuring_place {
    uint32_t position; /* FIGURING_NONE: nowhere */
    bool asked, divided;
};

/* A class of references that are one thing. */
struct figuring_same {
    uint64_t name; /* kind << 60 | reference */
    uint32_t parent;
};

/* How far a range lies before the one that was asked for. */
struct figuring_shift {
    int32_t months, days;
};

struct figuring {
    const struct fold *fold;
    const struct context *context;
    const struct units *units;
    const struct plan *plan;
    struct figure_range range;
    size_t count; /* rows of the units table */
    struct figuring_place *places;
    uint32_t *parents; /* on the unit date; asked for once */
    bool *parent_asked;
    uint32_t *stamps; /* the last thing that counted at a unit */
    uint32_t stamp;
    struct figuring_same *same;
    uint32_t same_count;
    struct id_map same_of;
    bool *carried_on; /* units that carry on another one; asked for once */
    struct figuring_shift shift; /* from the range that was asked for */
    bool *touched; /* units where something counted; NULL: nobody asks */
    bool erased;   /* a measure that was asked for is (fold_erased.c) */
};

/* A thing or a unit, and where it counts. The name is that of all references
 * that are one thing; a unit in it is its position on the unit date. */
struct figuring_member {
    uint64_t name[PLAN_KEY_FIELDS_MAX];
    uint32_t place, place_count; /* in the places of the set */
    int32_t day;                 /* of PLAN_STATED and PLAN_DUE: the last one */
};

struct figuring_set {
    struct figuring_member *members; /* by name, once made */
    size_t count, room;
    uint32_t *places; /* rows of the units table */
    size_t place_count, place_room;
    enum status status; /* sticky: no memory */
};

/* Where what is counted goes: into figures, or into a set. */
struct figuring_out {
    struct figure *figures;
    struct figuring_set *set; /* NULL: into figures */
};

static inline bool figuring_in_range(const struct figuring *figuring,
                                     int32_t day)
{
    return figuring->range.from <= day && day <= figuring->range.to;
}

MUST_USE enum status figuring_init(struct figuring *figuring,
                                   const struct fold *fold,
                                   const struct context *context,
                                   const struct figure_range *range,
                                   size_t count);
void figuring_fini(struct figuring *figuring);

/* --- indicator_units.c --- */
/* What counts next is another thing: it counts once in each unit. */
void figuring_next_thing(struct figuring *figuring);
/* Adds `amount` at the unit that carries on `source`, and above it, wherever
 * this thing has not counted before. */
void figuring_add(struct figuring *figuring, struct figure figures[],
                  uint32_t source, int64_t amount, bool lower_bound);
/* The unit above, on the unit date; FIGURING_NONE. */
uint32_t figuring_above(struct figuring *figuring, uint32_t position);
/* The unit of that level at or above what carries on `source`. */
uint32_t figuring_up(struct figuring *figuring, uint32_t source,
                     enum unit_level level);
/* The unit on the unit date; FIGURING_NONE when it was divided or ended. */
uint32_t figuring_carried(struct figuring *figuring, uint32_t source);
/* Position of the unit with that key in the plan's time. */
uint32_t figuring_position(const struct figuring *figuring, uint32_t key);
bool figuring_in_force(const struct figuring *figuring, size_t position);

/* --- indicator_count.c --- */
/* What the fold keeps for the formula. */
const struct fold_measure *figuring_measure(struct figuring *figuring,
                                            const struct plan_formula *formula);
/* The operations on rows, from PLAN_DISTINCT to PLAN_LATEST. */
MUST_USE enum status figuring_things_of(struct figuring *figuring,
                                        const struct plan_formula *formula,
                                        struct figuring_out *out);

/* --- indicator_cover.c --- */
MUST_USE enum status figuring_sum(struct figuring *figuring,
                                  const struct plan_formula *formula,
                                  struct figure figures[]);
/* PLAN_UNITS */
MUST_USE enum status figuring_units(struct figuring *figuring,
                                    const struct plan_formula *formula,
                                    struct figuring_out *out);
/* PLAN_IN_FORCE */
MUST_USE enum status figuring_in_force_of(struct figuring *figuring,
                                          const struct plan_formula *formula,
                                          struct figure figures[]);
/* Which units the formula's list leaves, by position; free it. */
MUST_USE enum status figuring_listed(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     bool **listed);

/* --- indicator_change.c --- */
/* The day that stands to the range as `day` does to the one asked for. */
int32_t figuring_shifted(const struct figuring *figuring, int32_t day);
/* PLAN_BASELINE */
void figuring_baseline(const struct figuring *figuring,
                       const struct plan_formula *formula,
                       struct figure figures[]);
/* PLAN_CHANGE */
MUST_USE enum status figuring_change(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     struct figure figures[]);

/* --- indicator_reports.c --- */
/* PLAN_ON_TIME */
MUST_USE enum status figuring_on_time(struct figuring *figuring,
                                      const struct plan_formula *formula,
                                      struct figure figures[]);

/* --- indicator.c --- */
/* Computes for all units: figures[] of figuring->count. */
MUST_USE enum status figuring_compute(struct figuring *figuring,
                                      const struct plan_formula *formula,
                                      struct figure figures[]);

/* --- indicator_period.c --- */
/* The last day of the range of which something is known. */
int32_t figuring_known_to(const struct figuring *figuring);
/* Periods that lie in the range as a whole and are over. */
struct figuring_periods {
    struct period *list; /* in their order */
    size_t count;
};
/* Those that the formula asks for; none when it does not. Free the list. */
MUST_USE enum status figuring_periods_of(const struct figuring *figuring,
                                         const struct plan_formula *formula,
                                         struct figuring_periods *periods);
/* Position of the period that the day lies in; SIZE_MAX. */
size_t figuring_period_at(const struct figuring_periods *periods, int32_t day);
/* To be called before figuring_was_there(). */
MUST_USE enum status figuring_find_carried_on(struct figuring *figuring);
/* Whether the unit, or one that it carries on, was there from the period's
 * first day on. */
bool figuring_was_there(const struct figuring *figuring, uint32_t position,
                        const struct period *period);
/* Whether a part of the formula asks for each period while none is over. */
MUST_USE enum status figuring_too_early(const struct figuring *figuring,
                                        const struct plan_formula *formula,
                                        bool *early);
/* PLAN_PERIODS */
MUST_USE enum status figuring_count_periods(struct figuring *figuring,
                                            const struct plan_formula *formula,
                                            struct figure figures[]);

/* --- indicator_set.c --- */
/* Begins the next thing; `name` is of the set's kind. */
void figuring_out_thing(struct figuring *figuring, struct figuring_out *out,
                        const uint64_t name[PLAN_KEY_FIELDS_MAX]);
/* One of its places: the row `source` of the units table. */
void figuring_out_place(struct figuring *figuring, struct figuring_out *out,
                        uint32_t source, int64_t amount, bool lower_bound);
/* The day of the thing that was begun last. */
void figuring_set_day(struct figuring_set *set, int32_t day);
/* Fills an empty set; free with figuring_set_fini() whatever it answers. */
MUST_USE enum status figuring_set_of(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     struct figuring_set *set);
/* Sorts by name; units that are one unit now become one member. */
void figuring_set_order(struct figuring_set *set);
void figuring_set_fini(struct figuring_set *set);
const struct figuring_member *figuring_set_find(
    const struct figuring_set *set, const uint64_t name[PLAN_KEY_FIELDS_MAX]);
/* Counts the member, which figuring_next_thing() began, at its places. */
void figuring_set_place(struct figuring *figuring,
                        const struct figuring_set *set,
                        const struct figuring_member *member,
                        struct figure figures[]);
/* Counts each member once at each of its places. */
void figuring_set_count(struct figuring *figuring,
                        const struct figuring_set *set,
                        struct figure figures[]);

/* --- indicator_things.c --- */
/* Calls `visit` once for each thing of the measure, with its name and keys. */
typedef void figuring_visit(struct figuring *figuring, void *owner,
                            const uint64_t name[PLAN_KEY_FIELDS_MAX],
                            const struct fold_key *const keys[], size_t count);
MUST_USE enum status figuring_things(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     figuring_visit *visit, void *owner);
/* The captured field that says that a number is a lower bound;
 * FIGURING_NONE. */
uint32_t figuring_bound_of(const struct fold_measure *measure);
/* kind << 60 | reference, the same for all references of one thing. */
uint64_t figuring_name(const struct figuring *figuring, uint32_t kind,
                       uint64_t reference);
MUST_USE enum status figuring_same_init(struct figuring *figuring);

#endif
