/* Checkpoints go to the offices and cosignatures come back; and an office gets
 * the proof of an entry of its own.
 *
 * Failure modes: a link that is gone or slow gets the next checkpoint in a
 * minute, or with its next hello. A ledger that lacks what an office holds, or
 * has something else, shows what it has all the same: the office is to judge
 * it. */
#include "collector/line/serve.h"

#include "collector/audit/prove.h"
#include "collector/line/serve_recovery.h"
#include "common/base/log.h"

#include <string.h>

/* ---- opening ---- */

/* There is no genesis yet while a lost ledger is rebuilt from nothing. */
enum status serve_open_checkpoints(struct serve *serve)
{
    const struct context *context = province_context(serve->province);
    const struct control_genesis *genesis = context_genesis(context);
    struct checkpoints_options options = {.ledger = serve->ledger,
                                          .keys = &serve->keys->ledger,
                                          .known =
                                              context_province_keys(context),
                                          .clock = serve->clock};
    static const struct digest nothing;
    struct checkpoint probe;

    if (genesis == NULL || serve->checkpoints != NULL) {
        if (serve->checkpoints != NULL) {
            checkpoints_know(serve->checkpoints, options.known);
        }
        return STATUS_OK;
    }
    if (checkpoint_init(&probe, genesis->origin, 1, &nothing) != STATUS_OK) {
        if (!serve->nameless) {
            log_error("the ledger's name is no name of a key: it signs no "
                      "checkpoints",
                      log_text("origin", genesis->origin));
        }
        serve->nameless = true;
        return STATUS_OK;
    }
    options.origin = genesis->origin;
    return checkpoints_open(&options, &serve->checkpoints);
}

/* ---- what comes up ---- */

enum status serve_shown(struct serve *serve, struct agent_line *line,
                        const struct wire_hello *hello)
{
    struct checkpoints_held held = {.fits = true};
    enum status status = STATUS_OK;

    if (serve->checkpoints != NULL) {
        status = checkpoints_shown(serve->checkpoints, line->number,
                                   &hello->checkpoint, &held);
    }
    line->held = held.size;
    line->held_from = held.from;
    line->disputes = !held.fits;
    /* A break that is on record is to reach the office before the proof that
     * begins at it. */
    line->shown_mono =
        held.from != held.size ? clock_monotonic_us(serve->clock) : 0;
    line->wants = (struct wire_proof_wanted){0};
    line->wants_proof = false;
    return status;
}

static enum status take_cosign(struct serve *serve, struct agent_line *line,
                               const struct context_agent *agent,
                               const struct wire_cosign *cosign)
{
    enum status status = checkpoints_cosigned(serve->checkpoints, agent->number,
                                              &agent->sign_key, cosign);

    if (status == STATUS_OK) {
        line->held = cosign->size;
        line->held_from = cosign->size;
        line->disputes = false;
        return STATUS_OK;
    }
    if (status == STATUS_REFUSED || status == STATUS_NOT_FOUND) {
        log_warning("a cosignature of no checkpoint of this ledger",
                    log_number("agent", agent->number),
                    log_number("size", (int64_t)cosign->size));
        return STATUS_OK;
    }
    /* A tree that cannot be read is trouble by itself. */
    return status == STATUS_CORRUPT ? STATUS_OK : status;
}

enum status serve_witnessed(struct serve *serve,
                            const struct intake_message *message)
{
    const struct context_agent *agent = context_agent_by_curve_key(
        province_context(serve->province), &message->key);
    struct agent_line *line =
        agent == NULL ? NULL : agents_find(serve->agents, agent->number);

    if (line == NULL || !line->welcomed || agent->revoked ||
        serve->checkpoints == NULL) {
        return STATUS_OK;
    }
    switch (message->up.kind) {
    case WIRE_UP_COSIGN:
        return take_cosign(serve, line, agent, &message->up.cosign);
    case WIRE_UP_OBJECTION:
        return checkpoints_objected(serve->checkpoints, agent->number,
                                    &message->up.objection);
    case WIRE_UP_PROOF_WANTED:
        line->wants = message->up.proof_wanted;
        line->wants_proof = true;
        return STATUS_OK;
    default:
        return STATUS_OK;
    }
}

/* ---- what goes down ---- */

/* Sends the last checkpoint with the proof from what the office holds. What it
 * holds may be larger, or another ledger's: then the proof is of nothing, and
 * the office will say so. */
static enum status show(struct serve *serve, struct agent_line *line,
                        const struct ledger_snapshot *snapshot,
                        const struct checkpoint *last,
                        const struct wire_note *note, int64_t now)
{
    struct wire_down down = {.kind = WIRE_DOWN_CHECKPOINT,
                             .checkpoint = {.note = {note->bytes, note->size},
                                            .from_size = line->held_from}};
    enum status status = STATUS_OK;

    if (line->held_from != 0 && line->held_from <= last->size) {
        status = ledger_consistency(snapshot, line->held_from, last->size,
                                    &down.checkpoint.proof);
    }
    line->shown_mono = now;
    if (status == STATUS_OK) {
        (void)!intake_send(serve->listen->intake, &line->route, &down);
    }
    return status == STATUS_CORRUPT || status == STATUS_NOT_FOUND ? STATUS_OK
                                                                  : status;
}

/* Proofs are of an office's own entries only: what others do is not its
 * business. */
static enum status find_proof(const struct agent_line *line,
                              const struct ledger_snapshot *snapshot,
                              struct prove *prove)
{
    const struct wire_proof_wanted *wants = &line->wants;
    enum status status = ledger_entry(snapshot, wants->index, &prove->entry);

    if (status == STATUS_OK && (prove->entry.kind != ENTRY_BATCH ||
                                prove->entry.agent_number != line->number)) {
        status = STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK) {
        return status;
    }
    return wants->size != 0
               ? ledger_inclusion(snapshot, wants->index, wants->size,
                                  &prove->path)
               : prove_make(snapshot, wants->index, wants->cosigned, prove);
}

static enum status send_proof(struct serve *serve, struct agent_line *line,
                              const struct ledger_snapshot *snapshot)
{
    struct wire_down down = {.kind = WIRE_DOWN_PROOF};
    struct prove prove;
    enum status status;

    prove_init(&prove);
    status = find_proof(line, snapshot, &prove);
    if (status == STATUS_OK) {
        down.proof.index = line->wants.index;
        entry_write(&prove.entry, down.proof.entry);
        down.proof.note = buffer_bytes(&prove.note);
        down.proof.proof = prove.path;
        (void)!intake_send(serve->listen->intake, &line->route, &down);
    }
    /* One above the last checkpoint waits for the next. */
    line->wants_proof = status == STATUS_AGAIN;
    prove_fini(&prove);
    return status == STATUS_IO || status == STATUS_MEMORY ? status : STATUS_OK;
}

/* When the office is to be shown the last checkpoint; INT64_MAX: it has it, or
 * there is nothing to show before the ledger has what it lacks. */
static int64_t shows_at(const struct serve *serve,
                        const struct agent_line *line, uint64_t size)
{
    if (!line->welcomed || !agents_live(serve->agents, line) ||
        (line->capabilities & WIRE_CAPABILITY_WITNESS) == 0 || size == 0 ||
        (size == line->held && !line->disputes)) {
        return INT64_MAX;
    }
    return line->shown_mono == 0 ? line->beat_mono
                                 : line->shown_mono + SERVE_WITNESS_US;
}

static enum status tell(struct serve *serve, int64_t now)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t size = checkpoints_to_show(serve->checkpoints);
    const struct checkpoint *last;
    const struct wire_note *note;
    struct agent_line *line;
    enum status status = STATUS_OK;

    (void)checkpoints_last(serve->checkpoints, &last, &note);
    for (size_t i = 0;
         status == STATUS_OK && (line = agents_at(serve->agents, i)) != NULL;
         i++) {
        bool shows = now >= shows_at(serve, line, size);

        if (!shows && !line->wants_proof) {
            continue;
        }
        if (snapshot == NULL) {
            status = ledger_snapshot_open(serve->ledger, &snapshot);
        }
        if (status == STATUS_OK && shows) {
            status = show(serve, line, snapshot, last, note, now);
        }
        if (status == STATUS_OK && line->wants_proof) {
            status = send_proof(serve, line, snapshot);
        }
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

enum status serve_witnesses(struct serve *serve)
{
    const struct context_backup *backup =
        context_backup(province_context(serve->province));
    int64_t now = clock_monotonic_us(serve->clock);
    enum status status = serve_open_checkpoints(serve);

    if (status != STATUS_OK || serve->checkpoints == NULL) {
        return status;
    }
    /* What offices hold may be larger than a ledger that is being restored. */
    status = checkpoints_step(serve->checkpoints, serve->entries,
                              backup == NULL ? 0 : backup->mark.up_to_index,
                              serve_recovers(serve));
    return status == STATUS_OK && !serve_recovers(serve) ? tell(serve, now)
                                                         : status;
}

int64_t serve_witness_due_at(const struct serve *serve)
{
    const struct agent_line *line;
    uint64_t size;
    int64_t at;

    if (serve->checkpoints == NULL || serve_recovers(serve)) {
        return INT64_MAX;
    }
    size = checkpoints_to_show(serve->checkpoints);
    at = checkpoints_due_at(serve->checkpoints, serve->entries);
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        int64_t due = shows_at(serve, line, size);

        at = due < at ? due : at;
    }
    return at;
}
