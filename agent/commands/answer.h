/* answer - what commands of the office tell people.
 *
 * Flow     commands -> [answer] -> stderr, or a text
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_AGENT_ANSWER_H
#define TALLYLINE_AGENT_ANSWER_H

#include "agent/office/office.h"
#include "agent/source/source.h"
#include "agent/spool/spool.h"
#include "common/base/args.h"
#include "common/base/status.h"
#include "common/event/event.h"

/* Says why something could not be saved or read, and what to do. Returns the
 * status it was given. */
enum status answer_failure(const struct args *args, const struct office *office,
                           enum status status);
/* Whether the office may record: the province's lists have come down. Says on
 * stderr what to do when they have not (STATUS_CONFIG). */
MUST_USE enum status answer_may_record(const struct args *args,
                                       const struct office *office);
/* Fills in a source from the office and from --unit, --office and --role.
 * STATUS_USAGE, with its message written, when one of them cannot be read. */
MUST_USE enum status answer_source(const struct args *args,
                                   const struct office *office,
                                   const struct clock *clock,
                                   struct source *source);
/* The type that `text` names. NULL, with a message written. */
const struct catalogue_type *answer_type(const struct args *args,
                                         const struct office *office,
                                         const char *text);
/* Says on stderr which events are not here any more; nothing when all are. */
MUST_USE enum status answer_removed(const struct office *office);

#endif
