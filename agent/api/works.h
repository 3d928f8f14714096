/* works - what the page can ask of the daemon's thread, one constant each.
 *
 * Flow     routes.c -> [works] -> the file of each
 * Owns     nothing. Threads  constants.
 */
#ifndef TALLYLINE_AGENT_WORKS_H
#define TALLYLINE_AGENT_WORKS_H

#include "agent/api/desk.h"

/* health.c */
extern const struct desk_work health_work;

#endif
