/* spool_aside - a transaction whose events are judged before it begins.
 *
 * Flow     spool_begin_aside() -> spool_add() ... -> spool_commit()
 * Owns     a file without a name with the events, and what was allotted.
 * Threads  one, as the spool.
 * Limits   SPOOL_TRANSACTION_MAX events; memory for each: 24 bytes, and for
 *          each thing that gets a number 24 more and its name.
 *
 * Reading a file of many rows takes long, and the store has one transaction for
 * all processes. So what rows add is kept aside, is found again by later rows
 * of the file, and goes into the store in one short transaction. Things get
 * stand-ins for numbers, from ASIDE_NUMBER_MAX downwards, where no office
 * comes; spool_commit() allots the numbers. Every function here stands in for
 * the one of its name in spool.h.
 */
#ifndef TALLYLINE_AGENT_SPOOL_ASIDE_H
#define TALLYLINE_AGENT_SPOOL_ASIDE_H

#include <stdbool.h>

#include "agent/spool/spool_internal.h"

#define ASIDE_NUMBER_MAX UINT32_MAX

struct spool_aside; /* opaque */

void spool_aside_close(struct spool_aside **aside);

MUST_USE enum status spool_aside_add(struct spool *spool,
                                     const struct event *event, uint64_t *id,
                                     bool *skipped);
/* False: it is not kept aside. */
bool spool_aside_find_entry(const struct spool *spool, uint32_t unit,
                            uint32_t office,
                            const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES],
                            uint64_t *id);
/* Whether the id is one of an event that is kept aside. */
bool spool_aside_has(const struct spool *spool, uint64_t id);
MUST_USE enum status spool_aside_event(struct spool *spool, uint64_t id,
                                       struct event *event);
/* `name` is empty for a thing without one. */
MUST_USE enum status spool_aside_allot(struct spool *spool, uint32_t kind,
                                       struct bytes name, uint64_t *reference,
                                       bool *fresh);
/* Of the thing that was allotted last. */
MUST_USE enum status spool_aside_note_written(struct spool *spool,
                                              uint64_t reference,
                                              struct bytes written);
void spool_aside_take_back(struct spool *spool, uint64_t reference);
/* Begins the transaction and puts all of it in; nothing is aside afterwards.
 * STATUS_AGAIN: what was saved meanwhile contradicts it. */
MUST_USE enum status spool_aside_write(struct spool *spool);

#endif
