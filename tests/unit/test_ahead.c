/* What is made ready on another thread against what is made ready on this one:
 * an ahead that is asked for single entries does the work itself. */
#include "collector/figures/ahead.h"

#include "common/base/file.h"
#include "common/event/reference.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BATCHES          (4 * AHEAD_SLOTS)
#define EVENTS           3u
#define INSPECTION_REF   6u
#define LEDGER_BYTES_MAX (64u * 1024u * 1024u)

static struct hall hall;
static struct office office;
static struct ahead *ahead, *alone;
static struct ahead_work work, work_alone;

static void open_both(void)
{
    const struct context *context = province_context(hall.province);

    cr_assert_eq(fold_judge_new(context, &work.judge), STATUS_OK);
    cr_assert_eq(fold_judge_new(context, &work_alone.judge), STATUS_OK);
    cr_assert_eq(registers_new(&work.registers), STATUS_OK);
    cr_assert_eq(registers_new(&work_alone.registers), STATUS_OK);
    cr_assert_eq(ahead_new(hall.ledger, &ahead), STATUS_OK);
    cr_assert_eq(ahead_new(hall.ledger, &alone), STATUS_OK);
}

static void close_both(void)
{
    ahead_free(&alone);
    ahead_free(&ahead);
    cr_assert_null(ahead);
    registers_free(&work_alone.registers);
    registers_free(&work.registers);
    fold_judge_free(&work_alone.judge);
    fold_judge_free(&work.judge);
}

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    for (uint32_t i = 0; i < BATCHES; i++) {
        struct event events[EVENTS];

        for (uint32_t k = 0; k < EVENTS; k++) {
            office_visit(&office, i * EVENTS + k + 1, &events[k]);
            /* Named, so that the registers know of it. */
            event_set(&events[k], INSPECTION_REF,
                      id60_make(1, 1, i * EVENTS + k + 1));
        }
        events[i % EVENTS].office = 0; /* each has one that does not count */
        cr_assert(
            hall_send(&hall, &office, office_seal(&office, events, EVENTS))
                .appended);
    }
    open_both();
}

static void teardown(void)
{
    close_both();
    office_close(&office);
    hall_close(&hall);
}

TestSuite(ahead, .init = setup, .fini = teardown, .timeout = 60);

static void begin(uint64_t from, uint64_t to)
{
    work.from = from;
    work.to = to;
    cr_assert_eq(ahead_begin(ahead, &work), STATUS_OK);
}

static const struct ahead_batch *next(void)
{
    const struct ahead_batch *batch = NULL;

    cr_assert_eq(ahead_next(ahead, &batch), STATUS_OK);
    return batch;
}

/* The entry, made ready by the caller. */
static const struct ahead_batch *made_alone(uint64_t index)
{
    const struct ahead_batch *batch = NULL;

    work_alone.from = index;
    work_alone.to = index + 1;
    cr_assert_eq(ahead_begin(alone, &work_alone), STATUS_OK);
    cr_assert_eq(ahead_next(alone, &batch), STATUS_OK);
    ahead_end(alone);
    return batch;
}

static bool equal_events(const struct event *a, const struct event *b)
{
    return memcmp(a, b, offsetof(struct event, list)) == 0 &&
           memcmp(a->list, b->list, a->list_used * sizeof a->list[0]) == 0;
}

static void compare(const struct ahead_batch *a, const struct ahead_batch *b)
{
    cr_assert_eq(a->entry.index, b->entry.index);
    cr_assert_eq(a->entry.kind, b->entry.kind);
    if (a->entry.kind != ENTRY_BATCH) {
        return;
    }
    cr_assert_eq(a->entry.count, b->entry.count);
    for (uint32_t i = 0; i < a->entry.count; i++) {
        const struct fold_result *one = &a->verdicts[i], *two = &b->verdicts[i];

        cr_assert(equal_events(&a->events[i], &b->events[i]));
        cr_assert_eq(one->event, two->event);
        cr_assert_eq(one->event,
                     id60_make(1, 1, (uint32_t)a->entry.first_seq + i));
        cr_assert_eq(one->outcome, two->outcome);
        cr_assert_eq(one->field, two->field);
        cr_assert_eq(one->rule, two->rule);
    }
}

Test(ahead, i4_every_entry_is_given_once_and_in_its_order)
{
    uint64_t size = hall_size(&hall);
    uint32_t events = 0, counted = 0;

    begin(0, size);
    for (uint64_t i = 0; i < size; i++) {
        const struct ahead_batch *batch = next();

        cr_assert_eq(batch->entry.index, i);
        compare(batch, made_alone(i));
        for (uint32_t k = 0;
             batch->entry.kind == ENTRY_BATCH && k < batch->entry.count; k++) {
            events++;
            counted += batch->verdicts[k].outcome == FOLD_COUNTED;
        }
    }
    ahead_end(ahead);
    cr_assert_eq(events, BATCHES * EVENTS);
    cr_assert_eq(counted, BATCHES * (EVENTS - 1));
    cr_assert_eq(registers_revision(work.registers), events);
    cr_assert_eq(registers_revision(work_alone.registers), events);
}

/* I11: the thread must not write where it is still read, however long that
 * takes. */
Test(ahead, i11_what_was_given_last_stays_as_it_is)
{
    uint64_t size = hall_size(&hall);

    begin(0, size);
    for (uint64_t i = 0; i < size; i++) {
        (void)next();
        for (uint64_t k = 0; k <= i; k++) {
            const struct ahead_batch *own = made_alone(k);
            const struct ahead_batch *kept = ahead_find(ahead, k);

            if (own->entry.kind != ENTRY_BATCH || k + AHEAD_KEPT <= i) {
                cr_assert_null(kept);
            } else {
                cr_assert_not_null(kept);
                compare(kept, own);
            }
        }
    }
    ahead_end(ahead);
    cr_assert_not_null(ahead_find(ahead, size - 1));
}

Test(ahead, what_was_not_given_is_forgotten)
{
    uint64_t size = hall_size(&hall);

    for (uint64_t i = 0; i + 1 < size; i++) {
        begin(i, size);
        cr_assert_eq(next()->entry.index, i);
        cr_assert_eq(next()->entry.index, i + 1);
        ahead_end(ahead);
        cr_assert_null(ahead_find(ahead, i + 2));
    }
    begin(0, size);
    ahead_end(ahead);
    begin(size, size);
    ahead_end(ahead);
}

Test(ahead, it_may_be_freed_while_much_is_ready)
{
    begin(0, hall_size(&hall));
    (void)next();
    ahead_end(ahead);
}

/* Flips a bit of the entry's batch wherever it lies in the file: pages that
 * were left behind hold it too. */
static void damage(const struct ahead_batch *batch)
{
    struct ledger_snapshot *snapshot = NULL;
    struct buffer file, wanted;
    struct bytes all, bytes;
    int fd = open(hall.path, O_WRONLY | O_CLOEXEC);

    cr_assert_geq(fd, 0);
    buffer_init(&file, LEDGER_BYTES_MAX);
    cr_assert_eq(file_read(hall.path, &file), STATUS_OK);
    all = buffer_bytes(&file);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_bytes(snapshot, &batch->entry, &bytes), STATUS_OK);
    buffer_init(&wanted, bytes.size);
    cr_assert_eq(buffer_append(&wanted, bytes), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    for (size_t i = 0; i + wanted.size <= all.size; i++) {
        uint8_t byte = all.data[i] ^ 1;

        if (memcmp(all.data + i, wanted.data, wanted.size) == 0) {
            cr_assert_eq(pwrite(fd, &byte, 1, (off_t)i), 1);
        }
    }
    cr_assert_eq(close(fd), 0);
    buffer_fini(&wanted);
    buffer_fini(&file);
}

Test(ahead, i4_what_lies_before_a_damaged_entry_is_given)
{
    uint64_t size = hall_size(&hall), bad = size - AHEAD_SLOTS;
    const struct ahead_batch *batch = NULL;

    damage(made_alone(bad));
    close_both();
    hall_reopen(&hall, 0);
    open_both();
    begin(0, size);
    for (uint64_t i = 0; i < bad; i++) {
        cr_assert_eq(next()->entry.index, i);
    }
    cr_assert_eq(ahead_next(ahead, &batch), STATUS_CORRUPT);
    ahead_end(ahead);
    cr_assert_null(ahead_find(ahead, bad));
    begin(bad + 1, size);
    cr_assert_eq(next()->entry.index, bad + 1);
    ahead_end(ahead);
}
