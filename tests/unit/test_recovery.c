/* A ledger that lost everything, and two offices that have it. */
#include "collector/recovery.h"

#include "common/checkpoint.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <string.h>

#define PAIRS_MAX 24u
#define BYTES_MAX (64u * 1024u)
#define TURNS_MAX 100u

static struct hall hall; /* the province as it was */
static struct office offices[2];
static struct wire_pair was[PAIRS_MAX];
static struct buffer memory[PAIRS_MAX];
static uint64_t size;
static char path[TEMP_DIR_PATH_MAX];
static struct ledger *ledger; /* what is left of it */
static struct recovery *recovery;

/* ---- the scene ---- */

static void remember(void)
{
    struct ledger_snapshot *snapshot = NULL;

    size = hall_size(&hall);
    cr_assert_leq(size, PAIRS_MAX);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    for (uint64_t i = 0; i < size; i++) {
        struct bytes bytes;

        cr_assert_eq(ledger_entry(snapshot, i, &was[i].entry), STATUS_OK);
        cr_assert_eq(ledger_bytes(snapshot, &was[i].entry, &bytes), STATUS_OK);
        buffer_init(&memory[i], CONTROL_BYTES_MAX);
        cr_assert_eq(buffer_append(&memory[i], bytes), STATUS_OK);
        was[i].bytes = buffer_bytes(&memory[i]);
    }
    ledger_snapshot_close(&snapshot);
}

static void open_recovery(void)
{
    const struct recovery_options options = {
        .ledger = ledger, .keys = &hall.keys, .clock = &hall.clock};

    cr_assert_eq(recovery_open(&options, &recovery), STATUS_OK);
}

static void open_ledger(bool create)
{
    const struct ledger_options options = {
        .path = path, .clock = &hall.clock, .create = create};

    cr_assert_eq(ledger_open(&options, &ledger), STATUS_OK);
}

/* As after a crash: what was saved is there. */
static void open_again(void)
{
    recovery_close(&recovery);
    ledger_close(&ledger);
    open_ledger(false);
    open_recovery();
}

static void set_up(void)
{
    hall_open(&hall, 0);
    for (unsigned i = 0; i < 2; i++) {
        office_open(&offices[i], i + 1);
        hall_join(&hall, &offices[i]);
    }
    for (unsigned i = 0; i < 6; i++) {
        struct office *office = &offices[i % 2];

        hall.now.wall_us += 1000;
        cr_assert(hall_send(&hall, office, office_batch(office)).appended);
    }
    remember();
    temp_dir_path(&hall.dir, "lost.mdb", path);
    open_ledger(true);
    cr_assert_eq(recovery_mark(ledger, RECOVERY_TOTAL), STATUS_OK);
    open_recovery();
}

static void tear_down(void)
{
    recovery_close(&recovery);
    ledger_close(&ledger);
    for (uint64_t i = 0; i < size; i++) {
        buffer_fini(&memory[i]);
    }
    office_close(&offices[0]);
    office_close(&offices[1]);
    hall_close(&hall);
}

TestSuite(recovery, .init = set_up, .fini = tear_down);

/* The province's checkpoint over so many entries. */
static void sign_checkpoint(uint64_t entries, const struct sign_keys *keys,
                            struct buffer *note)
{
    struct ledger_snapshot *snapshot = NULL;
    struct checkpoint checkpoint;
    struct digest root;

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, entries, &root), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(checkpoint_init(
                     &checkpoint,
                     context_genesis(province_context(hall.province))->origin,
                     entries, &root),
                 STATUS_OK);
    buffer_init(note, CHECKPOINT_NOTE_MAX);
    cr_assert_eq(checkpoint_sign(&checkpoint, keys, note), STATUS_OK);
}

/* An office says hello; `covered` is the size of its checkpoint, 0: none. */
static void hear(uint32_t agent, uint64_t last, uint64_t covered)
{
    struct wire_hello hello = {.last_index = last};
    struct buffer note;

    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    if (covered > 0) {
        sign_checkpoint(covered, &hall.keys.ledger, &note);
    }
    cr_assert_eq(recovery_hear(recovery, agent, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    buffer_fini(&note);
}

static uint64_t refused(void)
{
    struct recovery_standing standing;

    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    return standing.refused;
}

static void give(uint32_t agent, const struct wire_pair *pair)
{
    cr_assert_eq(recovery_keep(recovery, agent, pair, 1), STATUS_OK);
    cr_assert_eq(recovery_save(recovery), STATUS_OK);
}

/* What the office holds: its batches and every control entry. */
static void give_all(uint32_t agent)
{
    for (uint64_t i = 0; i < size; i++) {
        if (was[i].entry.kind == ENTRY_CONTROL ||
            was[i].entry.agent_number == agent) {
            give(agent, &was[i]);
        }
    }
}

static void answered(uint32_t agent)
{
    cr_assert_eq(recovery_answered(recovery, agent), STATUS_OK);
    cr_assert_eq(recovery_save(recovery), STATUS_OK);
}

/* Goes on until there is nothing to do; gives how many entries there are. */
static uint64_t go_on(void)
{
    struct ledger_snapshot *snapshot = NULL;
    bool more = true;
    bool appended = false;
    uint64_t entries;

    for (unsigned i = 0; (more || appended) && i < TURNS_MAX; i++) {
        cr_assert_eq(recovery_step(recovery, &more, &appended), STATUS_OK);
    }
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    entries = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return entries;
}

/* The ledger is what it was, byte for byte. */
static void check_same(uint64_t entries)
{
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_snapshot *before = NULL;
    struct digest root;
    struct digest old;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &before), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, entries, &root), STATUS_OK);
    cr_assert_eq(ledger_root(before, entries, &old), STATUS_OK);
    cr_assert(digest_equal(&root, &old));
    for (uint64_t i = 0; i < entries; i++) {
        struct entry entry;
        struct bytes bytes;

        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
        cr_assert(bytes_equal(bytes, was[i].bytes));
    }
    ledger_snapshot_close(&before);
    ledger_snapshot_close(&snapshot);
}

/* The `nth` batch of that office. */
static uint64_t batch_of(uint32_t agent, unsigned nth)
{
    for (uint64_t i = 0; i < size; i++) {
        if (was[i].entry.agent_number == agent && nth-- == 0) {
            return i;
        }
    }
    cr_assert_fail("no such batch");
    return size;
}

/* ---- coming back ---- */

Test(recovery, i7_a_lost_ledger_comes_back_as_it_was)
{
    hear(1, size - 1, size);
    give_all(1);
    hear(2, size, 0);
    cr_assert_eq(go_on(), 0, "nothing before the root is there");
    give_all(2);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), size);
    cr_assert_not(recovery_active(recovery));
    check_same(size);
}

Test(recovery, i7_what_no_checkpoint_covers_waits_for_every_office)
{
    hear(1, size - 1, 0);
    hear(2, size, 0);
    give_all(1);
    give_all(2);
    answered(1);
    cr_assert_eq(go_on(), 0);
    answered(2);
    cr_assert_eq(go_on(), size);
    check_same(size);
}

/* The process dies after each step, and in the middle of what came back. */
Test(recovery, i7_an_interrupted_rebuilding_goes_on)
{
    bool more = true;
    bool appended = false;

    hear(1, size - 1, size - 2);
    hear(2, size, size);
    for (uint64_t i = size; i-- > 0;) {
        give(was[i].entry.kind == ENTRY_CONTROL ? 1 : was[i].entry.agent_number,
             &was[i]);
        open_again();
    }
    answered(1);
    answered(2);
    for (unsigned i = 0; recovery_active(recovery) && i < TURNS_MAX; i++) {
        open_again();
        cr_assert_eq(recovery_step(recovery, &more, &appended), STATUS_OK);
    }
    cr_assert_not(recovery_active(recovery));
    check_same(size);
}

Test(recovery, i3_nothing_new_is_taken_while_entries_are_missing)
{
    struct ledger_answer answer;

    cr_assert(recovery_active(recovery));
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_append_control(ledger, was[0].bytes, &answer),
                 STATUS_BUSY);
    ledger_rollback(ledger);
}

/* ---- what must not get in ---- */

/* The office's own batch, well signed: only the time of the receipt differs. */
Test(recovery, i5_a_forged_receive_time_never_gets_in)
{
    uint64_t at = batch_of(1, 1);
    struct wire_pair forged = was[at];

    forged.entry.received_at++;
    hear(1, size - 1, size);
    hear(2, size, 0);
    give(1, &forged);
    for (uint64_t i = 0; i < size; i++) {
        if (i != at) {
            give(was[i].entry.kind == ENTRY_CONTROL ? 2
                                                    : was[i].entry.agent_number,
                 &was[i]);
        }
    }
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), 0);
    cr_assert(recovery_active(recovery));
    give(1, &was[at]); /* it says the truth after all */
    cr_assert_eq(go_on(), size);
    check_same(size);
}

/* Office 2 says that what office 1 sent is its own; both are well signed. */
Test(recovery, i5_of_two_that_claim_one_entry_the_root_decides)
{
    uint64_t at = batch_of(1, 0);
    struct wire_pair stolen = was[batch_of(2, 0)];

    stolen.entry.index = at;
    stolen.entry.received_at = was[at].entry.received_at;
    hear(2, size, size);
    give(2, &stolen);
    give_all(2);
    hear(1, size - 1, 0);
    give_all(1);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), size);
    check_same(size);
}

/* No checkpoint says anything: the signature of the batch has to do. */
Test(recovery, i8_a_batch_of_another_key_is_never_taken)
{
    uint64_t at = batch_of(1, 0);
    struct wire_pair forged = was[at];
    struct office thief = offices[0];
    struct sign_keys keys = offices[1].sign_keys;
    struct event event;

    thief.sign_keys = keys;
    thief.next.first_seq = 1;
    memset(&thief.next.previous, 0, sizeof thief.next.previous);
    buffer_init(&thief.batch, BATCH_BYTES_MAX);
    office_visit(&thief, 99, &event);
    forged.bytes = office_seal(&thief, &event, 1);
    forged.entry.size = (uint32_t)forged.bytes.size;
    digest_bytes(forged.bytes, &forged.entry.digest);
    hear(1, size - 1, 0);
    hear(2, size, 0);
    give(1, &forged);
    for (uint64_t i = 0; i < size; i++) {
        if (i != at) {
            give(was[i].entry.kind == ENTRY_CONTROL ? 2
                                                    : was[i].entry.agent_number,
                 &was[i]);
        }
    }
    answered(1);
    answered(2);
    cr_assert_leq(go_on(), at);
    cr_assert(recovery_active(recovery));
    buffer_fini(&thief.batch);
}

Test(recovery, i8_a_control_entry_of_another_administrator_is_refused)
{
    struct wire_pair forged = was[0];
    struct sign_keys keys;
    struct control *control = NULL;
    struct buffer document;

    sign_keys_make(&keys);
    cr_assert_eq(control_open(was[0].bytes, NULL, &control), STATUS_OK);
    control->genesis.administrator = keys.public_key;
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(control, &keys, &document), STATUS_OK);
    forged.bytes = buffer_bytes(&document);
    forged.entry.size = (uint32_t)document.size;
    digest_bytes(forged.bytes, &forged.entry.digest);
    give(1, &forged);
    cr_assert_eq(refused(), 1);
    control_free(&control);
    buffer_fini(&document);
}

/* A stranger, and an office that returns what is another's. */
Test(recovery, i8_batches_are_taken_from_their_own_office_alone)
{
    give(0, &was[batch_of(1, 0)]);
    give(2, &was[batch_of(1, 0)]);
    cr_assert_eq(refused(), 2);
    give(0, &was[0]);
    cr_assert_eq(refused(), 2, "control entries are anybody's");
}

/* ---- who says so ---- */

Test(recovery, an_office_that_claims_too_much_is_not_waited_for)
{
    hear(1, size + 1000, 0);
    hear(2, size, 0);
    give_all(1);
    give_all(2);
    answered(2);
    cr_assert_eq(recovery_target(recovery), size + 1000);
    answered(1);
    cr_assert_eq(recovery_target(recovery), size);
    cr_assert_eq(go_on(), size);
    cr_assert_not(recovery_active(recovery));
}

Test(recovery, i11_only_so_many_claims_to_one_entry_are_kept)
{
    struct wire_pair claim = was[batch_of(1, 0)];
    struct recovery_standing standing;

    hear(1, size, 0);
    for (unsigned i = 0; i < RECOVERY_RIVALS_MAX + 3; i++) {
        claim.entry.received_at++;
        give(1, &claim);
    }
    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    cr_assert_eq(standing.kept, 1, "one index, whoever claims it");
}

/* A ledger that is whole hears of a checkpoint. */
Test(recovery, only_this_ledgers_own_key_says_that_entries_are_missing)
{
    const struct recovery_options options = {
        .ledger = hall.ledger, .keys = &hall.keys, .clock = &hall.clock};
    struct recovery *whole = NULL;
    struct wire_hello hello = {.last_index = size};
    struct sign_keys other;
    struct buffer note;

    cr_assert_eq(recovery_open(&options, &whole), STATUS_OK);
    sign_keys_make(&other);
    sign_checkpoint(size, &hall.keys.ledger, &note);
    cr_assert_eq(recovery_hear(whole, 1, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    cr_assert_not(recovery_active(whole), "it is all there");
    memcpy(note.data + note.size - 8, "AAAA", 4);
    hello.last_index = 0;
    cr_assert_eq(recovery_hear(whole, 0, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    cr_assert_not(recovery_active(whole));
    hello.last_index = size + 1;
    cr_assert_eq(recovery_hear(whole, 0, &hello, (struct bytes){0}), STATUS_OK);
    cr_assert_not(recovery_active(whole), "a stranger may say anything");
    cr_assert_eq(recovery_hear(whole, 1, &hello, (struct bytes){0}), STATUS_OK);
    cr_assert(recovery_active(whole), "a receipt that is not here");
    buffer_fini(&note);
    recovery_close(&whole);
}

/* ---- giving up ---- */

Test(recovery, what_nobody_returns_is_given_up_by_its_number)
{
    static struct control_break broken;
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    uint64_t gone = batch_of(2, 0);

    hear(1, size - 1, size);
    give_all(1);
    answered(1);
    cr_assert_eq(go_on(), 0);
    cr_assert_eq(recovery_give_up(recovery, &broken), STATUS_OK);
    cr_assert_not(recovery_active(recovery));
    cr_assert_eq(broken.missing[0].from, gone);
    cr_assert_eq(broken.old_size, size);
    cr_assert_eq(broken.missing_count, 3);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_snapshot_size(snapshot), size + 1);
    for (uint64_t i = 0; i < size; i++) {
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(entry.kind == ENTRY_MISSING,
                     was[i].entry.agent_number == 2);
    }
    cr_assert_eq(ledger_entry(snapshot, size, &entry), STATUS_OK);
    cr_assert_eq(entry.kind, ENTRY_CONTROL);
    ledger_snapshot_close(&snapshot);
}

Test(recovery, there_is_nothing_to_give_up_before_the_first_entry_is_there)
{
    static struct control_break broken;

    hear(1, size, 0);
    give(1, &was[batch_of(1, 0)]);
    cr_assert_eq(recovery_give_up(recovery, &broken), STATUS_NOT_FOUND);
    cr_assert(recovery_active(recovery));
}
