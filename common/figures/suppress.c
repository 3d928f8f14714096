/* Which indicators are hidden together, and what of the figures of the range
 * that was asked for is left. Failure mode: no memory. */
#include "common/figures/suppress_state.h"

#include <stdlib.h>

const struct unit *suppress_root(const struct suppress *suppress, int32_t day)
{
    return plan_carried(suppress->plan, suppress->units, suppress->plan->unit,
                        day);
}

bool suppress_below(const struct suppress *suppress, uint32_t key, int32_t day)
{
    const struct unit *root = suppress_root(suppress, day);

    return root != NULL && units_below(suppress->units, key, root->key, day);
}

/* ---- families ---- */

/* Adds what the plan's indicators of the family read. */
static void add_types(const struct suppress_plan *of,
                      struct suppress_family *family)
{
    for (uint32_t i = 0; i < of->plan->indicator_count; i++) {
        if (suppress_is_of(family, &of->facts[i])) {
            family->types |= of->facts[i].types;
        }
    }
}

/* All types of event that the indicator's family reads. */
static uint64_t types_of(const struct suppress *suppress, uint32_t indicator)
{
    struct suppress_family family = {.types = suppress->facts[indicator].types};
    uint64_t before = 0;

    while (family.types != before) {
        before = family.types;
        for (uint32_t i = 0; i < suppress->plan_count; i++) {
            add_types(&suppress->plans[i], &family);
        }
    }
    return family.types;
}

static MUST_USE enum status family_of(struct suppress *suppress,
                                      uint32_t indicator,
                                      const struct suppress_family **found)
{
    uint64_t types = types_of(suppress, indicator);
    struct suppress_family *family;

    for (size_t i = 0; i < suppress->family_count; i++) {
        if (suppress->families[i].types == types) {
            *found = &suppress->families[i];
            return STATUS_OK;
        }
    }
    family = &suppress->families[suppress->family_count];
    family->types = types;
    family->hidden = calloc(2 * suppress->count + 1, sizeof *family->hidden);
    if (family->hidden == NULL) {
        return STATUS_MEMORY;
    }
    family->said = family->hidden + suppress->count;
    suppress->family_count++;
    *found = family;
    return suppress_decide(suppress, family);
}

/* ---- life ---- */

/* Who asks a ledger of its own unit's is that unit; and what an office itself
 * recorded it may see. */
static void take_reader(struct suppress *suppress,
                        const struct indicator_request *request)
{
    const struct control_genesis *genesis = context_genesis(suppress->context);

    suppress->reader = request->reader;
    if (request->view != NULL) {
        suppress->reader.kind = FIGURE_READER_AUDIT;
    } else if (request->reader.kind == FIGURE_READER_ANYONE &&
               genesis != NULL) {
        suppress->reader = (struct figure_reader){.kind = FIGURE_READER_UNIT,
                                                  .unit = genesis->unit};
    }
}

MUST_USE enum status suppress_new(const struct fold *fold,
                                  const struct context *context,
                                  const struct indicator_request *request,
                                  struct suppress **suppress)
{
    struct suppress *made = calloc(1, sizeof *made);
    enum status status;

    *suppress = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    *made = (struct suppress){
        .fold = fold,
        .context = context,
        .plan = request->range.plan,
        .units = context_units(context),
        .range = request->range,
        .count = units_count(context_units(context)),
    };
    made->root = suppress_root(made, request->range.unit_date);
    take_reader(made, request);
    status = suppress_list_plans(made);
    made->families =
        calloc(made->plan->indicator_count + 1u, sizeof *made->families);
    if (status != STATUS_OK || made->families == NULL) {
        suppress_free(&made);
        return STATUS_MEMORY;
    }
    if (made->root != NULL) {
        made->root_position = (uint32_t)units_position(made->units, made->root);
    }
    suppress_list_periods(made, request->today);
    *suppress = made;
    return STATUS_OK;
}

void suppress_free(struct suppress **suppress)
{
    if (*suppress == NULL) {
        return;
    }
    for (size_t i = 0; i < (*suppress)->family_count; i++) {
        free((*suppress)->families[i].hidden);
    }
    free((*suppress)->families);
    suppress_free_plans(*suppress);
    free(*suppress);
    *suppress = NULL;
}

/* ---- figures ---- */

static void hide(struct figure *figure, bool label)
{
    bool small = label && figure->value < SUPPRESS_SMALL;

    *figure = (struct figure){
        .known = true,
        .defined = true,
        .hidden = small ? FIGURE_HIDDEN_SMALL : FIGURE_HIDDEN_COMPLEMENT,
    };
}

/* Of the province all is shown, but not day by day; and a unit sees its own
 * numbers. */
static bool may_see(const struct suppress *suppress, size_t position,
                    const struct suppress_facts *facts)
{
    const struct unit *unit = units_at(suppress->units, position);

    if (suppress->root != NULL && suppress->root->level == UNIT_PROVINCE &&
        unit->level == UNIT_PROVINCE) {
        return suppress->reported;
    }
    return !facts->victims && suppress->reader.kind == FIGURE_READER_UNIT &&
           unit->key == suppress->reader.unit;
}

/* A unit outside the plan's own has that one's number, or none. */
static size_t asked_of(const struct suppress *suppress, size_t position)
{
    const struct unit *unit = units_at(suppress->units, position);

    return suppress_below(suppress, unit->key, suppress->range.unit_date)
               ? position
               : suppress->root_position;
}

MUST_USE enum status suppress_figures(struct suppress *suppress,
                                      uint32_t indicator,
                                      struct figure figures[], size_t count)
{
    const struct suppress_facts *facts = &suppress->facts[indicator];
    const struct suppress_family *family = NULL;
    bool decided = suppress->whole && !facts->victims && !facts->compares;

    if (suppress->reader.kind == FIGURE_READER_AUDIT ||
        (!facts->counts && !facts->asks)) {
        return STATUS_OK;
    }
    if (decided) {
        enum status status = family_of(suppress, indicator, &family);

        if (status != STATUS_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = asked_of(suppress, i);

        if (figures[i].known && !may_see(suppress, i, facts) &&
            (!decided || family->hidden[at])) {
            hide(&figures[i], decided && facts->counts && family->said[at]);
        }
    }
    return STATUS_OK;
}
