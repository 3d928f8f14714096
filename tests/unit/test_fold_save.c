/* A fold that was saved somewhere, loaded and taken on to the end is the fold
 * of all events from the first, byte for byte; and bytes that were damaged are
 * refused. TALLYLINE_TEST_SEED repeats a run. */
#include "common/fold/fold_save.h"

#include "tests/support/frame_file.h"
#include "tests/support/random_year.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

#define YEARS  8u
#define ORDERS 2u
#define FLIPS  400u
#define CUTS   60u

static struct fold *fold_from_nothing(struct year *year, const size_t order[],
                                      size_t to)
{
    struct fold *fold;

    cr_assert_eq(
        fold_new(year->world.context, world_source(&year->world), &fold),
        STATUS_OK);
    world_fold_on(&year->world, fold, order, 0, to);
    return fold;
}

static struct fold *load(struct year *year, struct frame_file *file)
{
    struct fold *fold;

    cr_assert_eq(frame_file_load(file, year->world.context,
                                 world_source(&year->world), &fold),
                 STATUS_OK);
    return fold;
}

static void assert_same(const struct year *year, size_t at,
                        const struct frame_file *is,
                        const struct frame_file *should)
{
    cr_assert(
        digest_equal(&is->digest, &should->digest) &&
            bytes_equal(buffer_bytes(&is->bytes), buffer_bytes(&should->bytes)),
        "seed %" PRIu64 ": another state after loading at event %zu",
        year->first_seed, at);
}

/* Saves at every entry of the year, loads, and goes on to the end. */
static void run_order(struct year *year, const size_t order[])
{
    struct fold *whole = fold_from_nothing(year, order, year->world.count);
    struct frame_file end, some, again;

    frame_file_init(&end);
    frame_file_init(&some);
    frame_file_init(&again);
    frame_file_save(&end, whole);
    for (size_t at = 0; at < year->world.count; at += WORLD_ENTRY_EVENTS) {
        struct fold *fold = fold_from_nothing(year, order, at);

        frame_file_save(&some, fold);
        fold_free(&fold);
        fold = load(year, &some);
        frame_file_save(&again, fold);
        assert_same(year, at, &again, &some);
        world_fold_on(&year->world, fold, order, at, year->world.count);
        frame_file_save(&again, fold);
        assert_same(year, at, &again, &end);
        fold_free(&fold);
    }
    frame_file_fini(&again);
    frame_file_fini(&some);
    frame_file_fini(&end);
    fold_free(&whole);
}

Test(fold_save, i4_loading_anywhere_and_going_on_is_folding_from_nothing)
{
    uint64_t seed = world_seed();
    size_t order[RANDOM_YEAR_EVENTS];

    for (uint64_t i = 0; i < YEARS; i++) {
        struct year *year = random_year_new(seed + i);

        for (uint32_t n = 0; n < ORDERS; n++) {
            world_shuffle(&year->world, &year->seed, order);
            run_order(year, order);
        }
        random_year_free(&year);
    }
}

/* The same, and no figures are read before the end. */
static struct fold *fold_without_a_look(struct year *year, const size_t order[])
{
    struct world *world = &year->world;
    struct fold *fold;

    cr_assert_eq(fold_new(world->context, world_source(world), &fold),
                 STATUS_OK);
    for (size_t i = 0; i < world->count; i++) {
        const struct world_event *it =
            &world->events[order == NULL ? i : order[i]];

        cr_assert_eq(fold_event(fold, it->id, it->received_at, &it->event),
                     STATUS_OK);
        if (i % WORLD_ENTRY_EVENTS == WORLD_ENTRY_EVENTS - 1 ||
            i + 1 == world->count) {
            cr_assert_eq(fold_pass_position(fold, world->index + i + 1),
                         STATUS_OK);
        }
    }
    cr_assert_eq(fold_set_position(fold, fold_position(fold)), STATUS_OK);
    return fold;
}

Test(fold_save, i4_it_does_not_matter_at_which_positions_somebody_looked)
{
    uint64_t seed = world_seed();
    size_t order[RANDOM_YEAR_EVENTS];
    struct frame_file one, two;

    frame_file_init(&one);
    frame_file_init(&two);
    for (uint64_t i = 0; i < YEARS; i++) {
        struct year *year = random_year_new(seed + i);

        for (uint32_t n = 0; n < ORDERS; n++) {
            struct fold *looked, *passed;

            world_shuffle(&year->world, &year->seed, order);
            looked = fold_from_nothing(year, order, year->world.count);
            passed = fold_without_a_look(year, order);
            frame_file_save(&one, looked);
            frame_file_save(&two, passed);
            cr_assert(digest_equal(&one.digest, &two.digest));
            fold_free(&looked);
            fold_free(&passed);
        }
        random_year_free(&year);
    }
    frame_file_fini(&two);
    frame_file_fini(&one);
}

static void assert_same_figures(const struct year *year,
                                const struct fold *fold,
                                const struct fold *other)
{
    const struct plan *plan = context_plan_at(year->world.context, 0)->plan;
    unsigned compared = 0;

    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        const char *id = plan->indicators[i].id;

        if (plan->indicators[i].formula != NULL) {
            cr_assert_eq(world_value(&year->world, fold, id, WORLD_PROVINCE),
                         world_value(&year->world, other, id, WORLD_PROVINCE));
            compared++;
        }
    }
    cr_assert_gt(compared, 0);
}

Test(fold_save, i4_figures_outcomes_and_totals_come_back)
{
    struct year *year = random_year_new(7);
    struct fold *fold = fold_from_nothing(year, NULL, year->world.count);
    struct frame_file file;
    struct fold *loaded;
    struct fold_totals is, should;

    frame_file_init(&file);
    frame_file_save(&file, fold);
    loaded = load(year, &file);
    fold_totals(loaded, &is);
    fold_totals(fold, &should);
    cr_assert_eq(is.events, year->world.count);
    cr_assert_arr_eq(is.outcomes, should.outcomes, sizeof should.outcomes);
    cr_assert_eq(fold_position(loaded), fold_position(fold));
    cr_assert_eq(fold_results(loaded, 0, NULL, 0),
                 fold_results(fold, 0, NULL, 0));
    for (size_t i = 0; i < year->world.count; i++) {
        uint64_t id = year->world.events[i].id;

        cr_assert_eq(world_outcome(loaded, id), world_outcome(fold, id));
    }
    assert_same_figures(year, loaded, fold);
    frame_file_fini(&file);
    fold_free(&loaded);
    fold_free(&fold);
    random_year_free(&year);
}

/* ---- what is not what was written ---- */

static struct year *year;
static struct frame_file file;

static void save_a_year(void)
{
    struct fold *fold;

    year = random_year_new(11);
    fold = fold_from_nothing(year, NULL, year->world.count);
    frame_file_init(&file);
    frame_file_save(&file, fold);
    fold_free(&fold);
}

static void forget_the_year(void)
{
    frame_file_fini(&file);
    random_year_free(&year);
}

static enum status try_to_load(void)
{
    struct fold *fold;
    enum status status = frame_file_load(&file, year->world.context,
                                         world_source(&year->world), &fold);

    cr_assert_eq(fold == NULL, status != STATUS_OK);
    fold_free(&fold);
    return status;
}

Test(fold_save, i4_a_flipped_bit_anywhere_is_refused, .init = save_a_year,
     .fini = forget_the_year)
{
    uint64_t seed = world_seed();

    for (uint32_t i = 0; i < FLIPS; i++) {
        uint64_t bit = world_random(&seed) % (file.bytes.size * 8);
        uint8_t mask = (uint8_t)(1u << bit % 8);

        file.bytes.data[bit / 8] ^= mask;
        cr_assert_eq(try_to_load(), STATUS_CORRUPT, "bit %" PRIu64, bit);
        file.bytes.data[bit / 8] ^= mask;
    }
    cr_assert_eq(try_to_load(), STATUS_OK);
}

Test(fold_save, i4_what_is_cut_short_or_goes_on_too_long_is_refused,
     .init = save_a_year, .fini = forget_the_year)
{
    uint64_t seed = world_seed();
    size_t whole = file.bytes.size;

    for (uint32_t i = 0; i < CUTS; i++) {
        file.bytes.size = i == 0 ? 0 : world_random(&seed) % whole;
        cr_assert_eq(try_to_load(), STATUS_CORRUPT, "size %zu",
                     file.bytes.size);
    }
    file.bytes.size = whole;
    cr_assert_eq(buffer_u8(&file.bytes, 0), STATUS_OK);
    cr_assert_eq(try_to_load(), STATUS_CORRUPT);
}

/* The same year without its plan: measures and units are other ones. */
Test(fold_save, i4_a_state_under_another_plan_is_refused, .init = save_a_year,
     .fini = forget_the_year)
{
    struct context *empty;
    struct fold *fold;

    cr_assert_eq(context_new(&empty), STATUS_OK);
    cr_assert_eq(
        frame_file_load(&file, empty, world_source(&year->world), &fold),
        STATUS_CORRUPT);
    cr_assert_null(fold);
    context_free(&empty);
}
