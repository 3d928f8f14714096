/* Which checkpoints may go: a ledger signs thousands a day, and an auditor
 * needs one an hour. */
#include "collector/ledger/checkpoints_internal.h"

#include <stdlib.h>

#define HOUR_US (INT64_C(3600) * CLOCK_US_PER_S)

static bool witnessed(const struct checkpoints *checkpoints, uint64_t size)
{
    for (size_t i = 0; i < checkpoints->count; i++) {
        if (checkpoints->witnesses[i].cosignature.size == size) {
            return true;
        }
    }
    return false;
}

static enum status hour_of(const struct ledger_snapshot *snapshot,
                           uint64_t size, int64_t *hour)
{
    struct entry entry;
    enum status status = ledger_entry(snapshot, size - 1, &entry);

    *hour = status == STATUS_OK ? entry.received_at / HOUR_US : 0;
    return status;
}

/* Whether a checkpoint that is not the last may go. What cannot be read is
 * no reason to remove anything. */
static bool may_go(const struct checkpoints *checkpoints,
                   const struct ledger_snapshot *snapshot, uint64_t size)
{
    uint64_t before = 0;
    int64_t hour = 0;
    int64_t hour_before = 0;
    struct bytes note;

    return size != 0 && size > checkpoints->marked &&
           !witnessed(checkpoints, size) &&
           ledger_checkpoint_below(snapshot, size, &before, &note) ==
               STATUS_OK &&
           before != 0 && hour_of(snapshot, size, &hour) == STATUS_OK &&
           hour_of(snapshot, before, &hour_before) == STATUS_OK &&
           hour == hour_before;
}

enum status checkpoints_leaving(const struct checkpoints *checkpoints,
                                const struct ledger_snapshot *snapshot,
                                uint64_t last,
                                struct checkpoints_leaving *leaving)
{
    leaving->sizes = calloc(checkpoints->count + 1, sizeof leaving->sizes[0]);
    leaving->count = 0;
    if (leaving->sizes == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < checkpoints->count; i++) {
        const struct witness *witness = &checkpoints->witnesses[i];

        if (witness->stored != witness->cosignature.size &&
            witness->stored != last &&
            may_go(checkpoints, snapshot, witness->stored)) {
            leaving->sizes[leaving->count++] = witness->stored;
        }
    }
    if (checkpoints->last.size != last &&
        may_go(checkpoints, snapshot, checkpoints->last.size)) {
        leaving->sizes[leaving->count++] = checkpoints->last.size;
    }
    return STATUS_OK;
}

enum status checkpoints_keep_again(const struct checkpoints *checkpoints,
                                   const struct ledger_snapshot *snapshot,
                                   uint64_t size)
{
    struct checkpoint checkpoint;
    struct wire_note note;
    struct bytes kept;
    uint64_t found = 0;
    enum status status = ledger_next_checkpoint(snapshot, size, &found, &kept);

    if (status == STATUS_OK && found == size) {
        return STATUS_OK;
    }
    status = checkpoints_make(checkpoints, snapshot, size, &checkpoint, &note);
    if (status == STATUS_CORRUPT) {
        return STATUS_OK; /* a tree that cannot be read is trouble by itself */
    }
    return status == STATUS_OK
               ? ledger_keep_checkpoint(checkpoints->options.ledger, size,
                                        (struct bytes){note.bytes, note.size})
               : status;
}
