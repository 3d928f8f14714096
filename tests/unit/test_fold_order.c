/* Random years of a small province, folded in many orders of arrival: figures,
 * totals and outcomes are always the same, and those of a recount that goes
 * through the events by hand. TALLYLINE_TEST_SEED repeats a run. */
#include "common/event/reference.h"
#include "tests/support/random_year.h"
#include "tests/support/recount.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

#define YEARS  24u /* random ones */
#define ORDERS 6u  /* of each */

static void check_outcomes(const struct year *year, const struct fold *fold,
                           const struct recount *recount)
{
    uint64_t wanted[FOLD_OUTCOME_END] = {0};
    struct fold_totals totals;
    size_t listed = 0;

    for (size_t i = 0; i < year->world.count; i++) {
        enum fold_outcome outcome =
            world_outcome(fold, year->world.events[i].id);
        char id[EVENT_ID_TEXT_MAX];

        event_id_format(year->world.events[i].id, id);
        cr_assert_eq(outcome, recount->outcomes[i],
                     "seed %" PRIu64 ": %s of type %u is %s and should be %s",
                     year->first_seed, id, year->world.events[i].event.type,
                     fold_outcome_token(outcome),
                     fold_outcome_token(recount->outcomes[i]));
        wanted[recount->outcomes[i]]++;
        listed += outcome != FOLD_COUNTED;
    }
    fold_totals(fold, &totals);
    cr_assert_eq(totals.events, year->world.count);
    cr_assert_arr_eq(totals.outcomes, wanted, sizeof wanted);
    cr_assert_eq(fold_results(fold, 0, NULL, 0), listed);
}

static void check_figures(const struct year *year, const struct fold *fold,
                          const struct recount *recount)
{
    static const uint32_t units[] = {WORLD_PROVINCE,      WORLD_DISTRICT(1),
                                     WORLD_DISTRICT(2),   WORLD_COMMUNE(1, 1),
                                     WORLD_COMMUNE(1, 4), WORLD_COMMUNE(2, 1),
                                     WORLD_COMMUNE(2, 6)};
    const struct plan *plan = context_plan_at(year->world.context, 0)->plan;

    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        const char *id = plan->indicators[i].id;

        if (plan->indicators[i].formula == NULL) {
            continue;
        }
        for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
            struct figure is = world_figure(&year->world, fold, id, units[k]);
            struct figure should = recount_figure(recount, id, units[k]);

            cr_assert(is.value == should.value && is.ratio == should.ratio &&
                          is.denominator == should.denominator &&
                          is.defined == should.defined &&
                          is.lower_bound == should.lower_bound,
                      "seed %" PRIu64 ": %s of %u is %" PRId64 "/%" PRId64
                      " and should be %" PRId64 "/%" PRId64,
                      year->first_seed, id, units[k], is.value, is.denominator,
                      should.value, should.denominator);
        }
    }
}

static void run_year(uint64_t seed)
{
    struct year *year = random_year_new(seed);
    size_t order[RANDOM_YEAR_EVENTS];
    struct recount recount;

    recount_open(&recount, &year->world);
    for (uint32_t n = 0; n < ORDERS; n++) {
        struct fold *fold;

        world_shuffle(&year->world, &year->seed, order);
        fold = world_fold(&year->world, order);
        check_outcomes(year, fold, &recount);
        check_figures(year, fold, &recount);
        fold_free(&fold);
    }
    recount_close(&recount);
    random_year_free(&year);
}

Test(fold, i4_i5_i6_any_order_of_arrival_gives_the_same_figures)
{
    uint64_t seed = world_seed();

    for (uint64_t i = 0; i < YEARS; i++) {
        run_year(seed + i);
    }
}
