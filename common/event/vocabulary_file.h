/* vocabulary_file - the province's own values, as a file that people write.
 *
 * Flow     vocabulary.yaml -> [vocabulary_file] -> vocabulary
 * Owns     nothing.
 * Threads  any.
 * Limits   those of yaml.h and vocabulary.h.
 *
 * The format stands in docs/PLANS.md. What a value meant once it means for
 * ever: a new version of the file repeats the values of the one before.
 */
#ifndef TALLYLINE_COMMON_VOCABULARY_FILE_H
#define TALLYLINE_COMMON_VOCABULARY_FILE_H

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/vocabulary.h"
#include "common/figures/report.h"

/* Reads the file's text; every mistake goes to `report` under `name`. Gives
 * `vocabulary`; NULL and STATUS_INVALID after a mistake. */
MUST_USE enum status vocabulary_load(const char *name, struct bytes text,
                                     struct report *report,
                                     struct vocabulary **vocabulary);

#endif
