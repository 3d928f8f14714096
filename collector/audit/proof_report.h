/* proof_report - what a proof file shows, checked with keys from a file and
 * with no ledger.
 *
 * Flow     file, keys -> [proof_report] -> stdout
 * Owns     nothing beyond the call.
 * Threads  one.
 * Limits   TLOG_PROOF_BYTES_MAX a proof, PROOF_KEYS_MAX keys.
 *
 * The keys are lines of note.h, `audit prove --keys` prints them: the ledger's,
 * of type 1, and those of witnesses, of type 4. Empty lines and lines with a #
 * in front are passed by.
 */
#ifndef TALLYLINE_COLLECTOR_PROOF_REPORT_H
#define TALLYLINE_COLLECTOR_PROOF_REPORT_H

#include "common/base/args.h"
#include "common/base/status.h"

#define PROOF_KEYS_MAX       4096u
#define PROOF_KEYS_BYTES_MAX (PROOF_KEYS_MAX * NOTE_KEY_TEXT_MAX)

/* Prints what the proof shows, or what does not hold. STATUS_REFUSED: it does
 * not hold; STATUS_INVALID, STATUS_VERSION: no proof or no keys; STATUS_USAGE:
 * there is no key of a ledger, or several; STATUS_NO_INPUT and others as
 * file_read(). Every failure has its message. */
MUST_USE enum status proof_report(const struct args *args, const char *path,
                                  const char *keys_path);

#endif
