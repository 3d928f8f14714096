/* Who calls while a ledger comes back. Failure modes: what a hello says is put
 * on the disk before it is answered; without room it is not answered, and comes
 * again. */
#include "collector/line/serve_recovery_internal.h"

#include "common/base/log.h"

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

static enum status welcome(struct serve *serve, struct serve_link *link,
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
    serve_welcome(serve, line, &link->hello);
    link->welcomed = true;
    status = serve_send_down(serve, &link->route, &down);
    return status == STATUS_OK ? serve_say_recovering(serve, &link->route)
                               : status;
}

/* NULL: a stranger, as far as is known. Revoked offices and copies are asked
 * too, and told when all is back. */
static enum status identify(struct serve *serve, const struct public_key *key,
                            const struct wire_hello *hello,
                            const struct context_agent **agent)
{
    const struct context *context = NULL;
    enum status status = serve_context(serve, &context);

    *agent = NULL;
    if (status == STATUS_OK) {
        *agent = context_agent_by_curve_key(context, key);
    }
    if (*agent != NULL &&
        (!(*agent)->joined || !random_id_equal(&(*agent)->id, &hello->agent))) {
        *agent = NULL;
    }
    return status;
}

static enum status hear(struct serve *serve, uint32_t number,
                        const struct wire_hello *hello)
{
    return recovery_hear(serve->recovery, number, hello,
                         (struct bytes){.data = hello->checkpoint.bytes,
                                        .size = hello->checkpoint.size});
}

static enum status welcome_known(struct serve *serve, struct serve_link *link,
                                 const struct context_agent *agent)
{
    const struct context_epoch *epoch = epoch_of(agent, &link->hello.epoch);

    return epoch != NULL && epoch->end_seq == 0 && !agent->revoked
               ? welcome(serve, link, agent, epoch)
               : STATUS_OK;
}

/* The offices that were welcomed before it was known that entries are missing
 * say no hello again. */
static enum status link_lines(struct serve *serve)
{
    const struct context *context = province_context(serve->province);
    const struct agent_line *line;
    enum status status = STATUS_OK;

    for (size_t i = 0;
         status == STATUS_OK && (line = agents_at(serve->agents, i)) != NULL;
         i++) {
        const struct context_agent *agent =
            context_agent(context, line->number);
        struct wire_hello hello = {.capabilities = line->capabilities,
                                   .last_index = line->holds};
        struct serve_link *link;

        if (agent == NULL || !line->welcomed || !line->has_route ||
            !agents_live(serve->agents, line)) {
            continue;
        }
        link = serve_links_hello(serve->links, &agent->curve_key, line->number,
                                 serve_now(serve));
        if (link == NULL) {
            return STATUS_MEMORY;
        }
        serve_links_begin(link, &hello, serve->entries);
        link->route = line->route;
        link->welcomed = true;
        status = hear(serve, line->number, &hello);
    }
    return status;
}

static enum status make_links(struct serve *serve)
{
    if (serve->links != NULL) {
        return STATUS_OK;
    }
    serve->links = serve_links_new();
    return serve->links == NULL ? STATUS_MEMORY
                                : serve_without_room(serve, link_lines(serve));
}

/* A hello that cannot be kept is not answered: it comes again. */
static enum status take_hello(struct serve *serve,
                              const struct intake_message *message)
{
    const struct wire_hello *hello = &message->up.hello;
    const struct context_agent *agent = NULL;
    struct serve_link *link;
    uint32_t number;
    enum status status = identify(serve, &message->key, hello, &agent);

    if (status != STATUS_OK || hello->protocol != WIRE_PROTOCOL) {
        return status;
    }
    number = agent == NULL ? 0 : agent->number;
    status = hear(serve, number, hello);
    if (status != STATUS_OK) {
        return serve_without_room(serve, status);
    }
    link = serve_links_hello(serve->links, &message->key, number,
                             serve_now(serve));
    if (link == NULL) {
        return STATUS_MEMORY;
    }
    serve_links_begin(link, hello, serve->entries);
    link->route = message->from;
    link->greeted = true;
    return agent == NULL ? STATUS_OK : welcome_known(serve, link, agent);
}

enum status serve_recover_hello(struct serve *serve,
                                const struct intake_message *message,
                                bool *taken)
{
    const struct context_agent *agent = NULL;
    enum status status = STATUS_OK;

    *taken = false;
    if (!serve_recovers(serve)) {
        status = identify(serve, &message->key, &message->up.hello, &agent);
        if (status == STATUS_OK) {
            status = hear(serve, agent == NULL ? 0 : agent->number,
                          &message->up.hello);
        }
        status = serve_without_room(serve, status);
    }
    if (status != STATUS_OK || !serve_recovers(serve)) {
        return status;
    }
    *taken = true;
    status = make_links(serve);
    return status == STATUS_OK ? take_hello(serve, message) : status;
}

/* A stranger who turns out to be an office: now its batches are worth asking
 * for too. */
static enum status recognize(struct serve *serve, struct serve_link *link)
{
    const struct context_agent *agent = NULL;
    enum status status = identify(serve, &link->key, &link->hello, &agent);

    if (status != STATUS_OK || agent == NULL) {
        return status;
    }
    status = hear(serve, agent->number, &link->hello);
    if (status != STATUS_OK) {
        return status;
    }
    serve_links_know(serve->links, link, agent->number);
    link->again = link->owes;
    link->next = serve->entries;
    link->done = false;
    serve->links->changed = true;
    return welcome_known(serve, link, agent);
}

/* An office whose machine was replaced: that of before is a stranger. */
static enum status doubt(struct serve *serve, struct serve_link *link)
{
    const struct context *context = NULL;
    const struct context_agent *agent;
    enum status status = serve_context(serve, &context);

    if (status != STATUS_OK) {
        return status;
    }
    agent = context_agent_by_curve_key(context, &link->key);
    if (agent == NULL || agent->number != link->number) {
        log_warning("a machine that was replaced has answered for its office",
                    log_number("agent", link->number));
        serve_links_forget(serve->links, link);
    }
    return STATUS_OK;
}

/* Links whose control entries have come back meanwhile. */
enum status serve_recognize(struct serve *serve)
{
    struct serve_links *links = serve->links;
    uint64_t position = recovery_position(serve->recovery);
    enum status status = STATUS_OK;

    if (links == NULL || links->position == position) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < links->count && status == STATUS_OK; i++) {
        if (links->items[i]->number != 0) {
            status = doubt(serve, links->items[i]);
        }
    }
    for (size_t i = 0; i < links->count && status == STATUS_OK; i++) {
        if (links->items[i]->number == 0) {
            status = recognize(serve, links->items[i]);
        }
    }
    if (status == STATUS_OK) {
        links->position = position;
    }
    return status;
}
