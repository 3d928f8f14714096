/* changes - what has changed between two answers that are made of rows.
 *
 * Flow     answers of QUERY_CHANGES, QUERY_LINKS -> [changes] -> live
 * Owns     nothing.
 * Threads  any; pure.
 *
 * Such an answer is a head and then rows, JSON objects each, every one of them
 * ended by a zero byte, which JSON never holds. Rows keep their places: where
 * their number is another one, all of them have changed.
 */
#ifndef TALLYLINE_COLLECTOR_CHANGES_H
#define TALLYLINE_COLLECTOR_CHANGES_H

#include <stdbool.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

/* Whether anything differs, be it the head alone. */
bool changes_any(struct bytes before, struct bytes now);
/* Appends the head of `now` with one more member, `name`: the rows that differ
 * from those of `before`; all of them when that is empty. STATUS_INVALID: it is
 * no such answer; STATUS_FULL, STATUS_MEMORY. */
MUST_USE enum status changes_tell(struct bytes before, struct bytes now,
                                  const char *name, struct buffer *out);

#endif
