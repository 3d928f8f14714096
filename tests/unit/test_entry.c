#include "common/event/reference.h"
#include "common/format/batch.h"
#include "common/format/entry.h"
#include "tests/support/golden.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <string.h>

static struct entry sample(void)
{
    struct entry entry = {
        .kind = ENTRY_BATCH,
        .flags = ENTRY_FLAG_CLOCK_STEPPED,
        .index = 0x0102030405060708,
        .received_at = INT64_C(1542700800000001),
        .agent = keys_id(0xaa),
        .epoch = keys_id(0xbb),
        .agent_number = 271,
        .epoch_ordinal = 2,
        .first_seq = 0x11223344,
        .count = 2048,
        .size = 262144,
    };
    memset(entry.digest.bytes, 0xdd, DIGEST_BYTES);
    return entry;
}

static struct bytes span(const uint8_t *bytes)
{
    return (struct bytes){bytes, ENTRY_BYTES};
}

static void expect_same(const struct entry *a, const struct entry *b)
{
    cr_assert_eq(a->kind, b->kind);
    cr_assert_eq(a->flags, b->flags);
    cr_assert_eq(a->index, b->index);
    cr_assert_eq(a->received_at, b->received_at);
    cr_assert(random_id_equal(&a->agent, &b->agent));
    cr_assert(random_id_equal(&a->epoch, &b->epoch));
    cr_assert_eq(a->agent_number, b->agent_number);
    cr_assert_eq(a->epoch_ordinal, b->epoch_ordinal);
    cr_assert_eq(a->first_seq, b->first_seq);
    cr_assert_eq(a->count, b->count);
    cr_assert_eq(a->size, b->size);
    cr_assert(digest_equal(&a->digest, &b->digest));
}

/* These bytes are Merkle leaves: they are the same for ever. */
Test(entry, the_bytes_are_pinned)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry entry = sample();
    entry_write(&entry, bytes);
    cr_assert(golden_matches("entry_batch", span(bytes)));
    entry = (struct entry){.kind = ENTRY_CONTROL,
                           .index = 7,
                           .received_at = -1,
                           .size = 4096,
                           .digest = entry.digest};
    entry_write(&entry, bytes);
    cr_assert(golden_matches("entry_control", span(bytes)));
}

Test(entry, what_is_written_is_read)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry read;
    struct entry entry = sample();
    entry_write(&entry, bytes);
    cr_assert_eq(entry_read(span(bytes), &read), STATUS_OK);
    expect_same(&entry, &read);
    entry = (struct entry){.kind = ENTRY_CONTROL, .received_at = INT64_MIN};
    entry_write(&entry, bytes);
    cr_assert_eq(entry_read(span(bytes), &read), STATUS_OK);
    expect_same(&entry, &read);
}

/* I11: 112 bytes, not one less and not one more. */
Test(entry, i11_another_size_is_no_entry)
{
    uint8_t bytes[ENTRY_BYTES + 1] = {0};
    struct entry read;
    struct entry entry = sample();
    entry_write(&entry, bytes);
    for (size_t size = 0; size < ENTRY_BYTES; size++) {
        cr_assert_eq(entry_read((struct bytes){bytes, size}, &read),
                     STATUS_INVALID);
    }
    cr_assert_eq(entry_read((struct bytes){bytes, ENTRY_BYTES + 1}, &read),
                 STATUS_INVALID);
}

Test(entry, a_newer_record_is_told_apart_from_a_broken_one)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry read;
    struct entry entry = sample();
    entry_write(&entry, bytes);
    bytes[4] = 2;
    cr_assert_eq(entry_read(span(bytes), &read), STATUS_VERSION);
    bytes[4] = 0;
    cr_assert_eq(entry_read(span(bytes), &read), STATUS_INVALID);
}

/* Flags that nobody sets, kinds that do not exist, a batch of nothing. */
Test(entry, what_writing_never_makes_is_not_read)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry read;
    struct entry entry = sample();
    static const struct {
        size_t at;
        uint8_t value;
    } faults[] = {{0, 'X'}, {3, '2'}, {5, 0}, {5, 3}, {6, 1}, {7, 2}};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        entry_write(&entry, bytes);
        bytes[faults[i].at] = faults[i].value;
        cr_assert_eq(entry_read(span(bytes), &read), STATUS_INVALID, "%zu", i);
    }
    entry.count = 0;
    entry_write(&entry, bytes);
    cr_assert_eq(entry_read(span(bytes), &read), STATUS_INVALID);
}

static void expect_no_entry(const struct entry *entry)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry read;

    entry_write(entry, bytes);
    cr_assert_eq(entry_read(span(bytes), &read), STATUS_INVALID);
}

/* Whoever reads one counts on the limits of a batch. */
Test(entry, i11_a_batch_beyond_its_limits_is_no_entry)
{
    struct entry entry = sample();

    entry.count = BATCH_EVENTS_MAX + 1;
    expect_no_entry(&entry);
    entry = sample();
    entry.first_seq = 0;
    expect_no_entry(&entry);
    entry.first_seq = BATCH_SEQ_MAX - entry.count + 2;
    expect_no_entry(&entry);
    entry.first_seq = UINT64_MAX;
    expect_no_entry(&entry);
    entry = sample();
    entry.agent_number = 0;
    expect_no_entry(&entry);
    entry.agent_number = REFERENCE_AGENT_MAX + 1;
    expect_no_entry(&entry);
    entry = sample();
    entry.epoch_ordinal = 0;
    expect_no_entry(&entry);
    entry.epoch_ordinal = REFERENCE_EPOCH_MAX + 1;
    expect_no_entry(&entry);
}

Test(entry, a_control_entry_has_no_stream)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry read;
    struct entry entry = {.kind = ENTRY_CONTROL};
    for (size_t i = 24; i < 76; i++) {
        entry_write(&entry, bytes);
        bytes[i] = 1;
        cr_assert_eq(entry_read(span(bytes), &read), STATUS_INVALID, "%zu", i);
    }
}
