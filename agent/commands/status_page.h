/* status_page - what `status` says of the office's page.
 *
 * Flow     agent.yaml, DIR/web.crt -> [status_page] -> stdout
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_AGENT_STATUS_PAGE_H
#define TALLYLINE_AGENT_STATUS_PAGE_H

#include "agent/office/office.h"

/* Its address, and what people compare of its certificate once. */
void status_page_print(const struct office *office);

#endif
