/* What goes down without being asked for: heartbeats first, then documents. */
#include "collector/line/serve.h"

#include "collector/line/serve_heal.h"
#include "collector/line/serve_recovery.h"

#include "common/base/log.h"

/* Whether documents go over this line: not when the link is gone, silent or
 * revoked. */
static bool listens(const struct serve *serve, const struct agent_line *line)
{
    const struct context_agent *agent =
        context_agent(province_context(serve->province), line->number);

    return agent != NULL && !agent->revoked && line->welcomed &&
           agents_live(serve->agents, line);
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
                      .ledger_size = serve->entries,
                      .credit_bytes = agents_credit(serve->agents),
                      .has_credit = true}};

    line->beat_mono = now;
    if (intake_send(serve->listen->intake, &line->route, &down) ==
        STATUS_NOT_FOUND) {
        link_gone(line);
    }
}

/* Makes the next control document that is due, or orders the next live one.
 * STATUS_NOT_FOUND: nothing is due, or what is due is being made. */
static enum status next_document(struct serve *serve, struct agent_line *line)
{
    struct documents_source source = {.province = serve->province,
                                      .keys = serve->keys};
    struct documents_line *documents = &line->documents;
    bool zstd = (line->capabilities & WIRE_CAPABILITY_ZSTD) != 0;
    int64_t now = clock_monotonic_us(serve->clock);
    struct documents_order order;
    struct documents_made made;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !documents->sending &&
           documents_take(documents, line->number, DOCUMENTS_CONTROL, zstd, now,
                          &order)) {
        status = documents_make(&source, &order, &made);
        if (status == STATUS_OK) {
            documents_send(documents, &order, &made);
        }
    }
    if (status != STATUS_OK || documents->sending) {
        return status;
    }
    if (documents_take(documents, line->number, DOCUMENTS_LIVE, zstd, now,
                       &order) &&
        !figures_order(serve->figures, &order, &documents->ticket)) {
        documents_touch(documents, 1u << order.kind, now);
    }
    return STATUS_NOT_FOUND;
}

/* Sends documents until nothing is due or the office's queue is full. */
static enum status send_documents(struct serve *serve, struct agent_line *line)
{
    enum status status;

    for (unsigned i = 0; i < DOCUMENTS_KIND_END; i++) {
        if (line->documents.ticket != 0) {
            return STATUS_OK;
        }
        if (!line->documents.sending) {
            status = next_document(serve, line);
            if (status != STATUS_OK) {
                return status == STATUS_NOT_FOUND ? STATUS_OK : status;
            }
        }
        status = intake_send_document(serve->listen->intake, &line->route,
                                      &line->documents.document,
                                      &line->documents.offset);
        if (status == STATUS_OK) {
            documents_sent(&line->documents, clock_monotonic_us(serve->clock));
        } else if (status == STATUS_AGAIN) {
            return STATUS_OK;
        } else {
            link_gone(line);
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        }
    }
    return STATUS_OK;
}

static enum status give(struct serve *serve, struct agent_line *line)
{
    enum status status = serve_give(serve, line);

    if (status == STATUS_NOT_FOUND) {
        link_gone(line);
        status = STATUS_OK;
    }
    return status;
}

/* Looks at one office after the other until `end`: receipts must not wait for
 * the slices of a province's every office. */
static enum status send_round(struct serve *serve, int64_t end)
{
    struct agent_line *line;
    enum status status = STATUS_OK;

    while (status == STATUS_OK &&
           (line = agents_at(serve->agents, serve->next_line)) != NULL) {
        serve->next_line++;
        if (listens(serve, line)) {
            status = send_documents(serve, line);
        }
        if (status == STATUS_OK && listens(serve, line)) {
            status = give(serve, line);
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

/* When the line wants something done by itself; INT64_MAX: not before it is
 * heard of. */
static int64_t line_due_at(const struct serve *serve,
                           const struct agent_line *line, int64_t now)
{
    int64_t at = INT64_MAX;
    int64_t due;

    if (line->owed_count > 0) {
        at = now + SERVE_OWED_MS * CLOCK_US_PER_MS;
    }
    /* What is due to an office that is gone waits for its hello. */
    if (!listens(serve, line)) {
        return at;
    }
    due = line->beat_mono + WIRE_HEARTBEAT_US;
    at = due < at ? due : at;
    if (line->documents.sending) {
        due = now + SERVE_QUEUE_MS * CLOCK_US_PER_MS;
    } else if (line->documents.ticket == 0) {
        due = documents_due_at(&line->documents);
    }
    at = due < at ? due : at;
    if (line->mirror.no_room) {
        due = now + SERVE_QUEUE_MS * CLOCK_US_PER_MS;
    } else if (serve_gives(serve, line)) {
        due = now;
    }
    return due < at ? due : at;
}

int serve_wait_ms(const struct serve *serve)
{
    int64_t now = clock_monotonic_us(serve->clock);
    int64_t at = serve->tested_at + SERVE_SELF_TEST_US;
    const struct agent_line *line;

    if (serve->busy) {
        return 0;
    }
    if (serve->looked_at + SERVE_READERS_US < at) {
        at = serve->looked_at + SERVE_READERS_US;
    }
    if (serve_recovers(serve) &&
        now + SERVE_RECOVER_MS * CLOCK_US_PER_MS < at) {
        at = now + SERVE_RECOVER_MS * CLOCK_US_PER_MS;
    }
    if (serve_witness_due_at(serve) < at) {
        at = serve_witness_due_at(serve);
    }
    if (serve_heal_due_at(serve) < at) {
        at = serve_heal_due_at(serve);
    }
    if (serve->standings != NULL && standings_due_at(serve->standings) < at) {
        at = standings_due_at(serve->standings);
    }
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        int64_t due = line_due_at(serve, line, now);

        at = due < at ? due : at;
    }
    if (at <= now) {
        return 0;
    }
    return (int)((at - now + CLOCK_US_PER_MS - 1) / CLOCK_US_PER_MS);
}
