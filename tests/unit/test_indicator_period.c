/* What has to hold in each period that is over: units, things, months of an
 * outlet. */
#include "tests/support/small_year.h"

#include <criterion/criterion.h>

static void open_year(void)
{
    small_year_open("tests/support/periods_plan.yaml");
}

TestSuite(indicator_period, .init = open_year, .fini = small_year_close);

#define IS(indicator, unit, text) \
    cr_assert_str_eq(small_year_text(indicator, unit), text)
#define IN(indicator, unit, from, to, known_to, text)                         \
    cr_assert_str_eq(small_year_text_in(indicator, unit, from, to, known_to), \
                     text)
/* Over the plan's year, as known on a day of it. */
#define BY(indicator, unit, known_to, text) \
    IN(indicator, unit, "2018-01-01", "2018-12-31", known_to, text)
#define TALK "communication_activity form=talk audience=community sessions=1"

Test(indicator_period, kept_up_is_in_each_quarter_that_is_over)
{
    (void)small_year_add("2018-03-31 90101 " TALK, "2018-04-01 90101 " TALK,
                         "2018-09-30 90101 " TALK, "2018-02-01 90201 " TALK,
                         "2018-06-30 90201 " TALK, NULL);
    BY("sustained", "90", "2018-06-30", "2/7");
    /* The quarter is over on its last day, not before. */
    BY("sustained", "90", "2018-09-29", "2/7");
    BY("sustained", "90", "2018-09-30", "1/7");
    BY("sustained", "901", "2018-09-30", "1/4");
    BY("sustained", "90201", "2018-09-30", "0/1");
    IS("sustained", "90", "0/7");
    /* One half-year: its two quarters. */
    IN("sustained", "90", "2018-01-01", "2018-06-30", "2018-12-31", "2/6");
    IN("sustained", "90", "2018-03-31", "2018-06-30", "2018-12-31", "2/6");
    /* A range that cuts the first quarter off does not ask for it. */
    IN("sustained", "90", "2018-01-02", "2018-09-30", "2018-12-31", "1/7");
}

Test(indicator_period, before_the_first_period_is_over_nothing_can_be_said)
{
    (void)small_year_add("2018-01-05 90101 " TALK,
                         "2018-01-06 90101 plan_issued year=2018", NULL);
    BY("sustained", "90", "2018-03-30", "-");
    BY("twice_a_quarter", "90", "2018-03-30", "-");
    BY("sustained_and_planned", "90", "2018-03-30", "-");
    BY("months", "90", "2018-01-30", "-");
    BY("sustained", "90", "2018-03-31", "1/7");
    BY("sustained_and_planned", "90", "2018-03-31", "1");
    BY("months", "90", "2018-01-31", "0/1");
}

Test(indicator_period, so_many_events_are_asked_for_in_each_period)
{
    (void)small_year_add("2018-01-05 90101 " TALK, "2018-01-05 90101 " TALK,
                         "2018-05-05 90101 " TALK, "2018-01-05 90102 " TALK,
                         "2018-02-05 90102 " TALK, "2018-05-05 90102 " TALK,
                         "2018-05-06 90102 " TALK, NULL);
    BY("twice_a_quarter", "90", "2018-03-31", "2");
    BY("twice_a_quarter", "90", "2018-06-30", "1");
    IS("twice", "90", "2");
    IN("twice", "90", "2018-05-01", "2018-12-31", "2018-12-31", "1");
}

Test(indicator_period, a_regime_says_which_days_a_period_has)
{
    (void)small_year_add("2018-03-14 90101 " TALK, "2018-03-15 90101 " TALK,
                         "2018-03-15 90102 " TALK, "2018-06-14 90102 " TALK,
                         NULL);
    /* The plan's first quarter began in the year before the range: it is not
     * asked for. */
    BY("sustained_by_plan", "90", "2018-06-13", "-");
    BY("sustained_by_plan", "90", "2018-06-14", "2");
    IN("sustained_by_plan", "90", "2017-12-15", "2018-06-14", "2018-06-14",
       "1");
}

Test(indicator_period, i12_a_unit_is_asked_for_the_periods_that_it_was_there)
{
    /* 90206 carries on 90203 and answers for its quarters; 90104 is new. */
    (void)small_year_add("2018-02-01 90203 " TALK, "2018-05-01 90203 " TALK,
                         "2018-08-01 90206 " TALK, "2018-08-01 90104 " TALK,
                         "2018-12-01 90104 " TALK, "2018-12-01 90206 " TALK,
                         "2018-08-01 90105 " TALK, NULL);
    IS("sustained", "902", "1/3");
    IS("sustained", "90206", "1/1");
    IS("sustained", "90104", "1/1");
    IS("sustained", "90105", "0/1");
}

Test(indicator_period, units_below_are_asked_only_when_the_plan_says_so)
{
    (void)small_year_add("2018-03-31 90101 " TALK, "2018-03-31 90102 " TALK,
                         "2018-03-31 90103 " TALK, NULL);
    IS("districts", "90", "0");
    IS("districts_below", "90", "1/2");
    (void)small_year_add("2018-03-31 902 " TALK, NULL);
    IS("districts", "90", "1");
    IS("districts_below", "90", "2/2");
}

#define VISIT                                                     \
    "team_kind=interagency_178 team_level=district mode=planned " \
    "result=no_violation"

Test(indicator_period, a_thing_has_to_have_an_event_in_each_period)
{
    (void)small_year_add("2018-02-01 90101 inspection est_ref=1 " VISIT,
                         "2018-05-01 90101 inspection est_ref=1 " VISIT,
                         "2018-02-01 90101 inspection est_ref=2 " VISIT,
                         "2018-02-02 90201 inspection est_ref=2 " VISIT,
                         /* Under two names, one thing. */
                         "2018-02-02 90201 inspection est_ref=3 " VISIT,
                         "2018-05-02 90201 inspection est_ref=4 " VISIT,
                         "2018-05-02 90201 same_as kind=establishment first=3 "
                         "second=4",
                         NULL);
    BY("visited_each_quarter", "90", "2018-03-31", "3");
    BY("visited_each_quarter", "90", "2018-06-30", "2");
    BY("visited_each_quarter", "902", "2018-06-30", "1");
}

#define CONFIRMED "state=confirmed place_kind=public_place"

Test(indicator_period, an_event_with_several_places_is_one_in_each_unit)
{
    /* 90203 and 90206 are one commune by the end of the year. */
    (void)small_year_add(
        "2018-03-01 90201 hotspot_status hotspot_ref=1 " CONFIRMED
        " units=90203+90201",
        "2018-08-01 90201 hotspot_status hotspot_ref=1 " CONFIRMED
        " units=90206+90202+90201",
        NULL);
    IS("hotspot_communes", "90", "2");
    IS("hotspot_communes", "90202", "0");
    IS("hotspot_communes", "90206", "1");
    IS("hotspot_districts", "90", "1");
    /* One event in two communes of the district is one event. */
    (void)small_year_add(
        "2018-03-01 90101 hotspot_status hotspot_ref=2 " CONFIRMED
        " units=90101+90102",
        NULL);
    IS("hotspot_districts", "901", "0");
}

#define ITEMS "media_item kind=news"

Test(indicator_period, months_count_in_which_there_were_enough)
{
    (void)small_year_add("2018-01-31 90 " ITEMS " outlet=newspaper items=2",
                         "2018-02-01 90 " ITEMS " outlet=newspaper items=1",
                         "2018-02-28 90 " ITEMS " outlet=radio_tv items=1",
                         "2018-03-01 90 " ITEMS " outlet=newspaper items=1",
                         /* Another outlet is not asked for. */
                         "2018-04-01 90 " ITEMS " outlet=portal items=9", NULL);
    BY("months", "90", "2018-03-31", "2/3");
    BY("months", "90", "2018-04-30", "3/4");
    BY("outlet_months", "90", "2018-03-31", "4/6");
    BY("outlet_months", "90", "2018-04-29", "4/6");
    BY("outlet_months", "90", "2018-04-30", "4/8");
    IN("outlet_months", "90", "2018-02-01", "2018-03-31", "2018-12-31", "3/4");
    IS("outlet_months", "90", "4/24");
    BY("outlet_months", "901", "2018-03-31", "0/6");
}

Test(indicator_period, i12_a_list_says_which_units_are_asked)
{
    (void)small_year_add("2018-03-01 90101 " TALK, "2018-03-01 90102 " TALK,
                         "2018-03-01 90203 " TALK, "2018-03-01 90201 " TALK,
                         "2018-03-01 90101 plan_issued year=2018",
                         "2018-03-01 90201 plan_issued year=2018",
                         "2018-03-01 902 plan_issued year=2018", NULL);
    /* 90206 carries on what the list names. */
    IS("listed", "90", "2/2");
    IS("listed", "902", "1/1");
    IS("listed", "90102", "-");
    /* A list of districts holds what lies in them. */
    IS("all_but", "90", "2/4");
    IS("all_but", "902", "-");
    IS("second", "90", "3");
    IS("planned_in_second", "90", "2");
    IS("planned_elsewhere", "90", "1");
}

#define REPORT "report_submitted regime=plan_deadline period_kind=quarter"

Test(indicator_period, reports_are_on_time_by_their_last_day)
{
    (void)small_year_add(
        /* In time on the very day, and early. */
        "2018-03-14 901 " REPORT " period_key=201801",
        "2018-06-01 901 " REPORT " period_key=201802",
        /* A day late; and handed in again later, which changes nothing. */
        "2018-03-15 902 " REPORT " period_key=201801",
        "2018-06-14 902 " REPORT " period_key=201802",
        "2018-09-20 902 " REPORT " period_key=201802 revision=1",
        /* Of other periods, another regime, a commune. */
        "2018-03-01 902 " REPORT " period_key=201704",
        "2018-03-01 902 report_submitted regime=calendar period_kind=quarter "
        "period_key=201801",
        "2018-03-01 90201 " REPORT " period_key=201801", NULL);
    BY("reported", "90", "2018-03-13", "-");
    BY("reported", "90", "2018-03-14", "1/2");
    BY("reported", "90", "2018-06-14", "3/4");
    BY("reported", "901", "2018-06-14", "2/2");
    BY("reported", "902", "2018-06-14", "1/2");
    BY("reported", "90201", "2018-06-14", "-");
    IS("reported", "90", "3/8");
    /* Due in the range. */
    IN("reported", "90", "2018-03-15", "2018-06-14", "2018-06-14", "2/2");
    /* The province has them on the day after. */
    BY("received", "90", "2018-06-14", "1/4");
    BY("received", "901", "2018-06-14", "1/2");
    BY("received", "902", "2018-06-14", "0/2");
    BY("reported_later", "90", "2018-03-18", "-");
    BY("reported_later", "90", "2018-03-19", "1/1");
}

Test(indicator_period, a_regime_says_by_which_day_its_reports_are_due)
{
#define YEARLY \
    "report_submitted regime=calendar period_kind=year period_key=201801"
    (void)small_year_add("2018-12-10 901 " YEARLY, "2018-12-11 902 " YEARLY,
                         NULL);
    BY("reported_by_plan", "90", "2018-12-09", "-");
    BY("reported_by_plan", "90", "2018-12-10", "1/2");
    IS("reported_by_plan", "902", "0/1");
}

#define SEEN                                                    \
    "inspection team_kind=interagency_178 team_level=district " \
    "result=no_violation"

Test(indicator_period, the_option_that_was_chosen_is_counted)
{
    (void)small_year_add("2018-03-01 90101 " SEEN " est_ref=1 mode=planned",
                         "2018-03-02 90101 " SEEN " est_ref=1 mode=planned",
                         "2018-03-03 90101 " SEEN " est_ref=1 mode=unannounced",
                         "2018-03-03 90101 " SEEN " est_ref=2 mode=unannounced",
                         "2018-03-03 90101 " SEEN " est_ref=3 mode=unannounced",
                         NULL);
    IS("chosen", "90", "1");
}
