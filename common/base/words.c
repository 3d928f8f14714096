#include "common/base/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/render.h"
#include "common/base/text.h"
#include "common/event/document.h"
#include "common/event/period.h"
#include "common/event/reference.h"

/* In this order, the body between the two. */
static const uint32_t before_body[] = {EVENT_OCCURRED_ON, EVENT_SUBJECT_UNIT,
                                       EVENT_UNIT, EVENT_OFFICE,
                                       EVENT_PROGRAMME};
static const uint32_t after_body[] = {
    EVENT_DOCUMENT_NUMBER, EVENT_ROLE, EVENT_RECORDED_AT, EVENT_VOCABULARY,
    EVENT_TARGET,          EVENT_HEAD, EVENT_REASON,      EVENT_ENTRY_KEY};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static const char *pick(const struct words *words, const char *vi,
                        const char *en)
{
    return words->language == LANGUAGE_EN ? en : vi;
}

/* ---- which fields ---- */

const char *words_type(const struct words *words, const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    if (event->fault != EVENT_FAULT_NONE) {
        return pick(words, "không đọc được", "cannot be read");
    }
    return type != NULL ? language_pick(type->label, words->language)
                        : pick(words, "loại chưa được khai báo",
                               "a type that nobody has declared");
}

/* The fields of the event's type in the order in which they are told; 0 behind
 * the last. */
static uint32_t field_at(const struct catalogue_type *type, size_t at)
{
    size_t body = type == NULL ? 0 : type->field_count;

    if (at < COUNT_OF(before_body)) {
        return before_body[at];
    }
    at -= COUNT_OF(before_body);
    if (at < body) {
        return EVENT_BODY_BASE + type->fields[at].number;
    }
    at -= body;
    return at < COUNT_OF(after_body) ? after_body[at] : 0;
}

static bool has_field(const struct event *event, uint32_t field)
{
    return field > EVENT_BODY_BASE ? event_has(event, field - EVENT_BODY_BASE)
                                   : event_header_has(event, field);
}

uint32_t words_next(const struct event *event, uint32_t field)
{
    const struct catalogue_type *type = catalogue_type(event->type);
    bool passed = field == 0;
    uint32_t found;

    for (size_t at = 0; (found = field_at(type, at)) != 0; at++) {
        if (passed && has_field(event, found)) {
            return found;
        }
        passed = passed || found == field;
    }
    return 0;
}

static const struct catalogue_field *catalogue_of(const struct event *event,
                                                  uint32_t field)
{
    const struct catalogue_type *type = catalogue_type(event->type);
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    if (field <= EVENT_BODY_BASE) {
        check(field >= 1 && field <= count);
        return &header[field - 1];
    }
    check(type != NULL);
    return catalogue_field(type, field - EVENT_BODY_BASE);
}

const char *words_label(const struct words *words, const struct event *event,
                        uint32_t field)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    if (field == EVENT_OCCURRED_ON && type != NULL) {
        return language_pick(type->date_label, words->language);
    }
    return language_pick(catalogue_of(event, field)->label, words->language);
}

/* ---- what is in them ---- */

void words_unit(const struct words *words, uint32_t unit, int32_t day,
                char text[WORDS_UNIT_TEXT_MAX])
{
    const struct unit *found =
        words->units == NULL ? NULL : units_find(words->units, unit, day);
    char key[UNIT_TEXT_MAX];

    unit_key_format(unit, key);
    if (found == NULL) {
        (void)snprintf(text, WORDS_UNIT_TEXT_MAX, "%s", key);
    } else if (words->briefly) {
        (void)snprintf(text, WORDS_UNIT_TEXT_MAX, "%s %s", found->type,
                       found->name);
    } else {
        (void)snprintf(text, WORDS_UNIT_TEXT_MAX, "%s %s (%s)", found->type,
                       found->name, key);
    }
}

static void put_value(const struct words *words,
                      const struct catalogue_enumeration *list, uint32_t value,
                      char *text, size_t room)
{
    const struct catalogue_value *found =
        vocabulary_value(words->vocabulary, list, value);

    if (found != NULL) {
        (void)snprintf(text, room, "%s",
                       language_pick(found->label, words->language));
    } else {
        (void)snprintf(text, room, "%" PRIu32 " (%s)", value,
                       pick(words, "chưa được khai báo", "not declared"));
    }
}

static void put_list(const struct words *words, const struct event *event,
                     const struct catalogue_field *field,
                     char text[WORDS_TEXT_MAX])
{
    size_t count = 0, used = 0;
    const uint32_t *items = event_items(event, field->number, &count);

    for (size_t i = 0; i < count && used < WORDS_TEXT_MAX; i++) {
        char one[WORDS_UNIT_TEXT_MAX];

        if (field->kind == FIELD_VALUES) {
            put_value(words, field->enumeration, items[i], one, sizeof one);
        } else if (field->kind == FIELD_UNITS) {
            words_unit(words, items[i], event->occurred_on, one);
        } else {
            text_format_count(items[i], words->language, one);
        }
        used += (size_t)snprintf(text + used, WORDS_TEXT_MAX - used, "%s%s",
                                 i > 0 ? "; " : "", one);
    }
}

/* "quán sao mai (EST-0271-000015-K)" */
static void put_thing(const struct words *words, const struct event *event,
                      const struct catalogue_field *field, uint32_t number,
                      char text[WORDS_TEXT_MAX])
{
    char code[REFERENCE_TEXT_MAX + TEXT_NUMBER_MAX];
    char name[WORDS_THING_MAX];

    render_field(event, number, words->vocabulary, text);
    if (words->thing == NULL ||
        !words->thing(words->thing_owner, field->reference,
                      event_get(event, field->number), name)) {
        return;
    }
    (void)snprintf(code, sizeof code, "%s", text);
    if (words->briefly) {
        (void)snprintf(text, WORDS_TEXT_MAX, "%s", name);
    } else {
        (void)snprintf(text, WORDS_TEXT_MAX, "%s (%s)", name, code);
    }
}

/* "tháng 12/2018": the kind stands in a field of its own. */
static void put_period(const struct words *words, const struct event *event,
                       uint32_t number, char text[WORDS_TEXT_MAX])
{
    const struct catalogue_enumeration *kinds =
        catalogue_enumeration("PeriodKind");
    const struct catalogue_type *type = catalogue_type(event->type);
    uint64_t key = event_get(event, number - EVENT_BODY_BASE);
    char name[PERIOD_LABEL_MAX];

    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];
        uint64_t kind = field->enumeration == kinds
                            ? event_get(event, field->number)
                            : PERIOD_KIND_END;

        if (kind < PERIOD_KIND_END && key <= UINT32_MAX &&
            period_short_label((enum period_kind)kind, (uint32_t)key,
                               words->language, name)) {
            (void)snprintf(text, WORDS_TEXT_MAX, "%s", name);
            return;
        }
    }
    render_field(event, number, words->vocabulary, text);
}

static void put_body(const struct words *words, const struct event *event,
                     uint32_t number, char text[WORDS_TEXT_MAX])
{
    const struct catalogue_field *field = catalogue_of(event, number);
    uint64_t value = event_get(event, field->number);

    switch (field->kind) {
    case FIELD_VALUE:
        put_value(words, field->enumeration, (uint32_t)value, text,
                  WORDS_TEXT_MAX);
        break;
    case FIELD_VALUES:
    case FIELD_COUNTS:
    case FIELD_UNITS:
        put_list(words, event, field, text);
        break;
    case FIELD_COUNT:
    case FIELD_MONEY:
        text_format_count(value, words->language, text);
        break;
    case FIELD_FLAG:
        (void)snprintf(text, WORDS_TEXT_MAX, "%s",
                       value != 0 ? pick(words, "có", "yes")
                                  : pick(words, "không", "no"));
        break;
    case FIELD_DATE:
        text_format_date(event_get_date(event, field->number), words->language,
                         text);
        break;
    case FIELD_UNIT:
        words_unit(words, (uint32_t)value, event->occurred_on, text);
        break;
    case FIELD_REFERENCE:
        put_thing(words, event, field, number, text);
        break;
    case FIELD_PERIOD_KEY:
        put_period(words, event, number, text);
        break;
    default: /* numbers that are names read alike everywhere */
        render_field(event, number, words->vocabulary, text);
        break;
    }
}

void words_field(const struct words *words, const struct event *event,
                 uint32_t field, char text[WORDS_TEXT_MAX])
{
    text[0] = '\0';
    switch (field) {
    case EVENT_OCCURRED_ON:
        text_format_date(event->occurred_on, words->language, text);
        break;
    case EVENT_RECORDED_AT:
        text_format_clock(event->recorded_at, words->language, text);
        break;
    case EVENT_UNIT:
        words_unit(words, event->unit, event->occurred_on, text);
        break;
    case EVENT_SUBJECT_UNIT:
        words_unit(words, event->subject_unit, event->occurred_on, text);
        break;
    case EVENT_OFFICE:
    case EVENT_ROLE:
    case EVENT_PROGRAMME:
    case EVENT_REASON:
        put_value(words, catalogue_of(event, field)->enumeration,
                  (uint32_t)event_header_get(event, field), text,
                  WORDS_TEXT_MAX);
        break;
    default:
        if (field > EVENT_BODY_BASE) {
            put_body(words, event, field, text);
        } else {
            render_field(event, field, words->vocabulary, text);
        }
        break;
    }
}
