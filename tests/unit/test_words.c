#include "common/base/words.h"

#include "common/event/catalogue.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <string.h>

static struct words words = {.language = LANGUAGE_EN};
static char text[WORDS_TEXT_MAX];

/* Fields that are told of an event, once each. */
static unsigned told(const struct event *event)
{
    bool seen[EVENT_BODY_BASE + EVENT_FIELDS_MAX] = {false};
    unsigned count = 0;

    for (uint32_t field = words_next(event, 0); field != 0;
         field = words_next(event, field)) {
        cr_assert_lt(field, sizeof seen / sizeof seen[0]);
        cr_assert(!seen[field], "field %u twice", field);
        seen[field] = true;
        cr_assert_gt(strlen(words_label(&words, event, field)), 0);
        words_field(&words, event, field, text);
        cr_assert_gt(strlen(text), 0, "field %u of type %u", field,
                     event->type);
        count++;
    }
    return count;
}

Test(words, every_field_of_every_type_is_told_in_both_languages)
{
    size_t types = 0;
    const struct catalogue_type *type = catalogue_types(&types);

    for (size_t i = 0; i < types; i++) {
        struct event event;

        sample_event_full(type[i].number, &event);
        for (int k = 0; k < 2; k++) {
            words.language = k == 0 ? LANGUAGE_VI : LANGUAGE_EN;
            /* The header has 17 fields, of which the type stands in front and
             * the four of a document are one. */
            cr_assert_eq(told(&event), 13 + type[i].field_count, "%s",
                         type[i].name);
        }
    }
}

Test(words, values_are_said_by_their_labels)
{
    struct event event;

    words.language = LANGUAGE_VI;
    sample_event_valid(8, &event);
    words_field(&words, &event, EVENT_OCCURRED_ON, text);
    cr_assert_str_eq(text, "05/03/2018");
    event_set(&event, 2, 1);
    words_field(&words, &event, EVENT_BODY_BASE + 2, text);
    cr_assert_str_eq(text, "Đội kiểm tra liên ngành 178");
    words_unit(&words, unit_key_make(UNIT_SYSTEM_GSO3, 5, 25), 0, text);
    cr_assert_str_eq(text, "gso3:00025");
}

Test(words, i10_a_value_that_nobody_declared_is_only_a_number)
{
    struct event event;

    words.language = LANGUAGE_EN;
    sample_event_valid(8, &event);
    event_set(&event, 2, 10007);
    words_field(&words, &event, EVENT_BODY_BASE + 2, text);
    cr_assert_str_eq(text, "10007 (not declared)");
    event_init(&event, 0);
    event.type = 4711;
    event.unknown_type = true;
    cr_assert_str_eq(words_type(&words, &event),
                     "a type that nobody has declared");
    event.fault = EVENT_FAULT_MALFORMED;
    cr_assert_str_eq(words_type(&words, &event), "cannot be read");
}
