/* spool_aside_internal - what the files of spool_aside share.
 *
 * Flow     spool_aside.c has the events, spool_aside_things.c what they name.
 */
#ifndef TALLYLINE_AGENT_SPOOL_ASIDE_INTERNAL_H
#define TALLYLINE_AGENT_SPOOL_ASIDE_INTERNAL_H

#include "agent/spool/spool_aside.h"

#include <stdio.h>

#include "common/base/bytes.h"
#include "common/base/id_map.h"

#define SPOOL_ASIDE_NAMES_MAX \
    ((size_t)SPOOL_TRANSACTION_MAX * 2u * (SPOOL_ALIAS_MAX + 1u))

/* A thing that is to get a number. */
struct aside_thing {
    uint64_t hash; /* of its kind and name; 0: it has no name */
    uint32_t kind;
    uint32_t name; /* place in `names` */
    uint32_t size;
    uint32_t written; /* bytes behind the name: how it was written; or 0 */
};

struct spool_aside {
    FILE *file;
    uint64_t *ends; /* of each event in the file */
    uint32_t count, room;
    uint64_t last;           /* seq of the epoch when it was begun */
    bool names_later;        /* an event is about one that is only here */
    struct id_map keys;      /* of events, by a hash of their row's key */
    struct id_map corrected; /* what events correct: its first version */
    struct aside_thing *things;
    uint32_t thing_count, thing_room;
    struct id_map known; /* things, by a hash of their name */
    struct buffer names;
    struct event event; /* that was read last */
};

/* Never 0. */
uint64_t spool_aside_hash(struct bytes bytes);
/* The numbers of all things, in the order in which they were met. */
MUST_USE enum status spool_aside_allot_all(struct spool *spool,
                                           const struct spool_aside *aside,
                                           uint64_t references[]);
/* Gives an event the numbers in place of what stands in for them. */
void spool_aside_put_numbers(const struct spool *spool,
                             const struct spool_aside *aside,
                             const uint64_t references[], struct event *event);

#endif
