#include "tests/support/keys.h"

#include "common/base/check.h"

#include <sodium.h>
#include <string.h>

void keys_fixed(uint8_t seed, struct sign_keys *keys)
{
    uint8_t bytes[crypto_sign_SEEDBYTES];
    memset(bytes, seed, sizeof bytes);
    check(crypto_sign_seed_keypair(keys->public_key.bytes, keys->secret,
                                   bytes) == 0);
}

struct random_id keys_id(uint8_t byte)
{
    struct random_id id;
    memset(id.bytes, byte, sizeof id.bytes);
    return id;
}
