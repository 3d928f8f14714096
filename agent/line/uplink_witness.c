/* The office as a witness: it takes the province's next checkpoint only if that
 * goes on from the one it keeps, stores it, and then cosigns. Now and then it
 * asks for the proof that a receipt of its own lies under it.
 *
 * Failure modes: a checkpoint that is not taken is kept with the one that is
 * held, told to people and to the province; the line goes on, for batches must
 * not wait. A message that has no room waits for it; when the link breaks it is
 * forgotten, and the province shows its checkpoint again. */
#include "agent/line/uplink_internal.h"

#include "agent/line/witness.h"
#include "agent/spool/spool_witness.h"
#include "common/base/log.h"
#include "common/event/reference.h"
#include "common/format/control.h"

#include <string.h>

/* ---- who the ledger is ---- */

/* The name that the administrator gave it. STATUS_NOT_FOUND: it has not come
 * down yet. */
static enum status read_origin(const struct uplink *uplink,
                               char origin[CHECKPOINT_ORIGIN_MAX])
{
    struct control *control = NULL;
    struct bytes document;
    enum status status =
        spool_document(uplink->options.spool, WIRE_DOCUMENT_GENESIS, &document);

    if (status == STATUS_OK) {
        status =
            config_open_control(uplink->options.config, document, &control);
        status = status == STATUS_OK || status == STATUS_MEMORY
                     ? status
                     : STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        size_t size = strlen(control->genesis.origin);

        if (control->kind != CONTROL_GENESIS || size >= CHECKPOINT_ORIGIN_MAX) {
            status = STATUS_NOT_FOUND;
        } else {
            memcpy(origin, control->genesis.origin, size + 1);
        }
    }
    control_free(&control);
    return status;
}

/* ---- hello and welcome ---- */

/* A province that says itself that it has less is one that was restored, or
 * wants to be taken for it. */
enum status uplink_compare_size(struct uplink *uplink, uint64_t entries)
{
    struct checkpoint held;
    struct spool_witness witness;
    uint64_t behind = 0;
    enum status status = spool_witness(uplink->options.spool, &witness);

    uplink->asked.open = false;
    memset(&uplink->saying, 0, sizeof uplink->saying);
    if (status != STATUS_OK || witness.held.size == 0) {
        return status;
    }
    witness_read(&witness.held, &held);
    /* 0 means "not behind" in the record: nothing at all counts as one. */
    if (entries < held.size) {
        behind = entries > 0 ? entries : 1;
        log_warning("the province is behind what this office has seen",
                    log_number("seen", (int64_t)held.size),
                    log_number("has", (int64_t)entries));
    }
    return behind == witness.behind
               ? STATUS_OK
               : spool_witness_behind(uplink->options.spool, behind,
                                      clock_wall_us(uplink->options.clock));
}

/* ---- taking ---- */

static void say_cosign(struct uplink *uplink,
                       const struct checkpoint *checkpoint)
{
    int64_t time = clock_wall_us(uplink->options.clock) / CLOCK_US_PER_S;
    struct wire_cosign *cosign = &uplink->saying.cosign;
    struct buffer text;

    buffer_init(&text, CHECKPOINT_TEXT_MAX);
    if (time >= 0 && checkpoint_write(checkpoint, &text) == STATUS_OK) {
        cosign->size = checkpoint->size;
        cosign->time = time;
        note_cosign(buffer_bytes(&text), uplink->options.sign_keys,
                    (uint64_t)time, &cosign->signature);
        uplink->saying.cosigns = true;
    }
    buffer_fini(&text);
}

static enum status object(struct uplink *uplink, uint32_t reason,
                          const struct wire_note *held,
                          const struct wire_note *given)
{
    enum status status;

    log_error("the province's checkpoint is not taken",
              log_text("why", witness_reason_token(reason)));
    status =
        spool_witness_object(uplink->options.spool, reason,
                             clock_wall_us(uplink->options.clock), held, given);
    if (status == STATUS_OK) {
        uplink->saying.objection = (struct wire_objection){
            .held = *held, .given = *given, .reason = reason};
        uplink->saying.objects = true;
    }
    return status;
}

/* ---- own receipts ---- */

/* The one whose proof has not come, as long as it is a receipt. */
static enum status choose_again(struct uplink *uplink,
                                const struct spool_witness *witness,
                                struct entry *entry)
{
    struct bytes bytes;
    enum status status = STATUS_NOT_FOUND;

    if (witness->asked_times > 0) {
        status =
            spool_pair(uplink->options.spool, witness->asked, entry, &bytes);
    }
    if (status == STATUS_OK &&
        (entry->index != witness->asked || entry->kind != ENTRY_BATCH)) {
        status = spool_witness_answered(uplink->options.spool, witness->asked);
        status = status == STATUS_OK ? STATUS_NOT_FOUND : status;
    }
    return status;
}

/* The newest receipt, or any other one of this epoch when that was shown to lie
 * under a checkpoint before. STATUS_NOT_FOUND: there is none to ask for. */
static enum status choose_receipt(struct uplink *uplink, uint64_t size,
                                  struct entry *entry)
{
    const struct uplink_random *random = &uplink->options.random;
    struct spool_witness witness;
    enum status status = spool_witness(uplink->options.spool, &witness);
    uint64_t last;

    if (status == STATUS_OK) {
        status = choose_again(uplink, &witness, entry);
        if (status != STATUS_NOT_FOUND) {
            return status == STATUS_OK && entry->index >= size
                       ? STATUS_NOT_FOUND
                       : status;
        }
        status = spool_last_receipt(uplink->options.spool, entry);
    }
    if (status != STATUS_OK ||
        (entry->index < size &&
         (witness.proven_at == 0 || entry->index > witness.proven))) {
        return status;
    }
    last = entry->first_seq + entry->count - 1;
    if (entry->epoch_ordinal != uplink->identity.epoch_ordinal ||
        last > UINT32_MAX) {
        return STATUS_NOT_FOUND;
    }
    status = spool_event_receipt(
        uplink->options.spool,
        id60_make(uplink->identity.agent_number, uplink->identity.epoch_ordinal,
                  1 + random->below(random->owner, (uint32_t)last)),
        entry);
    return status == STATUS_OK && entry->index >= size ? STATUS_NOT_FOUND
                                                       : status;
}

static enum status ask_for_receipt(struct uplink *uplink,
                                   const struct checkpoint *under,
                                   const struct wire_note *note)
{
    struct entry entry;
    enum status status = choose_receipt(uplink, under->size, &entry);

    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    uplink->asked.open = true;
    uplink->asked.index = entry.index;
    uplink->asked.under = *under;
    uplink->asked.note = *note;
    entry_write(&entry, uplink->asked.entry);
    uplink->saying.asks = true;
    return spool_witness_ask(uplink->options.spool, entry.index,
                             clock_wall_us(uplink->options.clock));
}

static enum status take_receipt_proof(struct uplink *uplink,
                                      const struct wire_proof *proof)
{
    static const struct wire_note none;
    const struct uplink_asked *asked = &uplink->asked;
    struct spool_witness witness;
    struct digest leaf;
    enum status status;

    merkle_leaf((struct bytes){asked->entry, ENTRY_BYTES}, &leaf);
    if (memcmp(proof->entry, asked->entry, ENTRY_BYTES) != 0 ||
        !merkle_check_inclusion(&leaf, asked->index, asked->under.size,
                                &proof->proof, &asked->under.root)) {
        uplink->asked.open = false;
        return object(uplink, WIRE_OBJECTION_RECEIPT, &asked->note, &none);
    }
    uplink->asked.open = false;
    status = spool_witness_answered(uplink->options.spool, proof->index);
    if (status == STATUS_OK) {
        status = spool_witness(uplink->options.spool, &witness);
    }
    if (status != STATUS_OK ||
        (witness.proven_at != 0 && proof->index <= witness.proven)) {
        return status;
    }
    return spool_witness_proven(uplink->options.spool, proof->index,
                                clock_wall_us(uplink->options.clock));
}

/* ---- breaks ---- */

/* Whether the administrator has put on record, behind all that this office has
 * seen, that entries were lost for good, and the checkpoint goes on from the
 * ledger as it has been since: then that is taken. */
static bool mends(const struct control_break *broken, uint64_t index,
                  const struct witness_judgement *judgement,
                  const struct wire_checkpoint *given)
{
    return control_break_explains(broken, judgement->held.size) &&
           broken->old_size <= index && judgement->given.size > index &&
           given->from_size == broken->old_size &&
           merkle_check_consistency(broken->old_size, judgement->given.size,
                                    &broken->new_root, &judgement->given.root,
                                    &given->proof);
}

static enum status find_break(const struct uplink *uplink,
                              const struct wire_checkpoint *given,
                              struct witness_judgement *judgement)
{
    struct entry entry = {.index = 0};
    struct bytes document;
    enum status status =
        spool_control(uplink->options.spool, 0, &entry, &document);

    while (status == STATUS_OK) {
        struct control *control = NULL;

        if (config_open_control(uplink->options.config, document, &control) ==
                STATUS_OK &&
            control->kind == CONTROL_BREAK &&
            mends(&control->broken, entry.index, judgement, given)) {
            log_warning("the province has lost entries for good; goes on "
                        "behind the break on record",
                        log_number("entry", (int64_t)entry.index));
            judgement->reason = 0;
        }
        control_free(&control);
        status = spool_control(uplink->options.spool, entry.index + 1, &entry,
                               &document);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- checkpoints ---- */

static enum status take(struct uplink *uplink,
                        const struct witness_judgement *judgement,
                        const struct spool_witness *witness,
                        const struct wire_note *note)
{
    enum status status = STATUS_OK;

    if (judgement->given.size != judgement->held.size || witness->behind != 0 ||
        (witness->reason != 0 && witness->settled == 0)) {
        status = spool_witness_take(uplink->options.spool, note,
                                    clock_wall_us(uplink->options.clock));
    }
    if (status != STATUS_OK) {
        return status;
    }
    say_cosign(uplink, &judgement->given);
    return ask_for_receipt(uplink, &judgement->given, note);
}

enum status uplink_take_checkpoint(struct uplink *uplink,
                                   const struct wire_checkpoint *given)
{
    char origin[CHECKPOINT_ORIGIN_MAX];
    struct witness_judgement judgement;
    struct spool_witness witness;
    struct wire_note note = {.size = given->note.size};
    enum status status = read_origin(uplink, origin);

    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    status = spool_witness(uplink->options.spool, &witness);
    if (status != STATUS_OK) {
        return status;
    }
    memcpy(note.bytes, given->note.data, given->note.size);
    witness_judge(&witness.held, given, origin,
                  &uplink->options.config->ledger_key, &judgement);
    if (judgement.reason == WIRE_OBJECTION_NO_PROOF) {
        status = find_break(uplink, given, &judgement);
        if (status == STATUS_OK && judgement.reason == 0) {
            /* What was held is evidence of what the break has changed. */
            status = spool_witness_object(
                uplink->options.spool, WIRE_OBJECTION_NO_PROOF,
                clock_wall_us(uplink->options.clock), &witness.held, &note);
        }
        if (status == STATUS_OK && judgement.reason == 0) {
            status = spool_witness(uplink->options.spool, &witness);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return judgement.reason == 0
               ? take(uplink, &judgement, &witness, &note)
               : object(uplink, judgement.reason, &witness.held, &note);
}

/* ---- proofs for a command ---- */

enum status uplink_ask_proof(struct uplink *uplink)
{
    uint64_t index = 0;
    enum status status = spool_wanted_proof(uplink->options.spool, &index);

    uplink->saying.wanted = index;
    uplink->saying.wants = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status uplink_take_proof(struct uplink *uplink,
                              const struct wire_proof *proof)
{
    struct spool_proof kept = {
        .index = proof->index, .note = proof->note, .path = proof->proof};
    uint64_t wanted = 0;
    enum status status;

    if (proof->note.size == 0) {
        return uplink->asked.open && proof->index == uplink->asked.index
                   ? take_receipt_proof(uplink, proof)
                   : STATUS_OK;
    }
    status = spool_wanted_proof(uplink->options.spool, &wanted);
    if (status != STATUS_OK || wanted != proof->index) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    memcpy(kept.entry, proof->entry, ENTRY_BYTES);
    return spool_put_proof(uplink->options.spool, &kept);
}

/* ---- the line ---- */

/* The next thing to say; false when all is said. */
static bool next_word(struct uplink *uplink, struct wire_up *up, bool **said)
{
    struct uplink_saying *saying = &uplink->saying;

    memset(up, 0, sizeof *up);
    if (saying->cosigns) {
        up->kind = WIRE_UP_COSIGN;
        up->cosign = saying->cosign;
        *said = &saying->cosigns;
    } else if (saying->objects) {
        up->kind = WIRE_UP_OBJECTION;
        up->objection = saying->objection;
        *said = &saying->objects;
    } else if (saying->asks) {
        up->kind = WIRE_UP_PROOF_WANTED;
        up->proof_wanted.index = uplink->asked.index;
        up->proof_wanted.size = uplink->asked.under.size;
        *said = &saying->asks;
    } else if (saying->wants) {
        up->kind = WIRE_UP_PROOF_WANTED;
        up->proof_wanted.index = saying->wanted;
        up->proof_wanted.cosigned = true;
        *said = &saying->wants;
    } else {
        return false;
    }
    return true;
}

void uplink_send_witness(struct uplink *uplink)
{
    struct wire_up up;
    bool *said = NULL;

    while (uplink->state == UPLINK_RUNNING && next_word(uplink, &up, &said)) {
        switch (uplink_socket_send(uplink->socket, &up, NULL, 0)) {
        case STATUS_OK:
            *said = false;
            break;
        case STATUS_AGAIN:
            uplink->blocked = true;
            return;
        default:
            uplink_go_down(uplink, false);
            return;
        }
    }
}
