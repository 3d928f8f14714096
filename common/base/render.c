#include "common/base/render.h"

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/document.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <stdio.h>
#include <string.h>

static void put(char text[RENDER_TEXT_MAX], const char *word)
{
    (void)snprintf(text, RENDER_TEXT_MAX, "%s", word);
}

static void put_number(char text[RENDER_TEXT_MAX], uint64_t number)
{
    (void)snprintf(text, RENDER_TEXT_MAX, "%llu", (unsigned long long)number);
}

static void put_word(char text[RENDER_TEXT_MAX],
                     const struct vocabulary *vocabulary,
                     const struct catalogue_enumeration *list, uint32_t value)
{
    const struct catalogue_value *found =
        vocabulary_value(vocabulary, list, value);

    if (found != NULL) {
        put(text, found->token);
    } else {
        put_number(text, value);
    }
}

static void put_unit(char text[RENDER_TEXT_MAX], uint32_t unit)
{
    char key[UNIT_TEXT_MAX];

    unit_key_format(unit, key);
    put(text, key);
}

static void put_day(char text[RENDER_TEXT_MAX], int32_t day)
{
    char date[TEXT_DATE_MAX];

    text_format_date_iso(day, date);
    put(text, date);
}

/* ---- the header ---- */

static void put_key(char text[RENDER_TEXT_MAX], const struct event *event)
{
    struct bytes key = {event->entry_key, EVENT_ENTRY_KEY_BYTES};

    if (event->has_entry_key) {
        check(bytes_to_hex(key, text, RENDER_TEXT_MAX) == STATUS_OK);
    }
}

static void put_event_id(char text[RENDER_TEXT_MAX], uint64_t id)
{
    char word[EVENT_ID_TEXT_MAX];

    if (id != 0) {
        event_id_format(id, word);
        put(text, word);
    }
}

static const struct catalogue_field *header_field(uint32_t number)
{
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    check(number >= 1 && number <= count);
    return &header[number - 1];
}

static void put_header_word(char text[RENDER_TEXT_MAX],
                            const struct vocabulary *vocabulary, uint32_t field,
                            uint32_t value)
{
    if (value != 0) {
        put_word(text, vocabulary, header_field(field)->enumeration, value);
    }
}

static void render_header(const struct event *event, uint32_t field,
                          const struct vocabulary *vocabulary,
                          char text[RENDER_TEXT_MAX])
{
    char word[DOCUMENT_TEXT_MAX];

    switch (field) {
    case EVENT_TYPE:
        put_header_word(text, NULL, field, event->type);
        break;
    case EVENT_OCCURRED_ON:
        put_day(text, event->occurred_on);
        break;
    case EVENT_RECORDED_AT:
        text_format_moment(event->recorded_at, text);
        break;
    case EVENT_UNIT:
        put_unit(text, event->unit);
        break;
    case EVENT_SUBJECT_UNIT:
        if (event->subject_unit != 0) {
            put_unit(text, event->subject_unit);
        }
        break;
    case EVENT_OFFICE:
        put_header_word(text, vocabulary, field, event->office);
        break;
    case EVENT_ROLE:
        put_header_word(text, vocabulary, field, event->role);
        break;
    case EVENT_PROGRAMME:
        put_header_word(text, vocabulary, field, event->programme);
        break;
    case EVENT_REASON:
        put_header_word(text, vocabulary, field, event->reason);
        break;
    case EVENT_DOCUMENT_NUMBER:
        document_format(event, vocabulary, word);
        put(text, word);
        break;
    case EVENT_VOCABULARY:
        put_number(text, event->vocabulary);
        break;
    case EVENT_ENTRY_KEY:
        put_key(text, event);
        break;
    case EVENT_TARGET:
        put_event_id(text, event->target);
        break;
    case EVENT_HEAD:
        put_event_id(text, event->head);
        break;
    default:
        break;
    }
}

/* ---- the body ---- */

static void render_list(const struct event *event,
                        const struct catalogue_field *field,
                        const struct vocabulary *vocabulary,
                        char text[RENDER_TEXT_MAX])
{
    size_t count = 0;
    const uint32_t *items = event_items(event, field->number, &count);
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        char one[RENDER_TEXT_MAX];
        int length;

        if (field->kind == FIELD_VALUES) {
            put_word(one, vocabulary, field->enumeration, items[i]);
        } else if (field->kind == FIELD_UNITS) {
            put_unit(one, items[i]);
        } else {
            put_number(one, items[i]);
        }
        length = snprintf(text + used, RENDER_TEXT_MAX - used, "%s%s",
                          i > 0 ? ";" : "", one);
        check(length > 0 && used + (size_t)length < RENDER_TEXT_MAX);
        used += (size_t)length;
    }
}

/* same_as says in a field of its own what its references are. */
static uint32_t kind_of_thing(const struct event *event,
                              const struct catalogue_type *type,
                              const struct catalogue_field *field)
{
    for (size_t i = 0; field->reference == 0 && i < type->field_count; i++) {
        const struct catalogue_enumeration *list = type->fields[i].enumeration;

        if (list != NULL && strcmp(list->name, "ReferenceKind") == 0) {
            return (uint32_t)event_get(event, type->fields[i].number);
        }
    }
    return field->reference;
}

static void render_reference(const struct event *event,
                             const struct catalogue_type *type,
                             const struct catalogue_field *field,
                             char text[RENDER_TEXT_MAX])
{
    uint32_t kind = kind_of_thing(event, type, field);
    uint64_t reference = event_get(event, field->number);
    char word[REFERENCE_TEXT_MAX];

    if (kind == 0 || kind >= REFERENCE_KIND_END || !id60_valid(reference)) {
        put_number(text, reference);
        return;
    }
    reference_format((enum reference_kind)kind, reference, word);
    put(text, word);
}

static void render_body(const struct event *event,
                        const struct catalogue_type *type,
                        const struct catalogue_field *field,
                        const struct vocabulary *vocabulary,
                        char text[RENDER_TEXT_MAX])
{
    uint64_t value = event_get(event, field->number);

    switch (field->kind) {
    case FIELD_VALUES:
    case FIELD_COUNTS:
    case FIELD_UNITS:
        render_list(event, field, vocabulary, text);
        break;
    case FIELD_VALUE:
        put_word(text, vocabulary, field->enumeration, (uint32_t)value);
        break;
    case FIELD_FLAG:
        put(text, value != 0 ? "yes" : "no");
        break;
    case FIELD_DATE:
        put_day(text, event_get_date(event, field->number));
        break;
    case FIELD_REFERENCE:
        render_reference(event, type, field, text);
        break;
    case FIELD_UNIT:
        put_unit(text, (uint32_t)value);
        break;
    default:
        put_number(text, value);
        break;
    }
}

static const struct catalogue_field *body_field(const struct event *event,
                                                uint32_t field)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    return type != NULL && field > EVENT_BODY_BASE
               ? catalogue_field(type, field - EVENT_BODY_BASE)
               : NULL;
}

void render_field(const struct event *event, uint32_t field,
                  const struct vocabulary *vocabulary,
                  char text[RENDER_TEXT_MAX])
{
    const struct catalogue_field *body = body_field(event, field);

    text[0] = '\0';
    if (field < EVENT_BODY_BASE) {
        render_header(event, field, vocabulary, text);
    } else if (body != NULL && event_has(event, body->number)) {
        render_body(event, catalogue_type(event->type), body, vocabulary, text);
    }
}

bool render_is_number(const struct event *event, uint32_t field)
{
    const struct catalogue_field *body = body_field(event, field);

    if (body == NULL) {
        return field == EVENT_VOCABULARY;
    }
    return body->kind == FIELD_COUNT || body->kind == FIELD_MONEY ||
           body->kind == FIELD_YEAR || body->kind == FIELD_PERIOD_KEY ||
           body->kind == FIELD_INDEX;
}
