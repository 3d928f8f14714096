/* The sample year of Hà Nội, as every output shows it to anyone: no number of
 * persons from one to four, no unit that is alone with what it hides, and
 * nothing shown that an earlier report hid. */
#include "common/event/calendar.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/suppress.h"
#include "tests/support/sample_year.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define PERIODS 5u /* four quarters, and the year */

static struct sample_year year;
static const struct plan *plan;
static const struct units *units;
static enum figure_cover *covers; /* of one indicator: [period * units] */
static int64_t *values;

static void open_year(void)
{
    sample_year_open(&year, "ha-noi-2018");
    plan = context_plan_at(year.context, 0)->plan;
    units = context_units(year.context);
    covers = calloc(PERIODS * units_count(units), sizeof *covers);
    values = calloc(PERIODS * units_count(units), sizeof *values);
    cr_assert(covers != NULL && values != NULL);
}

static void close_year(void)
{
    free(covers);
    free(values);
    sample_year_close(&year);
}

TestSuite(suppress_year, .init = open_year, .fini = close_year);

static void read_period(const char *indicator, uint32_t period,
                        enum unit_level level)
{
    struct indicator_request request = {
        .today = calendar_day(2019, 6, 1),
        .indicator = indicator,
        .by = true,
        .by_level = level,
    };
    struct indicator_rows *rows;
    uint32_t quarter = period < 4 ? period : 0;

    figure_range_default(plan, &request.range);
    request.range.from = calendar_day(2018, 1 + 3 * (int32_t)quarter, 1);
    if (period < 3) {
        request.range.to = calendar_day(2018, 4 + 3 * (int32_t)quarter, 1) - 1;
    }
    request.range.unit_date = request.range.to;
    cr_assert_eq(indicator_rows_new(year.fold, year.context, &request, &rows),
                 STATUS_OK);
    for (size_t i = 0; i < rows->count; i++) {
        const struct indicator_row *row = &rows->rows[i];
        size_t at =
            period * units_count(units) + units_position(units, row->unit);

        covers[at] = row->figure.hidden;
        values[at] = row->figure.value;
        cr_assert(row->figure.hidden == FIGURE_SHOWN ||
                  (row->figure.value == 0 && row->figure.denominator == 0 &&
                   !row->judged));
    }
    indicator_rows_free(&rows);
}

static void read_indicator(const char *indicator)
{
    memset(covers, 0, PERIODS * units_count(units) * sizeof *covers);
    memset(values, 0, PERIODS * units_count(units) * sizeof *values);
    for (uint32_t period = 0; period < PERIODS; period++) {
        read_period(indicator, period, UNIT_DISTRICT);
        read_period(indicator, period, UNIT_COMMUNE);
    }
}

static bool is_hidden(uint32_t period, size_t unit)
{
    return covers[period * units_count(units) + unit] != FIGURE_SHOWN;
}

static bool is_of_the_year(const struct unit *unit)
{
    return unit->from <= plan->from && unit->to > plan->to;
}

/* Units below `above` that are hidden, and all of them. */
static size_t count_below(uint32_t period, size_t above, size_t *all)
{
    size_t hidden = 0;

    *all = 0;
    for (size_t i = 0; i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);

        if (unit->parent == units_at(units, above)->key &&
            is_of_the_year(unit)) {
            *all += 1;
            hidden += is_hidden(period, i);
        }
    }
    return hidden;
}

static void check_unit(const char *id, uint32_t period, size_t i)
{
    const struct unit *unit = units_at(units, i);
    int64_t value = values[period * units_count(units) + i];
    size_t all, hidden = count_below(period, i, &all);

    if (unit->level != UNIT_PROVINCE) {
        cr_assert(value == 0 || value >= SUPPRESS_SMALL, "%s %s", id,
                  unit->name);
        /* The year and each later quarter hide what a quarter hid. */
        cr_assert(!is_hidden(period, i) || period == 4 ||
                      is_hidden(period + 1, i),
                  "%s %s", id, unit->name);
    } else {
        cr_assert_not(is_hidden(period, i));
    }
    cr_assert(is_hidden(period, i)
                  ? hidden == all
                  : hidden == 0 || hidden >= SUPPRESS_GROUP_MIN,
              "%s %s: %zu hidden of %zu", id, unit->name, hidden, all);
}

Test(suppress_year, nothing_of_persons_is_given_away)
{
    size_t persons = 0;

    for (uint32_t n = 0; n < plan->indicator_count; n++) {
        const struct plan_indicator *indicator = &plan->indicators[n];

        if (!indicator->persons || indicator->formula == NULL) {
            continue;
        }
        persons++;
        read_indicator(indicator->id);
        for (uint32_t period = 0; period < PERIODS; period++) {
            for (size_t i = 0; i < units_count(units); i++) {
                if (is_of_the_year(units_at(units, i))) {
                    check_unit(indicator->id, period, i);
                }
            }
        }
    }
    cr_assert_gt(persons, 0);
}
