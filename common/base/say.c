#include "common/base/say.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/text.h"

#define NUMBER_TEXT_MAX 24u
#define HEX_BYTES_MAX   64u

void say_init(struct say *say, struct buffer *buffer)
{
    *say = (struct say){.buffer = buffer, .status = STATUS_OK};
}

static void put(struct say *say, const void *data, size_t size)
{
    if (say->status == STATUS_OK) {
        say->status = buffer_append(say->buffer,
                                    (struct bytes){.data = data, .size = size});
    }
}

static void put_text(struct say *say, const char *text)
{
    put(say, text, strlen(text));
}

/* Quotes, and what JSON wants escaped: control characters, quote, backslash. */
static void put_quoted(struct say *say, const char *text)
{
    const char *from = text;

    put(say, "\"", 1);
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        char escape[8];

        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            continue;
        }
        (void)snprintf(escape, sizeof escape, "\\u%04x", byte);
        put(say, from, (size_t)(at - from));
        put_text(say, escape);
        from = at + 1;
    }
    put_text(say, from);
    put(say, "\"", 1);
}

/* What stands before a value. */
static void begin(struct say *say, const char *key)
{
    uint64_t bit = UINT64_C(1) << say->depth;

    if (say->keyed) {
        say->keyed = false;
        return;
    }
    if ((say->begun & bit) != 0) {
        put(say, ",", 1);
    }
    say->begun |= bit;
    if (key != NULL) {
        put_quoted(say, key);
        put(say, ":", 1);
    }
}

void say_key(struct say *say, const char *key)
{
    begin(say, key);
    say->keyed = true;
}

static void open_level(struct say *say, const char *key, const char *bracket)
{
    begin(say, key);
    put_text(say, bracket);
    check(say->depth + 1 < SAY_DEPTH_MAX);
    say->depth++;
    say->begun &= ~(UINT64_C(1) << say->depth);
}

static void close_level(struct say *say, const char *bracket)
{
    check(say->depth > 0);
    say->depth--;
    put_text(say, bracket);
}

void say_object(struct say *say, const char *key)
{
    open_level(say, key, "{");
}

void say_object_end(struct say *say)
{
    close_level(say, "}");
}

void say_array(struct say *say, const char *key)
{
    open_level(say, key, "[");
}

void say_array_end(struct say *say)
{
    close_level(say, "]");
}

void say_null(struct say *say, const char *key)
{
    begin(say, key);
    put_text(say, "null");
}

void say_text(struct say *say, const char *key, const char *text)
{
    if (text == NULL) {
        say_null(say, key);
        return;
    }
    begin(say, key);
    put_quoted(say, text);
}

void say_number(struct say *say, const char *key, int64_t number)
{
    char text[NUMBER_TEXT_MAX];

    (void)snprintf(text, sizeof text, "%" PRId64, number);
    begin(say, key);
    put_text(say, text);
}

void say_count(struct say *say, const char *key, int64_t count)
{
    char text[NUMBER_TEXT_MAX];

    (void)snprintf(text, sizeof text, "\"%" PRId64 "\"", count);
    begin(say, key);
    put_text(say, text);
}

void say_total(struct say *say, const char *key, uint64_t total)
{
    char text[NUMBER_TEXT_MAX];

    (void)snprintf(text, sizeof text, "\"%" PRIu64 "\"", total);
    begin(say, key);
    put_text(say, text);
}

void say_bool(struct say *say, const char *key, bool value)
{
    begin(say, key);
    put_text(say, value ? "true" : "false");
}

void say_day(struct say *say, const char *key, int32_t day)
{
    char text[TEXT_DATE_MAX];

    text_format_date_iso(day, text);
    say_text(say, key, text);
}

void say_moment(struct say *say, const char *key, int64_t wall_us)
{
    char text[TEXT_MOMENT_MAX];

    if (wall_us == 0) {
        say_null(say, key);
        return;
    }
    text_format_moment(wall_us, text);
    say_text(say, key, text);
}

void say_hex(struct say *say, const char *key, struct bytes bytes)
{
    char text[BYTES_HEX_SIZE(HEX_BYTES_MAX)];

    check(bytes_to_hex(bytes, text, sizeof text) == STATUS_OK);
    say_text(say, key, text);
}

void say_labels(struct say *say, const char *key, struct language_text text)
{
    const char *vi = text.vi != NULL ? text.vi : text.en;
    const char *en = text.en != NULL ? text.en : text.vi;

    if (vi == NULL) {
        say_null(say, key);
        return;
    }
    say_object(say, key);
    say_text(say, "vi", vi);
    say_text(say, "en", en);
    say_object_end(say);
}

void say_raw(struct say *say, const char *key, struct bytes value)
{
    begin(say, key);
    put(say, value.data, value.size);
}
