/* Requests that are answered one by one. Join, rotate and open_epoch become
 * control entries, signed by the administrator's key on this machine: what the
 * office proved is checked here, and what may follow from it is checked again
 * by the context. */
#include "collector/line/admit_internal.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/control.h"

void admit_refuse(struct wire_down *answer, enum wire_refusal_code code)
{
    *answer = (struct wire_down){
        .kind = WIRE_DOWN_REFUSAL,
        .refusal = {.code = (uint32_t)code,
                    .retry_ms =
                        code == WIRE_REFUSAL_FULL ? ADMIT_RETRY_FULL_MS : 0}};
}

static const struct context *context_of(const struct admit *admit)
{
    return province_context(admit->options.province);
}

enum status admit_entry_in_force(const struct admit *admit,
                                 enum control_kind kind, uint32_t agent,
                                 struct entry *entry)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t index = 0;
    enum status status =
        province_find(admit->options.province, kind, agent, &index);

    check(status == STATUS_OK);
    status = ledger_snapshot_open(admit->options.ledger, &snapshot);
    if (status == STATUS_OK) {
        status = ledger_entry(snapshot, index, entry);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

enum status admit_order_all(struct admit *admit, struct control controls[],
                            size_t count, struct admit_outcome *outcome)
{
    struct buffer signed_documents[PROVINCE_ORDERS_MAX];
    struct bytes documents[PROVINCE_ORDERS_MAX];
    struct entry entries[PROVINCE_ORDERS_MAX];
    struct report report;
    enum status status = STATUS_OK;

    check(count >= 1 && count <= PROVINCE_ORDERS_MAX);
    report_init(&report, LANGUAGE_EN);
    for (size_t i = 0; i < count; i++) {
        buffer_init(&signed_documents[i], CONTROL_BYTES_MAX);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        controls[i].created_at = clock_wall_us(admit->options.clock);
        random_id_make(&controls[i].nonce);
        status = control_sign(&controls[i], &admit->options.keys->administrator,
                              &signed_documents[i]);
        documents[i] = buffer_bytes(&signed_documents[i]);
    }
    if (status == STATUS_OK) {
        status = province_request(admit->options.province, documents, count,
                                  &report, entries);
        outcome->entry = entries[count - 1];
    }
    if (status == STATUS_INVALID) {
        outcome->code = WIRE_REFUSAL_WRONG_AGENT;
        log_warning("request contradicts what is in force",
                    log_text("why", report.count > 0 ? report.lines[0].text
                                                     : "unknown"));
        status = STATUS_OK;
    } else if (status == STATUS_FULL) {
        outcome->code = WIRE_REFUSAL_FULL;
        status = STATUS_OK;
    }
    for (size_t i = 0; i < count; i++) {
        buffer_fini(&signed_documents[i]);
    }
    report_fini(&report);
    return status;
}

enum status admit_order(struct admit *admit, struct control *control,
                        struct admit_outcome *outcome)
{
    return admit_order_all(admit, control, 1, outcome);
}

enum status admit_stream_of(const struct admit *admit,
                            const struct random_id *agent,
                            const struct random_id *epoch,
                            struct ledger_stream *stream)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(admit->options.ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_stream(snapshot, agent, epoch, stream);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

/* ---- rotate ---- */

static enum wire_refusal_code judge_rotate(const struct admit *admit,
                                           const struct context_agent *agent,
                                           bool joining,
                                           const struct intake_message *message)
{
    const struct wire_rotate *rotate = &message->up.rotate;

    if (agent == NULL || !agent->joined) {
        return WIRE_REFUSAL_NOT_JOINED;
    }
    if (agent->revoked) {
        return WIRE_REFUSAL_REVOKED;
    }
    if (!random_id_equal(&agent->id, &rotate->agent)) {
        return WIRE_REFUSAL_WRONG_AGENT;
    }
    if (!joining || !agent->may_join || !agent->join_rotates ||
        agent->join_again) {
        return WIRE_REFUSAL_JOIN_USED;
    }
    if (!wire_rotate_proven(rotate, &message->key, &agent->sign_key)) {
        return WIRE_REFUSAL_BAD_SIGNATURE;
    }
    if (clock_wall_us(admit->options.clock) > agent->join_until) {
        return WIRE_REFUSAL_JOIN_EXPIRED;
    }
    return WIRE_REFUSAL_NONE;
}

static enum status answer_rotate(struct admit *admit,
                                 const struct intake_message *message,
                                 struct wire_down *answer)
{
    const struct wire_rotate *rotate = &message->up.rotate;
    bool joining = false;
    const struct context_agent *agent =
        admit_agent_of(context_of(admit), &message->key, &joining);
    struct admit_outcome outcome = {.code = WIRE_REFUSAL_NONE};
    struct control control = {.kind = CONTROL_KEY_CHANGE};
    uint32_t number = agent == NULL ? 0 : agent->number;
    uint64_t index;
    enum status status = STATUS_OK;

    if (agent != NULL && agent->joined &&
        random_id_equal(&agent->id, &rotate->agent) &&
        public_key_equal(&agent->curve_key, &rotate->curve_key) &&
        public_key_equal(&agent->sign_key, &rotate->sign_key) &&
        province_find(admit->options.province, CONTROL_KEY_CHANGE,
                      agent->number, &index) == STATUS_OK) {
        status = admit_entry_in_force(admit, CONTROL_KEY_CHANGE, agent->number,
                                      &outcome.entry);
    } else {
        outcome.code = judge_rotate(admit, agent, joining, message);
        if (outcome.code == WIRE_REFUSAL_NONE) {
            control.key_change =
                (struct control_key_change){.agent_number = agent->number,
                                            .curve_key = rotate->curve_key,
                                            .sign_key = rotate->sign_key,
                                            .join_key = message->key};
            status = admit_order(admit, &control, &outcome);
        }
    }
    if (status != STATUS_OK || outcome.code != WIRE_REFUSAL_NONE) {
        admit_refuse(answer, outcome.code);
        return status;
    }
    *answer = (struct wire_down){.kind = WIRE_DOWN_ROTATED};
    entry_write(&outcome.entry, answer->rotated.entry);
    log_info("agent has new keys", log_number("agent", number));
    return STATUS_OK;
}

/* ---- open_epoch ---- */

static enum wire_refusal_code judge_epoch(const struct context_agent *agent,
                                          bool joining,
                                          const struct wire_open_epoch *request)
{
    if (agent == NULL || joining || !agent->joined) {
        return WIRE_REFUSAL_NOT_JOINED;
    }
    if (agent->revoked) {
        return WIRE_REFUSAL_REVOKED;
    }
    if (!random_id_equal(&agent->id, &request->agent)) {
        return WIRE_REFUSAL_WRONG_AGENT;
    }
    if (!wire_open_epoch_proven(request, &agent->sign_key)) {
        return WIRE_REFUSAL_BAD_SIGNATURE;
    }
    return WIRE_REFUSAL_NONE;
}

static bool has_epoch(const struct context_agent *agent,
                      const struct random_id *id)
{
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        if (random_id_equal(&agent->epochs[i].id, id)) {
            return true;
        }
    }
    return false;
}

/* The same request was taken before, and its answer was lost. The epoch of the
 * join was opened by none. */
static bool opened_already(const struct context_agent *agent,
                           const struct wire_open_epoch *request)
{
    return agent->epoch_count > 1 &&
           random_id_equal(&agent->epochs[agent->epoch_count - 1].id,
                           &request->epoch) &&
           !random_id_equal(&request->previous, &request->epoch) &&
           has_epoch(agent, &request->previous);
}

/* Opens the epoch, or finds it open already; `agent` may move meanwhile. The
 * office may know of an older epoch only, when another copy of it has
 * recovered first: it is always the newest that is closed. */
static enum status open_epoch(struct admit *admit,
                              const struct context_agent *agent,
                              const struct wire_open_epoch *request,
                              struct admit_outcome *outcome)
{
    const struct context_epoch *last = &agent->epochs[agent->epoch_count - 1];
    struct ledger_stream ends = {.next_seq = 1};
    struct control control = {.kind = CONTROL_EPOCH_OPENED};
    struct agent_line *line;
    enum status status;

    if (opened_already(agent, request)) {
        return admit_entry_in_force(admit, CONTROL_EPOCH_OPENED, agent->number,
                                    &outcome->entry);
    }
    if (!has_epoch(agent, &request->previous)) {
        outcome->code = WIRE_REFUSAL_UNKNOWN_EPOCH;
        return STATUS_OK;
    }
    if (has_epoch(agent, &request->epoch)) {
        /* it was opened once, and another copy has gone on since */
        outcome->code = WIRE_REFUSAL_EPOCH_CLOSED;
        return STATUS_OK;
    }
    if (agent->epoch_count == CONTEXT_EPOCHS_MAX) {
        outcome->code = WIRE_REFUSAL_LIMIT;
        return STATUS_OK;
    }
    status = admit_stream_of(admit, &request->agent, &last->id, &ends);
    if (status != STATUS_OK) {
        return status;
    }
    line = agents_line(admit->options.agents, agent->number);
    control.epoch = (struct control_epoch){
        .agent_number = agent->number,
        .epoch = request->epoch,
        .epoch_ordinal = last->ordinal + 1,
        .previous = last->id,
        .previous_next_seq = ends.next_seq,
    };
    status = admit_order(admit, &control, outcome);
    if (status == STATUS_OK && outcome->code == WIRE_REFUSAL_NONE &&
        line != NULL) {
        line->frozen = 0;
    }
    return status;
}

static enum status answer_open_epoch(struct admit *admit,
                                     const struct intake_message *message,
                                     struct wire_down *answer)
{
    const struct wire_open_epoch *request = &message->up.open_epoch;
    bool joining = false;
    const struct context_agent *agent =
        admit_agent_of(context_of(admit), &message->key, &joining);
    struct admit_outcome outcome = {.code =
                                        judge_epoch(agent, joining, request)};
    struct ledger_stream previous = {.next_seq = 1};
    enum status status = STATUS_OK;

    if (outcome.code == WIRE_REFUSAL_NONE && agent->epoch_count > 0) {
        status = admit_stream_of(admit, &request->agent, &request->previous,
                                 &previous);
        if (status == STATUS_OK) {
            status = open_epoch(admit, agent, request, &outcome);
        }
    }
    if (status != STATUS_OK || outcome.code != WIRE_REFUSAL_NONE) {
        admit_refuse(answer, outcome.code);
        return status;
    }
    agent = context_agent_by_curve_key(context_of(admit), &message->key);
    check(agent != NULL && agent->epoch_count > 0);
    *answer = (struct wire_down){
        .kind = WIRE_DOWN_EPOCH_OPENED,
        .epoch_opened = {.epoch_ordinal =
                             agent->epochs[agent->epoch_count - 1].ordinal,
                         .previous_next_seq = previous.next_seq,
                         .previous_digest = previous.last}};
    entry_write(&outcome.entry, answer->epoch_opened.entry);
    log_info("agent opened an epoch", log_number("agent", agent->number),
             log_number("epoch", answer->epoch_opened.epoch_ordinal));
    return STATUS_OK;
}

enum status admit_request(struct admit *admit,
                          const struct intake_message *message,
                          struct wire_down *answer)
{
    switch (message->up.kind) {
    case WIRE_UP_JOIN:
        return admit_join(admit, message, answer);
    case WIRE_UP_ROTATE:
        return answer_rotate(admit, message, answer);
    case WIRE_UP_OPEN_EPOCH:
        return answer_open_epoch(admit, message, answer);
    case WIRE_UP_HELLO:
        return admit_hello(admit, message, answer);
    case WIRE_UP_COMPARE:
        return admit_compare(admit, message, answer);
    default:
        check(false);
        return STATUS_INVALID;
    }
}
