/* spool_drafts - what somebody has begun to enter on the office's page.
 *
 * Flow     page -> [spool_drafts] -> page, until the event is saved
 * Owns     the table `drafts` of the spool.
 * Threads  one, as the spool.
 * Limits   SPOOL_DRAFTS_MAX drafts of SPOOL_DRAFT_BYTES_MAX.
 *
 * A draft is a text of the page's own under the key that its event will have as
 * entry_key: saving the event ends the draft, in one transaction. Drafts are
 * never sent; recovery and copies leave them where they are.
 *
 * Invariants
 *   I1   STATUS_OK from spool_put_draft() means on stable storage.
 *   I11  the limits above: one more is refused, and nothing is forgotten.
 */
#ifndef TALLYLINE_AGENT_SPOOL_DRAFTS_H
#define TALLYLINE_AGENT_SPOOL_DRAFTS_H

#include "agent/spool/spool.h"

#define SPOOL_DRAFTS_MAX      256u
#define SPOOL_DRAFT_BYTES_MAX (16u * 1024u)

struct spool_draft {
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    int64_t updated_at; /* microseconds UTC */
    struct bytes text;  /* valid until the next call on the spool */
};

/* Puts it in the place of the one before. STATUS_REFUSED: SPOOL_DRAFTS_MAX are
 * there; STATUS_FULL: the spool has no room; STATUS_INVALID: too large. */
MUST_USE enum status spool_put_draft(struct spool *spool,
                                     const struct spool_draft *draft);
/* Within an open transaction it goes with its commit. STATUS_NOT_FOUND. */
MUST_USE enum status spool_delete_draft(
    struct spool *spool, const uint8_t key[EVENT_ENTRY_KEY_BYTES]);
/* The draft of that key. STATUS_NOT_FOUND. */
MUST_USE enum status spool_find_draft(struct spool *spool,
                                      const uint8_t key[EVENT_ENTRY_KEY_BYTES],
                                      struct spool_draft *draft);
/* The first draft whose key is above `after`; NULL: of all. STATUS_NOT_FOUND
 * behind the last one. */
MUST_USE enum status spool_next_draft(struct spool *spool, const uint8_t *after,
                                      struct spool_draft *draft);

#endif
