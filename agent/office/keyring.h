/* keyring - the office's keys on disk, and what is not yet settled.
 *
 * Flow     join, rotate, recover -> [keyring] -> keys/ -> daemon
 * Owns     the files below keys/ (0700; files 0600).
 * Threads  one process at a time: who holds the line's lock.
 * Limits   paths as in office.h.
 *
 * What the province is to agree to is first written down here, so that after
 * a crash the same request is made again and never a second one: the ids of a
 * join in `join.id`, new keys of a rotation in `*.next`, the id of a new epoch
 * in `epoch.next`. New keys take the old ones' place in two renames; the file
 * `rotating` stands while they are under way, and whoever comes next ends them.
 * Afterwards it is `rotated`: the same request again is known to be settled.
 */
#ifndef TALLYLINE_AGENT_KEYRING_H
#define TALLYLINE_AGENT_KEYRING_H

#include <stdbool.h>

#include "common/base/status.h"
#include "common/format/sign.h"

struct keyring {
    struct sign_keys sign;
    struct curve_keys curve;
};

void keyring_wipe(struct keyring *keyring);

/* Reads the keys in force; ends a rotation that a crash cut short. `dir` is
 * the office's. STATUS_NOT_FOUND, STATUS_INVALID, STATUS_REFUSED (others may
 * read them), STATUS_IO. */
MUST_USE enum status keyring_load(const char *dir, struct keyring *keyring);
/* Reads the keys, and makes those that are not there. */
MUST_USE enum status keyring_make(const char *dir, struct keyring *keyring);

/* The ids that this office joins with: made once. */
MUST_USE enum status keyring_join_ids(const char *dir, struct random_id *agent,
                                      struct random_id *epoch);

/* The keys that a rotation is to bring: made once. */
MUST_USE enum status keyring_next(const char *dir, struct keyring *next);
/* Whether a rotation has begun and not ended: its keys may be in force at the
 * province already. */
bool keyring_rotating(const char *dir);
/* The province has refused for good: forgets the new keys. */
MUST_USE enum status keyring_forget_next(const char *dir);
/* Puts them in the place of the keys in force, and notes by which join key
 * that came about. */
MUST_USE enum status keyring_rotate(const char *dir,
                                    const struct public_key *join_key);
/* Whether the last rotation came about by this join key. */
MUST_USE enum status keyring_rotated_by(const char *dir,
                                        const struct public_key *join_key,
                                        bool *rotated);

/* The id of the epoch that recover is to open: made once, until it is
 * forgotten. */
MUST_USE enum status keyring_next_epoch(const char *dir,
                                        struct random_id *epoch);
MUST_USE enum status keyring_forget_epoch(const char *dir);

#endif
