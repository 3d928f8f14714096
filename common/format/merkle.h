/* merkle - the tree of RFC 6962 (and 9162) over a growing list of leaves.
 *
 * Flow     entries -> [merkle] -> roots, proofs -> checkpoints, receipts
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   MERKLE_SIZE_MAX leaves, MERKLE_PROOF_MAX hashes a proof.
 *
 * Hash of a leaf: SHA-256 of the byte 0 and the leaf. Of a node: SHA-256 of
 * the byte 1 and the hashes of its two sides, the left one over the greatest
 * power of two of leaves that leaves some for the right. A subtree over 2^level
 * leaves that begins at a multiple of that is complete: nothing that is added
 * later changes it, so its hash can be kept.
 */
#ifndef TALLYLINE_COMMON_MERKLE_H
#define TALLYLINE_COMMON_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define MERKLE_LEVELS    64u
#define MERKLE_PROOF_MAX 64u
#define MERKLE_SIZE_MAX  ((uint64_t)INT64_MAX)

struct merkle_proof {
    struct digest hashes[MERKLE_PROOF_MAX];
    size_t count;
};

void merkle_leaf(struct bytes data, struct digest *hash);
/* `hash` may be one of the two. */
void merkle_node(const struct digest *left, const struct digest *right,
                 struct digest *hash);

/* ---- a tree that grows ---- */

/* `last[level]` is the hash of the last complete subtree over 2^level leaves.
 * All are known after as many pushes; of a frontier that was filled in for a
 * size, those of the bits that are set in it, which is what a push needs. */
struct merkle_frontier {
    uint64_t size;
    struct digest last[MERKLE_LEVELS];
};

void merkle_frontier_init(struct merkle_frontier *frontier);
/* Adds the hash of a leaf. The size is below MERKLE_SIZE_MAX. */
void merkle_frontier_push(struct merkle_frontier *frontier,
                          const struct digest *leaf);
/* Of no leaves: the SHA-256 of nothing. */
void merkle_frontier_root(const struct merkle_frontier *frontier,
                          struct digest *root);

/* ---- roots and proofs of a tree that is kept somewhere ---- */

/* Gives the hash of the complete subtree over the leaves from
 * index * 2^level on; it is only asked for what lies below the size. What it
 * answers other than STATUS_OK ends the call with it. */
struct merkle_source {
    enum status (*node)(void *context, unsigned level, uint64_t index,
                        struct digest *hash);
    void *context;
};

/* Fills the frontier in for a size up to MERKLE_SIZE_MAX. */
MUST_USE enum status merkle_frontier_read(const struct merkle_source *source,
                                          uint64_t size,
                                          struct merkle_frontier *frontier);
MUST_USE enum status merkle_root(const struct merkle_source *source,
                                 uint64_t size, struct digest *root);
/* STATUS_INVALID: there is no leaf `index` among `size`. */
MUST_USE enum status merkle_inclusion(const struct merkle_source *source,
                                      uint64_t index, uint64_t size,
                                      struct merkle_proof *proof);
/* STATUS_INVALID: `from` is above `to`. From 0 or the same size the proof is
 * empty. */
MUST_USE enum status merkle_consistency(const struct merkle_source *source,
                                        uint64_t from, uint64_t to,
                                        struct merkle_proof *proof);

/* ---- what whoever trusts only a root can check ---- */

/* Leaf `index` of the tree over `size` leaves has the hash `leaf`. */
MUST_USE bool merkle_check_inclusion(const struct digest *leaf, uint64_t index,
                                     uint64_t size,
                                     const struct merkle_proof *proof,
                                     const struct digest *root);
/* The tree over `to` leaves begins with the `from` leaves of the other.
 * Nothing is a beginning of everything: from 0 only an empty proof is taken,
 * and `root_from` is not looked at. */
MUST_USE bool merkle_check_consistency(uint64_t from, uint64_t to,
                                       const struct digest *root_from,
                                       const struct digest *root_to,
                                       const struct merkle_proof *proof);

#endif
