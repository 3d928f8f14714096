/* styles - which cells of a workbook are days.
 *
 * Flow     xl/styles.xml -> [styles] -> xlsx_rows
 * Owns     its tables; free them.
 * Threads  one while it is read; any readers afterwards.
 * Limits   STYLES_MAX styles, STYLES_FORMATS_MAX formats of the file's own.
 *
 * A day is a number that is shown as one: only its format tells. A format that
 * shows a year, a month or a day makes a day; one that shows only a time of
 * day does not.
 */
#ifndef TALLYLINE_AGENT_STYLES_H
#define TALLYLINE_AGENT_STYLES_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/sheet/archive.h"

#define STYLES_MAX         65536u
#define STYLES_FORMATS_MAX 4096u

struct styles; /* opaque */

/* A workbook without the part has no days. STATUS_INVALID: see `fault`. */
MUST_USE enum status styles_read(struct archive *archive, const char *part,
                                 struct styles **styles, struct fault *fault);
void styles_free(struct styles **styles);
bool styles_is_day(const struct styles *styles, uint64_t style);
/* Whether the format, as written in the file, shows a day. */
bool styles_shows_day(const char *format);

#endif
