/* live - what changes, told to pages that are open.
 *
 * Flow     daemon's turns -> [live] -> streams of events -> pages
 * Owns     the streams, and a timer.
 * Threads  live_take() is a handler of the server; the rest is the daemon's.
 *          They share the list of streams, under a lock.
 * Limits   LIVE_STREAMS_MAX streams; a look at the spool every LIVE_LOOK_US at
 *          most, and a beat every LIVE_BEAT_US. Without a stream nothing wakes
 *          the daemon.
 *
 * Events: `hello` at once, `outbox` (the counts), `link` (as GET link) and
 * `documents` when they have changed, `beat` so that a dead connection is
 * noticed. A stream ends after LIVE_STREAM_US: whoever asks again is asked
 * again who he is. Who has signed out meanwhile, was removed or got another PIN
 * is told nothing more.
 */
#ifndef TALLYLINE_AGENT_LIVE_H
#define TALLYLINE_AGENT_LIVE_H

#include "agent/api/desk.h"
#include "common/people/access.h"

#define LIVE_STREAMS_MAX 16u
#define LIVE_LOOK_US     (CLOCK_US_PER_S / 2)
#define LIVE_BEAT_US     (15 * CLOCK_US_PER_S)
#define LIVE_STREAM_US   (600 * CLOCK_US_PER_S)

struct live; /* opaque */

/* STATUS_MEMORY, STATUS_IO. */
MUST_USE enum status live_new(const struct clock *clock, struct live **live);
void live_free(struct live **live);
/* Readable when a stream is new or something is to be told soon. */
int live_timer_fd(const struct live *live);
/* GET live; the context is a struct site. */
void live_take(void *context, struct http_request *request,
               struct http_reply *reply);
/* Tells what has changed since the last time, to who may still see it. */
void live_serve(struct live *live, const struct desk_means *means,
                struct access *access);

#endif
