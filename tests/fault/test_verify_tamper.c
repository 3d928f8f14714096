/* A ledger with cold files and erased batches is tampered with in every way
 * that this file knows, at places of chance, and audit verify finds it; where
 * the forger has taken away what the province itself had signed, it does so
 * with the checkpoint that an office keeps. Bits are flipped anywhere in the
 * file: those that change something are found, the others change nothing that
 * can be read.
 *
 *   TALLYLINE_TEST_SEED=N, TALLYLINE_ROUNDS=N, TALLYLINE_FULL=1
 */
#include "collector/ledger/ledger_moved.h"
#include "tests/support/audited.h"
#include "tests/support/forged_orders.h"
#include "tests/support/rounds.h"
#include "tests/support/tamper.h"
#include "tests/support/world.h"

#include "common/base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX      (64u << 20)
#define HARMLESS_MOST 2000u /* flips in a row that changed nothing */

static struct audited audited;
static struct tamper tamper;
static struct buffer bytes;
static uint64_t chance;

static uint64_t below(uint64_t limit)
{
    return world_random(&chance) % limit;
}

/* Whether its bytes lie in the store, and its stream goes on behind it. */
static bool goes_on(const struct entry *entry)
{
    struct stream_record stream;
    struct bytes value;

    return entry->kind == ENTRY_BATCH &&
           store_get(tamper.txn, TABLE_BYTES,
                     (struct bytes){entry->digest.bytes, DIGEST_BYTES},
                     &value) == STATUS_OK &&
           tables_get_stream(tamper.txn, &entry->agent, &entry->epoch,
                             &stream) == STATUS_OK &&
           stream.last_index > entry->index;
}

/* A batch entry of chance that has a batch behind it in the ledger. */
static struct entry some_batch(void)
{
    struct entry entry;

    do {
        tamper_get(&tamper, 4 + below(tamper_size(&tamper) - 5), &entry);
    } while (!goes_on(&entry));
    return entry;
}

static struct entry some_control(void)
{
    struct entry entry;

    do {
        tamper_get(&tamper, 1 + below(tamper_size(&tamper) - 1), &entry);
    } while (entry.kind != ENTRY_CONTROL);
    return entry;
}

/* ---- what a forger does ---- */

static void change_bytes(struct entry entry)
{
    tamper_bytes(&tamper, &entry, &bytes);
    bytes.data[below(bytes.size)] ^= (uint8_t)(1u << below(8));
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
}

static void change_event(void)
{
    struct entry entry = some_batch();

    tamper_bytes(&tamper, &entry, &bytes);
    bytes.data[BATCH_HEADER_BYTES +
               below(bytes.size - BATCH_HEADER_BYTES - SIGNATURE_BYTES)] ^=
        (uint8_t)(1u << below(8));
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
}

static void change_plan(void)
{
    struct entry entry;

    tamper_get(&tamper, 2, &entry);
    change_bytes(entry);
}

static void change_order(void)
{
    change_bytes(some_control());
}

static void sign_again(void)
{
    struct entry entry = some_batch();
    struct sign_keys forged;
    struct signature signature;

    sign_keys_make(&forged);
    tamper_bytes(&tamper, &entry, &bytes);
    sign_make(&forged, "tallyline batch 1",
              (struct bytes){bytes.data, bytes.size - SIGNATURE_BYTES},
              &signature);
    memcpy(bytes.data + bytes.size - SIGNATURE_BYTES, signature.bytes,
           SIGNATURE_BYTES);
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
}

/* Two entries change places, each under the index and time of the other. */
static void swap(void)
{
    struct entry a = some_batch(), b = some_batch(), other;

    while (b.index == a.index) {
        b = some_batch();
    }
    other = a;
    a.index = b.index;
    a.received_at = b.received_at;
    a.flags = b.flags;
    b.index = other.index;
    b.received_at = other.received_at;
    b.flags = other.flags;
    tamper_put(&tamper, &a);
    tamper_put(&tamper, &b);
}

static void change_time(void)
{
    struct entry entry = some_batch();

    entry.received_at += 1 + (int64_t)below(900000);
    tamper_put(&tamper, &entry);
}

static void cut_tail(void)
{
    tamper_cut(&tamper, 1 + below(20));
}

static void drop_row(void)
{
    struct entry entry = below(4) == 0 ? some_control() : some_batch();
    uint8_t key[16];

    tamper_drop(&tamper,
                entry.kind == ENTRY_BATCH ? TABLE_POSITIONS : TABLE_CONTROLS,
                tamper_place(&entry, key));
}

static void drop_bytes(void)
{
    struct entry entry = some_batch();

    tamper_drop(&tamper, TABLE_BYTES,
                (struct bytes){entry.digest.bytes, DIGEST_BYTES});
}

static void set_stream_back(void)
{
    struct entry entry = some_batch();

    cr_assert_eq(tables_put_stream(tamper.txn, &entry), STATUS_OK);
}

static void change_node(void)
{
    uint8_t key[9] = {1};
    uint8_t node[DIGEST_BYTES];

    for (size_t i = 0; i < sizeof node; i++) {
        node[i] = (uint8_t)below(256);
    }
    tamper_row(&tamper, TABLE_TREE, (struct bytes){key, sizeof key},
               (struct bytes){node, sizeof node});
}

/* The last checkpoint goes, and the one before stands as the last. */
static void roll_checkpoints_back(void)
{
    tamper_forget(&tamper, tamper_size(&tamper) - 1);
}

static void undo_erasure(void)
{
    (void)forge_erasure_undone(&audited, &tamper);
}

static void undo_erasure_in_file(void)
{
    (void)forge_erasure_undone_cold(&audited);
}

static void erase_without_entry(void)
{
    forge_erasure_without_entry(&audited, &tamper, some_batch().index);
}

static void invent_erased_batch(void)
{
    (void)forge_erased_batch(&audited, &tamper, 1);
}

/* A batch lies where another lies, by its row. */
static void lead_elsewhere(void)
{
    struct moved moved, other;
    struct digest digest = {{0}}, next;

    do {
        cr_assert_eq(moved_next(tamper.txn, &digest, &digest, &moved),
                     STATUS_OK);
    } while (moved.kind != MOVED_COLD);
    next = digest;
    do {
        cr_assert_eq(moved_next(tamper.txn, &next, &next, &other), STATUS_OK);
    } while (other.kind != MOVED_COLD);
    cr_assert_eq(moved_put(tamper.txn, &digest, &other), STATUS_OK);
}

enum mending {
    MENDED, /* all tables and the tree are made to fit afterwards */
    LEFT
};

struct way {
    const char *name;
    void (*tamper)(void);
    enum mending mending;
    bool alone;  /* found without what an office keeps, if the province's own
                   checkpoints are left */
    bool always; /* found without any checkpoint */
};

static const struct way ways[] = {
    {"an event is changed", change_event, MENDED, true, true},
    {"a plan is changed", change_plan, MENDED, true, true},
    {"an order is changed", change_order, MENDED, true, true},
    {"a batch is signed again", sign_again, MENDED, true, true},
    {"two entries are swapped", swap, MENDED, true, false},
    {"two entries are swapped, the tables left", swap, LEFT, true, true},
    {"a receive time is changed", change_time, MENDED, true, false},
    {"the tail is removed", cut_tail, MENDED, true, false},
    {"the tail is removed, the tables left", cut_tail, LEFT, true, true},
    {"a position is dropped", drop_row, LEFT, true, true},
    {"bytes are dropped", drop_bytes, LEFT, true, true},
    {"a stream is set back", set_stream_back, LEFT, true, false},
    {"a node is changed", change_node, LEFT, true, true},
    {"an erasure is undone", undo_erasure, LEFT, true, true},
    {"an erasure is undone in a cold file", undo_erasure_in_file, LEFT, true,
     true},
    {"an erasure has no entry", erase_without_entry, LEFT, true, true},
    {"an erased batch was never there", invent_erased_batch, MENDED, true,
     true},
    {"a moved batch lies elsewhere", lead_elsewhere, LEFT, true, true},
    {"the checkpoints are rolled back", roll_checkpoints_back, LEFT, false,
     false},
};
#define WAYS (sizeof ways / sizeof ways[0])

/* ---- bits ---- */

static void read_file(const char *path, struct buffer *content)
{
    buffer_init(content, FILE_MAX);
    cr_assert_eq(file_read(path, content), STATUS_OK);
}

static void write_file(const char *path, const struct buffer *content)
{
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file);
    cr_assert_eq(fwrite(content->data, 1, content->size, file), content->size);
    cr_assert_eq(fclose(file), 0);
}

/* A hash over all that the ledger says, read through the store; all zeros when
 * it cannot be read. */
static struct digest content_of(const char *path)
{
    static const char *const tables[] = {
        "entries",     "bytes",     "streams", "positions", "controls", "tree",
        "checkpoints", "witnesses", "moved",   "recovery",  "damage"};
    const struct store_options options = {.path = path,
                                          .tables = tables,
                                          .table_count =
                                              sizeof tables / sizeof tables[0],
                                          .map_bytes = LEDGER_MAP_BYTES,
                                          .format = LEDGER_FORMAT,
                                          .kind = "ledger",
                                          .read_only = true,
                                          .no_lock = true};
    struct digest sum = {{0}};
    struct store *store = NULL;
    struct store_txn *txn = NULL;

    if (store_open(&options, &store) != STATUS_OK) {
        return sum;
    }
    cr_assert_eq(store_begin(store, false, &txn), STATUS_OK);
    for (unsigned t = 0; t < options.table_count; t++) {
        struct store_cursor *cursor = NULL;
        struct bytes key, value;

        cr_assert_eq(store_cursor_open(txn, t, &cursor), STATUS_OK);
        for (enum status status =
                 store_seek(cursor, (struct bytes){0}, &key, &value);
             status == STATUS_OK; status = store_next(cursor, &key, &value)) {
            buffer_clear(&bytes);
            cr_assert_eq(
                buffer_append(&bytes, (struct bytes){sum.bytes, DIGEST_BYTES}),
                STATUS_OK);
            cr_assert_eq(buffer_append(&bytes, key), STATUS_OK);
            cr_assert_eq(buffer_append(&bytes, value), STATUS_OK);
            digest_bytes(buffer_bytes(&bytes), &sum);
        }
        store_cursor_close(&cursor);
    }
    store_abort(&txn);
    store_close(&store);
    return sum;
}

/* True: found. False: the bit changes nothing. */
static bool flip_bit(const struct buffer *whole, const struct digest *content)
{
    uint64_t at = below(whole->size);
    uint8_t bit = (uint8_t)(1u << below(8));
    struct digest now;
    bool found;

    whole->data[at] ^= bit;
    write_file(audited.copy.ledger, whole);
    whole->data[at] ^= bit;
    found = audited_found(&audited, false);
    if (!found) {
        now = content_of(audited.copy.ledger);
        cr_assert(digest_equal(&now, content),
                  "bit %u of byte %llu changes the ledger and is not found",
                  (unsigned)bit, (unsigned long long)at);
    }
    return found;
}

/* ---- the rounds ---- */

static void setup(void)
{
    audited_open(&audited);
    audited_move(&audited);
    buffer_init(&bytes, 2 * CONTROL_BYTES_MAX);
}

static void teardown(void)
{
    buffer_fini(&bytes);
    audited_close(&audited);
}

TestSuite(verify_tamper, .init = setup, .fini = teardown, .timeout = 1800);

/* With the kept checkpoints left, or taken away as well. */
static void tamper_once(const struct way *way, bool forget)
{
    struct verify_results *results = calloc(1, sizeof *results);
    bool alone;

    cr_assert_not_null(results);
    audited_copy(&audited);
    tamper_open(&tamper, audited.copy.ledger);
    way->tamper();
    if (forget) {
        tamper_forget(&tamper, 0);
        (void)unlink(audited.copy.state);
    }
    if (way->mending == MENDED) {
        tamper_mend(&tamper);
    }
    tamper_close(&tamper);
    alone = audited_found(&audited, false);
    if (forget ? way->always : way->alone) {
        cr_assert(alone, "%s: not found%s", way->name,
                  forget ? " without checkpoints" : "");
    }
    if (!audited_found(&audited, true)) {
        (void)!audited_verify(&audited, true, results);
        audited_print(results);
        cr_assert_fail("%s: not found with what an office keeps", way->name);
    }
    free(results);
}

Test(verify_tamper, i5_every_tamper_is_found)
{
    uint32_t count = rounds("tampers", 50, 500, &chance);

    cr_assert_not(audited_found(&audited, true));
    for (uint32_t i = 0; i < count; i++) {
        tamper_once(&ways[i % WAYS], below(2) == 0);
    }
}

Test(verify_tamper, every_flipped_bit_that_changes_something_is_found)
{
    uint32_t count = rounds("flipped bits", 50, 500, &chance);
    struct digest content;
    struct buffer whole;

    read_file(audited.copy.ledger, &whole);
    content = content_of(audited.copy.ledger);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t tries = 0;

        while (!flip_bit(&whole, &content)) {
            cr_assert_lt(++tries, HARMLESS_MOST);
        }
    }
    buffer_fini(&whole);
}

Test(verify_tamper, i4_every_change_of_the_saved_state_is_found)
{
    uint32_t count = rounds("changed states", 20, 200, &chance);

    for (uint32_t i = 0; i < count; i++) {
        audited_copy(&audited);
        tamper_frames(audited.copy.state, world_random(&chance));
        cr_assert(audited_found(&audited, false));
    }
}
