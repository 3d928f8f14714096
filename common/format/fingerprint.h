/* fingerprint - public keys as a person can read them out over the telephone.
 *
 * Flow     keys -> [fingerprint] -> screen, and back from the keyboard
 * Owns     nothing.
 * Threads  any.
 * Limits   FINGERPRINT_KEYS_MAX keys under one fingerprint.
 *
 * The first 16 bytes of SHA-256 over "tallyline fingerprint 1", a zero byte and
 * the keys one behind the other, as eight groups of four hexadecimal digits.
 * Finding other keys with the same one is beyond everybody's means.
 */
#ifndef TALLYLINE_COMMON_FINGERPRINT_H
#define TALLYLINE_COMMON_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/format/enrol_file.h"
#include "common/format/sign.h"

#define FINGERPRINT_KEYS_MAX (4u + ENROL_FORMER_MAX)
#define FINGERPRINT_GROUPS   8u
#define FINGERPRINT_DIGITS   4u /* of a group */
/* Digits and blanks between the groups, with the closing zero. */
#define FINGERPRINT_TEXT_MAX (FINGERPRINT_GROUPS * (FINGERPRINT_DIGITS + 1u))

/* Writes the fingerprint of the keys, in this order. */
void fingerprint_make(const struct public_key *const keys[], size_t count,
                      char text[FINGERPRINT_TEXT_MAX]);
/* The one of a province: its key on the link, the administrator's, and the
 * ledger's. */
void fingerprint_province(const struct public_key *server,
                          const struct public_key *administrator,
                          const struct public_key *ledger_key,
                          char text[FINGERPRINT_TEXT_MAX]);
/* The one of a file with new keys: those three, the ledger's key that was lost,
 * and all former administrators'. Addresses are not under it. */
void fingerprint_new_keys(const struct enrol_file *file,
                          char text[FINGERPRINT_TEXT_MAX]);
/* Whether that is what a person has typed; blanks, dashes and the case of
 * letters do not count. */
bool fingerprint_is(const char *text, const char *typed);

#endif
