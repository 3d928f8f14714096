/* feed_private - the inside of feed, for feed*.c alone.
 *
 * Flow     feed.c (news, requests) <-> feed_say.c (messages), feed_keys.c (who
 *          may come in)
 * Owns     see feed.h.
 * Threads  the feed's own, but while it is opened and closed.
 */
#ifndef TALLYLINE_COLLECTOR_FEED_PRIVATE_H
#define TALLYLINE_COLLECTOR_FEED_PRIVATE_H

#include <pthread.h>

#include "collector/api/desk.h"
#include "collector/api/roles.h"
#include "collector/feed/feed.h"
#include "collector/feed/feed_entries.h"

enum class_kind {
    CLASS_PROVINCE,
    CLASS_AUDIT,
    CLASS_END
};

struct feed_kind {
    enum zap_domain domain;
    uint32_t roles; /* whose keys come in */
    uint32_t reader;
    enum settings_feed_place publish, snapshot;
};
extern const struct feed_kind feed_kinds[CLASS_END];

/* What was sent is paid for with time (feed.h). */
struct pace {
    int64_t paid_at;
};

struct class
{
    enum class_kind kind;
    struct feed_door door;
    struct public_key keys[ACCOUNTS_MAX];
    size_t key_count; /* 0: nothing is made for it */
    struct query query;
    struct answer *sent; /* figures as they were last said */
    uint64_t number;     /* of that */
    uint64_t next;       /* entry to be said */
    struct pace pace;    /* of what is published */
    struct standing_feed_door counts;
};

struct feed {
    struct feed_options options;
    struct settings_feed settings; /* as they were when it was opened */
    struct random_id run;
    struct class classes[CLASS_END];
    struct desk *desk;
    struct feed_entries *entries;
    struct accounts_seen seen;
    struct buffer body, part;
    int stop; /* an event's descriptor */
    pthread_t thread;
    bool running;
    int64_t tick_at, beat_at, keys_at, requests_at, open_at;
    struct pace pace; /* of replies */
    bool shut;        /* doors are to be opened again */
};

/* ---- feed_say.c: messages, made in feed->body ---- */

void feed_say_begin(struct feed *feed, struct say *say);
/* False: it was not made, which is logged. */
bool feed_say_end(struct say *say);
/* The rows of figures, for changes.h; none of NULL. */
struct bytes feed_say_rows(const struct answer *answer);
/* What differs from `before`; all of them without it. */
bool feed_say_figures(struct feed *feed, const struct class *class,
                      const struct answer *before, const struct answer *now);
/* Entries from `from` on, as many as a page has, at least one of those before
 * `size`; `end` gets the index behind them, also when the page was not made.
 * Within feed_entries_begin() and _end(). */
bool feed_say_page(struct feed *feed, const struct class *class, uint64_t from,
                   uint64_t size, uint64_t *end);

/* ---- feed_keys.c ---- */

/* The keys as the file has them now; cuts all links when one is gone.
 * STATUS_MEMORY, STATUS_IO: they are not in force. */
MUST_USE enum status feed_keys_read(struct feed *feed);
/* Opens doors that were shut, and looks at the file when it is time. */
void feed_keys_look_after(struct feed *feed);

#endif
