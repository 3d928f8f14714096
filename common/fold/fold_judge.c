/* What an event is worth by itself: the decoder's verdict, the rules of
 * validate.h, the clock, and what its agent is enrolled for. Corrections and
 * rows entered twice are the business of fold_slot.c. */
#include "common/fold/fold_state.h"

#include "common/base/clock.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

#include <stdlib.h>

/* An office's clock may run ahead of the province's by this much. */
#define CLOCK_AHEAD_MAX CLOCK_US_PER_DAY

static const struct fold_place *find_place(struct fold_judge *judge,
                                           uint32_t key, int32_t day)
{
    struct fold_place *place =
        &judge->places[id_map_mix(key) & (FOLD_PLACE_CELLS - 1)];
    const struct unit *unit;

    if (place->key == key && day >= place->from && day < place->to) {
        return place;
    }
    if (judge->units == NULL || key == 0) {
        return NULL;
    }
    unit = units_find(judge->units, key, day);
    if (unit == NULL) {
        return NULL;
    }
    *place = (struct fold_place){
        .key = key,
        .from = unit->from,
        .to = unit->to,
        .position = (uint32_t)units_position(judge->units, unit),
        .level = unit->level,
    };
    return place;
}

const struct fold_place *fold_find_place(struct fold *fold, uint32_t key,
                                         int32_t day)
{
    return find_place(&fold->judge, key, day);
}

static enum validate_unit find_unit(void *context, uint32_t key, int32_t day,
                                    uint32_t *level)
{
    const struct fold_judge *judge = context;
    const struct fold_place *place = find_place(context, key, day);

    if (place == NULL) {
        return judge->units != NULL && units_known(judge->units, key)
                   ? VALIDATE_UNIT_OTHER_DAYS
                   : VALIDATE_UNIT_ABSENT;
    }
    *level = place->level;
    return VALIDATE_UNIT_IN_FORCE;
}

uint32_t fold_units_field(uint32_t type)
{
    const struct catalogue_type *found = catalogue_type(type);

    for (size_t i = 0; found != NULL && i < found->field_count; i++) {
        if (found->fields[i].kind == FIELD_UNITS) {
            return found->fields[i].number;
        }
    }
    return 0;
}

/* Into memory that is zero. */
void fold_judge_init(struct fold_judge *judge, const struct context *context)
{
    judge->context = context;
    judge->units = context_units(context);
    judge->rules = (struct validate_rules){
        .vocabulary = context_vocabulary(context),
        .unit = judge->units == NULL ? NULL : find_unit,
        .unit_context = judge,
    };
    validate_plain_init(&judge->plain);
    for (uint32_t i = 0; i < FOLD_TYPES_MAX; i++) {
        judge->units_field[i] = fold_units_field(i);
    }
}

MUST_USE enum status fold_judge_new(const struct context *context,
                                    struct fold_judge **judge)
{
    *judge = calloc(1, sizeof **judge);
    if (*judge == NULL) {
        return STATUS_MEMORY;
    }
    fold_judge_init(*judge, context);
    return STATUS_OK;
}

void fold_judge_free(struct fold_judge **judge)
{
    free(*judge);
    *judge = NULL;
}

/* A mistake that stays outweighs one that a control entry can cure. */
static enum fold_outcome outcome_of(enum validate_rule rule)
{
    switch (rule) {
    case VALIDATE_OK:
        return FOLD_COUNTED;
    case VALIDATE_TYPE_UNKNOWN:
        return FOLD_UNKNOWN_TYPE;
    case VALIDATE_VALUE_UNKNOWN:
        return FOLD_UNKNOWN_VALUE;
    case VALIDATE_UNIT_UNKNOWN:
    case VALIDATE_UNIT_NOT_IN_FORCE:
        return FOLD_UNIT_NOT_IN_FORCE;
    default:
        return FOLD_INVALID;
    }
}

/* Whether it surely keeps them all. Gives the place where it happened; NULL:
 * there is none. */
static bool is_plain(struct fold_judge *judge, const struct event *event,
                     const struct fold_place **place)
{
    *place = find_place(judge, event->unit, event->occurred_on);
    if (*place != NULL && event->subject_unit != 0) {
        *place = find_place(judge, event->subject_unit, event->occurred_on);
    }
    return (*place != NULL || judge->units == NULL) &&
           validate_is_plain(&judge->plain, event, &judge->rules,
                             *place == NULL ? 0 : (*place)->level);
}

static void judge_rules(const struct fold_judge *judge,
                        const struct event *event, struct fold_result *result)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    size_t count;

    count = validate_event(event, &judge->rules, issues, VALIDATE_ISSUES_MAX);
    for (size_t i = 0; i < count && i < VALIDATE_ISSUES_MAX; i++) {
        enum fold_outcome outcome = outcome_of(issues[i].rule);

        if (result->outcome == FOLD_COUNTED ||
            (outcome == FOLD_INVALID && result->outcome != FOLD_INVALID)) {
            result->outcome = outcome;
            result->field = issues[i].field;
            result->rule = (uint32_t)issues[i].rule;
            result->value = issues[i].value;
        }
    }
}

/* Whose clock is wrong is known when it is the province's. */
static bool clock_is_wrong(int64_t received_at, const struct event *event)
{
    if (received_at == FOLD_RECEIVED_UNKNOWN) {
        return false;
    }
    return event->occurred_on > clock_day_of(received_at) ||
           event->recorded_at > received_at + CLOCK_AHEAD_MAX;
}

static enum context_refusal ask(const struct fold_judge *judge, uint32_t number,
                                const struct event *event, uint32_t place)
{
    const struct context_agent *agent = context_agent(judge->context, number);

    if (agent == NULL) {
        return CONTEXT_NO_PAIR;
    }
    return context_allows(judge->context, agent, event->unit, event->office,
                          place, event->programme, event->occurred_on);
}

/* After the last day of an office that was closed. */
static bool came_too_late(const struct fold_judge *judge, uint32_t number,
                          int64_t received_at)
{
    const struct context_agent *agent;

    if (!context_has_closed(judge->context) ||
        received_at == FOLD_RECEIVED_UNKNOWN) {
        return false;
    }
    agent = context_agent(judge->context, number);
    return agent != NULL && clock_day_of(received_at) > agent->closed_after;
}

/* The office went on from an earlier place, in a new epoch: what came behind it
 * may come again there, under another id. */
static bool is_behind_the_end(struct fold_judge *judge, uint64_t id)
{
    uint64_t stream = id - id60_number(id);
    uint64_t ended = context_epochs_ended(judge->context);

    if (stream != judge->stream || ended != judge->epochs_ended) {
        judge->stream = stream;
        judge->epochs_ended = ended;
        judge->stream_end =
            context_epoch_end(judge->context, id60_agent(id), id60_epoch(id));
    }
    return judge->stream_end != 0 && id60_number(id) >= judge->stream_end;
}

/* I8. An event that lists its places must touch the agent's area with one of
 * them: a hotspot on a border is recorded by either side. */
static enum context_refusal refusal_of(struct fold_judge *judge,
                                       uint32_t number,
                                       const struct event *event)
{
    struct fold_allowed asked = {
        .agent = number,
        .unit = event->unit,
        .office = event->office,
        .place = event_place(event),
        .programme = event->programme,
        .day = event->occurred_on,
    };
    uint64_t mixed = id_map_mix((uint64_t)asked.place << 32 | asked.unit) ^
                     ((uint64_t)number << 20 ^ (uint64_t)asked.office << 8 ^
                      (uint32_t)asked.day);
    struct fold_allowed *known =
        &judge->allowed[id_map_mix(mixed) & (FOLD_ALLOWED_CELLS - 1)];
    enum context_refusal refusal = CONTEXT_ALLOWED;
    uint32_t field = judge->units_field[event->type];

    if (known->agent != asked.agent || known->unit != asked.unit ||
        known->office != asked.office || known->place != asked.place ||
        known->programme != asked.programme || known->day != asked.day) {
        refusal = ask(judge, number, event, asked.place);
        if (refusal != CONTEXT_ALLOWED) {
            return refusal;
        }
        *known = asked;
    }
    if (field != 0 && event_has(event, field)) {
        size_t count;
        const uint32_t *places = event_items(event, field, &count);

        for (size_t i = 0; i < count; i++) {
            refusal = ask(judge, number, event, places[i]);
            if (refusal == CONTEXT_ALLOWED) {
                break;
            }
        }
    }
    return refusal;
}

void fold_judge_event(struct fold_judge *judge, uint64_t id,
                      int64_t received_at, const struct event *event,
                      struct fold_verdict *given)
{
    struct fold_result *verdict = &given->result;
    const struct fold_place *place = NULL;
    enum context_refusal refusal;

    *given = (struct fold_verdict){.result.event = id, .place = FOLD_NO_PLACE};
    if (event->fault != EVENT_FAULT_NONE) {
        verdict->outcome = FOLD_MALFORMED;
        verdict->rule = event->fault;
        return;
    }
    if (event->unknown_type || event->type >= FOLD_TYPES_MAX) {
        verdict->outcome = FOLD_UNKNOWN_TYPE;
        verdict->field = EVENT_TYPE;
        verdict->value = event->type;
        return;
    }
    if (!is_plain(judge, event, &place)) {
        judge_rules(judge, event, verdict);
    } else if (place != NULL) {
        given->place = place->position;
    }
    if (verdict->outcome != FOLD_COUNTED) {
        return;
    }
    if (clock_is_wrong(received_at, event)) {
        verdict->outcome = FOLD_WRONG_CLOCK;
        verdict->field = EVENT_OCCURRED_ON;
        return;
    }
    if (is_behind_the_end(judge, id)) {
        refusal = CONTEXT_ENDED;
    } else if (came_too_late(judge, id60_agent(id), received_at)) {
        refusal = CONTEXT_CLOSED;
    } else {
        refusal = refusal_of(judge, id60_agent(id), event);
    }
    if (refusal != CONTEXT_ALLOWED) {
        verdict->outcome = FOLD_OUT_OF_SCOPE;
        verdict->rule = (uint32_t)refusal;
    }
}
