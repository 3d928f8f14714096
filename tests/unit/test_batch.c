#include "common/format/batch.h"
#include "tests/support/golden.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <string.h>
#include <zstd.h>

static struct batch_codec *codec;
static struct sign_keys keys;
static struct buffer sealed;
static struct buffer payload;
static struct buffer unpacked;

static void open_all(void)
{
    sign_init();
    codec = batch_codec_new();
    cr_assert_not_null(codec);
    keys_fixed(1, &keys);
    buffer_init(&sealed, BATCH_BYTES_MAX);
    buffer_init(&payload, BATCH_PAYLOAD_MAX + 1);
    buffer_init(&unpacked, BATCH_PAYLOAD_MAX);
}

static void close_all(void)
{
    batch_codec_free(&codec);
    buffer_fini(&sealed);
    buffer_fini(&payload);
    buffer_fini(&unpacked);
}

TestSuite(batch, .init = open_all, .fini = close_all);

static struct batch_header sample(uint32_t count)
{
    struct batch_header header = {
        .agent = keys_id(0xa1),
        .epoch = keys_id(0xe1),
        .agent_number = 271,
        .epoch_ordinal = 1,
        .first_seq = 42,
        .count = count,
        .sealed_at = INT64_C(1542700800000001),
    };
    memset(header.previous.bytes, 0x5a, DIGEST_BYTES);
    return header;
}

/* An event of `size` bytes of one value, behind its size. */
static void add_event(size_t size, uint8_t fill)
{
    uint8_t *out = NULL;
    size_t left = size;
    do {
        cr_assert_eq(buffer_u8(&payload, (uint8_t)((left & 0x7f) |
                                                   (left > 0x7f ? 0x80 : 0))),
                     STATUS_OK);
        left >>= 7;
    } while (left > 0);
    cr_assert_eq(buffer_extend(&payload, size, &out), STATUS_OK);
    memset(out, fill, size);
}

/* Bytes that no packer makes smaller. */
static void add_noise(size_t size)
{
    uint64_t state = 88172645463325252u;
    add_event(size, 0);
    for (size_t i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        payload.data[payload.size - size + i] = (uint8_t)state;
    }
}

static void seal(struct batch_header *header)
{
    cr_assert_eq(
        batch_seal(codec, header, buffer_bytes(&payload), &keys, &sealed),
        STATUS_OK);
}

/* Signs again what a test has changed in the sealed bytes. */
static void sign_again(void)
{
    struct signature signature;
    size_t size = sealed.size - SIGNATURE_BYTES;
    sign_make(&keys, "tallyline batch 1", (struct bytes){sealed.data, size},
              &signature);
    memcpy(sealed.data + size, signature.bytes, SIGNATURE_BYTES);
}

static enum status peek(struct batch_header *header)
{
    return batch_peek(buffer_bytes(&sealed), header);
}

static enum status unpack(void)
{
    struct batch_header header;
    cr_assert_eq(peek(&header), STATUS_OK);
    return batch_unpack(codec, buffer_bytes(&sealed), &header, &unpacked);
}

/* What an agent signs today must verify in years: every byte is pinned. */
Test(batch, the_bytes_are_pinned)
{
    struct batch_header header = sample(2);
    add_event(3, 0x11);
    add_event(0, 0);
    seal(&header);
    cr_assert(golden_matches("batch_plain", buffer_bytes(&sealed)));
    cr_assert_eq(header.codec, 1);
}

/* The packed bytes may differ with the next zstd, so only reading is pinned. */
Test(batch, a_packed_batch_of_old_is_still_read)
{
    struct batch_header header;
    golden_read("batch_zstd", &sealed);
    cr_assert_eq(peek(&header), STATUS_OK);
    cr_assert_eq(header.codec, 2);
    cr_assert_eq(header.count, 100);
    cr_assert_eq(batch_verify(buffer_bytes(&sealed), &keys.public_key),
                 STATUS_OK);
    cr_assert_eq(unpack(), STATUS_OK);
    for (int i = 0; i < 100; i++) {
        add_event(30, (uint8_t)i);
    }
    cr_assert(bytes_equal(buffer_bytes(&unpacked), buffer_bytes(&payload)));
}

Test(batch, what_is_sealed_is_read_back)
{
    struct batch_header header = sample(100);
    struct batch_header read;
    for (int i = 0; i < 100; i++) {
        add_event(30, (uint8_t)i);
    }
    seal(&header);
    cr_assert_eq(header.codec, 2);
    cr_assert_lt(sealed.size, payload.size);
    cr_assert_eq(peek(&read), STATUS_OK);
    cr_assert(random_id_equal(&read.agent, &header.agent));
    cr_assert(random_id_equal(&read.epoch, &header.epoch));
    cr_assert(digest_equal(&read.previous, &header.previous));
    cr_assert_eq(read.agent_number, 271);
    cr_assert_eq(read.epoch_ordinal, 1);
    cr_assert_eq(read.first_seq, 42);
    cr_assert_eq(read.count, 100);
    cr_assert_eq(read.sealed_at, header.sealed_at);
    cr_assert_eq(read.payload_size, header.payload_size);
    cr_assert_eq(read.payload_unpacked, payload.size);
    cr_assert_eq(batch_verify(buffer_bytes(&sealed), &keys.public_key),
                 STATUS_OK);
    cr_assert_eq(unpack(), STATUS_OK);
    cr_assert(bytes_equal(buffer_bytes(&unpacked), buffer_bytes(&payload)));
}

/* One flipped bit anywhere: either the header is refused or the signature. */
Test(batch, i8_no_bit_can_change_unseen)
{
    struct batch_header header = sample(3);
    add_event(3, 0x11);
    add_event(30, 0x22);
    add_event(100, 0x22);
    seal(&header);
    for (size_t bit = 0; bit < sealed.size * 8; bit++) {
        sealed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_assert_eq(batch_verify(buffer_bytes(&sealed), &keys.public_key),
                     STATUS_REFUSED);
        sealed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cr_assert_eq(batch_verify(buffer_bytes(&sealed), &keys.public_key),
                 STATUS_OK);
}

Test(batch, i8_the_key_of_another_agent_does_not_fit)
{
    struct sign_keys others;
    struct batch_header header = sample(1);
    keys_fixed(2, &others);
    add_event(3, 0x11);
    seal(&header);
    cr_assert_eq(batch_verify(buffer_bytes(&sealed), &others.public_key),
                 STATUS_REFUSED);
    cr_assert_eq(
        batch_verify((struct bytes){sealed.data, 171}, &keys.public_key),
        STATUS_REFUSED);
}

Test(batch, a_cut_or_longer_batch_is_invalid)
{
    struct batch_header header = sample(1);
    add_event(3, 0x11);
    seal(&header);
    for (size_t size = 0; size < sealed.size; size++) {
        cr_assert_eq(batch_peek((struct bytes){sealed.data, size}, &header),
                     STATUS_INVALID);
    }
    cr_assert_eq(buffer_u8(&sealed, 0), STATUS_OK);
    cr_assert_eq(peek(&header), STATUS_INVALID);
}

Test(batch, a_newer_version_is_told_apart)
{
    struct batch_header header = sample(1);
    add_event(3, 0x11);
    seal(&header);
    sealed.data[4] = 2;
    cr_assert_eq(peek(&header), STATUS_VERSION);
    sealed.data[4] = 0;
    cr_assert_eq(peek(&header), STATUS_INVALID);
}

/* Sets a field of the header and asks whether it is still a header. */
static enum status peek_with(size_t at, size_t size, uint64_t value)
{
    struct batch_header header = sample(3);
    uint8_t *field;
    buffer_clear(&payload);
    add_event(1, 1);
    add_event(1, 1);
    add_event(1, 1);
    seal(&header);
    field = sealed.data + at;
    for (size_t i = 0; i < size; i++) {
        field[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
    return peek(&header);
}

/* Each number of the header at its limit and one beyond. */
Test(batch, i11_every_number_has_its_bounds)
{
    static const struct {
        size_t at;
        size_t size;
        uint64_t good;
        uint64_t bad;
    } cases[] = {
        {5, 1, 1, 0},     /* codec */
        {5, 1, 2, 3},     /* codec */
        {6, 2, 0, 1},     /* zero */
        {6, 2, 0, 0x100}, /* zero */
        {40, 4, 1, 0},    /* agent number */
        {40, 4, 0xfffff, 0x100000},
        {44, 4, 1, 0}, /* epoch ordinal */
        {44, 4, 255, 256},
        {48, 8, 1, 0}, /* first sequence, of three */
        {48, 8, 0xfffffffd, 0xfffffffe},
        {48, 8, 1, UINT64_MAX},
        {56, 4, 1, 0}, /* count; six bytes of payload */
        {56, 4, 6, 7},
        {56, 4, 1, 2049},
        {60, 4, 6, 7},  /* unpacked, of a plain payload */
        {104, 4, 6, 5}, /* payload */
        {104, 4, 6, 7},
        {104, 4, 6, UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_assert_eq(peek_with(cases[i].at, cases[i].size, cases[i].good),
                     STATUS_OK, "good %zu", i);
        cr_assert_eq(peek_with(cases[i].at, cases[i].size, cases[i].bad),
                     STATUS_INVALID, "bad %zu", i);
    }
}

Test(batch, i11_as_many_events_as_allowed_and_not_one_more)
{
    struct batch_header header = sample(BATCH_EVENTS_MAX);
    for (uint32_t i = 0; i < BATCH_EVENTS_MAX; i++) {
        add_event(2, (uint8_t)i);
    }
    seal(&header);
    cr_assert_eq(unpack(), STATUS_OK);
    sealed.data[58] = 0x08; /* 2,048 becomes 2,049 */
    sealed.data[59] = 0x01;
    cr_assert_eq(peek(&header), STATUS_INVALID);
}

/* Noise cannot be packed: the largest batch is exactly BATCH_BYTES_MAX. */
Test(batch, i11_as_many_bytes_as_allowed_and_not_one_more)
{
    size_t overhead = BATCH_HEADER_BYTES + SIGNATURE_BYTES + 3;
    struct batch_header header = sample(1);
    add_noise(BATCH_BYTES_MAX - overhead);
    seal(&header);
    cr_assert_eq(sealed.size, BATCH_BYTES_MAX);
    cr_assert_eq(unpack(), STATUS_OK);
    buffer_clear(&payload);
    add_noise(BATCH_BYTES_MAX - overhead + 1);
    cr_assert_eq(
        batch_seal(codec, &header, buffer_bytes(&payload), &keys, &sealed),
        STATUS_FULL);
    cr_assert_eq(sealed.size, 0);
}

Test(batch, i11_a_payload_as_large_as_allowed_and_not_one_byte_more)
{
    struct batch_header header = sample(1);
    add_event(BATCH_PAYLOAD_MAX - 3, 7);
    seal(&header);
    cr_assert_eq(unpack(), STATUS_OK);
    cr_assert_eq(unpacked.size, BATCH_PAYLOAD_MAX);
    buffer_clear(&payload);
    add_event(BATCH_PAYLOAD_MAX - 2, 7);
    cr_assert_eq(
        batch_seal(codec, &header, buffer_bytes(&payload), &keys, &sealed),
        STATUS_FULL);
}

/* A signed batch whose packed payload is not what the header says. */
static enum status unpack_forged(const void *packed, size_t size,
                                 uint32_t unpacked_size)
{
    struct batch_header header = sample(1);
    uint8_t *out = NULL;
    uint8_t raw[BATCH_HEADER_BYTES];
    buffer_clear(&payload);
    add_event(1, 1);
    seal(&header);
    memcpy(raw, sealed.data, sizeof raw);
    raw[5] = 2;
    bytes_put_u32(raw + 60, unpacked_size);
    bytes_put_u32(raw + 104, (uint32_t)size);
    buffer_clear(&sealed);
    cr_assert_eq(buffer_append(&sealed, (struct bytes){raw, sizeof raw}),
                 STATUS_OK);
    cr_assert_eq(buffer_append(&sealed, (struct bytes){packed, size}),
                 STATUS_OK);
    cr_assert_eq(buffer_extend(&sealed, SIGNATURE_BYTES, &out), STATUS_OK);
    sign_again();
    return unpack();
}

Test(batch, i11_a_packed_payload_is_one_frame_of_the_stated_size)
{
    uint8_t plain[201];
    uint8_t packed[600];
    memset(plain, 9, sizeof plain);

    plain[0] = 0xc7; /* one event of 199 bytes behind its size */
    plain[1] = 0x01;
    size_t size = ZSTD_compress(packed, sizeof packed, plain, sizeof plain, 1);
    cr_assert_not(ZSTD_isError(size));
    cr_assert_eq(unpack_forged(packed, size, 201), STATUS_OK);
    cr_assert_eq(unpack_forged(packed, size, 200), STATUS_INVALID);
    cr_assert_eq(unpack_forged(packed, size, 202), STATUS_INVALID);
    cr_assert_eq(unpack_forged(packed, size - 1, 201), STATUS_INVALID);
    packed[size] = 0;
    cr_assert_eq(unpack_forged(packed, size + 1, 201), STATUS_INVALID);
    cr_assert_eq(unpack_forged("junk", 4, 201), STATUS_INVALID);
    cr_assert_eq(unpack_forged("", 0, 201), STATUS_INVALID);

    /* A second frame, and an empty skippable one, behind it or alone. */
    size_t more = ZSTD_compress(packed + size, sizeof packed - size, "", 0, 1);
    cr_assert_eq(unpack_forged(packed, size + more, 201), STATUS_INVALID);
    memcpy(packed + size, "\x50\x2a\x4d\x18\0\0\0\0", 8);
    cr_assert_eq(unpack_forged(packed, size + 8, 201), STATUS_INVALID);
    cr_assert_eq(unpack_forged("\x50\x2a\x4d\x18\0\0\0\0", 8, 1),
                 STATUS_INVALID);
}

static enum status unpack_plain(const void *bytes, size_t size, uint32_t count)
{
    struct batch_header header = sample(count);
    cr_assert_eq(
        batch_seal(codec, &header, (struct bytes){bytes, size}, &keys, &sealed),
        STATUS_OK);
    return unpack();
}

/* The count of the header gives every event its number: it must be true. */
Test(batch, the_events_are_as_many_as_the_header_says)
{
    cr_assert_eq(unpack_plain("\1a\1b\1c", 6, 3), STATUS_OK);
    cr_assert_eq(unpack_plain("\1a\1b\1c", 6, 2), STATUS_INVALID);
    cr_assert_eq(unpack_plain("\1a\1b\1c", 6, 4), STATUS_INVALID);
    cr_assert_eq(unpack_plain("\1a\1b\3c", 6, 3), STATUS_INVALID);
}

Test(batch, a_walk_gives_each_event_once_and_ends)
{
    struct bytes left;
    struct bytes event;
    add_event(0, 0);
    add_event(127, 1);
    add_event(128, 2);
    left = buffer_bytes(&payload);
    cr_assert_eq(batch_next_event(&left, &event), STATUS_OK);
    cr_assert_eq(event.size, 0);
    cr_assert_eq(batch_next_event(&left, &event), STATUS_OK);
    cr_assert_eq(event.size, 127);
    cr_assert_eq(event.data[126], 1);
    cr_assert_eq(batch_next_event(&left, &event), STATUS_OK);
    cr_assert_eq(event.size, 128);
    cr_assert_eq(event.data[0], 2);
    cr_assert_eq(batch_next_event(&left, &event), STATUS_NOT_FOUND);
}

static enum status next_of(const void *bytes, size_t size)
{
    struct bytes left = {bytes, size};
    struct bytes event;
    return batch_next_event(&left, &event);
}

Test(batch, i11_a_broken_size_is_invalid)
{
    cr_assert_eq(next_of("\x01", 1), STATUS_INVALID);
    cr_assert_eq(next_of("\x80", 1), STATUS_INVALID);
    cr_assert_eq(next_of("\x80\x00", 2), STATUS_INVALID);
    cr_assert_eq(next_of("\x81\x00z", 3), STATUS_INVALID);
    cr_assert_eq(next_of("\xff\xff\xff\xff\x0f", 5), STATUS_INVALID);
    cr_assert_eq(next_of("\x80\x80\x80\x80\x80\x01", 6), STATUS_INVALID);
    cr_assert_eq(next_of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10),
                 STATUS_INVALID);
}
