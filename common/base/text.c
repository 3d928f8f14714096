/* text - what comes in is checked and made one form; names get keys.
 *
 * Flow     bytes -> check -> NFC -> lower case -> tone marks -> blanks -> key
 *
 * A name is spelled in many ways: in two normal forms, with the tone mark on
 * either vowel of oa, oe, uy (hoà, hòa), with or without its type in front.
 * The match key takes out just these differences. It keeps accents: Hà and Ha
 * are different communes.
 *
 * Numbers and dates are in text_number.c.
 */
#include "common/base/text.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* No character has more than 4 in its canonical decomposition, and one that
 * has more than one takes at least 2 bytes. */
#define DECOMPOSED_PER_BYTE 2u
/* A character takes at most 4 bytes. */
#define CHARACTER_BYTES 4u

#define MARK_GRAVE 0x300
#define MARK_ACUTE 0x301
#define MARK_TILDE 0x303
#define MARK_HOOK  0x309
#define MARK_DOT   0x323
#define D_STROKE   0x111 /* đ: a letter of its own, without a decomposition */

/* A text as characters, on the heap. */
struct characters {
    utf8proc_int32_t *at;
    size_t count;
    size_t room;
};

size_t text_room(size_t size)
{
    return size * DECOMPOSED_PER_BYTE * CHARACTER_BYTES + 1;
}

/* U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. */
static bool is_bidi(utf8proc_int32_t c)
{
    return c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_letter(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

static bool is_mark(utf8proc_int32_t c)
{
    return utf8proc_category(c) == UTF8PROC_CATEGORY_MN;
}

static bool is_blank(utf8proc_int32_t c)
{
    return utf8proc_category(c) == UTF8PROC_CATEGORY_ZS;
}

enum text_error text_check(const char *text, size_t size)
{
    size_t at = 0;
    if (size > TEXT_BYTES_MAX) {
        return TEXT_TOO_LONG;
    }
    while (at < size) {
        utf8proc_int32_t c = 0;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                             (utf8proc_ssize_t)(size - at), &c);
        if (step <= 0) {
            return TEXT_NOT_UTF8;
        }
        if (c == 0) {
            return TEXT_NUL;
        }
        if (utf8proc_category(c) == UTF8PROC_CATEGORY_CC) {
            return TEXT_CONTROL;
        }
        if (is_bidi(c)) {
            return TEXT_BIDI;
        }
        at += (size_t)step;
    }
    return TEXT_OK;
}

/* Reads checked text, decomposed. */
static enum status characters_init(struct characters *characters,
                                   const char *text, size_t size)
{
    characters->room = size * DECOMPOSED_PER_BYTE + 1;
    characters->at = malloc(characters->room * sizeof(*characters->at));
    if (characters->at == NULL) {
        return STATUS_MEMORY;
    }
    utf8proc_ssize_t made = utf8proc_decompose(
        (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)size, characters->at,
        (utf8proc_ssize_t)characters->room,
        UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);
    check(made >= 0 && (size_t)made <= characters->room);
    characters->count = (size_t)made;
    return STATUS_OK;
}

static void characters_fini(struct characters *characters)
{
    free(characters->at);
    characters->at = NULL;
}

static void compose(struct characters *characters)
{
    utf8proc_ssize_t made = utf8proc_normalize_utf32(
        characters->at, (utf8proc_ssize_t)characters->count,
        UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    check(made >= 0 && (size_t)made <= characters->count);
    characters->count = (size_t)made;
}

/* Puts composed characters down as UTF-8 with a closing zero. */
static bool write_out(const struct characters *characters, char *out,
                      size_t room, size_t *length)
{
    size_t used = 0;
    for (size_t i = 0; i < characters->count; i++) {
        utf8proc_uint8_t bytes[CHARACTER_BYTES];
        utf8proc_ssize_t size = utf8proc_encode_char(characters->at[i], bytes);
        check(size > 0);
        if (room - used <= (size_t)size) {
            return false;
        }
        memcpy(out + used, bytes, (size_t)size);
        used += (size_t)size;
    }
    out[used] = '\0';
    if (length != NULL) {
        *length = used;
    }
    return true;
}

/* Whether every character is one that is its own composed form and no mark:
 * U+0000 to U+02FF and U+1E00 to U+1EFF, where all letters of Vietnamese are
 * that most people type. Its UTF-8 has been checked. */
static bool is_composed(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0xc2 && byte <= 0xcb) {
            i++;
        } else if (byte == 0xe1 && (unsigned char)text[i + 1] >= 0xb8 &&
                   (unsigned char)text[i + 1] <= 0xbb) {
            i += 2;
        } else if (byte >= 0x80) {
            return false;
        }
    }
    return true;
}

enum status text_to_nfc(const char *text, size_t size, char *out, size_t room,
                        size_t *length, enum text_error *why)
{
    struct characters characters = {0};
    check(room > 0);
    out[0] = '\0';
    enum text_error error = text_check(text, size);
    enum status status = error == TEXT_OK ? STATUS_OK : STATUS_INVALID;
    if (status == STATUS_OK && size < room && is_composed(text, size)) {
        memcpy(out, text, size);
        out[size] = '\0';
        if (length != NULL) {
            *length = size;
        }
        goto out;
    }
    if (status == STATUS_OK) {
        status = characters_init(&characters, text, size);
    }
    if (status == STATUS_OK) {
        compose(&characters);
        if (!write_out(&characters, out, room, length)) {
            out[0] = '\0';
            error = TEXT_TOO_LONG;
            status = STATUS_INVALID;
        }
    }
out:
    characters_fini(&characters);
    if (why != NULL) {
        *why = error;
    }
    return status;
}

/* ---- keys; from here on the characters are decomposed ---- */

static bool is_tone(utf8proc_int32_t c)
{
    return c == MARK_GRAVE || c == MARK_ACUTE || c == MARK_TILDE ||
           c == MARK_HOOK || c == MARK_DOT;
}

static void lower(struct characters *characters)
{
    for (size_t i = 0; i < characters->count; i++) {
        characters->at[i] = utf8proc_tolower(characters->at[i]);
    }
}

/* Whether the tone mark at `i` stands on the first vowel of an open oa, oe or
 * uy: ho`a, khoe?, thu?y. After q the u is a consonant. */
static bool tone_is_early(const struct characters *characters, size_t i)
{
    const utf8proc_int32_t *at = characters->at;
    if (!is_tone(at[i]) || i == 0 || i + 1 >= characters->count) {
        return false;
    }
    utf8proc_int32_t first = at[i - 1];
    utf8proc_int32_t second = at[i + 1];
    bool pair = (first == 'o' && (second == 'a' || second == 'e')) ||
                (first == 'u' && second == 'y' && (i < 2 || at[i - 2] != 'q'));
    bool open = i + 2 >= characters->count ||
                (!is_letter(at[i + 2]) && !is_mark(at[i + 2]));
    return pair && open;
}

static void move_tones(struct characters *characters)
{
    for (size_t i = 0; i < characters->count; i++) {
        if (tone_is_early(characters, i)) {
            utf8proc_int32_t tone = characters->at[i];
            characters->at[i] = characters->at[i + 1];
            characters->at[i + 1] = tone;
        }
    }
}

static void collapse_blanks(struct characters *characters)
{
    size_t used = 0;
    bool pending = false;
    for (size_t i = 0; i < characters->count; i++) {
        utf8proc_int32_t c = characters->at[i];
        if (is_blank(c)) {
            pending = used > 0;
            continue;
        }
        if (pending) {
            characters->at[used++] = ' ';
            pending = false;
        }
        characters->at[used++] = c;
    }
    characters->count = used;
}

/* Whether the text from `start` on could name a unit: it has a letter. */
static bool has_name(const struct characters *characters, size_t start)
{
    for (size_t i = start; i < characters->count; i++) {
        if (is_letter(characters->at[i])) {
            return true;
        }
    }
    return false;
}

/* Takes the type of a unit from the front. The longer words come first. */
static enum status strip_unit_type(struct characters *characters)
{
    static const char *const types[] = {"thành phố ", "thị trấn ", "thị xã ",
                                        "đặc khu ",   "phường ",   "huyện ",
                                        "quận ",      "tỉnh ",     "xã "};
    for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
        struct characters type;
        unsigned char first = (unsigned char)types[t][0];
        if (characters->count == 0 ||
            (first < 0x80 && characters->at[0] != first)) {
            continue;
        }
        enum status status = characters_init(&type, types[t], strlen(types[t]));
        if (status != STATUS_OK) {
            return status;
        }
        bool found = characters->count > type.count &&
                     memcmp(characters->at, type.at,
                            type.count * sizeof(*type.at)) == 0 &&
                     has_name(characters, type.count);
        if (found) {
            characters->count -= type.count;
            memmove(characters->at, characters->at + type.count,
                    characters->count * sizeof(*characters->at));
        }
        characters_fini(&type);
        if (found) {
            break;
        }
    }
    return STATUS_OK;
}

static void drop_accents(struct characters *characters)
{
    size_t used = 0;
    for (size_t i = 0; i < characters->count; i++) {
        utf8proc_int32_t c = characters->at[i];
        if (!is_mark(c)) {
            characters->at[used++] = c == D_STROKE ? 'd' : c;
        }
    }
    characters->count = used;
}

struct key_options {
    bool without_type;
    bool without_accents;
};

static enum status make_key(const char *text, size_t size,
                            struct key_options options, char *out, size_t room,
                            size_t *length)
{
    struct characters characters = {0};
    check(room > 0);
    out[0] = '\0';
    enum status status =
        text_check(text, size) == TEXT_OK ? STATUS_OK : STATUS_INVALID;
    if (status == STATUS_OK) {
        status = characters_init(&characters, text, size);
    }
    if (status == STATUS_OK) {
        lower(&characters);
        move_tones(&characters);
        collapse_blanks(&characters);
        if (options.without_type) {
            status = strip_unit_type(&characters);
        }
        if (options.without_accents) {
            drop_accents(&characters);
        }
    }
    if (status == STATUS_OK) {
        compose(&characters);
        if (!write_out(&characters, out, room, length)) {
            out[0] = '\0';
            status = STATUS_INVALID;
        }
    }
    characters_fini(&characters);
    return status;
}

enum status text_match_key(const char *text, size_t size, bool without_type,
                           char *out, size_t room, size_t *length)
{
    return make_key(text, size, (struct key_options){without_type, false}, out,
                    room, length);
}

enum status text_search_key(const char *text, size_t size, bool without_type,
                            char *out, size_t room, size_t *length)
{
    return make_key(text, size, (struct key_options){without_type, true}, out,
                    room, length);
}

size_t text_width(const char *text, size_t size)
{
    size_t width = 0;
    size_t at = 0;
    while (at < size) {
        utf8proc_int32_t c = 0;
        utf8proc_ssize_t step =
            utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                             (utf8proc_ssize_t)(size - at), &c);
        if (step <= 0) {
            step = 1;
            width += 1;
        } else {
            int columns = utf8proc_charwidth(c);
            width += columns > 0 ? (size_t)columns : 0;
        }
        at += (size_t)step;
    }
    return width;
}
