#include "common/fold/context.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct world world;
static struct control control;

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
}

static void close_world(void)
{
    world_close(&world);
}

TestSuite(context_freeze, .init = open_world, .fini = close_world);

/* A freeze of the second quarter of 2018 of the whole province. */
static struct control_freeze *next_freeze(void)
{
    struct control_freeze *freeze = &control.freeze;

    memset(&control, 0, sizeof control);
    control.kind = CONTROL_REPORT_FREEZE;
    (void)snprintf(freeze->plan_id, sizeof freeze->plan_id, "thu-2018");
    freeze->regime = PERIOD_CALENDAR;
    freeze->period_kind = PERIOD_QUARTER;
    freeze->period_key = 201802;
    freeze->unit = WORLD_PROVINCE;
    freeze->at_index = 3;
    return freeze;
}

static enum status apply(unsigned *change)
{
    return context_apply(world.context, world.index, &control, &world.report,
                         change);
}

static void refuse(void)
{
    size_t errors = world.report.errors;
    unsigned change;

    cr_assert_eq(apply(&change), STATUS_INVALID);
    cr_assert_eq(world.report.errors, errors + 1, "a refusal says why");
}

/* It says of which prefix a report was made, and nothing else: what follows
 * from events stays as it is. */
Test(context_freeze, i4_a_freeze_changes_no_figure)
{
    unsigned change = CONTEXT_CHANGED_FIGURES;

    (void)next_freeze();
    cr_assert_eq(apply(&change), STATUS_OK);
    cr_assert_eq(change, CONTEXT_CHANGED_NOTHING);
    cr_assert_eq(context_freeze_count(world.context), 1);
    cr_assert_eq(context_freeze_at(world.context, 0)->index, world.index);
    cr_assert_eq(context_freeze_at(world.context, 0)->freeze.at_index, 3);
    cr_assert_null(context_freeze_at(world.context, 1));
}

Test(context_freeze, a_freeze_of_what_there_is_not_is_refused)
{
    (void)snprintf(next_freeze()->plan_id, 8, "other");
    refuse();
    next_freeze()->at_index = UINT64_MAX;
    refuse();
    next_freeze()->period_key = 201805;
    refuse();
    next_freeze()->period_kind = PERIOD_AD_HOC;
    refuse();
    next_freeze()->regime = PERIOD_PLAN_DEADLINE;
    refuse();
    next_freeze()->unit = WORLD_DISTRICT(9);
    refuse();
    cr_assert_eq(context_freeze_count(world.context), 0);
}

/* What is not in the ledger yet cannot have been backed up: offices would
 * throw it away. */
Test(context_freeze, i7_a_backup_of_what_is_not_there_is_refused)
{
    unsigned change = CONTEXT_CHANGED_NOTHING;
    const struct context_backup *backup;

    cr_assert_null(context_backup(world.context));
    memset(&control, 0, sizeof control);
    control.kind = CONTROL_BACKUP_MARK;
    control.created_at = 77;
    control.backup_mark.up_to_index = world.index + 1;
    cr_assert_eq(apply(&change), STATUS_INVALID);
    cr_assert_null(context_backup(world.context));
    control.backup_mark.up_to_index = world.index;
    cr_assert_eq(apply(&change), STATUS_OK);
    cr_assert_eq(change, CONTEXT_CHANGED_BACKUP);
    backup = context_backup(world.context);
    cr_assert_not_null(backup);
    cr_assert_eq(backup->made_at, 77);
}

/* ---- breaks ---- */

static void apply_break(uint32_t missing)
{
    unsigned change;

    memset(&control, 0, sizeof control);
    control.kind = CONTROL_BREAK;
    control.broken.missing[0] = (struct control_run){.from = 1, .to = 2};
    control.broken.missing_count = missing;
    cr_assert_eq(apply(&change), STATUS_OK);
    world.index++;
}

/* Those that name what is missing; of too many the last ones. */
Test(context_freeze, i11_so_many_breaks_are_known_and_no_more)
{
    apply_break(0);
    cr_assert_eq(context_break_count(world.context), 0);
    for (size_t i = 0; i <= CONTEXT_BREAKS_MAX; i++) {
        apply_break(1);
    }
    cr_assert_eq(context_break_count(world.context), CONTEXT_BREAKS_MAX);
    cr_assert_eq(context_break_at(world.context, CONTEXT_BREAKS_MAX - 1),
                 world.index - 1);
}
