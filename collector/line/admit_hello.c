/* The first message of a link: who it is, and where its stream stands; and
 * which streams stand still, at the start. */
#include "collector/line/admit_internal.h"

static enum wire_refusal_code judge_hello(const struct admit *admit,
                                          const struct context_agent *agent,
                                          bool joining,
                                          const struct wire_hello *hello,
                                          const struct context_epoch **epoch)
{
    const struct agent_line *line;

    if (hello->protocol != WIRE_PROTOCOL) {
        return WIRE_REFUSAL_VERSION;
    }
    if (agent == NULL || joining || !agent->joined) {
        return WIRE_REFUSAL_NOT_JOINED;
    }
    if (agent->revoked) {
        return WIRE_REFUSAL_REVOKED;
    }
    if (!random_id_equal(&agent->id, &hello->agent)) {
        return WIRE_REFUSAL_WRONG_AGENT;
    }
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        if (random_id_equal(&agent->epochs[i].id, &hello->epoch)) {
            *epoch = &agent->epochs[i];
        }
    }
    if (*epoch == NULL) {
        return WIRE_REFUSAL_UNKNOWN_EPOCH;
    }
    if ((*epoch)->end_seq != 0) {
        return WIRE_REFUSAL_EPOCH_CLOSED;
    }
    line = agents_find(admit->options.agents, agent->number);
    if (line != NULL && line->frozen == (*epoch)->ordinal) {
        return WIRE_REFUSAL_POSITION_TAKEN;
    }
    return WIRE_REFUSAL_NONE;
}

enum status admit_hello(struct admit *admit,
                        const struct intake_message *message,
                        struct wire_down *answer)
{
    const struct wire_hello *hello = &message->up.hello;
    bool joining = false;
    const struct context_agent *agent = admit_agent_of(
        province_context(admit->options.province), &message->key, &joining);
    const struct control_genesis *genesis =
        context_genesis(province_context(admit->options.province));
    const struct context_epoch *epoch = NULL;
    enum wire_refusal_code code =
        judge_hello(admit, agent, joining, hello, &epoch);
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_stream stream;
    struct agent_line *line;
    uint64_t size;
    enum status status;

    if (code != WIRE_REFUSAL_NONE) {
        admit_refuse(answer, code);
        return STATUS_OK;
    }
    status = ledger_snapshot_open(admit->options.ledger, &snapshot);
    if (status != STATUS_OK) {
        return status;
    }
    size = ledger_snapshot_size(snapshot);
    status = ledger_stream(snapshot, &agent->id, &epoch->id, &stream);
    ledger_snapshot_close(&snapshot);
    if (status != STATUS_OK) {
        return status;
    }
    line = agents_line(admit->options.agents, agent->number);
    if (line != NULL && hello->next_seq < stream.next_seq) {
        agents_alarm(admit->options.agents, line, AGENTS_ROLLED_BACK,
                     stream.next_seq);
    }
    *answer = (struct wire_down){
        .kind = WIRE_DOWN_WELCOME,
        .welcome = {.protocol = WIRE_PROTOCOL,
                    .capabilities = WIRE_CAPABILITIES,
                    .agent_number = agent->number,
                    .epoch_ordinal = epoch->ordinal,
                    .next_seq = stream.next_seq,
                    .previous_digest = stream.last,
                    .credit_bytes = agents_credit(admit->options.agents),
                    .now = clock_wall_us(admit->options.clock),
                    .ledger_size = size}};
    if (genesis != NULL) {
        answer->welcome.ledger = genesis->ledger_id;
    }
    return STATUS_OK;
}

/* The line of one agent, if its last epoch is frozen. */
static enum status recall(struct admit *admit,
                          const struct ledger_snapshot *snapshot,
                          const struct context_agent *agent)
{
    const struct context_epoch *last;
    struct ledger_stream stream;
    struct agent_line *line;
    enum status status;

    if (agent->epoch_count == 0) {
        return STATUS_OK;
    }
    last = &agent->epochs[agent->epoch_count - 1];
    status = ledger_stream(snapshot, &agent->id, &last->id, &stream);
    if (status != STATUS_OK || !stream.frozen) {
        return status;
    }
    line = agents_line(admit->options.agents, agent->number);
    if (line == NULL) {
        return STATUS_MEMORY;
    }
    line->frozen = last->ordinal;
    line->frozen_at = stream.next_seq;
    return STATUS_OK;
}

enum status admit_recall(struct admit *admit)
{
    const struct context *context = province_context(admit->options.province);
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(admit->options.ledger, &snapshot);

    for (size_t i = 0; status == STATUS_OK && i < context_agent_count(context);
         i++) {
        status = recall(admit, snapshot, context_agent_at(context, i));
    }
    ledger_snapshot_close(&snapshot);
    return status;
}
