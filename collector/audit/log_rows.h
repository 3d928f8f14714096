/* log_rows - rows of an audit log: a table, CSV or CloudEvents.
 *
 * Flow     audit log -> [log_rows] -> stdout
 * Owns     its listing.
 * Threads  one.
 * Limits   LOG_SAYS_MAX bytes of what an event says.
 *
 * Everything that was recorded is in them: the log is the auditor's, and
 * nothing in it is hidden. What nobody has declared is not shown (I10).
 */
#ifndef TALLYLINE_COLLECTOR_LOG_ROWS_H
#define TALLYLINE_COLLECTOR_LOG_ROWS_H

#include "collector/commands/commands.h"
#include "common/base/listing.h"
#include "common/base/render.h"
#include "common/event/event.h"
#include "common/format/control.h"
#include "common/format/entry.h"

#define LOG_SAYS_MAX (EVENT_FIELDS_MAX * RENDER_TEXT_MAX)

struct log_rows; /* opaque */

/* Borrows args and context. STATUS_MEMORY. */
MUST_USE enum status log_rows_open(const struct args *args,
                                   enum listing_format format,
                                   const struct context *context,
                                   struct log_rows **rows);
/* `tree` stands before the id in the table: what it is drawn under. */
void log_rows_event(struct log_rows *rows, const struct entry *entry,
                    uint64_t id, const struct event *event, const char *tree);
/* `control` is NULL when its document cannot be read. */
void log_rows_control(struct log_rows *rows, const struct entry *entry,
                      const struct control *control);
/* STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status log_rows_close(struct log_rows **rows);

#endif
