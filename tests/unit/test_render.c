/* What is written out is read again as the same event, for every type. */
#include "common/base/render.h"

#include "agent/source/source.h"
#include "tests/support/office_fixture.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define FIELDS_MAX (EVENT_BODY_BASE + EVENT_FIELDS_MAX)

static struct context *context;
static struct clock_settable now;
static struct clock now_clock;
static struct source source;

static void open_context(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();

    context = office_fixture_context(&fixture);
    now.wall_us = INT64_C(1546300800) * CLOCK_US_PER_S;
    clock_init_settable(&now_clock, &now);
    source = (struct source){.context = context,
                             .agent = context_agent(context, fixture.agent),
                             .clock = &now_clock,
                             .language = LANGUAGE_EN};
}

static void close_context(void)
{
    context_free(&context);
}

TestSuite(render, .init = open_context, .fini = close_context);

/* Fields that a person enters: the rest is made by the program. */
static bool is_entered(uint32_t field)
{
    return field != EVENT_TYPE && field != EVENT_RECORDED_AT &&
           field != EVENT_VOCABULARY && field != EVENT_DOCUMENT_YEAR &&
           field != EVENT_DOCUMENT_KIND && field != EVENT_DOCUMENT_BODIES;
}

/* Reads what was written; the rules may find more, but no value is lost. */
static void read_back(const struct event *event, struct event *again)
{
    static char texts[SOURCE_CELLS_MAX][RENDER_TEXT_MAX];
    struct source_cell cells[SOURCE_CELLS_MAX];
    size_t count = 0;

    for (uint32_t field = 1; field < FIELDS_MAX; field++) {
        if (field == EVENT_REASON + 1) {
            field = EVENT_BODY_BASE + 1;
        }
        render_field(event, field, NULL, texts[count]);
        if (is_entered(field) && texts[count][0] != '\0') {
            cells[count] =
                (struct source_cell){field, texts[count], strlen(texts[count])};
            count++;
        }
    }
    (void)!source_read(&source, catalogue_type(event->type), cells, count,
                       again);
}

static void expect_same(const struct event *event)
{
    struct event again;

    read_back(event, &again);
    for (uint32_t field = 1; field < FIELDS_MAX; field++) {
        static char before[RENDER_TEXT_MAX];
        static char after[RENDER_TEXT_MAX];

        if (field == EVENT_REASON + 1) {
            field = EVENT_BODY_BASE + 1;
        }
        if (!is_entered(field)) {
            continue;
        }
        render_field(event, field, NULL, before);
        render_field(&again, field, NULL, after);
        cr_assert_str_eq(after, before, "type %u, field %u",
                         (unsigned)event->type, (unsigned)field);
    }
    cr_assert_eq(again.present, event->present, "type %u",
                 (unsigned)event->type);
}

Test(render, every_type_comes_back_as_it_was)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);

    for (size_t i = 0; i < count; i++) {
        struct event event;

        sample_event_valid(types[i].number, &event);
        event.role = 2;
        event.header_present |= 1u << EVENT_ROLE;
        expect_same(&event);
    }
}

Test(render, an_absent_field_is_empty_and_zero_is_not)
{
    static char text[RENDER_TEXT_MAX];
    struct event event;

    sample_event_valid(8, &event);
    event.present &= ~(1u << 7);
    render_field(&event, EVENT_BODY_BASE + 7, NULL, text);
    cr_assert_str_eq(text, "");
    event_set(&event, 7, 0);
    render_field(&event, EVENT_BODY_BASE + 7, NULL, text);
    cr_assert_str_eq(text, "0");
    cr_assert(render_is_number(&event, EVENT_BODY_BASE + 7));
    cr_assert_not(render_is_number(&event, EVENT_BODY_BASE + 1));
}

Test(render, a_value_that_nobody_declares_is_written_as_its_number)
{
    static char text[RENDER_TEXT_MAX];
    struct event event;

    sample_event_valid(8, &event);
    event_set(&event, 5, 10007);
    render_field(&event, EVENT_BODY_BASE + 5, NULL, text);
    cr_assert_str_eq(text, "10007");
}

/* The longest list of the longest words fits. */
Test(render, i11_a_full_list_fits)
{
    static char text[RENDER_TEXT_MAX];
    struct event event;

    event_init(&event, 8);
    while (event_append(&event, 9, UINT32_MAX)) {
    }
    render_field(&event, EVENT_BODY_BASE + 9, NULL, text);
    cr_assert_eq(strlen(text), EVENT_LIST_MAX * 11u - 1u);
}
