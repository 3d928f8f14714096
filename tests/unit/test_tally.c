#include "collector/figures/tally.h"

#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/figures/indicator.h"
#include "tests/support/hall.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hall hall;
static struct office office;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    (void)hall_fold(&hall);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(tally, .init = setup, .fini = teardown);

static void send(struct bytes batch)
{
    struct admit_answer answer = hall_send(&hall, &office, batch);

    cr_assert(answer.appended);
}

/* The plan's indicator "visits" over its year. */
static int64_t visits(const struct tally *tally)
{
    const struct context *context = province_context(hall.province);
    const struct plan *plan = context_plan_at(context, 0)->plan;
    size_t count = units_count(context_units(context));
    struct figure *figures = calloc(count, sizeof *figures);
    struct figure_range range;
    int64_t value;

    cr_assert_not_null(figures);
    figure_range_default(plan, &range);
    cr_assert_eq(
        indicator_compute(
            tally_fold(tally), context,
            plan->indicators[plan_find_indicator(plan, "visits")].formula,
            &range, figures, count),
        STATUS_OK);
    value = figures[units_position(context_units(context),
                                   units_find(context_units(context),
                                              WORLD_PROVINCE, range.to))]
                .value;
    free(figures);
    return value;
}

Test(tally, i4_figures_are_those_of_the_position)
{
    cr_assert_eq(visits(hall.tally), 0);
    send(office_batch(&office));
    cr_assert_eq(visits(hall.tally), 0);
    (void)hall_fold(&hall);
    cr_assert_eq(tally_position(hall.tally), hall_size(&hall));
    cr_assert_eq(visits(hall.tally), 1);
}

Test(tally, i4_going_on_and_beginning_again_give_the_same)
{
    struct tally_progress progress = {.owner = NULL};
    struct tally *fresh = NULL;
    unsigned changes;

    for (unsigned i = 0; i < 50; i++) {
        send(office_batch(&office));
        (void)hall_fold(&hall);
    }
    cr_assert_eq(tally_open(hall.ledger, hall.province, progress, &fresh),
                 STATUS_OK);
    cr_assert_eq(tally_advance(fresh, &changes), STATUS_OK);
    cr_assert_eq(tally_position(fresh), tally_position(hall.tally));
    cr_assert(digest_equal(tally_last(fresh), tally_last(hall.tally)));
    cr_assert_eq(visits(fresh), 50);
    cr_assert_eq(visits(hall.tally), 50);
    tally_close(&fresh);
}

static void amend_scope(uint32_t unit)
{
    struct control *control = calloc(1, sizeof *control);
    struct control_scope *scope;

    cr_assert_not_null(control);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = 1;
    control->enrolment.scope_count = 1;
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "%s", "office 1");
    scope = &control->enrolment.scopes[0];
    scope->unit = unit;
    scope->office = WORLD_LABOUR_OFFICE;
    scope->area[0] = unit;
    scope->area_count = 1;
    scope->from = calendar_day(2017, 1, 1);
    scope->to = calendar_day(2019, 12, 31);
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
}

Test(tally, i4_a_control_entry_judges_the_events_before_it_too)
{
    struct fold_totals totals;

    send(office_batch(&office));
    (void)hall_fold(&hall);
    cr_assert_eq(visits(hall.tally), 1);
    amend_scope(WORLD_DISTRICT(2));
    cr_assert((hall_fold(&hall) & CONTEXT_CHANGED_FIGURES) != 0);
    fold_totals(tally_fold(hall.tally), &totals);
    cr_assert_eq(totals.outcomes[FOLD_OUT_OF_SCOPE], 1);
    cr_assert_eq(visits(hall.tally), 0);
    /* I6: curable. */
    amend_scope(WORLD_DISTRICT(1));
    (void)hall_fold(&hall);
    cr_assert_eq(visits(hall.tally), 1);
}

/* A long ledger is folded in steps: in between, events are judged already by
 * what stands behind them, so the figures are of no position. */
Test(tally, i4_it_is_complete_only_behind_the_last_control_entry)
{
    unsigned changes;
    bool more;

    for (unsigned i = 0; i < 3; i++) {
        send(office_batch(&office));
    }
    amend_scope(WORLD_DISTRICT(2));
    send(office_batch(&office));
    cr_assert_eq(tally_step(hall.tally, 1, &changes, &more), STATUS_OK);
    cr_assert((changes & CONTEXT_CHANGED_FIGURES) != 0);
    cr_assert_eq(tally_position(hall.tally), 1);
    cr_assert(more && !tally_complete(hall.tally));
    cr_assert_eq(tally_step(hall.tally, hall_size(&hall) - 3, &changes, &more),
                 STATUS_OK);
    cr_assert_eq(changes, CONTEXT_CHANGED_NOTHING);
    cr_assert(more && !tally_complete(hall.tally));
    cr_assert_eq(tally_step(hall.tally, 1, &changes, &more), STATUS_OK);
    cr_assert(more && tally_complete(hall.tally));
    cr_assert_eq(tally_step(hall.tally, 1, &changes, &more), STATUS_OK);
    cr_assert(!more && tally_complete(hall.tally));
    cr_assert_eq(visits(hall.tally), 0);
}

Test(tally, enrolling_an_agent_that_has_no_events_folds_nothing_again)
{
    struct office second;

    send(office_batch(&office));
    (void)hall_fold(&hall);
    office_open(&second, 2);
    hall_join(&hall, &second);
    cr_assert_eq(hall_fold(&hall), CONTEXT_CHANGED_KEYS);
    cr_assert_eq(visits(hall.tally), 1);
    office_close(&second);
}

/* Whoever may talk can send a request that contradicts what is in force, as
 * often as he likes: it must not cost a fold of the whole ledger. */
Test(tally, i11_an_order_that_is_refused_folds_nothing_again)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    send(office_batch(&office));
    (void)hall_fold(&hall);
    control->kind = CONTROL_REVOCATION;
    control->revocation.agent_number = 99;
    cr_assert_eq(hall_order(&hall, control), STATUS_INVALID);
    cr_assert_eq(hall_fold(&hall), CONTEXT_CHANGED_NOTHING);
    cr_assert_eq(visits(hall.tally), 1);
    free(control);
}

Test(tally, i10_a_value_unknown_so_far_counts_once_it_is_declared)
{
    static const char vocabulary[] = "vocabulary: 1\n"
                                     "values:\n"
                                     "  - enumeration: TeamKind\n"
                                     "    value: 10000\n"
                                     "    token: joint_team\n"
                                     "    label: {vi: Tổ, en: Team}\n";
    struct control *control = calloc(1, sizeof *control);
    struct fold_totals totals;
    struct event event;

    cr_assert_not_null(control);
    office_visit(&office, 1, &event);
    event_set(&event, 2, 10000);
    send(office_seal(&office, &event, 1));
    (void)hall_fold(&hall);
    fold_totals(tally_fold(hall.tally), &totals);
    cr_assert_eq(totals.outcomes[FOLD_UNKNOWN_VALUE], 1);
    control->kind = CONTROL_VOCABULARY;
    control->files.revision = 1;
    control->files.file_count = 1;
    (void)snprintf(control->files.id, sizeof control->files.id, "%s",
                   "vocabulary");
    (void)snprintf(control->files.files[0].name,
                   sizeof control->files.files[0].name, "%s",
                   "vocabulary.yaml");
    control->files.files[0].content = bytes_of_text(vocabulary);
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    (void)hall_fold(&hall);
    fold_totals(tally_fold(hall.tally), &totals);
    cr_assert_eq(totals.outcomes[FOLD_UNKNOWN_VALUE], 0);
    cr_assert_eq(totals.outcomes[FOLD_COUNTED], 1);
    free(control);
}

Test(tally, a_correction_finds_its_target_in_any_batch_of_the_ledger)
{
    struct fold_totals totals;
    struct event void_event;
    struct event event;

    for (unsigned i = 0; i < 20; i++) {
        send(office_batch(&office));
    }
    office_void(&office, id60_make(1, 1, 3), &void_event);
    send(office_seal(&office, &void_event, 1));
    (void)hall_fold(&hall);
    fold_totals(tally_fold(hall.tally), &totals);
    cr_assert_eq(totals.outcomes[FOLD_VOIDED], 1);
    cr_assert_eq(visits(hall.tally), 19);
    cr_assert_eq(tally_event(hall.tally, id60_make(1, 1, 21), &event),
                 STATUS_OK);
    cr_assert_eq(event.target, id60_make(1, 1, 3));
    cr_assert_eq(tally_event(hall.tally, id60_make(1, 1, 99), &event),
                 STATUS_NOT_FOUND);
}

Test(tally, a_ledger_opened_again_gives_the_same_figures)
{
    for (unsigned i = 0; i < 10; i++) {
        send(office_batch(&office));
    }
    (void)hall_fold(&hall);
    hall_reopen(&hall, 0);
    (void)hall_fold(&hall);
    cr_assert_eq(visits(hall.tally), 10);
}
