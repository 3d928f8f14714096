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

#define BATCHES          (2 * AHEAD_SLOTS)
#define EVENTS           3u
#define EVENTS_MAX       (2 * AHEAD_PIECE_EVENTS + 1)
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

/* An entry, put together from its pieces. */
struct whole {
    struct entry entry;
    struct event events[EVENTS_MAX];
    struct fold_verdict verdicts[EVENTS_MAX];
    uint32_t count;
};

static void gather(struct ahead *from, struct whole *whole)
{
    const struct ahead_piece *piece = NULL;

    whole->count = 0;
    do {
        cr_assert_eq(ahead_next(from, &piece), STATUS_OK);
        cr_assert_eq(piece->first, whole->count);
        cr_assert_leq(piece->count, AHEAD_PIECE_EVENTS);
        cr_assert_leq(whole->count + piece->count, EVENTS_MAX);
        memcpy(whole->events + whole->count, piece->events,
               piece->count * sizeof *piece->events);
        memcpy(whole->verdicts + whole->count, piece->verdicts,
               piece->count * sizeof *piece->verdicts);
        whole->count += piece->count;
        whole->entry = *piece->entry;
    } while (!piece->last);
}

static const struct whole *next(void)
{
    static struct whole whole;

    gather(ahead, &whole);
    return &whole;
}

/* The entry, made ready by the caller. */
static const struct whole *made_alone(uint64_t index)
{
    static struct whole whole;

    work_alone.from = index;
    work_alone.to = index + 1;
    cr_assert_eq(ahead_begin(alone, &work_alone), STATUS_OK);
    gather(alone, &whole);
    ahead_end(alone);
    return &whole;
}

static bool is_kept(uint64_t index)
{
    struct event event;

    return ahead_event(ahead, index, 0, &event);
}

static bool equal_events(const struct event *a, const struct event *b)
{
    return memcmp(a, b, offsetof(struct event, list)) == 0 &&
           memcmp(a->list, b->list, a->list_used * sizeof a->list[0]) == 0;
}

static void compare(const struct whole *a, const struct whole *b)
{
    cr_assert_eq(a->entry.index, b->entry.index);
    cr_assert_eq(a->entry.kind, b->entry.kind);
    cr_assert_eq(a->count, b->count);
    cr_assert_eq(a->count, a->entry.kind == ENTRY_BATCH ? a->entry.count : 0);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct fold_result *one = &a->verdicts[i].result;
        const struct fold_result *two = &b->verdicts[i].result;

        cr_assert(equal_events(&a->events[i], &b->events[i]));
        cr_assert_eq(one->event, two->event);
        cr_assert_eq(one->event,
                     id60_make(1, 1, (uint32_t)a->entry.first_seq + i));
        cr_assert_eq(one->outcome, two->outcome);
        cr_assert_eq(one->field, two->field);
        cr_assert_eq(one->rule, two->rule);
        cr_assert_eq(a->verdicts[i].place, b->verdicts[i].place);
    }
}

Test(ahead, i4_every_entry_is_given_once_and_in_its_order)
{
    uint64_t size = hall_size(&hall);
    uint32_t events = 0, counted = 0;

    begin(0, size);
    for (uint64_t i = 0; i < size; i++) {
        const struct whole *entry = next();

        cr_assert_eq(entry->entry.index, i);
        compare(entry, made_alone(i));
        for (uint32_t k = 0; k < entry->count; k++) {
            events++;
            counted += entry->verdicts[k].result.outcome == FOLD_COUNTED;
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
            const struct whole *own = made_alone(k);
            struct event kept;

            if (own->count == 0 || k + AHEAD_KEPT <= i) {
                cr_assert_not(ahead_event(ahead, k, 0, &kept));
            }
            for (uint32_t at = 0; at < own->count && k + AHEAD_KEPT > i; at++) {
                cr_assert(ahead_event(ahead, k, at, &kept));
                cr_assert(equal_events(&kept, &own->events[at]));
            }
        }
    }
    ahead_end(ahead);
    cr_assert(is_kept(size - 1));
    /* Nothing of another stretch is. */
    begin(0, size);
    (void)next();
    cr_assert_not(is_kept(size - 1));
    ahead_end(ahead);
}

/* A batch of more than one piece is kept from its first on. */
Test(ahead, a_batch_is_given_in_pieces)
{
    static struct event many[EVENTS_MAX];
    const struct ahead_piece *piece = NULL;
    uint64_t size = hall_size(&hall);
    struct event kept;

    for (uint32_t i = 0; i < EVENTS_MAX; i++) {
        office_visit(&office, i + 1, &many[i]);
    }
    cr_assert(hall_send(&hall, &office, office_seal(&office, many, EVENTS_MAX))
                  .appended);
    begin(size, size + 1);
    cr_assert_eq(ahead_next(ahead, &piece), STATUS_OK);
    cr_assert_eq(piece->count, AHEAD_PIECE_EVENTS);
    cr_assert_not(piece->last);
    cr_assert(ahead_event(ahead, size, EVENTS_MAX - 1, &kept));
    ahead_end(ahead);
    /* What was given in part is given whole the next time. */
    begin(size, size + 1);
    compare(next(), made_alone(size));
    ahead_end(ahead);
}

Test(ahead, what_was_not_given_is_forgotten)
{
    uint64_t size = hall_size(&hall);

    for (uint64_t i = 0; i + 1 < size; i++) {
        begin(i, size);
        cr_assert_eq(next()->entry.index, i);
        cr_assert_eq(next()->entry.index, i + 1);
        ahead_end(ahead);
        cr_assert_not(is_kept(i + 2));
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
static void damage(const struct whole *batch)
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
    const struct ahead_piece *piece = NULL;

    damage(made_alone(bad));
    close_both();
    hall_reopen(&hall, 0);
    open_both();
    begin(0, size);
    for (uint64_t i = 0; i < bad; i++) {
        cr_assert_eq(next()->entry.index, i);
    }
    cr_assert_eq(ahead_next(ahead, &piece), STATUS_CORRUPT);
    ahead_end(ahead);
    cr_assert_not(is_kept(bad));
    begin(bad + 1, size);
    cr_assert_eq(next()->entry.index, bad + 1);
    ahead_end(ahead);
}
