/* spool_outbox - the office's events as people look through them.
 *
 * Flow     spool -> [spool_outbox] -> outbox of the page
 * Owns     nothing beside the spool.
 * Threads  one, as the spool.
 * Limits   SPOOL_PAGE_MAX events of a page; SPOOL_LOOK_MAX are looked at for
 *          it, however many there are, and as many outcomes for a part.
 *          SPOOL_CORRECTIONS_MAX of one event.
 *
 * Newest first. In each epoch the states follow each other: what waits stands
 * above what was received, and that above what is backed up. So a page of one
 * state passes the others over by a look at where they end, and counting needs
 * no walk through the events either.
 */
#ifndef TALLYLINE_AGENT_SPOOL_OUTBOX_H
#define TALLYLINE_AGENT_SPOOL_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "agent/spool/spool.h"

#define SPOOL_PAGE_MAX        200u
#define SPOOL_LOOK_MAX        2048u
#define SPOOL_CORRECTIONS_MAX 64u
#define SPOOL_CALLED_MAX      4u /* of one event */

/* A thing that an event names; `name` empty: it has none here. */
struct spool_called {
    uint32_t kind;
    uint64_t reference;
    struct bytes name;
};

struct spool_wish {
    uint32_t states; /* a bit for each enum spool_state; 0: all of them */
    uint32_t type;   /* of the event; 0: all of them */
    /* Which of them, where a state and a type do not say; NULL: all. With
     * `names` it is told what the event's things are called here. It must not
     * call the spool. */
    bool (*meant)(const void *owner, const struct event *event,
                  const struct spool_called called[], size_t count);
    const void *owner;
    bool names;
    size_t looks; /* at so many events at most; 0: SPOOL_LOOK_MAX */
};

struct spool_found {
    uint64_t id;
    enum spool_state state;
};

/* Up to `limit` events below `before` (0: from the newest on). `next` gets what
 * to ask for next, 0 at the end: there may be more behind a page that is not
 * full. STATUS_NOT_FOUND before join; STATUS_CORRUPT, STATUS_IO. */
MUST_USE enum status spool_page(struct spool *spool,
                                const struct spool_wish *wish, uint64_t before,
                                size_t limit, struct spool_found found[],
                                size_t *count, uint64_t *next);

/* How many events stand in each state, each counted once. */
struct spool_standings {
    uint64_t saved; /* not at the province; of them `sent` are in a batch */
    uint64_t sent;
    uint64_t received, backed_up, to_mend, moved;
    uint64_t removed; /* that were backed up, and are not here any more */
};
MUST_USE enum status spool_standings(struct spool *spool,
                                     struct spool_standings *standings);

/* How events whose ids follow on each other stand. What was removed since it
 * was backed up counts as received. */
struct spool_part {
    uint64_t events;
    uint64_t received; /* with those to mend */
    uint64_t to_mend;  /* of what was received; of many at least so many */
    uint64_t moved;    /* given new ids by recover: not looked at here */
};
/* STATUS_INVALID: these are not two events of one epoch of this office, or the
 * second was never saved. */
MUST_USE enum status spool_part(struct spool *spool, uint64_t first,
                                uint64_t last, struct spool_part *part);

/* The events of this office that name `target` as what they correct, by id; up
 * to `max` of them. */
MUST_USE enum status spool_corrections(struct spool *spool, uint64_t target,
                                       uint64_t corrections[], size_t max,
                                       size_t *count);

#endif
