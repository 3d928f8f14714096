/* Failure modes: a link that is gone is asked again with its next hello; who
 * does not answer gives its turn to another; bad pairs are counted and left. */
#include "collector/line/serve_recovery.h"

#include "common/base/log.h"
#include "common/format/wire_pairs.h"

#include <stdlib.h>
#include <string.h>

struct link {
    struct public_key key;
    struct intake_route route;
    uint32_t number; /* 0: a stranger */
    bool welcomed;
    bool able;      /* it can return pairs */
    uint64_t next;  /* all below it was returned */
    uint64_t holds; /* nothing of it lies at or above this */
    bool asked;
    bool again; /* it became known while it answered: not all was taken */
    bool done;
    int64_t asked_at; /* monotonic */
    struct wire_hello hello;
};

struct serve_links {
    struct link *items[SERVE_LINKS_MAX];
    size_t count;
    size_t asked;
    uint64_t position; /* of the context that the links were looked up in */
};

void serve_links_free(struct serve_links **links)
{
    if (*links != NULL) {
        for (size_t i = 0; i < (*links)->count; i++) {
            free((*links)->items[i]);
        }
        free(*links);
        *links = NULL;
    }
}

/* ---- links ---- */

static struct link *find_link(struct serve *serve, const struct public_key *key)
{
    for (size_t i = 0; serve->links != NULL && i < serve->links->count; i++) {
        if (public_key_equal(&serve->links->items[i]->key, key)) {
            return serve->links->items[i];
        }
    }
    return NULL;
}

/* A link that is not there anymore leaves its place to a new one. */
static struct link *add_link(struct serve *serve, const struct public_key *key)
{
    struct serve_links *links = serve->links;
    struct link *link = find_link(serve, key);

    if (links == NULL) {
        links = calloc(1, sizeof *links);
        serve->links = links;
    }
    if (link != NULL || links == NULL || links->count == SERVE_LINKS_MAX) {
        return link;
    }
    link = calloc(1, sizeof *link);
    if (link != NULL) {
        link->key = *key;
        links->items[links->count++] = link;
    }
    return link;
}

static void end_asking(struct serve *serve, struct link *link)
{
    if (link->asked) {
        link->asked = false;
        serve->links->asked--;
    }
}

/* Without a link or room the office asks again, or is asked. */
static enum status send_down(struct serve *serve, const struct intake_route *to,
                             const struct wire_down *down)
{
    enum status status = intake_send(serve->listen->intake, to, down);

    return status == STATUS_NOT_FOUND || status == STATUS_AGAIN ? STATUS_OK
                                                                : status;
}

/* Batches are kept there until all is back; said anew with each heartbeat. */
static enum status say_recovering(struct serve *serve,
                                  const struct intake_route *to)
{
    const struct wire_down down = {.kind = WIRE_DOWN_REFUSAL,
                                   .refusal = {.code = WIRE_REFUSAL_RECOVERING,
                                               .retry_ms = SERVE_RETRY_MS}};

    return send_down(serve, to, &down);
}

/* ---- who it is ---- */

static const struct context_epoch *epoch_of(const struct context_agent *agent,
                                            const struct random_id *id)
{
    for (uint32_t i = 0; i < agent->epoch_count; i++) {
        if (random_id_equal(&agent->epochs[i].id, id)) {
            return &agent->epochs[i];
        }
    }
    return NULL;
}

static enum status welcome(struct serve *serve, struct link *link,
                           const struct context_agent *agent,
                           const struct context_epoch *epoch)
{
    struct wire_down down = {.kind = WIRE_DOWN_WELCOME};
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_stream stream;
    struct agent_line *line = agents_line(serve->agents, agent->number);
    enum status status = ledger_snapshot_open(serve->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_stream(snapshot, &agent->id, &epoch->id, &stream);
    }
    ledger_snapshot_close(&snapshot);
    if (status != STATUS_OK || line == NULL) {
        return status == STATUS_OK ? STATUS_MEMORY : status;
    }
    down.welcome = (struct wire_welcome){.protocol = WIRE_PROTOCOL,
                                         .capabilities = WIRE_CAPABILITIES,
                                         .agent_number = agent->number,
                                         .epoch_ordinal = epoch->ordinal,
                                         .next_seq = stream.next_seq,
                                         .previous_digest = stream.last,
                                         .credit_bytes = 0,
                                         .now = clock_wall_us(serve->clock),
                                         .ledger_size = serve->entries};
    agents_hear(serve->agents, line, &link->route);
    serve_welcome(line, &link->hello);
    link->welcomed = true;
    status = send_down(serve, &link->route, &down);
    return status == STATUS_OK ? say_recovering(serve, &link->route) : status;
}

/* Revoked offices and copies are asked too, and told when all is back. */
static enum status recognize(struct serve *serve, struct link *link)
{
    const struct context *context = NULL;
    const struct context_agent *agent;
    const struct context_epoch *epoch;
    enum status status = serve_context(serve, &context);

    if (status != STATUS_OK) {
        return status;
    }
    agent = context_agent_by_curve_key(context, &link->key);
    if (agent == NULL || !agent->joined ||
        !random_id_equal(&agent->id, &link->hello.agent)) {
        return STATUS_OK;
    }
    link->number = agent->number;
    epoch = epoch_of(agent, &link->hello.epoch);
    if (epoch != NULL && epoch->end_seq == 0 && !agent->revoked) {
        status = welcome(serve, link, agent, epoch);
    }
    return status;
}

static uint64_t holds(const struct wire_hello *hello)
{
    uint64_t most = hello->last_index > hello->next_control
                        ? hello->last_index
                        : hello->next_control;

    return most < MERKLE_SIZE_MAX ? most : 0;
}

static enum status hear(struct serve *serve, struct link *link)
{
    return recovery_hear(serve->recovery, link->number, &link->hello,
                         (struct bytes){.data = link->hello.checkpoint.bytes,
                                        .size = link->hello.checkpoint.size});
}

static uint32_t number_of(struct serve *serve,
                          const struct intake_message *message)
{
    const struct context_agent *agent = context_agent_by_curve_key(
        province_context(serve->province), &message->key);

    return agent != NULL && agent->joined &&
                   random_id_equal(&agent->id, &message->up.hello.agent)
               ? agent->number
               : 0;
}

enum status serve_recover_hello(struct serve *serve,
                                const struct intake_message *message,
                                bool *taken)
{
    const struct wire_hello *hello = &message->up.hello;
    struct link *link;
    enum status status = STATUS_OK;

    *taken = false;
    if (!serve_recovers(serve)) {
        status = recovery_hear(
            serve->recovery, number_of(serve, message), hello,
            (struct bytes){hello->checkpoint.bytes, hello->checkpoint.size});
        if (status != STATUS_OK || !serve_recovers(serve)) {
            return status;
        }
    }
    *taken = true;
    link = add_link(serve, &message->key);
    if (link == NULL || hello->protocol != WIRE_PROTOCOL) {
        return STATUS_OK; /* it comes again */
    }
    end_asking(serve, link);
    link->route = message->from;
    link->hello = *hello;
    link->number = 0;
    link->welcomed = link->again = link->done = false;
    link->able = (hello->capabilities & WIRE_CAPABILITY_PAIRS) != 0;
    link->next = serve->entries;
    link->holds = holds(hello);
    status = recognize(serve, link);
    return status == STATUS_OK ? hear(serve, link) : status;
}

/* ---- what comes back ---- */

static enum status take_returned(struct serve *serve, struct link *link,
                                 const struct intake_message *message)
{
    const struct wire_pairs *returned = &message->up.returned;
    struct wire_pair pairs[WIRE_PAIRS_MAX];
    struct buffer whole;
    enum status status;

    link->asked_at = clock_monotonic_us(serve->clock);
    buffer_init(&whole, CONTROL_BYTES_MAX);
    status = wire_pairs_join(returned, message->batches, message->batch_count,
                             &whole, pairs);
    if (status == STATUS_OK) {
        status = recovery_keep(serve->recovery, link->number, pairs,
                               returned->count);
    } else if (status != STATUS_MEMORY) {
        log_warning("returned entries do not hold",
                    log_number("agent", link->number));
        status = STATUS_OK;
    }
    buffer_fini(&whole);
    if (status == STATUS_OK && returned->has_done) {
        end_asking(serve, link);
        if (link->again) {
            link->again = false;
            return STATUS_OK;
        }
        link->done =
            returned->done_to <= link->next || returned->done_to >= link->holds;
        link->next = returned->done_to;
        if (link->done && link->number != 0) {
            status = recovery_answered(serve->recovery, link->number);
        }
    }
    return status;
}

enum status serve_recover_message(struct serve *serve,
                                  const struct intake_message *message,
                                  bool *taken)
{
    struct link *link;

    *taken = serve_recovers(serve);
    switch (*taken ? message->up.kind : WIRE_UP_BATCHES) {
    case WIRE_UP_RETURNED:
        link = find_link(serve, &message->key);
        return link != NULL && link->asked ? take_returned(serve, link, message)
                                           : STATUS_OK;
    case WIRE_UP_HEARTBEAT:
    case WIRE_UP_JOIN:
    case WIRE_UP_ROTATE:
    case WIRE_UP_OPEN_EPOCH:
    case WIRE_UP_COMPARE:
        return say_recovering(serve, &message->from);
    default:
        return STATUS_OK;
    }
}

/* ---- a turn ---- */

/* Links whose control entries have come back meanwhile. */
static enum status recognize_all(struct serve *serve)
{
    struct serve_links *links = serve->links;
    enum status status = STATUS_OK;

    if (links == NULL ||
        links->position == recovery_position(serve->recovery)) {
        return STATUS_OK;
    }
    links->position = recovery_position(serve->recovery);
    for (size_t i = 0; i < links->count && status == STATUS_OK; i++) {
        struct link *link = links->items[i];

        if (link->number != 0) {
            continue;
        }
        status = recognize(serve, link);
        if (status == STATUS_OK && link->number != 0) {
            /* now its batches are worth asking for too */
            link->again = link->asked;
            link->next = serve->entries;
            link->done = false;
            status = hear(serve, link);
        }
    }
    return status;
}

static enum status ask(struct serve *serve, struct link *link)
{
    const struct wire_down down = {
        .kind = WIRE_DOWN_WANTED,
        .wanted = {.from = link->next, .to = link->holds}};
    enum status status =
        intake_send(serve->listen->intake, &link->route, &down);

    if (status == STATUS_NOT_FOUND) {
        link->done = true; /* it says hello again */
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        link->asked = true;
        link->asked_at = clock_monotonic_us(serve->clock);
        serve->links->asked++;
    }
    return status == STATUS_AGAIN ? STATUS_OK : status;
}

/* Asks as many as may be asked at a time; who has nothing has answered. */
static enum status ask_links(struct serve *serve)
{
    struct serve_links *links = serve->links;
    int64_t now = clock_monotonic_us(serve->clock);
    enum status status = STATUS_OK;

    for (size_t i = 0; links != NULL && i < links->count && status == STATUS_OK;
         i++) {
        struct link *link = links->items[i];

        if (link->asked && now - link->asked_at >= SERVE_ASKED_US) {
            end_asking(serve, link);
        }
        if (link->asked || link->done) {
            continue;
        }
        if (!link->able || link->next >= link->holds) {
            link->done = true;
            if (link->number != 0) {
                status = recovery_answered(serve->recovery, link->number);
            }
        } else if (links->asked < SERVE_ASKED_MAX) {
            status = ask(serve, link);
        }
    }
    return status;
}

/* The ledger has got entries that nobody has sent just now. */
static enum status follow(struct serve *serve)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(serve->ledger, &snapshot);

    if (status == STATUS_OK) {
        serve->entries = ledger_snapshot_size(snapshot);
        status = province_advance(serve->province, snapshot);
    }
    ledger_snapshot_close(&snapshot);
    figures_wake(serve->figures);
    return status;
}

/* All is back: from now on the offices send what is new. */
static enum status resume(struct serve *serve)
{
    struct agent_line *line;

    enum status status = serve_open_checkpoints(serve);

    for (size_t i = 0;
         serve->links != NULL && i < serve->links->count && status == STATUS_OK;
         i++) {
        const struct link *link = serve->links->items[i];

        line = agents_find(serve->agents, link->number);
        if (line != NULL && link->welcomed) {
            status = serve_shown(serve, line, &link->hello);
        }
    }
    serve_links_free(&serve->links);
    agents_hold(serve->agents, false);
    serve->keys_position = UINT64_MAX;
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        line->beat_mono = INT64_MIN / 2; /* with credit, at once */
    }
    return status == STATUS_OK ? serve_let_in(serve) : status;
}

enum status serve_recover(struct serve *serve)
{
    bool appended = false;
    bool more = false;
    enum status status = STATUS_OK;

    if (!serve_recovers(serve)) {
        return STATUS_OK;
    }
    agents_hold(serve->agents, true);
    status = recognize_all(serve);
    if (status == STATUS_OK) {
        status = ask_links(serve);
    }
    if (status == STATUS_OK) {
        status = recovery_save(serve->recovery);
    }
    if (status == STATUS_OK) {
        status = recovery_step(serve->recovery, &more, &appended);
    }
    if (status == STATUS_OK && appended) {
        status = follow(serve);
    }
    serve->busy = serve->busy || more;
    if (status == STATUS_OK && !serve_recovers(serve)) {
        return resume(serve);
    }
    return status == STATUS_OK ? serve_let_in(serve) : status;
}
