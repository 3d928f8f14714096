/* Failure modes: a reader at its end, a buffer at its maximum, no memory, a
 * text that is not hex or base64. Each leaves its arguments as they were. */
#include "common/base/bytes.h"

#include "common/base/check.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first allocation of a buffer; it doubles from there. */
#define BUFFER_FIRST_BYTES 256u

struct bytes bytes_of_text(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text, .size = strlen(text)};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size &&
           (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

void bytes_put_u16(uint8_t *out, uint16_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

void bytes_put_u32(uint8_t *out, uint32_t value)
{
    bytes_put_u16(out, (uint16_t)(value >> 16));
    bytes_put_u16(out + 2, (uint16_t)value);
}

void bytes_put_u64(uint8_t *out, uint64_t value)
{
    bytes_put_u32(out, (uint32_t)(value >> 32));
    bytes_put_u32(out + 4, (uint32_t)value);
}

uint16_t bytes_get_u16(const uint8_t *in)
{
    return (uint16_t)((unsigned)in[0] << 8 | in[1]);
}

uint32_t bytes_get_u32(const uint8_t *in)
{
    return (uint32_t)bytes_get_u16(in) << 16 | bytes_get_u16(in + 2);
}

uint64_t bytes_get_u64(const uint8_t *in)
{
    return (uint64_t)bytes_get_u32(in) << 32 | bytes_get_u32(in + 4);
}

void reader_init(struct reader *reader, struct bytes input)
{
    reader->left = input;
}

MUST_USE enum status reader_span(struct reader *reader, size_t size,
                                 struct bytes *out)
{
    if (reader->left.size < size) {
        return STATUS_INVALID;
    }
    out->data = reader->left.data;
    out->size = size;
    if (size > 0) {
        reader->left.data += size;
        reader->left.size -= size;
    }
    return STATUS_OK;
}

MUST_USE enum status reader_u8(struct reader *reader, uint8_t *out)
{
    struct bytes span;
    enum status status = reader_span(reader, 1, &span);

    if (status == STATUS_OK) {
        *out = span.data[0];
    }
    return status;
}

MUST_USE enum status reader_u16(struct reader *reader, uint16_t *out)
{
    struct bytes span;
    enum status status = reader_span(reader, 2, &span);

    if (status == STATUS_OK) {
        *out = bytes_get_u16(span.data);
    }
    return status;
}

MUST_USE enum status reader_u32(struct reader *reader, uint32_t *out)
{
    struct bytes span;
    enum status status = reader_span(reader, 4, &span);

    if (status == STATUS_OK) {
        *out = bytes_get_u32(span.data);
    }
    return status;
}

MUST_USE enum status reader_u64(struct reader *reader, uint64_t *out)
{
    struct bytes span;
    enum status status = reader_span(reader, 8, &span);

    if (status == STATUS_OK) {
        *out = bytes_get_u64(span.data);
    }
    return status;
}

void buffer_init(struct buffer *buffer, size_t max)
{
    *buffer = (struct buffer){.max = max};
}

void buffer_fini(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer, buffer->max);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
}

void buffer_truncate(struct buffer *buffer, size_t size)
{
    check(size <= buffer->size);
    buffer->size = size;
}

MUST_USE enum status buffer_reserve(struct buffer *buffer, size_t size)
{
    size_t need;
    size_t capacity;
    uint8_t *data;

    if (size > buffer->max - buffer->size) {
        return STATUS_FULL;
    }
    need = buffer->size + size;
    if (need <= buffer->capacity) {
        return STATUS_OK;
    }
    capacity = buffer->capacity > 0 ? buffer->capacity : BUFFER_FIRST_BYTES;
    while (capacity < need) {
        capacity = capacity > buffer->max / 2 ? buffer->max : capacity * 2;
    }
    if (capacity > buffer->max) {
        capacity = buffer->max;
    }
    data = realloc(buffer->data, capacity);
    if (data == NULL) {
        return STATUS_MEMORY;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return STATUS_OK;
}

MUST_USE enum status buffer_extend(struct buffer *buffer, size_t size,
                                   uint8_t **out)
{
    enum status status = buffer_reserve(buffer, size);

    if (status == STATUS_OK) {
        *out = size > 0 ? buffer->data + buffer->size : buffer->data;
        buffer->size += size;
    }
    return status;
}

MUST_USE enum status buffer_append(struct buffer *buffer, struct bytes bytes)
{
    uint8_t *out;
    enum status status = buffer_extend(buffer, bytes.size, &out);

    if (status == STATUS_OK && bytes.size > 0) {
        memcpy(out, bytes.data, bytes.size);
    }
    return status;
}

MUST_USE enum status buffer_u8(struct buffer *buffer, uint8_t value)
{
    return buffer_append(buffer, (struct bytes){.data = &value, .size = 1});
}

MUST_USE enum status buffer_u16(struct buffer *buffer, uint16_t value)
{
    uint8_t *out;
    enum status status = buffer_extend(buffer, 2, &out);

    if (status == STATUS_OK) {
        bytes_put_u16(out, value);
    }
    return status;
}

MUST_USE enum status buffer_u32(struct buffer *buffer, uint32_t value)
{
    uint8_t *out;
    enum status status = buffer_extend(buffer, 4, &out);

    if (status == STATUS_OK) {
        bytes_put_u32(out, value);
    }
    return status;
}

MUST_USE enum status buffer_u64(struct buffer *buffer, uint64_t value)
{
    uint8_t *out;
    enum status status = buffer_extend(buffer, 8, &out);

    if (status == STATUS_OK) {
        bytes_put_u64(out, value);
    }
    return status;
}

MUST_USE enum status buffer_text(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, bytes_of_text(text));
}

MUST_USE enum status buffer_printf(struct buffer *buffer, const char *format,
                                   ...)
{
    char text[512];
    char *long_text = NULL;
    const char *from = text;
    enum status status = STATUS_OK;
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    check(length >= 0);
    if ((size_t)length >= sizeof text) {
        if ((size_t)length > buffer->max - buffer->size) {
            return STATUS_FULL;
        }
        long_text = malloc((size_t)length + 1);
        if (long_text == NULL) {
            return STATUS_MEMORY;
        }
        va_start(args, format);
        (void)vsnprintf(long_text, (size_t)length + 1, format, args);
        va_end(args);
        from = long_text;
    }
    status = buffer_append(buffer, (struct bytes){.data = (const uint8_t *)from,
                                                  .size = (size_t)length});
    free(long_text);
    return status;
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){.data = buffer->data, .size = buffer->size};
}

MUST_USE enum status bytes_to_hex(struct bytes bytes, char *out,
                                  size_t out_size)
{
    static const char digits[] = "0123456789abcdef";

    if (out_size == 0 || bytes.size > (out_size - 1) / 2) {
        return STATUS_FULL;
    }
    for (size_t i = 0; i < bytes.size; i++) {
        out[2 * i] = digits[bytes.data[i] >> 4];
        out[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    out[2 * bytes.size] = '\0';
    return STATUS_OK;
}

MUST_USE enum status bytes_from_hex(const char *text, uint8_t *out,
                                    size_t out_max, size_t *size)
{
    size_t length = strlen(text);
    const char *end;

    if (length % 2 != 0 || strspn(text, "0123456789abcdefABCDEF") != length) {
        return STATUS_INVALID;
    }
    if (length / 2 > out_max) {
        return STATUS_FULL;
    }
    check(sodium_hex2bin(out, out_max, text, length, NULL, size, &end) == 0);
    return STATUS_OK;
}

MUST_USE enum status bytes_to_base64(struct bytes bytes, char *out,
                                     size_t out_size)
{
    if (out_size < BYTES_BASE64_SIZE(bytes.size)) {
        return STATUS_FULL;
    }
    (void)sodium_bin2base64(out, out_size, bytes.data, bytes.size,
                            sodium_base64_VARIANT_ORIGINAL);
    return STATUS_OK;
}

MUST_USE enum status bytes_from_base64(const char *text, uint8_t *out,
                                       size_t out_max, size_t *size)
{
    size_t length = strlen(text);
    size_t padding = 0;
    size_t got;

    if (length % 4 != 0) {
        return STATUS_INVALID;
    }
    /* libsodium takes some bytes above ASCII for the signs below them. */
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] > '~') {
            return STATUS_INVALID;
        }
    }
    while (padding < 2 && padding < length &&
           text[length - 1 - padding] == '=') {
        padding++;
    }
    if (length / 4 * 3 - padding > out_max) {
        return STATUS_FULL;
    }
    if (sodium_base642bin(out, out_max, text, length, NULL, &got, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0) {
        return STATUS_INVALID;
    }
    *size = got;
    return STATUS_OK;
}
