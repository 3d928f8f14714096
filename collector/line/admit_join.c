/* Joining: the first machine of an office, and one in place of a machine that
 * is lost. What the office proved is checked here, and what may follow from it
 * is checked again by the context. */
#include "collector/line/admit_internal.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/control.h"

/* The same request was taken before, and its answer was lost. */
static bool joined_already(const struct context_agent *agent,
                           const struct wire_join *join)
{
    return agent->joined && random_id_equal(&agent->id, &join->agent) &&
           public_key_equal(&agent->curve_key, &join->curve_key) &&
           public_key_equal(&agent->sign_key, &join->sign_key) &&
           random_id_equal(&agent->epochs[agent->epoch_count - 1].id,
                           &join->epoch);
}

static enum wire_refusal_code judge_join(const struct admit *admit,
                                         const struct context_agent *agent,
                                         bool joining,
                                         const struct wire_join *join)
{
    bool again = agent != NULL && agent->joined && agent->join_again;

    if (agent == NULL) {
        return WIRE_REFUSAL_NOT_JOINED;
    }
    if (agent->revoked) {
        return WIRE_REFUSAL_REVOKED;
    }
    if (!joining || !agent->may_join || agent->joined != again ||
        (agent->join_rotates && !again)) {
        return WIRE_REFUSAL_JOIN_USED;
    }
    if (clock_wall_us(admit->options.clock) > agent->join_until) {
        return WIRE_REFUSAL_JOIN_EXPIRED;
    }
    if (again && !random_id_equal(&agent->id, &join->agent)) {
        return WIRE_REFUSAL_WRONG_AGENT;
    }
    if (again && agent->epoch_count == CONTEXT_EPOCHS_MAX) {
        return WIRE_REFUSAL_LIMIT;
    }
    return WIRE_REFUSAL_NONE;
}

static enum status join_first(struct admit *admit,
                              const struct context_agent *agent,
                              const struct intake_message *message,
                              struct admit_outcome *outcome)
{
    const struct wire_join *join = &message->up.join;
    struct control control = {.kind = CONTROL_JOINED,
                              .joined = {.agent_number = agent->number,
                                         .agent_id = join->agent,
                                         .epoch = join->epoch,
                                         .epoch_ordinal = 1,
                                         .curve_key = join->curve_key,
                                         .sign_key = join->sign_key,
                                         .join_key = message->key}};

    return admit_order(admit, &control, outcome);
}

/* A new machine in place of a lost one: the same agent by new keys, in an epoch
 * that begins where nothing more can come from the old machine. The two
 * entries are one commit, so that none stands without the other. */
static enum status join_again(struct admit *admit,
                              const struct context_agent *agent,
                              const struct intake_message *message,
                              struct admit_outcome *outcome)
{
    const struct wire_join *join = &message->up.join;
    const struct context_epoch *last = &agent->epochs[agent->epoch_count - 1];
    struct agent_line *line = agents_line(admit->options.agents, agent->number);
    struct ledger_stream ends = {.next_seq = 1};
    struct control controls[2] = {{.kind = CONTROL_KEY_CHANGE,
                                   .key_change = {.agent_number = agent->number,
                                                  .curve_key = join->curve_key,
                                                  .sign_key = join->sign_key,
                                                  .join_key = message->key}},
                                  {.kind = CONTROL_EPOCH_OPENED,
                                   .epoch = {.agent_number = agent->number,
                                             .epoch = join->epoch,
                                             .epoch_ordinal = last->ordinal + 1,
                                             .previous = last->id}}};
    enum status status = admit_stream_of(admit, &agent->id, &last->id, &ends);

    controls[1].epoch.previous_next_seq = ends.next_seq;
    if (status == STATUS_OK) {
        status = admit_order_all(admit, controls, 2, outcome);
    }
    if (status == STATUS_OK && outcome->code == WIRE_REFUSAL_NONE &&
        line != NULL) {
        line->frozen = 0;
    }
    return status;
}

enum status admit_join(struct admit *admit,
                       const struct intake_message *message,
                       struct wire_down *answer)
{
    const struct wire_join *join = &message->up.join;
    bool joining = false;
    const struct context_agent *agent = admit_agent_of(
        province_context(admit->options.province), &message->key, &joining);
    struct admit_outcome outcome = {.code = WIRE_REFUSAL_NONE};
    uint32_t number = agent == NULL ? 0 : agent->number;
    enum status status = STATUS_OK;

    if (!wire_join_proven(join, &message->key)) {
        outcome.code = WIRE_REFUSAL_BAD_SIGNATURE;
    } else if (agent != NULL && joined_already(agent, join)) {
        status = admit_entry_in_force(
            admit,
            agent->epoch_count > 1 ? CONTROL_EPOCH_OPENED : CONTROL_JOINED,
            number, &outcome.entry);
    } else {
        outcome.code = judge_join(admit, agent, joining, join);
        if (outcome.code == WIRE_REFUSAL_NONE) {
            status = agent->joined
                         ? join_again(admit, agent, message, &outcome)
                         : join_first(admit, agent, message, &outcome);
        }
    }
    if (status != STATUS_OK || outcome.code != WIRE_REFUSAL_NONE) {
        admit_refuse(answer, outcome.code);
        return status;
    }
    agent = context_agent(province_context(admit->options.province), number);
    check(agent != NULL && agent->epoch_count > 0);
    *answer = (struct wire_down){
        .kind = WIRE_DOWN_JOINED,
        .joined = {.agent_number = number,
                   .epoch_ordinal =
                       agent->epochs[agent->epoch_count - 1].ordinal}};
    entry_write(&outcome.entry, answer->joined.entry);
    log_info("agent joined", log_number("agent", number),
             log_number("epoch", answer->joined.epoch_ordinal));
    return STATUS_OK;
}
