/* What goes down without being asked for: heartbeats first, then documents. */
#include "collector/serve.h"

#include "common/log.h"

/* The agent that documents go to over this line; NULL: none, be it that the
 * link is gone, silent or revoked. */
static const struct context_agent *listener(const struct serve *serve,
                                            const struct agent_line *line)
{
    const struct context_agent *agent =
        context_agent(province_context(serve->province), line->number);

    return agent != NULL && !agent->revoked && line->welcomed &&
                   agents_live(serve->agents, line)
               ? agent
               : NULL;
}

/* The link broke: the office will say hello again, and then gets the rest. */
static void link_gone(struct agent_line *line)
{
    documents_line_fini(&line->documents);
    line->owed_count = 0;
    line->welcomed = false;
}

static void beat(struct serve *serve, struct agent_line *line, int64_t now)
{
    struct wire_down down = {
        .kind = WIRE_DOWN_HEARTBEAT,
        .heartbeat = {.now = clock_wall_us(serve->clock),
                      .ledger_size = tally_position(serve->tally),
                      .credit_bytes = agents_credit(serve->agents),
                      .has_credit = true}};

    line->beat_mono = now;
    if (intake_send(serve->listen->intake, &line->route, &down) ==
        STATUS_NOT_FOUND) {
        link_gone(line);
    }
}

/* Sends documents until nothing is due or the office's queue is full. */
static enum status send_documents(struct serve *serve, struct agent_line *line,
                                  const struct context_agent *agent)
{
    struct documents_source source = {.province = serve->province,
                                      .tally = serve->tally,
                                      .keys = serve->keys};
    bool zstd = (line->capabilities & WIRE_CAPABILITY_ZSTD) != 0;
    enum status status;

    for (unsigned i = 0; i < DOCUMENTS_KIND_END; i++) {
        if (!line->documents.sending) {
            status = documents_next(&source, agent, &line->documents, zstd,
                                    clock_monotonic_us(serve->clock));
            if (status != STATUS_OK) {
                return status == STATUS_NOT_FOUND ? STATUS_OK : status;
            }
        }
        status = intake_send_document(serve->listen->intake, &line->route,
                                      &line->documents.document,
                                      &line->documents.offset);
        if (status == STATUS_OK) {
            documents_sent(&line->documents);
        } else if (status == STATUS_AGAIN) {
            return STATUS_OK;
        } else {
            link_gone(line);
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        }
    }
    return STATUS_OK;
}

/* Looks at one office after the other until `end`: receipts must not wait for
 * the slices of a province's every office. */
static enum status send_round(struct serve *serve, int64_t end)
{
    struct agent_line *line;
    enum status status = STATUS_OK;

    while (status == STATUS_OK &&
           (line = agents_at(serve->agents, serve->next_line)) != NULL) {
        const struct context_agent *agent = listener(serve, line);

        serve->next_line++;
        if (agent != NULL) {
            status = send_documents(serve, line, agent);
        }
        if (clock_monotonic_us(serve->clock) >= end) {
            return status;
        }
    }
    serve->next_line = 0;
    return status;
}

enum status serve_down(struct serve *serve)
{
    int64_t now = clock_monotonic_us(serve->clock);
    struct agent_line *line;

    serve_owed(serve);
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        if (line->welcomed && agents_live(serve->agents, line) &&
            now - line->beat_mono >= WIRE_HEARTBEAT_US) {
            beat(serve, line, now);
        }
    }
    return send_round(serve, now + SERVE_DOWN_US_MAX);
}

int serve_wait_ms(const struct serve *serve)
{
    int64_t now = clock_monotonic_us(serve->clock);
    int64_t wait_us = SERVE_WAIT_MS_MAX * CLOCK_US_PER_MS;
    const struct agent_line *line;

    if (serve->busy) {
        return 0;
    }
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        if (line->owed_count > 0 && wait_us > SERVE_OWED_MS * CLOCK_US_PER_MS) {
            wait_us = SERVE_OWED_MS * CLOCK_US_PER_MS;
        }
        /* What is due to an office that is gone waits for its hello. */
        if (listener(serve, line) != NULL && !line->documents.sending) {
            int64_t due_us = documents_due_at(&line->documents) - now;

            wait_us = due_us < wait_us ? due_us : wait_us;
        }
    }
    if (wait_us < 0) {
        return 0;
    }
    return (int)((wait_us + CLOCK_US_PER_MS - 1) / CLOCK_US_PER_MS);
}
