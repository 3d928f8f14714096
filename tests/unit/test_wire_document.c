#include "common/format/wire.h"
#include "common/format/wire_document.h"
#include "common/format/wire_walk.h"
#include "tests/support/wire_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(wire_document, .init = wire_fixture_open, .fini = wire_fixture_close);

/* ---- proofs ---- */

Test(wire_document, a_join_is_proven_only_for_its_join_key_and_its_fields)
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

Test(wire_document, a_rotation_is_proven_by_both_keys)
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

Test(wire_document, a_new_epoch_is_proven_by_the_key_in_force)
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

Test(wire_document, documents_of_every_size_come_down_whole)
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

Test(wire_document, i11_a_document_above_the_limit_is_not_made)
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

Test(wire_document, a_document_under_another_name_or_key_is_refused)
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
    (void)snprintf(document.name, WIRE_NAME_MAX, "units");
    cr_assert_eq(carry(&document, &assembly, &keys.public_key, &came),
                 STATUS_REFUSED);
    (void)snprintf(document.name, WIRE_NAME_MAX, "plan");
    cr_assert_eq(carry(&document, &assembly, &keys.public_key, &came),
                 STATUS_OK);
    wire_document_fini(&document);
    wire_assembly_fini(&assembly);
}

Test(wire_document, pieces_out_of_order_are_refused_and_the_next_start_works)
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
Test(wire_document, i11_a_body_that_unpacks_beyond_the_limit_is_refused)
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

Test(wire_document, outcomes_that_do_not_fit_leave_the_buffer_as_it_was)
{
    struct wire_outcome one = {.event = 1};
    struct wire_outcomes outcomes = {.items = &one, .count = 1};
    struct buffer small;

    buffer_init(&small, 5);
    cr_assert_eq(wire_pack_outcomes(&outcomes, &small), STATUS_FULL);
    cr_assert_eq(small.size, 0);
    buffer_fini(&small);
}
