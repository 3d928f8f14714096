/* succession - whose work an agent carries on, from the words of a command.
 *
 * Flow     enrol --succeeds -> [succession] -> enrolment
 * Owns     nothing.
 * Threads  one.
 * Limits   CONTROL_SUCCEEDS_MAX closed offices.
 */
#ifndef TALLYLINE_COLLECTOR_SUCCESSION_H
#define TALLYLINE_COLLECTOR_SUCCESSION_H

#include "common/base/args.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/control.h"

/* Reads each "N:DATE". STATUS_USAGE, with its message written. */
MUST_USE enum status succession_read(const struct args *args,
                                     struct control_enrolment *enrolment);
/* What the closed offices could record their successor may record too: adds
 * their pairs. STATUS_USAGE as above when they are too many. */
MUST_USE enum status succession_take_over(const struct args *args,
                                          const struct context *context,
                                          struct control_enrolment *enrolment);

#endif
