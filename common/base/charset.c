/* Failure modes: a byte that the encoding does not have, half a character at
 * the end, no memory. A mark of UTF-16 decides the order of its bytes. */
#include "common/base/charset_internal.h"

#include <stdlib.h>
#include <string.h>

struct charset_reader {
    struct charset_decoder decoder;
    size_t line;
    /* UTF-16 */
    uint8_t unit[2];
    size_t unit_size;
    bool marked; /* the mark was read */
    bool little;
    uint32_t high; /* the first half of a pair, or 0 */
};

static const char *const names[CHARSETS] = {"utf-8", "utf-16", "windows-1258",
                                            "tcvn3", "vni"};

const char *charset_name(enum charset charset)
{
    return names[charset];
}

enum charset charset_find(const char *name)
{
    for (unsigned i = 0; i < CHARSETS; i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum charset)i;
        }
    }
    return CHARSETS;
}

enum status charset_reader_new(enum charset charset,
                               struct charset_reader **reader)
{
    *reader = calloc(1, sizeof **reader);
    if (*reader == NULL) {
        return STATUS_MEMORY;
    }
    (*reader)->decoder.charset = charset;
    (*reader)->line = 1;
    return STATUS_OK;
}

void charset_reader_free(struct charset_reader **reader)
{
    free(*reader);
    *reader = NULL;
}

size_t charset_reader_line(const struct charset_reader *reader)
{
    return reader->line;
}

static enum status put(struct charset_reader *reader, uint32_t letter,
                       struct buffer *text)
{
    uint8_t utf8[4];
    size_t size;

    if (letter == CHARSET_NONE) {
        return STATUS_INVALID;
    }
    if (letter < 0x80) {
        utf8[0] = (uint8_t)letter;
        size = 1;
    } else if (letter < 0x800) {
        utf8[0] = (uint8_t)(0xC0 | letter >> 6);
        utf8[1] = (uint8_t)(0x80 | (letter & 0x3F));
        size = 2;
    } else if (letter < 0x10000) {
        utf8[0] = (uint8_t)(0xE0 | letter >> 12);
        utf8[1] = (uint8_t)(0x80 | (letter >> 6 & 0x3F));
        utf8[2] = (uint8_t)(0x80 | (letter & 0x3F));
        size = 3;
    } else {
        utf8[0] = (uint8_t)(0xF0 | letter >> 18);
        utf8[1] = (uint8_t)(0x80 | (letter >> 12 & 0x3F));
        utf8[2] = (uint8_t)(0x80 | (letter >> 6 & 0x3F));
        utf8[3] = (uint8_t)(0x80 | (letter & 0x3F));
        size = 4;
    }
    if (letter == '\n') {
        reader->line++;
    }
    return buffer_append(text, (struct bytes){utf8, size});
}

/* A unit of UTF-16. */
static enum status take_unit(struct charset_reader *reader, struct buffer *text)
{
    uint8_t *unit = reader->unit;
    uint32_t value;
    uint32_t high = reader->high;

    reader->unit_size = 0;
    if (!reader->marked) {
        reader->marked = true;
        reader->little = unit[0] == 0xFF && unit[1] == 0xFE;
        return reader->little || (unit[0] == 0xFE && unit[1] == 0xFF)
                   ? STATUS_OK
                   : STATUS_INVALID;
    }
    value = (uint32_t)(reader->little ? unit[1] << 8 | unit[0]
                                      : unit[0] << 8 | unit[1]);
    reader->high = 0;
    if (value >= 0xDC00 && value <= 0xDFFF) {
        return high == 0
                   ? STATUS_INVALID
                   : put(reader,
                         0x10000 + ((high - 0xD800) << 10) + (value - 0xDC00),
                         text);
    }
    if (high != 0) {
        return STATUS_INVALID;
    }
    if (value >= 0xD800 && value <= 0xDBFF) {
        reader->high = value;
        return STATUS_OK;
    }
    return put(reader, value, text);
}

static enum status take_byte(struct charset_reader *reader, uint8_t byte,
                             struct buffer *text)
{
    uint32_t letters[2];
    size_t count;
    enum status rc = STATUS_OK;

    if (reader->decoder.charset == CHARSET_UTF16) {
        reader->unit[reader->unit_size++] = byte;
        return reader->unit_size == 2 ? take_unit(reader, text) : STATUS_OK;
    }
    count = charset_decode(&reader->decoder, byte, letters);
    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        rc = put(reader, letters[i], text);
    }
    return rc;
}

enum status charset_reader_feed(struct charset_reader *reader,
                                struct bytes piece, struct buffer *text)
{
    enum status rc = STATUS_OK;

    if (reader->decoder.charset == CHARSET_UTF8) {
        return buffer_append(text, piece);
    }
    for (size_t i = 0; rc == STATUS_OK && i < piece.size; i++) {
        rc = take_byte(reader, piece.data[i], text);
    }
    return rc;
}

enum status charset_reader_finish(struct charset_reader *reader,
                                  struct buffer *text)
{
    uint32_t held = reader->decoder.held;

    reader->decoder.held = 0;
    if (reader->unit_size != 0 || reader->high != 0) {
        return STATUS_INVALID;
    }
    return held != 0 ? put(reader, held, text) : STATUS_OK;
}
