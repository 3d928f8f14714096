/* next_steps - what comes after `join`, for somebody who does it once.
 *
 * Flow     join -> [next_steps] -> stderr
 * Owns     nothing. Threads  any.
 */
#ifndef TALLYLINE_AGENT_NEXT_STEPS_H
#define TALLYLINE_AGENT_NEXT_STEPS_H

#include "agent/office/config.h"
#include "common/base/args.h"

/* The commands as they are to be typed, and the address of the page. */
void next_steps_tell(const struct args *args, const struct config *config);

#endif
