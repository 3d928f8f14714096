/* GET units: the units of the office's area, of all days, with the mark of
 * those that were on the event's. */
#include "agent/api/works.h"
#include "common/base/text.h"
#include "common/event/unit.h"

#include <string.h>

#define SEARCH_KEY_MAX 1024u

/* ---- units ---- */

static bool in_area(const struct office *office, const struct units *units,
                    uint32_t key, int32_t day)
{
    const struct context_agent *agent = office->agent;

    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        const struct control_scope *scope = &agent->scopes[i];

        if (scope->area_count == 0 &&
            units_below(units, key, scope->unit, day)) {
            return true;
        }
        for (uint32_t at = 0; at < scope->area_count; at++) {
            if (units_below(units, key, scope->area[at], day)) {
                return true;
            }
        }
    }
    return false;
}

/* A day on which the unit is, today where that is one. */
static int32_t day_of(const struct unit *unit, int32_t today)
{
    if (today >= unit->to) {
        return unit->to - 1;
    }
    return today < unit->from ? unit->from : today;
}

/* `day`: of the event that it is for. */
static json_t *tell_unit(const struct unit *unit, int32_t day)
{
    char key[UNIT_TEXT_MAX], parent[UNIT_TEXT_MAX] = "";
    char from[TEXT_DATE_MAX], to[TEXT_DATE_MAX];

    if (unit->from != INT32_MIN) {
        text_format_date_iso(unit->from, from);
    }
    if (unit->to != UNIT_DATE_OPEN) {
        text_format_date_iso(unit->to - 1, to);
    }
    unit_key_format(unit->key, key);
    if (unit->parent != 0) {
        unit_key_format(unit->parent, parent);
    }
    return json_pack("{s:s, s:s, s:s, s:i, s:s?, s:s?, s:s?, s:b}", "code", key,
                     "name", unit->name, "type", unit->type, "level",
                     (int)unit->level, "parent",
                     unit->parent == 0 ? NULL : parent, "from",
                     unit->from == INT32_MIN ? NULL : from, "to",
                     unit->to == UNIT_DATE_OPEN ? NULL : to, "in_force",
                     unit->from <= day && day < unit->to);
}

static bool matches(const char *wanted, const char *text, size_t size)
{
    char key[SEARCH_KEY_MAX];

    return wanted[0] == '\0' ||
           (text_search_key(text, size, false, key, sizeof key, NULL) ==
                STATUS_OK &&
            strstr(key, wanted) != NULL);
}

/* What is looked for, as names are compared; empty: everything. */
static void read_wanted(const struct desk_order *order,
                        char wanted[SEARCH_KEY_MAX])
{
    const char *q = desk_query(order, "q");

    if (q == NULL || text_search_key(q, strlen(q), false, wanted,
                                     SEARCH_KEY_MAX, NULL) != STATUS_OK) {
        wanted[0] = '\0';
    }
}

static enum desk_turn tell_units(struct desk_order *order,
                                 struct http_reply *reply)
{
    const struct office *office = order->means->office;
    const struct units *units = context_units(office->context);
    const char *on = desk_query(order, "on");
    int32_t day = clock_today(order->means->clock);
    char wanted[SEARCH_KEY_MAX];
    json_t *rows;
    json_t *answer;

    if (on != NULL && text_parse_date(on, strlen(on), &day) != STATUS_OK) {
        http_reply_problem(reply, 400, "on=YYYY-MM-DD");
        return DESK_DONE;
    }
    rows = json_array();
    read_wanted(order, wanted);
    for (size_t i = 0; units != NULL && i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);

        if (in_area(office, units, unit->key, day_of(unit, day)) &&
            matches(wanted, unit->name, strlen(unit->name))) {
            (void)json_array_append_new(rows, tell_unit(unit, day));
        }
    }
    answer = json_pack("{s:o}", "units", rows);
    desk_give_kept(&answer, reply);
    return DESK_DONE;
}

const struct desk_work units_work = {.query = {"q", "on"}, .turn = tell_units};
