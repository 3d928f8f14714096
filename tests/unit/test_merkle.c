#include "common/format/merkle.h"

#include <criterion/criterion.h>
#include <string.h>

/* ---- the definition, word for word ---- */

#define LEAVES_MAX 301u

static struct digest leaves[LEAVES_MAX];

static uint64_t split(uint64_t count)
{
    uint64_t left = 1;
    while (left * 2 < count) {
        left *= 2;
    }
    return left;
}

static struct digest naive_root(uint64_t from, uint64_t to)
{
    struct digest left;
    struct digest right;
    if (from == to) {
        digest_bytes((struct bytes){0}, &left);
        return left;
    }
    if (to - from == 1) {
        return leaves[from];
    }
    uint64_t middle = from + split(to - from);
    left = naive_root(from, middle);
    right = naive_root(middle, to);
    merkle_node(&left, &right, &left);
    return left;
}

static void naive_inclusion(uint64_t index, uint64_t from, uint64_t to,
                            struct merkle_proof *proof)
{
    if (to - from == 1) {
        return;
    }
    uint64_t middle = from + split(to - from);
    if (index < middle) {
        naive_inclusion(index, from, middle, proof);
        proof->hashes[proof->count++] = naive_root(middle, to);
    } else {
        naive_inclusion(index, middle, to, proof);
        proof->hashes[proof->count++] = naive_root(from, middle);
    }
}

static void naive_consistency(uint64_t old, uint64_t from, uint64_t to,
                              bool whole, struct merkle_proof *proof)
{
    if (old == to) {
        if (!whole) {
            proof->hashes[proof->count++] = naive_root(from, to);
        }
        return;
    }
    uint64_t middle = from + split(to - from);
    if (old <= middle) {
        naive_consistency(old, from, middle, whole, proof);
        proof->hashes[proof->count++] = naive_root(middle, to);
    } else {
        naive_consistency(old, middle, to, false, proof);
        proof->hashes[proof->count++] = naive_root(from, middle);
    }
}

static enum status naive_node(void *context, unsigned level, uint64_t index,
                              struct digest *hash)
{
    uint64_t size = *(const uint64_t *)context;
    cr_assert_leq((index + 1) << level, size, "only what is complete");
    *hash = naive_root(index << level, (index + 1) << level);
    return STATUS_OK;
}

static void fill_leaves(void)
{
    for (uint32_t i = 0; i < LEAVES_MAX; i++) {
        uint8_t leaf[4];
        bytes_put_u32(leaf, i);
        merkle_leaf((struct bytes){leaf, sizeof leaf}, &leaves[i]);
    }
}

static struct digest digest_of_hex(const char *hex)
{
    struct digest digest;
    size_t size = 0;
    cr_assert_eq(bytes_from_hex(hex, digest.bytes, DIGEST_BYTES, &size),
                 STATUS_OK);
    cr_assert_eq(size, DIGEST_BYTES);
    return digest;
}

static bool same_proof(const struct merkle_proof *a,
                       const struct merkle_proof *b)
{
    return a->count == b->count &&
           memcmp(a->hashes, b->hashes, a->count * DIGEST_BYTES) == 0;
}

/* ---- the published vectors ---- */

static const char *const vector_leaves[] = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};

static const char *const vector_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

#define PATH_MAX_HASHES 4

struct path_vector {
    uint64_t a; /* leaf, or the smaller size */
    uint64_t size;
    const char *hashes[PATH_MAX_HASHES];
};

static const char hash_00[] =
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
static const char hash_23[] =
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
static const char hash_4[] =
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
static const char hash_45[] =
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
static const char hash_47[] =
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
static const char hash_67[] =
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
static const char hash_03[] =
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";

static void fill_vector_leaves(void)
{
    for (size_t i = 0; i < 8; i++) {
        uint8_t leaf[16];
        size_t size = 0;
        cr_assert_eq(bytes_from_hex(vector_leaves[i], leaf, sizeof leaf, &size),
                     STATUS_OK);
        merkle_leaf((struct bytes){leaf, size}, &leaves[i]);
    }
}

Test(merkle, roots_are_those_of_the_published_vectors)
{
    struct merkle_frontier frontier;
    struct digest root;
    fill_vector_leaves();
    merkle_frontier_init(&frontier);
    for (uint64_t size = 0; size <= 8; size++) {
        struct merkle_source source = {naive_node, &size};
        struct digest wanted = digest_of_hex(vector_roots[size]);
        merkle_frontier_root(&frontier, &root);
        cr_assert(digest_equal(&root, &wanted), "frontier %zu", (size_t)size);
        cr_assert_eq(merkle_root(&source, size, &root), STATUS_OK);
        cr_assert(digest_equal(&root, &wanted), "source %zu", (size_t)size);
        if (size < 8) {
            merkle_frontier_push(&frontier, &leaves[size]);
        }
    }
}

static void expect_vector(const struct merkle_proof *proof,
                          const struct path_vector *vector)
{
    size_t count = 0;
    while (count < PATH_MAX_HASHES && vector->hashes[count] != NULL) {
        struct digest wanted = digest_of_hex(vector->hashes[count]);
        cr_assert_lt(count, proof->count);
        cr_assert(digest_equal(&proof->hashes[count], &wanted));
        count++;
    }
    cr_assert_eq(proof->count, count);
}

Test(merkle, proofs_are_those_of_the_published_vectors)
{
    static const struct path_vector inclusions[] = {
        {0, 1, {NULL}},
        {0, 8, {hash_00, hash_23, hash_47}},
        {5, 8, {hash_4, hash_67, hash_03}},
        {2,
         3,
         {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3"
          "c125"}},
        {1,
         5,
         {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617af"
          "a01d",
          hash_23, hash_4}},
    };
    static const struct path_vector consistencies[] = {
        {1, 1, {NULL}},
        {1, 8, {hash_00, hash_23, hash_47}},
        {6, 8, {hash_45, hash_67, hash_03}},
        {2, 5, {hash_23, hash_4}},
    };
    struct merkle_proof proof;
    fill_vector_leaves();
    for (size_t i = 0; i < sizeof inclusions / sizeof *inclusions; i++) {
        uint64_t size = inclusions[i].size;
        struct merkle_source source = {naive_node, &size};
        struct digest root = digest_of_hex(vector_roots[size]);
        cr_assert_eq(merkle_inclusion(&source, inclusions[i].a, size, &proof),
                     STATUS_OK);
        expect_vector(&proof, &inclusions[i]);
        cr_assert(merkle_check_inclusion(&leaves[inclusions[i].a],
                                         inclusions[i].a, size, &proof, &root));
    }
    for (size_t i = 0; i < sizeof consistencies / sizeof *consistencies; i++) {
        uint64_t size = consistencies[i].size;
        struct merkle_source source = {naive_node, &size};
        struct digest from = digest_of_hex(vector_roots[consistencies[i].a]);
        struct digest to = digest_of_hex(vector_roots[size]);
        cr_assert_eq(
            merkle_consistency(&source, consistencies[i].a, size, &proof),
            STATUS_OK);
        expect_vector(&proof, &consistencies[i]);
        cr_assert(merkle_check_consistency(consistencies[i].a, size, &from, &to,
                                           &proof));
    }
}

/* ---- against the definition ---- */

/* What must not pass: each bit of a proof, one hash more or less, another
 * place, another size. */
static void expect_only_this_inclusion(uint64_t index, uint64_t size,
                                       struct merkle_proof *proof,
                                       const struct digest *root)
{
    const struct digest *leaf = &leaves[index];
    struct digest other = *leaf;
    other.bytes[index % DIGEST_BYTES] ^= 1;
    cr_assert(!merkle_check_inclusion(&other, index, size, proof, root));
    for (size_t i = 0; i < proof->count; i++) {
        proof->hashes[i].bytes[size % DIGEST_BYTES] ^= 0x80;
        cr_assert(!merkle_check_inclusion(leaf, index, size, proof, root));
        proof->hashes[i].bytes[size % DIGEST_BYTES] ^= 0x80;
    }
    if (proof->count > 0) {
        proof->count--;
        cr_assert(!merkle_check_inclusion(leaf, index, size, proof, root));
        proof->count++;
    }
    proof->hashes[proof->count] = other;
    proof->count++;
    cr_assert(!merkle_check_inclusion(leaf, index, size, proof, root));
    proof->count--;
    if (index > 0) {
        cr_assert(!merkle_check_inclusion(leaf, index - 1, size, proof, root));
    }
    cr_assert(!merkle_check_inclusion(leaf, size, size, proof, root));
    cr_assert(!merkle_check_inclusion(leaf, index, 2 * size, proof, root));
}

Test(merkle, every_root_and_inclusion_up_to_300_is_as_defined)
{
    struct merkle_frontier frontier;
    fill_leaves();
    merkle_frontier_init(&frontier);
    for (uint64_t size = 0; size <= 300; size++) {
        struct merkle_source source = {naive_node, &size};
        struct merkle_frontier read;
        struct digest root;
        struct digest wanted = naive_root(0, size);
        merkle_frontier_root(&frontier, &root);
        cr_assert(digest_equal(&root, &wanted));
        cr_assert_eq(merkle_root(&source, size, &root), STATUS_OK);
        cr_assert(digest_equal(&root, &wanted));
        cr_assert_eq(merkle_frontier_read(&source, size, &read), STATUS_OK);
        merkle_frontier_root(&read, &root);
        cr_assert(digest_equal(&root, &wanted));
        uint64_t step = size < 40 ? 1 : size / 7; /* all of the small ones */
        for (uint64_t index = 0; index < size; index += step) {
            struct merkle_proof proof;
            struct merkle_proof defined = {.count = 0};
            naive_inclusion(index, 0, size, &defined);
            cr_assert_eq(merkle_inclusion(&source, index, size, &proof),
                         STATUS_OK);
            cr_assert(same_proof(&proof, &defined));
            cr_assert(merkle_check_inclusion(&leaves[index], index, size,
                                             &proof, &root));
            expect_only_this_inclusion(index, size, &proof, &root);
        }
        merkle_frontier_push(&frontier, &leaves[size]);
        merkle_frontier_push(&read, &leaves[size]);
        merkle_frontier_root(&frontier, &wanted);
        merkle_frontier_root(&read, &root);
        cr_assert(digest_equal(&root, &wanted), "a frontier read grows on");
    }
}

static void expect_only_this_consistency(uint64_t from, uint64_t to,
                                         struct merkle_proof *proof)
{
    struct digest old = naive_root(0, from);
    struct digest root = naive_root(0, to);
    cr_assert(merkle_check_consistency(from, to, &old, &root, proof));
    for (size_t i = 0; i < proof->count; i++) {
        proof->hashes[i].bytes[to % DIGEST_BYTES] ^= 2;
        cr_assert(!merkle_check_consistency(from, to, &old, &root, proof));
        proof->hashes[i].bytes[to % DIGEST_BYTES] ^= 2;
    }
    old.bytes[0] ^= 1;
    cr_assert(!merkle_check_consistency(from, to, &old, &root, proof));
    old.bytes[0] ^= 1;
    root.bytes[31] ^= 1;
    cr_assert(!merkle_check_consistency(from, to, &old, &root, proof));
    root.bytes[31] ^= 1;
    proof->hashes[proof->count] = root;
    proof->count++;
    cr_assert(!merkle_check_consistency(from, to, &old, &root, proof));
    proof->count -= 2;
    cr_assert(!merkle_check_consistency(from, to, &old, &root, proof));
    proof->count++;
    cr_assert(!merkle_check_consistency(to, from, &root, &old, proof));
}

Test(merkle, every_consistency_is_as_defined)
{
    fill_leaves();
    for (uint64_t to = 1; to <= 300; to++) {
        struct merkle_source source = {naive_node, &to};
        uint64_t step = to < 40 ? 1 : to / 9;
        for (uint64_t from = 1; from < to; from += step) {
            struct merkle_proof proof;
            struct merkle_proof defined = {.count = 0};
            naive_consistency(from, 0, to, true, &defined);
            cr_assert_eq(merkle_consistency(&source, from, to, &proof),
                         STATUS_OK);
            cr_assert(same_proof(&proof, &defined));
            expect_only_this_consistency(from, to, &proof);
        }
    }
}

Test(merkle, nothing_and_the_same_are_the_edges_of_consistency)
{
    uint64_t size = 5;
    struct merkle_source source = {naive_node, &size};
    struct merkle_proof proof = {.count = 9};
    fill_leaves();
    struct digest root = naive_root(0, 5);
    struct digest other = naive_root(0, 4);
    cr_assert_eq(merkle_consistency(&source, 0, 5, &proof), STATUS_OK);
    cr_assert_eq(proof.count, 0);
    cr_assert(merkle_check_consistency(0, 5, &other, &root, &proof));
    cr_assert_eq(merkle_consistency(&source, 5, 5, &proof), STATUS_OK);
    cr_assert_eq(proof.count, 0);
    cr_assert(merkle_check_consistency(5, 5, &root, &root, &proof));
    cr_assert(!merkle_check_consistency(5, 5, &other, &root, &proof));
    cr_assert(!merkle_check_consistency(3, 5, &other, &root, &proof));
    proof.count = 1;
    cr_assert(!merkle_check_consistency(0, 5, &other, &root, &proof));
    cr_assert(!merkle_check_consistency(5, 5, &root, &root, &proof));
    cr_assert_eq(merkle_consistency(&source, 6, 5, &proof), STATUS_INVALID);
    cr_assert_eq(merkle_inclusion(&source, 5, 5, &proof), STATUS_INVALID);
    cr_assert_eq(merkle_inclusion(&source, 0, 0, &proof), STATUS_INVALID);
    cr_assert(!merkle_check_inclusion(&leaves[0], 0, 0, &proof, &leaves[0]));
}
