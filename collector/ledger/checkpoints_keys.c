/* By whose key a checkpoint is signed: a ledger has other keys from a break on
 * that says so. Failure modes: a key that the ledger does not name signs
 * nothing. */
#include "collector/ledger/checkpoints_internal.h"

enum status checkpoints_read_any(const struct checkpoints *checkpoints,
                                 struct bytes note,
                                 struct checkpoint *checkpoint, bool *counts)
{
    const struct province_keys *known = &checkpoints->known;
    enum status status = STATUS_NOT_FOUND;

    *counts = false;
    for (size_t i = known->count; i-- > 0 && status != STATUS_OK;) {
        const struct public_key *key = &known->pairs[i].ledger_key;

        status =
            checkpoint_open(note, checkpoints->origin, key, checkpoint, NULL);
        *counts = status == STATUS_OK &&
                  province_keys_sign_checkpoint(known, key, checkpoint->size);
    }
    return status;
}

enum status checkpoints_read(const struct checkpoints *checkpoints,
                             struct bytes note, struct checkpoint *checkpoint)
{
    bool counts;
    enum status status =
        checkpoints_read_any(checkpoints, note, checkpoint, &counts);

    return status == STATUS_OK && !counts ? STATUS_REFUSED : status;
}

void checkpoints_know(struct checkpoints *checkpoints,
                      const struct province_keys *known)
{
    if (checkpoints->known.count != known->count) {
        checkpoints->known = *known;
    }
}

void checkpoints_look_at_key(struct checkpoints *checkpoints)
{
    const struct province_key_pair *pair =
        province_keys_last(&checkpoints->known);

    if (pair == NULL ||
        !public_key_equal(&pair->ledger_key,
                          &checkpoints->options.keys->public_key)) {
        checkpoints_set_trouble(checkpoints, CHECKPOINTS_NOT_OURS,
                                checkpoints->last.size, 0);
    }
}
