/* Figures that the plan states, and changes against them or against an earlier
 * range. */
#include "tests/support/small_year.h"

#include <criterion/criterion.h>

static void open_year(void)
{
    small_year_open("tests/support/change_plan.yaml");
}

TestSuite(indicator_change, .init = open_year, .fini = small_year_close);

#define IS(indicator, unit, text) \
    cr_assert_str_eq(small_year_text(indicator, unit), text)
#define IN(indicator, unit, from, to, known_to, text)                         \
    cr_assert_str_eq(small_year_text_in(indicator, unit, from, to, known_to), \
                     text)

Test(indicator_change, a_stated_figure_is_known_for_its_unit_alone)
{
    IS("stated", "90", "173");
    IS("stated", "901", "?");
    IS("of_district", "901", "20");
    IS("of_district", "90", "?");
}

Test(indicator_change, what_was_stated_goes_on_with_who_carries_the_unit_on)
{
    IN("of_commune", "90203", "2018-01-01", "2018-06-30", "2018-06-30", "5");
    IN("of_commune", "90206", "2018-01-01", "2018-12-31", "2018-12-31", "5");
    IN("of_commune", "90202", "2018-01-01", "2018-12-31", "2018-12-31", "?");
}

Test(indicator_change, a_bound_is_carried_into_what_is_made_of_it)
{
    IS("stated_at_least", "90", "≥400");
    IS("all_stated", "90", "≥573");
    IS("less_stated", "90", "≤-227");
    IS("part_bound", "90", "≥400/173");
    IS("whole_bound", "90", "≤173/400");
}

#define CENSUS "situation_census parts_done=absent_women"

Test(indicator_change, a_change_since_the_plan_is_told_with_its_bounds)
{
    IS("absent_since", "90", "-");
    (void)small_year_add("2018-03-01 90101 " CENSUS " absent_women=210",
                         "2018-03-01 90201 " CENSUS " absent_women=120", NULL);
    IS("absent_since", "90", "≤-70");
    (void)small_year_add("2018-06-01 90201 " CENSUS
                         " absent_women=200 is_lower_bound=yes",
                         NULL);
    IS("absent_since", "90", "≥≤+10");
    IS("absent_since", "901", "?");
}

#define VISIT                                                             \
    "inspection est_ref=1 team_kind=interagency_178 team_level=district " \
    "result=no_violation"
#define PLANNED VISIT " mode=planned"
#define SUDDEN  VISIT " mode=unannounced"

Test(indicator_change, the_year_before_has_the_same_days)
{
    (void)small_year_add(
        "2017-03-01 90101 " PLANNED, "2017-06-30 90101 " PLANNED,
        "2017-07-01 90101 " SUDDEN, "2017-12-31 90201 " SUDDEN,
        "2018-01-01 90101 " PLANNED, "2018-06-30 90101 " PLANNED,
        "2018-06-30 90201 " PLANNED, "2018-07-01 90201 " SUDDEN,
        "2018-12-31 90201 " SUDDEN, NULL);
    IS("visits_of_year", "90", "+1/4");
    IS("visits_of_year", "901", "-1/3");
    /* Half a year is held against half of the year before. */
    IN("visits_of_year", "90", "2018-01-01", "2018-12-31", "2018-06-30",
       "+1/2");
    IN("visits_of_year", "90", "2018-01-01", "2018-06-30", "2018-06-30",
       "+1/2");
    IN("visits_of_year", "90", "2018-01-01", "2018-02-28", "2018-12-31", "-");
    /* 3 of 5 against 2 of 4: ten points more. */
    IS("planned_share", "90", "+2/20");
    IN("planned_share", "90", "2018-07-01", "2018-12-31", "2018-12-31", "0/2");
    IN("planned_share", "902", "2018-01-01", "2018-06-30", "2018-12-31", "-");
}

Test(indicator_change, the_period_before_is_as_long)
{
    (void)small_year_add(
        "2017-12-01 90101 " PLANNED, "2018-01-31 90101 " PLANNED,
        "2018-02-01 90101 " PLANNED, "2018-02-28 90101 " PLANNED,
        "2018-03-01 90101 " PLANNED, "2018-03-14 90101 " PLANNED,
        "2018-03-15 90101 " PLANNED, NULL);
    /* A month against the month before, though it is shorter. */
    IN("visits_of_period", "90", "2018-02-01", "2018-02-28", "2018-12-31",
       "+1");
    IN("visits_of_period", "90", "2018-03-01", "2018-03-31", "2018-12-31",
       "+1");
    /* From the 15th to the 14th. */
    IN("visits_of_period", "90", "2018-02-15", "2018-03-14", "2018-12-31",
       "+1");
    IN("visits_of_period", "90", "2018-04-01", "2018-06-30", "2018-12-31",
       "-6");
    /* No whole months: as many days. */
    IN("visits_of_period", "90", "2018-03-10", "2018-03-20", "2018-12-31", "0");
    /* Known for a part of it only. */
    IN("visits_of_period", "90", "2018-02-01", "2018-02-28", "2018-02-27",
       "+1");
    /* Before the first event of all nothing is known. */
    IN("visits_of_period", "90", "2017-12-01", "2017-12-31", "2018-12-31", "-");
}

#define ACTIVE                                                       \
    "establishment_status category=karaoke managing_sector=culture " \
    "state=active"

Test(indicator_change, a_fixed_day_moves_with_the_range)
{
    (void)small_year_add("2017-01-01 90101 " ACTIVE " est_ref=1",
                         "2017-12-31 90101 " ACTIVE " est_ref=2",
                         "2018-01-01 90101 " ACTIVE " est_ref=3", NULL);
    IS("new_active", "90", "+2");
}

#define SANCTION "admin_sanction act=buying decisions=1"

Test(indicator_change, no_change_of_persons_is_told_below_the_plans_own_unit)
{
    (void)small_year_add("2017-05-01 90101 " SANCTION " persons=9",
                         "2018-05-01 90101 " SANCTION " persons=2", NULL);
    IS("persons_of_year", "90", "-7");
    IS("persons_of_year", "901", "?");
    IS("persons_of_year", "90101", "?");
}
