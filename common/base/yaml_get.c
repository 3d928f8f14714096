/* The getters: each says in one sentence what was wanted and what stands
 * there instead. */
#include "common/base/yaml.h"

#include "common/base/nearest.h"
#include "common/base/text.h"
#include "common/event/calendar.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message is cut at this many bytes. */
#define MESSAGE_MAX 1024u
/* What is quoted of a text in a message. */
#define QUOTED_MAX 60
/* Room for the words that a choice is between. */
#define CHOICES_MAX 256u

static void add(const struct yaml *yaml, enum report_level level,
                const struct yaml_node *node, const char *format, va_list list)
    __attribute__((format(printf, 4, 0)));

static void add(const struct yaml *yaml, enum report_level level,
                const struct yaml_node *node, const char *format, va_list list)
{
    char text[MESSAGE_MAX];

    (void)vsnprintf(text, sizeof text, format, list);
    report_add(yaml_report(yaml), level, yaml_name(yaml),
               node == NULL ? 0 : node->line, node == NULL ? 0 : node->column,
               "%s", "%s", text);
}

void yaml_error(const struct yaml *yaml, const struct yaml_node *node,
                const char *vi, const char *en, ...)
{
    bool vietnamese = yaml_report(yaml)->language == LANGUAGE_VI;
    va_list list;

    va_start(list, en);
    add(yaml, REPORT_ERROR, node, vietnamese ? vi : en, list);
    va_end(list);
}

void yaml_warn(const struct yaml *yaml, const struct yaml_node *node,
               const char *vi, const char *en, ...)
{
    bool vietnamese = yaml_report(yaml)->language == LANGUAGE_VI;
    va_list list;

    va_start(list, en);
    add(yaml, REPORT_WARNING, node, vietnamese ? vi : en, list);
    va_end(list);
}

void yaml_unknown(const struct yaml *yaml, const struct yaml_node *node,
                  const char *vi, const char *en, const char *nearest)
{
    bool vietnamese = yaml_report(yaml)->language == LANGUAGE_VI;
    const char *what = vietnamese ? vi : en;

    if (nearest == NULL) {
        yaml_error(yaml, node, "không có %s \"%.*s\"", "no %s \"%.*s\"", what,
                   QUOTED_MAX, node->text);
    } else {
        yaml_error(yaml, node, "không có %s \"%.*s\"; có phải ý bạn là \"%s\"?",
                   "no %s \"%.*s\"; did you mean \"%s\"?", what, QUOTED_MAX,
                   node->text, nearest);
    }
}

/* Whether the node is of the kind; says so if not. */
static bool is_kind(const struct yaml *yaml, const struct yaml_node *node,
                    enum yaml_kind kind)
{
    static const struct language_text wanted[] = {
        [YAML_TEXT] = {"ở đây cần một giá trị", "a value is wanted here"},
        [YAML_LIST] = {"ở đây cần một danh sách (các dòng bắt đầu bằng -)",
                       "a list is wanted here (lines that begin with -)"},
        [YAML_MAPPING] = {"ở đây cần các dòng \"khóa: giá trị\"",
                          "lines \"key: value\" are wanted here"},
    };

    if (node == NULL) {
        return false;
    }
    if (node->kind != kind) {
        yaml_error(yaml, node, "%s", "%s",
                   language_pick(wanted[kind], yaml_report(yaml)->language));
        return false;
    }
    return true;
}

static bool is_one_of(const char *word, const char *const known[])
{
    for (size_t i = 0; known[i] != NULL; i++) {
        if (strcmp(word, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool yaml_keys(const struct yaml *yaml, const struct yaml_node *node,
               const char *const known[])
{
    bool good = is_kind(yaml, node, YAML_MAPPING);

    for (const struct yaml_node *key = good ? node->first : NULL; key != NULL;
         key = key->next) {
        struct nearest nearest;

        if (is_one_of(key->text, known)) {
            continue;
        }
        nearest_init(&nearest, key->text);
        for (size_t i = 0; known[i] != NULL; i++) {
            nearest_try(&nearest, known[i]);
        }
        good = false;
        if (key->value->kind == YAML_TEXT && key->value->size == 0 &&
            nearest.best == NULL) {
            yaml_error(yaml, key,
                       "không có khóa \"%.*s\"; nếu đây là phần sau dấu phẩy "
                       "của một câu thì hãy đặt cả câu trong dấu nháy \"\"",
                       "no key \"%.*s\"; if it is what follows a comma in a "
                       "text, put the whole text in quotes",
                       QUOTED_MAX, key->text);
            continue;
        }
        yaml_unknown(yaml, key, "khóa", "key", nearest.best);
    }
    return good;
}

const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
{
    if (node == NULL || node->kind != YAML_MAPPING) {
        return NULL;
    }
    for (node = node->first; node != NULL; node = node->next) {
        if (strcmp(node->text, key) == 0) {
            return node->value;
        }
    }
    return NULL;
}

const struct yaml_node *yaml_require(const struct yaml *yaml,
                                     const struct yaml_node *node,
                                     const char *key)
{
    const struct yaml_node *value = yaml_get(node, key);

    if (value == NULL && node != NULL && node->kind == YAML_MAPPING) {
        yaml_error(yaml, node, "thiếu khóa \"%s\"", "key \"%s\" is missing",
                   key);
    }
    return value;
}

bool yaml_list(const struct yaml *yaml, const struct yaml_node *node)
{
    return is_kind(yaml, node, YAML_LIST);
}

bool yaml_text(const struct yaml *yaml, const struct yaml_node *node,
               const char **out)
{
    if (!is_kind(yaml, node, YAML_TEXT)) {
        return false;
    }
    if (node->size == 0) {
        yaml_error(yaml, node, "giá trị đang để trống", "the value is empty");
        return false;
    }
    *out = node->text;
    return true;
}

bool yaml_integer(const struct yaml *yaml, const struct yaml_node *node,
                  uint64_t min, uint64_t max, uint64_t *out)
{
    uint64_t number;

    if (!is_kind(yaml, node, YAML_TEXT)) {
        return false;
    }
    if (text_parse_count(node->text, node->size, &number) != STATUS_OK) {
        yaml_error(yaml, node, "\"%.*s\" không phải số nguyên",
                   "\"%.*s\" is not a whole number", QUOTED_MAX, node->text);
        return false;
    }
    if (number < min || number > max) {
        yaml_error(yaml, node,
                   "số %" PRIu64 " phải từ %" PRIu64 " đến %" PRIu64,
                   "%" PRIu64 " must be from %" PRIu64 " to %" PRIu64, number,
                   min, max);
        return false;
    }
    *out = number;
    return true;
}

bool yaml_flag(const struct yaml *yaml, const struct yaml_node *node, bool *out)
{
    static const char *const names[] = {"no", "yes", "false", "true", NULL};
    uint32_t position = 0;

    if (!yaml_choice(yaml, node, names, &position)) {
        return false;
    }
    *out = position % 2 == 1;
    return true;
}

bool yaml_date(const struct yaml *yaml, const struct yaml_node *node,
               int32_t *out)
{
    int32_t day;

    if (!is_kind(yaml, node, YAML_TEXT)) {
        return false;
    }
    /* Only the form that sorts: day and month cannot be mixed up in it. */
    if (node->size != strlen("yyyy-mm-dd") || node->text[4] != '-' ||
        text_parse_date(node->text, node->size, &day) != STATUS_OK) {
        yaml_error(yaml, node, "\"%.*s\" không phải ngày dạng năm-tháng-ngày",
                   "\"%.*s\" is not a day as year-month-day", QUOTED_MAX,
                   node->text);
        return false;
    }
    *out = day;
    return true;
}

bool yaml_both_languages(const struct yaml *yaml, const struct yaml_node *node,
                         struct language_text *out)
{
    static const char *const known[] = {"vi", "en", NULL};
    struct language_text text = {NULL, NULL};
    bool good = yaml_keys(yaml, node, known);

    good = yaml_text(yaml, yaml_require(yaml, node, "vi"), &text.vi) && good;
    good = yaml_text(yaml, yaml_require(yaml, node, "en"), &text.en) && good;
    if (good) {
        *out = text;
    }
    return good;
}

bool yaml_choice(const struct yaml *yaml, const struct yaml_node *node,
                 const char *const names[], uint32_t *out)
{
    struct nearest nearest;
    const char *word = NULL;
    char list[CHOICES_MAX] = "";
    size_t used = 0;

    if (!yaml_text(yaml, node, &word)) {
        return false;
    }
    nearest_init(&nearest, word);
    for (uint32_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], word) == 0) {
            *out = i;
            return true;
        }
        nearest_try(&nearest, names[i]);
    }
    if (nearest.best != NULL) {
        yaml_unknown(yaml, node, "giá trị", "value", nearest.best);
        return false;
    }
    for (uint32_t i = 0; names[i] != NULL && used < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
                                 i == 0 ? "" : ", ", names[i]);
    }
    yaml_error(yaml, node, "không có giá trị \"%.*s\"; hãy dùng một trong: %s",
               "no value \"%.*s\"; use one of: %s", QUOTED_MAX, word, list);
    return false;
}

bool yaml_hex(const struct yaml *yaml, const struct yaml_node *node,
              const char *key, uint8_t *out, size_t size)
{
    const char *text;
    size_t got = 0;

    if (!yaml_text(yaml, node, &text)) {
        return false;
    }
    if (strlen(text) != 2 * size ||
        bytes_from_hex(text, out, size, &got) != STATUS_OK) {
        yaml_error(yaml, node, "%s cần %zu chữ số hex",
                   "%s needs %zu hex digits", key, size * 2);
        return false;
    }
    return true;
}
