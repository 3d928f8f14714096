/* Who answers for an indicator of a plan of two programmes: the offices that
 * may write what it counts, and no others. The second district has two. */
#include "common/figures/programmes.h"

#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/silence.h"
#include "common/reports/form.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    TRAINING = 5,
    REPORT = 19
};

#define TRAFFICKING (WORLD_PROSTITUTION + 1)
#define QUARTER_KEY 201801u

static struct world world;
static const struct plan *plan;
static struct fold *fold;
static struct indicator_rows *rows;
static struct silence *silence;
static struct form *form;
static struct indicator_request request;

static void open_world(void)
{
    world_open(&world, "tests/support/two_programmes_plan.yaml", NULL);
    plan = context_plan_at(world.context, 0)->plan;
    request = (struct indicator_request){
        .today = calendar_day(2018, 6, 1),
        .by = true,
        .by_level = UNIT_DISTRICT,
    };
    figure_range_default(plan, &request.range);
    request.range.to = calendar_day(2018, 3, 31);
    request.range.unit_date = request.range.to;
}

static void close_world(void)
{
    indicator_rows_free(&rows);
    silence_free(&silence);
    form_free(&form);
    fold_free(&fold);
    world_close(&world);
}

TestSuite(programmes, .init = open_world, .fini = close_world);

static struct control_scope *scope_of(uint32_t agent)
{
    return (struct control_scope *)(uintptr_t)context_agent(world.context,
                                                            agent)
        ->scopes;
}

/* What it may write from now on. */
static void limit(uint32_t agent, uint32_t programme)
{
    scope_of(agent)->programme_count = 1;
    scope_of(agent)->programmes[0] = programme;
}

/* A class, which no indicator counts. */
static void lesson(uint32_t agent, uint32_t programme, int32_t day)
{
    struct event event;

    world_event_init(&world, &event, agent, TRAINING, day, 0);
    event.programme = programme;
    event_set(&event, 1, 1);
    event_set(&event, 2, 10);
    (void)world_add(&world, agent, 1, &event);
}

static void report(uint32_t agent, uint32_t programme)
{
    struct event event;

    world_event_init(&world, &event, agent, REPORT, calendar_day(2018, 4, 1),
                     0);
    event.programme = programme;
    event_set(&event, 1, PERIOD_CALENDAR);
    event_set(&event, 2, PERIOD_QUARTER);
    event_set(&event, 3, QUARTER_KEY);
    (void)world_add(&world, agent, 1, &event);
}

static void fold_anew(void)
{
    indicator_rows_free(&rows);
    silence_free(&silence);
    form_free(&form);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
}

static const struct indicator_row *row_of(const char *indicator, uint32_t unit)
{
    fold_anew();
    request.indicator = indicator;
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

static enum received_state state_of(const char *indicator, uint32_t unit)
{
    return row_of(indicator, unit)->state;
}

/* Each tells of what it may write; what counts both is told by both. */
Test(programmes, an_indicator_is_told_by_who_may_write_what_it_counts)
{
    limit(2, WORLD_PROSTITUTION);
    limit(4, TRAFFICKING);
    lesson(2, WORLD_PROSTITUTION, calendar_day(2018, 5, 1));
    cr_assert_eq(state_of("visits", WORLD_DISTRICT(2)), RECEIVED_ZERO);
    cr_assert_eq(state_of("items", WORLD_DISTRICT(2)), RECEIVED_NEVER);
    cr_assert_eq(state_of("both", WORLD_DISTRICT(2)), RECEIVED_NEVER);
    lesson(4, TRAFFICKING, calendar_day(2018, 2, 1));
    cr_assert_eq(state_of("visits", WORLD_DISTRICT(2)), RECEIVED_ZERO);
    cr_assert_eq(state_of("items", WORLD_DISTRICT(2)), RECEIVED_SO_FAR);
    cr_assert_eq(state_of("both", WORLD_DISTRICT(2)), RECEIVED_SO_FAR);
    cr_assert_eq(row_of("both", WORLD_DISTRICT(2))->told.until,
                 calendar_day(2018, 2, 2));
    lesson(4, TRAFFICKING, calendar_day(2018, 5, 1));
    cr_assert_eq(state_of("both", WORLD_DISTRICT(2)), RECEIVED_ZERO);
}

/* All but one programme may be one that neither of the two may write. */
Test(programmes, what_counts_any_programme_is_told_by_an_office_of_all)
{
    limit(2, WORLD_PROSTITUTION);
    limit(4, TRAFFICKING);
    lesson(1, WORLD_PROSTITUTION, calendar_day(2018, 5, 1));
    lesson(2, WORLD_PROSTITUTION, calendar_day(2018, 5, 1));
    lesson(4, TRAFFICKING, calendar_day(2018, 5, 1));
    cr_assert_eq(state_of("others", WORLD_DISTRICT(2)), RECEIVED_NO_OFFICE);
    cr_assert_eq(state_of("others", WORLD_DISTRICT(1)), RECEIVED_ZERO);
}

Test(programmes, what_counts_no_events_is_told_by_any_office_of_the_plan)
{
    limit(2, WORLD_PROSTITUTION);
    limit(4, WORLD_PROSTITUTION);
    lesson(2, WORLD_PROSTITUTION, calendar_day(2018, 5, 1));
    request.today = calendar_day(2018, 3, 31); /* no report is due yet */
    cr_assert_eq(state_of("items", WORLD_DISTRICT(2)), RECEIVED_NO_OFFICE);
    cr_assert_eq(state_of("reports", WORLD_DISTRICT(2)), RECEIVED_ZERO);
}

/* A commune's station may write of one programme, its district of all. */
Test(programmes, of_each_programme_speaks_the_nearest_office_that_may_write_it)
{
    request.by_level = UNIT_COMMUNE;
    scope_of(4)->unit = WORLD_COMMUNE(2, 1);
    limit(4, TRAFFICKING);
    lesson(2, WORLD_PROSTITUTION, calendar_day(2018, 5, 1));
    lesson(4, TRAFFICKING, calendar_day(2018, 2, 1));
    world.events[world.count - 1].event.unit = WORLD_COMMUNE(2, 1);
    cr_assert_eq(state_of("visits", WORLD_COMMUNE(2, 1)), RECEIVED_ZERO);
    cr_assert_eq(state_of("items", WORLD_COMMUNE(2, 1)), RECEIVED_SO_FAR);
    cr_assert_eq(state_of("items", WORLD_COMMUNE(2, 2)), RECEIVED_ZERO);
}

/* ---- reports ---- */

static bool says_zero(const char *indicator, uint32_t district)
{
    struct silence_request asked = {
        .plan = plan, .regime = &plan->regimes[0], .known_to = request.today};
    const struct units *units = context_units(world.context);

    fold_anew();
    cr_assert(period_bounds(asked.regime, PERIOD_QUARTER, QUARTER_KEY,
                            &asked.period));
    cr_assert_eq(silence_new(fold, world.context, &asked, &silence), STATUS_OK);
    return silence_says_zero(
        silence, &plan->indicators[plan_find_indicator(plan, indicator)],
        units_position(units, units_find(units, WORLD_DISTRICT(district),
                                         asked.period.to)));
}

/* Nobody says that nothing was done by others. */
Test(programmes, a_report_is_of_what_its_office_may_write)
{
    limit(2, WORLD_PROSTITUTION);
    limit(4, TRAFFICKING);
    report(4, TRAFFICKING);
    cr_assert_not(says_zero("visits", 2));
    cr_assert(says_zero("items", 2));
    cr_assert_not(says_zero("both", 2));
    report(2, WORLD_PROSTITUTION);
    cr_assert(says_zero("visits", 2));
    cr_assert(says_zero("both", 2));
    cr_assert_not(says_zero("others", 2));
    /* An office that is limited to none gives the plan's report. */
    report(1, WORLD_PROSTITUTION);
    cr_assert(says_zero("items", 1));
    cr_assert(says_zero("others", 1));
}

/* ---- what is put on record ---- */

static void draw_up(void)
{
    static struct digest last;
    static struct form_days days;
    struct form_source source = {.context = world.context,
                                 .last = &last,
                                 .known_on = calendar_day(2018, 7, 1)};
    struct form_request asked = {.days = &days,
                                 .by = true,
                                 .by_level = UNIT_DISTRICT,
                                 .language = LANGUAGE_VI};

    fold_anew();
    source.fold = fold;
    cr_assert(
        form_days(plan, &plan->regimes[0], PERIOD_QUARTER, QUARTER_KEY, &days));
    cr_assert_eq(form_new(&source, &asked, &form), STATUS_OK);
}

/* The lines as the third version of the hash had them: "heard" of everything
 * where an office of any programme was. */
static void digest_before(struct digest *digest)
{
    static const char *const lines[] = {"visits", "items", "both", "others",
                                        "reports"};
    uint8_t text[27 + 5 * DIGEST_BYTES] = "tallyline report figures 3\n";
    size_t used = 27;

    for (size_t i = 0; i < 5; i++) {
        bool ratio = i == 4;
        const char *figure = ratio ? "010100 0/0 010100 0/0 010100 0/0 nothing"
                                   : "011000 0/0 011000 0/0 011000 0/0 monitor";
        char rows_text[512];
        struct digest line;

        (void)snprintf(rows_text, sizeof rows_text,
                       "%s %s\n%s %u never %s\n%s %u %s %s\n", lines[i], figure,
                       lines[i], WORLD_DISTRICT(1), figure, lines[i],
                       WORLD_DISTRICT(2), "heard", figure);
        digest_bytes(bytes_of_text(rows_text), &line);
        memcpy(text + used, line.bytes, DIGEST_BYTES);
        used += DIGEST_BYTES;
    }
    digest_bytes((struct bytes){.data = text, .size = used}, digest);
}

Test(programmes, i4_a_hash_of_before_is_known_and_todays_tells_offices_apart)
{
    struct digest before, limited, whole;
    bool is = false;

    limit(2, WORLD_PROSTITUTION);
    limit(4, WORLD_PROSTITUTION);
    lesson(2, WORLD_PROSTITUTION, calendar_day(2018, 5, 1));
    digest_before(&before);
    draw_up();
    cr_assert_eq(form_digest(form, &limited), STATUS_OK);
    cr_assert_eq(form_is_frozen(form, &before, &is), STATUS_OK);
    cr_assert(is, "what was put on record before");
    cr_assert_eq(form_is_frozen(form, &limited, &is), STATUS_OK);
    cr_assert(is);
    scope_of(2)->programme_count = 0;
    draw_up();
    cr_assert_eq(form_digest(form, &whole), STATUS_OK);
    cr_assert_not(digest_equal(&limited, &whole));
    cr_assert_eq(form_is_frozen(form, &before, &is), STATUS_OK);
    cr_assert(is, "it did not tell them apart");
}
