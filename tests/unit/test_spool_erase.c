#include "agent/spool/spool.h"
#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_slots.h"

#include "common/event/reference.h"
#include "common/format/codec.h"
#include "common/format/contribution.h"
#include "common/format/control.h"
#include "common/format/wire_pairs.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS     5u
#define THING      0x00c0ffeeu
#define VICTIM     3u /* number of the event that names it */
#define FILE_BYTES (80u << 20)

static struct sign_keys administrator;
static struct buffer document, left;
static struct digest digest; /* of the batch */
static uint8_t receipt[ENTRY_BYTES];

/* One batch of five events, received as entry 70. */
static void open_all(void)
{
    struct batch_header header;
    struct bytes batch;

    spool_fixture_open();
    keys_fixed(9, &administrator);
    buffer_init(&document, CONTROL_BYTES_MAX);
    buffer_init(&left, BATCH_BYTES_MAX);
    for (uint32_t i = 1; i <= EVENTS; i++) {
        struct event event = spool_fixture_event(i == VICTIM ? THING : i, i);

        event.has_entry_key = true;
        memset(event.entry_key, (int)i, sizeof event.entry_key);
        (void)spool_fixture_save(&event);
    }
    cr_assert_eq(spool_fixture_seal_all(), 1);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    digest_bytes(batch, &digest);
    spool_fixture_receipt(1, 70, receipt);
}

static void close_all(void)
{
    buffer_fini(&document);
    buffer_fini(&left);
    spool_fixture_close();
}

TestSuite(spool_erase, .init = open_all, .fini = close_all);

/* What is left: the same events without what they name; the last one counted
 * for nothing. */
static void make_left(void)
{
    struct batch_codec *codec = batch_codec_new();
    struct batch_header header;
    struct bytes batch;
    struct buffer payload;

    buffer_init(&payload, BATCH_PAYLOAD_MAX);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    for (uint32_t i = 1; i <= EVENTS; i++) {
        struct event event = spool_fixture_event(i, i);
        struct buffer packed;

        buffer_init(&packed, EVENT_BYTES_MAX);
        event_set(&event, 1, id60_make(0, 1, i));
        cr_assert_eq(codec_pack_event(&event, &packed), STATUS_OK);
        cr_assert_lt(packed.size, 128);
        if (i == EVENTS) {
            cr_assert_eq(
                buffer_append(&payload,
                              (struct bytes){(const uint8_t *)"\1\0", 2}),
                STATUS_OK);
        } else {
            cr_assert_eq(buffer_u8(&payload, (uint8_t)packed.size), STATUS_OK);
            cr_assert_eq(buffer_append(&payload, buffer_bytes(&packed)),
                         STATUS_OK);
        }
        buffer_fini(&packed);
    }
    cr_assert_eq(batch_seal(codec, &header, buffer_bytes(&payload),
                            &administrator, &left),
                 STATUS_OK);
    buffer_fini(&payload);
    batch_codec_free(&codec);
}

/* The order comes down as entry `index`. */
static void give_order(uint64_t index)
{
    struct control *control = calloc(1, sizeof *control);
    struct wire_pair pair = {.entry = {.kind = ENTRY_CONTROL, .index = index}};
    uint64_t done_to = index + 1;

    cr_assert_not_null(control);
    make_left();
    control->kind = CONTROL_ERASURE_ORDER;
    control->erasure_order.index = 70;
    control->erasure_order.digest = digest;
    control->erasure_order.contribution = buffer_bytes(&left);
    buffer_clear(&document);
    cr_assert_eq(control_sign(control, &administrator, &document), STATUS_OK);
    free(control);
    pair.bytes = buffer_bytes(&document);
    pair.entry.size = (uint32_t)document.size;
    digest_bytes(pair.bytes, &pair.entry.digest);
    cr_assert_eq(spool_keep_controls(spool, &pair, 1, &done_to), STATUS_OK);
}

static void receive(void)
{
    cr_assert_eq(spool_receipt(spool, (struct bytes){receipt, ENTRY_BYTES}),
                 STATUS_OK);
}

static size_t count_in_file(void)
{
    uint8_t needle[8];
    size_t size = 0, length, found = 0;
    uint64_t number = id60_make(SPOOL_FIXTURE_AGENT, 1, THING);
    uint8_t *bytes = malloc(FILE_BYTES);
    FILE *file = fopen(spool_path, "rb");

    cr_assert_not_null(bytes);
    cr_assert_not_null(file);
    for (; size < sizeof needle && number > 0; number >>= 7) {
        needle[size++] =
            (uint8_t)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
    }
    length = fread(bytes, 1, FILE_BYTES, file);
    (void)fclose(file);
    for (size_t i = 0; i + size <= length; i++) {
        found += memcmp(bytes + i, needle, size) == 0 ? 1 : 0;
    }
    free(bytes);
    return found;
}

static void expect_erased(void)
{
    struct event event;
    enum spool_state state;
    struct batch_header header;
    struct bytes batch;
    struct digest found;
    struct entry entry;
    struct bytes bytes;

    cr_assert_eq(spool_event(spool, spool_fixture_id(VICTIM), &event, &state),
                 STATUS_OK);
    cr_assert_eq(event.erased, EVENT_ERASED);
    cr_assert_eq(event_get(&event, 1), id60_make(0, 1, VICTIM));
    cr_assert_not(event.has_entry_key);
    cr_assert_eq(spool_event(spool, spool_fixture_id(EVENTS), &event, &state),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    cr_assert_eq(header.count, EVENTS);
    digest_bytes(batch, &found);
    cr_assert_not(digest_equal(&found, &digest));
    /* The entry is there for whoever asks; there are no bytes to give. */
    cr_assert_eq(spool_pair(spool, 70, &entry, &bytes), STATUS_OK);
    cr_assert_eq(entry.index, 70);
    cr_assert_eq(bytes.size, 0);
}

Test(spool_erase, i5_batch_and_events_go_entry_and_hash_stay)
{
    receive();
    give_order(90);
    expect_erased();
    spool_fixture_reopen();
    expect_erased();
    /* The same order again, as after a link that broke, changes nothing. */
    give_order(91);
    expect_erased();
}

/* The order may be faster than the receipt. */
Test(spool_erase, an_order_before_the_receipt_holds)
{
    give_order(90);
    spool_fixture_reopen();
    struct event event;
    enum spool_state state;
    cr_assert_eq(spool_event(spool, spool_fixture_id(VICTIM), &event, &state),
                 STATUS_OK);
    cr_assert_eq(event_get(&event, 1), id60_make(0, 1, VICTIM));
}

/* ---- and then room is made ---- */

/* A second batch, so that the first one may go, and the mark over both. */
static void back_up_all(void)
{
    uint8_t second[ENTRY_BYTES];
    struct event event = spool_fixture_event(1, EVENTS + 1);

    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_fixture_seal_all(), 1);
    spool_fixture_receipt(EVENTS + 1, 95, second);
    cr_assert_eq(spool_receipt(spool, (struct bytes){second, ENTRY_BYTES}),
                 STATUS_OK);
    cr_assert_eq(spool_set_backup(spool, UINT64_MAX), STATUS_OK);
}

static bool is_removed(uint64_t id)
{
    bool removed = false;

    cr_assert_eq(spool_was_removed(spool, id, &removed), STATUS_OK);
    return removed;
}

/* One event of the erased batch is not here any more. */
Test(spool_erase, i7_what_was_erased_leaves_as_all_else_does)
{
    uint64_t events = 0;

    receive();
    give_order(90);
    back_up_all();
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
    cr_assert_eq(events, EVENTS - 1);
    cr_assert(is_removed(spool_fixture_id(EVENTS)));
}

/* The events that name the thing are damaged where they lie in the file. */
static void damage_event(void)
{
    uint8_t needle[8];
    struct bytes name = {.data = needle};
    uint64_t number = id60_make(SPOOL_FIXTURE_AGENT, 1, THING);

    for (; number > 0; number >>= 7) {
        needle[name.size++] =
            (uint8_t)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
    }
    cr_assert_gt(spool_fixture_damage(name), 0);
}

Test(spool_erase, i7_what_cannot_be_read_any_more_leaves_as_all_else_does)
{
    struct event event;
    enum spool_state state;
    uint64_t events = 0;

    receive();
    back_up_all();
    damage_event();
    cr_assert_eq(spool_event(spool, spool_fixture_id(VICTIM), &event, &state),
                 STATUS_CORRUPT);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
    cr_assert_eq(events, EVENTS);
    cr_assert(is_removed(spool_fixture_id(VICTIM)));
}

/* A row that is entered again after it was erased is a new event. */
Test(spool_erase, keys_of_rows_go_too)
{
    struct event event = spool_fixture_event(THING, VICTIM);
    bool skipped[1] = {true};
    uint64_t first = 0;

    receive();
    give_order(90);
    event.has_entry_key = true;
    memset(event.entry_key, (int)VICTIM, sizeof event.entry_key);
    cr_assert_eq(spool_append(spool, &event, 1, skipped, &first), STATUS_OK);
    cr_assert_not(skipped[0]);
    cr_assert_eq(first, spool_fixture_id(EVENTS + 1));
}

/* An order for a batch that is not the one that is here does nothing. */
Test(spool_erase, i5_another_hash_erases_nothing)
{
    struct event event;
    enum spool_state state;

    receive();
    digest.bytes[0] ^= 1;
    give_order(90);
    cr_assert_eq(spool_event(spool, spool_fixture_id(VICTIM), &event, &state),
                 STATUS_OK);
    cr_assert_eq(event_get(&event, 1),
                 id60_make(SPOOL_FIXTURE_AGENT, 1, THING));
    cr_assert_eq(spool_overwrite(spool, true), STATUS_OK);
}

Test(spool_erase, i5_no_byte_is_left_in_the_spools_file)
{
    receive();
    spool_fixture_reopen();
    cr_assert_gt(count_in_file(), 0);
    give_order(90);
    spool_fixture_reopen();
    cr_assert_eq(spool_overwrite(spool, false), STATUS_OK);
    spool_fixture_reopen();
    cr_assert_eq(spool_overwrite(spool, true), STATUS_OK);
    cr_assert_eq(count_in_file(), 0);
    expect_erased();
}

static void expect_whole(void)
{
    struct batch_header header;
    struct bytes batch;
    struct digest found;

    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    digest_bytes(batch, &found);
    cr_assert(digest_equal(&found, &digest));
}

/* Of a batch that another collector lacks nothing goes before it has come
 * there. */
Test(spool_erase, i6_an_order_waits_for_the_other_collector)
{
    struct random_id ledger = keys_id(40);

    cr_assert_eq(spool_claim(spool, 1, &ledger), STATUS_OK);
    spool_set_slots(spool, 0, 1u << 1);
    receive();
    give_order(71);
    cr_assert_eq(spool_obey(spool), STATUS_OK);
    expect_whole();
    (void)spool_turn(spool, 1);
    receive();
    (void)spool_turn(spool, 0);
    cr_assert_eq(spool_obey(spool), STATUS_OK);
    expect_erased();
}

/* One administrator signs the orders of all; the primary must have the batch
 * first. */
Test(spool_erase, i6_an_order_of_another_waits_for_the_primary)
{
    struct random_id ledger = keys_id(40);

    cr_assert_eq(spool_claim(spool, 1, &ledger), STATUS_OK);
    spool_set_slots(spool, 0, 1u << 1);
    (void)spool_turn(spool, 1);
    receive();
    give_order(71);
    (void)spool_turn(spool, 0);
    cr_assert_eq(spool_obey(spool), STATUS_OK);
    expect_whole();
    receive();
    /* The mark has moved meanwhile. */
    spool_set_slots(spool, 1, 1u << 0);
    cr_assert_eq(spool_obey(spool), STATUS_OK);
    expect_erased();
}
