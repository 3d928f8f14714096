/* Finds types and fields by what people call them: the name, the name that
 * the type gives to the date and the place, or a label. */
#include "agent/source/import.h"
#include "agent/source/source_internal.h"

#include "common/base/nearest.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

bool source_same_key(const char *key, const char *text)
{
    char other[SOURCE_LABEL_KEY_MAX];

    return text_match_key(text, strlen(text), false, other, sizeof other,
                          NULL) == STATUS_OK &&
           strcmp(key, other) == 0;
}

bool source_same(const char *a, size_t a_size, const char *b)
{
    char key[SOURCE_LABEL_KEY_MAX];

    return text_match_key(a, a_size, false, key, sizeof key, NULL) ==
               STATUS_OK &&
           source_same_key(key, b);
}

static bool same_label(const char *key, const struct language_text *label)
{
    return source_same_key(key, label->vi) || source_same_key(key, label->en);
}

/* The key of what somebody wrote; empty when it cannot be anybody's name. */
static const char *key_of(const char *text, size_t size,
                          char key[SOURCE_LABEL_KEY_MAX])
{
    if (text_match_key(text, size, false, key, SOURCE_LABEL_KEY_MAX, NULL) !=
        STATUS_OK) {
        key[0] = '\0';
    }
    return key;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return strlen(word) == size && memcmp(text, word, size) == 0;
}

/* A word closed by a zero, for the search of what was meant; empty when it is
 * too long to be near anything. */
static const char *closed(const char *text, size_t size,
                          char out[NEAREST_BYTES_MAX + 1u])
{
    if (size > NEAREST_BYTES_MAX) {
        size = 0;
    }
    memcpy(out, text, size);
    out[size] = '\0';
    return out;
}

static bool is_number(const char *text, size_t size, uint32_t number)
{
    char digits[16];

    (void)snprintf(digits, sizeof digits, "%u", (unsigned)number);
    return is_word(text, size, digits);
}

const struct catalogue_type *source_type(const char *text, size_t size,
                                         const char **nearest)
{
    char word[NEAREST_BYTES_MAX + 1u];
    char key[SOURCE_LABEL_KEY_MAX];
    struct nearest search;
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);

    for (size_t i = 0; i < count; i++) {
        if (is_word(text, size, types[i].name) ||
            is_number(text, size, types[i].number)) {
            return &types[i];
        }
    }
    (void)key_of(text, size, key);
    for (size_t i = 0; i < count; i++) {
        if (source_same_key(key, types[i].name) ||
            same_label(key, &types[i].label)) {
            return &types[i];
        }
    }
    nearest_init(&search, closed(text, size, word));
    for (size_t i = 0; i < count; i++) {
        nearest_try(&search, types[i].name);
    }
    if (nearest != NULL) {
        *nearest = search.best;
    }
    return NULL;
}

/* Further names: what a correction says, and the columns of an export, of a
 * template and of refused rows. */
static const struct {
    const char *name;
    uint32_t field;
} further[] = {
    {"corrects", EVENT_TARGET},
    {"replaces", EVENT_HEAD},
    {"id", SOURCE_IGNORED},
    {IMPORT_MARK_VI, SOURCE_IGNORED},
    {IMPORT_MARK_EN, SOURCE_IGNORED},
    {IMPORT_REASONS_VI, SOURCE_IGNORED},
    {IMPORT_REASONS_EN, SOURCE_IGNORED},
};

static uint32_t by_further_name(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof further / sizeof further[0]; i++) {
        if (is_word(name, size, further[i].name)) {
            return further[i].field;
        }
    }
    return 0;
}

static uint32_t by_label(const struct catalogue_type *type, const char *name,
                         size_t size)
{
    char key[SOURCE_LABEL_KEY_MAX];
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    (void)key_of(name, size, key);
    for (size_t i = 0; i < type->field_count; i++) {
        if (same_label(key, &type->fields[i].label)) {
            return EVENT_BODY_BASE + type->fields[i].number;
        }
    }
    if (same_label(key, &type->date_label)) {
        return EVENT_OCCURRED_ON;
    }
    for (size_t i = 0; i < count; i++) {
        if (same_label(key, &header[i].label)) {
            return header[i].number;
        }
    }
    return 0;
}

static const char *nearest_field(const struct catalogue_type *type,
                                 const char *name, size_t size)
{
    char word[NEAREST_BYTES_MAX + 1u];
    struct nearest search;
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    nearest_init(&search, closed(name, size, word));
    for (size_t i = 0; i < type->field_count; i++) {
        nearest_try(&search, type->fields[i].name);
    }
    nearest_try(&search, type->date_name);
    nearest_try(&search, type->unit_name);
    for (size_t i = 0; i < count; i++) {
        nearest_try(&search, header[i].name);
    }
    return search.best;
}

/* The parts of a document's number are entered as one text. */
static uint32_t entered_as(uint32_t field)
{
    switch (field) {
    case EVENT_RECORDED_AT:
    case EVENT_VOCABULARY:
        return SOURCE_IGNORED;
    case EVENT_DOCUMENT_YEAR:
    case EVENT_DOCUMENT_KIND:
    case EVENT_DOCUMENT_BODIES:
        return 0;
    default:
        return field;
    }
}

uint32_t source_field(const struct catalogue_type *type, const char *name,
                      size_t size, const char **nearest)
{
    char word[NEAREST_BYTES_MAX + 1u];
    uint32_t field = 0;

    if (size > 0 && size <= NEAREST_BYTES_MAX &&
        catalogue_find_field(type, closed(name, size, word), &field) != NULL) {
        field = entered_as(field);
    } else {
        field = by_further_name(name, size);
    }
    if (field == 0) {
        field = entered_as(by_label(type, name, size));
    }
    if (field == 0 && nearest != NULL) {
        *nearest = nearest_field(type, name, size);
    }
    return field;
}
