/* The tree over the ledger's entries: kept with each commit, in older ledgers,
 * and what damage does to it. */
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/older_ledger.h"
#include "tests/support/rounds.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(ledger_tree, .init = ledger_fixture_open,
          .fini = ledger_fixture_close);

static uint64_t documents; /* each one another */

static uint64_t pick(uint64_t below)
{
    return (uint64_t)rand() % below;
}

static void append_one(void)
{
    struct ledger_answer answer;
    char document[32];
    (void)snprintf(document, sizeof document, "document %zu",
                   (size_t)documents);
    documents++;
    cr_assert_eq(
        ledger_append_control(ledger, bytes_of_text(document), &answer),
        STATUS_OK);
    cr_assert_eq(answer.verdict, LEDGER_APPENDED);
}

static void commit_many(uint64_t count)
{
    while (count > 0) {
        uint64_t group = count < LEDGER_GROUP_MAX ? count : LEDGER_GROUP_MAX;
        cr_assert_eq(ledger_begin(ledger), STATUS_OK);
        for (uint64_t i = 0; i < group; i++) {
            append_one();
        }
        cr_assert_eq(ledger_commit(ledger), STATUS_OK);
        count -= group;
    }
}

static struct ledger_snapshot *snapshot_now(void)
{
    struct ledger_snapshot *snapshot = NULL;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    return snapshot;
}

/* The frontier over the first `size` entries, leaf by leaf. */
static void plain_frontier(const struct ledger_snapshot *snapshot,
                           uint64_t size, struct merkle_frontier *frontier)
{
    merkle_frontier_init(frontier);
    for (uint64_t i = 0; i < size; i++) {
        uint8_t bytes[ENTRY_BYTES];
        struct entry entry;
        struct digest leaf;
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        entry_write(&entry, bytes);
        merkle_leaf((struct bytes){bytes, sizeof bytes}, &leaf);
        merkle_frontier_push(frontier, &leaf);
    }
}

static struct digest plain_root(const struct ledger_snapshot *snapshot,
                                uint64_t size)
{
    struct merkle_frontier frontier;
    struct digest root;
    plain_frontier(snapshot, size, &frontier);
    merkle_frontier_root(&frontier, &root);
    return root;
}

static struct digest leaf_of(const struct ledger_snapshot *snapshot,
                             uint64_t index)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry entry;
    struct digest leaf;
    cr_assert_eq(ledger_entry(snapshot, index, &entry), STATUS_OK);
    entry_write(&entry, bytes);
    merkle_leaf((struct bytes){bytes, sizeof bytes}, &leaf);
    return leaf;
}

/* Root, and proofs from and to a few places, hold against the plain tree. */
static void expect_tree(uint64_t size)
{
    struct ledger_snapshot *snapshot = snapshot_now();
    struct merkle_proof proof;
    struct digest root;
    struct digest wanted = plain_root(snapshot, size);
    cr_assert_eq(ledger_root(snapshot, size, &root), STATUS_OK);
    cr_assert(digest_equal(&root, &wanted), "%zu entries", (size_t)size);
    const uint64_t places[] = {0, size / 3, size / 2, size - 1};
    for (size_t i = 0; size > 0 && i < 4; i++) {
        uint64_t place = places[i];
        struct digest leaf = leaf_of(snapshot, place);
        cr_assert_eq(ledger_inclusion(snapshot, place, size, &proof),
                     STATUS_OK);
        cr_assert(merkle_check_inclusion(&leaf, place, size, &proof, &root));
        struct digest old = plain_root(snapshot, place);
        cr_assert_eq(ledger_consistency(snapshot, place, size, &proof),
                     STATUS_OK);
        cr_assert(merkle_check_consistency(place, size, &old, &root, &proof));
    }
    ledger_snapshot_close(&snapshot);
}

static uint64_t nodes_kept(void)
{
    uint64_t count = 0;
    struct digest hash;
    struct ledger_snapshot *snapshot = snapshot_now();
    for (unsigned level = 1; level <= 2; level++) {
        uint64_t index = 0;
        while (ledger_tree_node(snapshot->txn, level, index, &hash) !=
               STATUS_NOT_FOUND) {
            index++;
        }
        count += index;
    }
    ledger_snapshot_close(&snapshot);
    return count;
}

Test(ledger_tree, root_and_proofs_are_those_of_the_plain_tree)
{
    uint64_t seed = 0;
    uint64_t size = 0;
    uint32_t count = rounds("groups of entries", 25, 250, &seed);
    srand((unsigned)seed);
    expect_tree(0);
    while (count-- > 0) {
        uint64_t more = pick(300);
        if (pick(4) == 0) {
            cr_assert_eq(ledger_begin(ledger), STATUS_OK);
            append_one();
            ledger_rollback(ledger);
        }
        commit_many(more);
        size += more;
        if (pick(3) == 0) {
            ledger_fixture_reopen(0);
        }
        expect_tree(size);
        expect_tree(pick(size + 1));
        cr_assert_eq(nodes_kept(), size / 256);
    }
}

Test(ledger_tree, a_node_over_65536_entries_is_kept_too)
{
    commit_many(65535);
    cr_assert_eq(nodes_kept(), 255);
    commit_many(1);
    cr_assert_eq(nodes_kept(), 257);
    commit_many(300);
    expect_tree(65536 + 300);
    expect_tree(65536 + 256);
    expect_tree(65536 - 1);
}

Test(ledger_tree, more_than_there_is_has_no_root_and_no_proof)
{
    struct merkle_proof proof;
    struct digest root;
    commit_many(3);
    struct ledger_snapshot *snapshot = snapshot_now();
    cr_assert_eq(ledger_root(snapshot, 3, &root), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, 4, &root), STATUS_NOT_FOUND);
    cr_assert_eq(ledger_inclusion(snapshot, 2, 3, &proof), STATUS_OK);
    cr_assert_eq(ledger_inclusion(snapshot, 3, 3, &proof), STATUS_NOT_FOUND);
    cr_assert_eq(ledger_inclusion(snapshot, 2, 4, &proof), STATUS_NOT_FOUND);
    cr_assert_eq(ledger_consistency(snapshot, 3, 3, &proof), STATUS_OK);
    cr_assert_eq(ledger_consistency(snapshot, 3, 4, &proof), STATUS_NOT_FOUND);
    cr_assert_eq(ledger_consistency(snapshot, 3, 2, &proof), STATUS_NOT_FOUND);
    ledger_snapshot_close(&snapshot);
}

/* ---- older ledgers ---- */

/* Puts a ledger of format 1 in the place of the fixture's. */
static void make_older(void)
{
    char older[TEMP_DIR_PATH_MAX];
    temp_dir_path(&dir, "older.mdb", older);
    ledger_close(&ledger);
    older_ledger_make(path, older);
    cr_assert_eq(rename(older, path), 0);
}

Test(ledger_tree, an_older_ledger_read_only_makes_its_tree_of_the_entries)
{
    commit_many(600);
    make_older();
    cr_assert_eq(ledger_fixture_open_again(true), STATUS_OK);
    expect_tree(600);
    expect_tree(256);
    cr_assert_eq(nodes_kept(), 0);
    cr_assert_eq(ledger_fixture_open_again(true), STATUS_OK, "it is as it was");
    cr_assert_eq(nodes_kept(), 0);
}

Test(ledger_tree, an_older_ledger_gets_its_tree_when_it_is_opened_to_write)
{
    commit_many(600);
    make_older();
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    cr_assert_eq(nodes_kept(), 2);
    expect_tree(600);
    commit_many(200);
    cr_assert_eq(nodes_kept(), 3);
    expect_tree(800);
    ledger_fixture_reopen(0);
    expect_tree(800);
}

Test(ledger_tree, an_empty_older_ledger_is_a_newer_one_at_once)
{
    make_older();
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    expect_tree(0);
    commit_many(256);
    cr_assert_eq(nodes_kept(), 1);
}

/* More entries than one transaction of it takes. */
Test(ledger_tree, catching_up_goes_in_several_steps)
{
    commit_many(LEDGER_TREE_STEP + 700);
    make_older();
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    cr_assert_eq(nodes_kept(), 256 + 2 + 1);
    expect_tree(LEDGER_TREE_STEP + 700);
}

/* ---- damage ---- */

static struct digest kept_node(unsigned level, uint64_t index)
{
    struct ledger_snapshot *snapshot = snapshot_now();
    struct digest hash;
    cr_assert_eq(ledger_tree_node(snapshot->txn, level, index, &hash),
                 STATUS_OK);
    ledger_snapshot_close(&snapshot);
    return hash;
}

Test(ledger_tree, a_damaged_node_is_never_believed)
{
    struct merkle_proof proof;
    struct digest root;
    commit_many(600);
    struct digest node = kept_node(1, 0);
    ledger_fixture_damage((struct bytes){node.bytes, DIGEST_BYTES});
    cr_assert_eq(ledger_fixture_open_again(true), STATUS_OK);
    struct ledger_snapshot *snapshot = snapshot_now();
    cr_assert_eq(ledger_root(snapshot, 600, &root), STATUS_CORRUPT);
    cr_assert_eq(ledger_inclusion(snapshot, 300, 600, &proof), STATUS_CORRUPT);
    cr_assert_eq(ledger_consistency(snapshot, 512, 600, &proof), STATUS_OK,
                 "what does not need it");
    cr_assert_eq(ledger_consistency(snapshot, 257, 600, &proof),
                 STATUS_CORRUPT);
    ledger_snapshot_close(&snapshot);
}

/* Entries are taken all the same, and new nodes are right. */
Test(ledger_tree, a_damaged_node_does_not_stop_the_writer)
{
    commit_many(600);
    struct digest node = kept_node(1, 1);
    ledger_fixture_damage((struct bytes){node.bytes, DIGEST_BYTES});
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    commit_many(300);
    struct merkle_frontier plain;
    struct ledger_snapshot *snapshot = snapshot_now();
    plain_frontier(snapshot, 768, &plain);
    ledger_snapshot_close(&snapshot);
    node = kept_node(1, 2);
    cr_assert(digest_equal(&node, &plain.last[8]));
}

/* The leaf is not known any more: the tree stands, and work goes on. */
Test(ledger_tree, a_damaged_entry_stops_the_tree_and_nothing_else)
{
    struct digest root;
    commit_many(200);
    struct ledger_snapshot *snapshot = snapshot_now();
    struct entry entry;
    uint8_t bytes[ENTRY_BYTES];
    cr_assert_eq(ledger_entry(snapshot, 120, &entry), STATUS_OK);
    entry_write(&entry, bytes);
    ledger_snapshot_close(&snapshot);
    ledger_fixture_damage((struct bytes){bytes, ENTRY_BYTES});
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    commit_many(100);
    cr_assert_eq(nodes_kept(), 0);
    snapshot = snapshot_now();
    cr_assert_eq(ledger_snapshot_size(snapshot), 300);
    cr_assert_eq(ledger_root(snapshot, 300, &root), STATUS_CORRUPT);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    commit_many(1);
}

/* What an opening finds missing it adds: an older ledger that was left in the
 * middle of it, or a tree that stood. */
Test(ledger_tree, what_is_missing_is_added_when_it_is_opened_again)
{
    commit_many(256 * 4 + 10);
    for (uint64_t left = 0; left < 4; left++) {
        struct digest kept[4];
        cr_assert_eq(ledger_begin(ledger), STATUS_OK);
        for (uint64_t i = left; i < 4; i++) {
            uint8_t key[9] = {1};
            bytes_put_u64(key + 1, i);
            cr_assert_eq(ledger_tree_node(ledger->txn, 1, i, &kept[i]),
                         STATUS_OK);
            cr_assert_eq(store_delete(ledger->txn, TABLE_TREE,
                                      (struct bytes){key, sizeof key}),
                         STATUS_OK);
        }
        cr_assert_eq(store_commit(&ledger->txn), STATUS_OK);
        expect_tree(256 * 4 + 10);
        ledger_fixture_reopen(0);
        cr_assert_eq(nodes_kept(), 4);
        for (uint64_t i = left; i < 4; i++) {
            struct digest node = kept_node(1, i);
            cr_assert(digest_equal(&node, &kept[i]));
        }
    }
}
