/* difference - why figures of two positions of the ledger differ.
 *
 * Flow     ledger, two positions -> [difference] -> audit diff
 * Owns     its figures and causes; free with difference_free().
 * Threads  one.
 * Limits   DIFFERENCE_STEPS_MAX times a figure is computed between the two,
 *          DIFFERENCE_CAUSES_MAX causes. Beyond either the rest of the way is
 *          one cause, which says how many events it has.
 *
 * The figures are computed at both positions by themselves. Those that differ
 * are then followed from the first to the second: as of its day, since periods
 * end and deadlines pass though nothing comes in; after each event that could
 * matter to them; and after each control entry that changes what figures mean
 * they are computed again, and what they went up or down by is put down to it.
 * So what is put down adds up to the change, for sums, things counted once and
 * shares alike; for the last two the share of an event depends on what came
 * before it, and the order is that of the ledger. That the way ends at the
 * figures of the second position is checked (I4).
 */
#ifndef TALLYLINE_COLLECTOR_DIFFERENCE_H
#define TALLYLINE_COLLECTOR_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/commands/commands.h"
#include "collector/figures/indicator_choice.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/figures/indicator.h"
#include "common/figures/received.h"
#include "common/format/entry.h"

#define DIFFERENCE_STEPS_MAX   (1u << 20)
#define DIFFERENCE_CAUSES_MAX  (1u << 20)
#define DIFFERENCE_FIGURES_MAX 8192u

/* One figure at one position. */
struct difference_value {
    bool there; /* the plan has it */
    struct figure figure;
    enum received_state state; /* whether anybody has stated it */
    enum target_status status;
};

struct difference_figure {
    char *target;    /* id; "" */
    char *indicator; /* id */
    char *label;
    char *unit_of_count;
    char *unit_name;
    uint32_t unit;
    struct difference_value before, after;
    int64_t change, change_denominator;
    bool moved;     /* its number differs, and not only its status */
    bool explained; /* the causes add up to the change */
};

enum difference_cause_kind {
    DIFFERENCE_DAYS = 1, /* those between the two days; comes first */
    DIFFERENCE_EVENT,
    DIFFERENCE_CONTROL, /* a control entry that changed what figures mean */
    DIFFERENCE_REST     /* events that were not told apart */
};

struct difference_cause {
    enum difference_cause_kind kind;
    uint32_t figure; /* position */
    uint64_t entry;  /* index; of DIFFERENCE_REST the last one; not of DAYS */
    uint64_t event;  /* id, or how many events */
    int64_t amount, denominator;
    uint64_t order; /* on the way */
};

struct difference_end {
    uint64_t size;
    struct digest last;
    int32_t day; /* of its last receipt */
    char *plan;  /* id */
    uint32_t revision;
    uint64_t plan_entry;
    struct figure_range range; /* but for its plan */
};

struct difference {
    struct difference_end before, after;
    struct difference_figure *figures; /* that differ, in the plan's order */
    size_t figure_count;
    struct difference_cause *causes; /* by figure, then in ledger order */
    size_t cause_count;
};

/* What is undefined, a ratio over zero, has its numbers too. */
bool difference_has_number(const struct difference_value *value);

/* Writes its message before it answers anything but STATUS_OK. `reading` is
 * open and has not been folded; it shows the second position afterwards.
 * STATUS_USAGE, STATUS_NOT_FOUND, or of the ledger. */
MUST_USE enum status difference_new(const struct args *args,
                                    struct reading *reading, uint64_t from,
                                    uint64_t to,
                                    struct difference **difference);
void difference_free(struct difference **difference);

#endif
