/* Several plans side by side: each plan's figures are what they would be if it
 * were the only one. TALLYLINE_TEST_SEED repeats a run. */
#include "common/fold/fold_state.h"
#include "tests/support/plan_text.h"
#include "tests/support/random_year.h"
#include "tests/support/source_file.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define YEARS 12u

/* The world's plan; one whose annex says something else of the same things,
 * with lists of its own; and one without an annex. */
#define PLANS 3u
static const char *const ids[PLANS] = {"thu-2018", "thu-khac", "thu-trong"};
static char *texts[PLANS];

static void put(char **text, const char *from, const char *to)
{
    char *changed = plan_text_with(*text, from, to);

    free(*text);
    *text = changed;
}

static void open_texts(void)
{
    for (size_t i = 0; i < PLANS; i++) {
        texts[i] = source_file(WORLD_PLAN);
        put(&texts[i], ids[0], ids[i]);
        put(&texts[i], "targets:\n",
            "  - id: listed_visits\n"
            "    label: {vi: Lượt, en: Visits}\n"
            "    unit_of_count: {vi: lượt, en: visits}\n"
            "    value: {count: inspection,\n"
            "            where: {subject_unit: {in_list: districts}}}\n"
            "  - id: elsewhere\n"
            "    label: {vi: Lượt, en: Visits}\n"
            "    unit_of_count: {vi: lượt, en: visits}\n"
            "    value: {count: inspection,\n"
            "            where: {subject_unit: {not_in_list: districts}}}\n"
            "targets:\n");
    }
    put(&texts[1], "state: cleared}", "state: reactivated}");
    put(&texts[1], "[HOT-0000-000001-D, HOT-0000-000002-B]",
        "[HOT-0000-000002-B]");
    put(&texts[1], "[gso3:901, gso3:902]", "[gso3:902]");
    put(&texts[2],
        "type: hotspot_status\n    common: {place_kind: "
        "public_place, state: cleared}\n    rows:\n",
        "type: hotspot_status\n    rows: []\n  - type: model_status\n    "
        "common: {kind: peer_group, state: new}\n    rows:\n");
    put(&texts[2], "hotspot_ref: HOT-0000-000001-D",
        "model_ref: MOD-0000-000001-5");
    put(&texts[2], "hotspot_ref: HOT-0000-000002-B",
        "model_ref: MOD-0000-000002-3");
    put(&texts[2], "units: [gso3:90101, gso3:90201]",
        "subject_unit: gso3:90101");
    put(&texts[2], "units: [gso3:90202]", "subject_unit: gso3:90202");
}

static void close_texts(void)
{
    for (size_t i = 0; i < PLANS; i++) {
        free(texts[i]);
    }
}

TestSuite(fold_plans, .init = open_texts, .fini = close_texts);

/* All figures of one plan, by indicator and unit. */
struct figures {
    struct figure *figures;
    size_t count, units;
};

static struct figures compute(const struct world *world,
                              const struct fold *fold, const char *id)
{
    const struct plan *plan = context_plan_by_id(world->context, id)->plan;
    struct figures made = {.units = units_count(context_units(world->context)),
                           .count = plan->indicator_count};
    struct figure_range range;

    figure_range_default(plan, &range);
    made.figures = calloc(made.count * made.units, sizeof *made.figures);
    cr_assert_not_null(made.figures);
    for (size_t i = 0; i < made.count; i++) {
        const struct plan_formula *formula = plan->indicators[i].formula;

        cr_assert(formula == NULL ||
                  indicator_compute(fold, world->context, formula, &range,
                                    made.figures + i * made.units,
                                    made.units) == STATUS_OK);
    }
    return made;
}

/* The year's events under the plans of the texts, in that order, and the
 * figures of one of them. */
static struct figures under(const struct year *year, const char *const plans[],
                            const char *id)
{
    struct world world;
    struct figures made;
    struct fold *fold;

    world_open(&world, NULL, NULL);
    for (size_t i = 0; plans[i] != NULL; i++) {
        world_plan(&world, 1, plans[i]);
    }
    memcpy(world.events, year->world.events,
           year->world.count * sizeof *world.events);
    world.count = year->world.count;
    fold = world_fold(&world, NULL);
    made = compute(&world, fold, id);
    fold_free(&fold);
    world_close(&world);
    return made;
}

static size_t differences(const struct figures *a, const struct figures *b)
{
    size_t found = 0;

    cr_assert(a->count == b->count && a->units == b->units);
    for (size_t i = 0; i < a->count * a->units; i++) {
        found +=
            memcmp(&a->figures[i], &b->figures[i], sizeof a->figures[i]) != 0;
    }
    return found;
}

/* The figures of plan `k` are the same with plan `other` before or behind. */
static void check_beside(const struct year *year, const struct figures *alone,
                         size_t k, size_t other)
{
    for (size_t behind = 0; behind < 2; behind++) {
        const char *const both[] = {texts[behind == 1 ? k : other],
                                    texts[behind == 1 ? other : k], NULL};
        struct figures beside = under(year, both, ids[k]);

        cr_assert_eq(differences(alone, &beside), 0,
                     "seed %" PRIu64 ": %s beside %s", year->first_seed, ids[k],
                     ids[other]);
        free(beside.figures);
    }
}

Test(fold_plans, i4_a_plan_beside_it_changes_no_figure_of_a_plan)
{
    uint64_t seed = world_seed();
    size_t apart = 0;

    for (uint64_t i = 0; i < YEARS; i++) {
        struct year *year = random_year_new(seed + i);
        struct figures alone[PLANS];

        for (size_t k = 0; k < PLANS; k++) {
            alone[k] = under(year, (const char *[]){texts[k], NULL}, ids[k]);
            for (size_t other = 0; other < PLANS; other++) {
                if (other != k) {
                    check_beside(year, &alone[k], k, other);
                }
            }
        }
        apart += differences(&alone[0], &alone[1]) > 0 &&
                 differences(&alone[0], &alone[2]) > 0;
        for (size_t k = 0; k < PLANS; k++) {
            free(alone[k].figures);
        }
        random_year_free(&year);
    }
    /* The plans do differ, or the test would say nothing. */
    cr_assert_gt(apart, 0);
}

static uint32_t measures_of(struct world *world)
{
    struct fold *fold = world_fold(world, NULL);
    uint32_t count = fold->measure_count;

    fold_free(&fold);
    return count;
}

Test(fold_plans, what_two_plans_ask_alike_is_kept_once)
{
    struct world world;
    uint32_t alone;

    world_open(&world, NULL, NULL);
    world_plan(&world, 1, texts[0]);
    alone = measures_of(&world);
    world_plan(&world, 1, texts[1]);
    /* Each plan has hotspots of its own, in its annex and its lists. */
    cr_assert_eq(context_plan_count(world.context), 2);
    cr_assert_lt(measures_of(&world), alone + alone / 2);
    cr_assert_gt(measures_of(&world), alone);
    world_close(&world);
}
