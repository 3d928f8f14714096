/* spool_slots - one office, several collectors.
 *
 * Flow     agent.yaml -> [spool_slots] -> every other call on the spool
 * Owns     nothing beside the spool.
 * Threads  one, as the spool.
 * Limits   SPOOL_SLOTS collectors.
 *
 * What a collector has said lies in a slot of its own: receipts and what they
 * come to, documents, outcomes, the mirror of control entries, checkpoints, the
 * backup mark, and how the line to it stands. Events, batches, names and keys
 * of rows are the office's, once. A call on the spool speaks of one collector:
 * the primary, unless spool_turn() said another. So "received" is what that one
 * has received, and moving the mark copies nothing.
 *
 * Which slot is whose stands in agent.yaml. An office that never had another
 * collector has slot 0 alone.
 *
 * Invariants
 *   I3  a receipt of one ledger is never taken for that of another.
 *   I7  no batch of the epoch in use leaves while one of the others lacks it.
 */
#ifndef TALLYLINE_AGENT_SPOOL_SLOTS_H
#define TALLYLINE_AGENT_SPOOL_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/spool/spool.h"
#include "common/format/wire_pairs.h"

/* Whose slots count from now on: that of the primary, which calls speak of
 * after this, and a bit for each of the others. Not within a transaction. */
void spool_set_slots(struct spool *spool, unsigned primary, uint32_t others);

/* Has the calls that follow speak of another collector; gives whom they spoke
 * of before. Not within a transaction. */
unsigned spool_turn(struct spool *spool, unsigned slot);

/* Makes the slot that of a ledger: empty, unless it is so already. For a slot
 * that is nobody's. */
MUST_USE enum status spool_claim(struct spool *spool, unsigned slot,
                                 const struct random_id *ledger);
/* Whose slot it is. STATUS_NOT_FOUND: nobody's. */
MUST_USE enum status spool_slot_ledger(struct spool *spool, unsigned slot,
                                       struct random_id *ledger);
/* Empties the slot of a collector that is none of this office's any more. */
MUST_USE enum status spool_release(struct spool *spool, unsigned slot);

/* The epoch in use, and whether what is in it is about to move into another:
 * then nothing of it is to be sealed or sent by anybody. */
MUST_USE enum status spool_epoch_in_use(struct spool *spool, uint32_t *ordinal,
                                        bool *moves);

/* What one of the collectors still lacks of the epoch in use. */
struct spool_lack {
    uint64_t received; /* all up to it has come */
    uint64_t events;   /* saved here and not received there */
    uint64_t sealed;   /* of them in batches */
    /* For want of it something stays that else would leave to make room;
     * `keep_bytes` as for spool_make_room(). */
    bool holds_room;
};
MUST_USE enum status spool_lack(struct spool *spool, unsigned slot,
                                uint64_t keep_bytes, struct spool_lack *lack);

/* Whether calls speak of the primary. */
bool spool_is_primary(const struct spool *spool);
/* Whose slot it is that they speak of; as spool_slot_ledger(). */
MUST_USE enum status spool_own_ledger(struct spool *spool,
                                      struct random_id *ledger);
/* From which index of its ledger on the collector may have received more of a
 * closed epoch than it has told: what another machine or file brought there,
 * or what it was not asked for. STATUS_NOT_FOUND: all is known. */
MUST_USE enum status spool_past_from(struct spool *spool, uint64_t *from);
/* Keeps receipts of what is here; with them all below `done_to` is known. */
MUST_USE enum status spool_keep_past(struct spool *spool,
                                     const struct wire_pair pairs[],
                                     size_t count, uint64_t done_to);

/* Whether an erasure order waits until another collector has its batch. */
MUST_USE enum status spool_orders_wait(struct spool *spool, bool *wait);
/* Does what orders say that had to wait until another collector had its batch;
 * nothing when none did. */
MUST_USE enum status spool_obey(struct spool *spool);

#endif
