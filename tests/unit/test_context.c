#include "common/event/calendar.h"
#include "common/fold/context.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The world's offices are agents 1 to WORLD_AGENTS; these are new. */
#define NEW_AGENT 77u
#define HOUR      INT64_C(3600000000)

static struct world world;
static struct control *control;

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
    control = calloc(1, sizeof *control);
    cr_assert_not_null(control);
}

static void close_world(void)
{
    free(control);
    world_close(&world);
}

TestSuite(context, .init = open_world, .fini = close_world);

static struct control *next(enum control_kind kind)
{
    memset(control, 0, sizeof *control);
    control->kind = kind;
    return control;
}

/* Applies `control` as the next entry. */
static enum status apply(unsigned *change)
{
    size_t errors = world.report.errors;
    enum status status = context_apply(world.context, world.index, control,
                                       &world.report, change);

    cr_assert_eq(world.report.errors > errors, status == STATUS_INVALID,
                 "a refusal says why, and nothing else does");
    if (status == STATUS_OK) {
        world.index++;
    } else {
        cr_assert_eq(*change, CONTEXT_CHANGED_NOTHING);
    }
    return status;
}

static enum status apply_any(void)
{
    unsigned change;

    return apply(&change);
}

static struct public_key key(uint8_t byte)
{
    struct public_key made;

    memset(made.bytes, byte, sizeof made.bytes);
    return made;
}

static struct random_id id(uint8_t byte)
{
    struct random_id made;

    memset(made.bytes, byte, sizeof made.bytes);
    return made;
}

static enum status enrol(uint32_t agent, uint8_t join_key, bool rotates,
                         unsigned *change)
{
    struct control_enrolment *enrolment = &next(CONTROL_ENROLMENT)->enrolment;

    enrolment->agent_number = agent;
    enrolment->scope_count = 1;
    enrolment->scopes[0].unit = WORLD_DISTRICT(1);
    enrolment->scopes[0].office = WORLD_LABOUR_OFFICE;
    enrolment->scopes[0].to = calendar_day(2019, 12, 31);
    enrolment->join_key = key(join_key);
    enrolment->join_until = join_key == 0 ? 0 : HOUR;
    enrolment->rotates = rotates;
    (void)snprintf(enrolment->name, sizeof enrolment->name, "office %u", agent);
    return apply(change);
}

static enum status enrol_new(uint8_t join_key)
{
    unsigned change;

    return enrol(NEW_AGENT, join_key, false, &change);
}

/* The new agent uses its join key; its other keys begin with `seed`. */
static enum status join(uint32_t agent, uint8_t join_key, uint8_t seed)
{
    struct control_joined *joined = &next(CONTROL_JOINED)->joined;

    joined->agent_number = agent;
    joined->agent_id = id(seed);
    joined->epoch = id((uint8_t)(seed + 1));
    joined->epoch_ordinal = 1;
    joined->curve_key = key((uint8_t)(seed + 2));
    joined->sign_key = key((uint8_t)(seed + 3));
    joined->join_key = key(join_key);
    return apply_any();
}

static enum status change_keys(uint32_t agent, uint8_t join_key, uint8_t seed)
{
    struct control_key_change *change = &next(CONTROL_KEY_CHANGE)->key_change;

    change->agent_number = agent;
    change->curve_key = key((uint8_t)(seed + 2));
    change->sign_key = key((uint8_t)(seed + 3));
    change->join_key = key(join_key);
    return apply_any();
}

static enum status open_epoch(uint32_t agent, uint32_t ordinal,
                              uint8_t previous, uint8_t epoch)
{
    struct control_epoch *opened = &next(CONTROL_EPOCH_OPENED)->epoch;

    opened->agent_number = agent;
    opened->epoch_ordinal = ordinal;
    opened->previous = id(previous);
    opened->epoch = id(epoch);
    opened->previous_next_seq = 10;
    return apply_any();
}

Test(context, i4_a_ledger_begins_once_and_with_its_first_entry)
{
    struct context *empty;
    unsigned change;

    (void)next(CONTROL_GENESIS);
    cr_assert_eq(apply_any(), STATUS_INVALID);
    cr_assert_eq(context_new(&empty), STATUS_OK);
    cr_assert_null(context_genesis(empty));
    (void)next(CONTROL_BACKUP_MARK);
    cr_assert_eq(context_apply(empty, 0, control, &world.report, &change),
                 STATUS_INVALID);
    next(CONTROL_GENESIS)->genesis.unit = WORLD_PROVINCE;
    cr_assert_eq(context_apply(empty, 0, control, &world.report, &change),
                 STATUS_OK);
    cr_assert_eq(context_genesis(empty)->unit, WORLD_PROVINCE);
    context_free(&empty);
    cr_assert_null(empty);
    context_free(&empty);
}

Test(context, an_agent_joins_once_with_the_key_that_it_was_given)
{
    const struct context_agent *agent;
    struct public_key join_key = key(9), curve_key = key(22);
    struct random_id agent_id = id(20);

    cr_assert_eq(join(NEW_AGENT, 9, 20), STATUS_INVALID); /* not enrolled */
    cr_assert_eq(enrol_new(9), STATUS_OK);
    agent = context_agent_by_join_key(world.context, &join_key);
    cr_assert_not_null(agent);
    cr_assert_eq(agent->number, NEW_AGENT);
    cr_assert_str_eq(agent->name, "office 77");
    cr_assert_not(agent->joined);
    cr_assert_eq(join(NEW_AGENT, 8, 20), STATUS_INVALID); /* another key */
    cr_assert_eq(join(NEW_AGENT, 9, 20), STATUS_OK);
    cr_assert_eq(join(NEW_AGENT, 9, 30), STATUS_INVALID); /* used up */
    cr_assert_null(context_agent_by_join_key(world.context, &join_key));
    agent = context_agent_by_curve_key(world.context, &curve_key);
    cr_assert_not_null(agent);
    cr_assert(agent->joined);
    cr_assert_eq(agent->epoch_count, 1);
    cr_assert_eq(agent->epochs[0].ordinal, 1);
    cr_assert_eq(context_agent_by_id(world.context, &agent_id), agent);
    cr_assert_eq(context_agent(world.context, NEW_AGENT), agent);
    cr_assert_eq(context_agent_count(world.context), WORLD_AGENTS + 1);
}

Test(context, a_join_key_is_good_for_its_time_and_for_one_agent)
{
    unsigned change;

    cr_assert_eq(enrol_new(9), STATUS_OK);
    cr_assert_eq(enrol(78, 9, false, &change), STATUS_INVALID);
    (void)next(CONTROL_JOINED);
    control->created_at = HOUR + 1;
    control->joined.agent_number = NEW_AGENT;
    control->joined.epoch_ordinal = 1;
    control->joined.join_key = key(9);
    cr_assert_eq(apply_any(), STATUS_INVALID);
    control->created_at = HOUR;
    control->joined.curve_key = key(90);
    control->joined.sign_key = key(91);
    control->joined.agent_id = id(92);
    cr_assert_eq(apply_any(), STATUS_OK);
}

Test(context, i8_nobody_takes_the_keys_or_the_id_of_another)
{
    unsigned change;

    cr_assert_eq(enrol_new(9), STATUS_OK);
    cr_assert_eq(join(NEW_AGENT, 9, 20), STATUS_OK);
    cr_assert_eq(enrol(78, 10, false, &change), STATUS_OK);
    cr_assert_eq(join(78, 10, 20), STATUS_INVALID);
    (void)next(CONTROL_JOINED);
    control->joined.agent_number = 78;
    control->joined.epoch_ordinal = 1;
    control->joined.agent_id = id(40);
    control->joined.join_key = key(10);
    control->joined.curve_key = key(22);
    control->joined.sign_key = key(43);
    cr_assert_eq(apply_any(), STATUS_INVALID);
    control->joined.curve_key = key(42);
    control->joined.sign_key = key(23);
    cr_assert_eq(apply_any(), STATUS_INVALID);
    cr_assert_eq(join(78, 10, 40), STATUS_OK);
}

/* A join key that were a link key too would be found under that agent, and
 * whoever it was given to could not join. */
Test(context, i8_a_join_key_is_nobodys_link_key)
{
    unsigned change;

    cr_assert_eq(enrol_new(22), STATUS_OK);
    cr_assert_eq(enrol(78, 10, false, &change), STATUS_OK);
    cr_assert_eq(join(78, 10, 20), STATUS_INVALID);
    cr_assert_eq(join(78, 10, 8), STATUS_INVALID, "its own join key");
    cr_assert_eq(join(78, 10, 40), STATUS_OK);
    cr_assert_eq(enrol(79, 42, false, &change), STATUS_INVALID);
    cr_assert_eq(enrol(79, 11, false, &change), STATUS_OK);
}

Test(context, i8_keys_are_those_in_force_at_each_entry)
{
    struct public_key old = key(23), new = key(53), old_curve = key(22);
    unsigned change;
    uint64_t joined, changed;

    cr_assert_eq(enrol_new(9), STATUS_OK);
    joined = world.index;
    cr_assert_null(context_sign_key_at(world.context, NEW_AGENT, joined));
    cr_assert_eq(join(NEW_AGENT, 9, 20), STATUS_OK);
    cr_assert_eq(change_keys(NEW_AGENT, 9, 50), STATUS_INVALID);
    cr_assert_eq(enrol(NEW_AGENT, 11, true, &change), STATUS_OK);
    changed = world.index;
    cr_assert_eq(change_keys(NEW_AGENT, 11, 20), STATUS_INVALID); /* old ones */
    cr_assert_eq(change_keys(NEW_AGENT, 11, 50), STATUS_OK);
    cr_assert_null(context_sign_key_at(world.context, NEW_AGENT, joined - 1));
    cr_assert_arr_eq(
        context_sign_key_at(world.context, NEW_AGENT, changed - 1)->bytes,
        old.bytes, sizeof old.bytes);
    cr_assert_arr_eq(
        context_sign_key_at(world.context, NEW_AGENT, changed)->bytes,
        new.bytes, sizeof new.bytes);
    cr_assert_null(context_agent_by_curve_key(world.context, &old_curve));
}

/* From the break on only the new ones count. */
Test(context, i8_a_break_brings_the_province_new_keys)
{
    struct control_break *broken = &next(CONTROL_BREAK)->broken;

    broken->administrator = key(0x71);
    broken->ledger_key = key(0x72);
    cr_assert_neq(context_administrator(world.context)->bytes[0], 0x71);
    cr_assert_eq(apply_any(), STATUS_OK);
    cr_assert_eq(context_administrator(world.context)->bytes[0], 0x71);
    cr_assert_eq(context_ledger_key(world.context)->bytes[0], 0x72);
}

Test(context, i3_epochs_follow_one_another)
{
    const struct context_agent *agent;

    cr_assert_eq(enrol_new(9), STATUS_OK);
    cr_assert_eq(open_epoch(NEW_AGENT, 2, 21, 60), STATUS_INVALID);
    cr_assert_eq(join(NEW_AGENT, 9, 20), STATUS_OK);
    cr_assert_eq(open_epoch(NEW_AGENT, 3, 21, 60), STATUS_INVALID);
    cr_assert_eq(open_epoch(NEW_AGENT, 2, 99, 60), STATUS_INVALID);
    cr_assert_eq(open_epoch(NEW_AGENT, 2, 21, 21), STATUS_INVALID);
    cr_assert_eq(open_epoch(NEW_AGENT, 2, 21, 60), STATUS_OK);
    agent = context_agent(world.context, NEW_AGENT);
    cr_assert_eq(agent->epoch_count, 2);
    cr_assert_eq(agent->epochs[0].end_seq, 10);
    cr_assert_eq(agent->epochs[1].ordinal, 2);
    cr_assert_eq(agent->epochs[1].end_seq, 0);
}

Test(context, a_revoked_agent_stays_revoked)
{
    const struct context_agent *agent;
    unsigned change;

    cr_assert_eq(enrol_new(9), STATUS_OK);
    (void)next(CONTROL_REVOCATION);
    control->revocation.agent_number = NEW_AGENT;
    control->revocation.review_from = 5;
    cr_assert_eq(apply(&change), STATUS_OK);
    cr_assert_eq(change, CONTEXT_CHANGED_KEYS);
    agent = context_agent(world.context, NEW_AGENT);
    cr_assert(agent->revoked);
    cr_assert_not(agent->may_join);
    cr_assert_eq(agent->review_from, 5);
    cr_assert_eq(join(NEW_AGENT, 9, 20), STATUS_INVALID);
    cr_assert_eq(enrol_new(10), STATUS_INVALID);
    (void)next(CONTROL_REVOCATION);
    control->revocation.agent_number = NEW_AGENT;
    control->revocation.review_from = 3;
    cr_assert_eq(apply(&change), STATUS_OK);
    agent = context_agent(world.context, NEW_AGENT);
    cr_assert(agent->revoked);
    cr_assert_eq(agent->review_from, 3);
}

Test(context, an_enrolment_changes_figures_only_if_there_can_be_events)
{
    unsigned change;

    cr_assert_eq(enrol(NEW_AGENT, 9, false, &change), STATUS_OK);
    cr_assert_eq(change, CONTEXT_CHANGED_KEYS);
    cr_assert_eq(join(NEW_AGENT, 9, 20), STATUS_OK);
    cr_assert_eq(enrol(NEW_AGENT, 0, false, &change), STATUS_OK);
    cr_assert_eq(change, CONTEXT_CHANGED_KEYS | CONTEXT_CHANGED_FIGURES);
}

Test(context, i11_agent_numbers_and_epochs_have_limits)
{
    unsigned change;

    cr_assert_eq(enrol(0, 9, false, &change), STATUS_INVALID);
    cr_assert_eq(enrol(1u << 20, 9, false, &change), STATUS_INVALID);
    cr_assert_eq(enrol((1u << 20) - 1, 9, false, &change), STATUS_OK);
    cr_assert_eq(join((1u << 20) - 1, 9, 20), STATUS_OK);
    for (uint32_t i = 2; i <= CONTEXT_EPOCHS_MAX + 1; i++) {
        struct control_epoch *epoch = &next(CONTROL_EPOCH_OPENED)->epoch;

        epoch->agent_number = (1u << 20) - 1;
        epoch->epoch_ordinal = i;
        epoch->previous_next_seq = 1;
        epoch->previous = i == 2 ? id(21) : id(0);
        if (i > 2) {
            bytes_put_u32(epoch->previous.bytes, i - 1);
        }
        bytes_put_u32(epoch->epoch.bytes, i);
        cr_assert_eq(apply(&change),
                     i <= CONTEXT_EPOCHS_MAX ? STATUS_OK : STATUS_INVALID);
    }
}

static enum context_refusal asked(uint32_t agent, uint32_t unit, uint32_t place,
                                  uint32_t programme, int32_t date)
{
    return context_allows(world.context, context_agent(world.context, agent),
                          unit, WORLD_LABOUR_OFFICE, place, programme, date);
}

Test(context, i8_an_agent_records_within_its_enrolment_and_is_told_what_fails)
{
    int32_t day = calendar_day(2018, 3, 1);
    uint32_t inside = WORLD_COMMUNE(1, 1), outside = WORLD_COMMUNE(2, 1);
    struct control_scope *scope;

    cr_assert_eq(asked(1, WORLD_DISTRICT(1), inside, 1, day), CONTEXT_ALLOWED);
    cr_assert_eq(asked(1, WORLD_DISTRICT(2), inside, 1, day), CONTEXT_NO_PAIR);
    cr_assert_eq(asked(1, WORLD_DISTRICT(1), outside, 1, day), CONTEXT_NO_AREA);
    cr_assert_eq(
        asked(1, WORLD_DISTRICT(1), inside, 1, calendar_day(2020, 1, 1)),
        CONTEXT_NO_DATE);
    /* A second scope of the same pair: one commune, one programme. */
    (void)next(CONTROL_ENROLMENT);
    control->enrolment.agent_number = 1;
    control->enrolment.scope_count = 1;
    scope = &control->enrolment.scopes[0];
    scope->unit = WORLD_DISTRICT(1);
    scope->office = WORLD_LABOUR_OFFICE;
    scope->area[0] = WORLD_COMMUNE(1, 2);
    scope->area_count = 1;
    scope->programmes[0] = 2;
    scope->programme_count = 1;
    scope->to = calendar_day(2019, 12, 31);
    cr_assert_eq(apply_any(), STATUS_OK);
    cr_assert_eq(asked(1, WORLD_DISTRICT(1), inside, 2, day), CONTEXT_NO_AREA);
    cr_assert_eq(asked(1, WORLD_DISTRICT(1), WORLD_COMMUNE(1, 2), 1, day),
                 CONTEXT_NO_PROGRAMME);
    cr_assert_eq(asked(1, WORLD_DISTRICT(1), WORLD_COMMUNE(1, 2), 2, day),
                 CONTEXT_ALLOWED);
}

static enum status apply_text(enum control_kind kind, const char *id_text,
                              uint32_t revision, const char *text)
{
    (void)next(kind);
    control->files.revision = revision;
    control->files.file_count = 1;
    control->files.files[0].content = bytes_of_text(text);
    (void)snprintf(control->files.id, sizeof control->files.id, "%s", id_text);
    (void)snprintf(control->files.files[0].name, CONTROL_NAME_MAX, "file");
    return apply_any();
}

Test(context, i10_a_new_vocabulary_repeats_the_old_one)
{
    static const char first[] = "vocabulary: 1\n"
                                "values:\n"
                                "  - {enumeration: Audience, value: 10000, "
                                "token: drivers, label: {vi: A, en: A}}\n";
    static const char forgets[] = "vocabulary: 2\nvalues: []\n";
    static const char renames[] = "vocabulary: 2\n"
                                  "values:\n"
                                  "  - {enumeration: Audience, value: 10000, "
                                  "token: riders, label: {vi: A, en: A}}\n";
    uint64_t index = world.index;

    cr_assert_eq(apply_text(CONTROL_VOCABULARY, "thu", 1, first), STATUS_OK);
    cr_assert_eq(context_vocabulary_index(world.context), index);
    cr_assert_eq(apply_text(CONTROL_VOCABULARY, "thu", 2, forgets),
                 STATUS_INVALID);
    cr_assert_eq(apply_text(CONTROL_VOCABULARY, "thu", 2, renames),
                 STATUS_INVALID);
    cr_assert_eq(vocabulary_version(context_vocabulary(world.context)), 1);
    cr_assert_eq(apply_text(CONTROL_VOCABULARY, "thu", 1, first),
                 STATUS_INVALID); /* no newer */
}

Test(context, a_file_with_a_mistake_leaves_what_is_in_force)
{
    const struct plan *plan = context_plan_at(world.context, 0)->plan;
    uint64_t index = context_plan_at(world.context, 0)->index;

    cr_assert_eq(apply_text(CONTROL_PLAN, "plan.yaml", 2, "plan: x\n"),
                 STATUS_INVALID);
    cr_assert_eq(apply_text(CONTROL_UNITS, "units.csv", 2, "code\n1\n"),
                 STATUS_INVALID);
    cr_assert_eq(context_plan_at(world.context, 0)->plan, plan);
    cr_assert_eq(context_plan_at(world.context, 0)->index, index);
    cr_assert_str_eq(plan->id, "thu-2018");
}
