/* document - the number of a document, taken apart and put together again.
 *
 *   number [/ year] / KIND - BODY [- BODY [- BODY]]
 *
 * An abbreviation is found by the token that its letters spell without accents
 * (QĐ is qd), so that capitals and a missing stroke do not matter. What nobody
 * declared is refused; the province declares it in its vocabulary.
 */
#include "common/event/document.h"

#include "common/base/check.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_MAX 999999u
#define YEAR_MIN   2000u
#define YEAR_MAX   2100u
#define PARTS_MAX  3u /* between slashes */

/* A piece of the text, without the blanks around it. */
struct piece {
    const char *at;
    size_t size;
};

struct reading {
    const struct vocabulary *vocabulary;
    struct event *event;
    char *part; /* where the part that is meant goes, or NULL */
};

static struct piece trimmed(const char *at, size_t size)
{
    while (size > 0 && at[0] == ' ') {
        at++;
        size--;
    }
    while (size > 0 && at[size - 1] == ' ') {
        size--;
    }
    return (struct piece){at, size};
}

/* Splits at `mark`; returns how many pieces there are, 0 for more than
 * `max`. */
static size_t split(struct piece text, char mark, struct piece pieces[],
                    size_t max)
{
    size_t count = 0;
    while (count < max) {
        const char *found = memchr(text.at, mark, text.size);
        size_t size = found == NULL ? text.size : (size_t)(found - text.at);
        pieces[count++] = trimmed(text.at, size);
        if (found == NULL) {
            return count;
        }
        text.at = found + 1;
        text.size -= size + 1;
    }
    return 0;
}

/* Copies the piece that is meant, cut at a character's end. */
static void name_part(const struct reading *reading, struct piece piece)
{
    if (reading->part == NULL) {
        return;
    }
    size_t size =
        piece.size < DOCUMENT_PART_MAX ? piece.size : DOCUMENT_PART_MAX - 1;
    while (size < piece.size && size > 0 &&
           ((unsigned char)piece.at[size] & 0xc0u) == 0x80u) {
        size--;
    }
    memcpy(reading->part, piece.at, size);
    reading->part[size] = '\0';
}

static const struct catalogue_value *find_sign(const struct reading *reading,
                                               const char *enumeration,
                                               struct piece piece)
{
    char key[8 * DOCUMENT_PART_MAX];
    size_t length = 0;
    if (piece.size == 0 || piece.size >= DOCUMENT_PART_MAX ||
        text_search_key(piece.at, piece.size, false, key, sizeof(key),
                        &length) != STATUS_OK) {
        return NULL;
    }
    return vocabulary_by_token(reading->vocabulary,
                               catalogue_enumeration(enumeration), key, length);
}

static enum document_error read_signs(struct reading *reading,
                                      struct piece signs)
{
    struct piece pieces[EVENT_DOCUMENT_BODIES_MAX + 1];
    size_t count = split(signs, '-', pieces, EVENT_DOCUMENT_BODIES_MAX + 1);
    if (count == 0) {
        name_part(reading, signs);
        return DOCUMENT_BODIES;
    }
    const struct catalogue_value *kind =
        find_sign(reading, "DocumentKind", pieces[0]);
    if (kind == NULL) {
        name_part(reading, pieces[0]);
        return DOCUMENT_KIND_UNKNOWN;
    }
    if (count == 1) {
        return DOCUMENT_SHAPE;
    }
    reading->event->document_kind = kind->value;
    reading->event->document_body_count = 0;
    for (size_t i = 1; i < count; i++) {
        const struct catalogue_value *body =
            find_sign(reading, "DocumentBody", pieces[i]);
        if (body == NULL) {
            name_part(reading, pieces[i]);
            return DOCUMENT_BODY_UNKNOWN;
        }
        uint32_t place = reading->event->document_body_count++;
        reading->event->document_bodies[place] = body->value;
    }
    return DOCUMENT_OK;
}

static bool read_number(struct piece piece, uint64_t least, uint64_t most,
                        uint32_t *number)
{
    uint64_t value = 0;
    if (memchr(piece.at, '.', piece.size) != NULL ||
        text_parse_count(piece.at, piece.size, &value) != STATUS_OK ||
        value < least || value > most) {
        return false;
    }
    *number = (uint32_t)value;
    return true;
}

static enum document_error read_document(struct reading *reading,
                                         struct piece text)
{
    struct piece parts[PARTS_MAX];
    struct event *event = reading->event;
    size_t count = split(text, '/', parts, PARTS_MAX);
    if (count < 2) {
        return DOCUMENT_SHAPE;
    }
    if (!read_number(parts[0], 1, NUMBER_MAX, &event->document_number)) {
        name_part(reading, parts[0]);
        return DOCUMENT_NUMBER;
    }
    event->header_present &= ~(1u << EVENT_DOCUMENT_YEAR);
    event->document_year = 0;
    if (count == PARTS_MAX) {
        if (!read_number(parts[1], YEAR_MIN, YEAR_MAX, &event->document_year)) {
            name_part(reading, parts[1]);
            return DOCUMENT_YEAR;
        }
        event->header_present |= 1u << EVENT_DOCUMENT_YEAR;
    }
    event->header_present |= 1u << EVENT_DOCUMENT_NUMBER |
                             1u << EVENT_DOCUMENT_KIND |
                             1u << EVENT_DOCUMENT_BODIES;
    return read_signs(reading, parts[count - 1]);
}

enum status document_parse(const char *text, size_t size,
                           const struct vocabulary *vocabulary,
                           struct event *event, enum document_error *why,
                           char part[DOCUMENT_PART_MAX])
{
    struct event changed = *event;
    struct reading reading = {vocabulary, &changed, part};
    if (part != NULL) {
        part[0] = '\0';
    }
    enum document_error error = read_document(&reading, trimmed(text, size));
    if (why != NULL) {
        *why = error;
    }
    if (error != DOCUMENT_OK) {
        return STATUS_INVALID;
    }
    *event = changed;
    return STATUS_OK;
}

const char *document_error_text(enum document_error error,
                                enum language language)
{
    static const struct language_text texts[] = {
        [DOCUMENT_OK] = {"hợp lệ", "valid"},
        [DOCUMENT_SHAPE] =
            {"số văn bản phải có dạng số/LOẠI-CƠ QUAN hoặc số/năm/LOẠI-CƠ "
             "QUAN, ví dụ 25/KH-UBND",
             "write number/KIND-BODY or number/year/KIND-BODY, such as "
             "25/KH-UBND"},
        [DOCUMENT_NUMBER] = {"số phải từ 1 đến 999999",
                             "the number must be 1 to 999999"},
        [DOCUMENT_YEAR] = {"năm phải từ 2000 đến 2100",
                           "the year must be 2000 to 2100"},
        [DOCUMENT_KIND_UNKNOWN] =
            {"chưa có loại văn bản này trong danh mục; hãy sửa lại, hoặc đề "
             "nghị tỉnh khai báo trong từ vựng (DocumentKind)",
             "nobody declared this kind of document; mend it, or ask the "
             "province to declare it in its vocabulary (DocumentKind)"},
        [DOCUMENT_BODY_UNKNOWN] =
            {"chưa có cơ quan này trong danh mục; hãy sửa lại, hoặc đề nghị "
             "tỉnh khai báo trong từ vựng (DocumentBody)",
             "nobody declared this body; mend it, or ask the province to "
             "declare it in its vocabulary (DocumentBody)"},
        [DOCUMENT_BODIES] = {"tối đa 3 cơ quan ban hành",
                             "at most 3 issuing bodies"}};
    check((size_t)error < sizeof(texts) / sizeof(texts[0]));
    return language_pick(texts[error], language);
}

/* Adds "-UBND", or the number of a value that nobody declared. */
static void add_sign(char text[DOCUMENT_TEXT_MAX], size_t *used, char mark,
                     const struct catalogue_value *value, uint32_t number)
{
    size_t room = DOCUMENT_TEXT_MAX - *used;
    int size =
        value != NULL && value->abbreviation != NULL
            ? snprintf(text + *used, room, "%c%s", mark, value->abbreviation)
            : snprintf(text + *used, room, "%c%u", mark, number);
    check(size > 0);
    *used += (size_t)size < room ? (size_t)size : room - 1;
}

void document_format(const struct event *event,
                     const struct vocabulary *vocabulary,
                     char text[DOCUMENT_TEXT_MAX])
{
    text[0] = '\0';
    if (event->document_number == 0) {
        return;
    }
    int size = snprintf(text, DOCUMENT_TEXT_MAX, "%u", event->document_number);
    size_t used = (size_t)size;
    if (event->document_year != 0) {
        add_sign(text, &used, '/', NULL, event->document_year);
    }
    add_sign(text, &used, '/',
             vocabulary_value(vocabulary, catalogue_enumeration("DocumentKind"),
                              event->document_kind),
             event->document_kind);
    for (uint32_t i = 0; i < event->document_body_count; i++) {
        add_sign(text, &used, '-',
                 vocabulary_value(vocabulary,
                                  catalogue_enumeration("DocumentBody"),
                                  event->document_bodies[i]),
                 event->document_bodies[i]);
    }
}
