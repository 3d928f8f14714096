/* keys - the three keys of a province, as files of the data directory.
 *
 * Flow     init -> [keys] -> link (server), documents and receipts (ledger),
 *          control entries (administrator)
 * Owns     the secrets, until keys_wipe().
 * Threads  read by any once loaded.
 *
 * server.key         CURVE: proves the collector to the offices
 * ledger.key         Ed25519: signs what the collector sends down
 * administrator.key  Ed25519: signs control entries
 * new-keys.yaml      only when the first keys were lost: no secret, what every
 *                    office takes, with the public keys of before
 */
#ifndef TALLYLINE_COLLECTOR_KEYS_H
#define TALLYLINE_COLLECTOR_KEYS_H

#include "collector/province/directory.h"
#include "common/base/status.h"
#include "common/format/enrol_file.h"
#include "common/format/sign.h"

#define KEYS_ADMINISTRATOR "administrator.key"
#define KEYS_ANNOUNCED     "new-keys.yaml"

struct keys {
    struct curve_keys server;
    struct sign_keys ledger;
    struct sign_keys administrator;
    struct enrol_file announced; /* `new_keys` false: these are the first */
};

/* Makes the keys and writes their files, never over old ones. */
MUST_USE enum status keys_make(const struct directory *directory,
                               struct keys *keys);
/* The same in the place of keys that were lost. `former` says which they were,
 * and how the offices reach the province. */
MUST_USE enum status keys_renew(const struct directory *directory,
                                const struct enrol_file *former,
                                struct keys *keys);
/* The same for a further ledger of the province: the administrator's key is the
 * caller's, the other two are made. */
MUST_USE enum status keys_make_beside(const struct directory *directory,
                                      struct keys *keys);
/* Writes the files of keys that are kept elsewhere too, never over old ones. */
MUST_USE enum status keys_save(const struct directory *directory,
                               const struct keys *keys);
/* STATUS_NOT_FOUND, STATUS_INVALID, STATUS_REFUSED when others may read one;
 * `file` (may be NULL) then names it, valid for ever. */
MUST_USE enum status keys_load(const struct directory *directory,
                               struct keys *keys, const char **file);
void keys_wipe(struct keys *keys);

#endif
