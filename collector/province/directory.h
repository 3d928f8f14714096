/* directory - where the collector keeps what it owns, and who may write there.
 *
 * Flow     --dir DIR -> [directory] -> ledger, keys, control socket, run
 * Owns     nothing but the lock, while it is held.
 * Threads  one.
 * Limits   DIRECTORY_PATH_MAX bytes a path.
 *
 *   DIR/ledger.mdb       the ledger
 *   DIR/figures.state    what it was folded to; may be absent
 *   DIR/cold/            files of old batches (cold.h), or a link to them
 *   DIR/keys/            0700; server.key, ledger.key, administrator.key
 *   DIR/collector.yaml   the configuration; may be absent
 *   DIR/users, tokens, links   who may look at the pages (accounts.h)
 *   DIR/orders.taken     when another collector's orders last came (arrivals.h)
 *   DIR/sessions         who was signed in when it was stopped (sessions.h)
 *   DIR/collector.lock   held by the one process that writes
 *   DIR/collector.sock   where a running collector takes orders
 *
 * The directory is its owner's alone (0700): whoever may open the socket may
 * give orders.
 */
#ifndef TALLYLINE_COLLECTOR_DIRECTORY_H
#define TALLYLINE_COLLECTOR_DIRECTORY_H

#include "common/base/status.h"

#define DIRECTORY_PATH_MAX     512u
#define DIRECTORY_ENDPOINT_MAX 107u /* of a local socket, by the kernel */
#define DIRECTORY_WAIT_MS      2000
#define DIRECTORY_DEFAULT      "/var/lib/tallyline-collector"

struct directory {
    char path[DIRECTORY_PATH_MAX];
    char ledger[DIRECTORY_PATH_MAX];
    char state[DIRECTORY_PATH_MAX];
    char keys[DIRECTORY_PATH_MAX];
    char config[DIRECTORY_PATH_MAX];
    char lock[DIRECTORY_PATH_MAX];
    char socket[DIRECTORY_PATH_MAX];
};

/* Writes the paths below `path`. STATUS_INVALID when it is too long for the
 * socket's name. */
MUST_USE enum status directory_init(struct directory *directory,
                                    const char *path);
/* The same below a directory that is only looked at, such as a copy: no
 * collector runs there, so there is no socket, and the path may be longer.
 * STATUS_INVALID when it is longer still. */
MUST_USE enum status directory_init_copy(struct directory *directory,
                                         const char *path);
/* Makes the directory, 0700, and missing parents. An empty directory is taken
 * as it is. STATUS_EXISTS when a ledger or keys are there already; STATUS_IO.
 */
MUST_USE enum status directory_create(const struct directory *directory);
/* STATUS_NOT_FOUND when there is no ledger; STATUS_REFUSED when others than
 * the owner may look in, or when root would write among another user's files,
 * which that user could not open afterwards. */
MUST_USE enum status directory_check(const struct directory *directory);

/* Of a copy, which anybody may own and look at: STATUS_NOT_FOUND when there is
 * no ledger, STATUS_REFUSED when it may not be read. */
MUST_USE enum status directory_check_copy(const struct directory *directory);

/* Takes the right to write; `fd` is -1 unless STATUS_OK. STATUS_BUSY when
 * another process has it, STATUS_IO. */
MUST_USE enum status directory_lock(const struct directory *directory, int *fd);
/* The same for who stays: waits up to DIRECTORY_WAIT_MS for a command that only
 * looks whether a collector runs, or gives an order. */
MUST_USE enum status directory_lock_to_stay(const struct directory *directory,
                                            int *fd);
/* Gives it back; accepts -1, sets -1. */
void directory_unlock(int *fd);

#endif
