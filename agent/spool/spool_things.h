/* spool_things - the things that this office itself has named or numbered.
 *
 * Flow     spool -> [spool_things] -> page, which picks from them
 * Owns     nothing.
 * Threads  one, as the spool.
 */
#ifndef TALLYLINE_AGENT_SPOOL_THINGS_H
#define TALLYLINE_AGENT_SPOOL_THINGS_H

#include "agent/spool/spool.h"

/* `name` has no zero; empty: numbered without a name, or named too and given
 * before. False: enough. */
typedef bool spool_thing_taker(void *owner, uint64_t reference,
                               struct bytes name);

/* Where a walk is; zeros: before the first. */
struct spool_things_place {
    bool written; /* names come as people wrote them: a look-up more for each */
    bool unnamed; /* behind those with names */
    size_t size;  /* of the key that it stands at */
    uint8_t key[4u + SPOOL_ALIAS_MAX];
};

/* Up to `looks` things of a kind behind a place, which moves on: first those
 * with local names, by name, then all that were numbered here, by number. A
 * name is as names are compared, unless asked for otherwise. STATUS_NOT_FOUND:
 * these were the last. The taker must not call the spool. */
MUST_USE enum status spool_things(struct spool *spool, uint32_t kind,
                                  struct spool_things_place *place,
                                  size_t looks, spool_thing_taker *take,
                                  void *owner);

/* What the office calls the thing, as somebody first wrote it: one look-up.
 * STATUS_NOT_FOUND, and `name` empty, when it has no name here. */
MUST_USE enum status spool_name(struct spool *spool, uint32_t kind,
                                uint64_t reference,
                                char name[SPOOL_ALIAS_MAX + 1u]);

#endif
