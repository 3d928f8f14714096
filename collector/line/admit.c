/* Answers are collected while a group is open and leave only after its commit:
 * even a refusal may rest on what the group has not yet made durable. */
#include "collector/line/admit.h"

#include "collector/line/admit_internal.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/batch.h"

#include <stdlib.h>
#include <string.h>

struct admit *admit_new(const struct admit_options *options)
{
    struct admit *admit = calloc(1, sizeof *admit);

    if (admit == NULL) {
        return NULL;
    }
    admit->options = *options;
    admit->answers = calloc(ADMIT_ANSWERS_MAX, sizeof *admit->answers);
    if (admit->answers == NULL) {
        free(admit);
        return NULL;
    }
    return admit;
}

void admit_free(struct admit **admit)
{
    if (*admit != NULL) {
        free((*admit)->answers);
        free(*admit);
        *admit = NULL;
    }
}

void admit_counts(const struct admit *admit, struct admit_counts *counts)
{
    *counts = admit->counts;
}

/* A used join key still finds its agent, so that a join whose answer was lost
 * can be answered again. */
static const struct context_agent *agent_by_join_key(
    const struct context *context, const struct public_key *key)
{
    for (size_t i = 0; i < context_agent_count(context); i++) {
        const struct context_agent *agent = context_agent_at(context, i);

        if (agent->join_until != 0 && public_key_equal(&agent->join_key, key)) {
            return agent;
        }
    }
    return NULL;
}

const struct context_agent *admit_agent_of(const struct context *context,
                                           const struct public_key *key,
                                           bool *joining)
{
    const struct context_agent *agent =
        context_agent_by_curve_key(context, key);

    if (joining != NULL) {
        *joining = agent == NULL;
    }
    return agent != NULL ? agent : agent_by_join_key(context, key);
}

static void alarm_at(struct admit *admit, uint32_t agent,
                     enum agents_alarm alarm, uint64_t seq)
{
    struct agent_line *line = agents_line(admit->options.agents, agent);

    if (line != NULL) {
        agents_alarm(admit->options.agents, line, alarm, seq);
    }
}

static const struct context_epoch *epoch_of(const struct context_agent *agent,
                                            const struct batch_header *header)
{
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        const struct context_epoch *epoch = &agent->epochs[i];

        if (random_id_equal(&epoch->id, &header->epoch) &&
            epoch->ordinal == header->epoch_ordinal) {
            return epoch;
        }
    }
    return NULL;
}

/* Whose batch it may be, before the ledger is asked. `link` is the agent of
 * the link's key, which may be NULL. */
static enum wire_refusal_code judge(struct admit *admit,
                                    const struct context_agent *link,
                                    bool joining, struct bytes batch,
                                    const struct batch_header *header)
{
    const struct context_epoch *epoch;
    const struct agent_line *line;

    if (recovery_active(admit->options.recovery)) {
        return WIRE_REFUSAL_RECOVERING;
    }
    if (link == NULL || joining || !link->joined) {
        return WIRE_REFUSAL_NOT_JOINED;
    }
    if (link->revoked) {
        return WIRE_REFUSAL_REVOKED;
    }
    if (!random_id_equal(&link->id, &header->agent) ||
        link->number != header->agent_number) {
        alarm_at(admit, link->number, AGENTS_WRONG_AGENT, header->first_seq);
        return WIRE_REFUSAL_WRONG_AGENT;
    }
    epoch = epoch_of(link, header);
    if (epoch == NULL) {
        return WIRE_REFUSAL_UNKNOWN_EPOCH;
    }
    if (!admit_is_signed(admit, link, batch, header)) {
        alarm_at(admit, link->number, AGENTS_BAD_SIGNATURE, header->first_seq);
        return WIRE_REFUSAL_BAD_SIGNATURE;
    }
    /* What lies before the end of a closed epoch was received and is answered
     * with its receipt again. */
    if (epoch->end_seq != 0 && header->first_seq >= epoch->end_seq) {
        return WIRE_REFUSAL_EPOCH_CLOSED;
    }
    /* The same goes for a frozen one: an office that recovers learns by it
     * what came from its own copy. */
    line = agents_find(admit->options.agents, link->number);
    if (line != NULL && line->frozen == epoch->ordinal &&
        header->first_seq >= line->frozen_at) {
        return WIRE_REFUSAL_POSITION_TAKEN;
    }
    return WIRE_REFUSAL_NONE;
}

static void refuse(struct admit_answer *answer, enum wire_refusal_code code,
                   uint64_t seq)
{
    answer->refusal = (struct wire_refusal){
        .code = (uint32_t)code,
        .seq = seq,
        .retry_ms = code == WIRE_REFUSAL_FULL || code == WIRE_REFUSAL_RECOVERING
                        ? ADMIT_RETRY_FULL_MS
                        : 0};
    answer->appended = false;
}

/* An epoch that is closed already has nothing left to be held up. Should the
 * ledger find no room for it, or lose it with the group, the line knows it
 * until the process ends. */
static enum status freeze(struct admit *admit, const struct context_agent *link,
                          const struct batch_header *header, uint64_t next_seq)
{
    struct agent_line *line = agents_line(admit->options.agents, link->number);
    enum status status;

    if (line == NULL || line->frozen == header->epoch_ordinal ||
        header->epoch_ordinal != link->epochs[link->epoch_count - 1].ordinal) {
        return STATUS_OK;
    }
    line->frozen = header->epoch_ordinal;
    line->frozen_at = next_seq;
    status = ledger_freeze_stream(admit->options.ledger, &header->agent,
                                  &header->epoch);
    return status == STATUS_FULL ? STATUS_OK : status;
}

/* The ledger's word on the batch's place in its stream (I3). */
static enum status answer_verdict(struct admit *admit,
                                  const struct context_agent *link,
                                  const struct batch_header *header,
                                  const struct ledger_answer *verdict,
                                  struct admit_answer *answer)
{
    enum status status = STATUS_OK;

    switch (verdict->verdict) {
    case LEDGER_APPENDED:
        answer->appended = true;
        answer->entry = verdict->entry;
        break;
    case LEDGER_DUPLICATE:
        answer->entry = verdict->entry;
        break;
    case LEDGER_TAKEN:
        status = freeze(admit, link, header, verdict->stream.next_seq);
        alarm_at(admit, header->agent_number, AGENTS_POSITION_TAKEN,
                 header->first_seq);
        refuse(answer, WIRE_REFUSAL_POSITION_TAKEN, header->first_seq);
        break;
    case LEDGER_GAP:
        refuse(answer, WIRE_REFUSAL_GAP, verdict->stream.next_seq);
        break;
    case LEDGER_UNCHAINED:
        alarm_at(admit, header->agent_number, AGENTS_CHAIN_BROKEN,
                 header->first_seq);
        refuse(answer, WIRE_REFUSAL_CHAIN_BROKEN, header->first_seq);
        break;
    }
    return status;
}

/* One batch within the open group. STATUS_OK: it has its answer. */
static enum status take(struct admit *admit, const struct context_agent *link,
                        bool joining, struct bytes batch,
                        struct admit_answer *answer)
{
    struct ledger_answer verdict;
    struct batch_header header;
    struct digest digest;
    enum wire_refusal_code code;
    enum status status;

    status = batch_peek(batch, &header);
    if (status != STATUS_OK) {
        refuse(answer,
               status == STATUS_VERSION ? WIRE_REFUSAL_VERSION
                                        : WIRE_REFUSAL_LIMIT,
               0);
        return STATUS_OK;
    }
    answer->first_seq = header.first_seq;
    code = judge(admit, link, joining, batch, &header);
    if (code == WIRE_REFUSAL_NONE && admit->full) {
        code = WIRE_REFUSAL_FULL;
    }
    if (code != WIRE_REFUSAL_NONE) {
        refuse(answer, code, header.first_seq);
        return STATUS_OK;
    }
    digest_bytes(batch, &digest);
    status = ledger_append_batch(admit->options.ledger, &header, batch, &digest,
                                 &verdict);
    if (status == STATUS_FULL) {
        admit->full = true;
        refuse(answer, WIRE_REFUSAL_FULL, header.first_seq);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = answer_verdict(admit, link, &header, &verdict, answer);
        admit->in_group += answer->appended;
    }
    return status;
}

/* Nothing of the group was kept: what it had taken is refused, and what came
 * behind a gap waits with it. A place that two signed batches claim is one for
 * two machines, kept or not. */
static void take_back(struct admit *admit, size_t from)
{
    for (size_t i = from; i < admit->answer_count; i++) {
        struct admit_answer *answer = &admit->answers[i];

        if (answer->refusal.code == WIRE_REFUSAL_NONE ||
            answer->refusal.code == WIRE_REFUSAL_GAP) {
            refuse(answer, WIRE_REFUSAL_FULL, answer->first_seq);
        }
    }
}

/* Ends the group that holds the answers from `from` on. */
static enum status commit(struct admit *admit, size_t from)
{
    int64_t began = clock_monotonic_us(admit->options.clock);
    enum status status = ledger_commit(admit->options.ledger);

    admit->open = false;
    if (status == STATUS_FULL) {
        admit->full = true;
        take_back(admit, from);
        status = STATUS_OK;
    } else if (status == STATUS_OK && admit->in_group > 0) {
        admit->counts.commits++;
        latency_add(&admit->counts.commit,
                    clock_monotonic_us(admit->options.clock) - began);
        admit->counts.committed_at = clock_wall_us(admit->options.clock);
    }
    admit->in_group = 0;
    return status;
}

/* A gap and a full ledger are no fault of the batch. */
static void log_refusal(const struct admit_answer *answer)
{
    if (answer->refusal.code != WIRE_REFUSAL_GAP &&
        answer->refusal.code != WIRE_REFUSAL_RECOVERING &&
        answer->refusal.code != WIRE_REFUSAL_FULL) {
        log_warning("a batch was refused", log_number("agent", answer->agent),
                    log_text("why", wire_refusal_token(answer->refusal.code)),
                    log_number("seq", (int64_t)answer->first_seq));
    }
}

/* Notes on the agents' lines what became of each batch. */
static void account(struct admit *admit)
{
    int64_t now = clock_wall_us(admit->options.clock);

    for (size_t i = 0; i < admit->answer_count; i++) {
        const struct admit_answer *answer = &admit->answers[i];
        struct agent_line *line =
            answer->agent == 0
                ? NULL
                : agents_line(admit->options.agents, answer->agent);

        if (answer->refusal.code != WIRE_REFUSAL_NONE) {
            admit->counts.refused++;
            admit->counts.refusals[answer->refusal.code]++;
            log_refusal(answer);
        } else if (answer->appended) {
            admit->counts.batches++;
            admit->counts.events += answer->entry.count;
        } else {
            admit->counts.duplicates++;
        }
        if (line == NULL) {
            continue;
        }
        if (answer->refusal.code != WIRE_REFUSAL_NONE) {
            line->refusal = answer->refusal.code;
            line->refused_at = now;
            continue;
        }
        line->receipt_at = now;
        line->batches += answer->appended;
        line->duplicates += !answer->appended;
        line->events += answer->appended ? answer->entry.count : 0;
        line->entries =
            answer->appended ? answer->entry.index + 1 : line->entries;
    }
}

static void note_full(struct admit *admit)
{
    if (admit->full != admit->counts.full) {
        if (admit->full) {
            log_error("no room in the ledger, nothing is taken in");
        } else {
            log_info("there is room again");
        }
    }
    admit->counts.full = admit->full;
}

/* Opens a group when there is none; `from` is the first of its answers. */
static enum status open_group(struct admit *admit, size_t *from)
{
    enum status status;

    if (admit->open) {
        return STATUS_OK;
    }
    *from = admit->answer_count;
    status = ledger_begin(admit->options.ledger);
    admit->open = status == STATUS_OK;
    return status;
}

/* The batches of one message, in their order. */
static enum status take_message(struct admit *admit,
                                const struct intake_message *message,
                                size_t *from)
{
    bool joining = false;
    const struct context_agent *link = admit_agent_of(
        province_context(admit->options.province), &message->key, &joining);
    enum status status = STATUS_OK;

    if (message->up.kind != WIRE_UP_BATCHES) {
        return STATUS_OK; /* pairs have frames too */
    }
    for (size_t i = 0; i < message->batch_count && status == STATUS_OK; i++) {
        struct admit_answer *answer;

        status = open_group(admit, from);
        if (status != STATUS_OK) {
            break;
        }
        check(admit->answer_count < ADMIT_ANSWERS_MAX);
        answer = &admit->answers[admit->answer_count++];
        *answer = (struct admit_answer){
            .to = message->from, .agent = link == NULL ? 0 : link->number};
        status = take(admit, link, joining, message->batches[i], answer);
        if (status == STATUS_OK && admit->in_group == LEDGER_GROUP_MAX) {
            status = commit(admit, *from);
        }
    }
    return status;
}

enum status admit_by_hand(struct admit *admit,
                          const struct intake_message *message,
                          const struct admit_answer **answers,
                          size_t *answer_count)
{
    enum status status;

    admit->by_hand = true;
    status = admit_batches(admit, message, 1, answers, answer_count);
    admit->by_hand = false;
    return status;
}

enum status admit_batches(struct admit *admit,
                          const struct intake_message messages[], size_t count,
                          const struct admit_answer **answers,
                          size_t *answer_count)
{
    size_t from = 0;
    enum status status = STATUS_OK;

    admit->answer_count = 0;
    admit->full = false;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = take_message(admit, &messages[i], &from);
    }
    if (status == STATUS_OK && admit->open) {
        status = commit(admit, from);
    }
    if (admit->open) {
        ledger_rollback(admit->options.ledger);
        admit->open = false;
        admit->in_group = 0;
    }
    if (status != STATUS_OK) {
        admit->answer_count = 0;
    } else if (admit->answer_count > 0) {
        account(admit);
        note_full(admit);
    }
    *answers = admit->answers;
    *answer_count = admit->answer_count;
    return status;
}
