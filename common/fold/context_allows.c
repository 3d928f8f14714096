/* Who may do what: agents by number, id and key, and what they may record. */
#include "common/fold/context_state.h"

#include <string.h>

size_t context_agent_count(const struct context *context)
{
    return context->member_count;
}

const struct context_agent *context_agent_at(const struct context *context,
                                             size_t position)
{
    return position < context->member_count ? &context->members[position]->agent
                                            : NULL;
}

const struct context_agent *context_agent(const struct context *context,
                                          uint32_t number)
{
    uint32_t at =
        number == 0 ? ID_MAP_NONE : id_map_get(&context->by_number, number);

    return at == ID_MAP_NONE ? NULL : &context->members[at]->agent;
}

const struct context_agent *context_agent_by_id(const struct context *context,
                                                const struct random_id *id)
{
    struct public_key key = {{0}};
    uint32_t at;

    memcpy(key.bytes, id->bytes, sizeof id->bytes);
    at = context_keys_get(&context->by_id, &key);
    return at == UINT32_MAX ? NULL : &context->members[at]->agent;
}

const struct context_agent *context_agent_by_curve_key(
    const struct context *context, const struct public_key *key)
{
    uint32_t at = context_keys_get(&context->by_curve, key);
    const struct context_agent *agent =
        at == UINT32_MAX ? NULL : &context->members[at]->agent;

    return agent != NULL && public_key_equal(&agent->curve_key, key) ? agent
                                                                     : NULL;
}

const struct context_agent *context_agent_by_join_key(
    const struct context *context, const struct public_key *key)
{
    uint32_t at = context_keys_get(&context->by_join, key);
    const struct context_agent *agent =
        at == UINT32_MAX ? NULL : &context->members[at]->agent;

    return agent != NULL && agent->may_join &&
                   public_key_equal(&agent->join_key, key)
               ? agent
               : NULL;
}

const struct public_key *context_sign_key_at(const struct context *context,
                                             uint32_t number, uint64_t index)
{
    uint32_t at =
        number == 0 ? ID_MAP_NONE : id_map_get(&context->by_number, number);
    const struct context_member *member;

    if (at == ID_MAP_NONE) {
        return NULL;
    }
    member = context->members[at];
    for (uint32_t i = member->key_count; i > 0; i--) {
        if (member->keys[i - 1].index <= index) {
            return &member->keys[i - 1].sign_key;
        }
    }
    return NULL;
}

static bool has_ended(const struct context_agent *agent, uint32_t ordinal,
                      uint64_t first_seq, uint64_t index)
{
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        const struct context_epoch *epoch = &agent->epochs[i];

        if (epoch->ordinal == ordinal) {
            return epoch->end_seq != 0 && epoch->ended_at <= index &&
                   first_seq < epoch->end_seq;
        }
    }
    return false;
}

const struct public_key *context_batch_key(const struct context *context,
                                           uint32_t number, uint32_t ordinal,
                                           uint64_t first_seq, uint64_t index,
                                           size_t nth)
{
    uint32_t at =
        number == 0 ? ID_MAP_NONE : id_map_get(&context->by_number, number);
    const struct context_member *member =
        at == ID_MAP_NONE ? NULL : context->members[at];
    size_t count = member == NULL ? 0 : member->key_count;

    while (count > 0 && member->keys[count - 1].index > index) {
        count--;
    }
    if (nth >= count ||
        (nth > 0 && !has_ended(&member->agent, ordinal, first_seq, index))) {
        return NULL;
    }
    return &member->keys[count - 1 - nth].sign_key;
}

bool context_has_signed(const struct context *context, uint32_t number,
                        const struct public_key *key)
{
    uint32_t at =
        number == 0 ? ID_MAP_NONE : id_map_get(&context->by_number, number);
    bool has = false;

    for (uint32_t i = 0;
         at != ID_MAP_NONE && i < context->members[at]->key_count; i++) {
        has = has ||
              public_key_equal(&context->members[at]->keys[i].sign_key, key);
    }
    return has;
}

const struct public_key *context_sign_key_nth(const struct context *context,
                                              uint32_t number, size_t nth)
{
    uint32_t at =
        number == 0 ? ID_MAP_NONE : id_map_get(&context->by_number, number);

    return at != ID_MAP_NONE && nth < context->members[at]->key_count
               ? &context->members[at]->keys[nth].sign_key
               : NULL;
}

bool context_epoch_is_open(const struct context_agent *agent,
                           const struct random_id *epoch, uint32_t ordinal,
                           uint64_t first_seq)
{
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        const struct context_epoch *known = &agent->epochs[i];

        if (random_id_equal(&known->id, epoch) && known->ordinal == ordinal) {
            return known->end_seq == 0 || first_seq < known->end_seq;
        }
    }
    return false;
}

uint64_t context_epoch_end(const struct context *context, uint32_t number,
                           uint32_t ordinal)
{
    const struct context_agent *agent = context_agent(context, number);

    for (uint32_t i = 0; agent != NULL && i < agent->epoch_count; i++) {
        if (agent->epochs[i].ordinal == ordinal) {
            return agent->epochs[i].end_seq;
        }
    }
    return 0;
}

uint64_t context_epochs_ended(const struct context *context)
{
    return context->epochs_ended;
}

/* Without an area the unit itself is meant; a unit stands for all below. */
static bool in_area(const struct context *context,
                    const struct control_scope *scope, uint32_t place,
                    int32_t date)
{
    const struct units *units = context->units;

    if (scope->area_count == 0) {
        return place == scope->unit ||
               (units != NULL && units_below(units, place, scope->unit, date));
    }
    for (uint32_t i = 0; i < scope->area_count; i++) {
        if (place == scope->area[i] ||
            (units != NULL &&
             units_below(units, place, scope->area[i], date))) {
            return true;
        }
    }
    return false;
}

static bool in_programmes(const struct control_scope *scope, uint32_t programme)
{
    for (uint32_t i = 0; i < scope->programme_count; i++) {
        if (scope->programmes[i] == programme) {
            return true;
        }
    }
    return scope->programme_count == 0;
}

static enum context_refusal ask(const struct context *context,
                                const struct control_scope *scope,
                                uint32_t place, uint32_t programme,
                                int32_t date)
{
    if (!in_area(context, scope, place, date)) {
        return CONTEXT_NO_AREA;
    }
    if (!in_programmes(scope, programme)) {
        return CONTEXT_NO_PROGRAMME;
    }
    return date < scope->from || date > scope->to ? CONTEXT_NO_DATE
                                                  : CONTEXT_ALLOWED;
}

enum context_refusal context_allows(const struct context *context,
                                    const struct context_agent *agent,
                                    uint32_t unit, uint32_t office,
                                    uint32_t place, uint32_t programme,
                                    int32_t date)
{
    enum context_refusal refusal = CONTEXT_NO_PAIR;

    for (uint32_t i = 0; i < agent->scope_count; i++) {
        const struct control_scope *scope = &agent->scopes[i];
        enum context_refusal answer;

        if (scope->unit != unit || scope->office != office) {
            continue;
        }
        answer = ask(context, scope, place, programme, date);
        if (answer == CONTEXT_ALLOWED) {
            return answer;
        }
        /* The scope that came nearest says what is missing. */
        if (answer > refusal) {
            refusal = answer;
        }
    }
    return refusal;
}

bool context_corrects_for(const struct context *context,
                          const struct context_agent *agent, uint32_t unit)
{
    (void)context;
    for (uint32_t i = 0; i < agent->scope_count; i++) {
        const struct control_scope *scope = &agent->scopes[i];

        for (uint32_t k = 0; k < scope->corrects_for_count; k++) {
            if (scope->corrects_for[k] == unit) {
                return true;
            }
        }
    }
    return false;
}
