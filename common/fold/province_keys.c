/* A list that grows by one pair with each break that brings keys. */
#include "common/fold/province_keys.h"

enum status province_keys_apply(struct province_keys *keys, uint64_t index,
                                const struct control *control)
{
    struct province_key_pair pair = {.index = index};

    if (control->kind == CONTROL_GENESIS && keys->count == 0) {
        pair.administrator = control->genesis.administrator;
        pair.ledger_key = control->genesis.ledger_key;
    } else if (control->kind == CONTROL_BREAK && keys->count > 0 &&
               control_changes_keys(&control->broken)) {
        pair.administrator = control->broken.administrator;
        pair.ledger_key = control->broken.ledger_key;
    } else {
        return STATUS_OK;
    }
    if (keys->count == PROVINCE_KEYS_MAX) {
        return STATUS_FULL;
    }
    keys->pairs[keys->count++] = pair;
    return STATUS_OK;
}

const struct province_key_pair *province_keys_last(
    const struct province_keys *keys)
{
    return keys->count == 0 ? NULL : &keys->pairs[keys->count - 1];
}

const struct public_key *province_keys_administrator_at(
    const struct province_keys *keys, uint64_t index)
{
    size_t at = keys->count;

    while (at > 1 && keys->pairs[at - 1].index > index) {
        at--;
    }
    return at == 0 ? NULL : &keys->pairs[at - 1].administrator;
}

bool province_keys_sign_checkpoint(const struct province_keys *keys,
                                   const struct public_key *ledger_key,
                                   uint64_t size)
{
    for (size_t i = 0; i < keys->count; i++) {
        bool last = i + 1 == keys->count;

        if (public_key_equal(&keys->pairs[i].ledger_key, ledger_key) &&
            (last || size <= keys->pairs[i + 1].index)) {
            return true;
        }
    }
    return false;
}
