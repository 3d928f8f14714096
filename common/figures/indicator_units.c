/* Where a row counts: at the unit that carries on the one it was recorded for,
 * and at every unit above. A unit that was divided since cannot be carried on;
 * its rows count at the nearest unit above that can, and the figure says so.
 */
#include "common/figures/indicator_state.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

void figuring_next_thing(struct figuring *figuring)
{
    figuring->stamp++;
    if (figuring->stamp == 0) {
        /* All numbers are used up: old marks must not look like new ones. */
        memset(figuring->stamps, 0, figuring->count * sizeof *figuring->stamps);
        figuring->stamp = 1;
    }
}

bool figuring_in_force(const struct figuring *figuring, size_t position)
{
    const struct unit *unit = units_at(figuring->units, position);

    return unit != NULL && unit->from <= figuring->range.unit_date &&
           figuring->range.unit_date < unit->to;
}

/* Goes up from a row of the units table until one can be carried on. */
static void place_of(struct figuring *figuring, uint32_t source,
                     struct figuring_place *place)
{
    int32_t date = figuring->range.unit_date;
    const struct unit *unit = units_at(figuring->units, source);

    place->position = FIGURING_NONE;
    for (unsigned i = 0; unit != NULL && i <= UNIT_COMMUNE; i++) {
        /* The last day on which this row was in force, not after the date. */
        int32_t day = unit->to != UNIT_DATE_OPEN && unit->to <= date
                          ? unit->to - 1
                          : date;
        const struct unit *now;

        if (day < unit->from) {
            day = unit->from;
        }
        now = units_carry(figuring->units, unit->key, day, date);
        if (now != NULL) {
            place->position = (uint32_t)units_position(figuring->units, now);
            return;
        }
        place->divided = true;
        unit = unit->parent == 0
                   ? NULL
                   : units_find(figuring->units, unit->parent, day);
    }
}

static const struct figuring_place *ask(struct figuring *figuring,
                                        uint32_t source)
{
    struct figuring_place *place = &figuring->places[source];

    if (!place->asked) {
        place->asked = true;
        place_of(figuring, source, place);
        if (place->position == FIGURING_NONE && figuring->plan != NULL) {
            /* Nothing of the province is lost: the plan's own unit has it. */
            const struct unit *unit =
                plan_carried(figuring->plan, figuring->units,
                             figuring->plan->unit, figuring->range.unit_date);

            if (unit != NULL) {
                place->position =
                    (uint32_t)units_position(figuring->units, unit);
            }
        }
    }
    return place;
}

uint32_t figuring_carried(struct figuring *figuring, uint32_t source)
{
    const struct figuring_place *place = ask(figuring, source);

    return place->divided ? FIGURING_NONE : place->position;
}

uint32_t figuring_above(struct figuring *figuring, uint32_t position)
{
    if (!figuring->parent_asked[position]) {
        const struct unit *unit = units_at(figuring->units, position);
        const struct unit *parent =
            unit->parent == 0 ? NULL
                              : units_find(figuring->units, unit->parent,
                                           figuring->range.unit_date);

        figuring->parent_asked[position] = true;
        figuring->parents[position] =
            parent == NULL ? FIGURING_NONE
                           : (uint32_t)units_position(figuring->units, parent);
    }
    return figuring->parents[position];
}

uint32_t figuring_up(struct figuring *figuring, uint32_t source,
                     enum unit_level level)
{
    uint32_t position = ask(figuring, source)->position;

    while (position != FIGURING_NONE &&
           units_at(figuring->units, position)->level != level) {
        position = figuring_above(figuring, position);
    }
    return position;
}

void figuring_add(struct figuring *figuring, struct figure figures[],
                  uint32_t source, int64_t amount, bool lower_bound)
{
    const struct figuring_place *place = ask(figuring, source);
    uint32_t position = place->position;

    if (position != FIGURING_NONE && figuring->range.within != NULL &&
        !figuring->range.within[position]) {
        return;
    }
    while (position != FIGURING_NONE &&
           figuring->stamps[position] != figuring->stamp) {
        struct figure *figure = &figures[position];

        figure->value = (int64_t)((uint64_t)figure->value + (uint64_t)amount);
        figure->lower_bound = figure->lower_bound || lower_bound;
        figure->not_divided = figure->not_divided || place->divided;
        figuring->stamps[position] = figuring->stamp;
        if (figuring->touched != NULL) {
            figuring->touched[position] = true;
        }
        position = figuring_above(figuring, position);
    }
}

uint32_t figuring_position(const struct figuring *figuring, uint32_t key)
{
    const struct unit *unit =
        units_find(figuring->units, key, figuring->plan->to);

    if (unit == NULL) {
        unit = units_find(figuring->units, key, figuring->plan->from);
    }
    if (unit == NULL) {
        unit = units_find(figuring->units, figuring->plan->unit,
                          figuring->plan->to);
    }
    return unit == NULL ? FIGURING_NONE
                        : (uint32_t)units_position(figuring->units, unit);
}

const struct fold_measure *figuring_measure(struct figuring *figuring,
                                            const struct plan_formula *formula)
{
    const struct fold_measure *measure =
        fold_measure_of(figuring->fold, figuring->plan, formula->measure);

    check(measure != NULL);
    figuring->erased = figuring->erased || measure->erased;
    return measure;
}

MUST_USE enum status figuring_init(struct figuring *figuring,
                                   const struct fold *fold,
                                   const struct context *context,
                                   const struct figure_range *range,
                                   size_t count)
{
    *figuring = (struct figuring){
        .fold = fold,
        .context = context,
        .units = context_units(context),
        .plan = range->plan,
        .range = *range,
        .count = count,
    };
    figuring->places = calloc(count + 1, sizeof *figuring->places);
    figuring->parents = calloc(count + 1, sizeof *figuring->parents);
    figuring->parent_asked = calloc(count + 1, sizeof *figuring->parent_asked);
    figuring->stamps = calloc(count + 1, sizeof *figuring->stamps);
    if (figuring->places == NULL || figuring->parents == NULL ||
        figuring->parent_asked == NULL || figuring->stamps == NULL) {
        return STATUS_MEMORY;
    }
    return figuring_same_init(figuring);
}

void figuring_fini(struct figuring *figuring)
{
    free(figuring->places);
    free(figuring->parents);
    free(figuring->parent_asked);
    free(figuring->stamps);
    free(figuring->carried_on);
    free(figuring->same);
    id_map_fini(&figuring->same_of);
}
