/* What becomes of events: counted, corrected, entered twice, or kept. Small
 * enough to be counted by hand; test_fold_order.c has the large ones. */
#include "tests/support/world.h"

#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"

#include <criterion/criterion.h>
#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    COMMUNICATION = 2,
    NIL_REPORT = 21,
    CORRECTION = 20
};

static struct world world;

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
}

static void close_world(void)
{
    world_close(&world);
}

TestSuite(fold, .init = open_world, .fini = close_world);

static uint64_t add(uint32_t agent, const struct event *event)
{
    return world_add(&world, agent, 1, event)->id;
}

static uint64_t add_visit(uint32_t agent, uint32_t n)
{
    struct event event = world_visit(&world, agent, n);

    return add(agent, &event);
}

/* An event that corrects `target`, whose version `head` it names. */
static struct event correcting(struct event event, uint64_t target,
                               uint64_t head)
{
    event_header_set(&event, EVENT_TARGET, target);
    event_header_set(&event, EVENT_REASON, 1);
    if (head != 0) {
        event_header_set(&event, EVENT_HEAD, head);
    }
    return event;
}

static uint64_t add_void(uint32_t agent, uint64_t target, uint64_t head)
{
    struct event event;

    world_event_init(&world, &event, agent, CORRECTION, WORLD_DAY, 0);
    event_set(&event, 1, 1);
    event = correcting(event, target, head);
    return add(agent, &event);
}

static uint64_t add_replacement(uint32_t agent, uint32_t n, uint64_t target,
                                uint64_t head)
{
    struct event event =
        correcting(world_visit(&world, agent, n), target, head);

    return add(agent, &event);
}

static struct event keyed(struct event event, uint8_t key)
{
    event.has_entry_key = true;
    event.header_present |= 1u << EVENT_ENTRY_KEY;
    memset(event.entry_key, key, sizeof event.entry_key);
    return event;
}

static int64_t visits(const struct fold *fold)
{
    return world_value(&world, fold, "visits", WORLD_PROVINCE);
}

Test(fold, a_clock_may_run_ahead_by_a_day_and_no_more)
{
    struct event event = world_visit(&world, 1, 1);
    struct world_event *late, *early;
    struct fold *fold;

    late = world_add(&world, 1, 1, &event);
    late->received_at = late->event.recorded_at - CLOCK_US_PER_DAY;
    early = world_add(&world, 1, 1, &event);
    early->received_at = early->event.recorded_at - CLOCK_US_PER_DAY - 1;
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, late->id), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, early->id), FOLD_WRONG_CLOCK);
    fold_free(&fold);
}

Test(fold, i5_a_void_takes_its_target_out_of_every_figure)
{
    static const char *const indicators[] = {"visits", "inspected",
                                             "violations"};
    uint64_t target = add_visit(1, 1), other;
    struct fold_result result;
    struct fold *fold;

    other = add_void(1, target, 0);
    fold = world_fold(&world, NULL);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(world_value(&world, fold, indicators[i], WORLD_PROVINCE),
                     0);
    }
    fold_result(fold, target, &result);
    cr_assert_eq(result.outcome, FOLD_VOIDED);
    cr_assert_eq(result.other, other);
    cr_assert_eq(world_outcome(fold, other), FOLD_COUNTED);
    fold_free(&fold);
}

Test(fold, i5_a_replacement_counts_as_if_it_had_been_there_at_first)
{
    uint64_t target = add_visit(1, 1);
    struct fold *fold;

    (void)add_visit(1, 2);
    (void)add_replacement(1, 2, target, 0);
    fold = world_fold(&world, NULL);
    cr_assert_eq(visits(fold), 2);
    cr_assert_eq(world_value(&world, fold, "inspected", WORLD_PROVINCE), 1);
    cr_assert_eq(world_outcome(fold, target), FOLD_REPLACED);
    fold_free(&fold);
}

Test(fold, a_correction_waits_for_its_target)
{
    uint64_t target = id60_make(3, 1, 1), void_id = add_void(1, target, 0);
    struct fold *fold = world_fold(&world, NULL);

    cr_assert_eq(world_outcome(fold, void_id), FOLD_TARGET_MISSING);
    fold_free(&fold);
    cr_assert_eq(add_visit(3, 1), target);
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, void_id), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, target), FOLD_VOIDED);
    cr_assert_eq(visits(fold), 0);
    fold_free(&fold);
}

Test(fold, of_rivals_a_void_wins_and_then_the_greatest_id)
{
    uint64_t first = add_visit(1, 1), second = add_visit(1, 2);
    uint64_t low = add_replacement(1, 3, first, 0);
    uint64_t high = add_replacement(3, 4, first, 0);
    uint64_t void_id = add_void(1, second, 0);
    uint64_t loser = add_replacement(3, 5, second, 0);
    struct fold_result result;
    struct fold *fold = world_fold(&world, NULL);

    cr_assert_eq(world_outcome(fold, high), FOLD_COUNTED);
    fold_result(fold, low, &result);
    cr_assert_eq(result.outcome, FOLD_RIVAL_LOST);
    cr_assert_eq(result.other, high);
    cr_assert_eq(world_outcome(fold, void_id), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, second), FOLD_VOIDED);
    fold_result(fold, loser, &result);
    cr_assert_eq(result.outcome, FOLD_RIVAL_LOST);
    cr_assert_eq(result.other, void_id);
    cr_assert_eq(visits(fold), 1);
    fold_free(&fold);
}

Test(fold, a_correction_follows_the_version_that_it_names)
{
    uint64_t target = add_visit(1, 1);
    uint64_t second = add_replacement(1, 2, target, 0);
    uint64_t third = add_replacement(1, 3, target, second);
    uint64_t late = add_replacement(1, 4, target, target);
    uint64_t void_id = add_void(3, target, late);
    struct fold *fold = world_fold(&world, NULL);

    /* `late` names the first version and has the greatest id of those. */
    cr_assert_eq(world_outcome(fold, second), FOLD_RIVAL_LOST);
    cr_assert_eq(world_outcome(fold, third), FOLD_RIVAL_LOST);
    cr_assert_eq(world_outcome(fold, late), FOLD_VOIDED);
    cr_assert_eq(world_outcome(fold, void_id), FOLD_COUNTED);
    cr_assert_eq(visits(fold), 0);
    fold_free(&fold);
}

Test(fold, i8_only_the_same_pair_or_an_enrolled_corrector_may_correct)
{
    uint64_t target = add_visit(1, 1), other = add_visit(1, 2);
    uint64_t stranger = add_void(2, target, 0);
    uint64_t corrector = add_void(WORLD_CORRECTOR, other, 0);
    struct fold *fold = world_fold(&world, NULL);

    cr_assert_eq(world_outcome(fold, stranger), FOLD_NOT_ALLOWED);
    cr_assert_eq(world_outcome(fold, target), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, corrector), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, other), FOLD_VOIDED);
    cr_assert_eq(visits(fold), 1);
    fold_free(&fold);
}

/* Enrols the agent for one commune's office instead of what it had. */
static void enrol_for(uint32_t agent, uint32_t unit, uint32_t office)
{
    struct control *control = calloc(1, sizeof *control);
    struct control_scope *scope;
    unsigned change;

    cr_assert_not_null(control);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = agent;
    control->enrolment.scope_count = 1;
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "commune %u", agent);
    scope = &control->enrolment.scopes[0];
    scope->unit = unit;
    scope->office = office;
    scope->from = calendar_day(2017, 1, 1);
    scope->to = calendar_day(2019, 12, 31);
    cr_assert_eq(context_apply(world.context, world.index++, control,
                               &world.report, &change),
                 STATUS_OK);
    free(control);
}

static uint64_t add_late_void(uint32_t agent, uint64_t target)
{
    struct event event;

    world_event_init(&world, &event, agent, CORRECTION,
                     calendar_day(2018, 8, 1), 0);
    event_set(&event, 1, 1);
    event = correcting(event, target, 0);
    return add(agent, &event);
}

/* Commune 90203 became 90206: the same office there carries on. */
Test(fold, i12_the_office_of_the_successor_may_correct)
{
    struct event event;
    struct fold *fold;
    uint64_t first, second, third, own, department, other;

    enrol_for(2, WORLD_COMMUNE(2, 3), WORLD_LABOUR_OFFICE);
    enrol_for(4, WORLD_COMMUNE(2, 6), WORLD_LABOUR_OFFICE);
    enrol_for(3, WORLD_COMMUNE(2, 6), WORLD_DOLISA);
    enrol_for(1, WORLD_COMMUNE(2, 2), WORLD_LABOUR_OFFICE);
    event = world_visit(&world, 2, 1);
    event_header_set(&event, EVENT_SUBJECT_UNIT, WORLD_COMMUNE(2, 3));
    first = add(2, &event);
    second = add(2, &event);
    third = add(2, &event);
    own = add_late_void(4, first);
    department = add_late_void(3, second);
    other = add_late_void(1, third);
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, own), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, first), FOLD_VOIDED);
    cr_assert_eq(world_outcome(fold, department), FOLD_NOT_ALLOWED);
    cr_assert_eq(world_outcome(fold, other), FOLD_NOT_ALLOWED);
    cr_assert_eq(world_outcome(fold, second), FOLD_COUNTED);
    cr_assert_eq(visits(fold), 2);
    fold_free(&fold);
}

Test(fold, i6_what_does_not_count_is_mended_by_whoever_sent_it)
{
    struct event event = world_visit(&world, 1, 1);
    uint64_t wrong_pair, mended;
    struct fold *fold;

    event_header_set(&event, EVENT_UNIT, WORLD_DISTRICT(2));
    wrong_pair = add(1, &event);
    mended = add_replacement(1, 1, wrong_pair, 0);
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, wrong_pair), FOLD_REPLACED);
    cr_assert_eq(world_outcome(fold, mended), FOLD_COUNTED);
    cr_assert_eq(visits(fold), 1);
    fold_free(&fold);
}

Test(fold, a_correction_is_of_the_type_of_its_target_and_never_of_a_correction)
{
    uint64_t target = add_visit(1, 1), voided = add_visit(1, 2);
    uint64_t void_id = add_void(1, voided, 0);
    uint64_t undo = add_void(1, void_id, 0), self, other_type;
    struct event event;
    struct fold *fold;

    world_event_init(&world, &event, 1, COMMUNICATION, WORLD_DAY,
                     WORLD_COMMUNE(1, 1));
    event_set(&event, 1, 1);
    event_set(&event, 2, 3);
    event_set(&event, 3, 1);
    event = correcting(event, target, 0);
    other_type = add(1, &event);
    self = add_replacement(1, 7, id60_make(1, 1, 6), 0);
    cr_assert_eq(self, id60_make(1, 1, 6));
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, other_type), FOLD_INVALID);
    cr_assert_eq(world_outcome(fold, undo), FOLD_INVALID);
    cr_assert_eq(world_outcome(fold, self), FOLD_INVALID);
    cr_assert_eq(world_outcome(fold, voided), FOLD_VOIDED);
    cr_assert_eq(visits(fold), 1);
    fold_free(&fold);
}

Test(fold, i3_a_row_entered_again_in_a_new_epoch_counts_once)
{
    struct event row = keyed(world_visit(&world, 1, 1), 7),
                 elsewhere = keyed(world_visit(&world, 2, 1), 7);
    uint64_t old = add(1, &row), again, other;
    struct fold_result result;
    struct fold *fold;

    again = world_add(&world, 1, 2, &row)->id;
    other = add(2, &elsewhere); /* the same key in another office */
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, old), FOLD_COUNTED);
    fold_result(fold, again, &result);
    cr_assert_eq(result.outcome, FOLD_DUPLICATE_ENTRY);
    cr_assert_eq(result.other, old);
    cr_assert_eq(world_outcome(fold, other), FOLD_COUNTED);
    cr_assert_eq(visits(fold), 2);
    fold_free(&fold);
}

Test(fold, a_void_of_a_row_holds_when_the_row_is_entered_again)
{
    struct event row = keyed(world_visit(&world, 1, 1), 7);
    uint64_t old = add(1, &row), again, void_id;
    struct fold *fold;

    void_id = add_void(1, old, 0);
    again = world_add(&world, 1, 2, &row)->id;
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, void_id), FOLD_COUNTED);
    cr_assert_eq(world_outcome(fold, again), FOLD_DUPLICATE_ENTRY);
    cr_assert_eq(visits(fold), 0);
    fold_free(&fold);
}

Test(fold, a_nil_report_is_counted_and_adds_nothing)
{
    struct event event;
    struct fold *fold;
    uint64_t id;

    world_event_init(&world, &event, 1, NIL_REPORT, WORLD_DAY, 0);
    event_set(&event, 1, 1);
    event_set(&event, 2, 2);
    event_set(&event, 3, 201801);
    (void)event_append(&event, 4, 24);
    id = add(1, &event);
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, id), FOLD_COUNTED);
    cr_assert_eq(visits(fold), 0);
    fold_free(&fold);
}

Test(fold, i4_the_position_is_that_of_the_last_entry)
{
    struct fold *fold;

    (void)add_visit(1, 1);
    (void)add_visit(2, 1);
    fold = world_fold(&world, NULL);
    cr_assert_eq(fold_position(fold), world.index + 2);
    fold_free(&fold);
}

static enum status broken(void *owner, uint64_t id, struct event *event)
{
    (void)owner;
    (void)id;
    (void)event;
    return STATUS_IO;
}

Test(fold, what_the_source_cannot_read_is_answered_and_not_guessed)
{
    struct fold_source source = {.fetch = broken};
    struct fold *fold;

    (void)add_visit(1, 1);
    (void)add_void(1, id60_make(1, 1, 1), 0);
    cr_assert_eq(fold_new(world.context, source, &fold), STATUS_OK);
    for (size_t i = 0; i < 2; i++) {
        const struct world_event *it = &world.events[i];

        cr_assert_eq(fold_event(fold, it->id, it->received_at, &it->event),
                     STATUS_OK);
    }
    cr_assert_eq(fold_set_position(fold, 1), STATUS_IO);
    fold_free(&fold);
}

Test(fold, i11_many_rows_of_one_thing_in_any_order_cost_no_more_than_sorting)
{
    struct fold_source source = {.owner = NULL};
    struct event event = world_visit(&world, 1, 1);
    struct fold *fold;
    uint32_t count = 100000;

    /* Each is older than all before; moving them one by one would take
     * thousands of millions of steps. */
    cr_assert_eq(fold_new(world.context, source, &fold), STATUS_OK);
    for (uint32_t i = 1; i <= count; i++) {
        event_header_set(&event, EVENT_OCCURRED_ON,
                         (uint64_t)(WORLD_DAY + 300 - (int32_t)(i / 1000)));
        event_header_set(&event, EVENT_RECORDED_AT,
                         (uint64_t)((WORLD_DAY + 301) * CLOCK_US_PER_DAY));
        cr_assert_eq(fold_event(fold, id60_make(1, 1, i),
                                (WORLD_DAY + 400) * CLOCK_US_PER_DAY, &event),
                     STATUS_OK);
        if (i % 2000 == 0) {
            cr_assert_eq(fold_set_position(fold, i / 2000), STATUS_OK);
        }
    }
    cr_assert_eq(visits(fold), count);
    cr_assert_eq(world_value(&world, fold, "inspected", WORLD_PROVINCE), 1);
    fold_free(&fold);
}
