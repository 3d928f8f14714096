/* Roots and proofs are put together from complete subtrees alone: a run of
 * leaves that begins where a tree's right side does falls into complete ones of
 * falling size, the binary digits of its length. */
#include "common/format/merkle.h"

#include "common/base/check.h"

#include <nettle/sha2.h>

void merkle_leaf(struct bytes data, struct digest *hash)
{
    static const uint8_t mark = 0;
    struct sha256_ctx state;

    sha256_init(&state);
    sha256_update(&state, sizeof mark, &mark);
    sha256_update(&state, data.size, data.data);
    sha256_digest(&state, DIGEST_BYTES, hash->bytes);
}

void merkle_node(const struct digest *left, const struct digest *right,
                 struct digest *hash)
{
    static const uint8_t mark = 1;
    struct sha256_ctx state;

    sha256_init(&state);
    sha256_update(&state, sizeof mark, &mark);
    sha256_update(&state, DIGEST_BYTES, left->bytes);
    sha256_update(&state, DIGEST_BYTES, right->bytes);
    sha256_digest(&state, DIGEST_BYTES, hash->bytes);
}

static bool is_odd(uint64_t number)
{
    return (number & 1u) != 0;
}

/* The level of the greatest complete subtree that `count` leaves, at least one,
 * have room for. */
static unsigned level_below(uint64_t count)
{
    return MERKLE_LEVELS - 1u - (unsigned)__builtin_clzll(count);
}

/* How many leaves the left side of a tree over `count`, at least two, has. */
static uint64_t left_side(uint64_t count)
{
    return UINT64_C(1) << level_below(count - 1);
}

/* ---- a tree that grows ---- */

void merkle_frontier_init(struct merkle_frontier *frontier)
{
    *frontier = (struct merkle_frontier){0};
}

void merkle_frontier_push(struct merkle_frontier *frontier,
                          const struct digest *leaf)
{
    struct digest hash = *leaf;
    unsigned level = 0;

    check(frontier->size < MERKLE_SIZE_MAX);
    for (uint64_t rest = frontier->size; is_odd(rest); rest >>= 1) {
        struct digest right = hash;
        merkle_node(&frontier->last[level], &right, &hash);
        frontier->last[level] = right;
        level++;
    }
    frontier->last[level] = hash;
    frontier->size++;
}

void merkle_frontier_root(const struct merkle_frontier *frontier,
                          struct digest *root)
{
    bool begun = false;

    if (frontier->size == 0) {
        digest_bytes((struct bytes){0}, root);
        return;
    }
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if (!is_odd(frontier->size >> level)) {
            continue;
        }
        if (begun) {
            merkle_node(&frontier->last[level], root, root);
        } else {
            *root = frontier->last[level];
            begun = true;
        }
    }
}

/* ---- roots and proofs of a tree that is kept somewhere ---- */

enum status merkle_frontier_read(const struct merkle_source *source,
                                 uint64_t size,
                                 struct merkle_frontier *frontier)
{
    enum status status = STATUS_OK;

    check(size <= MERKLE_SIZE_MAX);
    merkle_frontier_init(frontier);
    for (unsigned level = 0; level < MERKLE_LEVELS && status == STATUS_OK;
         level++) {
        uint64_t complete = size >> level;
        if (is_odd(complete)) {
            status = source->node(source->context, level, complete - 1,
                                  &frontier->last[level]);
        }
    }
    frontier->size = size;
    return status;
}

/* The root over the leaves from `from` to `to`, at least one, where `from` is a
 * multiple of a power of two that is not below their number. */
static enum status run_root(const struct merkle_source *source, uint64_t from,
                            uint64_t to, struct digest *root)
{
    struct digest parts[MERKLE_LEVELS];
    size_t count = 0;

    check(from < to);
    while (from < to) {
        unsigned level = level_below(to - from);
        enum status status =
            source->node(source->context, level, from >> level, &parts[count]);
        if (status != STATUS_OK) {
            return status;
        }
        count++;
        from += UINT64_C(1) << level;
    }
    *root = parts[--count];
    while (count > 0) {
        count--;
        merkle_node(&parts[count], root, root);
    }
    return STATUS_OK;
}

enum status merkle_root(const struct merkle_source *source, uint64_t size,
                        struct digest *root)
{
    check(size <= MERKLE_SIZE_MAX);
    if (size == 0) {
        digest_bytes((struct bytes){0}, root);
        return STATUS_OK;
    }
    return run_root(source, 0, size, root);
}

struct run {
    uint64_t from;
    uint64_t to;
};

/* Proofs name the deepest hash first; a walk from the root meets it last. */
static enum status turn_around(const struct merkle_source *source,
                               const struct run *runs, size_t count,
                               struct merkle_proof *proof)
{
    enum status status = STATUS_OK;

    check(count <= MERKLE_PROOF_MAX);
    proof->count = 0;
    while (count > 0 && status == STATUS_OK) {
        count--;
        status = run_root(source, runs[count].from, runs[count].to,
                          &proof->hashes[proof->count]);
        proof->count++;
    }
    return status;
}

enum status merkle_inclusion(const struct merkle_source *source, uint64_t index,
                             uint64_t size, struct merkle_proof *proof)
{
    struct run beside[MERKLE_PROOF_MAX];
    struct run tree = {0, size};
    size_t count = 0;

    proof->count = 0;
    if (index >= size || size > MERKLE_SIZE_MAX) {
        return STATUS_INVALID;
    }
    while (tree.to - tree.from > 1) {
        uint64_t middle = tree.from + left_side(tree.to - tree.from);
        if (index < middle) {
            beside[count++] = (struct run){middle, tree.to};
            tree.to = middle;
        } else {
            beside[count++] = (struct run){tree.from, middle};
            tree.from = middle;
        }
    }
    return turn_around(source, beside, count, proof);
}

enum status merkle_consistency(const struct merkle_source *source,
                               uint64_t from, uint64_t to,
                               struct merkle_proof *proof)
{
    struct run beside[MERKLE_PROOF_MAX];
    struct run tree = {0, to};
    size_t count = 0;

    proof->count = 0;
    if (from > to || to > MERKLE_SIZE_MAX) {
        return STATUS_INVALID;
    }
    if (from == 0) {
        return STATUS_OK;
    }
    while (tree.to != from) {
        uint64_t middle = tree.from + left_side(tree.to - tree.from);
        if (from <= middle) {
            beside[count++] = (struct run){middle, tree.to};
            tree.to = middle;
        } else {
            beside[count++] = (struct run){tree.from, middle};
            tree.from = middle;
        }
    }
    /* The old tree's own last part; when it is all of it, who checks has it. */
    if (tree.from > 0) {
        beside[count++] = tree;
    }
    return turn_around(source, beside, count, proof);
}

/* ---- what whoever trusts only a root can check ---- */

bool merkle_check_inclusion(const struct digest *leaf, uint64_t index,
                            uint64_t size, const struct merkle_proof *proof,
                            const struct digest *root)
{
    struct digest hash = *leaf;
    uint64_t node = index;
    uint64_t last;

    if (index >= size || proof->count > MERKLE_PROOF_MAX) {
        return false;
    }
    last = size - 1;
    for (size_t i = 0; i < proof->count; i++) {
        if (last == 0) {
            return false;
        }
        if (is_odd(node) || node == last) {
            merkle_node(&proof->hashes[i], &hash, &hash);
            while (!is_odd(node) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            merkle_node(&hash, &proof->hashes[i], &hash);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_equal(&hash, root);
}

/* Both sizes are above 0 and differ. `old` and `grown` climb side by side: the
 * old root is made of the hashes that lie left of its last part. */
static bool climb(uint64_t from, uint64_t to, const struct digest *root_from,
                  const struct digest *root_to,
                  const struct merkle_proof *proof)
{
    uint64_t node = from - 1;
    uint64_t last = to - 1;
    size_t next = 0;
    struct digest start;

    while (is_odd(node)) {
        node >>= 1;
        last >>= 1;
    }
    if (node == 0) { /* a complete subtree: the old root itself */
        start = *root_from;
    } else if (proof->count > 0) {
        start = proof->hashes[next++];
    } else {
        return false;
    }
    struct digest old = start;
    struct digest grown = start;
    for (; next < proof->count; next++) {
        const struct digest *beside = &proof->hashes[next];
        if (last == 0) {
            return false;
        }
        if (is_odd(node) || node == last) {
            merkle_node(beside, &old, &old);
            merkle_node(beside, &grown, &grown);
            while (!is_odd(node) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            merkle_node(&grown, beside, &grown);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_equal(&old, root_from) &&
           digest_equal(&grown, root_to);
}

bool merkle_check_consistency(uint64_t from, uint64_t to,
                              const struct digest *root_from,
                              const struct digest *root_to,
                              const struct merkle_proof *proof)
{
    if (from > to || proof->count > MERKLE_PROOF_MAX) {
        return false;
    }
    if (from == 0) {
        return proof->count == 0;
    }
    if (from == to) {
        return proof->count == 0 && digest_equal(root_from, root_to);
    }
    return climb(from, to, root_from, root_to, proof);
}
