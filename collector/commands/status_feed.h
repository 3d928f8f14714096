/* status_feed - what the running collector says of its live feed.
 *
 * Flow     standing of the running collector -> [status_feed] -> status
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_STATUS_FEED_H
#define TALLYLINE_COLLECTOR_STATUS_FEED_H

#include "collector/line/live.h"
#include "common/base/args.h"

/* A line for each door; nothing when the feed is off, or none runs. */
void status_feed(const struct args *args, const struct live *live);

#endif
