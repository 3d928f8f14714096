/* indicator_state - one computation of figures, for indicator*.c alone.
 *
 * Flow     fold_state -> indicator_units.c (where a row counts)
 *                     -> indicator_things.c (which keys are one thing)
 *                     -> indicator.c (the operations)
 * Owns     see figuring_init() and figuring_fini().
 * Threads  one; the fold must not change meanwhile.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_STATE_H
#define TALLYLINE_COMMON_INDICATOR_STATE_H

#include "common/fold_state.h"
#include "common/indicator.h"

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

struct figuring {
    const struct fold *fold;
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
    /* Only this member of a list counts (PLAN_ALL_OF); 0: all do. */
    uint64_t member;
};

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
/* The unit on the unit date; FIGURING_NONE when it was divided or ended. */
uint32_t figuring_carried(struct figuring *figuring, uint32_t source);
/* Position of the unit with that key in the plan's time. */
uint32_t figuring_position(const struct figuring *figuring, uint32_t key);
bool figuring_in_force(const struct figuring *figuring, size_t position);

/* --- indicator_count.c --- */
void figuring_sum(struct figuring *figuring, const struct plan_formula *formula,
                  struct figure figures[]);
/* PLAN_DISTINCT, PLAN_FIRST, PLAN_STATUS, PLAN_LATEST. */
MUST_USE enum status figuring_things_of(struct figuring *figuring,
                                        const struct plan_formula *formula,
                                        struct figure figures[]);
MUST_USE enum status figuring_units(struct figuring *figuring,
                                    const struct plan_formula *formula,
                                    struct figure figures[]);
void figuring_in_force_of(struct figuring *figuring, enum unit_level level,
                          struct figure figures[]);

/* --- indicator_things.c --- */
/* Calls `visit` once for each thing of the measure, with its keys. */
typedef void figuring_visit(struct figuring *figuring, void *owner,
                            const struct fold_key *const keys[], size_t count);
MUST_USE enum status figuring_things(struct figuring *figuring,
                                     const struct fold_measure *measure,
                                     uint32_t list, figuring_visit *visit,
                                     void *owner);
/* kind << 60 | reference, the same for all references of one thing. */
uint64_t figuring_name(const struct figuring *figuring, uint32_t kind,
                       uint64_t reference);
MUST_USE enum status figuring_same_init(struct figuring *figuring);

#endif
