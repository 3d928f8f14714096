/* What batches are answered. Failure modes: a link that is gone gets nothing,
 * the office sends its batches again over the next one; an office that is slow
 * to read has a full queue: its receipts are kept and tried again, for it
 * would wait long before it asked for them. */
#include "collector/line/serve.h"

#include <string.h>

static bool is_receipt(const struct admit_answer *answer)
{
    return answer->refusal.code == WIRE_REFUSAL_NONE;
}

static enum status send_receipts(struct serve *serve,
                                 const struct intake_route *to,
                                 const uint8_t entries[][ENTRY_BYTES],
                                 size_t count)
{
    struct wire_down down = {
        .kind = WIRE_DOWN_RECEIPTS,
        .receipts = {.entries = entries,
                     .count = count,
                     .credit_bytes = agents_credit(serve->agents),
                     .has_credit = true}};

    return intake_send(serve->listen->intake, to, &down);
}

static void give(struct serve *serve, const struct admit_answer *to,
                 const uint8_t entries[][ENTRY_BYTES], size_t count)
{
    struct agent_line *line = agents_find(serve->agents, to->agent);
    bool behind = line != NULL && line->owed_count > 0;

    if (count == 0) {
        return;
    }
    if ((behind ||
         send_receipts(serve, &to->to, entries, count) == STATUS_AGAIN) &&
        line != NULL) {
        agents_owe(line, entries, count);
    }
}

/* The answers from `first` on that go over the same link, marked as `done`. A
 * refusal comes behind the receipts before it. */
static void answer_link(struct serve *serve,
                        const struct admit_answer answers[], size_t first,
                        size_t count, bool done[])
{
    uint8_t entries[WIRE_RECEIPTS_MAX][ENTRY_BYTES];
    const struct admit_answer *to = &answers[first];
    size_t waiting = 0;

    for (size_t i = first; i < count; i++) {
        const struct admit_answer *answer = &answers[i];

        if (done[i] || !intake_route_equal(&answer->to, &to->to)) {
            continue;
        }
        done[i] = true;
        if (is_receipt(answer)) {
            entry_write(&answer->entry, entries[waiting++]);
        }
        if (waiting == WIRE_RECEIPTS_MAX || !is_receipt(answer)) {
            give(serve, to, (const uint8_t(*)[ENTRY_BYTES])entries, waiting);
            waiting = 0;
        }
        if (!is_receipt(answer)) {
            struct wire_down down = {.kind = WIRE_DOWN_REFUSAL,
                                     .refusal = answer->refusal};

            (void)!intake_send(serve->listen->intake, &to->to, &down);
        }
    }
    give(serve, to, (const uint8_t(*)[ENTRY_BYTES])entries, waiting);
}

void serve_receipts(struct serve *serve, const struct admit_answer answers[],
                    size_t count)
{
    bool done[ADMIT_ANSWERS_MAX] = {false};

    for (size_t i = 0; i < count; i++) {
        if (!done[i]) {
            answer_link(serve, answers, i, count, done);
        }
    }
}

void serve_owed(struct serve *serve)
{
    struct agent_line *line;

    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        if (line->owed_count > 0 &&
            send_receipts(serve, &line->route,
                          (const uint8_t(*)[ENTRY_BYTES])line->owed,
                          line->owed_count) != STATUS_AGAIN) {
            line->owed_count = 0;
        }
    }
}
