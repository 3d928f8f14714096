/* An office's own past, back to a machine that took the place of a lost one:
 * what the ledger has of its closed epochs, in the ledger's order, one message
 * for each that it asks for. Nothing is remembered between them but the request
 * itself, so that an answer that is lost is asked for again.
 *
 * Failure modes: bytes that cannot be read now (damaged, or on a disk that is
 * away) end it until the office says hello again; what was erased by order is
 * given without bytes. */
#include "collector/line/serve.h"

#include "common/base/log.h"
#include "common/format/wire_pairs.h"

struct gathering {
    const struct ledger_snapshot *snapshot;
    struct wire_pack *pack;
    struct buffer memory; /* what is gathered lies here */
    uint64_t from;
    bool is_full;
};

/* The first sequence of an epoch whose entry is not before `from`: indexes grow
 * with it. */
static enum status first_seq(const struct gathering *gathering,
                             const struct context_agent *agent,
                             const struct context_epoch *epoch, uint64_t end,
                             uint64_t *seq)
{
    uint64_t low = 1;
    uint64_t high = end;
    struct entry entry;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && low < high) {
        status =
            ledger_find_event(gathering->snapshot, agent->number,
                              epoch->ordinal, low + (high - low) / 2, &entry);
        if (status == STATUS_OK && entry.index < gathering->from) {
            low = entry.first_seq + entry.count;
        } else if (status == STATUS_OK) {
            high = entry.first_seq;
        }
    }
    *seq = low;
    return status;
}

/* STATUS_NOT_FOUND: the pack is full. */
static enum status add(struct gathering *gathering, const struct entry *entry)
{
    const uint8_t *at = gathering->memory.data + gathering->memory.size;
    struct bytes bytes;
    enum status status = ledger_bytes(gathering->snapshot, entry, &bytes);

    if (status == STATUS_ERASED) {
        bytes = (struct bytes){NULL, 0};
        status = STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = buffer_append(&gathering->memory, bytes);
    }
    if (status == STATUS_FULL ||
        (status == STATUS_OK &&
         !wire_pack_add(gathering->pack, entry,
                        (struct bytes){.data = at, .size = bytes.size}))) {
        gathering->is_full = true;
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        gathering->pack->pairs.done_to = entry->index + 1;
    }
    return status;
}

static enum status gather_epoch(struct gathering *gathering,
                                const struct context_agent *agent,
                                const struct context_epoch *epoch)
{
    struct ledger_stream stream;
    struct entry entry;
    uint64_t seq = 1;
    enum status status =
        ledger_stream(gathering->snapshot, &agent->id, &epoch->id, &stream);

    if (status != STATUS_OK || stream.next_seq == 1 ||
        stream.last_index < gathering->from) {
        return status;
    }
    status = first_seq(gathering, agent, epoch, stream.next_seq, &seq);
    while (status == STATUS_OK && seq < stream.next_seq) {
        status = ledger_find_event(gathering->snapshot, agent->number,
                                   epoch->ordinal, seq, &entry);
        if (status == STATUS_OK) {
            status = add(gathering, &entry);
        }
        if (status == STATUS_OK) {
            seq = entry.first_seq + entry.count;
        }
    }
    return status;
}

static enum status gather(struct serve *serve, const struct agent_line *line,
                          struct gathering *gathering)
{
    const struct context_agent *agent =
        context_agent(province_context(serve->province), line->number);
    enum status status = STATUS_OK;

    gathering->pack->pairs.done_to = gathering->from;
    for (uint32_t i = 0; agent != NULL && i + 1 < agent->epoch_count &&
                         status == STATUS_OK && !gathering->is_full;
         i++) {
        status = gather_epoch(gathering, agent, &agent->epochs[i]);
    }
    return gathering->is_full ? STATUS_OK : status;
}

/* What cannot be read now is not given; the rest waits behind it. */
static enum status pass_over(struct agent_line *line, enum status status)
{
    if (status != STATUS_CORRUPT && status != STATUS_AWAY &&
        status != STATUS_NOT_FOUND) {
        return status;
    }
    log_error("an office's past cannot be read",
              log_number("agent", line->number), log_status("status", status));
    line->history.wanted = false;
    return STATUS_AGAIN;
}

enum status serve_give_history(struct serve *serve, struct agent_line *line)
{
    struct wire_down down = {.kind = WIRE_DOWN_GIVEN};
    struct wire_pack pack = {.bytes = 0};
    struct gathering gathering = {.pack = &pack, .from = line->history.next};
    struct ledger_snapshot *snapshot = NULL;
    enum status status;

    buffer_init(&gathering.memory, WIRE_PAIRS_BYTES_MAX);
    /* What is gathered is pointed to: the memory must not move. */
    status = buffer_reserve(&gathering.memory, WIRE_PAIRS_BYTES_MAX);
    if (status == STATUS_OK) {
        status = ledger_snapshot_open(serve->ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        gathering.snapshot = snapshot;
        status = gather(serve, line, &gathering);
        status = status == STATUS_OK ? STATUS_OK : pass_over(line, status);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK) {
        down.given = pack.pairs;
        down.given.purpose = WIRE_PURPOSE_HISTORY;
        status = intake_send_frames(serve->listen->intake, &line->route, &down,
                                    pack.frames, pack.frame_count);
        line->history.wanted = status == STATUS_AGAIN;
        line->mirror.no_room = line->mirror.no_room || status == STATUS_AGAIN;
    }
    buffer_fini(&gathering.memory);
    return status == STATUS_AGAIN ? STATUS_OK : status;
}
