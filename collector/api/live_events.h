/* live_events - pages that are open see figures and lines move.
 *
 * Flow     desk -> [live_events] -> streams of events
 * Owns     the thread and the streams.
 * Threads  live_events_join() is for the server's handlers, the rest for the
 *          one that opened it; a thread of its own looks and sends.
 * Limits   HTTP_STREAMS_MAX streams; LIVE_CLASSES_MAX different views of them
 *          (a plan, a reader), LIVE_NAME_CLASSES_MAX of one who is signed in,
 *          beyond which a 503 is answered; a reader lags by
 *          HTTP_STREAM_BYTES_MAX at most and is cut then.
 *
 * Every LIVE_TICK_MS it looks whether there are newer answers than the last it
 * sent, which also has the desk make them: however many look, a view is made
 * once. Without a stream it sleeps.
 *
 * Events; `overview` alone has an id, the etag of its figures: ledger position,
 * day, run and kind of reader:
 *   hello     {position, complete, day}: the first one
 *   overview  {position, plan, statuses, lines}: lines that have changed; all
 *             of them after a hello whose reader did not know these figures
 *   offices   {counts, offices}: those that have changed
 *   beat      {now, position, complete}: every LIVE_BEAT_S, so that a page
 *             can tell a quiet link from a dead one
 */
#ifndef TALLYLINE_COLLECTOR_LIVE_EVENTS_H
#define TALLYLINE_COLLECTOR_LIVE_EVENTS_H

#include "collector/api/desk.h"
#include "common/base/clock.h"
#include "common/http/http.h"

#define LIVE_TICK_MS          250
#define LIVE_BEAT_S           15
#define LIVE_CLASSES_MAX      64u
#define LIVE_NAME_CLASSES_MAX 8u
#define LIVE_EVENT_MAX        (HTTP_STREAM_BYTES_MAX - 1024u)

struct live_events; /* opaque */

struct live_options { /* all borrowed */
    struct desk *desk;
    const struct clock *clock;
    /* Whether who looks may still look; NULL: for ever. */
    bool (*still)(void *owner, const struct http_who *who);
    void *owner;
};

/* Starts the thread. STATUS_MEMORY, STATUS_IO. */
MUST_USE enum status live_events_open(const struct live_options *options,
                                      struct live_events **live);
/* Ends all streams and the thread. */
void live_events_close(struct live_events **live);

/* Makes the reply a stream of what the request asks for. */
void live_events_join(struct live_events *live, struct http_request *request,
                      struct http_reply *reply);

#endif
