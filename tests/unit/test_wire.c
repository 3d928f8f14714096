#include "common/wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILL(array, value) memset(array, value, sizeof(array))

static struct wire_codec *codec;
static struct buffer packed;

static void setup(void)
{
    sign_init();
    codec = wire_codec_new();
    cr_assert_not_null(codec);
    buffer_init(&packed, WIRE_FRAME_BYTES_MAX);
}

static void teardown(void)
{
    buffer_fini(&packed);
    wire_codec_free(&codec);
    cr_assert_null(codec);
}

TestSuite(wire, .init = setup, .fini = teardown);

static void up_again(const struct wire_up *up, struct wire_up *again)
{
    memset(again, 0, sizeof *again);
    cr_assert_eq(wire_pack_up(up, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&packed), again),
                 STATUS_OK);
    cr_assert_eq(again->kind, up->kind);
}

static void down_again(const struct wire_down *down, struct wire_down *again)
{
    memset(again, 0, sizeof *again);
    cr_assert_eq(wire_pack_down(down, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_down(codec, buffer_bytes(&packed), again),
                 STATUS_OK);
    cr_assert_eq(again->kind, down->kind);
}

/* ---- messages ---- */

Test(wire, join_rotate_and_open_epoch_come_back_as_they_were)
{
    struct wire_up up;
    struct wire_up again;

    memset(&up, 0, sizeof up);
    up.kind = WIRE_UP_JOIN;
    FILL(up.join.agent.bytes, 1);
    FILL(up.join.epoch.bytes, 2);
    FILL(up.join.curve_key.bytes, 3);
    FILL(up.join.sign_key.bytes, 4);
    FILL(up.join.proof.bytes, 5);
    up_again(&up, &again);
    cr_assert_arr_eq(&again.join, &up.join, sizeof up.join);

    buffer_clear(&packed);
    memset(&up, 0, sizeof up);
    up.kind = WIRE_UP_ROTATE;
    FILL(up.rotate.agent.bytes, 6);
    FILL(up.rotate.curve_key.bytes, 7);
    FILL(up.rotate.sign_key.bytes, 8);
    FILL(up.rotate.proof.bytes, 9);
    FILL(up.rotate.proof_old.bytes, 10);
    up_again(&up, &again);
    cr_assert_arr_eq(&again.rotate, &up.rotate, sizeof up.rotate);

    buffer_clear(&packed);
    memset(&up, 0, sizeof up);
    up.kind = WIRE_UP_OPEN_EPOCH;
    FILL(up.open_epoch.agent.bytes, 11);
    FILL(up.open_epoch.epoch.bytes, 12);
    FILL(up.open_epoch.previous.bytes, 13);
    FILL(up.open_epoch.proof.bytes, 14);
    up_again(&up, &again);
    cr_assert_arr_eq(&again.open_epoch, &up.open_epoch, sizeof up.open_epoch);
}

static void fill_hello(struct wire_up *up, size_t have)
{
    memset(up, 0, sizeof *up);
    up->kind = WIRE_UP_HELLO;
    up->hello.protocol = WIRE_PROTOCOL;
    up->hello.capabilities = UINT64_MAX;
    FILL(up->hello.agent.bytes, 1);
    FILL(up->hello.epoch.bytes, 2);
    strcpy(up->hello.software, "tallyline-agent 0.1.0");
    up->hello.next_seq = UINT64_MAX;
    up->hello.now = INT64_MIN;
    up->hello.have_count = have;
    for (size_t i = 0; i < have; i++) {
        (void)snprintf(up->hello.have[i].name, WIRE_NAME_MAX, "document-%zu",
                       i);
        FILL(up->hello.have[i].digest.bytes, (int)i);
    }
}

Test(wire, hello_carries_every_document_up_to_the_limit)
{
    struct wire_up up;
    struct wire_up again;

    fill_hello(&up, WIRE_HAVE_MAX);
    up_again(&up, &again);
    cr_assert_eq(again.hello.protocol, WIRE_PROTOCOL);
    cr_assert_eq(again.hello.capabilities, UINT64_MAX);
    cr_assert_eq(again.hello.next_seq, UINT64_MAX);
    cr_assert_eq(again.hello.now, INT64_MIN);
    cr_assert_str_eq(again.hello.software, up.hello.software);
    cr_assert_eq(again.hello.have_count, WIRE_HAVE_MAX);
    for (size_t i = 0; i < WIRE_HAVE_MAX; i++) {
        cr_assert_str_eq(again.hello.have[i].name, up.hello.have[i].name);
        cr_assert(digest_equal(&again.hello.have[i].digest,
                               &up.hello.have[i].digest));
    }
}

/* One HaveDocument more, appended by hand to the hello: field 4 of Up again,
 * which protobuf merges into the first. */
Test(wire, i11_one_document_above_the_limit_is_refused)
{
    struct wire_up up;
    struct wire_up again;

    fill_hello(&up, WIRE_HAVE_MAX);
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    up.hello.have_count = 1;
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&packed), &again),
                 STATUS_INVALID);
}

Test(wire, batches_and_heartbeat_come_back_as_they_were)
{
    struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct wire_up again;

    up_again(&up, &again);
    cr_assert_gt(packed.size, 0, "an empty frame is no message");

    buffer_clear(&packed);
    up.kind = WIRE_UP_HEARTBEAT;
    up.heartbeat = (struct wire_agent_heartbeat){
        .next_seq = 7,
        .waiting = 8,
        .oldest_waiting = -9,
        .bytes_used = 10,
        .bytes_total = 11,
        .now = 12,
    };
    up_again(&up, &again);
    cr_assert_eq(again.heartbeat.next_seq, 7);
    cr_assert_eq(again.heartbeat.waiting, 8);
    cr_assert_eq(again.heartbeat.oldest_waiting, -9);
    cr_assert_eq(again.heartbeat.bytes_used, 10);
    cr_assert_eq(again.heartbeat.bytes_total, 11);
    cr_assert_eq(again.heartbeat.now, 12);
}

Test(wire, answers_to_join_rotate_and_recover_come_back_as_they_were)
{
    struct wire_down down = {.kind = WIRE_DOWN_JOINED};
    struct wire_down again;

    down.joined.agent_number = 271;
    down.joined.epoch_ordinal = 1;
    FILL(down.joined.entry, 5);
    down_again(&down, &again);
    cr_assert_eq(again.joined.agent_number, 271);
    cr_assert_eq(again.joined.epoch_ordinal, 1);
    cr_assert_arr_eq(again.joined.entry, down.joined.entry, ENTRY_BYTES);

    buffer_clear(&packed);
    down.kind = WIRE_DOWN_ROTATED;
    FILL(down.rotated.entry, 6);
    down_again(&down, &again);
    cr_assert_arr_eq(again.rotated.entry, down.rotated.entry, ENTRY_BYTES);

    buffer_clear(&packed);
    down.kind = WIRE_DOWN_EPOCH_OPENED;
    down.epoch_opened.epoch_ordinal = 2;
    down.epoch_opened.previous_next_seq = 41;
    FILL(down.epoch_opened.previous_digest.bytes, 7);
    FILL(down.epoch_opened.entry, 8);
    down_again(&down, &again);
    cr_assert_eq(again.epoch_opened.epoch_ordinal, 2);
    cr_assert_eq(again.epoch_opened.previous_next_seq, 41);
    cr_assert(digest_equal(&again.epoch_opened.previous_digest,
                           &down.epoch_opened.previous_digest));
    cr_assert_arr_eq(again.epoch_opened.entry, down.epoch_opened.entry,
                     ENTRY_BYTES);
}

Test(wire, welcome_refusal_and_heartbeat_come_back_as_they_were)
{
    struct wire_down down = {.kind = WIRE_DOWN_WELCOME};
    struct wire_down again;

    down.welcome = (struct wire_welcome){
        .protocol = 1,
        .capabilities = 1,
        .agent_number = 3,
        .epoch_ordinal = 4,
        .next_seq = 5,
        .credit_bytes = 6,
        .now = 7,
        .ledger_size = 8,
    };
    FILL(down.welcome.previous_digest.bytes, 9);
    down_again(&down, &again);
    cr_assert_eq(again.welcome.protocol, 1);
    cr_assert_eq(again.welcome.capabilities, 1);
    cr_assert_eq(again.welcome.agent_number, 3);
    cr_assert_eq(again.welcome.epoch_ordinal, 4);
    cr_assert_eq(again.welcome.next_seq, 5);
    cr_assert_eq(again.welcome.credit_bytes, 6);
    cr_assert_eq(again.welcome.now, 7);
    cr_assert_eq(again.welcome.ledger_size, 8);
    cr_assert(digest_equal(&again.welcome.previous_digest,
                           &down.welcome.previous_digest));

    buffer_clear(&packed);
    down.kind = WIRE_DOWN_REFUSAL;
    down.refusal = (struct wire_refusal){
        .code = WIRE_REFUSAL_GAP, .seq = 2, .detail = 3, .retry_ms = 4};
    down_again(&down, &again);
    cr_assert_eq(again.refusal.code, WIRE_REFUSAL_GAP);
    cr_assert_eq(again.refusal.seq, 2);
    cr_assert_eq(again.refusal.detail, 3);
    cr_assert_eq(again.refusal.retry_ms, 4);

    buffer_clear(&packed);
    down.kind = WIRE_DOWN_HEARTBEAT;
    down.heartbeat =
        (struct wire_collector_heartbeat){.now = 1, .ledger_size = 2};
    down_again(&down, &again);
    cr_assert_eq(again.heartbeat.now, 1);
    cr_assert_eq(again.heartbeat.ledger_size, 2);
    cr_assert_not(again.heartbeat.has_credit);
}

Test(wire, receipts_come_back_up_to_the_limit_and_not_above)
{
    static uint8_t entries[WIRE_RECEIPTS_MAX][ENTRY_BYTES];
    struct wire_down down = {.kind = WIRE_DOWN_RECEIPTS};
    struct wire_down again;

    for (size_t i = 0; i < WIRE_RECEIPTS_MAX; i++) {
        FILL(entries[i], (int)i);
    }
    down.receipts.entries = (const uint8_t(*)[ENTRY_BYTES])entries;
    down.receipts.count = WIRE_RECEIPTS_MAX;
    down.receipts.credit_bytes = 0;
    down.receipts.has_credit = true;
    down_again(&down, &again);
    cr_assert_eq(again.receipts.count, WIRE_RECEIPTS_MAX);
    cr_assert_arr_eq(again.receipts.entries, entries, sizeof entries);
    cr_assert(again.receipts.has_credit, "0 is not the same as absent");

    down.receipts.count = 1;
    cr_assert_eq(wire_pack_down(&down, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_down(codec, buffer_bytes(&packed), &again),
                 STATUS_INVALID);
}

/* ---- what is no message ---- */

Test(wire, nothing_two_fields_and_rubbish_are_invalid)
{
    static const uint8_t rubbish[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct wire_up again;

    cr_assert_eq(wire_unpack_up(codec, (struct bytes){0}, &again),
                 STATUS_INVALID);
    cr_assert_eq(
        wire_unpack_up(codec,
                       (struct bytes){.data = rubbish, .size = sizeof rubbish},
                       &again),
        STATUS_INVALID);
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    up.kind = WIRE_UP_HEARTBEAT;
    up.heartbeat = (struct wire_agent_heartbeat){0};
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&packed), &again),
                 STATUS_INVALID);
}

Test(wire, only_fields_of_a_newer_program_are_a_matter_of_version)
{
    static const uint8_t newer[] = {0xa2, 0x06, 0x00}; /* field 100, empty */
    struct wire_up up;
    struct wire_down down;
    struct bytes frame = {.data = newer, .size = sizeof newer};

    cr_assert_eq(wire_unpack_up(codec, frame, &up), STATUS_VERSION);
    cr_assert_eq(wire_unpack_down(codec, frame, &down), STATUS_VERSION);
}

Test(wire, a_message_cut_short_anywhere_is_never_taken)
{
    struct wire_up up;
    struct wire_up again;

    fill_hello(&up, 2);
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    for (size_t size = 0; size < packed.size; size++) {
        struct bytes cut = {.data = packed.data, .size = size};

        cr_assert_neq(wire_unpack_up(codec, cut, &again), STATUS_OK,
                      "cut at %zu", size);
    }
}

Test(wire, i11_a_frame_above_the_limit_is_not_even_read)
{
    struct buffer large;
    struct wire_up again;
    uint8_t *room;

    buffer_init(&large, WIRE_FRAME_BYTES_MAX + 16);
    /* so that `room` stays where it is */
    cr_assert_eq(buffer_reserve(&large, WIRE_FRAME_BYTES_MAX + 1), STATUS_OK);
    cr_assert_eq(
        wire_pack_up(&(struct wire_up){.kind = WIRE_UP_BATCHES}, &large),
        STATUS_OK);
    /* field 100, a text of the rest: unknown, so skipped */
    cr_assert_eq(
        buffer_extend(&large, WIRE_FRAME_BYTES_MAX - large.size, &room),
        STATUS_OK);
    memset(room, 'x', large.size - (size_t)(room - large.data));
    memcpy(room, "\xa2\x06\xf9\xff\x0f", 5);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&large), &again),
                 STATUS_OK);
    cr_assert_eq(buffer_u8(&large, 'x'), STATUS_OK);
    memcpy(room, "\xa2\x06\xfa\xff\x0f", 5);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&large), &again),
                 STATUS_INVALID);
    buffer_fini(&large);
}

Test(wire, i11_empty_items_cannot_take_more_memory_than_the_budget)
{
    struct wire_outcomes outcomes;
    struct bytes body;
    uint8_t *data = malloc(WIRE_DOCUMENT_BYTES_MAX);

    cr_assert_not_null(data);
    for (size_t i = 0; i < WIRE_DOCUMENT_BYTES_MAX; i += 2) {
        memcpy(data + i, "\x0a\x00", 2); /* half a million empty items */
    }
    body = (struct bytes){.data = data, .size = WIRE_DOCUMENT_BYTES_MAX};
    cr_assert_eq(wire_unpack_outcomes(codec, body, &outcomes), STATUS_INVALID);
    body.size = 2;
    cr_assert_eq(wire_unpack_outcomes(codec, body, &outcomes), STATUS_OK);
    cr_assert_eq(outcomes.count, 1);
    free(data);
}

Test(wire, text_that_is_not_plain_ascii_or_too_long_is_invalid)
{
    struct wire_up up;
    struct wire_up again;
    uint8_t *at = NULL;

    fill_hello(&up, 0);
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    for (size_t i = 0; i + 9 < packed.size; i++) {
        if (memcmp(packed.data + i, "tallyline", 9) == 0) {
            at = packed.data + i;
        }
    }
    cr_assert_not_null(at);
    *at = 0x1b;
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&packed), &again),
                 STATUS_INVALID);
}

/* ---- proofs ---- */

Test(wire, a_join_is_proven_only_for_its_join_key_and_its_fields)
{
    struct wire_join join;
    struct sign_keys keys;
    struct public_key join_key = {.bytes = {1}};
    struct public_key other = {.bytes = {2}};

    memset(&join, 7, sizeof join);
    sign_keys_make(&keys);
    join.sign_key = keys.public_key;
    wire_join_prove(&join, &join_key, &keys);
    cr_assert(wire_join_proven(&join, &join_key));
    cr_assert_not(wire_join_proven(&join, &other));
    join.epoch.bytes[15] ^= 1;
    cr_assert_not(wire_join_proven(&join, &join_key));
}

Test(wire, a_rotation_is_proven_by_both_keys)
{
    struct wire_rotate rotate;
    struct sign_keys keys;
    struct sign_keys old;
    struct public_key join_key = {.bytes = {1}};

    memset(&rotate, 7, sizeof rotate);
    sign_keys_make(&keys);
    sign_keys_make(&old);
    rotate.sign_key = keys.public_key;
    wire_rotate_prove(&rotate, &join_key, &keys, &old);
    cr_assert(wire_rotate_proven(&rotate, &join_key, &old.public_key));
    cr_assert_not(wire_rotate_proven(&rotate, &join_key, &keys.public_key));
    rotate.proof.bytes[0] ^= 1;
    cr_assert_not(wire_rotate_proven(&rotate, &join_key, &old.public_key));
}

Test(wire, a_new_epoch_is_proven_by_the_key_in_force)
{
    struct wire_open_epoch open_epoch;
    struct sign_keys keys;
    struct sign_keys other;

    memset(&open_epoch, 7, sizeof open_epoch);
    sign_keys_make(&keys);
    sign_keys_make(&other);
    wire_open_epoch_prove(&open_epoch, &keys);
    cr_assert(wire_open_epoch_proven(&open_epoch, &keys.public_key));
    cr_assert_not(wire_open_epoch_proven(&open_epoch, &other.public_key));
    open_epoch.previous.bytes[0] ^= 1;
    cr_assert_not(wire_open_epoch_proven(&open_epoch, &keys.public_key));
}

/* ---- documents ---- */

static uint8_t *make_body(size_t size, bool random)
{
    uint8_t *body = malloc(size + 1);
    uint32_t state = 1;

    cr_assert_not_null(body);
    for (size_t i = 0; i < size; i++) {
        state = state * 1664525u + 1013904223u;
        body[i] = random ? (uint8_t)(state >> 24) : (uint8_t)('a' + i % 5);
    }
    return body;
}

/* Sends a document piece by piece over frame 0, as the link does. */
static enum status carry(const struct wire_document *document,
                         struct wire_assembly *assembly,
                         const struct public_key *key, struct bytes *body)
{
    uint64_t offset = 0;
    enum status status = STATUS_AGAIN;

    while (status == STATUS_AGAIN) {
        struct wire_down down = {.kind = WIRE_DOWN_DOCUMENT};
        struct wire_down again;

        wire_document_piece(document, offset, &down.document);
        offset += down.document.piece.size;
        buffer_clear(&packed);
        cr_assert_eq(wire_pack_down(&down, &packed), STATUS_OK);
        cr_assert_eq(wire_unpack_down(codec, buffer_bytes(&packed), &again),
                     STATUS_OK);
        status = wire_assembly_add(assembly, &again.document, key, body);
    }
    return status;
}

static void carry_and_compare(size_t size, bool random, bool zstd)
{
    uint8_t *data = make_body(size, random);
    struct wire_document document;
    struct wire_assembly assembly;
    struct sign_keys keys;
    struct bytes body = {.data = data, .size = size};
    struct bytes came = {0};

    sign_keys_make(&keys);
    wire_assembly_init(&assembly);
    cr_assert_eq(wire_document_make(&document, "plan", 9, body, zstd, &keys),
                 STATUS_OK);
    cr_assert_eq(carry(&document, &assembly, &keys.public_key, &came),
                 STATUS_OK);
    cr_assert(bytes_equal(body, came), "%zu bytes", size);
    wire_document_fini(&document);
    wire_assembly_fini(&assembly);
    free(data);
}

Test(wire, documents_of_every_size_come_down_whole)
{
    static const size_t sizes[] = {0,
                                   1,
                                   WIRE_PIECE_BYTES_MAX - 1,
                                   WIRE_PIECE_BYTES_MAX,
                                   WIRE_PIECE_BYTES_MAX + 1,
                                   WIRE_DOCUMENT_BYTES_MAX};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        carry_and_compare(sizes[i], true, false);
        carry_and_compare(sizes[i], true, true);
        carry_and_compare(sizes[i], false, true);
    }
}

Test(wire, i11_a_document_above_the_limit_is_not_made)
{
    uint8_t *data = make_body(WIRE_DOCUMENT_BYTES_MAX + 1, false);
    struct wire_document document;
    struct sign_keys keys;

    sign_keys_make(&keys);
    cr_assert_eq(
        wire_document_make(
            &document, "plan", 0,
            (struct bytes){.data = data, .size = WIRE_DOCUMENT_BYTES_MAX + 1},
            true, &keys),
        STATUS_INVALID);
    free(data);
}

Test(wire, a_document_under_another_name_or_key_is_refused)
{
    struct wire_document document;
    struct wire_assembly assembly;
    struct sign_keys keys;
    struct sign_keys other;
    struct bytes came;

    sign_keys_make(&keys);
    sign_keys_make(&other);
    wire_assembly_init(&assembly);
    cr_assert_eq(wire_document_make(&document, "plan", 9, bytes_of_text("x"),
                                    true, &keys),
                 STATUS_OK);
    cr_assert_eq(carry(&document, &assembly, &other.public_key, &came),
                 STATUS_REFUSED);
    document.index = 10;
    cr_assert_eq(carry(&document, &assembly, &keys.public_key, &came),
                 STATUS_REFUSED);
    document.index = 9;
    strcpy(document.name, "units");
    cr_assert_eq(carry(&document, &assembly, &keys.public_key, &came),
                 STATUS_REFUSED);
    strcpy(document.name, "plan");
    cr_assert_eq(carry(&document, &assembly, &keys.public_key, &came),
                 STATUS_OK);
    wire_document_fini(&document);
    wire_assembly_fini(&assembly);
}

Test(wire, pieces_out_of_order_are_refused_and_the_next_start_works)
{
    uint8_t *data = make_body(3 * WIRE_PIECE_BYTES_MAX, true);
    struct bytes body = {.data = data, .size = 3 * WIRE_PIECE_BYTES_MAX};
    struct wire_document document;
    struct wire_assembly assembly;
    struct wire_piece piece;
    struct sign_keys keys;
    struct bytes came;

    sign_keys_make(&keys);
    wire_assembly_init(&assembly);
    cr_assert_eq(wire_document_make(&document, "plan", 9, body, false, &keys),
                 STATUS_OK);
    wire_document_piece(&document, WIRE_PIECE_BYTES_MAX, &piece);
    cr_assert_eq(wire_assembly_add(&assembly, &piece, &keys.public_key, &came),
                 STATUS_INVALID);
    wire_document_piece(&document, 0, &piece);
    cr_assert_eq(wire_assembly_add(&assembly, &piece, &keys.public_key, &came),
                 STATUS_AGAIN);
    wire_document_piece(&document, 2 * WIRE_PIECE_BYTES_MAX, &piece);
    cr_assert_eq(wire_assembly_add(&assembly, &piece, &keys.public_key, &came),
                 STATUS_INVALID);
    cr_assert_eq(carry(&document, &assembly, &keys.public_key, &came),
                 STATUS_OK);
    cr_assert(bytes_equal(body, came));
    wire_document_fini(&document);
    wire_assembly_fini(&assembly);
    free(data);
}

/* A zstd frame may promise any size: the promise is checked first. */
Test(wire, i11_a_body_that_unpacks_beyond_the_limit_is_refused)
{
    static const uint8_t bomb[] = {0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0x00,
                                   0x00, 0x00, 0x40, 0x01, 0x00, 0x00};
    struct wire_piece piece = {.name = "plan",
                               .codec = WIRE_CODEC_ZSTD,
                               .size = sizeof bomb,
                               .piece = {.data = bomb, .size = sizeof bomb}};
    struct wire_assembly assembly;
    struct public_key key = {.bytes = {0}};
    struct bytes came;

    wire_assembly_init(&assembly);
    cr_assert_eq(wire_assembly_add(&assembly, &piece, &key, &came),
                 STATUS_INVALID);
    piece.codec = WIRE_CODEC_PLAIN;
    piece.size = (uint64_t)WIRE_DOCUMENT_BYTES_MAX + 1;
    cr_assert_eq(wire_assembly_add(&assembly, &piece, &key, &came),
                 STATUS_INVALID);
    wire_assembly_fini(&assembly);
}

/* ---- bodies ---- */

Test(wire, register_items_add_up_to_one_body)
{
    struct wire_register_item item = {.kind = 1,
                                      .reference = UINT64_MAX >> 4,
                                      .units = {1500025, 1300001},
                                      .unit_count = 2,
                                      .category = 10001,
                                      .state = 3};
    const struct wire_register_item *items;
    size_t count = 0;

    for (uint64_t i = 0; i < 3; i++) {
        item.reference = i + 1;
        cr_assert_eq(wire_pack_register_item(&item, &packed), STATUS_OK);
    }
    cr_assert_eq(
        wire_unpack_registers(codec, buffer_bytes(&packed), &items, &count),
        STATUS_OK);
    cr_assert_eq(count, 3);
    for (uint64_t i = 0; i < 3; i++) {
        cr_assert_eq(items[i].reference, i + 1);
        cr_assert_eq(items[i].kind, 1);
        cr_assert_eq(items[i].unit_count, 2);
        cr_assert_eq(items[i].units[0], 1500025);
        cr_assert_eq(items[i].units[1], 1300001);
        cr_assert_eq(items[i].category, 10001);
        cr_assert_eq(items[i].state, 3);
    }
    cr_assert_eq(
        wire_unpack_registers(codec, (struct bytes){0}, &items, &count),
        STATUS_OK);
    cr_assert_eq(count, 0);
}

Test(wire, outcomes_come_back_as_they_were)
{
    struct wire_outcome list[2] = {
        {.event = 1, .outcome = 4, .field = 105, .rule = 3, .value = 10002},
        {.event = 2, .outcome = 12, .other = UINT64_MAX},
    };
    struct wire_outcomes outcomes = {
        .items = list, .count = 2, .total = 5, .index = 77};
    struct wire_outcomes again;

    cr_assert_eq(wire_pack_outcomes(&outcomes, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_outcomes(codec, buffer_bytes(&packed), &again),
                 STATUS_OK);
    cr_assert_eq(again.total, 5);
    cr_assert_eq(again.index, 77);
    cr_assert_eq(again.count, 2);
    cr_assert_eq(again.items[0].field, 105);
    cr_assert_eq(again.items[0].rule, 3);
    cr_assert_eq(again.items[0].value, 10002);
    cr_assert_eq(again.items[1].outcome, 12);
    cr_assert_eq(again.items[1].other, UINT64_MAX);
}

Test(wire, outcomes_that_do_not_fit_leave_the_buffer_as_it_was)
{
    struct wire_outcome one = {.event = 1};
    struct wire_outcomes outcomes = {.items = &one, .count = 1};
    struct buffer small;

    buffer_init(&small, 5);
    cr_assert_eq(wire_pack_outcomes(&outcomes, &small), STATUS_FULL);
    cr_assert_eq(small.size, 0);
    buffer_fini(&small);
}

/* ---- words ---- */

Test(wire, every_refusal_has_its_own_words_in_both_languages)
{
    for (uint32_t code = 1; code < WIRE_REFUSAL_END; code++) {
        cr_assert_str_neq(wire_refusal_token(code), "unknown");
        for (uint32_t other = 1; other < code; other++) {
            cr_assert_str_neq(wire_refusal_token(code),
                              wire_refusal_token(other));
            cr_assert_str_neq(wire_refusal_text(code, LANGUAGE_VI),
                              wire_refusal_text(other, LANGUAGE_VI));
        }
        cr_assert_str_neq(wire_refusal_text(code, LANGUAGE_VI),
                          wire_refusal_text(code, LANGUAGE_EN));
    }
    cr_assert_str_eq(wire_refusal_token(WIRE_REFUSAL_END), "unknown");
    cr_assert_str_eq(wire_refusal_token(WIRE_REFUSAL_UNKNOWN_KEY),
                     "unknown_key");
}
