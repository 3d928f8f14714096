/* alone - an office without a province: its own administrator.
 *
 * Flow     join --alone -> [alone] -> directory, spool, documents
 * Owns     nothing between calls.
 * Threads  the main thread.
 *
 * A district that works by a plan of its own can record and see its figures
 * before there is a province, or without one: it signs plan, units and what it
 * may record with its own key. Its number is drawn from the upper half of the
 * numbers, which no province gives out, so that what it has named stays apart
 * when its export is imported under a province later.
 */
#ifndef TALLYLINE_AGENT_ALONE_H
#define TALLYLINE_AGENT_ALONE_H

#include "agent/office/office.h"
#include "common/base/args.h"
#include "common/base/status.h"

/* Makes the office that the command line describes, or brings its documents up
 * to date with the folder; every failure has been explained on stderr. */
MUST_USE enum status alone_make(const struct args *args);
/* Whether the office has no province to talk to; says so on stderr. */
bool alone_explain(const struct args *args, const struct config *config);

#endif
