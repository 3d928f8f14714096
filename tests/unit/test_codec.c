/* Events as bytes: the pinned bytes of every type, and what the reader makes
 * of bytes that no honest writer would send.
 */
#include "common/format/codec.h"

#include "common/event/catalogue.h"
#include "common/event/reference.h"

#include "tests/support/golden.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define INSPECTION      8u
#define INSPECTION_BODY "e206" /* field 108, length-delimited */

static void pack(const struct event *event, struct buffer *out)
{
    buffer_init(out, EVENT_BYTES_MAX);
    cr_assert_eq(codec_pack_event(event, out), STATUS_OK);
}

/* Reads hex, blanks allowed, as one event. */
static struct event unpack(const char *hex)
{
    char digits[2 * EVENT_BYTES_MAX + 64];
    uint8_t bytes[EVENT_BYTES_MAX + 32];
    size_t length = 0;
    size_t size = 0;
    for (const char *c = hex; *c != '\0'; c++) {
        if (*c != ' ') {
            digits[length++] = *c;
        }
    }
    digits[length] = '\0';
    cr_assert_eq(bytes_from_hex(digits, bytes, sizeof(bytes), &size), STATUS_OK,
                 "%s", hex);
    struct event event;
    codec_unpack_event((struct bytes){bytes, size}, &event);
    return event;
}

static enum event_fault fault_of(const char *hex)
{
    return unpack(hex).fault;
}

static void golden_name(const struct catalogue_type *type, char name[64])
{
    snprintf(name, 64, "event_%02u_%s", type->number, type->name);
}

Test(codec, writes_the_pinned_bytes_of_every_type)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event;
        struct buffer bytes;
        char name[64];
        sample_event_full(types[i].number, &event);
        pack(&event, &bytes);
        golden_name(&types[i], name);
        cr_assert(golden_matches(name, buffer_bytes(&bytes)), "%s", name);
        buffer_fini(&bytes);
    }
}

Test(codec, reads_the_pinned_bytes_as_the_same_event)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event;
        struct event back;
        struct buffer bytes;
        char name[64];
        golden_name(&types[i], name);
        buffer_init(&bytes, GOLDEN_BYTES_MAX);
        golden_read(name, &bytes);
        sample_event_full(types[i].number, &event);
        codec_unpack_event(buffer_bytes(&bytes), &back);
        cr_assert_eq(back.fault, EVENT_FAULT_NONE, "%s", name);
        /* Of the list only what is used is set. */
        cr_assert_eq(memcmp(&back, &event, offsetof(struct event, list)), 0,
                     "%s", name);
        cr_assert_eq(memcmp(back.list, event.list,
                            event.list_used * sizeof(event.list[0])),
                     0, "%s", name);
        buffer_fini(&bytes);
    }
}

/* A golden event must not leave a field unpinned. */
Test(codec, pins_every_field)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event;
        sample_event_full(types[i].number, &event);
        for (uint32_t n = 1; n <= types[i].field_count; n++) {
            cr_assert(event_has(&event, n), "%s", types[i].name);
            cr_assert_neq(event_get(&event, n), 0, "%s", types[i].name);
        }
        for (uint32_t n = EVENT_TYPE; n <= EVENT_REASON; n++) {
            cr_assert_neq(event_header_get(&event, n), 0);
        }
    }
}

Test(codec, keeps_zero_and_absent_apart)
{
    struct event event = unpack("0808 3800" INSPECTION_BODY "02 3800");
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert(event_has(&event, 7));
    cr_assert_not(event_has(&event, 10));
    cr_assert(event_header_has(&event, EVENT_SUBJECT_UNIT));
    cr_assert_not(event_header_has(&event, EVENT_PROGRAMME));
    struct buffer bytes;
    pack(&event, &bytes);
    cr_assert_eq(bytes.size, 9);
    buffer_fini(&bytes);
}

Test(codec, reads_dates_before_1970)
{
    struct event event = unpack("0807 10ffffffffffffffffff01"
                                "da06 0b 18f0feffffffffffffff01");
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_eq(event.occurred_on, -1);
    cr_assert_eq(event_get_date(&event, 3), -144);
}

/* Type, day, moment and unit are taken at once where they stand as they usually
 * do. With a role before them they do not; whatever bit of them is changed, the
 * two readings agree. */
Test(codec, a_usual_header_is_read_as_any_other)
{
    static const uint8_t usual[] = {0x08, 0x08, 0x10, 0xe9, 0x88, 0x01, 0x18,
                                    0xc1, 0x82, 0x84, 0x88, 0x90, 0xa0, 0xc0,
                                    0x02, 0x20, 0xe1, 0xad, 0x51};
    static const uint8_t role[] = {0x30, 0x01};
    uint32_t agreed = 0;

    for (size_t bit = 0; bit <= sizeof usual * 8; bit++) {
        uint8_t before[sizeof role + sizeof usual];
        uint8_t behind[sizeof role + sizeof usual];
        struct event one, two;

        memcpy(behind, usual, sizeof usual);
        if (bit < sizeof usual * 8) {
            behind[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        memcpy(before, role, sizeof role);
        memcpy(before + sizeof role, behind, sizeof usual);
        memcpy(behind + sizeof usual, role, sizeof role);
        codec_unpack_event((struct bytes){before, sizeof before}, &one);
        codec_unpack_event((struct bytes){behind, sizeof behind}, &two);
        if (one.fault == EVENT_FAULT_NONE && two.fault == EVENT_FAULT_NONE) {
            cr_assert_eq(memcmp(&one, &two, offsetof(struct event, list)), 0,
                         "bit %zu", bit);
            agreed++;
        }
    }
    cr_assert_gt(agreed, 60);
    struct event event = unpack("0808 10e98801 18c182848890a0c002 20e1ad51");
    cr_assert_eq(event.type, 8);
    cr_assert_eq(event.occurred_on, 0x69 | 0x08 << 7 | 1 << 14);
    cr_assert_eq(event.recorded_at,
                 0x41 | 0x02 << 7 | 0x04 << 14 | 0x08 << 21 |
                     INT64_C(0x10) << 28 | INT64_C(0x20) << 35 |
                     INT64_C(0x40) << 42 | INT64_C(0x02) << 49);
    cr_assert_eq(event.unit, 0x61 | 0x2d << 7 | 0x51 << 14);
}

Test(codec, takes_repeated_fields_packed_and_one_by_one)
{
    static const char *const forms[] = {
        "0808" INSPECTION_BODY "08 4202 0105 4a02 0209",
        "0808" INSPECTION_BODY "08 4001 4005 4802 4809",
        "0808" INSPECTION_BODY "08 4001 4802 4005 4809",
        "0808" INSPECTION_BODY "0b 420101 4a020209 4a00 4005"};
    for (size_t i = 0; i < 4; i++) {
        struct event event = unpack(forms[i]);
        size_t count = 0;
        cr_assert_eq(event.fault, EVENT_FAULT_NONE, "form %zu", i);
        const uint32_t *kinds = event_items(&event, 8, &count);
        cr_assert(count == 2 && kinds[0] == 1 && kinds[1] == 5, "form %zu", i);
        const uint32_t *counts = event_items(&event, 9, &count);
        cr_assert(count == 2 && counts[0] == 2 && counts[1] == 9, "form %zu",
                  i);
    }
}

Test(codec, calls_a_field_twice_a_duplicate)
{
    cr_assert_eq(fault_of("0808 0808"), EVENT_FAULT_DUPLICATE);
    cr_assert_eq(fault_of("0808 1001 1001"), EVENT_FAULT_DUPLICATE);
    cr_assert_eq(fault_of("0808" INSPECTION_BODY "04 3801 3801"),
                 EVENT_FAULT_DUPLICATE);
    cr_assert_eq(fault_of("0808" INSPECTION_BODY "00" INSPECTION_BODY "00"),
                 EVENT_FAULT_DUPLICATE);
}

Test(codec, takes_one_body_and_only_that_of_the_type)
{
    cr_assert_eq(fault_of("0808" INSPECTION_BODY "02 1001"), EVENT_FAULT_NONE);
    /* The body may stand before the type. */
    cr_assert_eq(fault_of(INSPECTION_BODY "02 1001 0808"), EVENT_FAULT_NONE);
    cr_assert_eq(fault_of("0808 ca0600"), EVENT_FAULT_TWO_BODIES);
    cr_assert_eq(fault_of("0808" INSPECTION_BODY "00 ca0600"),
                 EVENT_FAULT_TWO_BODIES);
    cr_assert_eq(fault_of("081e" INSPECTION_BODY "00"), EVENT_FAULT_TWO_BODIES);
}

Test(codec, calls_what_is_no_event_malformed)
{
    static const char *const wrong[] = {
        "",                                 /* nothing */
        "1001",                             /* no type */
        "0800",                             /* type 0 */
        "08",                               /* a tag without a value */
        "0888",                             /* a number that does not end */
        "0808 0001",                        /* field 0 */
        "0808 0b",                          /* a group begins */
        "0808 0c",                          /* a group ends */
        "0808 0e",                          /* wire type 6 */
        "0808 fb0f",                        /* a group that nobody knows */
        "0a0108",                           /* type as bytes */
        "0d08000000",                       /* type as fixed 32 */
        "0808 1208",                        /* a date as bytes, cut off */
        "0808 2180808010",                  /* a unit as fixed 64, cut off */
        "0808 e006 01",                     /* a body as a number */
        "0808" INSPECTION_BODY "02 10",     /* a body cut off */
        "0808" INSPECTION_BODY "01 10",     /* a field cut off by its body */
        "0808" INSPECTION_BODY "02 0b0c",   /* a group in the body */
        "0808" INSPECTION_BODY "03 420201", /* a list cut off */
        "0808" INSPECTION_BODY "03 420180", /* an item cut off */
        "0808" INSPECTION_BODY "03 120101", /* a value as bytes */
        "0808 2080808080 10",               /* a unit of 33 bits */
        "0808 10ffffffff0f",                /* a date that is a large uint32 */
        "0808 18ffffffffffffffffff02",      /* more than 64 bits */
        "0808 18ffffffffffffffffffff01",    /* more than ten bytes */
        "0808 88808080808001 01",           /* a tag of more than five bytes */
        "0808 f2ffffff1f 01",               /* a tag of more than 32 bits */
        "0808" INSPECTION_BODY "80808080800000", /* a length of six bytes */
        "0807 da0602 2802", /* a flag that is neither 0 nor 1 */
        "0808 720f 000102030405060708090a0b0c0d0e",
        "0808 7211 000102030405060708090a0b0c0d0e0f10",
        "0808 7001" /* an entry_key as a number */
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_assert_eq(fault_of(wrong[i]), EVENT_FAULT_MALFORMED, "row %zu: %s",
                     i, wrong[i]);
    }
}

Test(codec, says_the_gravest_of_several_faults)
{
    cr_assert_eq(fault_of("0808 0808 0b"), EVENT_FAULT_MALFORMED);
    cr_assert_eq(fault_of("0808 0808 ca0600"), EVENT_FAULT_DUPLICATE);
}

Test(codec, takes_a_number_with_needless_bytes)
{
    struct event event = unpack("088800 20f1ff8000");
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_eq(event.type, INSPECTION);
    cr_assert_eq(event.unit, 0x3ff1);
}

Test(codec, i11_takes_three_bodies_of_a_document)
{
    struct event event = unpack("0808 6203 010203");
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_eq(event.document_body_count, EVENT_DOCUMENT_BODIES_MAX);
    cr_assert_eq(fault_of("0808 6204 01020304"), EVENT_FAULT_MALFORMED);
    cr_assert_eq(fault_of("0808 6203 010203 6004"), EVENT_FAULT_MALFORMED);
}

/* A body of the inspection with `items` violation kinds. */
static struct event with_items(uint32_t items)
{
    uint8_t bytes[EVENT_BYTES_MAX] = {0x08, 0x08, 0xe2, 0x06};
    bytes[4] = (uint8_t)(items + 2);
    bytes[5] = 0x42;
    bytes[6] = (uint8_t)items;
    struct event event;
    codec_unpack_event((struct bytes){bytes, 7 + items}, &event);
    return event;
}

Test(codec, i11_takes_as_many_items_as_an_event_holds)
{
    struct event event = with_items(EVENT_LIST_MAX);
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_eq(event.list_used, EVENT_LIST_MAX);
    cr_assert_eq(with_items(EVENT_LIST_MAX + 1).fault, EVENT_FAULT_MALFORMED);
}

/* An event of `type` with `unknown` bytes of field 9000. */
static struct event with_unknown(uint32_t type, size_t unknown)
{
    uint8_t bytes[EVENT_BYTES_MAX + 1] = {0x08, (uint8_t)type, 0xc2, 0xb2,
                                          0x04};
    size_t inside = unknown - 5; /* tag 3, length 2 */
    bytes[5] = (uint8_t)(0x80 | (inside & 0x7f));
    bytes[6] = (uint8_t)(inside >> 7);
    struct event event;
    codec_unpack_event((struct bytes){bytes, 2 + unknown}, &event);
    return event;
}

Test(codec, i10_counts_unknown_bytes_and_allows_some)
{
    struct event event = with_unknown(INSPECTION, EVENT_UNKNOWN_BYTES_MAX);
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_eq(event.unknown_bytes, EVENT_UNKNOWN_BYTES_MAX);
    event = with_unknown(INSPECTION, EVENT_UNKNOWN_BYTES_MAX + 1);
    cr_assert_eq(event.fault, EVENT_FAULT_UNKNOWN);
    /* In the body too: fields 14 and 15, then one of eight bytes. */
    event =
        unpack("0808" INSPECTION_BODY "0f 7001 7a0141 8101 0102030405060708");
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_eq(event.unknown_bytes, 15);
}

Test(codec, i10_holds_an_event_of_a_type_it_does_not_know)
{
    struct event event = with_unknown(23, EVENT_BYTES_MAX - 2);
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert(event.unknown_type);
    cr_assert_eq(event.type, 23);
    cr_assert_eq(event.unknown_bytes, EVENT_BYTES_MAX - 2);
    event = unpack("08 904e a2f704 01 05");
    cr_assert(event.unknown_type);
    cr_assert_eq(event.type, 10000);
    event = unpack("08 ffffffff0f");
    cr_assert(event.unknown_type);
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_not(unpack("0808").unknown_type);
    cr_assert_eq(with_unknown(23, EVENT_BYTES_MAX - 1).fault,
                 EVENT_FAULT_MALFORMED, "one byte above EVENT_BYTES_MAX");
}

Test(codec, i10_a_new_value_is_only_a_number)
{
    struct event event = unpack("0808" INSPECTION_BODY "04 10 f7b501");
    cr_assert_eq(event.fault, EVENT_FAULT_NONE);
    cr_assert_eq(event_get(&event, 2), 23287);
}

Test(codec, packs_nothing_it_could_not_read_again)
{
    struct event event;
    struct buffer out;
    buffer_init(&out, EVENT_BYTES_MAX);
    event_init(&event, 23);
    cr_assert_eq(codec_pack_event(&event, &out), STATUS_INVALID);
    event_init(&event, INSPECTION);
    event_set(&event, 7, (uint64_t)UINT32_MAX + 1);
    cr_assert_eq(codec_pack_event(&event, &out), STATUS_INVALID);
    event_init(&event, 20);
    event_set(&event, 2, 1);
    cr_assert_eq(codec_pack_event(&event, &out), STATUS_INVALID);
    event_init(&event, 7);
    event_set(&event, 5, 2);
    cr_assert_eq(codec_pack_event(&event, &out), STATUS_INVALID);
    event_init(&event, INSPECTION);
    event.document_body_count = EVENT_DOCUMENT_BODIES_MAX + 1;
    cr_assert_eq(codec_pack_event(&event, &out), STATUS_INVALID);
    cr_assert_eq(out.size, 0);
    buffer_fini(&out);
}

Test(codec, i11_stops_at_the_limit_of_the_buffer)
{
    struct event event;
    struct buffer out;
    sample_event_full(INSPECTION, &event);
    pack(&event, &out);
    size_t size = out.size;
    buffer_fini(&out);
    buffer_init(&out, size);
    cr_assert_eq(codec_pack_event(&event, &out), STATUS_OK);
    buffer_fini(&out);
    buffer_init(&out, size - 1);
    cr_assert_eq(codec_pack_event(&event, &out), STATUS_FULL);
    cr_assert_eq(out.size, 0);
    buffer_fini(&out);
}

/* Every golden file cut off anywhere, and with any one byte changed, is an
 * event with or without a fault, never a crash; cut inside a field it is
 * malformed. The sanitizers watch. */
Test(codec, survives_any_cut_and_any_changed_byte)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event;
        struct buffer bytes;
        char name[64];
        golden_name(&types[i], name);
        buffer_init(&bytes, GOLDEN_BYTES_MAX);
        golden_read(name, &bytes);
        codec_unpack_event((struct bytes){bytes.data, bytes.size - 1}, &event);
        cr_assert_eq(event.fault, EVENT_FAULT_MALFORMED, "%s", name);
        for (size_t at = 0; at < bytes.size; at++) {
            codec_unpack_event((struct bytes){bytes.data, at}, &event);
            for (unsigned flip = 1; flip < 256; flip++) {
                bytes.data[at] ^= (uint8_t)flip;
                codec_unpack_event(buffer_bytes(&bytes), &event);
                bytes.data[at] ^= (uint8_t)flip;
            }
        }
        buffer_fini(&bytes);
    }
}
