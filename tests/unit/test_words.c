#include "common/base/words.h"

#include "common/event/catalogue.h"
#include "common/event/period.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    REPORT = 19,
    NIL_REPORT = 21
};

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

/* As everywhere else; what is no period of its kind stays a number. */
Test(words, a_period_is_said_by_its_name)
{
    static const struct {
        uint64_t kind, key;
        const char *vi, *en;
    } periods[] = {
        {PERIOD_MONTH, 201812, "tháng 12/2018", "December 2018"},
        {PERIOD_QUARTER, 201802, "quý 2/2018", "Q2 2018"},
        {PERIOD_HALF_YEAR, 201801, "6 tháng đầu năm 2018",
         "first half of 2018"},
        {PERIOD_YEAR, 201801, "năm 2018", "2018"},
        {PERIOD_QUARTER, 201805, "201805", "201805"},
        {PERIOD_AD_HOC, 201801, "201801", "201801"},
        {PERIOD_KIND_END, 201801, "201801", "201801"},
    };

    for (uint32_t type = NIL_REPORT; type != 0;
         type = type == NIL_REPORT ? REPORT : 0) {
        for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
            struct event event;

            sample_event_valid(type, &event);
            event_set(&event, 2, periods[i].kind);
            event_set(&event, 3, periods[i].key);
            words.language = LANGUAGE_VI;
            words_field(&words, &event, EVENT_BODY_BASE + 3, text);
            cr_assert_str_eq(text, periods[i].vi);
            words.language = LANGUAGE_EN;
            words_field(&words, &event, EVENT_BODY_BASE + 3, text);
            cr_assert_str_eq(text, periods[i].en);
        }
    }
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
