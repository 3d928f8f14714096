/* A stream that forked, and a collector that starts again. */
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <string.h>

static struct hall hall;
static struct office office;
static struct office before; /* as it was before its first batch */
static struct admit_answer first;

static enum wire_refusal_code send_next(void)
{
    return (enum wire_refusal_code)hall_send(&hall, &office,
                                             office_batch(&office))
        .refusal.code;
}

/* Two machines have written the stream's first place. */
static void set_up(void)
{
    struct office after;
    struct event event;

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    before = office;
    first = hall_send(&hall, &office, office_batch(&office));
    cr_assert(first.appended);
    after = office;
    office.next = before.next;
    office_visit(&office, 77, &event);
    cr_assert_eq(
        hall_send(&hall, &office, office_seal(&office, &event, 1)).refusal.code,
        WIRE_REFUSAL_POSITION_TAKEN);
    office.next = after.next;
}

static void tear_down(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(admit_recall, .init = set_up, .fini = tear_down);

/* The copy is not needed a second time: what stood still goes on standing, and
 * the province's status shows it at once. */
Test(admit_recall, i3_a_frozen_stream_is_frozen_when_the_collector_starts_again)
{
    struct admit_answer answer;

    hall_reopen(&hall, 0);
    cr_assert_not_null(agents_find(hall.agents, 1));
    cr_assert_eq(agents_find(hall.agents, 1)->frozen, 1);
    cr_assert_eq(send_next(), WIRE_REFUSAL_POSITION_TAKEN);
    /* What was received has its receipt all the same. */
    office.next = before.next;
    answer = hall_send(&hall, &office, office_batch(&office));
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_NONE);
    cr_assert_eq(answer.entry.index, first.entry.index);
}

Test(admit_recall, i3_a_thawed_stream_is_not_frozen_by_a_new_start)
{
    struct random_id epoch;
    struct wire_up up;

    random_id_make(&epoch);
    up = office_open_epoch(&office, &epoch);
    cr_assert_eq(hall_request(&hall, &office.curve_keys.public_key, &up).kind,
                 WIRE_DOWN_EPOCH_OPENED);
    hall_reopen(&hall, 0);
    cr_assert_null(agents_find(hall.agents, 1));
    office.next.epoch = epoch;
    office.next.epoch_ordinal = 2;
    office.next.first_seq = 1;
    memset(&office.next.previous, 0, sizeof office.next.previous);
    cr_assert_eq(send_next(), WIRE_REFUSAL_NONE);
}
