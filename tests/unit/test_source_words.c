/* Mistakes as the page's people are told them: no codes, and no names of fields
 * that one types on the command line. */
#include "agent/source/source.h"

#include "tests/support/office_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define CELLS_MAX 16u
#define TEXT_MAX  512u

static struct clock_settable now;
static struct clock now_clock;
static struct context *context;
static struct source source;

static void open_office(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();

    context = office_fixture_context(&fixture);
    now.wall_us = INT64_C(1530403200) * CLOCK_US_PER_S; /* 2018-07-01 UTC */
    clock_init_settable(&now_clock, &now);
    source = (struct source){.context = context,
                             .agent = context_agent(context, fixture.agent),
                             .clock = &now_clock,
                             .language = LANGUAGE_VI};
}

static void close_office(void)
{
    context_free(&context);
}

TestSuite(source_words, .init = open_office, .fini = close_office);

/* "type|field=value|field=value ..." has a mistake in the field, told so. */
static void expect_told(const char *text, uint32_t field, const char *words)
{
    struct source_cell cells[CELLS_MAX];
    char copy[TEXT_MAX];
    struct event event;
    char *rest, *word;
    size_t count = 0;
    const struct catalogue_type *type;

    (void)snprintf(copy, sizeof copy, "%s", text);
    word = strtok_r(copy, "|", &rest);
    type = source_type(word, strlen(word), NULL);
    while ((word = strtok_r(NULL, "|", &rest)) != NULL) {
        char *equals = strchr(word, '=');

        cells[count].field =
            source_field(type, word, (size_t)(equals - word), NULL);
        cells[count].text = equals + 1;
        cells[count++].size = strlen(equals + 1);
    }
    cr_assert_eq(source_read(&source, type, cells, count, &event),
                 STATUS_INVALID);
    cr_assert_eq(source.issues[0].field, field, "%s", source.issues[0].text);
    cr_assert_not_null(strstr(source.issues[0].text, words), "%s",
                       source.issues[0].text);
    for (size_t i = 0; i < source.issue_count; i++) {
        cr_assert_null(strchr(source.issues[i].text, '('), "%s",
                       source.issues[i].text);
        cr_assert_null(strstr(source.issues[i].text, "gso3:"), "%s",
                       source.issues[i].text);
    }
}

/* Nobody wrote the unit that the office records for: the day is to be mended.
 */
Test(source_words, a_unit_that_ended_is_the_fault_of_the_day)
{
    now.wall_us = INT64_C(1767225600) * CLOCK_US_PER_S; /* 2026-01-01 UTC */
    expect_told("inspection|inspected_on=2025-07-02|est_ref=@so-15|"
                "team_kind=interagency_178|team_level=district|mode=planned|"
                "result=no_violation|violations=0",
                EVENT_OCCURRED_ON,
                "Quận Ba Đình, đơn vị ghi, không có hiệu "
                "lực vào ngày 02/07/2025");
}

#define INSPECTION                                                \
    "inspection|inspected_on=2018-03-05|est_ref=@so-15|"          \
    "team_kind=interagency_178|team_level=district|mode=planned|" \
    "result=no_violation|violations=0"

Test(source_words, the_page_is_told_names_and_labels)
{
    expect_told("inspection|inspected_on=2018-03-05|est_ref=@so-15|"
                "team_kind=interagency_178|team_level=district|mode=planned",
                EVENT_BODY_BASE + 5, "Thiếu Kết quả.");
    expect_told(INSPECTION "|subject_unit=gso3:00037", EVENT_SUBJECT_UNIT,
                "Phường Phúc Tân");
    expect_told(INSPECTION "|subject_unit=Ngoc Khan", EVENT_SUBJECT_UNIT,
                "\"Phường Ngọc Khánh\"");
    expect_told("inspection|inspected_on=2018-03-05|est_ref=@so-15|"
                "team_kind=interagency_178|team_level=district|mode=x|"
                "result=no_violation",
                EVENT_BODY_BASE + 4, "\"Theo kế hoạch\"");
}
