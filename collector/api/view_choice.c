/* Which figures are asked for: a parameter means what the option of the same
 * name means to `indicators`. */
#include "collector/api/view_private.h"

#include <string.h>

#include "common/figures/indicator_ended.h"
#include "common/reports/form_days.h"

#define NEAR_DAYS  31
#define AUDIT_DAYS 366

const struct context_plan *choice_plan(struct scene *scene, int32_t day)
{
    const char *id = scene->query->plan[0] != '\0' ? scene->query->plan : NULL;
    const struct context_plan *plan = NULL;
    enum status status = context_plan_choose(scene->context, id, day, &plan);

    if (status == STATUS_USAGE) {
        plan = context_plan_likely(scene->context, day);
    } else if (status != STATUS_OK) {
        plan = NULL;
    }
    if (plan == NULL) {
        (void)scene_fail(scene, 404,
                         id == NULL ? "no plan is in force yet"
                                    : "plan: no such plan is in force");
    }
    return plan;
}

bool choice_may_see(const struct scene *scene, uint32_t unit, int32_t day)
{
    uint32_t home = scene->query->reader.home;

    return home == 0 || unit == home ||
           units_below(scene->units, unit, home, day);
}

bool choice_level_below(const struct scene *scene, const struct unit *unit,
                        int32_t day, enum unit_level *level)
{
    *level =
        unit->level == UNIT_PROVINCE &&
                units_in_force(scene->units, unit->key, UNIT_DISTRICT, day) > 0
            ? UNIT_DISTRICT
            : UNIT_COMMUNE;
    return unit->level != UNIT_COMMUNE;
}

static bool choose_period(struct scene *scene, struct choice *choice)
{
    const struct query *query = scene->query;
    struct figure_range *range = &choice->request.range;
    enum period_kind kind = (enum period_kind)query->period_kind;

    if (query->period_kind == 0) {
        return true;
    }
    if (!form_regime(range->plan, query->regime, kind, &choice->regime) ||
        !period_bounds(&choice->regime, kind, query->period_key,
                       &choice->period)) {
        return scene_fail(scene, 404, "period: the regime has no such period");
    }
    choice->of_period = true;
    range->from = choice->period.from;
    range->to = choice->period.to;
    return true;
}

/* Figures are given of the plan's own year, and of the periods that begin
 * before it or end after it: two plans that count the same persons hide other
 * units of it, and a formula by months goes through all that are asked for. */
static bool is_near(const struct query *query, const struct figure_range *range)
{
    int32_t days = query->reader.figures.kind == FIGURE_READER_AUDIT
                       ? AUDIT_DAYS
                       : NEAR_DAYS;

    return range->from >= range->plan->from - days &&
           range->to <= range->plan->to + days;
}

static bool choose_days(struct scene *scene, struct choice *choice)
{
    const struct query *query = scene->query;
    struct figure_range *range = &choice->request.range;

    if (!choose_period(scene, choice)) {
        return false;
    }
    range->from = query->from != QUERY_DAY_ABSENT ? query->from : range->from;
    range->to = query->to != QUERY_DAY_ABSENT ? query->to : range->to;
    if (range->from > range->to) {
        return scene_fail(scene, 400, "from: is after the last day");
    }
    if (!is_near(query, range)) {
        return scene_fail(scene, 400, "these days lie outside the plan's year");
    }
    range->unit_date =
        query->units_on != QUERY_DAY_ABSENT ? query->units_on : range->to;
    /* By units of another day a neighbour's events might be its own. */
    if (query->reader.home != 0 && range->unit_date != range->to) {
        return scene_fail(scene, 403, "units_on: not for a district");
    }
    return true;
}

/* The unit that was named, else the reader's own, else the plan's. */
static bool choose_unit(struct scene *scene, struct choice *choice)
{
    const struct query *query = scene->query;
    struct indicator_request *request = &choice->request;
    struct figure_range *range = &request->range;
    const struct plan *plan = range->plan;
    int32_t day = range->unit_date;
    uint32_t key = query->reader.home != 0 ? query->reader.home : plan->unit;

    if (query->unit[0] == '\0' && query->reader.home == 0 &&
        plan_carried(plan, scene->units, key, day) != NULL) {
        return true;
    }
    if (query->unit[0] != '\0' &&
        unit_key_parse(query->unit, strlen(query->unit), day, &key) !=
            STATUS_OK) {
        return scene_fail(scene, 404, "unit: a code such as gso3:001");
    }
    if (!choice_may_see(scene, key, day)) {
        return scene_fail(scene, 403, "this unit is not yours to see");
    }
    if (!indicator_range_until(range, scene->units, key)) {
        return scene_fail(scene, 404, "unit: there is none in that time");
    }
    if (range->unit_date != day && choice->of_period) {
        return scene_fail(scene, 404,
                          "unit: it ended before the last day of the period");
    }
    request->unit = key;
    return true;
}

/* Who has reported in the period. */
static bool hear(struct scene *scene, struct choice *choice)
{
    struct silence_request about = {.plan = choice->request.range.plan,
                                    .regime = &choice->regime,
                                    .period = choice->period,
                                    .known_to = choice->request.today};

    if (!choice->of_period) {
        return true;
    }
    if (!scene_ok(scene, silence_new(scene->fold, scene->context, &about,
                                     &choice->silence))) {
        return false;
    }
    choice->request.silence = choice->silence;
    return true;
}

bool choice_make(struct scene *scene, struct choice *choice)
{
    const struct query *query = scene->query;
    int32_t today = scene->source->today;

    memset(choice, 0, sizeof *choice);
    if (scene->fold == NULL) {
        return scene_fail(scene, 503, "the figures are being computed");
    }
    choice->plan =
        choice_plan(scene, query->to != QUERY_DAY_ABSENT ? query->to : today);
    if (choice->plan == NULL) {
        return false;
    }
    if (scene->units == NULL) {
        return scene_fail(scene, 404, "no units are loaded yet");
    }
    figure_range_default(choice->plan->plan, &choice->request.range);
    choice->request.today = today;
    choice->request.root_entry = tally_last(scene->tally);
    choice->request.reader = query->reader.figures;
    return choose_days(scene, choice) && choose_unit(scene, choice) &&
           hear(scene, choice);
}

void choice_by(const struct scene *scene, struct choice *choice)
{
    struct indicator_request *request = &choice->request;
    int32_t day = request->range.unit_date;
    const struct plan *plan = request->range.plan;
    const struct unit *unit =
        plan_carried(plan, scene->units,
                     request->unit != 0 ? request->unit : plan->unit, day);

    switch (scene->query->by) {
    case QUERY_BY_USUAL:
        request->by = unit != NULL &&
                      choice_level_below(scene, unit, day, &request->by_level);
        break;
    case QUERY_BY_DISTRICT:
        request->by = true;
        request->by_level = UNIT_DISTRICT;
        break;
    case QUERY_BY_COMMUNE:
        request->by = true;
        request->by_level = UNIT_COMMUNE;
        break;
    case QUERY_BY_NONE:
        request->by = false;
        break;
    }
}

void choice_fini(struct choice *choice)
{
    silence_free(&choice->silence);
}
