/* keys - the same keys in every run.
 *
 * Flow     test -> [keys]
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_TESTS_KEYS_H
#define TALLYLINE_TESTS_KEYS_H

#include "common/format/sign.h"

/* The signing keys whose seed is 32 times `seed`. */
void keys_fixed(uint8_t seed, struct sign_keys *keys);

/* The id of 16 times `byte`. */
struct random_id keys_id(uint8_t byte);

#endif
