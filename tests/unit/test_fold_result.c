/* What is told of events that do not count. */
#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/source_file.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world world;

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
}

static void close_world(void)
{
    world_close(&world);
}

TestSuite(fold_result, .init = open_world, .fini = close_world);

static uint64_t add(uint32_t agent, const struct event *event)
{
    return world_add(&world, agent, 1, event)->id;
}

static uint64_t add_visit(uint32_t agent, uint32_t n)
{
    struct event event = world_visit(&world, agent, n);

    return add(agent, &event);
}

static int64_t visits(const struct fold *fold)
{
    return world_value(&world, fold, "visits", WORLD_PROVINCE);
}

Test(fold_result, i6_each_fault_is_an_outcome_and_stops_nothing)
{
    struct fold_totals totals;
    struct fold *fold;
    struct event event = world_visit(&world, 1, 1);
    uint64_t malformed, unknown_type, invalid, scope, unit, clock, value;

    event.fault = EVENT_FAULT_TWO_BODIES;
    malformed = add(1, &event);
    event = world_visit(&world, 1, 1);
    event.type = 99;
    event.unknown_type = true;
    unknown_type = add(1, &event);
    event = world_visit(&world, 1, 1);
    event_set(&event, 7, 2); /* violations, but the result says none */
    invalid = add(1, &event);
    event = world_visit(&world, 1, 1);
    event_header_set(&event, EVENT_UNIT, WORLD_DISTRICT(2));
    scope = add(1, &event);
    event = world_visit(&world, 1, 1);
    event_header_set(&event, EVENT_SUBJECT_UNIT, WORLD_COMMUNE(1, 4));
    unit = add(1, &event);
    event = world_visit(&world, 1, 1);
    clock = world_add(&world, 1, 1, &event)->id;
    world_find(&world, clock)->received_at = (WORLD_DAY - 1) * CLOCK_US_PER_DAY;
    event = world_visit(&world, 1, 1);
    event_set(&event, 2, 10000);
    value = add(1, &event);
    (void)add_visit(1, 1);
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, malformed), FOLD_MALFORMED);
    cr_assert_eq(world_outcome(fold, unknown_type), FOLD_UNKNOWN_TYPE);
    cr_assert_eq(world_outcome(fold, invalid), FOLD_INVALID);
    cr_assert_eq(world_outcome(fold, scope), FOLD_OUT_OF_SCOPE);
    cr_assert_eq(world_outcome(fold, unit), FOLD_UNIT_NOT_IN_FORCE);
    cr_assert_eq(world_outcome(fold, clock), FOLD_WRONG_CLOCK);
    cr_assert_eq(world_outcome(fold, value), FOLD_UNKNOWN_VALUE);
    fold_totals(fold, &totals);
    cr_assert_eq(totals.events, 8);
    cr_assert_eq(totals.outcomes[FOLD_COUNTED], 1);
    cr_assert_eq(visits(fold), 1);
    fold_free(&fold);
}

Test(fold_result, i6_a_fault_says_which_field_and_value)
{
    struct event event = world_visit(&world, 1, 1);
    struct fold_result result;
    struct fold *fold;
    uint64_t id;

    event_set(&event, 2, 10007);
    id = add(1, &event);
    fold = world_fold(&world, NULL);
    fold_result(fold, id, &result);
    cr_assert_eq(result.event, id);
    cr_assert_eq(result.field, EVENT_BODY_BASE + 2);
    cr_assert_eq(result.value, 10007);
    fold_free(&fold);
}

Test(fold_result, results_of_one_agent_come_in_the_order_of_their_ids)
{
    struct fold_result results[4];
    struct fold *fold;
    struct event event = world_visit(&world, 2, 1);

    event.fault = EVENT_FAULT_MALFORMED;
    (void)add(2, &event);
    event = world_visit(&world, 1, 1);
    event.fault = EVENT_FAULT_MALFORMED;
    (void)add(1, &event);
    (void)add_visit(1, 1);
    (void)add(1, &event);
    fold = world_fold(&world, NULL);
    cr_assert_eq(fold_results(fold, 1, results, 1), 2);
    cr_assert_eq(results[0].event, id60_make(1, 1, 1));
    cr_assert_eq(fold_results(fold, 0, results, 4), 3);
    cr_assert_eq(results[0].event, id60_make(1, 1, 1));
    cr_assert_eq(results[1].event, id60_make(1, 1, 3));
    cr_assert_eq(results[2].event, id60_make(2, 1, 1));
    cr_assert_eq(fold_results(fold, 3, results, 4), 0);
    fold_free(&fold);
}

/* More than may lie unordered, from offices in turn, each its own entry. */
Test(fold_result, many_results_come_in_the_order_of_their_ids_too)
{
    enum {
        EACH = 500,
        MOST = 2 * EACH
    };
    struct fold_result *results = calloc(MOST, sizeof *results);
    struct event event;
    struct fold *fold;

    cr_assert_not_null(results);
    for (uint32_t i = 0; i < EACH; i++) {
        for (uint32_t agent = 2; agent >= 1; agent--) {
            event = world_visit(&world, agent, 1);
            event.fault = EVENT_FAULT_MALFORMED;
            (void)add(agent, &event);
        }
    }
    fold = world_fold(&world, NULL);
    cr_assert_eq(fold_results(fold, 0, results, MOST), MOST);
    for (uint32_t i = 0; i < MOST; i++) {
        cr_assert_eq(results[i].event,
                     id60_make(1 + i / EACH, 1, 1 + i % EACH));
    }
    cr_assert_eq(fold_results(fold, 2, results, EACH / 2), EACH);
    for (uint32_t i = 0; i < EACH / 2; i++) {
        cr_assert_eq(results[i].event, id60_make(2, 1, 1 + i));
    }
    fold_free(&fold);
    free(results);
}

Test(fold_result, every_outcome_has_a_word_and_a_sentence_in_both_languages)
{
    for (int i = 0; i < FOLD_OUTCOME_END; i++) {
        enum fold_outcome outcome = (enum fold_outcome)i;

        cr_assert(strlen(fold_outcome_token(outcome)) > 0);
        cr_assert(strlen(fold_outcome_text(outcome, LANGUAGE_VI)) > 0);
        cr_assert(strlen(fold_outcome_text(outcome, LANGUAGE_EN)) > 0);
        for (int k = 0; k < i; k++) {
            cr_assert_str_neq(fold_outcome_token(outcome),
                              fold_outcome_token((enum fold_outcome)k));
        }
    }
}

Test(fold_result, every_outcome_is_described)
{
    char *text = source_file("docs/FIGURES.md");

    for (int i = 0; i < FOLD_OUTCOME_END; i++) {
        char word[64];

        (void)snprintf(word, sizeof word, "`%s`",
                       fold_outcome_token((enum fold_outcome)i));
        cr_assert_not_null(strstr(text, word), "%s", word);
    }
    free(text);
}
