/* Reads words of the vocabulary: a token, a label, a number. What a file says
 * row after row is looked up once. */
#include "agent/source/source_internal.h"

#include "common/base/nearest.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

/* How many values of a list a message names. */
#define CHOICES_SHOWN_MAX 10u
#define CHOICES_TEXT_MAX  360u

static const struct vocabulary *vocabulary_of(
    const struct source_reading *reading)
{
    return context_vocabulary(reading->source->context);
}

static const struct catalogue_value *find_label(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *list, const char *text, size_t size)
{
    char key[SOURCE_LABEL_KEY_MAX];
    const struct catalogue_value *found;

    if (text_match_key(text, size, false, key, sizeof key, NULL) != STATUS_OK) {
        return NULL;
    }
    for (size_t i = 0; (found = vocabulary_at(vocabulary, list, i)) != NULL;
         i++) {
        if (source_same_key(key, found->token) ||
            source_same_key(key, found->label.vi) ||
            source_same_key(key, found->label.en)) {
            return found;
        }
    }
    return NULL;
}

/* Where a label is remembered, if it is. */
static struct source_word *place_of(struct source *source,
                                    const struct catalogue_enumeration *list,
                                    const char *text, size_t size)
{
    uint32_t hash = 2166136261u ^ (uint32_t)list->name[0];

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    }
    return &source->words[hash % SOURCE_WORDS_MAX];
}

static const struct catalogue_value *find_word(
    struct source *source, const struct catalogue_enumeration *list,
    const char *text, size_t size)
{
    const struct vocabulary *vocabulary = context_vocabulary(source->context);
    const struct catalogue_value *found =
        vocabulary_by_token(vocabulary, list, text, size);
    struct source_word *place = place_of(source, list, text, size);
    uint64_t number;

    if (found != NULL) {
        return found;
    }
    if (text_parse_count(text, size, &number) == STATUS_OK) {
        return number <= UINT32_MAX
                   ? vocabulary_value(vocabulary, list, (uint32_t)number)
                   : NULL;
    }
    if (place->list == list && strlen(place->text) == size &&
        memcmp(place->text, text, size) == 0) {
        return place->value;
    }
    found = find_label(vocabulary, list, text, size);
    if (found != NULL && size < sizeof place->text) {
        place->list = list;
        place->value = found;
        memcpy(place->text, text, size);
        place->text[size] = '\0';
    }
    return found;
}

/* What was probably meant: its token, or its label for who types none. */
static const char *nearest_word(const struct source_reading *reading,
                                const struct catalogue_enumeration *list,
                                const char *text, size_t size)
{
    const struct source *source = reading->source;
    char word[NEAREST_BYTES_MAX + 1u];
    const struct catalogue_value *value;
    const char *best = NULL;
    struct nearest search;

    size = size <= NEAREST_BYTES_MAX ? size : 0;
    memcpy(word, text, size);
    word[size] = '\0';
    nearest_init(&search, word);
    for (size_t i = 0;
         (value = vocabulary_at(vocabulary_of(reading), list, i)) != NULL;
         i++) {
        const char *label = language_pick(value->label, source->language);
        size_t distance = search.distance;

        nearest_try(&search, value->token);
        if (!source->keys) {
            nearest_try(&search, label);
        }
        if (search.distance < distance) {
            best = source->keys ? value->token : label;
        }
    }
    return best;
}

/* "talk (Nói chuyện), leaflet (Tờ rơi), ..."; without what one types:
 * "Nói chuyện", "Tờ rơi". */
static void list_choices(const struct source_reading *reading,
                         const struct catalogue_enumeration *list,
                         char out[CHOICES_TEXT_MAX])
{
    const struct catalogue_value *value;
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0;
         (value = vocabulary_at(vocabulary_of(reading), list, i)) != NULL;
         i++) {
        char one[CHOICES_TEXT_MAX];
        const char *label =
            language_pick(value->label, reading->source->language);
        int length = reading->source->keys
                         ? snprintf(one, sizeof one, "%s%s (%s)",
                                    i == 0 ? "" : ", ", value->token, label)
                         : snprintf(one, sizeof one, "%s\"%s\"",
                                    i == 0 ? "" : ", ", label);

        if (i == CHOICES_SHOWN_MAX || length < 0 ||
            used + (size_t)length + 8 > CHOICES_TEXT_MAX) {
            (void)snprintf(out + used, CHOICES_TEXT_MAX - used, ", …");
            return;
        }
        memcpy(out + used, one, (size_t)length + 1);
        used += (size_t)length;
    }
}

static void fail_word(struct source_reading *reading,
                      const struct source_value *value)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char choices[CHOICES_TEXT_MAX];
    const struct catalogue_enumeration *list = value->field->enumeration;
    const char *nearest = nearest_word(reading, list, value->text, value->size);

    if (nearest != NULL) {
        source_fail(reading, value->number,
                    "%s không có trong danh mục; có phải ý bạn là \"%s\"?",
                    "%s is not in the list; did you mean \"%s\"?",
                    source_quote(value, quoted), nearest);
        return;
    }
    list_choices(reading, list, choices);
    source_fail(reading, value->number,
                "%s không có trong danh mục; hãy dùng một trong: %s",
                "%s is not in the list; use one of: %s",
                source_quote(value, quoted), choices);
}

bool source_read_word(struct source_reading *reading,
                      const struct source_value *value, uint32_t *word)
{
    const struct catalogue_value *found = find_word(
        reading->source, value->field->enumeration, value->text, value->size);

    if (found == NULL) {
        fail_word(reading, value);
        return false;
    }
    *word = found->value;
    return true;
}
