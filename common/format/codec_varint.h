/* codec_varint - the numbers, tags and lengths that a message is made of.
 *
 * Flow     bytes -> [codec_varint] -> codec_event_read.c
 * Owns     nothing.
 * Threads  any; pure.
 *
 * The readers take what is left, from `at` to `end`, and return where the next
 * thing begins, or NULL when the bytes are malformed.
 */
#ifndef TALLYLINE_COMMON_CODEC_VARINT_H
#define TALLYLINE_COMMON_CODEC_VARINT_H

#include <stddef.h>
#include <stdint.h>

#define CODEC_VARINT_BYTES_MAX  10u
#define CODEC_TAG_BYTES_MAX     5u
#define CODEC_WIRE_TYPE_VARINT  0u
#define CODEC_WIRE_TYPE_FIXED64 1u
#define CODEC_WIRE_TYPE_LENGTH  2u
#define CODEC_WIRE_TYPE_FIXED32 5u

static inline const uint8_t *codec_read_long_varint(const uint8_t *at,
                                                    const uint8_t *end,
                                                    unsigned bytes_max,
                                                    uint64_t *value)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < bytes_max && at < end; i++) {
        uint64_t byte = *at++;
        if (i == CODEC_VARINT_BYTES_MAX - 1 && byte > 1) {
            return NULL; /* more than 64 bits */
        }
        result |= (byte & 0x7fu) << (7 * i);
        if (byte < 0x80) {
            *value = result;
            return at;
        }
    }
    return NULL;
}

static inline uint64_t codec_load_little_endian(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
           (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
           (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56;
}

/* The groups of 7 bits in 8 bytes, whose top bits are clear, as one number:
 * pushed together by pairs. */
static inline uint64_t codec_join_groups(uint64_t word)
{
    word = (word & UINT64_C(0x007f007f007f007f)) |
           (word & UINT64_C(0x7f007f007f007f00)) >> 1;
    word = (word & UINT64_C(0x00003fff00003fff)) |
           (word & UINT64_C(0x3fff00003fff0000)) >> 2;
    return (word & UINT64_C(0x000000000fffffff)) |
           (word & UINT64_C(0x0fffffff00000000)) >> 4;
}

/* Most numbers take one byte; moments and references take 7 or 8. Where 8 bytes
 * are left, a number of up to 8 is taken in one piece: the lowest clear top bit
 * ends it. */
static inline const uint8_t *codec_read_varint(const uint8_t *at,
                                               const uint8_t *end,
                                               unsigned bytes_max,
                                               uint64_t *value)
{
    if (at < end && *at < 0x80) {
        *value = *at;
        return at + 1;
    }
    if (end - at < 8) {
        return codec_read_long_varint(at, end, bytes_max, value);
    }
    uint64_t word = codec_load_little_endian(at);
    uint64_t ends = ~word & UINT64_C(0x8080808080808080);
    if (ends == 0) {
        return codec_read_long_varint(at, end, bytes_max, value);
    }
    unsigned size = ((unsigned)__builtin_ctzll(ends) + 1) / 8;
    word &= (ends ^ (ends - 1)) & UINT64_C(0x7f7f7f7f7f7f7f7f);
    *value = codec_join_groups(word);
    return size <= bytes_max ? at + size : NULL;
}

static inline const uint8_t *codec_read_tag(const uint8_t *at,
                                            const uint8_t *end,
                                            uint32_t *number,
                                            uint32_t *wire_type)
{
    uint64_t tag = 0;
    at = codec_read_varint(at, end, CODEC_TAG_BYTES_MAX, &tag);
    *number = (uint32_t)tag >> 3;
    *wire_type = (uint32_t)tag & 7u;
    return tag > UINT32_MAX || *number == 0 ? NULL : at;
}

static inline const uint8_t *codec_read_length(const uint8_t *at,
                                               const uint8_t *end,
                                               size_t *length)
{
    uint64_t value = 0;
    at = codec_read_varint(at, end, CODEC_TAG_BYTES_MAX, &value);
    *length = (size_t)value;
    return at != NULL && value <= (uint64_t)(end - at) ? at : NULL;
}

static inline const uint8_t *codec_skip_field(const uint8_t *at,
                                              const uint8_t *end,
                                              uint32_t wire_type)
{
    uint64_t value = 0;
    size_t size = 0;
    switch (wire_type) {
    case CODEC_WIRE_TYPE_VARINT:
        return codec_read_varint(at, end, CODEC_VARINT_BYTES_MAX, &value);
    case CODEC_WIRE_TYPE_LENGTH:
        at = codec_read_length(at, end, &size);
        return at == NULL ? NULL : at + size;
    case CODEC_WIRE_TYPE_FIXED64:
        return end - at < 8 ? NULL : at + 8;
    case CODEC_WIRE_TYPE_FIXED32:
        return end - at < 4 ? NULL : at + 4;
    default:
        return NULL; /* groups, and what nobody defined */
    }
}

#endif
