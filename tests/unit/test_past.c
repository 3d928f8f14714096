/* Figures of every earlier position, against those of their time and against a
 * count of the events by hand. */
#include "collector/figures/tally.h"

#include "common/event/reference.h"
#include "common/figures/indicator.h"
#include "tests/support/hall.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 40u

struct past {
    struct ledger *ledger;
    struct province *province;
    struct tally *tally;
};

static struct hall hall;
static struct office office;
static char state[TEMP_DIR_PATH_MAX];

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    (void)hall_fold(&hall);
    temp_dir_path(&hall.dir, "figures.state", state);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(past, .init = setup, .fini = teardown);

static int64_t visits(const struct province *province,
                      const struct tally *tally)
{
    const struct context *context = province_context(province);
    const struct units *units = context_units(context);
    const struct plan *plan = context_plan_at(context, 0)->plan;
    size_t count = units_count(units);
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
    value = figures[units_position(units,
                                   units_find(units, WORLD_PROVINCE, range.to))]
                .value;
    free(figures);
    return value;
}

static void past_open(struct past *past, uint64_t size, const char *kept)
{
    struct ledger_options options = {
        .path = hall.path, .read_only = true, .no_lock = true};
    struct tally_progress progress = {.owner = NULL};
    unsigned changes;

    memset(past, 0, sizeof *past);
    cr_assert_eq(ledger_open(&options, &past->ledger), STATUS_OK);
    ledger_show_prefix(past->ledger, size);
    cr_assert_eq(province_open(past->ledger, &past->province), STATUS_OK);
    cr_assert_eq(
        tally_open(past->ledger, past->province, progress, &past->tally),
        STATUS_OK);
    if (kept != NULL) {
        tally_keep_in(past->tally, kept);
    }
    cr_assert_eq(tally_advance(past->tally, &changes), STATUS_OK);
    cr_assert_eq(tally_position(past->tally), size);
}

static void past_close(struct past *past)
{
    tally_close(&past->tally);
    province_close(&past->province);
    ledger_close(&past->ledger);
}

/* A year of visits, each third of which is voided; what the figure was after
 * each entry, counted here. */
static void fill(int64_t counted[], uint64_t *first, uint64_t *end)
{
    int64_t live = 0;

    *first = hall_size(&hall);
    for (unsigned i = 0; i < STEPS; i++) {
        struct event event;
        struct admit_answer answer;

        if (i % 3 == 2) {
            office_void(&office,
                        id60_make(office.number, 1,
                                  (uint32_t)office.next.first_seq - 1),
                        &event);
            live--;
        } else {
            office_visit(&office, i + 1, &event);
            live++;
        }
        answer = hall_send(&hall, &office, office_seal(&office, &event, 1));
        cr_assert(answer.appended);
        (void)hall_fold(&hall);
        counted[i] = live;
        cr_assert_eq(visits(hall.province, hall.tally), live, "step %u", i);
    }
    *end = hall_size(&hall);
}

Test(past, i4_every_position_gives_the_figures_of_its_time)
{
    int64_t counted[STEPS];
    uint64_t first, end;
    struct past past;

    fill(counted, &first, &end);
    cr_assert_eq(end - first, STEPS);
    for (unsigned i = 0; i < STEPS; i++) {
        past_open(&past, first + i + 1, NULL);
        cr_assert_eq(visits(past.province, past.tally), counted[i],
                     "position %u", i);
        past_close(&past);
    }
}

/* It saves the way up to it for later positions, and is nothing to earlier
 * ones. */
Test(past, i4_a_kept_state_serves_the_positions_after_it_alone)
{
    int64_t counted[STEPS];
    uint64_t first, end, kept;
    struct past past;

    fill(counted, &first, &end);
    kept = first + STEPS / 2;
    past_open(&past, kept, state);
    cr_assert_eq(tally_save(past.tally, NULL), STATUS_OK);
    past_close(&past);
    for (unsigned i = 0; i < STEPS; i++) {
        uint64_t size = first + i + 1;

        past_open(&past, size, state);
        cr_assert_eq(visits(past.province, past.tally), counted[i],
                     "position %u", i);
        cr_assert_eq(tally_begun(past.tally), size >= kept ? kept : 0,
                     "position %u began at %llu", i,
                     (unsigned long long)tally_begun(past.tally));
        past_close(&past);
    }
}

/* ---- what tells of each event ---- */

struct told {
    const struct past *past;
    unsigned count;
    int64_t figures[STEPS];
};

static enum status note(void *owner, const struct entry *entry, uint64_t id,
                        const struct event *event)
{
    struct told *told = owner;

    cr_assert_eq(id60_number(id), entry->first_seq);
    cr_assert_neq(event->type, 0);
    cr_assert_eq(tally_settle_within(told->past->tally), STATUS_OK);
    told->figures[told->count++] =
        visits(told->past->province, told->past->tally);
    return STATUS_OK;
}

Test(past, i4_a_watch_sees_the_figures_after_each_event)
{
    int64_t counted[STEPS];
    uint64_t first, end;
    struct past past;
    struct told told = {.past = &past};
    struct tally_watch watch = {.owner = &told, .folded = note};
    unsigned changes;

    fill(counted, &first, &end);
    past_open(&past, first, NULL);
    tally_watch(past.tally, watch);
    ledger_show_prefix(past.ledger, end);
    cr_assert_eq(tally_advance(past.tally, &changes), STATUS_OK);
    cr_assert_eq(told.count, STEPS);
    cr_assert_arr_eq(told.figures, counted, sizeof counted);
    past_close(&past);
}

/* ---- another plan ---- */

static void plan_document(uint64_t index, struct buffer *document)
{
    buffer_init(document, CONTROL_BYTES_MAX);
    cr_assert_eq(province_entry_document(hall.province, index, document),
                 STATUS_OK);
}

/* The plan of the hall once more, under another revision. */
static void load_again(uint32_t revision)
{
    struct control *control = NULL;
    struct buffer document;

    plan_document(context_plan_at(province_context(hall.province), 0)->index,
                  &document);
    cr_assert_eq(control_open(buffer_bytes(&document),
                              &hall.keys.administrator.public_key, &control),
                 STATUS_OK);
    control->files.revision = revision;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    control_free(&control);
    buffer_fini(&document);
}

static uint32_t revision_of(const struct past *past)
{
    return context_plan_at(province_context(past->province), 0)->revision;
}

Test(past, an_adopted_plan_stays_whatever_entries_say)
{
    struct buffer document;
    struct report report;
    struct past past;
    unsigned changes;
    uint64_t index = context_plan_at(province_context(hall.province), 0)->index;

    report_init(&report, LANGUAGE_EN);
    plan_document(index, &document);
    load_again(2);
    past_open(&past, index + 1, NULL);
    ledger_show_prefix(past.ledger, hall_size(&hall));
    cr_assert_eq(tally_advance(past.tally, &changes), STATUS_OK);
    cr_assert_eq(revision_of(&past), 2, "an entry replaces the plan");
    past_close(&past);

    past_open(&past, index + 1, NULL);
    cr_assert_eq(
        province_adopt(past.province, index, buffer_bytes(&document), &report),
        STATUS_OK);
    ledger_show_prefix(past.ledger, hall_size(&hall));
    cr_assert_eq(tally_advance(past.tally, &changes), STATUS_OK);
    cr_assert_eq(revision_of(&past), 1, "but not one that was adopted");
    past_close(&past);
    buffer_fini(&document);
    report_fini(&report);
}

Test(past, a_plan_is_adopted_where_there_was_none_and_nothing_else_is)
{
    struct buffer document;
    struct report report;
    struct past past;
    uint64_t index = context_plan_at(province_context(hall.province), 0)->index;

    report_init(&report, LANGUAGE_EN);
    plan_document(index, &document);
    past_open(&past, 2, NULL); /* units, and no plan yet */
    cr_assert_eq(context_plan_count(province_context(past.province)), 0);
    cr_assert_eq(
        province_adopt(past.province, index, buffer_bytes(&document), &report),
        STATUS_OK);
    cr_assert_eq(context_plan_at(province_context(past.province), 0)->index,
                 index);
    buffer_fini(&document);
    plan_document(1, &document); /* the units are no plan */
    cr_assert_eq(
        province_adopt(past.province, 1, buffer_bytes(&document), &report),
        STATUS_INVALID);
    buffer_fini(&document);
    report_fini(&report);
    past_close(&past);
}
