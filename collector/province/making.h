/* making - a province's directory, made whole or not at all.
 *
 * Flow     init -> [making] -> directory
 * Owns     the folder init.new in the directory, until it ends.
 * Threads  one.
 *
 * Keys, configuration and ledger are made in a folder of their own and moved
 * to their places when all are there: the keys, then the configuration, and
 * the ledger last. What a process that died has left before the first move
 * nobody has used, and is made anew; after it, the moves are ended.
 */
#ifndef TALLYLINE_COLLECTOR_MAKING_H
#define TALLYLINE_COLLECTOR_MAKING_H

#include "collector/province/directory.h"
#include "common/base/status.h"

#include <stdbool.h>

/* Makes the directory and, in it, where to make the rest: `making` has the
 * paths of keys, configuration and ledger. `made` is true when all that was
 * made before and only waits for making_end(). STATUS_EXISTS when a ledger or
 * keys are there already, STATUS_IO. */
MUST_USE enum status making_begin(const struct directory *directory,
                                  struct directory *making, bool *made);
/* Takes away what was made, before any of it was moved; a secret key is no
 * longer there then. STATUS_IO. */
MUST_USE enum status making_abandon(const struct directory *directory);
/* Moves what was made to its places. A configuration that is there stays. */
MUST_USE enum status making_end(const struct directory *directory,
                                const struct directory *making);

#endif
