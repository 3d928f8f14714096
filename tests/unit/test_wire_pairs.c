#include "common/format/wire.h"
#include "common/format/wire_pairs.h"
#include "tests/support/wire_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

#define FILL(array, value) memset(array, value, sizeof(array))

TestSuite(wire_pairs, .init = wire_fixture_open, .fini = wire_fixture_close);

static uint8_t document[WIRE_FRAME_BYTES_MAX * 2 + 1];

/* An entry for the first `size` bytes of the document. */
static struct entry entry_for(uint64_t index, size_t size, struct bytes *bytes)
{
    struct entry entry = {
        .kind = ENTRY_CONTROL, .index = index, .size = (uint32_t)size};

    *bytes = (struct bytes){.data = document, .size = size};
    digest_bytes(*bytes, &entry.digest);
    return entry;
}

static enum status join(const struct wire_pack *pack, struct wire_pair out[])
{
    static struct buffer whole;
    enum status status;

    buffer_init(&whole, sizeof document);
    status = wire_pairs_join(&pack->pairs, pack->frames, pack->frame_count,
                             &whole, out);
    for (size_t i = 0; status == STATUS_OK && i < pack->pairs.count; i++) {
        cr_assert(out[i].erased ||
                  memcmp(out[i].bytes.data, document, out[i].bytes.size) == 0);
    }
    buffer_fini(&whole);
    return status;
}

Test(wire_pairs, returned_and_given_pairs_come_back_as_they_were)
{
    struct wire_up up = {.kind = WIRE_UP_RETURNED};
    struct wire_down down = {.kind = WIRE_DOWN_GIVEN};
    struct wire_up again;
    struct wire_down other;

    up.returned.count = WIRE_PAIRS_MAX;
    FILL(up.returned.entries[0], 7);
    FILL(up.returned.entries[WIRE_PAIRS_MAX - 1], 9);
    wire_fixture_up_again(&up, &again);
    cr_assert_eq(again.returned.count, WIRE_PAIRS_MAX);
    cr_assert_arr_eq(again.returned.entries, up.returned.entries,
                     sizeof up.returned.entries);
    cr_assert_not(again.returned.has_done);

    buffer_clear(&packed);
    up.returned = (struct wire_pairs){.has_done = true, .done_to = 12};
    wire_fixture_up_again(&up, &again);
    cr_assert(again.returned.has_done && again.returned.done_to == 12);

    buffer_clear(&packed);
    down.given = (struct wire_pairs){
        .count = 1, .done_to = 5, .purpose = WIRE_PURPOSE_CONTROLS};
    FILL(down.given.entries[0], 3);
    wire_fixture_down_again(&down, &other);
    cr_assert(other.given.has_done && other.given.done_to == 5);
    cr_assert_eq(other.given.purpose, WIRE_PURPOSE_CONTROLS);
    cr_assert_arr_eq(other.given.entries[0], down.given.entries[0],
                     ENTRY_BYTES);
}

Test(wire_pairs, wanted_and_taken_come_back_as_they_were)
{
    struct wire_up up = {
        .kind = WIRE_UP_TAKEN,
        .taken = {.purpose = WIRE_PURPOSE_HISTORY, .done_to = 8}};
    struct wire_down down = {.kind = WIRE_DOWN_WANTED,
                             .wanted = {.from = 3, .to = UINT64_MAX}};
    struct wire_up again;
    struct wire_down other;

    wire_fixture_up_again(&up, &again);
    cr_assert_eq(again.taken.purpose, WIRE_PURPOSE_HISTORY);
    cr_assert_eq(again.taken.done_to, 8);

    buffer_clear(&packed);
    wire_fixture_down_again(&down, &other);
    cr_assert(other.wanted.from == 3 && other.wanted.to == UINT64_MAX);
    buffer_clear(&packed);
    down.wanted = (struct wire_wanted){.from = 4, .to = 4};
    cr_assert_eq(wire_pack_down(&down, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_down(codec, buffer_bytes(&packed), &other),
                 STATUS_INVALID, "an empty range asks for nothing");
}

Test(wire_pairs, i11_one_pair_above_the_limit_is_refused)
{
    struct wire_up up = {.kind = WIRE_UP_RETURNED};
    struct wire_up again;

    up.returned.count = WIRE_PAIRS_MAX;
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    up.returned.count = 1;
    cr_assert_eq(wire_pack_up(&up, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&packed), &again),
                 STATUS_INVALID);
}

Test(wire_pairs, i11_a_message_of_pairs_is_full_at_the_limits)
{
    struct wire_pair out[WIRE_PAIRS_MAX];
    struct wire_pack pack = {.bytes = 0};
    struct bytes bytes;
    struct entry entry = entry_for(0, 100, &bytes);

    for (unsigned i = 0; i < WIRE_PAIRS_MAX; i++) {
        cr_assert(wire_pack_add(&pack, &entry, bytes));
    }
    cr_assert_not(wire_pack_add(&pack, &entry, bytes));
    cr_assert_eq(join(&pack, out), STATUS_OK);
    cr_assert_eq(out[6].bytes.size, 100);

    pack = (struct wire_pack){.bytes = 0};
    cr_assert(wire_pack_add(&pack, &entry, bytes));
    entry = entry_for(1, WIRE_PAIRS_BYTES_MAX - 99, &bytes);
    cr_assert_not(wire_pack_add(&pack, &entry, bytes));
    entry = entry_for(1, WIRE_PAIRS_BYTES_MAX - 100, &bytes);
    cr_assert(wire_pack_add(&pack, &entry, bytes));
}

Test(wire_pairs, a_document_larger_than_a_frame_goes_alone_and_in_full_frames)
{
    struct wire_pair out[WIRE_PAIRS_MAX];
    struct wire_pack pack = {.bytes = 0};
    struct bytes bytes;
    struct entry small = entry_for(0, 100, &bytes);
    struct entry entry;

    cr_assert(wire_pack_add(&pack, &small, bytes));
    entry = entry_for(1, sizeof document, &bytes);
    cr_assert_not(wire_pack_add(&pack, &entry, bytes));
    pack = (struct wire_pack){.bytes = 0};
    cr_assert(wire_pack_add(&pack, &entry, bytes));
    cr_assert_eq(pack.frame_count, 3);
    cr_assert_eq(pack.frames[0].size, WIRE_FRAME_BYTES_MAX);
    cr_assert_eq(pack.frames[2].size, 1);
    cr_assert_not(wire_pack_add(&pack, &small, (struct bytes){document, 100}));
    cr_assert_eq(join(&pack, out), STATUS_OK);
    cr_assert_eq(out[0].bytes.size, sizeof document);

    pack.frames[0].size--; /* cut at another place */
    pack.frames[1].data--;
    pack.frames[1].size++;
    cr_assert_eq(join(&pack, out), STATUS_INVALID);
}

/* The hash is looked at before anybody sees the bytes. */
Test(wire_pairs, i8_a_pair_whose_bytes_are_not_those_of_its_entry_is_invalid)
{
    struct wire_pair out[WIRE_PAIRS_MAX];
    struct wire_pack pack = {.bytes = 0};
    struct bytes bytes;
    struct entry entry = entry_for(0, 100, &bytes);
    uint8_t other[100];

    cr_assert(wire_pack_add(&pack, &entry, bytes));
    memcpy(other, document, sizeof other);
    other[99] ^= 1u;
    pack.frames[0].data = other;
    cr_assert_eq(join(&pack, out), STATUS_INVALID);
    pack.frames[0] = (struct bytes){.data = document, .size = 99};
    cr_assert_eq(join(&pack, out), STATUS_INVALID);
    pack.frames[0].size = 0; /* erased by order */
    cr_assert_eq(join(&pack, out), STATUS_OK);
    cr_assert(out[0].erased);
    pack.frame_count = 0;
    cr_assert_eq(join(&pack, out), STATUS_INVALID, "a frame is missing");
    pack.frame_count = 1;
    FILL(pack.pairs.entries[0], 1);
    cr_assert_eq(join(&pack, out), STATUS_INVALID, "no entry");
}
