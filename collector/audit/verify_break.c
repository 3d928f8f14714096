/* What was lost and given up: numbers without an entry, and the control entry
 * that says so. A checkpoint from before cannot be made again where entries are
 * missing; one that the break itself names is accounted for. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/ledger_internal.h"

#include <stdlib.h>

static void found(struct verify_entries *self, const struct entry *entry,
                  enum verify_fault fault)
{
    verify_found(self->results, VERIFY_BREAKS, fault, verify_at_entry(entry),
                 NULL);
}

/* STATUS_NOT_FOUND: the entry is no break. */
static enum status read_break(const struct ledger_snapshot *snapshot,
                              const struct entry *entry,
                              struct control **control)
{
    struct bytes document;
    enum status status = ledger_bytes(snapshot, entry, &document);

    *control = NULL;
    if (status == STATUS_OK) {
        status = control_open(document, NULL, control);
    }
    if (status == STATUS_OK && (*control)->kind != CONTROL_BREAK) {
        control_free(control);
        status = STATUS_NOT_FOUND;
    }
    return status;
}

static void note_break(struct verify_entries *self,
                       const struct control_break *broken)
{
    struct verify_broken *place;

    if (self->broken_count == VERIFY_BREAKS_MAX || broken->missing_count == 0) {
        return;
    }
    place = &self->broken[self->broken_count++];
    place->from = broken->missing[0].from;
    place->size = broken->old_size;
    place->root = broken->old_root;
}

void verify_breaks_read(struct verify_entries *self)
{
    struct entry entry;
    enum status status = ledger_next_control(self->snapshot, 0, &entry);

    while (status == STATUS_OK) {
        struct control *control = NULL;

        if (read_break(self->snapshot, &entry, &control) == STATUS_OK) {
            note_break(self, &control->broken);
        }
        control_free(&control);
        status = ledger_next_control(self->snapshot, entry.index + 1, &entry);
    }
}

enum verify_broken_kind verify_breaks_know(const struct verify_entries *self,
                                           uint64_t size,
                                           const struct digest *root)
{
    for (size_t i = 0; i < self->broken_count; i++) {
        const struct verify_broken *broken = &self->broken[i];

        if (size == broken->size && digest_equal(root, &broken->root)) {
            return VERIFY_BROKEN_NAMED;
        }
        if (size > broken->from && size <= broken->size) {
            return VERIFY_BROKEN_WITHIN;
        }
    }
    return VERIFY_BROKEN_NOT;
}

void verify_missing(struct verify_entries *self, const struct entry *entry)
{
    self->missing++;
    self->results->parts[VERIFY_BREAKS].checked++;
    if (entry->received_at != self->last_received) {
        found(self, entry, VERIFY_FAULT_ENTRY_TIME);
    }
}

/* The numbers that it names hold nothing, and the root over all of them is the
 * one that it gives. */
void verify_break(struct verify_entries *self, const struct entry *entry,
                  const struct control_break *broken)
{
    struct digest root;

    self->results->parts[VERIFY_BREAKS].checked++;
    for (uint32_t i = 0; i < broken->missing_count; i++) {
        uint64_t to = broken->missing[i].to;

        for (uint64_t k = broken->missing[i].from; k < to; k++) {
            struct entry named;

            if (k >= entry->index ||
                ledger_entry(self->snapshot, k, &named) != STATUS_OK ||
                named.kind != ENTRY_MISSING) {
                found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
                return;
            }
            self->told++;
        }
    }
    if (ledger_root(self->snapshot, broken->old_size, &root) != STATUS_OK ||
        !digest_equal(&root, &broken->new_root)) {
        found(self, entry, VERIFY_FAULT_ROOT);
    }
}

void verify_breaks_end(struct verify_entries *self)
{
    if (self->missing > self->told) {
        verify_found(self->results, VERIFY_BREAKS, VERIFY_FAULT_ENTRY_UNTOLD,
                     verify_nowhere(), NULL);
    }
}
