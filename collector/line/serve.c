#include "collector/line/serve.h"

#include "collector/line/serve_heal.h"
#include "collector/line/serve_links.h"
#include "collector/line/serve_recovery.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <stdlib.h>
#include <string.h>

#define SELF_TEST_MS 5000

/* ---- opening ---- */

/* Whose links are let in: agents by their own key, and by their last join key,
 * used or not, so that a join whose answer was lost can ask again. Revoked ones
 * too, so that they can be told. */
enum status serve_let_in(struct serve *serve)
{
    const struct context *context = NULL;
    uint64_t position =
        province_position(serve->province) + recovery_position(serve->recovery);
    bool open = recovery_lets_strangers(serve->recovery);
    size_t agents;
    struct public_key *keys = NULL;
    size_t count = 0;
    enum status status;

    if (position == serve->keys_position && open == serve->keys_open) {
        return STATUS_OK;
    }
    status = serve_context(serve, &context);
    if (status != STATUS_OK) {
        return status;
    }
    agents = context_agent_count(context);
    keys = calloc(agents * 2 + 1, sizeof *keys);
    if (keys == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < agents; i++) {
        const struct context_agent *agent = context_agent_at(context, i);

        if (agent->joined) {
            keys[count++] = agent->curve_key;
        }
        if (agent->join_until != 0) {
            keys[count++] = agent->join_key;
        }
    }
    status = zap_set_keys(serve->listen->zap, keys, count);
    free(keys);
    if (status == STATUS_OK && open != serve->keys_open) {
        status = zap_let_strangers(serve->listen->zap, open);
    }
    serve->keys_position = position;
    serve->keys_open = open;
    check(status != STATUS_FULL); /* ZAP_KEYS_MAX is room for all agents */
    return status;
}

/* How many entries there are, whoever wrote them. */
static enum status count_entries(struct serve *serve)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(serve->ledger, &snapshot);

    if (status == STATUS_OK) {
        serve->entries = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

enum status serve_open(struct serve *serve)
{
    struct admit_options options = {
        .ledger = serve->ledger, .keys = serve->keys, .clock = serve->clock};
    const struct recovery_options recovery_options = {
        .ledger = serve->ledger, .keys = serve->keys, .clock = serve->clock};
    struct figures_options figures_options = {.ledger = serve->ledger,
                                              .keys = serve->keys,
                                              .clock = serve->clock,
                                              .state = serve->state};
    enum status status;

    serve->started_at = clock_wall_us(serve->clock);
    serve->tested_at = clock_monotonic_us(serve->clock);
    serve->looked_at = serve->tested_at;
    serve->agents = agents_new(serve->clock);
    if (serve->agents == NULL) {
        return STATUS_MEMORY;
    }
    status = province_open(serve->ledger, &serve->province);
    if (status == STATUS_OK) {
        status = count_entries(serve);
    }
    if (status == STATUS_OK) {
        status = figures_open(&figures_options, &serve->figures);
    }
    if (status == STATUS_OK) {
        status = recovery_open(&recovery_options, &serve->recovery);
    }
    if (status == STATUS_OK) {
        options.recovery = serve->recovery;
        options.province = serve->province;
        options.agents = serve->agents;
        serve->admit = admit_new(&options);
        status =
            serve->admit == NULL ? STATUS_MEMORY : admit_recall(serve->admit);
    }
    if (status == STATUS_OK) {
        status = serve_open_checkpoints(serve);
    }
    if (status == STATUS_OK) {
        status = serve_heal_open(serve);
    }
    if (status == STATUS_OK) {
        status = serve_let_in(serve);
    }
    return status;
}

void serve_close(struct serve *serve)
{
    cold_move_close(&serve->cold);
    serve_links_free(&serve->links);
    recovery_close(&serve->recovery);
    serve_heal_close(serve);
    admit_free(&serve->admit);
    figures_close(&serve->figures);
    checkpoints_close(&serve->checkpoints);
    province_close(&serve->province);
    agents_free(&serve->agents);
}

/* ---- a turn ---- */

/* The line that a message came over; NULL for a link that is no agent's own. */
static struct agent_line *line_of(struct serve *serve,
                                  const struct intake_message *message)
{
    const struct context *context = NULL;
    const struct context_agent *agent = NULL;

    if (serve_context(serve, &context) == STATUS_OK) {
        agent = context_agent_by_curve_key(context, &message->key);
    }
    return agent == NULL ? NULL : agents_line(serve->agents, agent->number);
}

/* Offices of a clock that is wrong are told so by their own program, and the
 * province by its status. */
static void compare_clocks(const struct serve *serve, struct agent_line *line,
                           int64_t theirs)
{
    if (theirs >= 0) {
        line->clock_ahead = theirs - clock_wall_us(serve->clock);
    }
}

/* An office may find by itself that its place is taken; once is enough. */
static void hear_heartbeat(struct serve *serve, struct agent_line *line,
                           const struct wire_agent_heartbeat *heartbeat)
{
    if (heartbeat->frozen == WIRE_REFUSAL_POSITION_TAKEN &&
        line->heartbeat.frozen != heartbeat->frozen) {
        agents_alarm(serve->agents, line, AGENTS_POSITION_TAKEN,
                     heartbeat->next_seq);
    }
    line->heartbeat = *heartbeat;
    compare_clocks(serve, line, heartbeat->now);
}

static void hear(struct serve *serve, const struct intake_message messages[],
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct agent_line *line = line_of(serve, &messages[i]);

        if (line == NULL) {
            continue;
        }
        agents_hear(serve->agents, line, &messages[i].from);
        if (messages[i].up.kind == WIRE_UP_HEARTBEAT) {
            hear_heartbeat(serve, line, &messages[i].up.heartbeat);
        }
    }
}

void serve_welcome(struct serve *serve, struct agent_line *line,
                   const struct wire_hello *hello)
{
    line->welcomed = true;
    line->owed_count = 0; /* it sends again what has no receipt */
    line->capabilities = hello->capabilities;
    line->holds = hello->last_index > hello->next_control ? hello->last_index
                                                          : hello->next_control;
    line->mirror =
        (struct agent_mirror){.next = hello->next_control,
                              .breaks = serve_breaks_followed(serve, hello)};
    line->history.wanted = false;
    memcpy(line->software, hello->software, sizeof line->software);
    documents_hello(&line->documents, hello);
}

static enum status answer_request(struct serve *serve,
                                  const struct intake_message *message)
{
    struct wire_down answer;
    struct agent_line *line;
    enum status status = admit_request(serve->admit, message, &answer);

    if (status != STATUS_OK) {
        return status;
    }
    /* Before the answer: the office comes back with its new key at once. */
    status = serve_let_in(serve);
    (void)!intake_send(serve->listen->intake, &message->from, &answer);
    line = line_of(serve, message);
    if (line != NULL && answer.kind == WIRE_DOWN_WELCOME) {
        serve_welcome(serve, line, &message->up.hello);
        serve_heal_hello(serve, line);
        compare_clocks(serve, line, message->up.hello.now);
        status = serve_shown(serve, line, &message->up.hello);
    }
    if (answer.kind == WIRE_DOWN_REFUSAL) {
        log_warning("a request was refused",
                    log_text("why", wire_refusal_token(answer.refusal.code)),
                    log_hex("key", (struct bytes){message->key.bytes, 8}));
    }
    if (line != NULL && answer.kind == WIRE_DOWN_REFUSAL) {
        line->refusal = answer.refusal.code;
        line->refused_at = clock_wall_us(serve->clock);
    }
    return status;
}

/* An office that has nothing to send learns of it too. */
static void tell_revoked(struct serve *serve,
                         const struct intake_message *message)
{
    struct wire_down answer = {.kind = WIRE_DOWN_REFUSAL,
                               .refusal = {.code = WIRE_REFUSAL_REVOKED}};
    const struct context_agent *agent =
        admit_agent_of(province_context(serve->province), &message->key, NULL);

    if (agent != NULL && agent->revoked) {
        (void)!intake_send(serve->listen->intake, &message->from, &answer);
    }
}

static enum status answer_requests(struct serve *serve,
                                   const struct intake_message messages[],
                                   size_t count)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        bool taken = false;

        status = messages[i].up.kind == WIRE_UP_HELLO
                     ? serve_recover_hello(serve, &messages[i], &taken)
                     : serve_recover_message(serve, &messages[i], &taken);
        if (status != STATUS_OK || taken) {
            continue;
        }
        switch (messages[i].up.kind) {
        case WIRE_UP_JOIN:
        case WIRE_UP_ROTATE:
        case WIRE_UP_OPEN_EPOCH:
        case WIRE_UP_HELLO:
        case WIRE_UP_COMPARE:
            status = answer_request(serve, &messages[i]);
            break;
        case WIRE_UP_HEARTBEAT:
            tell_revoked(serve, &messages[i]);
            break;
        case WIRE_UP_BATCHES:
        case WIRE_UP_COSIGN:
        case WIRE_UP_OBJECTION:
        case WIRE_UP_PROOF_WANTED:
            status = serve_witnessed(serve, &messages[i]);
            break;
        case WIRE_UP_RETURNED:
            status = serve_heal_returned(serve, line_of(serve, &messages[i]),
                                         &messages[i]);
            break;
        case WIRE_UP_TAKEN:
            serve_taken(line_of(serve, &messages[i]), &messages[i].up.taken);
            break;
        }
    }
    return status;
}

void serve_note_entries(struct serve *serve,
                        const struct admit_answer answers[], size_t count)
{
    uint64_t before = serve->entries;
    int64_t now = clock_monotonic_us(serve->clock);
    struct agent_line *line;

    for (size_t i = 0; i < count; i++) {
        if (answers[i].appended) {
            serve->entries = answers[i].entry.index + 1;
        }
    }
    if (province_position(serve->province) > serve->entries) {
        serve->entries = province_position(serve->province);
    }
    if (serve->entries > before) {
        figures_wake(serve->figures);
    }
    if (province_take_changes(serve->province) != CONTEXT_CHANGED_NOTHING) {
        for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
            documents_touch(&line->documents, DOCUMENTS_CONTROL, now);
        }
    }
}

/* What is done now and then, whatever comes in. */
static enum status look_around(struct serve *serve)
{
    int64_t now = clock_monotonic_us(serve->clock);
    enum status status = STATUS_OK;

    if (now - serve->looked_at >= SERVE_READERS_US) {
        ledger_check_readers(serve->ledger);
        serve->looked_at = now;
    }
    if (now - serve->tested_at >= SERVE_SELF_TEST_US) {
        status = intake_self_test(serve->listen->intake, serve->listen->zap,
                                  SELF_TEST_MS);
        serve->tested_at = clock_monotonic_us(serve->clock);
        if (status == STATUS_REFUSED) {
            log_error("a link with an unknown key was let in");
            return status;
        }
        if (status != STATUS_OK) {
            log_warning("the self-test of the links had no result",
                        log_status("status", status));
        }
    }
    return STATUS_OK;
}

enum status serve_turn(struct serve *serve)
{
    const struct intake_message *messages = NULL;
    const struct admit_answer *answers = NULL;
    size_t count = 0;
    size_t answer_count = 0;
    enum status status;

    status =
        intake_drain(serve->listen->intake, &messages, &count, &serve->busy);
    if (status == STATUS_OK) {
        hear(serve, messages, count);
        status = admit_batches(serve->admit, messages, count, &answers,
                               &answer_count);
    }
    if (status == STATUS_OK) {
        serve_receipts(serve, answers, answer_count);
        serve_note_entries(serve, answers, answer_count);
        status = answer_requests(serve, messages, count);
    }
    if (status == STATUS_OK) {
        status = serve_recover(serve);
    }
    if (status == STATUS_OK) {
        status = serve_control(serve);
    }
    if (status == STATUS_OK) {
        serve_note_entries(serve, NULL, 0);
        status = serve_figures(serve);
    }
    if (status == STATUS_OK) {
        status = serve_witnesses(serve);
    }
    if (status == STATUS_OK) {
        status = serve_down(serve);
    }
    if (status == STATUS_OK) {
        status = serve_cold(serve);
    }
    if (status == STATUS_OK) {
        status = serve_heal(serve);
    }
    if (status == STATUS_OK) {
        serve_look(serve);
    }
    return status == STATUS_OK ? look_around(serve) : status;
}
