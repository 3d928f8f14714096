/* wire_pairs - entries with their bytes, as a message carries them.
 *
 * Flow     agent's mirror, collector's ledger <-> [wire_pairs] <-> frames
 * Owns     nothing: pairs borrow from their frames.
 * Threads  pure.
 * Limits   WIRE_PAIRS_MAX pairs and WIRE_PAIRS_BYTES_MAX bytes a message; one
 *          document larger than that goes alone, cut into frames.
 *
 * Invariants
 *   I11  a pair is given only when its bytes have the size and the hash that
 *        its entry says.
 */
#ifndef TALLYLINE_COMMON_WIRE_PAIRS_H
#define TALLYLINE_COMMON_WIRE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/format/wire.h"

/* An entry and its batch or control document. */
struct wire_pair {
    struct entry entry;
    struct bytes bytes; /* borrowed */
    bool erased;        /* by order: there are no bytes */
};

/* A message's pairs while they are gathered. */
struct wire_pack {
    struct wire_pairs pairs;
    struct bytes frames[WIRE_PAIRS_MAX]; /* borrowed */
    size_t frame_count;
    size_t bytes;
};

/* One more pair: its bytes must stay until the message has left. False, and
 * nothing changed: it belongs into a message of its own. */
MUST_USE bool wire_pack_add(struct wire_pack *pack, const struct entry *entry,
                            struct bytes bytes);

/* Puts the frames of a message to its entries: `pairs->count` of them, each
 * with the size and the hash that the entry says. `whole` is the memory for a
 * document that came in several. STATUS_INVALID: anything else; STATUS_VERSION:
 * an entry from a newer program; STATUS_MEMORY. The pairs borrow from the
 * frames and from `whole`. */
MUST_USE enum status wire_pairs_join(const struct wire_pairs *pairs,
                                     const struct bytes frames[],
                                     size_t frame_count, struct buffer *whole,
                                     struct wire_pair out[WIRE_PAIRS_MAX]);

#endif
