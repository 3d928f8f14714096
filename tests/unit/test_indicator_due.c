/* What holds until a day, what is due and done in time, and numbers that are
 * held against another field of the same event. */
#include "tests/support/small_year.h"

#include <criterion/criterion.h>

static void open_year(void)
{
    small_year_open("tests/support/dates_plan.yaml");
}

TestSuite(indicator_due, .init = open_year, .fini = small_year_close);

#define IS(indicator, unit, text) \
    cr_assert_str_eq(small_year_text(indicator, unit), text)
#define BY(indicator, unit, known_to, text)                            \
    cr_assert_str_eq(small_year_text_in(indicator, unit, "2018-01-01", \
                                        "2018-12-31", known_to),       \
                     text)
#define SIGNED "commitment_signed kind=owner_to_commune"

Test(indicator_due, a_commitment_holds_to_its_last_day_or_until_revoked)
{
    (void)small_year_add(
        "2018-01-10 90101 " SIGNED " est_ref=1",
        "2018-01-10 90101 " SIGNED " est_ref=2 valid_until=2018-06-30",
        "2018-01-10 90101 " SIGNED " est_ref=3 valid_until=2018-12-31",
        "2018-07-01 90101 " SIGNED " est_ref=3 revoked=yes",
        /* Another kind says nothing about this one. */
        "2018-03-01 90101 commitment_signed "
        "kind=workers_to_owner est_ref=9 workers_signed=3",
        NULL);
    BY("committed", "90", "2018-06-30", "3");
    BY("committed", "90", "2018-07-01", "1");
    IS("committed", "90", "1");
    IS("committed_before", "90", "0");
    cr_assert_str_eq(small_year_text_in("committed_before", "90", "2018-07-01",
                                        "2018-12-31", "2018-12-31"),
                     "4");
    cr_assert_str_eq(small_year_text_in("committed_before", "90", "2018-07-02",
                                        "2018-12-31", "2018-12-31"),
                     "3");
    /* Renewed. */
    (void)small_year_add(
        "2018-08-01 90101 " SIGNED " est_ref=2 valid_until=2019-06-30", NULL);
    IS("committed", "90", "2");
}

#define PLACE "establishment_status category=karaoke managing_sector=culture"

Test(indicator_due, only_what_is_still_active_is_asked_for_a_commitment)
{
    (void)small_year_add(
        "2018-01-01 90101 " PLACE " est_ref=1 state=active worker_count=10",
        "2018-01-01 90101 " PLACE " est_ref=2 state=active worker_count=5",
        "2018-01-01 90201 " PLACE " est_ref=3 state=active worker_count=7",
        "2018-02-01 90101 " SIGNED " est_ref=1",
        "2018-02-01 90101 " SIGNED " est_ref=2",
        "2018-02-01 90101 commitment_signed kind=workers_to_owner est_ref=1 "
        "workers_signed=8",
        "2018-02-01 90101 commitment_signed kind=workers_to_owner est_ref=2 "
        "workers_signed=4",
        /* Known by nobody as active. */
        "2018-02-01 90201 commitment_signed kind=workers_to_owner est_ref=4 "
        "workers_signed=9",
        NULL);
    IS("commitment", "90", "2/3");
    IS("worker_commitment", "90", "12/22");
    /* A state without the number of workers does not take that back. */
    (void)small_year_add("2018-08-01 90101 " PLACE " est_ref=1 state=active",
                         "2018-08-01 90101 " PLACE " est_ref=2 state=closed",
                         NULL);
    IS("commitment", "90", "1/2");
    IS("worker_commitment", "90", "8/17");
    IS("worker_commitment", "902", "0/7");
}

#define TIP "tip_status channel=hotline"

Test(indicator_due, a_tip_is_in_time_by_the_day_that_it_stated_last)
{
    (void)small_year_add(
        /* In time on its very day; the day stands on the first event. */
        "2018-01-05 90101 " TIP " tip_ref=1 state=received due_on=2018-02-05",
        "2018-02-05 90101 " TIP " tip_ref=1 state=resolved",
        /* A day late. */
        "2018-01-05 90101 " TIP " tip_ref=2 state=received due_on=2018-02-05",
        "2018-02-06 90101 " TIP " tip_ref=2 state=resolved",
        /* The day was moved, and kept. */
        "2018-01-05 90201 " TIP " tip_ref=3 state=received due_on=2018-02-05",
        "2018-02-01 90201 " TIP " tip_ref=3 state=verified due_on=2018-03-05",
        "2018-03-01 90201 " TIP " tip_ref=3 state=unfounded",
        /* Not due yet, though resolved. */
        "2018-01-05 90201 " TIP " tip_ref=4 state=received due_on=2018-12-31",
        "2018-01-06 90201 " TIP " tip_ref=4 state=resolved",
        /* Never had a day. */
        "2018-01-05 90201 " TIP " tip_ref=5 state=received",
        "2018-01-06 90201 " TIP " tip_ref=5 state=resolved",
        /* Received before the year. */
        "2017-12-31 90201 " TIP " tip_ref=6 state=received due_on=2018-02-05",
        "2018-01-06 90201 " TIP " tip_ref=6 state=resolved", NULL);
    BY("tips", "90", "2018-06-30", "2/3");
    BY("tips", "901", "2018-06-30", "1/2");
    BY("tips", "902", "2018-06-30", "1/1");
    IS("tips", "90", "3/4");
    BY("tips_due", "90", "2018-02-04", "0");
    BY("tips_due", "90", "2018-02-05", "3");
    BY("tips_due", "90", "2018-01-31", "0");
    BY("tips", "90", "2018-02-04", "-");
}

#define CENSUS "situation_census parts_done=persons"

Test(indicator_due, a_review_without_the_number_does_not_take_it_back)
{
    (void)small_year_add("2018-03-01 90101 " CENSUS " sellers_on_file=3",
                         "2018-03-01 90201 " CENSUS " sellers_on_file=2",
                         "2018-06-01 90101 situation_census "
                         "parts_done=establishments establishments=4",
                         "2018-07-01 90201 " CENSUS " sellers_on_file=0", NULL);
    IS("on_file", "90", "3");
    IS("on_file", "902", "0");
    /* Nobody has said anything here: that is no zero. */
    IS("on_file", "90102", "-");
    IS("communes_on_file", "90", "1");
    BY("on_file", "90", "2018-06-30", "5");
    BY("communes_on_file", "90", "2018-06-30", "2");
}

Test(indicator_due, i12_a_unit_replaces_what_was_said_under_its_old_code)
{
    /* 90203 became 90206; 90103 was divided. */
    (void)small_year_add("2018-03-01 90203 " CENSUS " sellers_on_file=3",
                         "2018-03-01 90103 " CENSUS " sellers_on_file=5",
                         "2018-09-01 90104 " CENSUS " sellers_on_file=1", NULL);
    IS("on_file", "90206", "3");
    (void)small_year_add("2018-09-01 90206 " CENSUS " sellers_on_file=4", NULL);
    IS("on_file", "90206", "4");
    IS("on_file", "902", "4");
    BY("on_file", "90206", "2018-08-31", "3");
    /* What of the divided one went where is not guessed. */
    IS("on_file", "901", "6");
    IS("communes_on_file", "902", "1");
}

#define CLIENTS                                                    \
    "client_flow group=seller source=raid period_from=2018-03-01 " \
    "identified=9 eligible=0 counselled=0 served_new=0"
#define VISIT                                                             \
    "inspection est_ref=1 team_kind=interagency_178 team_level=district " \
    "mode=planned result=violation"

Test(indicator_due, two_fields_of_an_event_are_held_against_each_other)
{
    (void)small_year_add(
        "2018-03-10 90101 " CLIENTS " with_need=5 served=4",
        "2018-03-10 90101 " CLIENTS " with_need=5 served=5",
        "2018-03-10 90101 " CLIENTS " with_need=0 served=0",
        "2018-03-10 90101 " VISIT " violations=2 sanctions=1",
        "2018-03-10 90101 " VISIT " violations=2 sanctions=2",
        "2018-03-10 90101 " VISIT " violations=2 sanctions=3",
        /* What is not given is not compared. */
        "2018-03-10 90101 " VISIT " violations=2",
        "2018-03-10 90101 " VISIT " sanctions=2",
        "2018-03-10 90101 " TIP " tip_ref=1 state=received due_on=2018-03-10",
        "2018-03-11 90101 " TIP " tip_ref=1 state=resolved due_on=2018-03-10",
        "2018-03-11 90101 " TIP " tip_ref=1 state=resolved", NULL);
    IS("all_served", "90", "2");
    IS("handled_less", "90", "2");
    IS("resolved_by_its_day", "90", "1");
}

#define SPOT \
    "hotspot_status hotspot_ref=1 state=confirmed place_kind=public_place"

Test(indicator_due, what_is_in_a_list_can_be_left_out)
{
    (void)small_year_add("2018-03-10 90101 " VISIT, "2018-03-10 90102 " VISIT,
                         "2018-03-10 90201 " VISIT, "2018-03-10 90202 " VISIT,
                         "2018-03-10 90102 inspection est_ref=2 "
                         "team_kind=interagency_178 team_level=district "
                         "mode=planned result=violation",
                         "2018-03-10 901 " SPOT " units=90102+90103",
                         "2018-03-10 901 " SPOT " units=90102+90101", NULL);
    IS("elsewhere", "90", "2");
    IS("others", "90", "1");
    IS("not_following_up", "90", "1");
}
