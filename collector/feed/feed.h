/* feed - the live feed: committed entries and changed figures for programs.
 *
 * Flow     ledger (snapshots), desk (figures) -> [feed] -> doors
 *          DIR/feed-keys -> [feed] -> ZAP handler
 * Owns     the thread, two doors, a desk of its own.
 * Threads  the calls below are the main thread's; its own does everything else.
 * Limits   FEED_STEP_US a tick for the entries of a door; behind by
 *          FEED_LAG_MAX it leaves some out, and subscribers ask for them;
 *          FEED_PAGE_ENTRIES entries, FEED_PAGE_BYTES or FEED_PAGE_US a page;
 *          FEED_MESSAGE_MAX bytes a message;
 *          FEED_REQUESTS_STEP requests in a row, which take at most half of its
 *          time; FEED_BYTES_PER_S of entries by each door, and of replies by
 *          both; ACCOUNTS_MAX keys.
 *
 * Two classes of readers, each with a door: viewers and officers get figures
 * that are not of persons and what entries came; auditors and administrators
 * everything. Which keys come in by which door stands in DIR/feed-keys; a key
 * that is gone from there ends all links, and those that are still good come
 * again.
 *
 * Intake hands nothing over and never waits: the feed reads snapshots of what
 * is committed, and asks the figures' thread, which gives questions a part of
 * its time. Its own thread goes behind all others (FEED_NICE); what it sends is
 * sealed for each link by a network thread that the line does not use, and
 * since that costs by link and byte, bytes are paid for with time.
 *
 * Failure modes: what cannot be read or sent is left out and logged, and
 * subscribers see a gap; a key file that is damaged lets nobody in; a door
 * that lets a stranger in, or cannot be bound again, stays shut. Intake goes on
 * in all of them.
 *
 * Invariants
 *   I2  what is published is committed.
 *   I9  by the first door no event leaves, and no number of persons.
 */
#ifndef TALLYLINE_COLLECTOR_FEED_H
#define TALLYLINE_COLLECTOR_FEED_H

#include "collector/feed/feed_door.h"
#include "collector/figures/figures.h"
#include "collector/line/standing.h"
#include "collector/province/settings.h"

#define FEED_TICK_MS       100
#define FEED_BEAT_S        1
#define FEED_KEYS_S        1 /* between looks at the key file */
#define FEED_OPEN_S        2 /* between tries to open a door */
#define FEED_STEP_US       (20 * CLOCK_US_PER_MS)
#define FEED_BYTES_PER_S   (4 << 20)
#define FEED_BURST_US      (125 * CLOCK_US_PER_MS) /* what is owed at most */
#define FEED_NICE          10
#define FEED_LAG_MAX       768u
#define FEED_PAGE_ENTRIES  256u
#define FEED_PAGE_BYTES    (512u * 1024u)
#define FEED_PAGE_US       (10 * CLOCK_US_PER_MS)
#define FEED_MESSAGE_MAX   (4u << 20)
#define FEED_REQUESTS_STEP 32u

struct feed; /* opaque */

struct feed_options { /* all borrowed */
    const char *directory;
    const struct settings_feed *settings;
    void *context;
    struct zap *zap;
    struct link_guard *guard; /* the one of the offices' door */
    const struct curve_keys *keys;
    const struct clock *clock;
    struct ledger *ledger;
    struct figures *figures;     /* until feed_free() */
    struct standings *standings; /* the same */
};

/* Opens the doors and starts the thread; without a block in the settings there
 * is nothing to do, and `feed` is NULL. An address that is taken is tried again
 * by the thread. `what` says what failed, valid as long as the settings.
 * STATUS_CONFIG, STATUS_REFUSED, STATUS_AGAIN, STATUS_MEMORY, STATUS_IO as
 * feed_door_open(). */
MUST_USE enum status feed_open(const struct feed_options *options,
                               struct feed **feed, const char **what);
/* Ends the thread and the links: before figures_close(). Accepts NULL. */
void feed_close(struct feed *feed);
/* After figures_close(). */
void feed_free(struct feed **feed);

#endif
