/* old_keys - the public keys of a province that has lost the secret ones, from
 * an office that knows them.
 *
 * Flow     a copy of an office's agent.yaml -> [old_keys] -> init --new-keys
 * Owns     nothing.
 * Threads  any.
 * Limits   OLD_KEYS_BYTES_MAX a file, ENROL_FORMER_MAX former administrators.
 */
#ifndef TALLYLINE_COLLECTOR_OLD_KEYS_H
#define TALLYLINE_COLLECTOR_OLD_KEYS_H

#include "common/base/status.h"
#include "common/figures/report.h"
#include "common/format/enrol_file.h"

#define OLD_KEYS_BYTES_MAX (64u * 1024u)

/* Reads `administrator`, `ledger_key` and `former_administrators`; what else
 * stands in the file is passed by. Fills the former keys of `file`.
 * STATUS_NO_INPUT: cannot be read. STATUS_INVALID: every mistake stands in
 * `report`. */
MUST_USE enum status old_keys_load(const char *path, struct report *report,
                                   struct enrol_file *file);

#endif
