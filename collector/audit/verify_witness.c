/* What offices have said of the ledger, as it is kept beside the entries. A
 * cosignature names a checkpoint that must still be there, and is made with a
 * key that the office has had; an objection holds the two notes that it is
 * about, and what this ledger's key has signed in them must be true of the
 * entries. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/ledger_notes.h"
#include "common/event/reference.h"
#include "common/format/wire.h"

#include <stdio.h>
#include <stdlib.h>

static void found(struct verify_entries *self, enum verify_fault fault,
                  uint64_t size, uint32_t agent)
{
    char note[VERIFY_NOTE_MAX];

    verify_note(self->results, note, "trạm %u", "agent %u", (unsigned)agent);
    verify_found(self->results, VERIFY_CHECKPOINTS, fault,
                 verify_at_index(size), note);
}

static void look_at_cosignature(struct verify_entries *self, uint32_t agent,
                                const struct ledger_cosignature *cosignature)
{
    struct note note;
    struct bytes bytes;
    uint64_t size = 0;

    if (ledger_next_checkpoint(self->snapshot, cosignature->size, &size,
                               &bytes) != STATUS_OK ||
        size != cosignature->size) {
        found(self, VERIFY_FAULT_NOTE_GONE, cosignature->size, agent);
    } else if (note_open(bytes, &note) != STATUS_OK ||
               !context_has_signed(self->context, agent, &cosignature->key) ||
               !note_cosigned(note.text, &cosignature->key,
                              (uint64_t)cosignature->time,
                              &cosignature->signature)) {
        found(self, VERIFY_FAULT_NOTE_COSIGNATURE, cosignature->size, agent);
    }
}

/* A note that was shown to the ledger, or by it: what the ledger's own key has
 * signed holds, but for what a recorded break explains. */
static void look_at_note(struct verify_entries *self, uint32_t agent,
                         const struct wire_note *shown)
{
    const struct control_genesis *genesis = context_genesis(self->context);
    struct checkpoint checkpoint;
    struct digest root;

    if (genesis == NULL || shown->size == 0 ||
        verify_note_open(self, (struct bytes){shown->bytes, shown->size},
                         genesis->origin, &checkpoint) != STATUS_OK) {
        return;
    }
    if (checkpoint.size > self->next) {
        found(self, VERIFY_FAULT_NOTE_LARGER, checkpoint.size, agent);
    } else if ((ledger_root(self->snapshot, checkpoint.size, &root) !=
                    STATUS_OK ||
                !digest_equal(&root, &checkpoint.root)) &&
               verify_breaks_know(self, checkpoint.size, &checkpoint.root,
                                  NULL) == VERIFY_BROKEN_NOT) {
        found(self, VERIFY_FAULT_NOTE_ROOT, checkpoint.size, agent);
    }
}

void verify_witnesses(struct verify_entries *self)
{
    struct ledger_witness *witness = calloc(1, sizeof *witness);
    uint64_t last = 0;
    struct bytes note;
    enum status status = STATUS_OK;

    if (witness == NULL) {
        self->status = STATUS_MEMORY;
        return;
    }
    while (status == STATUS_OK) {
        status =
            ledger_next_witness(self->snapshot, witness->agent + 1, witness);
        if (status == STATUS_OK && witness->agent > REFERENCE_AGENT_MAX) {
            status = STATUS_CORRUPT; /* nobody's row */
        }
        if (status == STATUS_OK) {
            self->results->parts[VERIFY_CHECKPOINTS].checked++;
            if (witness->cosignature.size > 0) {
                look_at_cosignature(self, witness->agent,
                                    &witness->cosignature);
            }
            look_at_note(self, witness->agent, &witness->objection.held);
            look_at_note(self, witness->agent, &witness->objection.given);
        }
    }
    free(witness);
    if (status != STATUS_NOT_FOUND) {
        verify_found(self->results, VERIFY_CHECKPOINTS, VERIFY_FAULT_VALUE,
                     verify_nowhere(), NULL);
    }
    /* The last one is always kept: an office cannot have a larger one. */
    if (self->outside_size > 0 &&
        (ledger_checkpoint_below(self->snapshot, UINT64_MAX, &last, &note) !=
             STATUS_OK ||
         last < self->outside_size)) {
        verify_found(self->results, VERIFY_CHECKPOINTS, VERIFY_FAULT_NOTE_GONE,
                     verify_at_index(self->outside_size), NULL);
    }
}
