/* A quarter of the small province, reported, said to be empty, forgotten and
 * not received: its reports are due on the fifth day after it. */
#include "common/figures/silence.h"

#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/figures/indicator.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    REPORT = 19,
    CORRECTION = 20,
    NIL_REPORT = 21,
    INSPECTION = 8,
    VISITS = 24,
    OTHER = 25
};

#define KEY 201801u /* first quarter of 2018 */

static struct world world;
static struct fold *fold;
static struct silence *silence;
static struct period_regime regime;
static struct plan_indicator visits = {.number = VISITS};
static int32_t last; /* the fifth of April */

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
    cr_assert(period_regime_init(&regime, PERIOD_CALENDAR));
    regime.due[PERIOD_QUARTER] =
        (struct period_due){.given = true, .days_after = 5};
    last = calendar_day(2018, 4, 5);
}

static void close_world(void)
{
    silence_free(&silence);
    fold_free(&fold);
    world_close(&world);
}

TestSuite(silence, .init = open_world, .fini = close_world);

static void fill_period(struct event *event)
{
    event_set(event, 1, PERIOD_CALENDAR);
    event_set(event, 2, PERIOD_QUARTER);
    event_set(event, 3, KEY);
}

/* A report of district `agent` for the quarter, received on the day. */
static uint64_t add_report(uint32_t agent, uint32_t type, int32_t received,
                           uint64_t target)
{
    struct event event;
    struct world_event *added;

    world_event_init(&world, &event, agent, type, calendar_day(2018, 4, 1), 0);
    fill_period(&event);
    if (type == NIL_REPORT) {
        (void)event_append(&event, 4, VISITS);
    }
    if (target != 0) {
        event_header_set(&event, EVENT_TARGET, target);
        event_header_set(&event, EVENT_HEAD, target);
        event_header_set(&event, EVENT_REASON, 1);
    }
    added = world_add(&world, agent, 1, &event);
    added->received_at = received * CLOCK_US_PER_DAY + CLOCK_US_PER_DAY / 2;
    return added->id;
}

/* Something that the office sent after the quarter, of another kind. */
static void add_life(uint32_t agent, int32_t day)
{
    struct event event;

    world_event_init(&world, &event, agent, INSPECTION, day,
                     WORLD_COMMUNE(agent, 1));
    event_set(&event, 1, id60_make(agent, 1, 77));
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, 1);
    (void)world_add(&world, agent, 1, &event);
}

static void look(int32_t known_to)
{
    struct silence_request request = {
        .plan = context_plan_at(world.context, 0)->plan,
        .regime = &regime,
        .known_to = known_to,
    };

    cr_assert(period_bounds(&regime, PERIOD_QUARTER, KEY, &request.period));
    silence_free(&silence);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    cr_assert_eq(silence_new(fold, world.context, &request, &silence),
                 STATUS_OK);
}

static size_t position_of(uint32_t district)
{
    const struct units *units = context_units(world.context);

    return units_position(units, units_find(units, WORLD_DISTRICT(district),
                                            calendar_day(2018, 3, 31)));
}

static enum silence_state state_of(uint32_t district)
{
    bool on_time;

    return silence_unit(silence, position_of(district), &on_time);
}

static bool says_zero(const struct plan_indicator *indicator, size_t unit)
{
    return silence_says_zero(silence, indicator, unit);
}

static struct silence_count count_of(void)
{
    struct silence_count count;

    silence_count(silence, WORLD_PROVINCE, UNIT_DISTRICT, &count);
    return count;
}

Test(silence, nothing_is_due_before_the_last_day_is_over)
{
    look(last);
    cr_assert_eq(state_of(1), SILENCE_NOT_DUE);
    cr_assert_eq(count_of().due, 0);
    look(last + 1);
    cr_assert_eq(state_of(1), SILENCE_UNREACHABLE);
    cr_assert_eq(count_of().due, 2);
    regime.due[PERIOD_QUARTER].given = false;
    look(last + 100);
    cr_assert_eq(state_of(1), SILENCE_NO_DAY);
}

Test(silence, who_lives_and_says_nothing_is_late)
{
    add_life(1, calendar_day(2018, 3, 20));
    add_life(2, calendar_day(2018, 4, 10));
    look(last + 30);
    cr_assert_eq(state_of(1), SILENCE_UNREACHABLE);
    cr_assert_eq(state_of(2), SILENCE_LATE);
}

Test(silence, a_nil_report_is_zero_for_what_it_names)
{
    struct plan_indicator other = {.number = OTHER};

    (void)add_report(1, NIL_REPORT, last, 0);
    look(last + 1);
    cr_assert_eq(state_of(1), SILENCE_REPORTED);
    cr_assert(says_zero(&visits, position_of(1)));
    cr_assert_not(says_zero(&other, position_of(1)));
}

Test(silence, a_report_is_in_time_on_its_last_day_and_late_after_it)
{
    struct silence_count count;

    (void)add_report(1, REPORT, last, 0);
    (void)add_report(2, REPORT, last + 1, 0);
    look(last + 10);
    count = count_of();
    cr_assert_eq(count.due, 2);
    cr_assert_eq(count.reported, 2);
    cr_assert_eq(count.on_time, 1);
    cr_assert_eq(state_of(2), SILENCE_REPORTED);
    cr_assert(says_zero(&visits, position_of(2)));
}

/* Three reports of one unit are one unit that has reported. */
Test(silence, never_more_than_all_are_in_time)
{
    struct silence_count count;

    (void)add_report(1, REPORT, last, 0);
    (void)add_report(1, REPORT, last, 0);
    (void)add_report(1, NIL_REPORT, last, 0);
    (void)add_report(2, NIL_REPORT, last, 0);
    look(last + 1);
    count = count_of();
    cr_assert_eq(count.reported, 2);
    cr_assert_eq(count.on_time, 2);
}

Test(silence, i5_a_replacement_keeps_the_day_of_the_first_and_a_void_takes_it)
{
    uint64_t first = add_report(1, REPORT, last, 0);
    struct event event;

    (void)add_report(1, REPORT, last + 20, first);
    look(last + 30);
    cr_assert_eq(count_of().on_time, 1);
    world_event_init(&world, &event, 1, CORRECTION, last + 21, 0);
    event_set(&event, 1, 1);
    event_header_set(&event, EVENT_TARGET, first);
    event_header_set(&event, EVENT_HEAD, world.events[1].id);
    event_header_set(&event, EVENT_REASON, 1);
    (void)world_add(&world, 1, 1, &event);
    look(last + 30);
    cr_assert_eq(count_of().reported, 0);
    cr_assert_eq(state_of(1), SILENCE_LATE);
}

/* The communes of the small province have no agents. */
Test(silence, a_unit_without_an_agent_is_reported_by_the_one_above)
{
    const struct units *units = context_units(world.context);
    struct silence_count count;
    size_t commune;

    (void)add_report(1, REPORT, last, 0);
    look(last + 1);
    silence_count(silence, WORLD_PROVINCE, UNIT_COMMUNE, &count);
    cr_assert_eq(count.due, 6);
    cr_assert_eq(count.reported, 3);
    cr_assert_eq(count.on_time, 3);
    commune = units_position(units, units_find(units, WORLD_COMMUNE(1, 1),
                                               calendar_day(2018, 3, 31)));
    cr_assert(says_zero(&visits, commune));
}

Test(silence, a_report_of_another_period_is_none)
{
    regime.due[PERIOD_YEAR] =
        (struct period_due){.given = true, .days_after = 5};
    (void)add_report(1, REPORT, last, 0);
    world.events[0].event.occurred_on = calendar_day(2018, 4, 2);
    event_set(&world.events[0].event, 3, KEY + 1);
    look(last + 1);
    cr_assert_eq(count_of().reported, 0);
}

/* ---- in print ---- */

/* The districts' visits of the quarter, as of the day. The caller frees. */
static char *print(enum listing_format format, int32_t today)
{
    struct indicator_request request = {
        .today = today,
        .by = true,
        .by_level = UNIT_DISTRICT,
        .indicator = "on_file",
        .format = format,
    };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    look(today);
    figure_range_default(context_plan_at(world.context, 0)->plan,
                         &request.range);
    request.range.from = silence_asked(silence)->period.from;
    request.range.to = silence_asked(silence)->period.to;
    request.range.unit_date = request.range.to;
    request.silence = silence;
    cr_assert_eq(indicator_print(fold, world.context, &request, out),
                 STATUS_OK);
    cr_assert_eq(fclose(out), 0);
    return text;
}

/* Whether a report is late stands below the table, not in it. */
Test(silence, a_table_says_who_has_reported_and_what_nobody_has_told)
{
    char *text;

    (void)add_report(1, REPORT, last, 0);
    text = print(LISTING_TEXT, last + 10);
    cr_assert_not_null(strstr(text, "chưa có số liệu"), "%s", text);
    cr_assert_null(strstr(text, "chậm"), "%s", text);
    cr_assert_not_null(strstr(text, "Kỳ báo cáo: quý 1/2018 (01/01/2018 - "
                                    "31/03/2018), calendar · năm kế hoạch: "
                                    "01/01/2018 - 31/12/2018\n"
                                    "Báo cáo: 1/2 đơn vị đã nộp, 1 đúng hạn "
                                    "(hạn cuối 05/04/2018)\n"),
                       "%s", text);
    free(text);
    text = print(LISTING_CSV, last + 10);
    cr_assert_not_null(strstr(text,
                              ",zero_reported,2018-04-02,2018-01-01,2018-03-31,"
                              "2018-04-15,calendar,2018-Q1,"),
                       "%s", text);
    cr_assert_not_null(strstr(text, ",never,,2018-01-01,"), "%s", text);
    free(text);
}
