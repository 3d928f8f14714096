/* Bodies of the documents "registers" and "outcomes", read thing by thing. */
#include <criterion/criterion.h>

#include "common/format/wire.h"
#include "common/format/wire_walk.h"

static struct buffer packed;

static void setup(void)
{
    buffer_init(&packed, 2 * WIRE_DOCUMENT_BYTES_MAX);
}

static void teardown(void)
{
    buffer_fini(&packed);
}

TestSuite(wire_walk, .init = setup, .fini = teardown);

/* How many things a body gives, and how it ends. */
static size_t registers_of(struct bytes body, enum status *end)
{
    struct wire_register_item item;
    struct wire_walk walk;
    size_t count = 0;

    wire_walk_init(&walk, body);
    while ((*end = wire_walk_register(&walk, &item)) == STATUS_OK) {
        count++;
    }
    return count;
}

static enum status registers_end(const char *bytes, size_t size)
{
    enum status end;

    (void)registers_of(
        (struct bytes){.data = (const uint8_t *)bytes, .size = size}, &end);
    return end;
}
#define REGISTERS_END(literal) registers_end(literal, sizeof literal - 1)

Test(wire_walk, register_items_add_up_to_one_body)
{
    struct wire_register_item item = {.kind = 1,
                                      .units = {1500025, 1300001},
                                      .unit_count = 2,
                                      .category = 10001,
                                      .state = 3};
    struct wire_register_item read;
    struct wire_walk walk;
    enum status end;

    for (uint64_t i = 0; i < 3; i++) {
        item.reference = (UINT64_MAX >> 4) + i;
        cr_assert_eq(wire_pack_register_item(&item, &packed), STATUS_OK);
    }
    wire_walk_init(&walk, buffer_bytes(&packed));
    for (uint64_t i = 0; i < 3; i++) {
        cr_assert_eq(wire_walk_register(&walk, &read), STATUS_OK);
        cr_assert_eq(read.reference, (UINT64_MAX >> 4) + i);
        cr_assert_eq(read.kind, 1);
        cr_assert_eq(read.unit_count, 2);
        cr_assert_eq(read.units[0], 1500025);
        cr_assert_eq(read.units[1], 1300001);
        cr_assert_eq(read.category, 10001);
        cr_assert_eq(read.state, 3);
    }
    cr_assert_eq(wire_walk_register(&walk, &read), STATUS_NOT_FOUND);
    cr_assert_eq(registers_of((struct bytes){0}, &end), 0);
    cr_assert_eq(end, STATUS_NOT_FOUND);
}

Test(wire_walk, outcomes_come_back_as_they_were)
{
    struct wire_outcome list[2] = {
        {.event = 1, .outcome = 4, .field = 105, .rule = 3, .value = 10002},
        {.event = 2, .outcome = 12, .other = UINT64_MAX},
    };
    struct wire_outcomes outcomes = {
        .items = list, .count = 2, .total = 5, .index = 77};
    struct wire_outcome read;
    struct wire_walk walk;

    cr_assert_eq(wire_pack_outcomes(&outcomes, &packed), STATUS_OK);
    wire_walk_init(&walk, buffer_bytes(&packed));
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(wire_walk_outcome(&walk, &read), STATUS_OK);
        cr_assert_eq(read.event, list[i].event);
        cr_assert_eq(read.outcome, list[i].outcome);
        cr_assert_eq(read.field, list[i].field);
        cr_assert_eq(read.rule, list[i].rule);
        cr_assert_eq(read.value, list[i].value);
        cr_assert_eq(read.other, list[i].other);
    }
    cr_assert_eq(wire_walk_outcome(&walk, &read), STATUS_NOT_FOUND);
    cr_assert_eq(walk.total, 5);
    cr_assert_eq(walk.index, 77);
}

/* Scenario: the body comes from a newer province: fields that we do not know,
 * of every form, among ours and beside the things. */
Test(wire_walk, i10_what_is_not_known_is_skipped)
{
    static const char body[] = "\x78\x05" /* 15: a number */
                               "\x0a\x14" /* a thing */
                               "\x08\x02" /* kind */
                               "\x79\x01\x02\x03\x04\x05\x06\x07\x08"
                               "\x7d\x01\x02\x03\x04"
                               "\x7a\x02xy"
                               "\x7a\x03xyz"; /* 15 beside it */
    struct wire_register_item item;
    struct wire_walk walk;

    wire_walk_init(&walk, (struct bytes){.data = (const uint8_t *)body,
                                         .size = sizeof body - 1});
    cr_assert_eq(wire_walk_register(&walk, &item), STATUS_OK);
    cr_assert_eq(item.kind, 2);
    cr_assert_eq(item.unit_count, 0);
    cr_assert_eq(wire_walk_register(&walk, &item), STATUS_NOT_FOUND);
}

Test(wire_walk, units_may_stand_in_a_field_each)
{
    static const char body[] = "\x0a\x07\x18\x05\x18\x06\x1a\x01\x07";
    struct wire_register_item item;
    struct wire_walk walk;

    wire_walk_init(&walk, (struct bytes){.data = (const uint8_t *)body,
                                         .size = sizeof body - 1});
    cr_assert_eq(wire_walk_register(&walk, &item), STATUS_OK);
    cr_assert_eq(item.unit_count, 3);
    cr_assert_eq(item.units[0], 5);
    cr_assert_eq(item.units[1], 6);
    cr_assert_eq(item.units[2], 7);
}

Test(wire_walk, what_is_cut_or_misshapen_is_invalid)
{
    cr_assert_eq(REGISTERS_END("\x0a\x02\x08\x01"), STATUS_NOT_FOUND);
    cr_assert_eq(REGISTERS_END("\x0a\x03\x08\x01"), STATUS_INVALID);
    cr_assert_eq(REGISTERS_END("\x0a"), STATUS_INVALID);
    cr_assert_eq(REGISTERS_END("\x08\x01"), STATUS_INVALID);
    cr_assert_eq(REGISTERS_END("\x00\x01"), STATUS_INVALID);
    cr_assert_eq(REGISTERS_END("\x7b\x7c"), STATUS_INVALID); /* a group */
    cr_assert_eq(REGISTERS_END("\x0a\x02\x08\x80"), STATUS_INVALID);
    /* A kind of more than 32 bits, a reference of more than 64. */
    cr_assert_eq(REGISTERS_END("\x0a\x06\x08\xff\xff\xff\xff\x0f"),
                 STATUS_NOT_FOUND);
    cr_assert_eq(REGISTERS_END("\x0a\x06\x08\xff\xff\xff\xff\x1f"),
                 STATUS_INVALID);
    cr_assert_eq(
        REGISTERS_END("\x0a\x0b\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        STATUS_NOT_FOUND);
    cr_assert_eq(
        REGISTERS_END("\x0a\x0b\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
        STATUS_INVALID);
}

static void many(struct bytes one, size_t count)
{
    buffer_clear(&packed);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(buffer_append(&packed, one), STATUS_OK);
    }
}

Test(wire_walk, i11_things_and_their_units_have_limits)
{
    struct bytes empty = {.data = (const uint8_t *)"\x0a", .size = 2};
    enum status end;

    many(empty, WIRE_REGISTER_ITEMS_MAX);
    cr_assert_eq(registers_of(buffer_bytes(&packed), &end),
                 WIRE_REGISTER_ITEMS_MAX);
    cr_assert_eq(end, STATUS_NOT_FOUND);
    many(empty, WIRE_REGISTER_ITEMS_MAX + 1u);
    cr_assert_eq(registers_of(buffer_bytes(&packed), &end),
                 WIRE_REGISTER_ITEMS_MAX);
    cr_assert_eq(end, STATUS_INVALID);

    cr_assert_eq(REGISTERS_END("\x0a\x12\x1a\x10"
                               "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"),
                 STATUS_NOT_FOUND);
    cr_assert_eq(REGISTERS_END("\x0a\x13\x1a\x11"
                               "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"),
                 STATUS_INVALID);
}

Test(wire_walk, i11_a_body_beyond_the_limit_is_not_looked_at)
{
    struct bytes two = {.data = (const uint8_t *)"\x78", .size = 2};
    enum status end;

    many(two, WIRE_DOCUMENT_BYTES_MAX / 2u);
    (void)registers_of(buffer_bytes(&packed), &end);
    cr_assert_eq(end, STATUS_NOT_FOUND);
    many(two, WIRE_DOCUMENT_BYTES_MAX / 2u + 1u);
    (void)registers_of(buffer_bytes(&packed), &end);
    cr_assert_eq(end, STATUS_INVALID);
}

Test(wire_walk, i11_outcomes_have_a_limit)
{
    struct bytes empty = {.data = (const uint8_t *)"\x0a", .size = 2};
    struct wire_outcome item;
    struct wire_walk walk;
    enum status end;

    many(empty, WIRE_OUTCOME_ITEMS_MAX + 1u);
    wire_walk_init(&walk, buffer_bytes(&packed));
    while ((end = wire_walk_outcome(&walk, &item)) == STATUS_OK) {
        continue;
    }
    cr_assert_eq(walk.given, WIRE_OUTCOME_ITEMS_MAX);
    cr_assert_eq(end, STATUS_INVALID);
}
