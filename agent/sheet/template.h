/* template - the workbook in which an office fills in events of one type.
 *
 * Flow     columns -> [template] -> book -> FILE.xlsx
 * Owns     nothing.
 * Threads  one.
 * Limits   TEMPLATE_ROWS rows have an id of their own; rows below them are
 *          known by what they say.
 *
 * The heading is locked and has a note with the help of each field; lists are
 * drop-downs; days are days. Two hidden columns give each row its id, which
 * becomes the event's entry_key, and its type. The first row below the heading
 * is an example, marked as one, which import passes over.
 */
#ifndef TALLYLINE_AGENT_TEMPLATE_H
#define TALLYLINE_AGENT_TEMPLATE_H

#include "agent/sheet/columns.h"
#include "common/base/status.h"

#define TEMPLATE_ROWS 500u

/* Writes a new file. STATUS_EXISTS, STATUS_IO, STATUS_MEMORY, STATUS_INVALID
 * (the path is too long). */
MUST_USE enum status template_write(const struct columns *columns,
                                    const char *path);

#endif
