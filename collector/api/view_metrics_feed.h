/* view_metrics_feed - the live feed's part of the metrics; for view_metrics.c.
 *
 * Flow     standing -> [view_metrics_feed] -> metric_text
 * Owns     nothing.
 * Threads  the figures' own.
 */
#ifndef TALLYLINE_COLLECTOR_VIEW_METRICS_FEED_H
#define TALLYLINE_COLLECTOR_VIEW_METRICS_FEED_H

#include "collector/api/metric_text.h"
#include "collector/line/standing.h"

/* Nothing at all while the feed is off. */
void view_metrics_feed(struct metric_text *text,
                       const struct standing_feed *feed);

#endif
