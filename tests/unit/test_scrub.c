/* What the scrub finds, and what heals it. */
#include "collector/ledger/ledger_damage.h"
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_notes.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "collector/ledger/scrub.h"
#include "tests/support/keys.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(scrub, .init = ledger_fixture_open, .fini = ledger_fixture_close);

#define FOUND_MAX 16u

static struct scrub_finding found[FOUND_MAX];
static size_t found_count;
static struct ledger_candidates candidates;

static void tell(void *owner, const struct scrub_finding *finding)
{
    (void)owner;
    cr_assert_lt(found_count, FOUND_MAX);
    found[found_count++] = *finding;
}

/* The whole ledger, so many bytes a step. */
static struct scrub run(uint64_t bytes)
{
    struct scrub scrub;
    bool done = false;
    found_count = 0;
    cr_assert_eq(scrub_begin(&scrub, ledger, tell, NULL), STATUS_OK);
    while (!done) {
        cr_assert_eq(scrub_step(&scrub, bytes, &done), STATUS_OK);
    }
    cr_assert_eq(scrub.next, scrub.size);
    cr_assert_eq(scrub.found, found_count);
    return scrub;
}

static void document_of(uint64_t index, char text[32])
{
    (void)snprintf(text, 32, "document number %zu.", (size_t)index);
}

static void commit_many(uint64_t from, uint64_t count)
{
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    for (uint64_t i = from; i < from + count; i++) {
        struct ledger_answer answer;
        char text[32];
        document_of(i, text);
        cr_assert_eq(
            ledger_append_control(ledger, bytes_of_text(text), &answer),
            STATUS_OK);
    }
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

static struct entry entry_of(uint64_t index)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, index, &entry), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    return entry;
}

static void damage_entry(const struct entry *entry)
{
    uint8_t bytes[ENTRY_BYTES];
    entry_write(entry, bytes);
    ledger_fixture_damage((struct bytes){bytes, ENTRY_BYTES});
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
}

static void damage_document(uint64_t index)
{
    char text[32];
    document_of(index, text);
    ledger_fixture_damage(bytes_of_text(text));
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
}

static enum ledger_healing heal(const struct entry *entry, const char *text)
{
    enum ledger_healing healing = LEDGER_HEAL_SOUND;
    char own[32];
    document_of(entry->index, own);
    cr_assert_eq(ledger_heal(ledger, &candidates, entry,
                             bytes_of_text(text == NULL ? own : text),
                             &healing),
                 STATUS_OK);
    return healing;
}

/* Signs the size and root of now. */
static void keep_checkpoint(uint64_t size)
{
    struct ledger_snapshot *snapshot = NULL;
    struct checkpoint checkpoint;
    struct sign_keys keys;
    struct digest root;
    struct buffer note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    keys_fixed(3, &keys);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, size, &root), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(checkpoint_init(&checkpoint, "test.example/a", size, &root),
                 STATUS_OK);
    cr_assert_eq(checkpoint_sign(&checkpoint, &keys, &note), STATUS_OK);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_keep_checkpoint(ledger, size, buffer_bytes(&note)),
                 STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    buffer_fini(&note);
}

Test(scrub, a_sound_ledger_is_read_whole_and_nothing_is_found)
{
    static const uint64_t steps[] = {1, 1000, UINT64_MAX / 2};
    struct stream stream = stream_of(1, 1);
    struct sample sample;
    commit_many(0, 600);
    sample_make(&stream, 9, &sample);
    sample_commit(&sample);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct scrub scrub = run(steps[i]);
        cr_assert_eq(found_count, 0);
        cr_assert_eq(scrub.size, 601);
        cr_assert_gt(scrub.bytes, 601 * ENTRY_BYTES + 600 * 10);
    }
    ledger_fixture_reopen(0);
    (void)run(500);
    cr_assert_eq(found_count, 0);
}

Test(scrub, i5_damaged_bytes_are_healed_by_their_hash_alone)
{
    commit_many(0, 300);
    struct entry entry = entry_of(123);
    damage_document(123);
    (void)run(1000);
    cr_assert_eq(found_count, 1);
    cr_assert_eq(found[0].what, SCRUB_BYTES);
    cr_assert_eq(found[0].index, 123);

    cr_assert_eq(heal(&entry, "document number 124."), LEDGER_HEAL_WRONG);
    entry.received_at++;
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEAL_WRONG, "another record");
    entry.received_at--;
    (void)run(1000);
    cr_assert_eq(found_count, 1, "nothing was taken");
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEALED);
    (void)run(1000);
    cr_assert_eq(found_count, 0);
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEAL_SOUND);
    commit_many(300, 10);
}

/* What this process has appended is looked at too. */
Test(scrub, damage_is_found_in_what_was_just_written)
{
    struct entry entry;
    commit_many(0, 10);
    entry = entry_of(4);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(store_put_reserved(ledger->txn, 1,
                                    (struct bytes){entry.digest.bytes, 32},
                                    bytes_of_text("document number 5.")),
                 STATUS_OK);
    cr_assert_eq(store_commit(&ledger->txn), STATUS_OK);
    (void)run(1000);
    cr_assert_eq(found_count, 1);
    cr_assert_eq(found[0].index, 4);
}

Test(scrub, i5_a_damaged_record_is_healed_by_the_node_over_it)
{
    commit_many(0, 300);
    struct entry entry = entry_of(77);
    damage_entry(&entry);
    (void)run(1000);
    cr_assert_eq(found_count, 1);
    cr_assert_eq(found[0].what, SCRUB_ENTRY);
    cr_assert_eq(found[0].index, 77);

    entry.received_at++;
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEAL_WRONG);
    entry.received_at--;
    entry.index = 78;
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEAL_SOUND);
    entry.index = 77;
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEALED);
    (void)run(1000);
    cr_assert_eq(found_count, 0);
}

/* Behind the last node the newest checkpoint says what was there. The tree,
 * which stood, goes on. */
Test(scrub, a_damaged_record_at_the_end_is_healed_by_a_checkpoint)
{
    commit_many(0, 270);
    keep_checkpoint(270);
    struct entry entry = entry_of(265);
    damage_entry(&entry);
    commit_many(270, 1);
    cr_assert(ledger->tree_stands);
    entry.flags ^= 1;
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEAL_WRONG);
    entry.flags ^= 1;
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEALED);
    cr_assert(!ledger->tree_stands);
    commit_many(271, 241);
    (void)run(1000);
    cr_assert_eq(found_count, 0);
    cr_assert_eq(ledger->tree.size, 512);
}

Test(scrub, a_record_that_nothing_vouches_for_is_not_healed)
{
    commit_many(0, 270);
    keep_checkpoint(265);
    struct entry entry = entry_of(265);
    damage_entry(&entry);
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEAL_WAITS);
    (void)run(1000);
    cr_assert_eq(found_count, 1);
}

Test(scrub, several_records_of_a_block_are_healed_together)
{
    commit_many(0, 300);
    struct entry a = entry_of(10);
    struct entry b = entry_of(200);
    damage_entry(&a);
    damage_entry(&b);
    (void)run(1000);
    cr_assert_eq(found_count, 2);
    cr_assert_eq(heal(&a, NULL), LEDGER_HEAL_WAITS);
    b.count ^= 1;
    cr_assert_eq(heal(&b, NULL), LEDGER_HEAL_WRONG);
    b.count ^= 1;
    cr_assert_eq(heal(&b, NULL), LEDGER_HEAL_WAITS, "both were forgotten");
    cr_assert_eq(heal(&a, NULL), LEDGER_HEALED);
    (void)run(1000);
    cr_assert_eq(found_count, 0);
}

Test(scrub, a_wrong_node_is_found_and_mended_from_the_entries)
{
    struct digest wrong = {{1, 2, 3}};
    commit_many(0, 600);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_tree_put(ledger->txn, 1, 1, &wrong), STATUS_OK);
    cr_assert_eq(store_commit(&ledger->txn), STATUS_OK);
    (void)run(1000);
    cr_assert_eq(found_count, 1);
    cr_assert_eq(found[0].what, SCRUB_NODE);
    cr_assert_eq(found[0].level, 1);
    cr_assert_eq(found[0].index, 1);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_mend_node(ledger, 1, 1), STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    (void)run(1000);
    cr_assert_eq(found_count, 0);
}

Test(scrub, damage_is_kept_until_it_is_healed)
{
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_damage damage = {
        .index = 7, .what = SCRUB_BYTES, .found_at = 1234};
    struct ledger_scrubbed scrubbed = {1, 2, 3, 4, 5};
    struct ledger_damage read;
    commit_many(0, 10);
    struct entry entry = entry_of(7);
    damage_document(7);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_keep_damage(ledger, &damage), STATUS_OK);
    damage.index = 9;
    cr_assert_eq(ledger_keep_damage(ledger, &damage), STATUS_OK);
    cr_assert_eq(ledger_keep_scrubbed(ledger, &scrubbed), STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    ledger_fixture_reopen(0);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_next_damage(snapshot, 0, &read), STATUS_OK);
    cr_assert_eq(read.index, 7);
    cr_assert_eq(read.what, SCRUB_BYTES);
    cr_assert_eq(read.found_at, 1234);
    cr_assert_eq(ledger_next_damage(snapshot, 8, &read), STATUS_OK);
    cr_assert_eq(read.index, 9);
    cr_assert_eq(ledger_next_damage(snapshot, 10, &read), STATUS_NOT_FOUND);
    scrubbed = (struct ledger_scrubbed){0};
    cr_assert_eq(ledger_scrubbed(snapshot, &scrubbed), STATUS_OK);
    cr_assert_eq(scrubbed.found, 5);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(heal(&entry, NULL), LEDGER_HEALED);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_next_damage(snapshot, 0, &read), STATUS_OK);
    cr_assert_eq(read.index, 9);
    ledger_snapshot_close(&snapshot);
}

Test(scrub, whose_entry_it_is_stands_beside_it)
{
    struct stream stream = stream_of(5, 1);
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_owner_search search = {0};
    struct sample sample;
    uint32_t agent = 9;
    commit_many(0, 3);
    sample_make(&stream, 9, &sample);
    sample_commit(&sample);
    struct entry entry = entry_of(3);
    commit_many(3, 1);
    damage_entry(&entry);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_owner(snapshot, 3, &search, &agent), STATUS_OK);
    cr_assert_eq(agent, 5);
    cr_assert_eq(ledger_owner(snapshot, 2, &search, &agent), STATUS_OK);
    cr_assert_eq(agent, 0);
    cr_assert_eq(ledger_owner(snapshot, 99, &search, &agent), STATUS_NOT_FOUND);
    ledger_snapshot_close(&snapshot);
}

/* The serving thread asks: a call that walked millions of rows would keep every
 * office waiting. Each looks at so many, and the next one goes on. */
Test(scrub, i11_whose_entry_it_is_is_looked_for_in_turns)
{
    struct stream last = stream_of(9, 1);
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_owner_search search = {0};
    struct sample sample;
    uint32_t agent = 0;
    unsigned turns = 1;
    uint8_t key[16], index[8];
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    for (uint32_t i = 0; i < 2 * LEDGER_OWNER_ROWS; i++) {
        bytes_put_u32(key, 5);
        bytes_put_u32(key + 4, 1);
        bytes_put_u64(key + 8, i + 1);
        bytes_put_u64(index, 1000 + i);
        cr_assert_eq(store_put_reserved(ledger->txn, TABLE_POSITIONS,
                                        (struct bytes){key, sizeof key},
                                        (struct bytes){index, sizeof index}),
                     STATUS_OK);
    }
    cr_assert_eq(store_commit(&ledger->txn), STATUS_OK);
    sample_make(&last, 9, &sample);
    sample_commit(&sample);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    while (ledger_owner(snapshot, 0, &search, &agent) == STATUS_AGAIN) {
        turns++;
    }
    cr_assert_eq(agent, 9);
    cr_assert_eq(turns, 3);
    /* What was found is looked for from the beginning the next time. */
    cr_assert_eq(ledger_owner(snapshot, 0, &search, &agent), STATUS_AGAIN);
    cr_assert_eq(ledger_owner(snapshot, 1000, &search, &agent), STATUS_OK);
    cr_assert_eq(agent, 5);
    ledger_snapshot_close(&snapshot);
}
