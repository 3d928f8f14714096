/* export_stick - an office and its province on a stick, where no link is.
 *
 * Flow     --usb DIR -> [export_stick] -> incoming, outgoing
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_AGENT_EXPORT_STICK_H
#define TALLYLINE_AGENT_EXPORT_STICK_H

#include "agent/office/office.h"
#include "common/base/args.h"
#include "common/base/status.h"

/* Takes in what the province has put into the folder, then writes what it has
 * not received. Says on stdout what came and what went, on stderr what is
 * wrong. STATUS_REFUSED, too, when the province refused something. */
MUST_USE enum status export_stick(const struct args *args,
                                  const struct office *office,
                                  const char *folder);

#endif
