/* What a figure of a unit means, in every case of decision 0051: visits of the
 * first quarter in the small province. */
#include "common/figures/received.h"

#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/indicator_text.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    INSPECTION = 8,
    TRAINING = 5
};

static struct world world;
static struct fold *fold;
static struct indicator_rows *rows;
static struct indicator_request request;

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
    request = (struct indicator_request){
        .today = calendar_day(2018, 6, 1),
        .by = true,
        .by_level = UNIT_DISTRICT,
        .indicator = "visits",
    };
    figure_range_default(context_plan_at(world.context, 0)->plan,
                         &request.range);
    request.range.to = calendar_day(2018, 3, 31);
    request.range.unit_date = request.range.to;
}

static void close_world(void)
{
    indicator_rows_free(&rows);
    fold_free(&fold);
    world_close(&world);
}

TestSuite(received, .init = open_world, .fini = close_world);

/* A visit in the first commune of the agent's district. */
static struct world_event *visit(uint32_t agent, int32_t day)
{
    struct event event;

    world_event_init(&world, &event, agent, INSPECTION, day,
                     WORLD_COMMUNE(agent == 2 ? 2 : 1, 1));
    event_set(&event, 1, id60_make(agent, 1, 77));
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, 1);
    return world_add(&world, agent, 1, &event);
}

/* A class: something that is no visit. */
static struct world_event *lesson(uint32_t agent, int32_t day)
{
    struct event event;

    world_event_init(&world, &event, agent, TRAINING, day, 0);
    event_set(&event, 1, 1);
    event_set(&event, 2, 10);
    return world_add(&world, agent, 1, &event);
}

static const struct indicator_row *row_of(uint32_t unit)
{
    indicator_rows_free(&rows);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    cr_assert_eq(indicator_rows_new(fold, world.context, &request, &rows),
                 STATUS_OK);
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].unit->key == unit) {
            return &rows->rows[i];
        }
    }
    cr_assert_fail("no row of the unit");
    return NULL;
}

static const char *shown(uint32_t unit)
{
    static char text[INDICATOR_TEXT_MAX];

    cr_assert(indicator_value_text(row_of(unit), LANGUAGE_VI, text));
    return text;
}

Test(received, what_was_counted_is_a_value_and_the_rest_of_who_told_all_is_zero)
{
    (void)visit(1, calendar_day(2018, 2, 1));
    (void)visit(1, calendar_day(2018, 5, 1));
    (void)visit(2, calendar_day(2018, 5, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->state, RECEIVED_VALUE);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_ZERO);
    cr_assert_str_eq(shown(WORLD_DISTRICT(1)), "1");
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0");
}

Test(received, an_office_that_never_sent_anything_has_no_zero)
{
    (void)visit(1, calendar_day(2018, 5, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_NEVER);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->told.until, RECEIVED_NO_DAY);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "chưa có số liệu");
    /* Of the plan's own unit what was counted is said, whoever sent it. */
    cr_assert_eq(row_of(WORLD_PROVINCE)->state, RECEIVED_UNSAID);
    cr_assert_str_eq(shown(WORLD_PROVINCE), "0");
    /* Over the plan's whole year as over a part of it. */
    request.range.to = calendar_day(2018, 12, 31);
    request.range.unit_date = request.range.to;
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "chưa có số liệu");
}

/* Enrolled for 2017 to 2019. */
Test(received, an_office_speaks_for_the_days_of_its_enrolment)
{
    (void)visit(1, calendar_day(2018, 5, 1));
    request.range.from = calendar_day(2020, 1, 1);
    request.range.to = calendar_day(2020, 3, 31);
    request.range.unit_date = request.range.to;
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->state, RECEIVED_NO_OFFICE);
    cr_assert_str_eq(shown(WORLD_DISTRICT(1)), "chưa có số liệu");
}

/* Recorded on the last day: more may have happened on it. */
Test(received, i3_all_is_told_when_something_of_a_later_day_has_come)
{
    (void)lesson(2, calendar_day(2018, 3, 29));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_SO_FAR);
    (void)lesson(2, calendar_day(2018, 3, 30));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->told.until,
                 calendar_day(2018, 3, 31));
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0 (đến 31/03/2018)");
    (void)lesson(2, calendar_day(2018, 3, 31));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->told.until,
                 calendar_day(2018, 4, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_ZERO);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0");
}

/* While the days are not over every figure is one so far. */
Test(received, a_zero_of_a_running_period_is_a_zero)
{
    (void)lesson(2, calendar_day(2018, 2, 1));
    request.today = calendar_day(2018, 3, 31);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_SO_FAR);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0");
    request.today = calendar_day(2018, 4, 1);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0 (đến 02/02/2018)");
}

Test(received, who_told_nothing_of_these_days_has_no_zero)
{
    (void)lesson(2, calendar_day(2017, 10, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_SILENT);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "chưa có số liệu kỳ này");
    cr_assert_str_eq(received_token(row_of(WORLD_DISTRICT(2))->state),
                     "silent");
}

/* What comes on a stick is as old as when it was put there; a clock that runs
 * ahead tells no more than what has come. */
Test(received, i4_how_far_is_told_goes_by_the_record_and_not_by_its_arrival)
{
    struct world_event *late = lesson(2, calendar_day(2018, 3, 1));

    late->received_at = calendar_day(2018, 5, 1) * CLOCK_US_PER_DAY;
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->told.until,
                 calendar_day(2018, 3, 2));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_SO_FAR);
    late->event.recorded_at = calendar_day(2018, 9, 1) * CLOCK_US_PER_DAY;
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->told.until,
                 calendar_day(2018, 5, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_ZERO);
}

Test(received, a_station_of_the_province_speaks_for_the_province_alone)
{
    (void)lesson(WORLD_CORRECTOR, calendar_day(2018, 5, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->state, RECEIVED_NEVER);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_NEVER);
}

/* The communes of the small province have no stations. */
Test(received, communes_are_told_of_by_their_district)
{
    request.by_level = UNIT_COMMUNE;
    (void)lesson(1, calendar_day(2018, 5, 1));
    cr_assert_eq(row_of(WORLD_COMMUNE(1, 2))->state, RECEIVED_ZERO);
    cr_assert_eq(row_of(WORLD_COMMUNE(2, 1))->state, RECEIVED_NEVER);
}

/* Of two stations of a district the one that has told most. */
Test(received, one_of_several_stations_is_enough)
{
    (void)lesson(1, calendar_day(2018, 2, 1));
    (void)lesson(3, calendar_day(2018, 5, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->state, RECEIVED_ZERO);
}

/* A number that a unit did not give is no number in any output. */
Test(received, nothing_told_has_no_value_no_share_and_no_status_of_its_own)
{
    const struct indicator_row *row;
    uint64_t part, whole;
    char text[INDICATOR_TEXT_MAX];

    request.indicator = "coverage";
    (void)visit(1, calendar_day(2018, 5, 1));
    row = row_of(WORLD_DISTRICT(2));
    cr_assert_eq(row->state, RECEIVED_NEVER);
    cr_assert_not(indicator_share(row, &part, &whole));
    cr_assert_not(indicator_achieved(row, &part, &whole));
    cr_assert(indicator_status_text(row, LANGUAGE_VI, text) == false ||
              strcmp(text, "chưa có số liệu") == 0);
}

/* The states are of a ledger: figures of less than one have none. */
Test(received, an_offices_own_figures_have_no_states)
{
    static const struct indicator_view view = {.says = "own", .streams = "1.1"};

    request.view = &view;
    (void)visit(1, calendar_day(2018, 5, 1));
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_UNSAID);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0");
}

/* ---- offices of a part of the days ---- */

/* The world's offices are enrolled for 2017 to 2019. */
static void enrol_for(uint32_t agent, int32_t from, int32_t to)
{
    struct control_scope *scope =
        (struct control_scope *)(uintptr_t)context_agent(world.context, agent)
            ->scopes;

    scope->from = from;
    scope->to = to;
}

/* Enrolled in the middle of the quarter: nobody answers for what was before. */
Test(received, no_zero_holds_for_days_before_the_enrolment)
{
    const struct indicator_row *row;

    enrol_for(2, calendar_day(2018, 3, 15), calendar_day(2019, 12, 31));
    (void)lesson(2, calendar_day(2018, 5, 1));
    row = row_of(WORLD_DISTRICT(2));
    cr_assert_eq(row->state, RECEIVED_SO_FAR);
    cr_assert_eq(row->told.since, calendar_day(2018, 3, 15));
    cr_assert_eq(row->told.until, calendar_day(2018, 5, 2));
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0 (từ 15/03/2018)");
    /* Nor while the period runs. */
    request.today = calendar_day(2018, 3, 20);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0 (từ 15/03/2018)");
    /* Its own days are told as ever. */
    request.range.from = calendar_day(2018, 3, 15);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_ZERO);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->told.since, RECEIVED_NO_DAY);
}

/* What it sends for another unit later says nothing of this one. */
Test(received, no_zero_holds_for_days_after_the_enrolment)
{
    enrol_for(2, calendar_day(2017, 1, 1), calendar_day(2018, 1, 31));
    (void)lesson(2, calendar_day(2018, 1, 20))->received_at;
    world.events[world.count - 1].event.recorded_at =
        calendar_day(2018, 4, 20) * CLOCK_US_PER_DAY;
    world.events[world.count - 1].received_at =
        calendar_day(2018, 4, 20) * CLOCK_US_PER_DAY;
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_SO_FAR);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->told.until,
                 calendar_day(2018, 2, 1));
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "0 (đến 01/02/2018)");
    /* A unit for a day has no end to overflow. */
    enrol_for(2, calendar_day(2017, 1, 1), INT32_MAX);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_ZERO);
}

/* In whatever order they were enrolled; a day between them is nobody's. */
Test(received, offices_that_follow_each_other_tell_all_of_the_days)
{
    enrol_for(1, calendar_day(2018, 3, 15), calendar_day(2019, 12, 31));
    enrol_for(3, calendar_day(2017, 1, 1), calendar_day(2018, 3, 14));
    (void)lesson(1, calendar_day(2018, 5, 1));
    (void)lesson(3, calendar_day(2018, 3, 14));
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->state, RECEIVED_ZERO);
    enrol_for(3, calendar_day(2018, 3, 15), calendar_day(2019, 12, 31));
    enrol_for(1, calendar_day(2017, 1, 1), calendar_day(2018, 3, 14));
    world.events[0].event.occurred_on = calendar_day(2018, 3, 14);
    world.events[1].event.occurred_on = calendar_day(2018, 3, 15);
    world.events[1].event.recorded_at = world.events[0].event.recorded_at;
    world.events[1].received_at = world.events[0].received_at;
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->state, RECEIVED_ZERO);
    enrol_for(1, calendar_day(2017, 1, 1), calendar_day(2018, 3, 13));
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->state, RECEIVED_SO_FAR);
    cr_assert_eq(row_of(WORLD_DISTRICT(1))->told.since,
                 calendar_day(2018, 3, 15));
}

/* ---- offices of a part of the programmes ---- */

static void enrol_for_programmes(uint32_t agent, uint32_t count, uint32_t first,
                                 uint32_t second)
{
    struct control_scope *scope =
        (struct control_scope *)(uintptr_t)context_agent(world.context, agent)
            ->scopes;

    scope->programme_count = count;
    scope->programmes[0] = first;
    scope->programmes[1] = second;
}

/* What it may write counts in other plans: of this one it can tell nothing. */
Test(received, an_office_of_another_programme_has_no_zero_in_this_plan)
{
    uint32_t other = WORLD_PROSTITUTION + 1;

    cr_assert_not(plan_has_programme(request.range.plan, other));
    (void)lesson(2, calendar_day(2018, 5, 1));
    enrol_for_programmes(2, 1, other, 0);
    /* The other one of the district never sent anything. */
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_NEVER);
    enrol_for_programmes(4, 1, other, 0);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_NO_OFFICE);
    cr_assert_str_eq(shown(WORLD_DISTRICT(2)), "chưa có số liệu");
    /* One of several is enough. */
    enrol_for_programmes(2, 2, other, WORLD_PROSTITUTION);
    cr_assert_eq(row_of(WORLD_DISTRICT(2))->state, RECEIVED_ZERO);
}
