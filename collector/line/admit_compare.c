/* Whether the events at a place of an office's own stream are these: an office
 * whose copy sealed them into other batches learns so which of them were
 * received, and does not send them a second time. Failure modes: a batch that
 * cannot be unpacked is like no other. */
#include "collector/line/admit_internal.h"

#include "common/format/batch.h"

static bool knows(const struct context_agent *agent, bool joining,
                  const struct wire_compare *compare, uint32_t *ordinal)
{
    if (agent == NULL || joining || !agent->joined || agent->revoked ||
        !random_id_equal(&agent->id, &compare->agent)) {
        return false;
    }
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        if (random_id_equal(&agent->epochs[i].id, &compare->epoch)) {
            *ordinal = agent->epochs[i].ordinal;
            return true;
        }
    }
    return false;
}

/* What is compared with: the events from `seq` on, `left` of them. */
struct run {
    const struct ledger_snapshot *snapshot;
    struct batch_codec *codec;
    struct buffer payload;
    struct buffer events;
    uint32_t agent, epoch;
    uint64_t seq;
    uint32_t left;
};

/* Adds what the batch of the next event has of the run. STATUS_NOT_FOUND:
 * nothing was received there. STATUS_INVALID: it cannot be read. */
static enum status add_batch(struct run *run)
{
    struct batch_header header = {0};
    struct entry entry;
    struct bytes batch;
    struct bytes left;
    struct bytes event;
    enum status status = ledger_find_event(run->snapshot, run->agent,
                                           run->epoch, run->seq, &entry);

    if (status == STATUS_OK) {
        status = ledger_bytes(run->snapshot, &entry, &batch);
    }
    if (status == STATUS_OK) {
        status = batch_peek(batch, &header);
    }
    if (status == STATUS_OK) {
        status = batch_unpack(run->codec, batch, &header, &run->payload);
    }
    left = buffer_bytes(&run->payload);
    for (uint64_t seq = header.first_seq;
         status == STATUS_OK && run->left > 0 &&
         seq < header.first_seq + header.count;
         seq++) {
        status = batch_next_event(&left, &event);
        if (status == STATUS_OK && seq == run->seq) {
            status = wire_compare_add(event, &run->events);
            run->seq++;
            run->left--;
        }
    }
    return status;
}

static enum status compare(const struct wire_compare *asked, struct run *run,
                           bool *same)
{
    struct digest digest;
    enum status status = STATUS_OK;

    run->seq = asked->first_seq;
    run->left = asked->count;
    while (status == STATUS_OK && run->left > 0) {
        status = add_batch(run);
    }
    if (status == STATUS_OK) {
        digest_bytes(buffer_bytes(&run->events), &digest);
        *same = digest_equal(&digest, &asked->digest);
    }
    /* What was erased by order was received, and must not come again. */
    if (status == STATUS_ERASED) {
        *same = true;
    }
    return status == STATUS_CORRUPT || status == STATUS_IO ||
                   status == STATUS_MEMORY || status == STATUS_AWAY
               ? status
               : STATUS_OK;
}

enum status admit_compare(struct admit *admit,
                          const struct intake_message *message,
                          struct wire_down *answer)
{
    const struct wire_compare *asked = &message->up.compare;
    bool joining = false;
    const struct context_agent *agent = admit_agent_of(
        province_context(admit->options.province), &message->key, &joining);
    struct ledger_snapshot *snapshot = NULL;
    struct run run = {.agent = agent == NULL ? 0 : agent->number};
    bool same = false;
    enum status status;

    if (!knows(agent, joining, asked, &run.epoch)) {
        admit_refuse(answer, WIRE_REFUSAL_WRONG_AGENT);
        return STATUS_OK;
    }
    buffer_init(&run.payload, BATCH_PAYLOAD_MAX);
    buffer_init(&run.events, WIRE_COMPARE_BYTES_MAX);
    run.codec = batch_codec_new();
    status = run.codec == NULL
                 ? STATUS_MEMORY
                 : ledger_snapshot_open(admit->options.ledger, &snapshot);
    if (status == STATUS_OK) {
        run.snapshot = snapshot;
        status = compare(asked, &run, &same);
    }
    ledger_snapshot_close(&snapshot);
    batch_codec_free(&run.codec);
    buffer_fini(&run.events);
    buffer_fini(&run.payload);
    *answer = (struct wire_down){.kind = WIRE_DOWN_COMPARED,
                                 .compared = {.first_seq = asked->first_seq,
                                              .count = asked->count,
                                              .same = same}};
    if (status == STATUS_AWAY) { /* nobody knows until the file is back */
        admit_refuse(answer, WIRE_REFUSAL_RECOVERING);
        return STATUS_OK;
    }
    return status;
}
