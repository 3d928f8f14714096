/* Who may see which numbers of persons, in rows as every output has them. */
#include "common/event/calendar.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/suppress.h"
#include "common/figures/suppress_facts.h"
#include "tests/support/plan_text.h"
#include "tests/support/small_plan.h"
#include "tests/support/source_file.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CENSUS = 17 /* proto/event.proto */
};

static struct world world;
static struct fold *fold;
static struct indicator_request request;
static struct indicator_rows *rows;

static void add_census(uint32_t district, uint32_t commune, int32_t day,
                       uint64_t persons)
{
    struct event event;

    world_event_init(&world, &event, district, CENSUS, day,
                     WORLD_COMMUNE(district, commune));
    (void)event_append(&event, 1, 1);
    event_set(&event, 2, persons);
    (void)world_add(&world, district, 1, &event);
}

/* The first quarter of 2018; the second district has a commune of three. The
 * communes change with the second half. */
static void open_world(void)
{
    int32_t day = calendar_day(2018, 2, 1);

    world_open(&world, WORLD_PLAN, NULL);
    add_census(1, 1, day, 6);
    add_census(1, 2, day, 0);
    add_census(1, 3, day, 9);
    add_census(2, 1, day, 3);
    add_census(2, 2, day, 20);
    add_census(2, 3, day, 40);
    fold = world_fold(&world, NULL);
    request = (struct indicator_request){
        .range = {.plan = context_plan_at(world.context, 0)->plan,
                  .from = calendar_day(2018, 1, 1),
                  .to = calendar_day(2018, 3, 31),
                  .unit_date = calendar_day(2018, 3, 31)},
        .today = calendar_day(2019, 1, 5),
        .indicator = "on_file",
        .by = true,
        .by_level = UNIT_COMMUNE,
    };
}

static void close_world(void)
{
    indicator_rows_free(&rows);
    fold_free(&fold);
    world_close(&world);
}

TestSuite(suppress, .init = open_world, .fini = close_world);

static const struct figure *figure_of(uint32_t unit)
{
    indicator_rows_free(&rows);
    cr_assert_eq(indicator_rows_new(fold, world.context, &request, &rows),
                 STATUS_OK);
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].unit->key == unit) {
            return &rows->rows[i].figure;
        }
    }
    cr_assert_fail("no row of that unit");
    return NULL;
}

static enum figure_cover cover_of(uint32_t unit)
{
    return figure_of(unit)->hidden;
}

static void set_range(int32_t from, int32_t to)
{
    request.range.from = from;
    request.range.to = to;
    request.range.unit_date = to;
}

Test(suppress, a_small_number_hides_those_that_would_give_it_away)
{
    const struct figure *figure = figure_of(WORLD_COMMUNE(2, 1));

    cr_assert_eq(figure->hidden, FIGURE_HIDDEN_SMALL);
    cr_assert_eq(figure->value, 0);
    cr_assert_eq(cover_of(WORLD_COMMUNE(2, 2)), FIGURE_HIDDEN_COMPLEMENT);
    cr_assert_eq(cover_of(WORLD_COMMUNE(2, 3)), FIGURE_HIDDEN_COMPLEMENT);
    cr_assert_eq(figure_of(WORLD_COMMUNE(1, 1))->value, 6);
    cr_assert_eq(figure_of(WORLD_COMMUNE(1, 2))->value, 0);
    request.by_level = UNIT_DISTRICT;
    cr_assert_eq(figure_of(WORLD_DISTRICT(2))->value, 63);
    cr_assert_eq(figure_of(WORLD_PROVINCE)->value, 78);
}

/* A plan that counts the same persons and asks for more beside them. */
static const char beside[] =
    "plan: khac-2018\n"
    "title: {vi: Kế hoạch khác, en: Another plan}\n"
    "period: {from: 2018-01-01, to: 2018-12-31}\n"
    "unit: gso3:90\n"
    "programme: prostitution\n"
    "regimes:\n"
    "  - regime: calendar\n"
    "    kinds: [quarter, year]\n"
    "indicators:\n"
    "  - id: on_file\n"
    "    label: {vi: Có hồ sơ, en: On file}\n"
    "    unit_of_count: {vi: người, en: persons}\n"
    "    value: {latest: sellers_on_file, of: situation_census,\n"
    "            by: subject_unit}\n"
    "  - id: absent\n"
    "    label: {vi: Vắng mặt, en: Absent}\n"
    "    unit_of_count: {vi: người, en: persons}\n"
    "    value: {latest: absent_women, of: situation_census,\n"
    "            by: subject_unit}\n"
    "targets:\n"
    "  - id: K-1\n"
    "    indicator: absent\n"
    "    label: {vi: Vắng mặt, en: Absent}\n"
    "    monitor: yes\n";

/* If one showed what the other hides, both together would tell the rest. */
Test(suppress, i9_plans_that_count_the_same_persons_hide_the_same)
{
    event_set(&world.events[2].event, 3, 2);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    cr_assert_eq(cover_of(WORLD_COMMUNE(1, 1)), FIGURE_SHOWN);
    world_plan(&world, 1, beside);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    cr_assert_eq(context_plan_count(world.context), 2);
    for (size_t i = 0; i < 2; i++) {
        request.range.plan = context_plan_at(world.context, i)->plan;
        cr_assert_neq(cover_of(WORLD_COMMUNE(1, 1)), FIGURE_SHOWN);
        cr_assert_neq(cover_of(WORLD_COMMUNE(1, 3)), FIGURE_SHOWN);
        cr_assert_neq(cover_of(WORLD_COMMUNE(2, 1)), FIGURE_SHOWN);
    }
}

Test(suppress, the_unit_itself_and_the_audit_see_the_number)
{
    request.reader = (struct figure_reader){.kind = FIGURE_READER_UNIT,
                                            .unit = WORLD_COMMUNE(2, 1)};
    cr_assert_eq(figure_of(WORLD_COMMUNE(2, 1))->value, 3);
    cr_assert_neq(cover_of(WORLD_COMMUNE(2, 2)), FIGURE_SHOWN);
    request.reader.kind = FIGURE_READER_AUDIT;
    cr_assert_eq(figure_of(WORLD_COMMUNE(2, 2))->value, 20);
}

/* An office looks at what it recorded itself. */
Test(suppress, nothing_is_hidden_in_an_offices_own_view)
{
    struct indicator_view view = {.says = "", .streams = "1.1"};

    request.view = &view;
    cr_assert_eq(figure_of(WORLD_COMMUNE(2, 1))->value, 3);
}

Test(suppress, persons_are_not_told_day_by_day)
{
    set_range(calendar_day(2018, 2, 1), calendar_day(2018, 2, 1));
    cr_assert_eq(cover_of(WORLD_COMMUNE(2, 3)), FIGURE_HIDDEN_COMPLEMENT);
    cr_assert_eq(cover_of(WORLD_PROVINCE), FIGURE_HIDDEN_COMPLEMENT);
    request.reader.kind = FIGURE_READER_AUDIT;
    cr_assert_eq(figure_of(WORLD_PROVINCE)->value, 78);
}

Test(suppress, below_the_province_a_quarter_is_the_least)
{
    set_range(calendar_day(2018, 2, 1), calendar_day(2018, 2, 28));
    cr_assert_eq(cover_of(WORLD_COMMUNE(2, 3)), FIGURE_HIDDEN_COMPLEMENT);
    cr_assert_eq(cover_of(WORLD_PROVINCE), FIGURE_SHOWN);
}

Test(suppress, a_quarter_is_shown_when_it_is_over)
{
    request.today = request.range.to;
    cr_assert_eq(cover_of(WORLD_COMMUNE(1, 1)), FIGURE_HIDDEN_COMPLEMENT);
    cr_assert_eq(cover_of(WORLD_PROVINCE), FIGURE_SHOWN);
    request.today++;
    cr_assert_eq(cover_of(WORLD_COMMUNE(1, 1)), FIGURE_SHOWN);
}

Test(suppress, quarters_from_the_beginning_of_the_year_are_whole)
{
    set_range(calendar_day(2018, 1, 1), calendar_day(2018, 6, 30));
    cr_assert_eq(figure_of(WORLD_COMMUNE(1, 1))->value, 6);
    set_range(calendar_day(2018, 4, 1), calendar_day(2018, 9, 30));
    cr_assert_neq(cover_of(WORLD_COMMUNE(1, 1)), FIGURE_SHOWN);
}

Test(suppress, what_was_hidden_once_stays_hidden_that_year)
{
    add_census(2, 1, calendar_day(2018, 5, 1), 30);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    set_range(calendar_day(2018, 4, 1), calendar_day(2018, 6, 30));
    cr_assert_eq(cover_of(WORLD_COMMUNE(2, 1)), FIGURE_HIDDEN_COMPLEMENT);
    cr_assert_eq(cover_of(WORLD_COMMUNE(2, 2)), FIGURE_HIDDEN_COMPLEMENT);
}

Test(suppress, a_period_in_which_units_changed_is_hidden_below_the_province)
{
    set_range(calendar_day(2018, 1, 1), calendar_day(2018, 12, 31));
    cr_assert_eq(cover_of(WORLD_COMMUNE(1, 1)), FIGURE_HIDDEN_COMPLEMENT);
    cr_assert_eq(cover_of(WORLD_PROVINCE), FIGURE_SHOWN);
}

Test(suppress, units_of_another_day_give_nothing_away)
{
    request.range.unit_date = calendar_day(2018, 12, 31);
    cr_assert_eq(cover_of(WORLD_COMMUNE(1, 1)), FIGURE_HIDDEN_COMPLEMENT);
}

Test(suppress, numbers_of_things_are_never_hidden)
{
    request.indicator = NULL;
    set_range(calendar_day(2018, 2, 1), calendar_day(2018, 2, 1));
    (void)figure_of(WORLD_PROVINCE);
    for (size_t i = 0; i < rows->count; i++) {
        bool persons = strcmp(rows->rows[i].indicator->id, "on_file") == 0;

        cr_assert_eq(rows->rows[i].figure.hidden != FIGURE_SHOWN, persons);
    }
}

/* ---- what an indicator tells about persons ---- */

static struct suppress_facts facts_of(const char *formula)
{
    struct report report;
    struct suppress_facts facts;
    struct plan *plan;
    char line[512];

    (void)snprintf(line, sizeof line, "      %s", formula);
    plan = small_plan_load(SMALL_PLAN_FORMULA, line, LANGUAGE_EN, &report);
    cr_assert_not_null(plan, "%s", formula);
    suppress_facts_of(plan, &plan->indicators[0], &facts);
    plan_free(&plan);
    report_fini(&report);
    return facts;
}

Test(suppress_facts, victims_are_known_by_group_and_field,
     .init = small_plan_open, .fini = small_plan_close)
{
    static const struct {
        const char *formula;
        bool victims;
    } cases[] = {
        {"{sum: served, of: client_flow, where: {group: seller}}", false},
        {"{sum: served, of: client_flow, "
         "where: {group: [seller, at_risk_woman]}}",
         false},
        {"{sum: served, of: client_flow, "
         "where: {group: {none_of: trafficking_victim}}}",
         false},
        {"{sum: served, of: client_flow}", true},
        {"{sum: served, of: client_flow, "
         "where: {group: [seller, trafficking_victim]}}",
         true},
        {"{sum: under_18, of: client_flow, where: {group: seller}}", true},
        {"{latest: victims_returned, of: situation_census, "
         "by: subject_unit}",
         true},
        {"{latest: sellers_on_file, of: situation_census, by: subject_unit}",
         false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct suppress_facts facts = facts_of(cases[i].formula);

        cr_assert(facts.counts);
        cr_assert_eq(facts.victims, cases[i].victims, "%s", cases[i].formula);
    }
}

Test(suppress_facts, persons_are_counted_divided_by_and_asked_for,
     .init = small_plan_open, .fini = small_plan_close)
{
    struct suppress_facts facts = facts_of(
        "{ratio: {part: {sum: served, of: client_flow, "
        "where: {group: seller}}, whole: {sum: with_need, of: client_flow, "
        "where: {group: seller}}}}");

    cr_assert(facts.counts && facts.divides && !facts.asks);
    facts = facts_of("{units: commune, of: situation_census, "
                     "where: {sellers_on_file: {at_least: 1}}}");
    cr_assert(!facts.counts && facts.asks);
    facts = facts_of("{sum: decisions, of: admin_sanction}");
    cr_assert(facts.counts);
    cr_assert(!facts.compares);
    facts = facts_of("{change: {sum: decisions, of: admin_sanction}, against: "
                     "previous_year, as: count}");
    cr_assert(facts.counts && facts.compares);
    facts = facts_of("{latest: sellers_on_file, of: situation_census, "
                     "by: subject_unit, at: start}");
    cr_assert(facts.compares);
    facts = facts_of("{count: inspection}");
    cr_assert(!facts.counts && !facts.asks);
}

/* Hectares are told by the same event as persons are: the province's vocabulary
 * says which is which, and with persons among them all are persons. */
Test(suppress_facts, a_measure_of_the_province_may_be_of_no_persons)
{
    static const char vocabulary[] =
        "vocabulary: 1\nvalues:\n"
        "  - {enumeration: CoverageMeasure, value: 10000, token: poppy,\n"
        "     persons: no, label: {vi: Thuốc phiện, en: Poppy}}\n"
        "  - {enumeration: CoverageMeasure, value: 10001, token: patients,\n"
        "     label: {vi: Bệnh nhân, en: Patients}}\n";
    static const struct {
        const char *measures;
        bool persons;
    } cases[] = {{"poppy", false},
                 {"patients", true},
                 {"[patients, poppy]", true},
                 {"students_informed", true},
                 {"{none_of: patients}", true}};
    char *base = source_file(WORLD_PLAN);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct suppress_facts facts;
        struct world other;
        const struct plan *plan;
        char formula[256], *text;

        (void)snprintf(formula, sizeof formula,
                       "{sum: reached, of: coverage_snapshot, "
                       "where: {measure: %s}}",
                       cases[i].measures);
        text =
            plan_text_with(base, "{sum: violations, of: inspection}", formula);
        world_open(&other, NULL, vocabulary);
        world_plan(&other, 1, text);
        plan = context_plan_at(other.context, 0)->plan;
        suppress_facts_of(plan, &plan->indicators[1], &facts);
        cr_assert_eq(facts.counts, cases[i].persons, "%s", cases[i].measures);
        cr_assert_eq(plan->indicators[1].persons, cases[i].persons);
        world_close(&other);
        free(text);
    }
    free(base);
}
