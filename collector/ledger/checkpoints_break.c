/* A recorded break: entries were lost for good, and the administrator has said
 * so in the ledger. What was signed before it has another root than the ledger
 * has now, rightly; from the break on it must hold together again. */
#include "collector/ledger/checkpoints_internal.h"

#include "common/format/control.h"

#include <stdlib.h>

static enum status look_at(const struct checkpoints *checkpoints,
                           const struct ledger_snapshot *snapshot,
                           const struct entry *entry, uint64_t size,
                           struct control_break *broken, bool *found)
{
    struct control *control = NULL;
    struct bytes document;
    enum status status = ledger_bytes(snapshot, entry, &document);

    if (status == STATUS_OK) {
        status = control_open(
            document,
            province_keys_administrator_at(&checkpoints->known, entry->index),
            &control);
    }
    if (status == STATUS_OK && control->kind == CONTROL_BREAK &&
        control_break_explains(&control->broken, size) &&
        control->broken.old_size <= entry->index) {
        *broken = control->broken;
        *found = true;
    }
    control_free(&control);
    /* What somebody else has signed, or is damaged, says nothing. */
    return status == STATUS_IO || status == STATUS_MEMORY ? status : STATUS_OK;
}

enum status checkpoints_broken(const struct checkpoints *checkpoints,
                               const struct ledger_snapshot *snapshot,
                               uint64_t size, struct control_break *broken,
                               bool *found)
{
    struct entry entry = {.index = 0};
    enum status status = ledger_next_control(snapshot, 0, &entry);

    *found = false;
    while (status == STATUS_OK) {
        status = look_at(checkpoints, snapshot, &entry, size, broken, found);
        if (status == STATUS_OK) {
            status = ledger_next_control(snapshot, entry.index + 1, &entry);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
