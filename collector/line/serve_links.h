/* serve_links - the links over which a ledger comes back, and whose turn it is.
 *
 * Flow     serve_recovery: hellos, answers -> [serve_links] -> whose turn
 * Owns     one struct serve_link a key, until serve_links_free().
 * Threads  one: the turn's.
 * Limits   CONTEXT_AGENTS_MAX offices and SERVE_STRANGERS_MAX strangers, of
 *          which the one that was heard longest ago makes room for a new one;
 *          SERVE_ASKED_MAX are asked at a time, SERVE_ASKED_STRANGERS_MAX of
 *          them strangers.
 *
 * The turn goes round: the next is looked for behind the one that was asked
 * last. Who is silent for SERVE_SILENT_US, or has taken SERVE_ASKED_US, leaves
 * the place to the next; what it still sends is taken, and it is asked again
 * only after its answer has ended or it has said hello again: so no two answers
 * of one office are ever on their way.
 */
#ifndef TALLYLINE_COLLECTOR_SERVE_LINKS_H
#define TALLYLINE_COLLECTOR_SERVE_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/line/intake.h"
#include "common/base/clock.h"
#include "common/fold/context.h"
#include "common/format/wire.h"

#define SERVE_STRANGERS_MAX       64u
#define SERVE_LINKS_MAX           (CONTEXT_AGENTS_MAX + SERVE_STRANGERS_MAX)
#define SERVE_ASKED_MAX           16u
#define SERVE_ASKED_STRANGERS_MAX 4u
#define SERVE_SILENT_US           (INT64_C(60) * CLOCK_US_PER_S)
#define SERVE_ASKED_US            (INT64_C(600) * CLOCK_US_PER_S)
/* Before who found no room for what it returned is asked again. */
#define SERVE_FULL_US (INT64_C(30) * CLOCK_US_PER_S)

struct serve_link {
    struct public_key key;
    struct intake_route route;
    struct wire_hello hello;
    uint32_t number; /* 0: a stranger */
    bool welcomed;
    bool greeted;   /* by a hello, since this recovery began */
    bool able;      /* it can return pairs */
    uint64_t from;  /* what it was last asked for begins here */
    uint64_t next;  /* all below it was returned */
    uint64_t holds; /* nothing of it lies at or above this */
    bool asked;     /* it has one of the places */
    bool owes;      /* the end of its answer has not come */
    bool skip;      /* that answer is not taken: there was no room */
    bool again;     /* nor all of it: the office became known meanwhile */
    bool done;      /* nothing is left to ask for, until the next hello */
    bool told;      /* and the recovery knows */
    int64_t heard_at;
    int64_t asked_at;   /* monotonic, as all here */
    int64_t grown_at;   /* something of its answer came */
    int64_t wait_until; /* not asked before */
    struct {            /* what the last commit knows of it */
        uint64_t next;
        bool done, told;
    } kept;
};

struct serve_links {
    struct serve_link *items[SERVE_LINKS_MAX];
    size_t count, strangers;
    struct serve_link *asked[SERVE_ASKED_MAX];
    size_t asked_count, asked_strangers;
    size_t turn;       /* behind the one that was asked last */
    int64_t look_at;   /* nobody is to be asked before; INT64_MAX: nor then */
    bool changed;      /* since the last commit */
    uint64_t position; /* of the context that the links were looked up in */
};

/* NULL without memory. */
struct serve_links *serve_links_new(void);
void serve_links_free(struct serve_links **links);

/* NULL: nothing was heard over a link of that key. `links` may be NULL. */
struct serve_link *serve_links_find(const struct serve_links *links,
                                    const struct public_key *key);
/* A hello came: the link of that key, as if it were new. An office takes a
 * stranger's place if need be. NULL without memory. */
struct serve_link *serve_links_hello(struct serve_links *links,
                                     const struct public_key *key,
                                     uint32_t number, int64_t now);
/* What it says that it holds, of which the ledger has `entries`. */
void serve_links_begin(struct serve_link *link, const struct wire_hello *hello,
                       uint64_t entries);
/* Who the stranger is has come back. */
void serve_links_know(struct serve_links *links, struct serve_link *link,
                      uint32_t number);

/* It was taken for an office and is none: nothing more is asked of it. */
void serve_links_forget(struct serve_links *links, struct serve_link *link);

/* Whose turn it is; NULL: nobody's now. What it gives may have nothing to
 * return: then it is done. */
struct serve_link *serve_links_next(struct serve_links *links, int64_t now);
/* It is asked for [link->next, link->holds) now. */
void serve_links_ask(struct serve_links *links, struct serve_link *link,
                     int64_t now);
/* Nothing more comes over it before the next hello. */
void serve_links_gone(struct serve_links *links, struct serve_link *link);
/* Pairs of its answer came, up to and with index `last`. */
void serve_links_grew(struct serve_links *links, struct serve_link *link,
                      uint64_t last, int64_t now);
/* Its answer has ended. */
void serve_links_ended(struct serve_links *links, struct serve_link *link,
                       uint64_t done_to);

/* What was said over all of them is on the disk. */
void serve_links_stored(struct serve_links *links);
/* It is not: who has said something is asked for it again after SERVE_FULL_US,
 * and what follows of its answer is of no use. */
void serve_links_lost(struct serve_links *links, int64_t now);
/* The same of one that has said something just now. */
void serve_links_pause(struct serve_links *links, struct serve_link *link,
                       int64_t now);

#endif
