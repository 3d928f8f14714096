/* live_text - what live pages are sent, one event at a time.
 *
 * Flow     answers, desk -> [live_text] -> live_events
 * Owns     nothing; the buffer is the caller's, emptied first.
 * Threads  one at a time for each buffer.
 * Limits   the buffer's maximum: each is false when the event does not fit.
 */
#ifndef TALLYLINE_COLLECTOR_LIVE_TEXT_H
#define TALLYLINE_COLLECTOR_LIVE_TEXT_H

#include <stdbool.h>

#include "collector/api/answers.h"
#include "collector/api/desk.h"
#include "common/base/bytes.h"
#include "common/base/clock.h"

/* What has changed between two answers; all of `now` where `before` is NULL.
 * `rows` is the name of their rows. */
bool live_text_changes(struct buffer *out, const char *event, const char *rows,
                       const struct answer *before, const struct answer *now);
bool live_text_hello(struct buffer *out, struct desk *desk);
bool live_text_beat(struct buffer *out, struct desk *desk,
                    const struct clock *clock);

#endif
