/* What an event is worth by itself: the decoder's verdict, the rules of
 * validate.h, the clock, and what its agent is enrolled for. Corrections and
 * rows entered twice are the business of fold_slot.c. */
#include "common/fold_state.h"

#include "common/clock.h"
#include "common/reference.h"

/* An office's clock may run ahead of the province's by this much. */
#define CLOCK_AHEAD_MAX CLOCK_US_PER_DAY

const struct fold_place *fold_find_place(struct fold *fold, uint32_t key,
                                         int32_t day)
{
    struct fold_place *place =
        &fold->places[id_map_mix(key) & (FOLD_PLACE_CELLS - 1)];
    const struct unit *unit;

    if (place->key == key && day >= place->from && day < place->to) {
        return place;
    }
    if (fold->units == NULL || key == 0) {
        return NULL;
    }
    unit = units_find(fold->units, key, day);
    if (unit == NULL) {
        return NULL;
    }
    *place = (struct fold_place){
        .key = key,
        .from = unit->from,
        .to = unit->to,
        .position = (uint32_t)units_position(fold->units, unit),
        .level = unit->level,
    };
    return place;
}

static enum validate_unit find_unit(void *context, uint32_t key, int32_t day,
                                    uint32_t *level)
{
    struct fold *fold = context;
    const struct fold_place *place = fold_find_place(fold, key, day);

    if (place == NULL) {
        return VALIDATE_UNIT_ABSENT;
    }
    *level = place->level;
    return VALIDATE_UNIT_IN_FORCE;
}

void fold_judge_init(struct fold *fold)
{
    fold->rules = (struct validate_rules){
        .vocabulary = context_vocabulary(fold->context),
        .unit = fold->units == NULL ? NULL : find_unit,
        .unit_context = fold,
    };
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

static void judge_rules(struct fold *fold, const struct event *event,
                        struct fold_result *result)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    size_t count =
        validate_event(event, &fold->rules, issues, VALIDATE_ISSUES_MAX);

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

static enum context_refusal ask(const struct fold *fold, uint32_t number,
                                const struct event *event, uint32_t place)
{
    const struct context_agent *agent = context_agent(fold->context, number);

    if (agent == NULL) {
        return CONTEXT_NO_PAIR;
    }
    return context_allows(fold->context, agent, event->unit, event->office,
                          place, event->programme, event->occurred_on);
}

/* I8. An event that lists its places must touch the agent's area with one of
 * them: a hotspot on a border is recorded by either side. */
static enum context_refusal refusal_of(struct fold *fold, uint32_t number,
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
        &fold->allowed[id_map_mix(mixed) & (FOLD_ALLOWED_CELLS - 1)];
    enum context_refusal refusal = CONTEXT_ALLOWED;
    uint32_t field = fold->types[event->type].units_field;

    if (known->agent != asked.agent || known->unit != asked.unit ||
        known->office != asked.office || known->place != asked.place ||
        known->programme != asked.programme || known->day != asked.day) {
        refusal = ask(fold, number, event, asked.place);
        if (refusal != CONTEXT_ALLOWED) {
            return refusal;
        }
        *known = asked;
    }
    if (field != 0 && event_has(event, field)) {
        size_t count;
        const uint32_t *places = event_items(event, field, &count);

        for (size_t i = 0; i < count; i++) {
            refusal = ask(fold, number, event, places[i]);
            if (refusal == CONTEXT_ALLOWED) {
                break;
            }
        }
    }
    return refusal;
}

void fold_judge(struct fold *fold, uint64_t id, int64_t received_at,
                const struct event *event, struct fold_result *result)
{
    enum context_refusal refusal;

    *result = (struct fold_result){.event = id};
    if (event->fault != EVENT_FAULT_NONE) {
        result->outcome = FOLD_MALFORMED;
        result->rule = event->fault;
        return;
    }
    if (event->unknown_type || event->type >= FOLD_TYPES_MAX) {
        result->outcome = FOLD_UNKNOWN_TYPE;
        result->field = EVENT_TYPE;
        result->value = event->type;
        return;
    }
    judge_rules(fold, event, result);
    if (result->outcome != FOLD_COUNTED) {
        return;
    }
    if (clock_is_wrong(received_at, event)) {
        result->outcome = FOLD_WRONG_CLOCK;
        result->field = EVENT_OCCURRED_ON;
        return;
    }
    refusal = refusal_of(fold, id60_agent(id), event);
    if (refusal != CONTEXT_ALLOWED) {
        result->outcome = FOLD_OUT_OF_SCOPE;
        result->rule = (uint32_t)refusal;
    }
}
