/* controls - one control document of each kind, the same in every run.
 *
 * Flow     test -> [controls] -> control_sign()
 * Owns     nothing; the files' contents are constant.
 * Threads  any.
 */
#ifndef TALLYLINE_TESTS_CONTROLS_H
#define TALLYLINE_TESTS_CONTROLS_H

#include "common/format/control.h"

/* Fills in `control` with every member of that kind. Its genesis names the
 * key of keys_fixed(1). */
void controls_fill(enum control_kind kind, struct control *control);
/* "genesis", "plan" ... for names of files. */
const char *controls_name(enum control_kind kind);

#endif
