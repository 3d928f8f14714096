/* Batches that came on a stick: the same door as the line's, but for the link.
 * Whose they are follows from their signatures alone; who brought them does not
 * matter (I8). */
#include "collector/line/serve.h"

#include "common/base/check.h"
#include "common/format/batch.h"

#include <string.h>

static enum status put_down(const struct wire_down *down, struct buffer *out)
{
    struct buffer packed;
    enum status status;

    buffer_init(&packed, WIRE_FRAME_BYTES_MAX);
    status = wire_pack_down(down, &packed);
    if (status == STATUS_OK) {
        status = buffer_u32(out, (uint32_t)packed.size);
    }
    if (status == STATUS_OK) {
        status = buffer_append(out, buffer_bytes(&packed));
    }
    buffer_fini(&packed);
    return status;
}

static enum status put_answer(const struct admit_answer *answer,
                              struct buffer *out)
{
    struct wire_down down = {.kind = WIRE_DOWN_REFUSAL};
    uint8_t entry[1][ENTRY_BYTES];

    if (answer->refusal.code != WIRE_REFUSAL_NONE) {
        down.refusal = answer->refusal;
        return put_down(&down, out);
    }
    entry_write(&answer->entry, entry[0]);
    down.kind = WIRE_DOWN_RECEIPTS;
    down.receipts = (struct wire_receipts){
        .entries = (const uint8_t(*)[ENTRY_BYTES])entry, .count = 1};
    return put_down(&down, out);
}

/* The link that a batch would have come by: the key in force of the agent that
 * it names, whose signature is looked at next. */
static void name_link(const struct serve *serve, struct bytes batch,
                      struct intake_message *message)
{
    const struct context_agent *agent = NULL;
    struct batch_header header;

    if (batch_peek(batch, &header) == STATUS_OK) {
        agent = context_agent(province_context(serve->province),
                              header.agent_number);
    }
    if (agent != NULL) {
        message->key = agent->curve_key;
    }
}

enum status serve_stick(struct serve *serve, const struct bytes batches[],
                        size_t count, struct buffer *out)
{
    struct intake_message message = {.up = {.kind = WIRE_UP_BATCHES}};
    const struct admit_answer *answers = NULL;
    size_t answer_count = 0;
    enum status status;

    check(count > 0 && count <= WIRE_BATCHES_MAX);
    memcpy(message.batches, batches, count * sizeof batches[0]);
    message.batch_count = count;
    name_link(serve, batches[0], &message);
    status = admit_by_hand(serve->admit, &message, &answers, &answer_count);
    if (status == STATUS_OK) {
        serve_note_entries(serve, answers, answer_count);
    }
    for (size_t i = 0; i < answer_count && status == STATUS_OK; i++) {
        status = put_answer(&answers[i], out);
    }
    return status;
}
