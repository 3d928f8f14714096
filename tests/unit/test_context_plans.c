/* Plans side by side: which are in force, and which one is meant. */
#include "common/event/calendar.h"
#include "common/fold/context.h"
#include "tests/support/plan_text.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A plan of one indicator; what a test changes stands on lines of its own. */
static const char text[] = "plan: %s\n"
                           "title: {vi: Thử, en: Trial}\n"
                           "period: {from: %d-01-01, to: %d-12-31}\n"
                           "unit: %s\n"
                           "programme: %s\n"
                           "%s"
                           "indicators:\n"
                           "  - id: visits\n"
                           "    label: {vi: Lượt, en: Visits}\n"
                           "    unit_of_count: {vi: lượt, en: visits}\n"
                           "    value: {count: inspection}\n"
                           "targets: []\n";

static struct world world;
static struct control *control;

static void open_world(void)
{
    world_open(&world, NULL, NULL);
    control = calloc(1, sizeof *control);
    cr_assert_not_null(control);
}

static void close_world(void)
{
    free(control);
    world_close(&world);
}

TestSuite(context_plans, .init = open_world, .fini = close_world);

struct wanted {
    const char *id;
    int year;
    const char *unit, *programme, *more;
};

static enum status load(const struct wanted *wanted, uint32_t revision)
{
    static const char regimes[] =
        "regimes: [{regime: calendar, kinds: [quarter]}]\n";
    char content[1024], more[256];
    unsigned change;
    enum status status;

    (void)snprintf(
        more, sizeof more, "%s%s",
        wanted->more != NULL && strstr(wanted->more, "regimes") ? "" : regimes,
        wanted->more != NULL ? wanted->more : "");
    (void)snprintf(
        content, sizeof content, text, wanted->id, wanted->year, wanted->year,
        wanted->unit != NULL ? wanted->unit : "gso3:90",
        wanted->programme != NULL ? wanted->programme : "prostitution", more);
    memset(control, 0, sizeof *control);
    control->kind = CONTROL_PLAN;
    control->files.revision = revision;
    control->files.file_count = 1;
    control->files.files[0].content = bytes_of_text(content);
    (void)snprintf(control->files.id, CONTROL_NAME_MAX, "%s", wanted->id);
    (void)snprintf(control->files.files[0].name, CONTROL_NAME_MAX, "plan.yaml");
    status = context_apply(world.context, world.index, control, &world.report,
                           &change);
    world.index += status == STATUS_OK;
    cr_assert_eq(change, status == STATUS_OK ? CONTEXT_CHANGED_FIGURES
                                             : CONTEXT_CHANGED_NOTHING);
    return status;
}

static enum status load_plain(const char *id, int year)
{
    return load(&(struct wanted){.id = id, .year = year}, 1);
}

/* The id of the plan at that place. */
static const char *at(size_t place)
{
    return context_plan_at(world.context, place)->plan->id;
}

Test(context_plans, another_id_adds_a_plan_and_the_same_id_replaces_it)
{
    uint64_t index = world.index;

    cr_assert_null(context_plan_at(world.context, 0));
    cr_assert_eq(load_plain("a-2018", 2018), STATUS_OK);
    cr_assert_eq(load_plain("b-2019", 2019), STATUS_OK);
    cr_assert_eq(context_plan_count(world.context), 2);
    cr_assert_eq(load(&(struct wanted){.id = "a-2018", .year = 2018}, 2),
                 STATUS_OK);
    cr_assert_eq(context_plan_count(world.context), 2);
    cr_assert_str_eq(at(0), "a-2018");
    cr_assert_str_eq(at(1), "b-2019");
    cr_assert_eq(context_plan_at(world.context, 0)->revision, 2);
    cr_assert_eq(context_plan_at(world.context, 0)->index, index + 2);
    cr_assert_eq(context_plan_at(world.context, 1)->index, index + 1);
    cr_assert_eq(context_plan_by_id(world.context, "b-2019"),
                 context_plan_at(world.context, 1));
    cr_assert_null(context_plan_by_id(world.context, "c"));
    cr_assert_null(context_plan_at(world.context, 2));
}

Test(context_plans, an_older_revision_changes_nothing)
{
    const struct plan *plan;

    cr_assert_eq(load(&(struct wanted){.id = "a", .year = 2018}, 2), STATUS_OK);
    plan = context_plan_at(world.context, 0)->plan;
    cr_assert_eq(load(&(struct wanted){.id = "a", .year = 2018}, 2),
                 STATUS_INVALID);
    cr_assert_eq(load(&(struct wanted){.id = "a", .year = 2018}, 1),
                 STATUS_INVALID);
    cr_assert_eq(world.report.errors, 2);
    cr_assert_eq(context_plan_at(world.context, 0)->plan, plan);
    cr_assert_eq(context_plan_at(world.context, 0)->revision, 2);
}

Test(context_plans, a_plan_that_supersedes_takes_the_place_of_the_other)
{
    static const struct wanted heir = {
        .id = "c", .year = 2018, .more = "supersedes: a\n"};

    cr_assert_eq(load_plain("a", 2018), STATUS_OK);
    cr_assert_eq(load_plain("b", 2019), STATUS_OK);
    cr_assert_eq(load(&heir, 1), STATUS_OK);
    cr_assert_eq(context_plan_count(world.context), 2);
    cr_assert_str_eq(at(0), "c");
    cr_assert_str_eq(at(1), "b");
    /* Its next revision says the same and stays where it is. */
    cr_assert_eq(load(&heir, 2), STATUS_OK);
    cr_assert_eq(context_plan_count(world.context), 2);
    cr_assert_eq(context_plan_at(world.context, 0)->revision, 2);
    /* What it supersedes need not have been in this ledger. */
    cr_assert_eq(load(&(struct wanted){.id = "d",
                                       .year = 2019,
                                       .more = "supersedes: never-here\n"},
                      1),
                 STATUS_OK);
    cr_assert_str_eq(at(2), "d");
}

Test(context_plans, i11_so_many_plans_and_no_more)
{
    char id[32];

    for (unsigned i = 0; i < CONTEXT_PLANS_MAX; i++) {
        (void)snprintf(id, sizeof id, "plan-%u", i);
        cr_assert_eq(load_plain(id, 2018), STATUS_OK);
    }
    cr_assert_eq(load_plain("one-more", 2018), STATUS_INVALID);
    cr_assert_eq(context_plan_count(world.context), CONTEXT_PLANS_MAX);
    cr_assert_eq(load(&(struct wanted){.id = "plan-3", .year = 2018}, 2),
                 STATUS_OK);
    cr_assert_eq(load(&(struct wanted){.id = "one-more",
                                       .year = 2018,
                                       .more = "supersedes: plan-0\n"},
                      1),
                 STATUS_OK);
    cr_assert_eq(context_plan_count(world.context), CONTEXT_PLANS_MAX);
    cr_assert_str_eq(at(0), "one-more");
}

/* The plan that is meant; NULL: it has to be said. */
static const char *meant(const char *id, int year)
{
    const struct context_plan *plan = NULL;
    enum status status =
        context_plan_choose(world.context, id, calendar_day(year, 6, 1), &plan);

    cr_assert_eq(plan != NULL, status == STATUS_OK);
    return plan == NULL ? status_text(status, LANGUAGE_EN) : plan->plan->id;
}

Test(context_plans, the_plan_that_is_meant_is_found_or_has_to_be_said)
{
    const char *unsaid = status_text(STATUS_USAGE, LANGUAGE_EN);
    const char *none = status_text(STATUS_NOT_FOUND, LANGUAGE_EN);

    cr_assert_str_eq(meant(NULL, 2018), none);
    cr_assert_eq(load_plain("a-2018", 2018), STATUS_OK);
    cr_assert_str_eq(meant(NULL, 2018), "a-2018");
    cr_assert_str_eq(meant(NULL, 2026), "a-2018", "there is but one");
    cr_assert_eq(load_plain("a-2019", 2019), STATUS_OK);
    cr_assert_str_eq(meant(NULL, 2018), "a-2018");
    cr_assert_str_eq(meant(NULL, 2019), "a-2019");
    cr_assert_str_eq(meant(NULL, 2026), unsaid);
    cr_assert_str_eq(meant("a-2018", 2026), "a-2018");
    cr_assert_str_eq(meant("a-2020", 2018), none);
    /* A district's plan beside the province's is not meant by itself. */
    cr_assert_eq(load(&(struct wanted){.id = "district",
                                       .year = 2019,
                                       .unit = "gso3:901"},
                      1),
                 STATUS_OK);
    cr_assert_str_eq(meant(NULL, 2019), "a-2019");
    cr_assert_eq(load(&(struct wanted){.id = "b-2019",
                                       .year = 2019,
                                       .programme = "trafficking"},
                      1),
                 STATUS_OK);
    cr_assert_str_eq(meant(NULL, 2019), unsaid);
    cr_assert_str_eq(meant(NULL, 2018), "a-2018");
}

Test(context_plans, regimes_are_those_of_the_plans_for_the_day)
{
    int32_t last = 0;
    int32_t march = calendar_day(2018, 3, 10), april = calendar_day(2018, 4, 5);

    cr_assert_not(context_crosses(world.context, march, april, &last));
    cr_assert_eq(load_plain("a", 2018), STATUS_OK);
    cr_assert(context_crosses(world.context, march, april, &last));
    cr_assert_eq(last, calendar_day(2018, 3, 31));
    /* The earliest end of all plans that are for the day. */
    cr_assert_eq(load(&(struct wanted){.id = "b",
                                       .year = 2018,
                                       .more = "regimes: [{regime: "
                                               "nd09_2019, kinds: "
                                               "[month]}]\n"},
                      1),
                 STATUS_OK);
    cr_assert(context_crosses(world.context, march, april, &last));
    cr_assert_eq(last, calendar_day(2018, 3, 14));
    cr_assert_not(context_crosses(world.context, calendar_day(2019, 3, 10),
                                  calendar_day(2019, 4, 5), &last));
}

Test(context_plans, an_event_is_of_the_programme_that_the_day_has)
{
    int32_t day = calendar_day(2018, 6, 1), next = calendar_day(2019, 6, 1);

    cr_assert_eq(context_programme(world.context, day), 0);
    cr_assert_eq(load_plain("a", 2018), STATUS_OK);
    cr_assert_eq(context_programme(world.context, day), WORLD_PROSTITUTION);
    cr_assert_eq(context_programme(world.context, next), WORLD_PROSTITUTION);
    cr_assert_eq(load(&(struct wanted){.id = "b",
                                       .year = 2019,
                                       .programme = "trafficking"},
                      1),
                 STATUS_OK);
    cr_assert_eq(context_programme(world.context, day), WORLD_PROSTITUTION);
    cr_assert_eq(context_programme(world.context, next), 2);
    cr_assert_eq(context_programme(world.context, calendar_day(2020, 1, 1)), 0,
                 "two programmes, and no plan is for the day");
    cr_assert_eq(load_plain("c", 2019), STATUS_OK);
    cr_assert_eq(context_programme(world.context, next), 0);
}
