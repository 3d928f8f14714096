/* card - what an office has to know of a further collector of its province.
 *
 * Flow     collector card -> [card] -> a file -> agent collectors add
 * Owns     nothing; the values are copies.
 * Threads  any.
 * Limits   CARD_BYTES_MAX a file, ENROL_ADDRESSES_MAX addresses,
 *          CARD_NAME_MAX bytes a name.
 *
 * YAML text that holds no secret. The administrator of the province has signed
 * it: an office that trusts that key needs nothing else to believe the card,
 * however it came.
 *
 * Signed is, by sign_make() under "tallyline collector 1", in this order:
 *
 *   size  what
 *      1  version of this list, 1
 *      1  n, and n bytes: the name
 *      1  n, and n bytes: the origin
 *     32  the collector's key on the link
 *     32  the ledger's key
 *     16  the ledger's id
 *     32  the administrator's key
 *      1  addresses; for each n in 2 bytes, big-endian, and n bytes
 *
 * Invariants
 *   I8   a card that the administrator has not signed as it stands is refused.
 */
#ifndef TALLYLINE_COMMON_CARD_H
#define TALLYLINE_COMMON_CARD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/status.h"
#include "common/figures/report.h"
#include "common/format/enrol_file.h"
#include "common/format/sign.h"

#define CARD_BYTES_MAX (16u * 1024u)
#define CARD_NAME_MAX  64u /* with the closing zero */

struct card {
    char name[CARD_NAME_MAX]; /* by which people and commands call it */
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX];
    size_t address_count;
    struct public_key server_key; /* CURVE */
    struct public_key ledger_key; /* Ed25519 */
    struct random_id ledger_id;
    char origin[CONTROL_NAME_MAX];
    struct public_key administrator; /* Ed25519: who signed the card */
    struct signature signature;
};

/* Whether a collector can be called so: 1 to CARD_NAME_MAX - 1 bytes of UTF-8,
 * no control characters, no blank at either end. */
bool card_name_good(const char *name);

/* Fills in administrator and signature; the rest is complete and good. */
void card_sign(struct card *card, const struct sign_keys *administrator);
/* Whether that administrator has signed the card as it stands.
 * STATUS_REFUSED. */
MUST_USE enum status card_verify(const struct card *card,
                                 const struct public_key *administrator);

/* Writes a new file of mode 0600 and syncs it. STATUS_EXISTS when there is
 * one, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status card_save(const char *path, const struct card *card);
/* Reads a file; whether to believe it, card_verify() says. STATUS_NO_INPUT:
 * cannot be read. STATUS_INVALID: no card; every mistake stands in `report`.
 * STATUS_VERSION: from a newer program; STATUS_MEMORY. */
MUST_USE enum status card_load(const char *path, struct report *report,
                               struct card *card);

#endif
