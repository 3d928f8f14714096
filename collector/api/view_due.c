#include "collector/api/view_due.h"

#include <string.h>

#include "common/reports/form_days.h"

void view_periods(const struct plan *plan, void *owner,
                  bool (*each)(void *owner, const struct view_period *period))
{
    bool goes_on = true;

    for (uint32_t i = 0; i < plan->regime_count && goes_on; i++) {
        const struct period_regime *regime = &plan->regimes[i];

        for (enum period_kind kind = PERIOD_MONTH;
             kind <= PERIOD_YEAR && goes_on; kind++) {
            struct view_period at = {.plan = plan, .regime = regime};
            bool more = (regime->kinds & (1u << kind)) != 0 &&
                        period_of_day(regime, kind, plan->from, &at.period);

            while (more && at.period.to <= plan->to && goes_on) {
                at.has_day = period_deadline(regime, &at.period,
                                             &plan->holidays, &at.day);
                at.closing = at.has_day ? due_closing_day(plan, regime,
                                                          &at.period, at.day)
                                        : at.period.to;
                goes_on = each(owner, &at);
                more =
                    period_of_day(regime, kind, at.period.to + 1, &at.period);
            }
        }
    }
}

/* ---- one period ---- */

static void day_or_null(struct say *say, const char *key, bool given,
                        int32_t day)
{
    if (given) {
        say_day(say, key, day);
    } else {
        say_null(say, key);
    }
}

static void tell_days(struct say *say, bool has_day, int32_t day,
                      int32_t closing, int32_t on)
{
    day_or_null(say, "due", has_day, day);
    day_or_null(say, "closing", has_day, closing);
    if (has_day) {
        say_number(say, "days_left", (int64_t)day - on);
    } else {
        say_null(say, "days_left");
    }
}

static void tell_which(struct say *say, const struct plan *plan,
                       const struct period *period)
{
    say_text(say, "plan", plan->id);
    say_text(say, "regime", form_regime_token(period->regime));
    tell_period_key(say, "period", period);
    tell_period_label(say, "label", period);
    say_day(say, "from", period->from);
    say_day(say, "to", period->to);
}

static bool is_freeze_of(const struct context_freeze *freeze,
                         const struct view_period *period, uint32_t unit)
{
    return strcmp(freeze->freeze.plan_id, period->plan->id) == 0 &&
           freeze->freeze.regime == period->period.regime &&
           freeze->freeze.period_kind == (uint32_t)period->period.kind &&
           freeze->freeze.period_key == period->period.key &&
           freeze->freeze.unit == unit;
}

/* The last freeze of the period, and how many there are. */
static const struct context_freeze *find_freeze(
    const struct scene *scene, const struct view_period *period,
    const struct unit *own, size_t *versions)
{
    const struct context_freeze *found = NULL;

    *versions = 0;
    for (size_t i = 0; own != NULL && i < context_freeze_count(scene->context);
         i++) {
        const struct context_freeze *at = context_freeze_at(scene->context, i);

        if (is_freeze_of(at, period, own->key)) {
            found = at;
            ++*versions;
        }
    }
    return found;
}

static const struct unit *own_unit(const struct scene *scene,
                                   const struct view_period *period)
{
    return plan_carried(period->plan, scene->units, period->plan->unit,
                        period->period.to);
}

static void tell_frozen(struct scene *scene,
                        const struct context_freeze *freeze)
{
    struct say *say = &scene->say;
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.received_at = 0};

    if (freeze == NULL) {
        say_null(say, "frozen");
        return;
    }
    if (scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                             &snapshot))) {
        (void)scene_ok(scene, ledger_entry(snapshot, freeze->index, &entry));
    }
    ledger_snapshot_close(&snapshot);
    say_object(say, "frozen");
    say_number(say, "entry", (int64_t)freeze->index);
    say_moment(say, "at", entry.received_at);
    say_number(say, "position", (int64_t)freeze->freeze.at_index);
    say_object_end(say);
}

/* Of the units below the one whose report it is, or below the reader's. */
static bool count_reports(struct scene *scene, const struct view_period *period,
                          const struct unit *own, int32_t on,
                          struct silence_count *count)
{
    struct silence_request asked = {.plan = period->plan,
                                    .regime = period->regime,
                                    .period = period->period,
                                    .known_to = on};
    uint32_t home = scene->query->reader.home;
    const struct unit *above =
        home == 0 ? own : units_find(scene->units, home, period->period.to);
    struct silence *silence = NULL;
    enum unit_level level;

    *count = (struct silence_count){0};
    if (above == NULL ||
        !choice_level_below(scene, above, period->period.to, &level)) {
        return true;
    }
    if (!scene_ok(scene,
                  silence_new(scene->fold, scene->context, &asked, &silence))) {
        return false;
    }
    silence_count(silence, above->key, level, count);
    silence_free(&silence);
    return true;
}

void view_period(struct scene *scene, const char *key,
                 const struct view_period *period, int32_t on)
{
    struct say *say = &scene->say;
    const struct unit *own = own_unit(scene, period);
    struct silence_count count;
    size_t versions = 0;
    const struct context_freeze *freeze =
        find_freeze(scene, period, own, &versions);

    if (!count_reports(scene, period, own, on, &count)) {
        return;
    }
    say_object(say, key);
    tell_which(say, period->plan, &period->period);
    tell_days(say, period->has_day, period->day, period->closing, on);
    say_number(say, "units", (int64_t)count.due);
    say_number(say, "reported", (int64_t)count.reported);
    say_number(say, "on_time", (int64_t)count.on_time);
    tell_frozen(scene, freeze);
    say_number(say, "versions", (int64_t)versions);
    say_object_end(say);
}

/* ---- the next one ---- */

struct looking {
    const struct scene *scene;
    bool found;
    struct view_period next;
};

static int32_t day_of(const struct view_period *period)
{
    return period->has_day ? period->day : period->period.to;
}

static bool look_at(void *owner, const struct view_period *period)
{
    struct looking *looking = owner;
    size_t versions = 0;

    if (day_of(period) >= looking->scene->source->today &&
        (!looking->found || day_of(period) < day_of(&looking->next)) &&
        find_freeze(looking->scene, period, own_unit(looking->scene, period),
                    &versions) == NULL) {
        looking->next = *period;
        looking->found = true;
    }
    return true;
}

void view_next_due(struct scene *scene, const char *key,
                   const struct plan *plan)
{
    struct looking looking = {.scene = scene};

    view_periods(plan, &looking, look_at);
    if (looking.found) {
        view_period(scene, key, &looking.next, scene->source->today);
    } else {
        say_null(&scene->say, key);
    }
}

/* ---- single reports ---- */

/* The enrolled offices of the unit: who is to be asked. */
static void tell_offices(struct scene *scene, const struct due_row *row)
{
    struct say *say = &scene->say;

    say_array(say, "offices");
    for (size_t i = 0; i < context_agent_count(scene->context); i++) {
        const struct context_agent *agent = context_agent_at(scene->context, i);
        bool named = false;

        for (uint32_t k = 0; k < agent->scope_count && !named; k++) {
            named = !agent->revoked &&
                    agent->scopes[k].unit == row->unit->key &&
                    plan_asks_office(row->plan, agent->scopes[k].office);
        }
        if (named) {
            say_number(say, NULL, agent->number);
        }
    }
    say_array_end(say);
}

void view_due_row(struct scene *scene, const struct due_row *row, int32_t on)
{
    struct say *say = &scene->say;

    say_object(say, NULL);
    tell_which(say, row->plan, &row->period);
    tell_days(say, row->has_day, row->day, row->closing, on);
    tell_unit(say, "unit", row->unit);
    say_bool(say, "own", row->own);
    say_text(say, "state", due_state_token(row->state));
    if (row->freeze != NULL) {
        say_number(say, "entry", (int64_t)row->freeze->index);
    } else {
        say_null(say, "entry");
    }
    tell_offices(scene, row);
    say_object_end(say);
}

bool view_due_rows(struct scene *scene, const struct due_request *request,
                   struct due_list *list)
{
    size_t kept = 0;

    if (!scene_ok(scene,
                  due_list_make(scene->fold, scene->context, request, list))) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (choice_may_see(scene, list->rows[i].unit->key,
                           list->rows[i].period.to)) {
            list->rows[kept++] = list->rows[i];
        }
    }
    list->count = kept;
    return true;
}
