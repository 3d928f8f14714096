/* Units: all of a day, and one with all that is known of it. */
#include "collector/api/view_due.h"
#include "collector/api/view_offices.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/reports/form_days.h"

#define AGENTS_SHOWN_MAX 64u

/* Whether the agent records for the unit. */
static bool is_of(const struct context_agent *agent, uint32_t unit)
{
    bool found = false;

    for (uint32_t i = 0; i < agent->scope_count && !found; i++) {
        found = agent->scopes[i].unit == unit;
    }
    return found;
}

/* ---- all units of a day ---- */

static void tell_listed(struct scene *scene, const struct unit *unit)
{
    struct say *say = &scene->say;

    say_object(say, NULL);
    tell_unit_fields(say, unit);
    tell_unit_key(say, "parent", unit->parent);
    say_array(say, "offices");
    for (size_t i = 0; i < context_agent_count(scene->context); i++) {
        const struct context_agent *agent = context_agent_at(scene->context, i);

        if (!agent->revoked && is_of(agent, unit->key)) {
            say_number(say, NULL, agent->number);
        }
    }
    say_array_end(say);
    say_object_end(say);
}

/* The day that figures are by when nobody names one: the last of the plan's
 * year. */
static int32_t usual_day(struct scene *scene)
{
    const struct context_plan *plan =
        context_plan_count(scene->context) == 0
            ? NULL
            : choice_plan(scene, scene->source->today);

    return plan == NULL ? scene->source->today : plan->plan->to;
}

/* Units stand by level, code and day: province, districts, communes. */
void view_units(struct scene *scene)
{
    const struct query *query = scene->query;
    struct say *say = &scene->say;
    int32_t usual = usual_day(scene);
    int32_t day = query->units_on != QUERY_DAY_ABSENT ? query->units_on : usual;

    if (query->reader.home != 0 && day != usual) {
        (void)scene_fail(scene, 403, "units_on: not for a district");
        return;
    }
    say_object(say, NULL);
    say_day(say, "units_on", day);
    say_number(say, "position", (int64_t)tally_position(scene->tally));
    say_array(say, "units");
    for (size_t i = 0; scene->units != NULL && i < units_count(scene->units);
         i++) {
        const struct unit *unit = units_at(scene->units, i);

        if (unit->from <= day && unit->to > day &&
            choice_may_see(scene, unit->key, day)) {
            tell_listed(scene, unit);
        }
    }
    say_array_end(say);
    say_object_end(say);
}

/* ---- one unit ---- */

static void tell_below(struct scene *scene, const struct unit *unit,
                       int32_t day)
{
    struct say *say = &scene->say;

    say_array(say, "below");
    for (size_t i = 0; i < units_count(scene->units); i++) {
        const struct unit *at = units_at(scene->units, i);

        if (at->parent == unit->key && at->from <= day && at->to > day) {
            tell_unit(say, NULL, at);
        }
    }
    say_array_end(say);
}

/* The agents of the unit and of what lies below a district; those of the next
 * unit above that has any, where it has none. */
static size_t find_agents(const struct scene *scene, const struct unit *unit,
                          int32_t day, uint32_t agents[AGENTS_SHOWN_MAX])
{
    size_t count = 0;

    /* Who may not see what lies above is not told who is there. */
    for (const struct unit *at = unit;
         at != NULL && count == 0 && choice_may_see(scene, at->key, day);) {
        for (size_t i = 0; i < context_agent_count(scene->context) &&
                           count < AGENTS_SHOWN_MAX;
             i++) {
            const struct context_agent *agent =
                context_agent_at(scene->context, i);
            bool named = is_of(agent, at->key);

            for (uint32_t k = 0;
                 k < agent->scope_count && !named && at->level == UNIT_DISTRICT;
                 k++) {
                named = units_below(scene->units, agent->scopes[k].unit,
                                    at->key, day);
            }
            if (named) {
                agents[count++] = agent->number;
            }
        }
        at = at->parent == 0 ? NULL : units_find(scene->units, at->parent, day);
    }
    return count;
}

static void tell_agents(struct scene *scene, const uint32_t agents[],
                        size_t count)
{
    struct say *say = &scene->say;
    struct ledger_snapshot *snapshot = NULL;

    if (!scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return;
    }
    say_array(say, "offices");
    for (size_t i = 0; i < count; i++) {
        const struct context_agent *agent =
            context_agent(scene->context, agents[i]);

        if (agent != NULL) {
            (void)view_office_row(scene, NULL, snapshot, agent);
        }
    }
    say_array_end(say);
    ledger_snapshot_close(&snapshot);
}

/* How the unit stands with its reports, newest first, and those that are not
 * there. */
static void tell_reports(struct scene *scene, const struct unit *unit)
{
    struct say *say = &scene->say;
    int32_t on = scene->source->today;
    struct due_request request = {.on = on, .all = true, .level = unit->level};
    struct due_list all = {.rows = NULL}, due = {.rows = NULL};

    if (unit->level == UNIT_PROVINCE) {
        request.level = (enum unit_level)0;
    }
    if (view_due_rows(scene, &request, &all)) {
        say_array(say, "reports");
        for (size_t i = all.count; i > 0; i--) {
            const struct due_row *row = &all.rows[i - 1];

            if (row->unit->key != unit->key || row->period.from > on) {
                continue;
            }
            say_object(say, NULL);
            say_text(say, "plan", row->plan->id);
            say_text(say, "regime", form_regime_token(row->period.regime));
            tell_period_key(say, "period", &row->period);
            tell_period_label(say, "label", &row->period);
            if (row->has_day) {
                say_day(say, "due", row->day);
            } else {
                say_null(say, "due");
            }
            say_text(say, "state", due_state_token(row->state));
            say_object_end(say);
        }
        say_array_end(say);
    }
    request.all = false;
    if (view_due_rows(scene, &request, &due)) {
        say_array(say, "due");
        for (size_t i = 0; i < due.count; i++) {
            if (due.rows[i].unit->key == unit->key) {
                view_due_row(scene, &due.rows[i], on);
            }
        }
        say_array_end(say);
    }
    due_list_fini(&all);
    due_list_fini(&due);
}

static void tell_lines(struct scene *scene, const struct choice *choice,
                       const struct indicator_rows *rows)
{
    struct say *say = &scene->say;
    struct tell_statuses statuses = {{0}};

    tell_count_statuses(rows, &statuses);
    tell_statuses(say, "statuses", &statuses);
    say_bool(say, "hidden", rows->hidden);
    say_array(say, "lines");
    for (size_t i = 0; i < rows->count; i++) {
        tell_line(&scene->say, &choice->request, &rows->rows[i]);
    }
    say_array_end(say);
}

static void write_unit(struct scene *scene, const struct choice *choice,
                       const struct indicator_rows *rows)
{
    struct say *say = &scene->say;
    const struct unit *unit = rows->unit;
    int32_t day = choice->request.range.unit_date;
    uint32_t agents[AGENTS_SHOWN_MAX];
    size_t count = find_agents(scene, unit, day, agents);
    uint64_t next = 0, total = 0;

    say_object(say, NULL);
    tell_coordinates(scene, choice);
    tell_reader(scene);
    tell_plan_head(scene, "plan", choice->plan);
    tell_unit(say, "unit", unit);
    tell_above(scene, unit, day);
    tell_below(scene, unit, day);
    tell_lines(scene, choice, rows);
    tell_reports(scene, unit);
    tell_agents(scene, agents, count);
    view_outcomes(scene, agents, count);
    view_mend_rows(scene, agents, count, 0,
                   scene->query->reader.mends != 0 ? VIEW_MEND_MAX : 0, &next,
                   &total);
    say_total(say, "to_mend_total", total);
    say_object_end(say);
}

void view_unit(struct scene *scene)
{
    struct choice choice;
    struct indicator_rows *rows = NULL;

    if (choice_make(scene, &choice) &&
        scene_ok(scene, indicator_rows_new(scene->fold, scene->context,
                                           &choice.request, &rows))) {
        write_unit(scene, &choice, rows);
    }
    indicator_rows_free(&rows);
    choice_fini(&choice);
}

/* ---- one office ---- */

/* The reports of its units that are not there. */
static void tell_due(struct scene *scene, const struct context_agent *agent)
{
    int32_t on = scene->source->today;
    struct due_request request = {.on = on};
    struct due_list list = {.rows = NULL};

    say_array(&scene->say, "due");
    if (scene->fold != NULL && view_due_rows(scene, &request, &list)) {
        for (size_t i = 0; i < list.count; i++) {
            if (is_of(agent, list.rows[i].unit->key)) {
                view_due_row(scene, &list.rows[i], on);
            }
        }
    }
    say_array_end(&scene->say);
    due_list_fini(&list);
}

void view_office(struct scene *scene)
{
    const struct query *query = scene->query;
    struct say *say = &scene->say;
    const struct context_agent *agent =
        context_agent(scene->context, query->number);
    struct ledger_snapshot *snapshot = NULL;
    uint64_t next = 0, total = 0;
    char after[24];

    if (agent == NULL) {
        (void)scene_fail(scene, 404, "there is no office of that number");
        return;
    }
    if (!view_may_see_office(scene, agent)) {
        (void)scene_fail(scene, 403, "this office is not yours to see");
        return;
    }
    if (!scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return;
    }
    say_object(say, NULL);
    say_moment(say, "at", scene->source->wall_us);
    say_number(say, "position", (int64_t)tally_position(scene->tally));
    (void)view_office_row(scene, "office", snapshot, agent);
    ledger_snapshot_close(&snapshot);
    tell_due(scene, agent);
    view_outcomes(scene, &agent->number, 1);
    view_mend_rows(scene, &agent->number, 1, query->after,
                   query->reader.mends != 0 ? query->limit : 0, &next, &total);
    (void)snprintf(after, sizeof after, "%" PRIu64, next);
    say_text(say, "next", next != 0 ? after : NULL);
    say_object_end(say);
}
