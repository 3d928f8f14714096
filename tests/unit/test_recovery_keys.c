/* A ledger that lost everything, its keys too: by whose word it comes back. */
#include "tests/support/keys.h"
#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>
#include <string.h>

static struct keys before; /* of the province as it was */

/* The province has new keys, and was told of the old ones. */
static void set_up_new(void)
{
    struct enrol_file *announced = &hall.keys.announced;

    set_up();
    before = hall.keys;
    announced->new_keys = true;
    announced->former[0] = before.administrator.public_key;
    announced->former_count = 1;
    announced->former_ledger_key = before.ledger.public_key;
    keys_fixed(61, &hall.keys.ledger);
    keys_fixed(62, &hall.keys.administrator);
    open_again();
}

TestSuite(recovery_keys, .init = set_up_new, .fini = tear_down);

/* The note of an office was signed by the key that is lost. */
static void hear_old(uint32_t agent)
{
    struct keys now = hall.keys;

    hall.keys.ledger = before.ledger;
    hear(agent, was_size, was_size);
    hall.keys = now;
}

static struct control *last_control(struct entry *entry)
{
    struct ledger_snapshot *snapshot = NULL;
    struct control *control = NULL;
    struct bytes document;

    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(
        ledger_entry(snapshot, ledger_snapshot_size(snapshot) - 1, entry),
        STATUS_OK);
    cr_assert_eq(ledger_bytes(snapshot, entry, &document), STATUS_OK);
    cr_assert_eq(
        control_open(document, &hall.keys.administrator.public_key, &control),
        STATUS_OK);
    ledger_snapshot_close(&snapshot);
    return control;
}

/* What the old keys signed is there as it was; behind it stand the new ones. */
Test(recovery_keys, i8_what_old_keys_signed_comes_back_and_new_ones_follow)
{
    struct control *control;
    struct entry entry;

    hear_old(1);
    hear_old(2);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size + 1);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
    control = last_control(&entry);
    cr_assert_eq(control->kind, CONTROL_BREAK);
    cr_assert_eq(control->broken.reason, CONTROL_BREAK_KEYS_LOST);
    cr_assert_eq(control->broken.missing_count, 0);
    cr_assert_eq(control->broken.old_size, was_size);
    cr_assert(
        digest_equal(&control->broken.old_root, &control->broken.new_root));
    cr_assert(public_key_equal(&control->broken.ledger_key,
                               &hall.keys.ledger.public_key));
    control_free(&control);
}

/* The process dies after each step: there is one break all the same. */
Test(recovery_keys, i5_an_interrupted_end_records_one_break)
{
    bool more = true;
    bool appended = false;
    struct control *control;
    struct entry entry;

    hear_old(1);
    hear_old(2);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    for (unsigned i = 0; recovery_active(recovery) && i < TURNS_MAX; i++) {
        open_again();
        cr_assert_eq(recovery_step(recovery, &more, &appended), STATUS_OK);
    }
    cr_assert_not(recovery_active(recovery));
    control = last_control(&entry);
    cr_assert_eq(entry.index, was_size);
    control_free(&control);
}

/* Somebody else's keys, in a genesis that is sound in itself. */
Test(recovery_keys, i8_a_ledger_of_other_keys_does_not_come_back)
{
    hall.keys.announced.former[0].bytes[0] ^= 1;
    open_again();
    give_all(1);
    cr_assert_gt(refused(), 0);
    cr_assert_eq(go_on(), 0);
}

/* Every control entry of the ledger has the signature that was in force. */
static void check_signatures(void)
{
    struct province *province = NULL;

    cr_assert_eq(province_open(ledger, &province), STATUS_OK);
    cr_assert(
        public_key_equal(context_administrator(province_context(province)),
                         &hall.keys.administrator.public_key));
    province_close(&province);
}

/* Nothing is missing, but one office was not heard. */
Test(recovery_keys, i8_what_is_given_up_is_signed_behind_the_new_keys)
{
    hear_old(1);
    hear_old(2);
    give_all(1);
    give_all(2);
    answered(1);
    cr_assert_eq(recovery_give_up(recovery, NULL), STATUS_OK);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
    check_signatures();
}

/* One office is gone, and what it alone had. */
Test(recovery_keys, i8_what_is_missing_is_named_behind_the_new_keys)
{
    hear_old(1);
    give_all(1);
    answered(1);
    cr_assert_eq(recovery_give_up(recovery, NULL), STATUS_OK);
    cr_assert_not(recovery_active(recovery));
    check_signatures();
}

/* ---- an order of before ---- */

static struct wire_pair signed_as(struct control *control, uint64_t index,
                                  const struct sign_keys *keys,
                                  struct buffer *document)
{
    struct wire_pair pair = {.entry = {.kind = ENTRY_CONTROL,
                                       .index = index,
                                       .received_at = hall.now.wall_us}};

    control->created_at = hall.now.wall_us;
    random_id_make(&control->nonce);
    buffer_init(document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(control, keys, document), STATUS_OK);
    pair.bytes = buffer_bytes(document);
    pair.entry.size = (uint32_t)document->size;
    digest_bytes(pair.bytes, &pair.entry.digest);
    return pair;
}

/* What offices hold of a ledger that lost its keys once before: all of it, the
 * break that stands at its end, and an order of the first administrator whose
 * number nobody fills. The last batch has no bytes by that order. */
static void give_with_order(const struct wire_pair *broken,
                            const struct wire_pair *by)
{
    struct wire_pair erased = was[was_size - 1];

    erased.erased = true;
    erased.bytes = (struct bytes){0};
    show_controls();
    hear(1, was_size + 1, 0);
    hear(2, was_size, 0);
    give_all(1);
    for (uint64_t k = 0; k + 1 < was_size; k++) {
        if (was[k].entry.agent_number == 2) {
            give(2, &was[k]);
        }
    }
    give(1, by);
    give(2, &erased);
    give(1, broken);
    answered(1);
    answered(2);
}

static void root_of_all(struct digest *root)
{
    struct ledger_snapshot *snapshot = NULL;

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, was_size, root), STATUS_OK);
    ledger_snapshot_close(&snapshot);
}

/* What an order of the first administrator leaves of the last batch. */
static struct bytes contribution(void)
{
    static uint8_t bytes[4096];
    struct bytes batch = was[was_size - 1].bytes;
    struct bytes all = {bytes, batch.size - SIGNATURE_BYTES};
    struct signature signature;

    cr_assert_leq(batch.size, sizeof bytes);
    memcpy(bytes, batch.data, all.size);
    sign_make(&before.administrator, "tallyline batch 1", all, &signature);
    memcpy(bytes + all.size, signature.bytes, SIGNATURE_BYTES);
    return (struct bytes){bytes, batch.size};
}

/* The order whose entry is lost is given once more behind the break, by the
 * administrator who is in force there. */
Test(recovery_keys, i7_an_order_of_a_former_administrator_is_given_again)
{
    struct control change = {
        .kind = CONTROL_BREAK,
        .broken = {.reason = CONTROL_BREAK_KEYS_LOST,
                   .old_size = was_size,
                   .administrator = hall.keys.administrator.public_key,
                   .ledger_key = hall.keys.ledger.public_key}};
    struct control order = {
        .kind = CONTROL_ERASURE_ORDER,
        .erasure_order = {.index = was_size - 1,
                          .digest = was[was_size - 1].entry.digest,
                          .order_number = 12,
                          .order_year = 2018,
                          .contribution = contribution()}};
    struct buffer documents[2];
    struct wire_pair by =
        signed_as(&order, was_size + 6, &before.administrator, &documents[1]);
    struct wire_pair broken;
    struct control *control;
    struct entry entry;

    root_of_all(&change.broken.new_root);
    change.broken.old_root = change.broken.new_root;
    broken =
        signed_as(&change, was_size, &hall.keys.administrator, &documents[0]);
    give_with_order(&broken, &by);
    cr_assert_eq(go_on(), was_size + 2);
    cr_assert_not(recovery_active(recovery));
    check_signatures();
    control = last_control(&entry);
    cr_assert_eq(control->kind, CONTROL_ERASURE_ORDER);
    cr_assert_eq(control->erasure_order.order_number, 12);
    control_free(&control);
    cr_assert(lost_verifies());
    buffer_fini(&documents[0]);
    buffer_fini(&documents[1]);
}
