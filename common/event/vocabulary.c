/* vocabulary - one sorted table of the province's values.
 *
 * The values of one enumeration lie together, in the order of their numbers,
 * so that a value is found by halving and a form's list is one walk. The
 * fold asks for a value of nearly every field of every event; almost all are
 * the product's, which the catalogue finds by index.
 */
#include "common/event/vocabulary.h"

#include "common/base/check.h"
#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const struct catalogue_enumeration *enumeration;
    struct catalogue_value value; /* its texts are the vocabulary's own */
};

struct vocabulary {
    uint32_t version;
    struct row *rows; /* by enumeration, then by value */
    size_t count;
    size_t room;
};

struct vocabulary *vocabulary_new(uint32_t version)
{
    struct vocabulary *vocabulary = calloc(1, sizeof(*vocabulary));
    if (vocabulary != NULL) {
        vocabulary->version = version;
    }
    return vocabulary;
}

static void free_texts(struct catalogue_value *value)
{
    free((void *)(uintptr_t)value->token);
    free((void *)(uintptr_t)value->label.vi);
    free((void *)(uintptr_t)value->label.en);
    free((void *)(uintptr_t)value->abbreviation);
}

void vocabulary_free(struct vocabulary **vocabulary)
{
    if (*vocabulary == NULL) {
        return;
    }
    for (size_t i = 0; i < (*vocabulary)->count; i++) {
        free_texts(&(*vocabulary)->rows[i].value);
    }
    free((*vocabulary)->rows);
    free(*vocabulary);
    *vocabulary = NULL;
}

/* Where a row of this enumeration and value is, or would be. */
static size_t find_place(const struct vocabulary *vocabulary,
                         const struct catalogue_enumeration *enumeration,
                         uint32_t value)
{
    size_t low = 0;
    size_t high = vocabulary->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct row *row = &vocabulary->rows[middle];
        bool before =
            row->enumeration != enumeration
                ? strcmp(row->enumeration->name, enumeration->name) < 0
                : row->value.value < value;
        if (before) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct row *row_at(const struct vocabulary *vocabulary,
                                const struct catalogue_enumeration *enumeration,
                                size_t place)
{
    return place < vocabulary->count &&
                   vocabulary->rows[place].enumeration == enumeration
               ? &vocabulary->rows[place]
               : NULL;
}

static bool is_token(const char *token)
{
    size_t size = token == NULL ? 0 : strlen(token);
    if (size == 0 || size > VOCABULARY_TOKEN_MAX || token[0] < 'a' ||
        token[0] > 'z') {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        bool letter = token[i] >= 'a' && token[i] <= 'z';
        bool digit = token[i] >= '0' && token[i] <= '9';
        if (!letter && !digit && token[i] != '_') {
            return false;
        }
    }
    return true;
}

static bool is_label(const char *label)
{
    char nfc[VOCABULARY_LABEL_MAX + 1];
    size_t size = label == NULL ? 0 : strlen(label);
    return size > 0 && size <= VOCABULARY_LABEL_MAX && label[0] != ' ' &&
           label[size - 1] != ' ' &&
           text_to_nfc(label, size, nfc, sizeof(nfc), NULL, NULL) ==
               STATUS_OK &&
           strcmp(nfc, label) == 0;
}

/* An abbreviation is found by the token that its letters spell, so it must
 * spell the value's own: QĐ and qd. */
static bool is_abbreviation(const char *abbreviation, const char *token)
{
    char key[8 * VOCABULARY_TOKEN_MAX + 1];
    size_t size = strlen(abbreviation);
    return size > 0 && size <= VOCABULARY_TOKEN_MAX &&
           text_search_key(abbreviation, size, false, key, sizeof(key), NULL) ==
               STATUS_OK &&
           strcmp(key, token) == 0;
}

static enum vocabulary_error check_value(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *enumeration,
    const struct catalogue_value *value)
{
    if (enumeration == NULL) {
        return VOCABULARY_NO_ENUMERATION;
    }
    if (!enumeration->open) {
        return VOCABULARY_CLOSED;
    }
    if (value->value < VOCABULARY_FIRST_VALUE) {
        return VOCABULARY_VALUE_RANGE;
    }
    if (vocabulary_value(vocabulary, enumeration, value->value) != NULL) {
        return VOCABULARY_VALUE_TWICE;
    }
    if (!is_token(value->token)) {
        return VOCABULARY_TOKEN;
    }
    if (vocabulary_by_token(vocabulary, enumeration, value->token,
                            strlen(value->token)) != NULL) {
        return VOCABULARY_TOKEN_TWICE;
    }
    if (!is_label(value->label.vi) || !is_label(value->label.en)) {
        return VOCABULARY_LABEL;
    }
    bool written = enumeration->values[0].abbreviation != NULL;
    if (written != (value->abbreviation != NULL) ||
        (written && !is_abbreviation(value->abbreviation, value->token))) {
        return VOCABULARY_ABBREVIATION;
    }
    return vocabulary->count < VOCABULARY_VALUES_MAX ? VOCABULARY_OK
                                                     : VOCABULARY_TOO_MANY;
}

static enum status copy_text(const char *text, const char **copy)
{
    *copy = text == NULL ? NULL : strdup(text);
    return text != NULL && *copy == NULL ? STATUS_MEMORY : STATUS_OK;
}

static enum status copy_value(const struct catalogue_value *value,
                              struct catalogue_value *copy)
{
    *copy = (struct catalogue_value){.value = value->value,
                                     .impersonal = value->impersonal};
    if (copy_text(value->token, &copy->token) != STATUS_OK ||
        copy_text(value->label.vi, &copy->label.vi) != STATUS_OK ||
        copy_text(value->label.en, &copy->label.en) != STATUS_OK ||
        copy_text(value->abbreviation, &copy->abbreviation) != STATUS_OK) {
        free_texts(copy);
        return STATUS_MEMORY;
    }
    return STATUS_OK;
}

static enum status make_room(struct vocabulary *vocabulary)
{
    if (vocabulary->count < vocabulary->room) {
        return STATUS_OK;
    }
    size_t room = vocabulary->room == 0 ? 16 : vocabulary->room * 2;
    struct row *rows = realloc(vocabulary->rows, room * sizeof(*rows));
    if (rows == NULL) {
        return STATUS_MEMORY;
    }
    vocabulary->rows = rows;
    vocabulary->room = room;
    return STATUS_OK;
}

enum status vocabulary_add(struct vocabulary *vocabulary,
                           const char *enumeration,
                           const struct catalogue_value *value,
                           enum vocabulary_error *why)
{
    struct row row;
    row.enumeration = catalogue_enumeration(enumeration);
    enum vocabulary_error error =
        check_value(vocabulary, row.enumeration, value);
    if (why != NULL) {
        *why = error;
    }
    if (error != VOCABULARY_OK) {
        return STATUS_INVALID;
    }
    enum status status = make_room(vocabulary);
    if (status == STATUS_OK) {
        status = copy_value(value, &row.value);
    }
    if (status == STATUS_OK) {
        size_t place = find_place(vocabulary, row.enumeration, value->value);
        memmove(&vocabulary->rows[place + 1], &vocabulary->rows[place],
                (vocabulary->count - place) * sizeof(row));
        vocabulary->rows[place] = row;
        vocabulary->count++;
    }
    return status;
}

const char *vocabulary_error_text(enum vocabulary_error error,
                                  enum language language)
{
    static const struct language_text texts[] = {
        [VOCABULARY_OK] = {"hợp lệ", "valid"},
        [VOCABULARY_NO_ENUMERATION] =
            {"không có danh mục tên này; xem danh sách danh mục trong tài liệu",
             "there is no enumeration of this name; the documents list them"},
        [VOCABULARY_CLOSED] = {"danh mục này không được thêm giá trị",
                               "values cannot be added to this enumeration"},
        [VOCABULARY_VALUE_RANGE] =
            {"số của giá trị phải từ 10000 trở lên; số nhỏ hơn là của phần mềm",
             "the value's number must be 10000 or more; lower numbers belong "
             "to the product"},
        [VOCABULARY_VALUE_TWICE] =
            {"số này đã dùng cho giá trị khác; hãy chọn số chưa dùng",
             "the number is taken by another value; choose a free one"},
        [VOCABULARY_TOKEN] =
            {"tên phải gồm chữ thường không dấu, chữ số và dấu gạch dưới, bắt "
             "đầu bằng chữ, tối đa 63 ký tự",
             "the token must be lower case letters without accents, digits "
             "and underscores, begin with a letter, at most 63 characters"},
        [VOCABULARY_TOKEN_TWICE] =
            {"tên này đã có trong danh mục; hãy chọn tên khác",
             "the enumeration has this token already; choose another"},
        [VOCABULARY_LABEL] =
            {"nhãn tiếng Việt và tiếng Anh phải có chữ, dạng Unicode dựng sẵn "
             "(NFC), không có dấu cách ở hai đầu, tối đa 255 byte",
             "the labels in both languages must be text in NFC without blanks "
             "at the ends, at most 255 bytes"},
        [VOCABULARY_ABBREVIATION] =
            {"chữ viết tắt chỉ dùng cho loại văn bản và cơ quan ban hành, và "
             "khi bỏ dấu phải trùng với tên (QĐ và qd)",
             "an abbreviation is for kinds and bodies of documents alone, and "
             "without accents it must be the token (QĐ and qd)"},
        [VOCABULARY_TOO_MANY] = {"quá 4096 giá trị", "more than 4096 values"}};
    check((size_t)error < sizeof(texts) / sizeof(texts[0]));
    return language_pick(texts[error], language);
}

uint32_t vocabulary_version(const struct vocabulary *vocabulary)
{
    return vocabulary == NULL ? 0 : vocabulary->version;
}

const struct catalogue_value *vocabulary_value(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *enumeration, uint32_t value)
{
    if (value < VOCABULARY_FIRST_VALUE) {
        return catalogue_value(enumeration, value);
    }
    if (vocabulary == NULL) {
        return NULL;
    }
    const struct row *row = row_at(vocabulary, enumeration,
                                   find_place(vocabulary, enumeration, value));
    return row != NULL && row->value.value == value ? &row->value : NULL;
}

const struct catalogue_value *vocabulary_by_token(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *enumeration, const char *token,
    size_t size)
{
    const struct catalogue_value *value = NULL;
    for (size_t i = 0;
         (value = vocabulary_at(vocabulary, enumeration, i)) != NULL; i++) {
        if (strlen(value->token) == size &&
            memcmp(value->token, token, size) == 0) {
            return value;
        }
    }
    return NULL;
}

const struct catalogue_value *vocabulary_at(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *enumeration, size_t index)
{
    if (index < enumeration->value_count) {
        return &enumeration->values[index];
    }
    if (vocabulary == NULL) {
        return NULL;
    }
    size_t first = find_place(vocabulary, enumeration, 0);
    const struct row *row = row_at(vocabulary, enumeration,
                                   first + index - enumeration->value_count);
    return row == NULL ? NULL : &row->value;
}
