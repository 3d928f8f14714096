#include "collector/checkpoints.h"
#include "collector/ledger_internal.h"
#include "collector/ledger_tables.h"
#include "tests/support/keys.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

#define ORIGIN  "ledger.example/test"
#define HOUR_US (INT64_C(3600) * CLOCK_US_PER_S)

static struct sign_keys ledger_keys;
static struct clock clk;
static struct checkpoints *checkpoints;
static struct stream stream;

static void open_checkpoints(void)
{
    struct checkpoints_options options = {
        .keys = &ledger_keys, .clock = &clk, .origin = ORIGIN};

    options.ledger = ledger;
    checkpoints_close(&checkpoints);
    cr_assert_eq(checkpoints_open(&options, &checkpoints), STATUS_OK);
}

static void setup(void)
{
    ledger_fixture_open();
    clock_init_settable(&clk, &now);
    keys_fixed(7, &ledger_keys);
    stream = stream_of(1, 1);
    open_checkpoints();
}

static void teardown(void)
{
    checkpoints_close(&checkpoints);
    ledger_fixture_close();
}

TestSuite(checkpoints, .init = setup, .fini = teardown);

static void append(unsigned count)
{
    struct sample sample;

    while (count-- > 0) {
        sample_make(&stream, 1, &sample);
        sample_commit(&sample);
    }
}

static uint64_t size_now(void)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t size;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

static void step_marked(uint64_t marked, bool hold)
{
    cr_assert_eq(checkpoints_step(checkpoints, size_now(), marked, hold),
                 STATUS_OK);
}

/* Once the pause is over. */
static void step(void)
{
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US);
    step_marked(0, false);
}

static uint64_t last_size(void)
{
    const struct checkpoint *checkpoint;
    const struct wire_note *note;

    return checkpoints_last(checkpoints, &checkpoint, &note) ? checkpoint->size
                                                             : 0;
}

static enum checkpoints_trouble trouble(void)
{
    struct checkpoints_standing standing;

    checkpoints_standing(checkpoints, &standing);
    return standing.trouble;
}

static struct checkpoint at(uint64_t size)
{
    struct ledger_snapshot *snapshot = NULL;
    struct checkpoint checkpoint;
    struct digest root;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, size, &root), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(checkpoint_init(&checkpoint, ORIGIN, size, &root), STATUS_OK);
    return checkpoint;
}

static struct wire_note note_of(const struct checkpoint *checkpoint,
                                const struct sign_keys *keys)
{
    struct wire_note note;
    struct buffer text;

    buffer_init(&text, WIRE_NOTE_MAX);
    cr_assert_eq(checkpoint_sign(checkpoint, keys, &text), STATUS_OK);
    memcpy(note.bytes, text.data, text.size);
    note.size = text.size;
    buffer_fini(&text);
    return note;
}

static struct wire_cosign cosign_of(const struct checkpoint *checkpoint,
                                    const struct sign_keys *keys)
{
    struct wire_cosign cosign = {.size = checkpoint->size, .time = 1000};
    struct buffer text;

    buffer_init(&text, CHECKPOINT_TEXT_MAX);
    cr_assert_eq(checkpoint_write(checkpoint, &text), STATUS_OK);
    note_cosign(buffer_bytes(&text), keys, 1000, &cosign.signature);
    buffer_fini(&text);
    return cosign;
}

static bool is_kept(uint64_t size)
{
    struct ledger_snapshot *snapshot = NULL;
    struct bytes note;
    uint64_t found = 0;
    enum status status;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    status = ledger_next_checkpoint(snapshot, size, &found, &note);
    ledger_snapshot_close(&snapshot);
    return status == STATUS_OK && found == size;
}

/* ---- signing ---- */

Test(checkpoints, the_root_of_the_ledger_is_signed)
{
    const struct checkpoint *last;
    const struct wire_note *note;
    struct checkpoint read;
    struct checkpoint expected;

    step();
    cr_assert_eq(last_size(), 0); /* of nothing there is nothing to say */
    append(5);
    step();
    expected = at(5);
    cr_assert(checkpoints_last(checkpoints, &last, &note));
    cr_assert_eq(checkpoint_open((struct bytes){note->bytes, note->size},
                                 ORIGIN, &ledger_keys.public_key, &read, NULL),
                 STATUS_OK);
    cr_assert_eq(read.size, 5);
    cr_assert(digest_equal(&read.root, &expected.root));
}

/* At once when it is time, and never more often than that. */
Test(checkpoints, i11_one_is_signed_in_a_pause)
{
    append(1);
    cr_assert_eq(checkpoints_due_at(checkpoints, 1), now.monotonic_us);
    step_marked(0, false);
    cr_assert_eq(last_size(), 1);
    append(1);
    cr_assert_eq(checkpoints_due_at(checkpoints, 2),
                 now.monotonic_us + CHECKPOINTS_PAUSE_US);
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US - 1);
    step_marked(0, false);
    cr_assert_eq(last_size(), 1);
    clock_settable_advance(&now, 1);
    step_marked(0, false);
    cr_assert_eq(last_size(), 2);
    cr_assert_eq(checkpoints_due_at(checkpoints, 2), INT64_MAX);
}

Test(checkpoints, the_last_one_is_known_after_a_restart)
{
    append(3);
    step();
    ledger_fixture_reopen(0);
    open_checkpoints();
    cr_assert_eq(last_size(), 3);
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    cr_assert_eq(checkpoints_due_at(checkpoints, 3), INT64_MAX);
}

Test(checkpoints, nothing_is_signed_while_the_ledger_is_rebuilt)
{
    append(3);
    step_marked(0, true);
    cr_assert_eq(last_size(), 0);
    step();
    cr_assert_eq(last_size(), 3);
}

/* ---- never two histories ---- */

/* What is in the table was signed; the ledger under it is another one. */
static void put_foreign(uint64_t size, const struct sign_keys *keys)
{
    struct digest root = {{1, 2, 3}};
    struct checkpoint checkpoint;
    struct wire_note note;

    cr_assert_eq(checkpoint_init(&checkpoint, ORIGIN, size, &root), STATUS_OK);
    note = note_of(&checkpoint, keys);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_keep_checkpoint(ledger, size,
                                        (struct bytes){note.bytes, note.size}),
                 STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

Test(checkpoints, i5_a_ledger_that_was_rewritten_signs_nothing_more)
{
    append(3);
    put_foreign(3, &ledger_keys);
    open_checkpoints();
    cr_assert_eq(trouble(), CHECKPOINTS_REWRITTEN);
    append(1);
    step();
    cr_assert_eq(last_size(), 3); /* the one that was there */
    cr_assert_not(is_kept(4));
}

/* Somebody changes an entry in the file while the program runs. */
static void rewrite_entry(uint64_t index)
{
    uint8_t key[8];
    struct bytes value;
    uint8_t bytes[ENTRY_BYTES];

    bytes_put_u64(key, index);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(store_get(ledger->txn, TABLE_ENTRIES,
                           (struct bytes){key, sizeof key}, &value),
                 STATUS_OK);
    memcpy(bytes, value.data, sizeof bytes);
    bytes[ENTRY_BYTES - 1] ^= 1;
    cr_assert_eq(store_put(ledger->txn, TABLE_ENTRIES,
                           (struct bytes){key, sizeof key},
                           (struct bytes){bytes, sizeof bytes}),
                 STATUS_OK);
    ledger->touched = true;
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

/* The look is at each signature, not only at the start. */
Test(checkpoints, i5_each_signature_looks_at_the_one_before)
{
    append(3);
    step();
    rewrite_entry(1);
    append(1);
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_REWRITTEN);
    cr_assert_eq(last_size(), 3);
    cr_assert_not(is_kept(4));
}

Test(checkpoints, i5_a_ledger_that_was_cut_signs_nothing_more)
{
    append(3);
    put_foreign(5, &ledger_keys);
    open_checkpoints();
    cr_assert_eq(trouble(), CHECKPOINTS_CUT);
    append(1);
    step();
    cr_assert_not(is_kept(4));
}

Test(checkpoints, a_last_one_of_another_key_is_not_gone_on_from)
{
    struct sign_keys other;

    keys_fixed(8, &other);
    append(3);
    put_foreign(2, &other);
    open_checkpoints();
    cr_assert_eq(trouble(), CHECKPOINTS_NOT_OURS);
    step();
    cr_assert_not(is_kept(3));
}

/* ---- what offices show ---- */

/* The ledger as it was restored from a copy of its first three entries, and an
 * office that holds the checkpoint of all five. */
static void restore_behind(void)
{
    struct checkpoint larger;
    struct wire_note note;
    uint64_t held = 0;

    append(5);
    larger = at(5);
    note = note_of(&larger, &ledger_keys);
    checkpoints_close(&checkpoints);
    ledger_fixture_close();
    ledger_fixture_open();
    stream = stream_of(1, 1);
    append(3);
    open_checkpoints();
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held, 5);
    cr_assert_eq(trouble(), CHECKPOINTS_BEHIND);
    step();
    cr_assert_eq(last_size(), 0);
}

Test(checkpoints, i5_nothing_is_signed_below_what_an_office_holds)
{
    int64_t then = now.wall_us;

    restore_behind();
    now.wall_us = then; /* the entries come back with their times */
    append(2);
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    cr_assert_eq(last_size(), 5);
}

Test(checkpoints, i5_a_restored_ledger_that_went_on_otherwise_signs_nothing)
{
    restore_behind();
    append(3); /* later, so other entries */
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_DISPUTED);
    cr_assert_eq(last_size(), 0);
}

Test(checkpoints, i5_an_office_that_holds_another_history_ends_the_signing)
{
    struct digest root = {{1}};
    struct checkpoint other;
    struct checkpoints_standing standing;
    struct wire_note note;
    uint64_t held = 0;

    append(5);
    step();
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 4, &root), STATUS_OK);
    note = note_of(&other, &ledger_keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held, 4);
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.trouble, CHECKPOINTS_DISPUTED);
    cr_assert_eq(standing.trouble_size, 4);
    cr_assert_eq(standing.trouble_agent, 9);
    append(1);
    step();
    cr_assert_eq(last_size(), 5);
}

/* Anybody can write down what they like; only the ledger's key counts. */
Test(checkpoints, a_checkpoint_of_another_key_says_nothing)
{
    struct digest root = {{1}};
    struct checkpoint other;
    struct sign_keys keys;
    struct wire_note note;
    uint64_t held = 1;

    keys_fixed(8, &keys);
    append(5);
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 40, &root), STATUS_OK);
    note = note_of(&other, &keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held, 0);
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    note.size = 0;
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held, 0);
}

/* ---- witnesses ---- */

static struct checkpoints_witness only_witness(void)
{
    struct checkpoints_witness witness = {0};

    cr_assert(checkpoints_witness(checkpoints, 0, &witness));
    cr_assert_not(checkpoints_witness(checkpoints, 1, &witness));
    cr_assert(checkpoints_witness(checkpoints, 0, &witness));
    return witness;
}

Test(checkpoints, a_cosignature_is_kept_over_a_restart)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;
    struct checkpoints_standing standing;

    keys_fixed(9, &keys);
    append(5);
    step();
    checkpoint = at(5);
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_OK);
    cr_assert_eq(checkpoints_due_at(checkpoints, 5),
                 now.monotonic_us + CHECKPOINTS_PAUSE_US);
    step();
    ledger_fixture_reopen(0);
    open_checkpoints();
    cr_assert_eq(only_witness().agent, 271);
    cr_assert_eq(only_witness().size, 5);
    cr_assert_eq(only_witness().time, 1000);
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.witnesses, 1);
    cr_assert_eq(standing.current, 1);
}

Test(checkpoints, a_cosignature_of_something_else_is_refused)
{
    struct sign_keys keys;
    struct sign_keys other;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;
    struct checkpoints_witness witness;

    keys_fixed(9, &keys);
    keys_fixed(10, &other);
    append(5);
    step();
    checkpoint = at(5);
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &other.public_key, &cosign),
        STATUS_REFUSED);
    cosign.time++;
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_REFUSED);
    checkpoint.root.bytes[0] ^= 1;
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_REFUSED);
    cosign.size = 6;
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_NOT_FOUND);
    cr_assert_not(checkpoints_witness(checkpoints, 0, &witness));
}

/* An office that was away cosigns an older one: that is worth something too,
 * and less than a later one does not take its place. */
Test(checkpoints, an_earlier_checkpoint_can_be_cosigned)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;

    keys_fixed(9, &keys);
    append(5);
    step();
    for (uint64_t size = 3; size > 1; size--) {
        checkpoint = at(size);
        cosign = cosign_of(&checkpoint, &keys);
        cr_assert_eq(
            checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
            STATUS_OK);
        cr_assert_eq(only_witness().size, 3);
    }
}

Test(checkpoints, an_objection_is_kept_until_the_office_cosigns)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;
    struct checkpoints_standing standing;
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_witness read;
    static struct wire_objection objection = {
        .reason = WIRE_OBJECTION_NO_PROOF,
        .held = {.bytes = "held", .size = 4},
        .given = {.bytes = "given", .size = 5},
    };

    keys_fixed(9, &keys);
    append(5);
    step();
    cr_assert_eq(checkpoints_objected(checkpoints, 271, &objection), STATUS_OK);
    ledger_fixture_reopen(0);
    open_checkpoints();
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.objections, 1);
    cr_assert_eq(standing.witnesses, 0);
    cr_assert_eq(only_witness().reason, WIRE_OBJECTION_NO_PROOF);

    checkpoint = at(5);
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_OK);
    step();
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.objections, 0);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_next_witness(snapshot, 0, &read), STATUS_OK);
    cr_assert_eq(read.agent, 271);
    cr_assert_eq(read.cosignature.size, 5);
    cr_assert_eq(read.objection.reason, WIRE_OBJECTION_NO_PROOF);
    cr_assert_neq(read.objection.settled, 0);
    cr_assert_eq(read.objection.held.size, 4);
    cr_assert_eq(memcmp(read.objection.given.bytes, "given", 5), 0);
    ledger_snapshot_close(&snapshot);
}

/* ---- what is kept ---- */

Test(checkpoints, the_last_and_the_first_of_each_hour_are_kept)
{
    /* At 1000 s of the epoch: three in the first hour, three in the next. */
    for (uint64_t size = 1; size <= 6; size++) {
        if (size == 4) {
            now.wall_us += HOUR_US;
        }
        append(1);
        step();
        cr_assert_eq(last_size(), size);
    }
    cr_assert(is_kept(1));
    cr_assert_not(is_kept(2));
    cr_assert_not(is_kept(3));
    cr_assert(is_kept(4));
    cr_assert_not(is_kept(5));
    cr_assert(is_kept(6));
}

Test(checkpoints, what_a_witness_has_cosigned_is_kept_as_long_as_it_counts)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;

    keys_fixed(9, &keys);
    for (uint64_t size = 1; size <= 5; size++) {
        append(1);
        step();
        if (size == 2 || size == 4) {
            checkpoint = at(size);
            cosign = cosign_of(&checkpoint, &keys);
            cr_assert_eq(checkpoints_cosigned(checkpoints, 271,
                                              &keys.public_key, &cosign),
                         STATUS_OK);
        }
        if (size == 3) {
            cr_assert(is_kept(2));
        }
    }
    cr_assert_not(is_kept(2));
    cr_assert_not(is_kept(3));
    cr_assert(is_kept(4));
}

Test(checkpoints, what_a_backup_mark_names_is_signed_and_kept)
{
    append(1);
    step();
    append(4);
    step();
    cr_assert_not(is_kept(3));
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US);
    step_marked(3, false);
    cr_assert(is_kept(3));
    append(1);
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US);
    step_marked(3, false);
    cr_assert_eq(last_size(), 6);
    cr_assert(is_kept(3));
    cr_assert_not(is_kept(5));
}
