/* Things that are in several sets: cohorts, stock and flow, conjunctions over
 * several types of event. */
#include "tests/support/small_year.h"

#include <criterion/criterion.h>

static void open_year(void)
{
    small_year_open("tests/support/sets_plan.yaml");
}

TestSuite(indicator_set, .init = open_year, .fini = small_year_close);

#define IS(indicator, unit, text) \
    cr_assert_str_eq(small_year_text(indicator, unit), text)
#define IN(indicator, unit, from, to, text) \
    cr_assert_str_eq(small_year_text_in(indicator, unit, from, to, to), text)

Test(indicator_set, reached_looks_at_all_days_up_to_the_one_asked_for)
{
    (void)small_year_add("2017-05-01 90101 case_stage case_ref=1 stage=tried",
                         "2018-04-01 90201 case_stage case_ref=1 stage=tried",
                         "2018-06-30 90201 case_stage case_ref=2 stage=tried",
                         "2018-07-01 90101 case_stage case_ref=3 stage=tried",
                         "2018-07-02 90101 case_stage case_ref=4 "
                         "stage=indicted",
                         NULL);
    IS("ever_tried", "90", "3");
    /* It stands where it was first reached. */
    IS("ever_tried", "901", "2");
    IS("ever_tried", "902", "1");
    IN("ever_tried", "90", "2018-01-01", "2018-06-30", "2");
    IN("ever_tried", "90", "2018-01-01", "2018-06-29", "1");
    IS("tried_before", "90", "1");
    IN("tried_before", "90", "2018-07-01", "2018-12-31", "2");
}

Test(indicator_set, a_cohort_is_judged_by_its_state_at_the_end_of_the_range)
{
    (void)small_year_add(
        /* Before the year: not of the cohort, though investigated in it. */
        "2017-12-31 90101 case_stage case_ref=1 stage=detected",
        "2018-02-01 90101 case_stage case_ref=1 stage=investigated",
        "2018-01-01 90101 case_stage case_ref=2 stage=detected",
        /* In another district: it counts where it was detected. */
        "2018-08-01 90201 case_stage case_ref=2 stage=investigated",
        "2018-03-01 90201 case_stage case_ref=3 stage=detected",
        "2019-01-01 90201 case_stage case_ref=3 stage=investigated", NULL);
    IS("investigated", "90", "1/2");
    IS("investigated", "901", "1/1");
    IS("investigated", "902", "0/1");
    IS("investigated", "90102", "-");
    IN("investigated", "90", "2018-01-01", "2018-07-31", "0/2");
}

Test(indicator_set, what_is_in_the_second_set_is_taken_out_of_the_first)
{
    (void)small_year_add(
        "2018-02-01 90101 case_stage case_ref=1 stage=investigated",
        "2018-02-01 90101 case_stage case_ref=2 stage=investigated",
        "2018-03-01 90201 case_stage case_ref=2 stage=dismissed",
        "2018-03-01 90201 case_stage case_ref=3 stage=suspended", NULL);
    IS("not_dismissed", "90", "1");
    IS("not_dismissed", "901", "1");
    IS("not_dismissed", "902", "0");
    IN("not_dismissed", "90", "2018-01-01", "2018-02-28", "2");
}

Test(indicator_set, open_at_the_start_and_found_since_are_counted_once)
{
    /* Of the register p1 is open at the start in two districts, p2 begins on
     * the first day. */
    IS("handled", "90", "0/2");
    IS("handled", "901", "0/1");
    IS("handled", "902", "0/2");
    (void)small_year_add(
        "2018-03-01 90101 hotspot_status hotspot_ref=p1 state=checked "
        "place_kind=public_place units=90101",
        "2018-04-01 90101 hotspot_status hotspot_ref=p1 state=cleared "
        "place_kind=public_place units=90101",
        "2018-05-01 90101 hotspot_status hotspot_ref=7 state=suspected "
        "place_kind=public_place units=90102",
        "2018-05-02 90101 hotspot_status hotspot_ref=7 state=confirmed "
        "place_kind=public_place units=90102",
        NULL);
    IS("handled", "90", "1/3");
    IS("handled", "901", "1/2");
    /* Where the stock at the start puts it: in both districts. */
    IS("handled", "902", "1/2");
    IN("handled", "90", "2018-04-02", "2018-12-31", "0/2");
    /* In both sets: where the first has it, in one district. */
    (void)small_year_add(
        "2018-03-15 90101 hotspot_status hotspot_ref=p1 state=confirmed "
        "place_kind=public_place units=90101",
        NULL);
    IS("handled", "90", "1/3");
    IS("handled", "902", "0/1");
}

Test(indicator_set, every_named_thing_has_to_be_in_the_set)
{
    (void)small_year_add(
        "2018-03-01 90101 hotspot_status hotspot_ref=p1 state=cleared "
        "place_kind=public_place units=90101",
        "2018-03-01 90201 hotspot_status hotspot_ref=p2 state=reactivated "
        "place_kind=public_place units=90202",
        "2018-04-01 90201 hotspot_status hotspot_ref=p2 state=cleared "
        "place_kind=public_place units=90202",
        "2018-04-01 90201 hotspot_status hotspot_ref=9 state=cleared "
        "place_kind=public_place units=90202",
        NULL);
    IS("both_named", "90", "1");
    IS("both_named", "901", "1");
    IS("both_named", "902", "0");
    /* Another reference of the named one. */
    (void)small_year_add(
        "2018-05-01 90101 hotspot_status hotspot_ref=8 state=reactivated "
        "place_kind=public_place units=90101",
        "2018-05-02 90101 hotspot_status hotspot_ref=8 state=cleared "
        "place_kind=public_place units=90101",
        "2018-05-03 90101 same_as kind=hotspot first=p1 second=8", NULL);
    IS("both_named", "90", "0");
}

#define ACTIVE "category=karaoke managing_sector=culture state=active"
#define CLOSED "category=karaoke managing_sector=culture state=closed"
#define VISIT                                                     \
    "team_kind=interagency_178 team_level=district mode=planned " \
    "result=no_violation"

#define FOUND                                                     \
    "team_kind=interagency_178 team_level=district mode=planned " \
    "result=violation violations=3"

Test(indicator_set, an_inspection_of_what_has_closed_lifts_no_ratio)
{
    (void)small_year_add(
        "2017-06-01 90101 establishment_status est_ref=1 " ACTIVE,
        "2017-06-01 90101 establishment_status est_ref=2 " ACTIVE,
        "2018-03-01 90201 establishment_status est_ref=3 " ACTIVE,
        "2018-07-01 90101 establishment_status est_ref=2 " CLOSED,
        "2018-05-01 90101 inspection est_ref=2 " VISIT,
        "2018-05-02 90101 inspection est_ref=2 " VISIT,
        /* Where it stands counts, not where the visit was recorded. */
        "2018-05-03 90101 inspection est_ref=3 " VISIT,
        "2018-05-03 90101 inspection est_ref=99 " VISIT, NULL);
    IS("inspected", "90", "1/2");
    IS("inspected", "901", "0/1");
    IS("inspected", "902", "1/1");
    IN("inspected", "90", "2018-01-01", "2018-06-30", "2/3");
    IS("active_before", "90", "2");
    IN("active_before", "90", "2018-07-02", "2018-12-31", "2");
    IN("active_before", "90", "2018-03-02", "2018-12-31", "3");
    IN("active_before_plan", "90", "2018-07-02", "2018-12-31", "2");
    IS("active_in_june", "90", "3");
    /* A day after the range is not known in it. */
    IN("active_in_june", "90", "2018-01-01", "2018-02-28", "2");
    IN("active_in_june", "90", "2018-01-01", "2018-12-31", "3");
}

/* The list names one reference; that another one is the same thing is said
 * later, and taken back. */
Test(indicator_set, a_list_in_a_filter_knows_what_is_the_same)
{
    (void)small_year_add("2018-03-01 90101 inspection est_ref=p1 " VISIT,
                         "2018-03-05 90101 inspection est_ref=7 " FOUND,
                         "2018-03-06 90201 inspection est_ref=8 " FOUND, NULL);
    IS("visits_watched", "90", "1");
    IS("violations_watched", "90", "0");
    IS("visits_else", "90", "2");
    IS("places_watched", "90", "1");
    (void)small_year_add(
        "2018-05-03 90101 same_as kind=establishment first=p1 second=7", NULL);
    IS("visits_watched", "90", "2");
    IS("visits_watched", "902", "0");
    IS("violations_watched", "901", "3");
    IN("visits_watched", "90", "2018-03-02", "2018-12-31", "1");
    IS("visits_else", "90", "1");
    IS("visits_else", "902", "1");
    IS("places_watched", "90", "1");
}

#define TALK "form=talk audience=community sessions=1"

Test(indicator_set, i12_a_unit_holds_of_several_types_what_it_carries_on)
{
    (void)small_year_add(
        "2018-02-01 90101 plan_issued year=2018",
        "2018-03-01 90101 communication_activity " TALK,
        "2018-02-01 90102 plan_issued year=2018",
        /* The plan of 90203, the activity of 90206, which it became. */
        "2018-02-01 90203 plan_issued year=2018",
        "2018-09-01 90206 communication_activity " TALK,
        /* 90103 was divided: neither part has what it did. */
        "2018-02-01 90103 plan_issued year=2018",
        "2018-09-01 90104 communication_activity " TALK, NULL);
    IS("planned_and_active", "90", "2");
    IS("planned_and_active", "901", "1");
    IS("planned_and_active", "90206", "1");
    IS("planned_and_active", "90104", "0");
}

Test(indicator_set, i12_a_units_state_and_what_happened_in_it_are_of_one_unit)
{
    (void)small_year_add(
        "2018-02-01 90203 commune_rating year=2018 rating=free",
        "2018-02-01 90101 commune_rating year=2018 rating=free",
        "2018-02-01 90102 commune_rating year=2018 rating=not_free",
        "2018-09-01 90206 communication_activity " TALK,
        "2018-09-01 90102 communication_activity " TALK, NULL);
    IS("free_and_active", "90", "1");
    IS("free_and_active", "90206", "1");
    IS("free_and_active", "901", "0");
}
