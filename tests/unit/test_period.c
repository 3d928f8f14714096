#include "common/event/period.h"

#include "common/event/calendar.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_bounds(const struct period_regime *regime,
                          enum period_kind kind, uint32_t key,
                          struct calendar_date from, struct calendar_date to)
{
    struct period period;

    cr_assert(period_bounds(regime, kind, key, &period));
    cr_assert_eq(period.from, calendar_day(from.year, from.month, from.day));
    cr_assert_eq(period.to, calendar_day(to.year, to.month, to.day));
    cr_assert_eq(period.key, key);
}

static struct calendar_date on(int32_t year, int32_t month, int32_t day)
{
    return (struct calendar_date){year, month, day};
}

Test(period, calendar_periods_end_with_the_month)
{
    struct period_regime calendar;

    cr_assert(period_regime_init(&calendar, PERIOD_CALENDAR));
    expect_bounds(&calendar, PERIOD_MONTH, 202002, on(2020, 2, 1),
                  on(2020, 2, 29));
    expect_bounds(&calendar, PERIOD_MONTH, 201801, on(2018, 1, 1),
                  on(2018, 1, 31));
    expect_bounds(&calendar, PERIOD_QUARTER, 201802, on(2018, 4, 1),
                  on(2018, 6, 30));
    expect_bounds(&calendar, PERIOD_HALF_YEAR, 201802, on(2018, 7, 1),
                  on(2018, 12, 31));
    expect_bounds(&calendar, PERIOD_YEAR, 201801, on(2018, 1, 1),
                  on(2018, 12, 31));
}

Test(period, decree_09_2019_closes_on_the_14th)
{
    struct period_regime decree;

    cr_assert(period_regime_init(&decree, PERIOD_ND09_2019));
    expect_bounds(&decree, PERIOD_MONTH, 202403, on(2024, 2, 15),
                  on(2024, 3, 14));
    expect_bounds(&decree, PERIOD_QUARTER, 202401, on(2023, 12, 15),
                  on(2024, 3, 14));
    expect_bounds(&decree, PERIOD_QUARTER, 202404, on(2024, 9, 15),
                  on(2024, 12, 14));
    expect_bounds(&decree, PERIOD_HALF_YEAR, 202401, on(2023, 12, 15),
                  on(2024, 6, 14));
    expect_bounds(&decree, PERIOD_HALF_YEAR, 202402, on(2024, 6, 15),
                  on(2024, 12, 14));
    expect_bounds(&decree, PERIOD_YEAR, 202401, on(2023, 12, 15),
                  on(2024, 12, 14));
}

static void plan_quarters(struct period_regime *regime)
{
    static const struct period_cut cuts[] = {
        {3, 14}, {6, 14}, {9, 14}, {11, 9}};

    memset(regime, 0, sizeof *regime);
    regime->number = PERIOD_PLAN_DEADLINE;
    regime->kinds = 1u << PERIOD_QUARTER;
    regime->entry_kinds = regime->kinds;
    memcpy(regime->cuts[PERIOD_QUARTER], cuts, sizeof cuts);
    regime->cut_counts[PERIOD_QUARTER] = 4;
}

Test(period, a_plan_may_cut_the_year_on_days_of_its_own)
{
    struct period_regime plan;
    struct period period;

    cr_assert_not(period_regime_init(&plan, PERIOD_PLAN_DEADLINE));
    plan_quarters(&plan);
    expect_bounds(&plan, PERIOD_QUARTER, 201801, on(2017, 11, 10),
                  on(2018, 3, 14));
    expect_bounds(&plan, PERIOD_QUARTER, 201804, on(2018, 9, 15),
                  on(2018, 11, 9));
    cr_assert(period_of_day(&plan, PERIOD_QUARTER, calendar_day(2018, 11, 10),
                            &period));
    cr_assert_eq(period.key, 201901);
    cr_assert_not(period_of_day(&plan, PERIOD_MONTH, calendar_day(2018, 11, 10),
                                &period));
}

/* Whatever the regime, every day lies in exactly one period of a kind, and
 * the periods follow each other without a gap. */
Test(period, every_day_has_one_period)
{
    struct period_regime regimes[3];

    cr_assert(period_regime_init(&regimes[0], PERIOD_CALENDAR));
    cr_assert(period_regime_init(&regimes[1], PERIOD_ND09_2019));
    plan_quarters(&regimes[2]);
    for (size_t i = 0; i < 3; i++) {
        for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR;
             kind++) {
            struct period before = {.to = 0};

            if (period_count(&regimes[i], kind) == 0) {
                continue;
            }
            for (int32_t day = calendar_day(2019, 1, 1);
                 day < calendar_day(2022, 1, 1); day++) {
                struct period period;

                cr_assert(period_of_day(&regimes[i], kind, day, &period));
                cr_assert(period.from <= day && day <= period.to);
                cr_assert(before.to == 0 || period.key == before.key ||
                          period.from == before.to + 1);
                before = period;
            }
        }
    }
}

Test(period, an_event_may_not_cross_the_end_of_a_period)
{
    struct period_regime regime;
    int32_t last = 0;

    cr_assert(period_regime_init(&regime, PERIOD_CALENDAR));
    regime.entry_kinds = 1u << PERIOD_QUARTER;
    cr_assert_not(period_crosses(&regime, calendar_day(2018, 1, 1),
                                 calendar_day(2018, 3, 31), &last));
    cr_assert(period_crosses(&regime, calendar_day(2018, 3, 31),
                             calendar_day(2018, 4, 1), &last));
    cr_assert_eq(last, calendar_day(2018, 3, 31));
    regime.entry_kinds = 1u << PERIOD_QUARTER | 1u << PERIOD_MONTH;
    cr_assert(period_crosses(&regime, calendar_day(2018, 2, 3),
                             calendar_day(2018, 5, 1), &last));
    cr_assert_eq(last, calendar_day(2018, 2, 28));
}

Test(period, what_does_not_exist_is_refused)
{
    struct period_regime calendar;
    struct period period;

    cr_assert_not(period_regime_init(&calendar, 0));
    cr_assert(period_regime_init(&calendar, PERIOD_CALENDAR));
    cr_assert_not(period_bounds(&calendar, PERIOD_QUARTER, 201800, &period));
    cr_assert_not(period_bounds(&calendar, PERIOD_QUARTER, 201805, &period));
    cr_assert_not(period_bounds(&calendar, PERIOD_AD_HOC, 201801, &period));
    cr_assert_not(period_bounds(&calendar, PERIOD_YEAR, 401, &period));
    cr_assert_not(period_of_day(&calendar, PERIOD_YEAR, INT32_MIN, &period));
    cr_assert_not(period_of_day(&calendar, PERIOD_YEAR, INT32_MAX, &period));
}

static void expect_key(const char *text, enum period_kind kind, uint32_t key)
{
    enum period_kind got = PERIOD_AD_HOC;
    uint32_t number = 0;

    cr_assert(period_key_parse(text, &got, &number), "%s", text);
    cr_assert_eq(got, kind);
    cr_assert_eq(number, key);
}

Test(period, keys_and_labels_are_what_people_write)
{
    static const char *const wrong[] = {
        "",         "18",      "2018-",   "2018-Q5", "2018-H3",
        "2018-M13", "2018-M0", "2018-X1", "2018Q1",  "2018-Q1x"};
    struct period_regime calendar;
    struct period period;
    char label[PERIOD_LABEL_MAX];
    enum period_kind kind;
    uint32_t key;

    expect_key("2018", PERIOD_YEAR, 201801);
    expect_key("2018-H2", PERIOD_HALF_YEAR, 201802);
    expect_key("2018-Q4", PERIOD_QUARTER, 201804);
    expect_key("2018-M12", PERIOD_MONTH, 201812);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert_not(period_key_parse(wrong[i], &kind, &key), "%s", wrong[i]);
    }
    cr_assert(period_regime_init(&calendar, PERIOD_CALENDAR));
    cr_assert(period_bounds(&calendar, PERIOD_HALF_YEAR, 201801, &period));
    period_label(&period, LANGUAGE_VI, label);
    cr_assert_str_eq(label, "6 tháng đầu năm 2018 (01/01/2018 - 30/06/2018)");
    cr_assert(period_bounds(&calendar, PERIOD_QUARTER, 201802, &period));
    period_label(&period, LANGUAGE_EN, label);
    cr_assert_str_eq(label, "Q2 2018 (2018-04-01 to 2018-06-30)");
}

/* ---- when reports are due ---- */

static const struct period_holidays none;

static void expect_deadline(const struct period_regime *regime,
                            enum period_kind kind, uint32_t key,
                            const struct period_holidays *holidays,
                            struct calendar_date day)
{
    struct period period;
    int32_t last = 0;

    cr_assert(period_bounds(regime, kind, key, &period));
    cr_assert(period_deadline(regime, &period, holidays, &last));
    cr_assert_eq(last, calendar_day(day.year, day.month, day.day));
}

Test(period, before_a_day_is_not_on_it)
{
    struct period_regime decree;
    struct period_due *due = &decree.due[PERIOD_HALF_YEAR];

    cr_assert(period_regime_init(&decree, PERIOD_ND09_2019));
    due->given = true;
    due->count = 2;
    due->days[0] = (struct period_cut){.month = 6, .day = 15};
    due->days[1] = (struct period_cut){.month = 12, .day = 15};
    expect_deadline(&decree, PERIOD_HALF_YEAR, 202401, &none, on(2024, 6, 15));
    due->before = true;
    expect_deadline(&decree, PERIOD_HALF_YEAR, 202401, &none, on(2024, 6, 14));
    expect_deadline(&decree, PERIOD_HALF_YEAR, 202402, &none, on(2024, 12, 14));
}

/* A year that ends with December: mid December is before its end, mid January
 * after it. */
Test(period, a_day_of_the_year_is_the_next_unless_it_is_just_before_the_end)
{
    struct period_regime calendar;
    struct period_due *due = &calendar.due[PERIOD_YEAR];

    cr_assert(period_regime_init(&calendar, PERIOD_CALENDAR));
    due->given = true;
    due->count = 1;
    due->days[0] = (struct period_cut){.month = 12, .day = 15};
    expect_deadline(&calendar, PERIOD_YEAR, 202401, &none, on(2024, 12, 15));
    due->days[0] = (struct period_cut){.month = 1, .day = 15};
    expect_deadline(&calendar, PERIOD_YEAR, 202401, &none, on(2025, 1, 15));
    due->count = 0;
    due->days_after = 5;
    expect_deadline(&calendar, PERIOD_YEAR, 202401, &none, on(2025, 1, 5));
}

/* 14/06/2024 was a Friday; of 2025 it was a Saturday. */
Test(period, the_decree_leaves_a_working_day_after_the_close)
{
    struct period_regime decree, calendar;
    int32_t days[] = {calendar_day(2024, 6, 17), calendar_day(2024, 6, 18)};
    struct period_holidays holidays = {.days = days, .count = 2};
    struct period period;
    int32_t last;

    cr_assert(period_regime_init(&decree, PERIOD_ND09_2019));
    expect_deadline(&decree, PERIOD_HALF_YEAR, 202401, &none, on(2024, 6, 17));
    expect_deadline(&decree, PERIOD_HALF_YEAR, 202401, &holidays,
                    on(2024, 6, 19));
    expect_deadline(&decree, PERIOD_HALF_YEAR, 202501, &none, on(2025, 6, 16));
    cr_assert(period_regime_init(&calendar, PERIOD_CALENDAR));
    cr_assert(period_bounds(&calendar, PERIOD_YEAR, 202401, &period));
    cr_assert_not(period_deadline(&calendar, &period, &none, &last));
}

Test(period, working_days_leave_out_weekends_and_holidays)
{
    int32_t days[] = {calendar_day(2024, 4, 30), calendar_day(2024, 5, 1)};
    struct period_holidays holidays = {.days = days, .count = 2};

    /* Friday 26/04 to Friday 03/05. */
    cr_assert_eq(period_working_days(&none, calendar_day(2024, 4, 26),
                                     calendar_day(2024, 5, 3)),
                 5);
    cr_assert_eq(period_working_days(&holidays, calendar_day(2024, 4, 26),
                                     calendar_day(2024, 5, 3)),
                 3);
}
