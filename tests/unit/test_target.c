/* Judging figures against targets: what each comparator calls met, on track,
 * behind and missed, at the limit and one beside it. */
#include "common/event/calendar.h"
#include "common/figures/indicator.h"

#include <criterion/criterion.h>
#include <string.h>

/* A window of one hundred days. */
#define FROM  17532
#define TO    17631
#define AFTER (TO + 1)

static struct plan_target target(enum plan_comparator comparator)
{
    struct plan_target made = {
        .comparator = comparator, .from = FROM, .to = TO, .due = TO};

    return made;
}

static struct figure count(int64_t value)
{
    struct figure made = {.known = true, .defined = true, .value = value};

    return made;
}

static struct figure ratio(int64_t value, int64_t whole)
{
    struct figure made = {.known = true,
                          .defined = whole != 0,
                          .ratio = true,
                          .value = value,
                          .denominator = whole};

    return made;
}

static enum target_status judge(enum plan_comparator comparator, int64_t value,
                                uint64_t quantity, int32_t today)
{
    struct plan_target it = target(comparator);
    struct figure figure = count(value);

    return target_judge(&it, &figure, today, quantity);
}

Test(target, a_growing_target_follows_an_even_path)
{
    /* Of 50 visits half must be there when half of the days are over. */
    cr_assert_eq(judge(PLAN_AT_LEAST, 25, 50, FROM + 49), TARGET_ON_TRACK);
    cr_assert_eq(judge(PLAN_AT_LEAST, 24, 50, FROM + 49), TARGET_BEHIND);
    cr_assert_eq(judge(PLAN_AT_LEAST, 24, 50, FROM + 47), TARGET_ON_TRACK);
    cr_assert_eq(judge(PLAN_AT_LEAST, 0, 50, FROM - 1), TARGET_ON_TRACK);
    cr_assert_eq(judge(PLAN_AT_LEAST, 50, 50, FROM), TARGET_MET);
    cr_assert_eq(judge(PLAN_AT_LEAST, 49, 50, TO), TARGET_BEHIND);
    cr_assert_eq(judge(PLAN_AT_LEAST, 49, 50, AFTER), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_AT_LEAST, 50, 50, AFTER), TARGET_MET);
}

Test(target, exactly_is_met_by_more_and_more_than_is_not_met_by_as_many)
{
    cr_assert_eq(judge(PLAN_EXACTLY, 5, 5, AFTER), TARGET_MET);
    cr_assert_eq(judge(PLAN_EXACTLY, 6, 5, AFTER), TARGET_MET);
    cr_assert_eq(judge(PLAN_EXACTLY, 4, 5, AFTER), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_MORE_THAN, 5, 5, AFTER), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_MORE_THAN, 6, 5, AFTER), TARGET_MET);
    cr_assert_eq(judge(PLAN_ALL_NAMED, 2, 2, FROM), TARGET_MET);
    cr_assert_eq(judge(PLAN_ALL_NAMED, 1, 2, AFTER), TARGET_MISSED);
}

Test(target, a_limit_is_kept_when_the_time_is_over_and_missed_at_once)
{
    cr_assert_eq(judge(PLAN_NONE, 0, 0, TO), TARGET_ON_TRACK);
    cr_assert_eq(judge(PLAN_NONE, 0, 0, AFTER), TARGET_MET);
    cr_assert_eq(judge(PLAN_NONE, 1, 0, FROM), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_AT_MOST, 3, 3, TO), TARGET_ON_TRACK);
    cr_assert_eq(judge(PLAN_AT_MOST, 3, 3, AFTER), TARGET_MET);
    cr_assert_eq(judge(PLAN_AT_MOST, 4, 3, FROM), TARGET_MISSED);
}

Test(target, between_has_both_ends)
{
    struct plan_target it = target(PLAN_BETWEEN);
    struct figure below = count(9), least = count(10), most = count(20),
                  above = count(21);

    it.quantity = 10;
    it.quantity_to = 20;
    cr_assert_eq(target_judge(&it, &below, AFTER, 10), TARGET_MISSED);
    cr_assert_eq(target_judge(&it, &below, FROM, 10), TARGET_ON_TRACK);
    cr_assert_eq(target_judge(&it, &least, AFTER, 10), TARGET_MET);
    cr_assert_eq(target_judge(&it, &most, AFTER, 10), TARGET_MET);
    cr_assert_eq(target_judge(&it, &most, TO, 10), TARGET_ON_TRACK);
    cr_assert_eq(target_judge(&it, &above, FROM, 10), TARGET_MISSED);
}

Test(target, of_a_quantity_and_a_percentage_both_must_be_met)
{
    struct plan_target it = target(PLAN_AT_LEAST);
    struct figure few = ratio(469, 580), enough = ratio(470, 584),
                  part = ratio(470, 600), none = ratio(0, 0);

    it.has_percent = true;
    it.percent_e2 = 8000;
    cr_assert_eq(target_judge(&it, &few, AFTER, 470), TARGET_MISSED);
    cr_assert_eq(target_judge(&it, &enough, AFTER, 470), TARGET_MET);
    cr_assert_eq(target_judge(&it, &part, AFTER, 470), TARGET_MISSED);
    cr_assert_eq(target_judge(&it, &few, AFTER, 0), TARGET_MET);
    cr_assert_eq(target_judge(&it, &none, AFTER, 470), TARGET_NOTHING);
}

Test(target, percentages_are_compared_without_rounding)
{
    struct plan_target it = target(PLAN_AT_LEAST);
    /* 80 % of 584 is 467.2 */
    struct figure below = ratio(467, 584), above = ratio(468, 584);
    struct figure large = ratio(INT64_MAX / 2, INT64_MAX);

    it.has_percent = true;
    it.percent_e2 = 8000;
    cr_assert_eq(target_judge(&it, &below, AFTER, 0), TARGET_MISSED);
    cr_assert_eq(target_judge(&it, &above, AFTER, 0), TARGET_MET);
    cr_assert_eq(target_judge(&it, &large, AFTER, 0), TARGET_MISSED);
    it.percent_e2 = 4999;
    cr_assert_eq(target_judge(&it, &large, AFTER, 0), TARGET_MET);
}

Test(target, what_has_no_goal_or_no_figure_is_not_judged)
{
    struct plan_target it = target(PLAN_AT_LEAST);
    struct figure unknown = {.known = false};

    cr_assert_eq(judge(PLAN_MONITOR, 7, 0, AFTER), TARGET_MONITOR);
    cr_assert_eq(judge(PLAN_AT_LEAST, 7, 0, AFTER), TARGET_MONITOR);
    cr_assert_eq(target_judge(&it, &unknown, AFTER, 5), TARGET_NOT_COMPUTED);
}

Test(target, a_path_of_its_own_is_asked_for_on_its_days)
{
    static const struct plan_point path[] = {
        {.by = FROM + 30, .has_quantity = true, .quantity = 5},
        {.by = FROM + 60, .has_quantity = true, .quantity = 40}};
    struct plan_target it = target(PLAN_AT_LEAST);
    struct figure none = count(0), few = count(4), some = count(5),
                  less = count(39), enough = count(40), all = count(50);

    it.path = path;
    it.path_count = 2;
    cr_assert_eq(target_judge(&it, &none, FROM + 30, 50), TARGET_ON_TRACK);
    cr_assert_eq(target_judge(&it, &few, FROM + 31, 50), TARGET_BEHIND);
    cr_assert_eq(target_judge(&it, &some, FROM + 31, 50), TARGET_ON_TRACK);
    cr_assert_eq(target_judge(&it, &some, FROM + 60, 50), TARGET_ON_TRACK);
    cr_assert_eq(target_judge(&it, &less, FROM + 61, 50), TARGET_BEHIND);
    cr_assert_eq(target_judge(&it, &enough, TO, 50), TARGET_ON_TRACK);
    cr_assert_eq(target_judge(&it, &enough, AFTER, 50), TARGET_MISSED);
    cr_assert_eq(target_judge(&it, &all, FROM, 50), TARGET_MET);
}

Test(target, a_path_may_be_of_percentages)
{
    static const struct plan_point path[] = {
        {.by = FROM + 30, .has_percent = true, .percent_e2 = 3333}};
    struct plan_target it = target(PLAN_AT_LEAST);
    struct figure below = ratio(3332, 10000), there = ratio(3333, 10000);

    it.has_percent = true;
    it.percent_e2 = 8000;
    it.path = path;
    it.path_count = 1;
    cr_assert_eq(target_judge(&it, &below, FROM + 31, 0), TARGET_BEHIND);
    cr_assert_eq(target_judge(&it, &there, FROM + 31, 0), TARGET_ON_TRACK);
}

Test(target, a_version_is_judged_while_it_holds)
{
    struct plan_target first = target(PLAN_AT_LEAST);
    struct plan_target second = target(PLAN_AT_LEAST);
    struct figure figure = count(50);

    first.replaced_on = second.effective = FROM + 40;
    cr_assert_eq(target_judge(&first, &figure, FROM + 39, 50), TARGET_MET);
    cr_assert_eq(target_judge(&first, &figure, FROM + 40, 50), TARGET_REPLACED);
    cr_assert_eq(target_judge(&second, &figure, FROM + 39, 50), TARGET_LATER);
    cr_assert_eq(target_judge(&second, &figure, FROM + 40, 50), TARGET_MET);
}

Test(target, what_changed_may_change_back_until_the_day)
{
    cr_assert_eq(judge(PLAN_INCREASE, 5, 5, TO), TARGET_MONITOR);
    cr_assert_eq(judge(PLAN_INCREASE, 4, 5, TO), TARGET_MONITOR);
    cr_assert_eq(judge(PLAN_INCREASE, 5, 5, AFTER), TARGET_MET);
    cr_assert_eq(judge(PLAN_INCREASE, 4, 5, AFTER), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_INCREASE, -5, 5, AFTER), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_DECREASE, -5, 5, AFTER), TARGET_MET);
    cr_assert_eq(judge(PLAN_DECREASE, -4, 5, AFTER), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_DECREASE, 5, 5, AFTER), TARGET_MISSED);
    cr_assert_eq(judge(PLAN_DECREASE, -6, 5, TO), TARGET_MONITOR);
}

Test(target, a_change_in_per_cent_is_of_what_there_was)
{
    struct plan_target it = target(PLAN_DECREASE);
    /* 5 % of 199 is 9.95. */
    struct figure enough = ratio(-10, 199), few = ratio(-9, 199),
                  more = ratio(10, 199), none = ratio(3, 0);

    it.has_percent = true;
    it.percent_e2 = 500;
    cr_assert_eq(target_judge(&it, &enough, AFTER, 0), TARGET_MET);
    cr_assert_eq(target_judge(&it, &few, AFTER, 0), TARGET_MISSED);
    cr_assert_eq(target_judge(&it, &more, AFTER, 0), TARGET_MISSED);
    cr_assert_eq(target_judge(&it, &none, AFTER, 0), TARGET_NOTHING);
    it.comparator = PLAN_INCREASE;
    cr_assert_eq(target_judge(&it, &more, AFTER, 0), TARGET_MET);
    cr_assert_eq(target_judge(&it, &enough, AFTER, 0), TARGET_MISSED);
}

Test(target, every_status_has_a_word_and_a_text)
{
    for (int i = TARGET_NOT_COMPUTED; i <= TARGET_MISSED; i++) {
        enum target_status status = (enum target_status)i;

        cr_assert(strlen(target_status_token(status)) > 0);
        cr_assert(strlen(target_status_text(status, LANGUAGE_VI)) > 0);
        cr_assert(strlen(target_status_text(status, LANGUAGE_EN)) > 0);
    }
}

/* What the path asks for is the least that is on track: one less is behind. */
Test(target, the_path_is_what_a_figure_is_held_against)
{
    static const uint64_t quantities[] = {1, 3, 7, 50, 470, 1000003};

    for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++) {
        for (int32_t day = FROM; day < TO; day++) {
            struct plan_target it = target(PLAN_AT_LEAST);
            uint64_t quantity = quantities[i];
            struct target_path path;
            enum target_status at, below;

            cr_assert(target_path_on(&it, day, quantity, &path));
            cr_assert(path.has_quantity && !path.has_percent);
            at = judge(PLAN_AT_LEAST, (int64_t)path.quantity, quantity, day);
            below =
                judge(PLAN_AT_LEAST, (int64_t)path.quantity - 1, quantity, day);
            cr_assert(at == TARGET_ON_TRACK || at == TARGET_MET);
            cr_assert_eq(below, TARGET_BEHIND);
            cr_assert_eq(path.share_e2, (uint32_t)(day - FROM + 1) * 100);
        }
    }
}

Test(target, the_path_of_a_percentage_and_of_own_points)
{
    static const struct plan_point points[] = {
        {.by = FROM + 10, .has_quantity = true, .quantity = 5},
        {.by = FROM + 50, .has_quantity = true, .quantity = 20}};
    struct plan_target share = target(PLAN_AT_LEAST);
    struct plan_target own = target(PLAN_AT_LEAST);
    struct plan_target limit = target(PLAN_AT_MOST);
    struct target_path path;

    share.has_percent = true;
    share.percent_e2 = 8000;
    cr_assert(target_path_on(&share, FROM + 49, 0, &path));
    cr_assert(path.has_percent && !path.has_quantity);
    cr_assert_eq(path.percent_e2, 4000);
    cr_assert_eq(path.share_e2, 5000);

    own.path = points;
    own.path_count = 2;
    cr_assert(target_path_on(&own, FROM + 10, 40, &path));
    cr_assert_eq(path.quantity, 0);
    cr_assert(target_path_on(&own, FROM + 11, 40, &path));
    cr_assert_eq(path.quantity, 5);
    cr_assert_eq(path.share_e2, 1250);
    cr_assert(target_path_on(&own, FROM + 51, 40, &path));
    cr_assert_eq(path.quantity, 20);

    cr_assert(!target_path_on(&limit, FROM, 10, &path));
    cr_assert(!target_grows(&limit));
    cr_assert(!target_path_on(&own, FROM, 0, &path));
}
