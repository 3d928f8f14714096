/* What an event is worth by itself, in a small province (world.h): whether it
 * counts, and what is said when it does not. Figures are those of the whole
 * province over 2018. */
#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>

/* Numbers of proto/event.proto. */
#define COMMUNICATION         2u
#define COMMUNICATION_FORM    1u
#define COMMUNICATION_SESSION 3u
#define CORRECTION            20u
#define CORRECTION_ACTION     1u

#define FORM_CONFERENCE 1u
#define FORM_PROVINCE   10000u /* nobody has declared it */

static struct world world;
static struct fold *fold;

static void open_with(const char *vocabulary)
{
    world_open(&world, WORLD_PLAN, vocabulary);
}

static void set_up(void)
{
    open_with(NULL);
}

static void tear_down(void)
{
    fold_free(&fold);
    world_close(&world);
}

TestSuite(fold_judge, .init = set_up, .fini = tear_down);

/* An outreach activity of agent 1 at `place`, received the day after. */
static struct world_event *activity(int32_t day, uint32_t place, uint32_t form)
{
    struct event event;
    world_event_init(&world, &event, 1, COMMUNICATION, day, place);
    event_set(&event, COMMUNICATION_FORM, form);
    event_set(&event, 2, 1); /* audience */
    event_set(&event, COMMUNICATION_SESSION, 1);
    return world_add(&world, 1, 1, &event);
}

static enum fold_outcome outcome_of(uint64_t id)
{
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    return world_outcome(fold, id);
}

/* How many communes have had an activity. */
static int64_t communes(void)
{
    return world_value(&world, fold, "communes", WORLD_PROVINCE);
}

/* The office's clock is a little ahead. The one question about time is asked of
 * the entry: the same prefix judges in the same way in every year in which
 * somebody folds it. */
Test(fold_judge, i4_the_future_begins_when_an_event_is_received)
{
    int32_t day = calendar_day(2018, 6, 10);
    struct world_event *event =
        activity(day, WORLD_COMMUNE(1, 1), FORM_CONFERENCE);
    int64_t midnight = day * CLOCK_US_PER_DAY - CLOCK_CIVIL_ZONE_US;
    event->event.recorded_at = midnight;
    event->received_at = midnight - 1;
    cr_assert_eq(outcome_of(event->id), FOLD_WRONG_CLOCK);
    cr_assert_eq(communes(), 0);
    event->received_at = midnight;
    cr_assert_eq(outcome_of(event->id), FOLD_COUNTED);
    cr_assert_eq(communes(), 1);
}

/* The province's clock had fallen back when it received the event: the office
 * must not be told to mend its own. */
Test(fold_judge, i6_a_clock_that_the_province_knows_is_wrong_holds_nothing)
{
    int32_t day = calendar_day(2018, 6, 10);
    struct world_event *event =
        activity(day, WORLD_COMMUNE(1, 1), FORM_CONFERENCE);

    event->event.recorded_at = (day + 2) * CLOCK_US_PER_DAY;
    event->received_at = (day - 5) * CLOCK_US_PER_DAY;
    cr_assert_eq(outcome_of(event->id), FOLD_WRONG_CLOCK);
    event->received_at = FOLD_RECEIVED_UNKNOWN;
    cr_assert_eq(outcome_of(event->id), FOLD_COUNTED);
    cr_assert_eq(communes(), 1);
}

/* Commune 90103 was divided on 1 July. Whatever was looked up before, it is
 * there the day before and not on the day. */
Test(fold_judge, i12_a_unit_is_looked_up_for_the_day_of_the_event)
{
    uint32_t divided = WORLD_COMMUNE(1, 3);
    uint64_t last = activity(calendar_day(2018, 6, 30), divided, 1)->id;
    uint64_t late = activity(calendar_day(2018, 7, 1), divided, 1)->id;
    uint64_t again = activity(calendar_day(2018, 6, 30), divided, 1)->id;
    uint64_t part =
        activity(calendar_day(2018, 7, 1), WORLD_COMMUNE(1, 4), 1)->id;
    uint64_t early =
        activity(calendar_day(2018, 6, 30), WORLD_COMMUNE(1, 4), 1)->id;
    cr_assert_eq(outcome_of(last), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, late), FOLD_UNIT_NOT_IN_FORCE);
    cr_assert_eq(world_outcome(fold, again), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, part), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, early), FOLD_UNIT_NOT_IN_FORCE);
}

/* Held until somebody declares it, and told: which field, which value. */
Test(fold_judge, i10_a_value_that_nobody_declared_is_held)
{
    struct fold_result result;
    uint64_t id =
        activity(calendar_day(2018, 3, 5), WORLD_COMMUNE(1, 1), FORM_PROVINCE)
            ->id;
    cr_assert_eq(outcome_of(id), FOLD_UNKNOWN_VALUE);
    fold_result(fold, id, &result);
    cr_assert_eq(result.field, EVENT_BODY_BASE + COMMUNICATION_FORM);
    cr_assert_eq(result.value, FORM_PROVINCE);
    cr_assert_eq(communes(), 0);
}

/* The same event under a vocabulary that has the value. */
Test(fold_judge, i10_a_value_counts_once_it_is_declared)
{
    uint64_t id;
    world_close(&world);
    open_with("vocabulary: 1\n"
              "values:\n"
              "  - enumeration: OutreachForm\n"
              "    value: 10000\n"
              "    token: street_theatre\n"
              "    label: {vi: Sân khấu đường phố, en: Street theatre}\n");
    id = activity(calendar_day(2018, 3, 5), WORLD_COMMUNE(1, 1), FORM_PROVINCE)
             ->id;
    cr_assert_eq(outcome_of(id), FOLD_COUNTED);
    cr_assert_eq(communes(), 1);
}

/* A type that this program has never heard of. */
Test(fold_judge, i10_an_event_of_an_unknown_type_is_held)
{
    struct world_event *event =
        activity(calendar_day(2018, 3, 5), WORLD_COMMUNE(1, 1), 1);
    event->event.type = 4000;
    event->event.unknown_type = true;
    cr_assert_eq(outcome_of(event->id), FOLD_UNKNOWN_TYPE);
}

/* Every fault that the decoder finds: the events around it count. */
Test(fold_judge, i6_one_bad_event_stops_nothing)
{
    static const enum event_fault faults[] = {
        EVENT_FAULT_MALFORMED, EVENT_FAULT_DUPLICATE, EVENT_FAULT_TWO_BODIES,
        EVENT_FAULT_UNKNOWN};
    struct fold_totals totals;
    int32_t day = calendar_day(2018, 3, 5);
    uint64_t first = activity(day, WORLD_COMMUNE(1, 1), 1)->id;
    uint64_t bad[4];
    for (size_t i = 0; i < 4; i++) {
        struct world_event *event = activity(day, WORLD_COMMUNE(2, 1), 1);
        event->event.fault = faults[i];
        bad[i] = event->id;
    }
    uint64_t last = activity(day, WORLD_COMMUNE(1, 2), 1)->id;
    cr_assert_eq(outcome_of(first), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, last), FOLD_COUNTED);
    for (size_t i = 0; i < 4; i++) {
        struct fold_result result;
        fold_result(fold, bad[i], &result);
        cr_assert_eq(result.outcome, FOLD_MALFORMED);
        cr_assert_eq(result.rule, faults[i]);
    }
    fold_totals(fold, &totals);
    cr_assert_eq(totals.events, 6);
    cr_assert_eq(totals.outcomes[FOLD_MALFORMED], 4);
    cr_assert_eq(communes(), 2);
}

/* Nothing is rewritten: who asks finds the event, and what took its place. */
Test(fold_judge, i5_what_was_voided_is_still_there_and_says_by_what)
{
    int32_t day = calendar_day(2018, 3, 5);
    struct fold_result result;
    struct event event;
    uint64_t voided = activity(day, WORLD_COMMUNE(1, 1), 1)->id;
    uint64_t by;
    world_event_init(&world, &event, 1, CORRECTION, day, WORLD_DISTRICT(1));
    event_header_set(&event, EVENT_TARGET, voided);
    event_header_set(&event, EVENT_REASON, 1);
    event_set(&event, CORRECTION_ACTION, 1);
    by = world_add(&world, 1, 1, &event)->id;
    cr_assert_eq(outcome_of(voided), FOLD_VOIDED);
    fold_result(fold, voided, &result);
    cr_assert_eq(result.other, by);
    cr_assert_eq(world_outcome(fold, by), FOLD_COUNTED);
    cr_assert_eq(communes(), 0);
}

/* Another collector of the province had received more of the old epoch than the
 * one that ended it; the office sends that once more, in the new epoch. */
Test(fold_judge, i3_what_comes_again_behind_the_end_of_an_epoch_counts_once)
{
    struct event plain = world_visit(&world, 1, 1);
    struct event row = world_visit(&world, 1, 2);
    uint64_t before, lost[2], again[2];
    struct fold_result result;

    row.has_entry_key = true;
    row.header_present |= 1u << EVENT_ENTRY_KEY;
    before = world_add(&world, 1, 1, &plain)->id;
    lost[0] = world_add(&world, 1, 1, &plain)->id;
    lost[1] = world_add(&world, 1, 1, &row)->id;
    again[0] = world_add(&world, 1, 2, &plain)->id;
    again[1] = world_add(&world, 1, 2, &row)->id;
    cr_assert_eq(outcome_of(lost[0]), FOLD_COUNTED, "the epoch is open");
    cr_assert((world_new_epoch(&world, 1, 2) & CONTEXT_CHANGED_FIGURES) != 0);
    cr_assert_eq(outcome_of(before), FOLD_COUNTED);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(outcome_of(lost[i]), FOLD_OUT_OF_SCOPE);
        fold_result(fold, lost[i], &result);
        cr_assert_eq(result.rule, CONTEXT_ENDED);
        cr_assert_eq(outcome_of(again[i]), FOLD_COUNTED);
    }
    cr_assert_eq(world_value(&world, fold, "visits", WORLD_PROVINCE), 3);
}
