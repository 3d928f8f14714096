/* bytes - spans, explicit encodings and a bounded writer.
 *
 * Flow     disk, link, text <-> [bytes] <-> modules
 * Owns     a buffer owns its memory; a span and a reader borrow.
 * Threads  one at a time for each value.
 * Limits   every buffer is given its maximum when it is made; a reader never
 *          goes past its end.
 *
 * Numbers are big-endian everywhere, so that keys sort as numbers and the
 * bytes are the same on every machine.
 */
#ifndef TALLYLINE_COMMON_BYTES_H
#define TALLYLINE_COMMON_BYTES_H

#include "common/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed memory. `data` may be NULL when `size` is 0. */
struct bytes {
    const uint8_t *data;
    size_t size;
};

/* The bytes of a C string, without its end mark. */
struct bytes bytes_of_text(const char *text);

bool bytes_equal(struct bytes a, struct bytes b);

/* Fixed places: the caller has checked that 2, 4 or 8 bytes are there. */
void bytes_put_u16(uint8_t *out, uint16_t value);
void bytes_put_u32(uint8_t *out, uint32_t value);
void bytes_put_u64(uint8_t *out, uint64_t value);
uint16_t bytes_get_u16(const uint8_t *in);
uint32_t bytes_get_u32(const uint8_t *in);
uint64_t bytes_get_u64(const uint8_t *in);

/* Reads from the front of a span. Each call answers STATUS_INVALID when too
 * little is left, and then neither the reader nor `out` changes. */
struct reader {
    struct bytes left;
};

void reader_init(struct reader *reader, struct bytes input);
MUST_USE enum status reader_u8(struct reader *reader, uint8_t *out);
MUST_USE enum status reader_u16(struct reader *reader, uint16_t *out);
MUST_USE enum status reader_u32(struct reader *reader, uint32_t *out);
MUST_USE enum status reader_u64(struct reader *reader, uint64_t *out);

/* Gives a span of `size` bytes, valid as long as the input. */
MUST_USE enum status reader_span(struct reader *reader, size_t size,
                                 struct bytes *out);

/* Grows up to a stated maximum. Every append answers STATUS_FULL when it
 * would pass the maximum, STATUS_MEMORY when there is no memory; the buffer
 * is unchanged then. */
struct buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t max;
};

/* An empty buffer that will hold at most `max` bytes. Allocates nothing. */
void buffer_init(struct buffer *buffer, size_t max);

/* Frees the memory; the buffer is empty again, with the same maximum. */
void buffer_fini(struct buffer *buffer);

/* Empties the buffer and keeps its memory. */
void buffer_clear(struct buffer *buffer);

/* Cuts the buffer back to `size`, which is not above its size. */
void buffer_truncate(struct buffer *buffer, size_t size);

/* Makes room for `size` more bytes, so that as many appends cannot fail. */
MUST_USE enum status buffer_reserve(struct buffer *buffer, size_t size);

/* Gives `size` more bytes to fill in at `out`, valid until the next append. */
MUST_USE enum status buffer_extend(struct buffer *buffer, size_t size,
                                   uint8_t **out);

MUST_USE enum status buffer_append(struct buffer *buffer, struct bytes bytes);
MUST_USE enum status buffer_u8(struct buffer *buffer, uint8_t value);
MUST_USE enum status buffer_u16(struct buffer *buffer, uint16_t value);
MUST_USE enum status buffer_u32(struct buffer *buffer, uint32_t value);
MUST_USE enum status buffer_u64(struct buffer *buffer, uint64_t value);

/* Appends a C string without its end mark. */
MUST_USE enum status buffer_text(struct buffer *buffer, const char *text);

/* Appends as printf does, without an end mark. */
MUST_USE enum status buffer_printf(struct buffer *buffer, const char *format,
                                   ...) __attribute__((format(printf, 2, 3)));

/* What the buffer holds; valid until the next change. */
struct bytes buffer_bytes(const struct buffer *buffer);

/* The room that a text of `size` bytes needs, end mark included. */
#define BYTES_HEX_SIZE(size)    ((size)*2u + 1u)
#define BYTES_BASE64_SIZE(size) (((size) + 2u) / 3u * 4u + 1u)

/* Lower case hex with an end mark. `out` has BYTES_HEX_SIZE(bytes.size) or
 * more; STATUS_FULL if `out_size` is less. */
MUST_USE enum status bytes_to_hex(struct bytes bytes, char *out,
                                  size_t out_size);

/* Reads hex of either case, all of `text`. STATUS_INVALID for anything else,
 * STATUS_FULL if `out_max` is too small; `size` is set only by STATUS_OK. */
MUST_USE enum status bytes_from_hex(const char *text, uint8_t *out,
                                    size_t out_max, size_t *size);

/* Standard base64 with padding, as above. */
MUST_USE enum status bytes_to_base64(struct bytes bytes, char *out,
                                     size_t out_size);
MUST_USE enum status bytes_from_base64(const char *text, uint8_t *out,
                                       size_t out_max, size_t *size);

#endif
