/* Entries with their bytes: every office that can keeps a mirror of the
 * ledger's control entries, so that a province which lost its disk finds them
 * again.
 * Failure modes: an office that does not answer gets nothing more until it
 * says hello again; one whose queue is full gets it later. */
#include "collector/line/serve_recovery.h"

#include "common/base/log.h"
#include "common/format/wire_pairs.h"

static bool gives_break(const struct serve *serve,
                        const struct agent_line *line)
{
    return line->mirror.breaks <
           context_break_count(province_context(serve->province));
}

static bool gives_controls(const struct serve *serve,
                           const struct agent_line *line)
{
    /* Mirrors are what a ledger comes back from: they stand still meanwhile. */
    return (line->capabilities & WIRE_CAPABILITY_PAIRS) != 0 &&
           !line->mirror.on_its_way && !serve_recovers(serve) &&
           (line->mirror.next < province_position(serve->province) ||
            gives_break(serve, line));
}

/* What cannot be read is given again. */
size_t serve_breaks_followed(struct serve *serve,
                             const struct wire_hello *hello)
{
    const struct context *context = province_context(serve->province);
    struct ledger_snapshot *snapshot = NULL;
    size_t count = context_break_count(context);
    size_t followed = hello->follows_breaks ? 0 : count;

    if (count == 0 || !hello->follows_breaks ||
        ledger_snapshot_open(serve->ledger, &snapshot) != STATUS_OK) {
        return followed;
    }
    for (size_t i = 0; i < count; i++) {
        struct entry entry;

        if (ledger_entry(snapshot, context_break_at(context, i), &entry) ==
                STATUS_OK &&
            digest_equal(&entry.digest, &hello->last_break)) {
            followed = i + 1;
        }
    }
    ledger_snapshot_close(&snapshot);
    return followed;
}

bool serve_recovers(const struct serve *serve)
{
    return recovery_active(serve->recovery);
}

enum status serve_context(struct serve *serve, const struct context **context)
{
    *context = province_context(serve->province);
    return serve_recovers(serve) ? recovery_context(serve->recovery, context)
                                 : STATUS_OK;
}

bool serve_gives(const struct serve *serve, const struct agent_line *line)
{
    return gives_controls(serve, line) || line->history.wanted;
}

/* Gathers control entries from `next` on, whose bytes lie in the snapshot. */
static enum status gather(const struct ledger_snapshot *snapshot, uint64_t next,
                          struct wire_pack *pack)
{
    enum status status = STATUS_OK;

    pack->pairs.done_to = next;
    while (status == STATUS_OK) {
        struct entry entry;
        struct bytes document;

        status = ledger_next_control(snapshot, pack->pairs.done_to, &entry);
        if (status == STATUS_OK) {
            status = ledger_bytes(snapshot, &entry, &document);
        }
        if (status == STATUS_OK && !wire_pack_add(pack, &entry, document)) {
            break;
        }
        if (status == STATUS_OK) {
            pack->pairs.done_to = entry.index + 1;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A break goes ahead of all else: by it the office knows from where on its
 * mirror is of a history that is over, and says where to go on. */
static enum status gather_break(const struct serve *serve,
                                const struct agent_line *line,
                                const struct ledger_snapshot *snapshot,
                                struct wire_pack *pack)
{
    uint64_t index = context_break_at(province_context(serve->province),
                                      line->mirror.breaks);
    struct bytes document;
    struct entry entry;
    enum status status = ledger_entry(snapshot, index, &entry);

    if (status == STATUS_OK) {
        status = ledger_bytes(snapshot, &entry, &document);
    }
    if (status == STATUS_OK && wire_pack_add(pack, &entry, document)) {
        pack->pairs.done_to = line->mirror.next;
    }
    return status;
}

static enum status give_controls(struct serve *serve, struct agent_line *line)
{
    struct wire_down down = {.kind = WIRE_DOWN_GIVEN};
    struct wire_pack pack = {.bytes = 0};
    struct ledger_snapshot *snapshot = NULL;
    enum status status;

    status = ledger_snapshot_open(serve->ledger, &snapshot);
    line->mirror.on_a_break = gives_break(serve, line);
    if (status == STATUS_OK) {
        status = line->mirror.on_a_break
                     ? gather_break(serve, line, snapshot, &pack)
                     : gather(snapshot, line->mirror.next, &pack);
    }
    if (status == STATUS_OK && pack.pairs.count > 0) {
        down.given = pack.pairs;
        down.given.purpose = WIRE_PURPOSE_CONTROLS;
        status = intake_send_frames(serve->listen->intake, &line->route, &down,
                                    pack.frames, pack.frame_count);
        line->mirror.on_its_way = status == STATUS_OK;
        line->mirror.no_room = status == STATUS_AGAIN;
    }
    ledger_snapshot_close(&snapshot);
    return status == STATUS_AGAIN ? STATUS_OK : status;
}

enum status serve_give(struct serve *serve, struct agent_line *line)
{
    enum status status = STATUS_OK;

    line->mirror.no_room = false;
    if (gives_controls(serve, line)) {
        status = give_controls(serve, line);
    }
    if (status == STATUS_OK && line->history.wanted) {
        status = serve_give_history(serve, line);
    }
    return status;
}

void serve_taken(struct agent_line *line, const struct wire_taken *taken)
{
    if (line != NULL && taken->purpose == WIRE_PURPOSE_HISTORY) {
        line->history =
            (struct agent_history){.wanted = true, .next = taken->done_to};
        return;
    }
    if (line == NULL || taken->purpose != WIRE_PURPOSE_CONTROLS ||
        !line->mirror.on_its_way) {
        return;
    }
    if (line->mirror.on_a_break && taken->done_to <= line->mirror.next) {
        line->mirror.on_its_way = false;
        line->mirror.breaks++;
        line->mirror.next = taken->done_to;
        return;
    }
    /* A break in its place that the office did not know takes entries out of
     * its mirror. More than once a hello nobody is given the same anew. */
    if (line->mirror.on_a_break ||
        (taken->done_to <= line->mirror.next && line->mirror.went_back)) {
        return;
    }
    line->mirror.went_back |= taken->done_to <= line->mirror.next;
    line->mirror.on_its_way = false;
    line->mirror.next = taken->done_to;
}
