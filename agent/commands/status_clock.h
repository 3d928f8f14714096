/* status_clock - what `status` says when two clocks differ.
 *
 * Flow     spool -> [status_clock] -> stdout
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_AGENT_STATUS_CLOCK_H
#define TALLYLINE_AGENT_STATUS_CLOCK_H

#include <stdint.h>

#include "common/base/language.h"

/* `ahead` is that of this machine's clock, in microseconds; told by how much,
 * in the greatest unit that says it, and nothing when it is little. */
void status_clock_print(int64_t ahead, enum language language);

#endif
