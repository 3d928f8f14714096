#include "collector/audit/erasing.h"

#include "collector/ledger/cold_move.h"
#include "collector/ledger/ledger_move.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/hall.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCHES 9u
#define VICTIM  4u
#define THING   0x00c0ffeeu /* a number that is found in a file */

static struct hall hall;
static struct office office;
static uint64_t first; /* entry of the first batch */
static uint8_t whole[BATCH_BYTES_MAX];
static size_t whole_size;

/* One of the batches names a thing whose number is looked for afterwards. */
static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    first = hall_size(&hall);
    for (unsigned i = 0; i < BATCHES; i++) {
        struct event events[2];
        struct bytes batch;

        office_visit(&office, i == VICTIM ? THING : i + 1, &events[0]);
        office_visit(&office, 1, &events[1]);
        batch = office_seal(&office, events, 2);
        if (i == VICTIM) {
            memcpy(whole, batch.data, batch.size);
            whole_size = batch.size;
        }
        cr_assert(hall_send(&hall, &office, batch).appended);
    }
    (void)hall_fold(&hall);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(erasing, .init = setup, .fini = teardown);

static void send(const struct event events[], uint32_t count)
{
    struct bytes batch = office_seal(&office, events, count);

    cr_assert(hall_send(&hall, &office, batch).appended);
}

static enum status erase(uint64_t index)
{
    struct erasing_progress progress = {.read = NULL};
    struct erasing erasing;
    struct control *control = calloc(1, sizeof *control);
    enum status status;

    cr_assert_not_null(control);
    status = erasing_make(hall.ledger, province_context(hall.province),
                          &hall.keys.administrator, index, progress, &erasing);
    if (status == STATUS_OK) {
        erasing_order(&erasing, 12, 2026, control);
        status = hall_order(&hall, control);
    }
    erasing_fini(&erasing);
    free(control);
    return status;
}

static enum status bytes_of(uint64_t index, struct digest *digest)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    struct bytes bytes = {0};
    enum status status;

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, index, &entry), STATUS_OK);
    status = ledger_bytes(snapshot, &entry, &bytes);
    if (status == STATUS_OK && digest != NULL) {
        digest_bytes(bytes, digest);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

/* A figure of the plan for the province, folded from nothing. */
static struct figure figure(const char *indicator)
{
    const struct context *context;
    const struct plan *plan;
    struct tally_progress progress = {.owner = NULL};
    struct tally *fresh = NULL;
    struct figure *figures, found;
    struct figure_range range;
    unsigned changes;
    size_t count;

    cr_assert_eq(tally_open(hall.ledger, hall.province, progress, &fresh),
                 STATUS_OK);
    cr_assert_eq(tally_advance(fresh, &changes), STATUS_OK);
    context = province_context(hall.province);
    plan = context_plan_at(context, 0)->plan;
    count = units_count(context_units(context));
    figures = calloc(count, sizeof *figures);
    cr_assert_not_null(figures);
    figure_range_default(plan, &range);
    cr_assert_eq(
        indicator_compute(
            tally_fold(fresh), context,
            plan->indicators[plan_find_indicator(plan, indicator)].formula,
            &range, figures, count),
        STATUS_OK);
    found = figures[units_position(
        context_units(context),
        units_find(context_units(context), WORLD_PROVINCE, range.to))];
    free(figures);
    tally_close(&fresh);
    return found;
}

static void root(struct digest *digest)
{
    struct ledger_snapshot *snapshot = NULL;

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, first + BATCHES, digest), STATUS_OK);
    ledger_snapshot_close(&snapshot);
}

/* The reference as it stands in an event. */
static size_t write_reference(uint8_t out[10])
{
    uint64_t left = id60_make(1, 1, THING);
    size_t size = 0;

    do {
        out[size++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
        left >>= 7;
    } while (left > 0);
    return size;
}

/* Pieces of the batch that no other has: its signature, and the thing that it
 * names. */
static size_t pieces_in(const char *file)
{
    uint8_t reference[10];
    size_t found = temp_dir_count(file, reference, write_reference(reference));

    for (size_t at = whole_size - SIGNATURE_BYTES; at + 8 <= whole_size;
         at += 8) {
        found += temp_dir_count(file, whole + at, 8);
    }
    return found;
}

Test(erasing, i5_the_bytes_go_and_entry_root_and_order_stay)
{
    struct ledger_snapshot *snapshot = NULL;
    struct control *order = NULL;
    struct digest before, after;
    struct entry entry;
    uint64_t index = 0;

    root(&before);
    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    cr_assert_eq(bytes_of(first + VICTIM, NULL), STATUS_ERASED);
    root(&after);
    cr_assert(digest_equal(&before, &after));
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, first + VICTIM, &entry), STATUS_OK);
    cr_assert_eq(ledger_erasure(snapshot, &entry, &order, &index), STATUS_OK);
    cr_assert_eq(order->erasure_order.order_number, 12);
    cr_assert_eq(order->erasure_order.order_year, 2026);
    cr_assert_eq(index, first + BATCHES);
    control_free(&order);
    cr_assert_eq(ledger_entry(snapshot, first, &entry), STATUS_OK);
    cr_assert_eq(ledger_erasure(snapshot, &entry, &order, &index),
                 STATUS_NOT_FOUND);
    ledger_snapshot_close(&snapshot);
    /* And so it is found at the next start. */
    hall_reopen(&hall, 0);
    cr_assert_eq(bytes_of(first + VICTIM, NULL), STATUS_ERASED);
    cr_assert_eq(bytes_of(first, NULL), STATUS_OK);
}

Test(erasing, i4_sums_stay_and_counts_of_things_say_that_they_are_not_exact)
{
    cr_assert_eq(figure("visits").value, 2 * BATCHES);
    cr_assert_eq(figure("inspected").value, BATCHES);
    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    cr_assert_eq(figure("visits").value, 2 * BATCHES);
    cr_assert_not(figure("visits").erased);
    /* The thing that others name too counts once more. */
    cr_assert_eq(figure("inspected").value, BATCHES + 1);
    cr_assert(figure("inspected").erased);
}

/* Corrections go by ids. */
Test(erasing, i5_a_void_of_an_erased_event_holds)
{
    uint64_t target = id60_make(1, 1, VICTIM * 2 + 1);
    struct event event;

    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    hall.now.wall_us += 30 * CLOCK_US_PER_DAY;
    office_void(&office, target, &event);
    send(&event, 1);
    cr_assert_eq(figure("visits").value, 2 * BATCHES - 1);
}

Test(erasing, an_order_is_given_once_and_for_a_batch_alone)
{
    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    cr_assert_eq(erase(first + VICTIM), STATUS_ERASED);
    cr_assert_eq(erase(0), STATUS_INVALID);
    cr_assert_eq(erase(hall_size(&hall)), STATUS_NOT_FOUND);
}

/* An order that does not fit the ledger never becomes an entry. */
Test(erasing, i5_an_order_for_another_batch_is_refused)
{
    struct erasing_progress progress = {.read = NULL};
    struct control *control = calloc(1, sizeof *control);
    uint64_t size = hall_size(&hall);
    struct erasing erasing;

    cr_assert_not_null(control);
    cr_assert_eq(erasing_make(hall.ledger, province_context(hall.province),
                              &hall.keys.administrator, first + VICTIM,
                              progress, &erasing),
                 STATUS_OK);
    erasing_order(&erasing, 12, 2026, control);
    control->erasure_order.index++;
    cr_assert_eq(hall_order(&hall, control), STATUS_INVALID);
    control->erasure_order.index--;
    control->erasure_order.digest.bytes[0] ^= 1;
    cr_assert_eq(hall_order(&hall, control), STATUS_INVALID);
    control->erasure_order.digest.bytes[0] ^= 1;
    cr_assert_eq(hall_size(&hall), size);
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    cr_assert_eq(hall_order(&hall, control), STATUS_EXISTS);
    erasing_fini(&erasing);
    free(control);
}

/* What was sent again is known by its place and hash. */
Test(erasing, i3_an_erased_batch_is_not_taken_again)
{
    struct admit_answer answer;

    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    answer = hall_send(&hall, &office, (struct bytes){whole, whole_size});
    cr_assert_not(answer.appended);
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_NONE);
    cr_assert_eq(bytes_of(first + VICTIM, NULL), STATUS_ERASED);
}

/* A new process, as `audit erase` or the next start of the collector is one. */
static void overwrite(bool last)
{
    bool wanted = false;

    hall_reopen(&hall, 0);
    cr_assert_eq(ledger_to_overwrite(hall.ledger, &wanted), STATUS_OK);
    cr_assert(wanted);
    cr_assert_eq(ledger_overwrite(hall.ledger, last), STATUS_OK);
    cr_assert_eq(ledger_to_overwrite(hall.ledger, &wanted), STATUS_OK);
    cr_assert_eq(wanted, !last);
}

Test(erasing, i5_no_byte_is_left_in_the_ledgers_file)
{
    hall_reopen(&hall, 0);
    cr_assert_gt(pieces_in(hall.path), 0);
    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    cr_assert_gt(pieces_in(hall.path), 0);
    overwrite(false);
    overwrite(true);
    cr_assert_eq(pieces_in(hall.path), 0);
    cr_assert_eq(figure("visits").value, 2 * BATCHES);
    for (unsigned i = 0; i < BATCHES; i++) {
        cr_assert_eq(bytes_of(first + i, NULL),
                     i == VICTIM ? STATUS_ERASED : STATUS_OK);
    }
}

static void move_cold(void)
{
    struct cold_move_options options = {.ledger = hall.ledger,
                                        .province = hall.province,
                                        .administrator =
                                            &hall.keys.administrator,
                                        .clock = &hall.clock,
                                        .least = 1,
                                        .moves = true};
    struct cold_move *mover = NULL;
    bool moved = false;

    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, clock_wall_us(&hall.clock) + 1, &moved),
                 STATUS_OK);
    cr_assert(moved);
    cold_move_close(&mover);
}

Test(erasing, i5_no_byte_is_left_in_a_cold_file)
{
    char path[COLD_PATH_MAX], aside[COLD_PATH_MAX + 8];

    move_cold();
    cr_assert_eq(cold_path(ledger_cold_folder(hall.ledger), 1, path),
                 STATUS_OK);
    cr_assert_gt(pieces_in(path), 0);
    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    cr_assert_eq(bytes_of(first + VICTIM, NULL), STATUS_ERASED);
    /* While the file is away it cannot be overwritten, and nobody forgets. */
    (void)snprintf(aside, sizeof aside, "%s.away", path);
    cr_assert_eq(rename(path, aside), 0);
    cr_assert_eq(ledger_overwrite(hall.ledger, true), STATUS_AWAY);
    cr_assert_eq(rename(aside, path), 0);
    overwrite(true);
    cr_assert_eq(pieces_in(path), 0);
    cr_assert_eq(pieces_in(hall.path), 0);
    cr_assert_eq(figure("visits").value, 2 * BATCHES);
}

/* Erased first, moved afterwards: it is in no cold file at all. */
Test(erasing, i5_an_erased_batch_does_not_move)
{
    char path[COLD_PATH_MAX];

    cr_assert_eq(erase(first + VICTIM), STATUS_OK);
    move_cold();
    cr_assert_eq(cold_path(ledger_cold_folder(hall.ledger), 1, path),
                 STATUS_OK);
    cr_assert_eq(pieces_in(path), 0);
    cr_assert_eq(figure("visits").value, 2 * BATCHES);
}

/* A copy that is older than the order takes it, and keeps what it says. */
Test(erasing, i5_a_copy_without_the_orders_entry_is_erased_too)
{
    struct ledger_snapshot *snapshot = NULL;
    struct erasing_progress progress = {.read = NULL};
    struct control *control = calloc(1, sizeof *control);
    struct control *order = NULL;
    struct buffer document;
    struct erasing erasing;
    struct entry entry;
    uint64_t index = 0;

    cr_assert_not_null(control);
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(erasing_make(hall.ledger, province_context(hall.province),
                              &hall.keys.administrator, first + VICTIM,
                              progress, &erasing),
                 STATUS_OK);
    erasing_order(&erasing, 12, 2026, control);
    cr_assert_eq(control_sign(control, &hall.keys.administrator, &document),
                 STATUS_OK);
    cr_assert_eq(ledger_erase_copy(hall.ledger, 1000, buffer_bytes(&document)),
                 STATUS_OK);
    cr_assert_eq(ledger_erase_copy(hall.ledger, 1000, buffer_bytes(&document)),
                 STATUS_EXISTS);
    overwrite(true);
    cr_assert_eq(pieces_in(hall.path), 0);
    cr_assert_eq(bytes_of(first + VICTIM, NULL), STATUS_ERASED);
    cr_assert_eq(figure("visits").value, 2 * BATCHES);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, first + VICTIM, &entry), STATUS_OK);
    cr_assert_eq(ledger_erasure(snapshot, &entry, &order, &index), STATUS_OK);
    cr_assert_eq(index, 1000);
    control_free(&order);
    ledger_snapshot_close(&snapshot);
    /* The order comes back as an entry: it takes the copy's place. */
    cr_assert_eq(hall_order(&hall, control), STATUS_EXISTS);
    erasing_fini(&erasing);
    buffer_fini(&document);
    free(control);
}

/* Rows that are in other batches as well are found, wherever they lie. */
Test(erasing, rows_of_other_batches_are_found)
{
    struct erasing_progress progress = {.read = NULL};
    struct erasing erasing;
    struct event events[2];

    for (unsigned i = 0; i < 2; i++) {
        office_visit(&office, 50, &events[i]);
        events[i].has_entry_key = true;
        memset(events[i].entry_key, (int)i + 1, sizeof events[i].entry_key);
    }
    send(events, 2);
    send(events, 1);
    cr_assert_eq(erasing_make(hall.ledger, province_context(hall.province),
                              &hall.keys.administrator, first + BATCHES,
                              progress, &erasing),
                 STATUS_OK);
    cr_assert_eq(erasing.shared, 1);
    erasing_fini(&erasing);
    cr_assert_eq(erase(first + BATCHES), STATUS_OK);
    cr_assert(figure("visits").erased);
}

/* The office lost its disk and imports the sheet once more: the row comes under
 * a key that nobody knows any more. It counts, and the figure says so; another
 * row of a sheet, and one that was typed in, say nothing. */
Test(erasing, i4_a_row_that_is_imported_again_is_marked)
{
    struct event event, again;

    office_visit(&office, 50, &event);
    event.has_entry_key = true;
    memset(event.entry_key, 1, sizeof event.entry_key);
    event_set(&event, 5, 3);
    event_set(&event, 7, 2);
    send(&event, 1);
    cr_assert_eq(erase(first + BATCHES), STATUS_OK);
    again = event;
    again.has_entry_key = false;
    send(&again, 1);
    again.has_entry_key = true;
    again.entry_key[0] = 2;
    event_set(&again, 7, 3);
    send(&again, 1);
    cr_assert_not(figure("visits").erased);
    send(&event, 1);
    cr_assert(figure("visits").erased);
    cr_assert_eq(figure("visits").value, 2 * BATCHES + 4);
}
