#include "collector/audit/chains.h"

#include "common/event/reference.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>

static struct hall hall;
static struct office office;
static struct ledger_snapshot *snapshot;
static struct chains *chains;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
}

static void teardown(void)
{
    chains_free(&chains);
    ledger_snapshot_close(&snapshot);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(chains, .init = setup, .fini = teardown);

static uint64_t id_of(uint32_t number)
{
    return id60_make(office.number, 1, number);
}

/* Sends a visit; with `target` a correction of that event, which names the
 * version `head` if that is not 0. */
static void send(uint32_t target, uint32_t head)
{
    struct event event;

    office_visit(&office, 1, &event);
    if (target != 0) {
        event_header_set(&event, EVENT_TARGET, id_of(target));
        event_header_set(&event, EVENT_REASON, 1);
    }
    if (head != 0) {
        event_header_set(&event, EVENT_HEAD, id_of(head));
    }
    cr_assert(
        hall_send(&hall, &office, office_seal(&office, &event, 1)).appended);
}

static void read_all(bool whole)
{
    struct chains_progress silent = {.owner = NULL};

    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(chains_new(snapshot, whole, silent, &chains), STATUS_OK);
}

static uint64_t root_of(uint32_t number)
{
    struct event event;
    struct entry entry;
    uint64_t root = 1;

    cr_assert_eq(chains_event(chains, id_of(number), &event, &entry),
                 STATUS_OK);
    cr_assert_eq(chains_root(chains, id_of(number), &event, &root), STATUS_OK);
    return root;
}

Test(chains, versions_lead_up_to_the_first_and_down_again)
{
    send(0, 0); /* 1 */
    send(0, 0); /* 2 */
    send(1, 0); /* 3 */
    send(1, 3); /* 4 */
    send(1, 0); /* 5 */
    read_all(true);
    for (uint32_t i = 1; i <= 5; i++) {
        cr_assert_eq(root_of(i), id_of(i == 2 ? 2 : 1), "event %u", i);
    }
    cr_assert_eq(chains_child(chains, id_of(1), 0), id_of(3));
    cr_assert_eq(chains_child(chains, id_of(1), 1), id_of(5));
    cr_assert_eq(chains_child(chains, id_of(1), 2), 0);
    cr_assert_eq(chains_child(chains, id_of(3), 0), id_of(4));
    cr_assert_eq(chains_child(chains, id_of(2), 0), 0);
    cr_assert_eq(chains_child(chains, id_of(4), 0), 0);
}

/* Whoever writes by hand can make versions that name each other. */
Test(chains, i11_a_circle_has_no_first_version)
{
    send(0, 0); /* 1 */
    send(1, 3); /* 2 */
    send(1, 2); /* 3 */
    read_all(true);
    cr_assert_eq(root_of(1), id_of(1));
    cr_assert_eq(root_of(2), 0);
    cr_assert_eq(root_of(3), 0);
}

Test(chains, what_has_not_been_received_has_no_first_version)
{
    send(77, 0);
    read_all(true);
    cr_assert_eq(root_of(1), 0);
    cr_assert_eq(chains_child(chains, id_of(77), 0), id_of(1));
}

Test(chains, i11_the_longest_chain_that_is_followed)
{
    send(0, 0);
    for (uint32_t i = 1; i <= CHAIN_STEPS_MAX + 1; i++) {
        send(1, i);
    }
    read_all(true);
    cr_assert_eq(root_of(CHAIN_STEPS_MAX + 1), id_of(1));
    cr_assert_eq(root_of(CHAIN_STEPS_MAX + 2), 0);
}

Test(chains, without_the_whole_ledger_only_look_ups)
{
    send(0, 0);
    send(1, 0);
    read_all(false);
    cr_assert_eq(root_of(2), id_of(1));
    cr_assert_eq(chains_child(chains, id_of(1), 0), 0);
}
