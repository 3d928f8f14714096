#include "common/format/wire.h"
#include "tests/support/wire_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(wire_witness, .init = wire_fixture_open, .fini = wire_fixture_close);

static enum status unpack_up(const char *hex)
{
    uint8_t bytes[256];
    size_t size = 0;
    struct wire_up up;

    cr_assert_eq(bytes_from_hex(hex, bytes, sizeof bytes, &size), STATUS_OK);
    return wire_unpack_up(codec, (struct bytes){bytes, size}, &up);
}

static void fill(struct wire_note *note, uint8_t value, size_t size)
{
    memset(note->bytes, value, size);
    note->size = size;
}

static void expect_note(const struct wire_note *note, uint8_t value,
                        size_t size)
{
    cr_assert_eq(note->size, size);
    for (size_t i = 0; i < size; i++) {
        cr_assert_eq(note->bytes[i], value);
    }
}

Test(wire_witness, what_a_witness_says_comes_back_as_it_was)
{
    static struct wire_up up;
    static struct wire_up again;

    up.kind = WIRE_UP_COSIGN;
    up.cosign = (struct wire_cosign){.size = UINT64_MAX, .time = INT64_MAX};
    memset(up.cosign.signature.bytes, 3, SIGNATURE_BYTES);
    wire_fixture_up_again(&up, &again);
    cr_assert_eq(again.cosign.size, UINT64_MAX);
    cr_assert_eq(again.cosign.time, INT64_MAX);
    cr_assert_arr_eq(again.cosign.signature.bytes, up.cosign.signature.bytes,
                     SIGNATURE_BYTES);

    memset(&up, 0, sizeof up);
    up.kind = WIRE_UP_OBJECTION;
    up.objection.reason = WIRE_OBJECTION_OTHER_ROOT;
    fill(&up.objection.held, 4, WIRE_NOTE_MAX);
    fill(&up.objection.given, 5, 1);
    wire_fixture_up_again(&up, &again);
    expect_note(&again.objection.held, 4, WIRE_NOTE_MAX);
    expect_note(&again.objection.given, 5, 1);
    cr_assert_eq(again.objection.reason, WIRE_OBJECTION_OTHER_ROOT);

    up.objection.held.size = 0;
    wire_fixture_up_again(&up, &again);
    cr_assert_eq(again.objection.held.size, 0);

    up.kind = WIRE_UP_PROOF_WANTED;
    up.proof_wanted =
        (struct wire_proof_wanted){.index = 0, .cosigned = true, .size = 7};
    wire_fixture_up_again(&up, &again);
    cr_assert_eq(again.proof_wanted.index, 0);
    cr_assert(again.proof_wanted.cosigned);
    cr_assert_eq(again.proof_wanted.size, 7);
}

Test(wire_witness, a_hello_carries_the_checkpoint_that_is_kept)
{
    static struct wire_up up;
    static struct wire_up again;

    up.kind = WIRE_UP_HELLO;
    up.hello.protocol = WIRE_PROTOCOL;
    up.hello.next_seq = 1;
    fill(&up.hello.checkpoint, 6, WIRE_NOTE_MAX);
    wire_fixture_up_again(&up, &again);
    expect_note(&again.hello.checkpoint, 6, WIRE_NOTE_MAX);
    up.hello.checkpoint.size = 0;
    wire_fixture_up_again(&up, &again);
    cr_assert_eq(again.hello.checkpoint.size, 0);
}

Test(wire_witness, checkpoint_and_proof_come_back_as_they_were)
{
    static struct wire_down down;
    static struct wire_down again;
    static uint8_t note[WIRE_PROOF_NOTE_MAX];

    memset(note, 7, sizeof note);
    down.kind = WIRE_DOWN_CHECKPOINT;
    down.checkpoint.note = (struct bytes){note, WIRE_NOTE_MAX};
    down.checkpoint.from_size = 41;
    down.checkpoint.proof.count = MERKLE_PROOF_MAX;
    memset(down.checkpoint.proof.hashes, 8,
           sizeof down.checkpoint.proof.hashes);
    wire_fixture_down_again(&down, &again);
    cr_assert(bytes_equal(again.checkpoint.note, down.checkpoint.note));
    cr_assert_eq(again.checkpoint.from_size, 41);
    cr_assert_eq(again.checkpoint.proof.count, MERKLE_PROOF_MAX);
    cr_assert_arr_eq(again.checkpoint.proof.hashes,
                     down.checkpoint.proof.hashes,
                     sizeof down.checkpoint.proof.hashes);

    memset(&down, 0, sizeof down);
    down.kind = WIRE_DOWN_PROOF;
    down.proof.index = 9;
    memset(down.proof.entry, 10, ENTRY_BYTES);
    down.proof.note = (struct bytes){note, WIRE_PROOF_NOTE_MAX};
    wire_fixture_down_again(&down, &again);
    cr_assert_eq(again.proof.index, 9);
    cr_assert_arr_eq(again.proof.entry, down.proof.entry, ENTRY_BYTES);
    cr_assert(bytes_equal(again.proof.note, down.proof.note));
    down.proof.note.size = 0;
    wire_fixture_down_again(&down, &again);
    cr_assert_eq(again.proof.note.size, 0);
    cr_assert_eq(again.proof.proof.count, 0);
}

/* Fields 8, 9 and 10 of Up, each too little or out of its bounds. */
Test(wire_witness, what_is_missing_or_misshapen_is_refused)
{
    cr_assert_eq(unpack_up("420408011002"), STATUS_INVALID); /* unsigned */
    cr_assert_eq(unpack_up("4a021800"), STATUS_INVALID);     /* no reason */
    cr_assert_eq(unpack_up("4a041a001802"), STATUS_INVALID);
    cr_assert_eq(unpack_up("4a040a001802"), STATUS_INVALID); /* empty note */
    cr_assert_eq(unpack_up("4a021802"), STATUS_OK);
    cr_assert_eq(unpack_up("5200"), STATUS_INVALID); /* of which entry? */
    cr_assert_eq(unpack_up("52020800"), STATUS_OK);
}

/* A time before 1970 has no text in what is signed. */
Test(wire_witness, a_negative_time_is_refused)
{
    static struct wire_up up;
    static struct wire_up again;

    up.kind = WIRE_UP_COSIGN;
    up.cosign.time = -1;
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&packed), &again),
                 STATUS_INVALID);
}

/* One byte, or one hash, more than there may be: appended by hand, for nobody
 * here sends it. Field 10 of Down with note (1), from_size (2), proof (3). */
Test(wire_witness, i11_notes_and_proofs_are_bounded)
{
    static uint8_t note[WIRE_NOTE_MAX + 1];
    struct wire_down down = {.kind = WIRE_DOWN_CHECKPOINT};
    struct wire_down again;
    struct buffer raw;

    memset(note, 'n', sizeof note);
    down.checkpoint.note = (struct bytes){note, 100};
    down.checkpoint.proof.count = MERKLE_PROOF_MAX;
    cr_assert_eq(wire_pack_down(&down, &packed), STATUS_OK);
    /* The same field again: protobuf merges the lists. */
    cr_assert_eq(
        buffer_append(&packed,
                      (struct bytes){(const uint8_t *)"\x52\x22\x1a\x20", 4}),
        STATUS_OK);
    cr_assert_eq(buffer_append(&packed, (struct bytes){note, DIGEST_BYTES}),
                 STATUS_OK);
    cr_assert_eq(wire_unpack_down(codec, buffer_bytes(&packed), &again),
                 STATUS_INVALID);

    buffer_init(&raw, WIRE_FRAME_BYTES_MAX);
    for (size_t more = 0; more < 2; more++) {
        uint16_t size = (uint16_t)(WIRE_NOTE_MAX + more);
        uint16_t whole = (uint16_t)(size + 3 + 2);

        buffer_clear(&raw);
        cr_assert_eq(buffer_u8(&raw, 0x52), STATUS_OK);
        cr_assert_eq(buffer_u8(&raw, (uint8_t)(whole | 0x80)), STATUS_OK);
        cr_assert_eq(buffer_u8(&raw, (uint8_t)(whole >> 7)), STATUS_OK);
        cr_assert_eq(buffer_u8(&raw, 0x0a), STATUS_OK);
        cr_assert_eq(buffer_u8(&raw, (uint8_t)(size | 0x80)), STATUS_OK);
        cr_assert_eq(buffer_u8(&raw, (uint8_t)(size >> 7)), STATUS_OK);
        cr_assert_eq(buffer_append(&raw, (struct bytes){note, size}),
                     STATUS_OK);
        cr_assert_eq(buffer_u16(&raw, 0x1000), STATUS_OK);
        cr_assert_eq(wire_unpack_down(codec, buffer_bytes(&raw), &again),
                     more == 0 ? STATUS_OK : STATUS_INVALID);
    }
    buffer_fini(&raw);
}
