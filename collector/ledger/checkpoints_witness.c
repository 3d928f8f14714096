/* What offices say of the ledger's checkpoints. A cosignature is worth
 * something only over the text of the ledger's own checkpoint of that size, and
 * a checkpoint that an office shows only with this ledger's signature. */
#include "collector/ledger/checkpoints_internal.h"

#include "common/base/log.h"
#include "common/fold/context.h"

#include <stdlib.h>
#include <string.h>

#define WITNESSES_STEP 64u

struct witness *checkpoints_witness_of(struct checkpoints *checkpoints,
                                       uint32_t agent)
{
    for (size_t i = 0; i < checkpoints->count; i++) {
        if (checkpoints->witnesses[i].agent == agent) {
            return &checkpoints->witnesses[i];
        }
    }
    if (checkpoints->count == checkpoints->room) {
        size_t room = checkpoints->room + WITNESSES_STEP;
        struct witness *more =
            room > CONTEXT_AGENTS_MAX
                ? NULL
                : realloc(checkpoints->witnesses, room * sizeof *more);

        if (more == NULL) {
            return NULL;
        }
        checkpoints->witnesses = more;
        checkpoints->room = room;
    }
    checkpoints->witnesses[checkpoints->count] =
        (struct witness){.agent = agent};
    return &checkpoints->witnesses[checkpoints->count++];
}

/* ---- what offices say ---- */

/* What is held against the ledger, and against the breaks on record. */
static enum status weigh(struct checkpoints *checkpoints,
                         const struct checkpoint *shown,
                         struct checkpoints_held *held,
                         enum checkpoints_trouble *trouble)
{
    struct control_break *broken = calloc(1, sizeof *broken);
    struct ledger_snapshot *snapshot = NULL;
    bool found = false;
    enum status status = STATUS_MEMORY;

    if (broken != NULL) {
        status = ledger_snapshot_open(checkpoints->options.ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        status = checkpoints_compare(snapshot, shown, CHECKPOINTS_BEHIND,
                                     CHECKPOINTS_DISPUTED, trouble);
    }
    held->fits = *trouble != CHECKPOINTS_DISPUTED;
    if (status == STATUS_OK && !held->fits) {
        status = checkpoints_broken(checkpoints, snapshot, shown->size, broken,
                                    &found);
        if (status == STATUS_OK && found) {
            held->from = broken->old_size;
            *trouble = CHECKPOINTS_GOOD;
        }
    }
    ledger_snapshot_close(&snapshot);
    free(broken);
    return status;
}

/* What it shows is evidence, whether or not it objects by itself. */
static enum status keep_dispute(struct checkpoints *checkpoints, uint32_t agent,
                                const struct wire_note *note)
{
    const struct wire_objection objection = {.held = *note,
                                             .given = checkpoints->note,
                                             .reason = WIRE_OBJECTION_NO_PROOF};
    const struct witness *witness = checkpoints_witness_of(checkpoints, agent);

    if (witness == NULL) {
        return STATUS_MEMORY;
    }
    return witness->reason != 0 && witness->settled_at == 0
               ? STATUS_OK
               : checkpoints_objected(checkpoints, agent, &objection);
}

enum status checkpoints_shown(struct checkpoints *checkpoints, uint32_t agent,
                              const struct wire_note *note,
                              struct checkpoints_held *held)
{
    struct checkpoint checkpoint;
    enum checkpoints_trouble trouble = CHECKPOINTS_GOOD;
    bool counts;
    enum status status;

    *held = (struct checkpoints_held){.fits = true};
    if (note->size == 0 ||
        checkpoints_read_any(checkpoints,
                             (struct bytes){note->bytes, note->size},
                             &checkpoint, &counts) != STATUS_OK) {
        return STATUS_OK;
    }
    held->size = checkpoint.size;
    held->from = checkpoint.size;
    status = weigh(checkpoints, &checkpoint, held, &trouble);
    if (!counts) {
        /* Whoever has the former key may say anything of what came after it:
         * only a break that is on record makes something of it. */
        if (held->fits || trouble != CHECKPOINTS_GOOD) {
            *held = (struct checkpoints_held){.fits = true};
        }
        return status;
    }
    if (status == STATUS_OK && trouble != CHECKPOINTS_GOOD &&
        !checkpoints_lasts(checkpoints->trouble)) {
        checkpoints_set_trouble(checkpoints, trouble, checkpoint.size, agent);
    }
    if ((held->fits || trouble != CHECKPOINTS_GOOD) &&
        checkpoint.size > checkpoints->shown.size) {
        checkpoints->shown = checkpoint;
        checkpoints->shown_by = agent;
    }
    return status == STATUS_OK && trouble == CHECKPOINTS_DISPUTED
               ? keep_dispute(checkpoints, agent, note)
               : status;
}

/* Whether the signature is over this ledger's checkpoint of that size. */
static enum status fits(const struct checkpoints *checkpoints,
                        const struct public_key *key,
                        const struct wire_cosign *cosign)
{
    struct ledger_snapshot *snapshot = NULL;
    struct checkpoint checkpoint = checkpoints->last;
    struct buffer text;
    enum status status = STATUS_OK;

    if (cosign->size != checkpoint.size) {
        status = ledger_snapshot_open(checkpoints->options.ledger, &snapshot);
        if (status == STATUS_OK) {
            status = ledger_root(snapshot, cosign->size, &checkpoint.root);
            checkpoint.size = cosign->size;
        }
        ledger_snapshot_close(&snapshot);
    }
    if (status != STATUS_OK) {
        return status;
    }
    buffer_init(&text, CHECKPOINT_TEXT_MAX);
    status = checkpoint_write(&checkpoint, &text);
    if (status == STATUS_OK &&
        !note_cosigned(buffer_bytes(&text), key, (uint64_t)cosign->time,
                       &cosign->signature)) {
        status = STATUS_REFUSED;
    }
    buffer_fini(&text);
    return status;
}

/* I11. One that says now this and now that costs a commit each time. */
static bool may_write(const struct checkpoints *checkpoints,
                      struct witness *witness)
{
    int64_t now = clock_monotonic_us(checkpoints->options.clock);

    if (witness->words == 0 ||
        now >= witness->words_since + CHECKPOINTS_WORDS_US) {
        witness->words_since = now;
        witness->words = 0;
    }
    return witness->words++ < CHECKPOINTS_WORDS_MAX;
}

/* The agent has seen a proof since: what it objected to was a fault on the
 * way, or another history that is over. It stays on record. */
static enum status settle(struct checkpoints *checkpoints,
                          struct witness *witness)
{
    struct ledger *ledger = checkpoints->options.ledger;
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_witness read;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_next_witness(snapshot, witness->agent, &read);
    }
    ledger_snapshot_close(&snapshot);
    if (status != STATUS_OK || read.agent != witness->agent) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    read.objection.settled = clock_wall_us(checkpoints->options.clock);
    status = ledger_begin(ledger);
    if (status == STATUS_OK) {
        status = ledger_keep_objection(ledger, witness->agent, &read.objection);
        if (status == STATUS_OK) {
            status = ledger_commit(ledger);
        } else {
            ledger_rollback(ledger);
        }
    }
    if (status == STATUS_OK) {
        witness->settled_at = read.objection.settled;
    }
    return status == STATUS_FULL ? STATUS_OK : status;
}

enum status checkpoints_cosigned(struct checkpoints *checkpoints,
                                 uint32_t agent, const struct public_key *key,
                                 const struct wire_cosign *cosign)
{
    struct witness *witness;
    enum status status;

    if (cosign->size == 0 || checkpoints->last.size == 0) {
        return STATUS_NOT_FOUND;
    }
    status = fits(checkpoints, key, cosign);
    if (status != STATUS_OK) {
        return status;
    }
    if (cosign->size != checkpoints->last.size &&
        checkpoints->trouble != CHECKPOINTS_GOOD) {
        return STATUS_OK; /* it might have to be signed again */
    }
    witness = checkpoints_witness_of(checkpoints, agent);
    if (witness == NULL) {
        return STATUS_MEMORY;
    }
    if (cosign->size > witness->cosignature.size) {
        witness->cosignature =
            (struct ledger_cosignature){.size = cosign->size,
                                        .time = cosign->time,
                                        .key = *key,
                                        .signature = cosign->signature};
        checkpoints->dirty = true;
    }
    return witness->reason != 0 && witness->settled_at == 0 &&
                   may_write(checkpoints, witness)
               ? settle(checkpoints, witness)
               : STATUS_OK;
}

/* A complaint is written down once, however often it is made. */
enum status checkpoints_objected(struct checkpoints *checkpoints,
                                 uint32_t agent,
                                 const struct wire_objection *objection)
{
    struct ledger *ledger = checkpoints->options.ledger;
    struct ledger_objection kept = {
        .reason = objection->reason,
        .at = clock_wall_us(checkpoints->options.clock),
        .held = objection->held,
        .given = objection->given,
    };
    struct witness *witness = checkpoints_witness_of(checkpoints, agent);
    enum status status;

    if (witness == NULL) {
        return STATUS_MEMORY;
    }
    if ((witness->settled_at == 0 && witness->reason == objection->reason) ||
        !may_write(checkpoints, witness)) {
        return STATUS_OK;
    }
    log_error("an office does not take the ledger's checkpoint",
              log_number("agent", agent),
              log_text("why", checkpoints_reason_token(objection->reason)));
    witness->reason = kept.reason;
    witness->objected_at = kept.at;
    witness->settled_at = 0;
    status = ledger_begin(ledger);
    if (status == STATUS_OK) {
        status = ledger_keep_objection(ledger, agent, &kept);
        if (status == STATUS_OK) {
            status = ledger_commit(ledger);
        } else {
            ledger_rollback(ledger);
        }
    }
    return status == STATUS_FULL ? STATUS_OK : status;
}

/* ---- for people ---- */

void checkpoints_standing(const struct checkpoints *checkpoints,
                          struct checkpoints_standing *standing)
{
    *standing = (struct checkpoints_standing){
        .size = checkpoints->last.size,
        .root = checkpoints->last.root,
        .signed_at = checkpoints->signed_at,
        .trouble = checkpoints->trouble,
        .trouble_size = checkpoints->trouble_size,
        .trouble_agent = checkpoints->trouble_agent,
    };
    for (size_t i = 0; i < checkpoints->count; i++) {
        const struct witness *witness = &checkpoints->witnesses[i];
        uint64_t size = witness->cosignature.size;

        standing->witnesses += size != 0;
        standing->current += size != 0 && size == checkpoints->last.size;
        standing->objections +=
            witness->reason != 0 && witness->settled_at == 0;
    }
}

bool checkpoints_witness(const struct checkpoints *checkpoints, size_t position,
                         struct checkpoints_witness *out)
{
    const struct witness *witness = &checkpoints->witnesses[position];

    if (position >= checkpoints->count) {
        return false;
    }
    *out = (struct checkpoints_witness){
        .agent = witness->agent,
        .size = witness->cosignature.size,
        .time = witness->cosignature.time,
        .reason = witness->reason,
        .objected_at = witness->objected_at,
        .settled_at = witness->settled_at,
    };
    return true;
}
