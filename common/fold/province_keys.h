/* province_keys - whose signature the province's own is, entry by entry.
 *
 * Flow     genesis, recorded breaks -> [province_keys] -> context, verify,
 *          checkpoints
 * Owns     nothing; the value is a copy.
 * Threads  one writer; readers only while nobody writes.
 * Limits   PROVINCE_KEYS_MAX: those of the genesis, and what breaks put in
 *          their place.
 *
 * The keys of the genesis are in force until a recorded break brings others:
 * the old ones were lost. That break is signed with the new administrator's
 * key, and so is everything behind it.
 */
#ifndef TALLYLINE_COMMON_PROVINCE_KEYS_H
#define TALLYLINE_COMMON_PROVINCE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/format/control.h"
#include "common/format/sign.h"

#define PROVINCE_KEYS_MAX 16u

struct province_key_pair {
    uint64_t index; /* of the entry that brought them; 0: the genesis */
    struct public_key administrator;
    struct public_key ledger_key;
};

struct province_keys { /* in the order of the ledger; empty before entry 0 */
    struct province_key_pair pairs[PROVINCE_KEYS_MAX];
    size_t count;
};

/* Takes what a document says of keys, if it says anything; entry 0 is the
 * genesis. STATUS_FULL: they were replaced too often. */
MUST_USE enum status province_keys_apply(struct province_keys *keys,
                                         uint64_t index,
                                         const struct control *control);
/* In force; NULL before the genesis. Valid while `keys` is. */
const struct province_key_pair *province_keys_last(
    const struct province_keys *keys);
/* The administrator whose key signs control entry `index`. NULL before the
 * genesis, whose document names the key itself. */
const struct public_key *province_keys_administrator_at(
    const struct province_keys *keys, uint64_t index);
/* Whether the ledger's key may sign a checkpoint over `size` entries: a former
 * one only up to the break that replaced it; a later one may vouch for what was
 * before it. */
bool province_keys_sign_checkpoint(const struct province_keys *keys,
                                   const struct public_key *ledger_key,
                                   uint64_t size);

#endif
