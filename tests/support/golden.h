/* golden - bytes that must never change, kept as text in tests/golden.
 *
 * Flow     test -> [golden] <-> tests/golden/NAME.hex
 * Owns     nothing.
 * Threads  one.
 * Limits   GOLDEN_BYTES_MAX bytes a file.
 *
 * A file holds lower case hex; spaces and ends of lines are for people. With
 * TALLYLINE_GOLDEN=write in the environment a missing file is written.
 */
#ifndef TALLYLINE_TESTS_GOLDEN_H
#define TALLYLINE_TESTS_GOLDEN_H

#include "common/base/bytes.h"

#include <stdbool.h>

#define GOLDEN_BYTES_MAX (64u * 1024u)

/* True when `bytes` are those of the file; else says on stderr what differs. */
bool golden_matches(const char *name, struct bytes bytes);

/* Fills `out` (made with buffer_init) with the bytes of the file. Aborts when
 * there is no such file. */
void golden_read(const char *name, struct buffer *out);

#endif
