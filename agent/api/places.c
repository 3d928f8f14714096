/* What a form picks from: the units of the office's area, of all days, with the
 * mark of those that were on the event's; and things - those
 * that the office has named itself, those of the plans' annexes, and the slice
 * of the province's registers that came down. */
#include "agent/api/naming.h"
#include "agent/api/works.h"
#include "agent/spool/spool_things.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/unit.h"
#include "common/format/wire_walk.h"

#include <stdio.h>
#include <string.h>

#define THINGS_USUAL   50u
#define THINGS_MAX     500u
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

/* ---- things ---- */

struct things {
    const struct desk_order *order;
    const struct context *context;
    enum reference_kind kind;
    char wanted[SEARCH_KEY_MAX];
    size_t limit;
    uint64_t given[THINGS_MAX];
    size_t count;
    json_t *rows;
};

static bool is_given(const struct things *things, uint64_t reference)
{
    for (size_t i = 0; i < things->count; i++) {
        if (things->given[i] == reference) {
            return true;
        }
    }
    return false;
}

/* `name` is the office's own, empty for none; `unit` 0: not known. */
static void give(struct things *things, uint64_t reference, const char *name,
                 uint32_t unit)
{
    char text[REFERENCE_TEXT_MAX];
    char key[UNIT_TEXT_MAX] = "";

    if (things->count == things->limit || is_given(things, reference)) {
        return;
    }
    reference_format(things->kind, reference, text);
    if (unit != 0) {
        unit_key_format(unit, key);
    }
    things->given[things->count++] = reference;
    (void)json_array_append_new(
        things->rows, json_pack("{s:s, s:s?, s:s?, s:s?}", "reference", text,
                                "name", name[0] == '\0' ? NULL : name, "label",
                                naming_label(things->order, reference), "unit",
                                unit == 0 ? NULL : key));
}

static bool reference_matches(const struct things *things, uint64_t reference)
{
    char text[REFERENCE_TEXT_MAX];

    reference_format(things->kind, reference, text);
    return matches(things->wanted, text, strlen(text));
}

static bool take_own(void *owner, uint64_t reference, struct bytes name)
{
    struct things *things = owner;
    char text[SPOOL_ALIAS_MAX + 2u] = "";

    if (name.size > 0 && name.size <= SPOOL_ALIAS_MAX) {
        (void)snprintf(text, sizeof text, "@%.*s", (int)name.size,
                       (const char *)name.data);
    }
    if ((name.size > 0 &&
         matches(things->wanted, (const char *)name.data, name.size)) ||
        reference_matches(things, reference)) {
        give(things, reference, text, 0);
    }
    return things->count < things->limit;
}

static void add_published(struct things *things)
{
    for (size_t i = 0; i < context_plan_count(things->context); i++) {
        const struct plan *plan = context_plan_at(things->context, i)->plan;

        for (uint32_t at = 0; at < plan->list_count; at++) {
            const struct plan_list *list = &plan->lists[at];

            for (uint32_t item = 0;
                 list->reference_kind == things->kind && item < list->count;
                 item++) {
                const char *label =
                    naming_label(things->order, list->items[item]);

                if ((label != NULL &&
                     matches(things->wanted, label, strlen(label))) ||
                    reference_matches(things, list->items[item])) {
                    give(things, list->items[item], "", 0);
                }
            }
        }
    }
}

static enum status add_registered(struct things *things)
{
    struct wire_register_item item;
    struct wire_walk walk;
    struct bytes body;
    enum status status = spool_document(things->order->means->office->spool,
                                        WIRE_DOCUMENT_REGISTERS, &body);

    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    wire_walk_init(&walk, body);
    while (things->count < things->limit &&
           (status = wire_walk_register(&walk, &item)) == STATUS_OK) {
        if (item.kind == (uint32_t)things->kind &&
            reference_matches(things, item.reference)) {
            give(things, item.reference, "",
                 item.unit_count == 0 ? 0 : item.units[0]);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* "EST" ... "INS"; 0 for what is none. */
static uint32_t read_kind(const char *text)
{
    for (uint32_t kind = 1; text != NULL && kind < REFERENCE_KIND_END; kind++) {
        if (strcmp(reference_prefix((enum reference_kind)kind), text) == 0) {
            return kind;
        }
    }
    return 0;
}

/* One thing, by its reference: how a page calls what it has the number of. */
static enum status add_one(struct things *things, uint64_t reference)
{
    char name[SPOOL_ALIAS_MAX + 1u];
    char text[SPOOL_ALIAS_MAX + 2u] = "";
    enum status status = spool_name(things->order->means->office->spool,
                                    things->kind, reference, name);

    if (status == STATUS_OK) {
        (void)snprintf(text, sizeof text, "@%s", name);
    } else if (status != STATUS_NOT_FOUND) {
        return status;
    }
    give(things, reference, text, 0);
    return STATUS_OK;
}

static enum status add_all(struct things *things)
{
    enum status status = spool_things(things->order->means->office->spool,
                                      things->kind, take_own, things);

    if (status == STATUS_OK) {
        add_published(things);
        status = add_registered(things);
    }
    return status;
}

static enum desk_turn tell_things(struct desk_order *order,
                                  struct http_reply *reply)
{
    struct things things = {.order = order,
                            .context = order->means->office->context};
    uint32_t kind = read_kind(desk_query(order, "kind"));
    const char *one = desk_query(order, "reference");
    uint64_t limit = 0, reference = 0;
    json_t *answer;
    enum status status;

    if (kind == 0) {
        http_reply_problem(reply, 400, "kind=EST, HOT, MOD, CAS, TIP or INS");
        return DESK_DONE;
    }
    if (!desk_query_number(order, "limit", THINGS_MAX, THINGS_USUAL, &limit,
                           reply)) {
        return DESK_DONE;
    }
    if (one != NULL &&
        reference_parse(one, strlen(one), (enum reference_kind)kind, &reference,
                        NULL) != STATUS_OK) {
        http_reply_problem(reply, 400, "reference");
        return DESK_DONE;
    }
    things.kind = (enum reference_kind)kind;
    things.limit = (size_t)limit;
    things.rows = json_array();
    read_wanted(order, things.wanted);
    status = one != NULL ? add_one(&things, reference) : add_all(&things);
    if (status != STATUS_OK) {
        json_decref(things.rows);
        desk_failed(order, status, reply);
        return DESK_DONE;
    }
    answer = json_pack("{s:o}", "things", things.rows);
    desk_give(&answer, reply);
    return DESK_DONE;
}

const struct desk_work things_work = {
    .query = {"kind", "q", "limit", "reference"}, .turn = tell_things};
