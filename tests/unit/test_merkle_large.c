/* Trees far greater than what fits in memory. */
#include "common/format/merkle.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static uint64_t split(uint64_t count)
{
    uint64_t left = 1;
    while (left * 2 < count) {
        left *= 2;
    }
    return left;
}

/* A tree whose leaves are all the same: complete subtrees of a level are. */
static struct digest alike[MERKLE_LEVELS];

static enum status alike_node(void *context, unsigned level, uint64_t index,
                              struct digest *hash)
{
    uint64_t size = *(const uint64_t *)context;
    cr_assert_leq(((index + 1) << level), size);
    *hash = alike[level];
    return STATUS_OK;
}

static struct digest alike_root(uint64_t size)
{
    unsigned level = 0;
    while ((UINT64_C(1) << level) < size) {
        level++;
    }
    if ((UINT64_C(1) << level) == size) {
        return alike[level];
    }
    uint64_t left = split(size);
    struct digest root = alike_root(size - left);
    merkle_node(&alike[level - 1], &root, &root);
    return root;
}

static void fill_alike(void)
{
    merkle_leaf(bytes_of_text("alike"), &alike[0]);
    for (unsigned level = 1; level < MERKLE_LEVELS; level++) {
        merkle_node(&alike[level - 1], &alike[level - 1], &alike[level]);
    }
}

Test(merkle_large, odd_and_enormous_sizes_hold)
{
    static const uint64_t sizes[] = {
        UINT64_C(1) << 32,       (UINT64_C(1) << 32) + 1,
        (UINT64_C(1) << 40) - 1, UINT64_C(123456789012345),
        (UINT64_C(1) << 62) + 1, MERKLE_SIZE_MAX,
    };
    fill_alike();
    srand(1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t size = sizes[i];
        struct merkle_source source = {alike_node, &size};
        struct digest wanted = alike_root(size);
        struct merkle_proof proof;
        struct digest root;
        cr_assert_eq(merkle_root(&source, size, &root), STATUS_OK);
        cr_assert(digest_equal(&root, &wanted));
        for (int round = 0; round < 50; round++) {
            uint64_t place = ((uint64_t)rand() << 40 ^ (uint64_t)rand() << 20 ^
                              (uint64_t)rand()) %
                             size;
            if (round == 0) {
                place = size - 1;
            }
            cr_assert_eq(merkle_inclusion(&source, place, size, &proof),
                         STATUS_OK);
            cr_assert_leq(proof.count, 63);
            cr_assert(
                merkle_check_inclusion(&alike[0], place, size, &proof, &root));
            if (place == 0) {
                continue;
            }
            struct digest old = alike_root(place);
            cr_assert_eq(merkle_consistency(&source, place, size, &proof),
                         STATUS_OK);
            cr_assert(
                merkle_check_consistency(place, size, &old, &root, &proof));
        }
    }
    uint64_t size = MERKLE_SIZE_MAX;
    struct merkle_source source = {alike_node, &size};
    struct merkle_proof proof;
    cr_assert_eq(merkle_inclusion(&source, 1, MERKLE_SIZE_MAX + 1, &proof),
                 STATUS_INVALID);
    cr_assert_eq(merkle_consistency(&source, 1, MERKLE_SIZE_MAX + 1, &proof),
                 STATUS_INVALID);
}

static enum status broken_node(void *context, unsigned level, uint64_t index,
                               struct digest *hash)
{
    (void)context;
    (void)hash;
    return index == 2 && level == 0 ? STATUS_CORRUPT : STATUS_OK;
}

Test(merkle_large, what_the_source_cannot_give_ends_the_call)
{
    struct merkle_source source = {broken_node, NULL};
    struct merkle_frontier frontier;
    struct merkle_proof proof;
    struct digest root;
    cr_assert_eq(merkle_root(&source, 3, &root), STATUS_CORRUPT);
    cr_assert_eq(merkle_frontier_read(&source, 3, &frontier), STATUS_CORRUPT);
    cr_assert_eq(merkle_inclusion(&source, 0, 3, &proof), STATUS_CORRUPT);
    cr_assert_eq(merkle_consistency(&source, 2, 3, &proof), STATUS_CORRUPT);
}
