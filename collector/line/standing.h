/* standing - how the lines and the ledger stand, for whoever looks.
 *
 * Flow     serve -> [standing] -> api (offices, ledger, stream of changes)
 *          feed -> [standing] -> api (metrics), serve (status)
 * Owns     each standing, which is counted: the last one who lets go frees it.
 * Threads  the line's thread publishes; any takes the last one, under a lock
 *          that is held for a pointer. The live feed tells its numbers under
 *          the same lock.
 * Limits   an office for each line (CONTEXT_AGENTS_MAX).
 *
 * The line's thread makes one every STANDING_PAUSE_US; it never waits for who
 * reads.
 */
#ifndef TALLYLINE_COLLECTOR_STANDING_H
#define TALLYLINE_COLLECTOR_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/checkpoints.h"
#include "collector/line/admit.h"
#include "collector/line/agents.h"
#include "collector/line/intake.h"
#include "common/base/clock.h"

#define STANDING_PAUSE_US (INT64_C(1000) * CLOCK_US_PER_MS)

/* What the process knows of a line; see agents.h for the fields. */
struct standing_line {
    uint32_t number;
    bool live;
    int64_t heard_at, receipt_at; /* wall; 0: not since the start */
    char software[WIRE_NAME_MAX];
    struct wire_agent_heartbeat heartbeat;
    uint32_t frozen;
    uint32_t refusal;
    int64_t refused_at;
    uint64_t alarms[AGENTS_ALARM_END];
    int64_t clock_ahead;
};

#define STANDING_FEED_DOORS 2u /* for viewers and officers, for auditors */

/* What the live feed did at one of its doors since the start. */
struct standing_feed_door {
    bool open;                 /* false: shut until it can be bound again */
    uint64_t keys;             /* that are let in */
    uint64_t links, strangers; /* let in, turned away */
    uint64_t entries, figures; /* messages said */
    uint64_t left_out;         /* entries that it did not say */
    uint64_t requests;
    uint64_t refused; /* requests that were none */
    uint64_t later;   /* told to ask again */
    uint64_t dropped; /* replies: the asker does not read, or is gone */
};

struct standing_feed {
    bool on;
    struct standing_feed_door doors[STANDING_FEED_DOORS];
};

struct standing {
    uint64_t version; /* another one for every change that shows */
    int64_t at;       /* wall */
    int64_t started_at;
    uint64_t entries;
    uint64_t bytes_used, bytes_total;
    bool full;
    bool recovering;
    int64_t committed_at;
    struct admit_counts admitted; /* since the start */
    struct intake_counts links;   /* the same */
    struct standing_feed feed;    /* the same */
    struct checkpoints_standing checkpoints;
    struct checkpoints_witness *witnesses; /* by agent */
    size_t witness_count;
    struct standing_line *lines; /* by number */
    size_t line_count;
};

/* NULL when nothing was heard of it. Borrowed. */
const struct standing_line *standing_line(const struct standing *standing,
                                          uint32_t number);
const struct checkpoints_witness *standing_witness(
    const struct standing *standing, uint32_t number);
/* NULL afterwards; accepts NULL. */
void standing_release(struct standing **standing);

struct standings; /* opaque */

/* NULL: no memory. */
struct standings *standings_new(const struct clock *clock);
void standings_free(struct standings **standings);

/* The last one, held for the caller. NULL before the first. For any thread. */
struct standing *standings_get(struct standings *standings);

/* The feed's thread: from now on this stands in every standing. */
void standings_tell_feed(struct standings *standings,
                         const struct standing_feed *feed);
/* What it told last; for any thread. */
void standings_feed(struct standings *standings, struct standing_feed *feed);

/* ---- the line's thread ---- */

/* Monotonic time from which another one is to be published. */
int64_t standings_due_at(struct standings *standings);
/* A new one to fill in; NULL: no memory. Publish it, or drop it. */
struct standing *standing_new(size_t lines, size_t witnesses);
/* Takes it; sorts its rows and gives it its version. */
void standings_publish(struct standings *standings, struct standing *standing);

#endif
