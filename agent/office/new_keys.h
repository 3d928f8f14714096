/* new_keys - this office takes the new keys of a province that lost its own.
 *
 * Flow     join --new-province-keys -> [new_keys] -> agent.yaml
 * Owns     nothing between calls.
 * Threads  the main thread.
 *
 * Nothing that comes over the network can put other keys in the place of the
 * ones that the office knows. A person does, who compares the fingerprint of
 * the file with what the province says over the telephone. Number, epoch,
 * spool and witness's checkpoint stay: from then on the office demands of the
 * province with the new keys what it would have demanded of the old one.
 */
#ifndef TALLYLINE_AGENT_NEW_KEYS_H
#define TALLYLINE_AGENT_NEW_KEYS_H

#include "common/base/args.h"
#include "common/base/status.h"

/* Takes the file that the command line names; every failure has been explained
 * on stderr. STATUS_REFUSED: not confirmed, or not for this office. */
MUST_USE enum status new_keys_take(const struct args *args);

#endif
