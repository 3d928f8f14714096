#include "agent/spool/spool.h"

#include "common/event/reference.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(spool_aside, .init = spool_fixture_open, .fini = spool_fixture_close);

static struct event keyed(uint32_t number, uint8_t key)
{
    struct event event = spool_fixture_event(number, key);

    memset(event.entry_key, key, sizeof event.entry_key);
    event.has_entry_key = true;
    event.header_present |= 1u << EVENT_ENTRY_KEY;
    return event;
}

static uint64_t add(const struct event *event, bool *skipped)
{
    uint64_t id;

    cr_assert_eq(spool_add(spool, event, &id, skipped), STATUS_OK);
    return id;
}

/* Another program saves an event of the thing that it calls so-16, under the
 * key if there is one, while this one judges its rows. `target`: it corrects
 * that one. */
static void other_program_corrects(uint8_t key, uint64_t target)
{
    struct spool *other = NULL;
    struct event event = keyed(1, key);
    uint64_t id;
    int state = -1;
    pid_t child = fork();

    cr_assert_geq(child, 0);
    if (child == 0) {
        bool good = spool_open(spool_path, SPOOL_FIXTURE_MAP_BYTES, false,
                               &other) == STATUS_OK &&
                    spool_begin(other) == STATUS_OK &&
                    spool_alias(other, REFERENCE_ESTABLISHMENT,
                                bytes_of_text("so-16"), &id, NULL) == STATUS_OK;

        event_set(&event, 1, id);
        event.target = target;
        event.reason = target != 0 ? 1 : 0;
        good = good && spool_append(other, &event, 1, NULL, &id) == STATUS_OK;
        _exit(good ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &state, 0), child);
    cr_assert(WIFEXITED(state) && WEXITSTATUS(state) == 0,
              "the other program waits, or failed");
}

static void other_program_saves(uint8_t key)
{
    other_program_corrects(key, 0);
}

Test(spool_aside, rows_are_all_there_or_none)
{
    struct event events[3] = {keyed(1, 1), keyed(1, 2), keyed(1, 1)};
    struct event read;
    enum spool_state state;
    uint64_t id;
    bool skipped;

    for (int round = 0; round < 2; round++) {
        cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
        cr_assert_eq(add(&events[0], &skipped), spool_fixture_id(1));
        cr_assert_not(skipped);
        (void)add(&events[1], &skipped);
        cr_assert_eq(add(&events[2], &skipped), spool_fixture_id(1));
        cr_assert(skipped, "a row that is aside is found again");
        cr_assert_eq(spool_event(spool, spool_fixture_id(2), &read, &state),
                     STATUS_OK);
        cr_assert_eq(memcmp(read.entry_key, events[1].entry_key, 16), 0);
        if (round == 0) {
            spool_forget(spool);
            cr_assert_eq(spool_fixture_counts().saved, 0);
        }
    }
    cr_assert_eq(spool_fixture_counts().saved, 0, "nothing before the commit");
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    spool_fixture_reopen();
    cr_assert_eq(spool_fixture_counts().saved, 2);
    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    cr_assert_eq(spool_add(spool, &events[1], &id, &skipped), STATUS_OK);
    cr_assert(skipped && id == spool_fixture_id(2));
    spool_forget(spool);
}

Test(spool_aside, i3_numbers_are_given_when_others_have_theirs)
{
    struct event event = keyed(1, 7);
    struct event read;
    enum spool_state state;
    uint64_t mine, none, again;
    bool fresh;

    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    mine = spool_fixture_allot("so-15", &fresh);
    cr_assert(fresh);
    cr_assert_eq(spool_fixture_allot("so-15", &fresh), mine);
    cr_assert_not(fresh);
    event_set(&event, 1, mine);
    (void)add(&event, NULL);
    other_program_saves(8);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    again = spool_fixture_allot("so-15", &fresh);
    cr_assert_not(fresh);
    cr_assert_eq(id60_number(spool_fixture_allot("so-16", NULL)), 1);
    cr_assert_eq(id60_number(again), 2);
    cr_assert_eq(spool_new_reference(spool, REFERENCE_ESTABLISHMENT, &none),
                 STATUS_OK);
    cr_assert_eq(id60_number(none), 3);
    spool_forget(spool);
    cr_assert_eq(spool_event(spool, spool_fixture_id(2), &read, &state),
                 STATUS_OK);
    cr_assert_eq(event_get(&read, 1), again, "the event has the number");
}

Test(spool_aside, a_row_that_another_program_saved_meanwhile_saves_nothing)
{
    struct event events[2] = {keyed(1, 5), keyed(1, 6)};

    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    (void)add(&events[0], NULL);
    (void)add(&events[1], NULL);
    other_program_saves(6);
    cr_assert_eq(spool_commit(spool), STATUS_AGAIN);
    cr_assert_eq(spool_fixture_counts().saved, 1, "the other's alone");
    cr_assert_eq(spool_begin(spool), STATUS_OK, "and it goes on");
    spool_forget(spool);
}

/* Events 1 and 2 are here. A row that corrects event 1 is judged, and `target`
 * is corrected meanwhile. */
static enum status commit_after(uint64_t target)
{
    struct event row = keyed(1, 7);
    uint64_t id;

    for (uint8_t key = 1; key <= 2; key++) {
        struct event event = keyed(1, key);

        cr_assert_eq(spool_append(spool, &event, 1, NULL, &id), STATUS_OK);
    }
    row.target = spool_fixture_id(1);
    row.reason = 1;
    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    (void)add(&row, NULL);
    other_program_corrects(8, target);
    return spool_commit(spool);
}

Test(spool_aside, what_was_corrected_meanwhile_is_not_corrected_once_more)
{
    cr_assert_eq(commit_after(spool_fixture_id(1)), STATUS_AGAIN);
    cr_assert_eq(spool_fixture_counts().saved, 3, "the other's alone");
}

Test(spool_aside, what_else_was_corrected_meanwhile_is_no_hindrance)
{
    cr_assert_eq(commit_after(spool_fixture_id(2)), STATUS_OK);
    cr_assert_eq(spool_fixture_counts().saved, 4);
}

Test(spool_aside, a_name_that_is_taken_back_leaves_nothing)
{
    struct event event = keyed(1, 1);
    uint64_t kept, reference;
    bool fresh;

    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    for (int i = 0; i < 3; i++) {
        reference = spool_fixture_allot("karaoke", &fresh);
        cr_assert(fresh);
        cr_assert_eq(spool_take_back(spool, REFERENCE_ESTABLISHMENT,
                                     bytes_of_text("karaoke"), reference),
                     STATUS_OK);
    }
    kept = spool_fixture_allot("so-15", &fresh);
    cr_assert(fresh);
    cr_assert_eq(spool_fixture_allot("karaoke", &fresh) == kept, false);
    cr_assert(fresh);
    cr_assert_eq(spool_take_back(spool, REFERENCE_ESTABLISHMENT,
                                 bytes_of_text("karaoke"), kept - 1),
                 STATUS_OK);
    event_set(&event, 1, kept);
    (void)add(&event, NULL);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(id60_number(spool_fixture_allot("so-15", &fresh)), 1);
    cr_assert_not(fresh);
    (void)spool_fixture_allot("karaoke", &fresh);
    cr_assert(fresh);
    spool_forget(spool);
}

Test(spool_aside, i11_rows_have_a_bound)
{
    struct event event = spool_fixture_event(1, 1);
    uint64_t id;
    uint32_t added = 0;

    spool_fixture_reopen_with(UINT64_C(1) << 30);
    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    while (added < SPOOL_TRANSACTION_MAX &&
           spool_add(spool, &event, &id, NULL) == STATUS_OK) {
        added++;
    }
    cr_assert_eq(added, SPOOL_TRANSACTION_MAX);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_FULL);
    spool_forget(spool);
    cr_assert_eq(spool_fixture_counts().saved, 0);
}
