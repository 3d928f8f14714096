/* The office's `recover`, with a province that answers as told: request_ask()
 * is taken over by the linker's --wrap. */
#include "agent/commands/commands.h"

#include "agent/line/request.h"
#include "agent/office/keyring.h"
#include "agent/office/office.h"
#include "agent/spool/spool.h"
#include "common/event/reference.h"
#include "common/format/batch.h"
#include "common/format/entry.h"
#include "tests/support/office_fixture.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum status __wrap_request_ask(struct request *request,
                               const struct wire_up *up,
                               const struct bytes batches[], size_t count,
                               struct wire_down *answer);

#define TYPE_INSPECTION 8u
#define AGENT           271u

static char spool_path[TEMP_DIR_PATH_MAX];
static bool epoch_is_open;   /* the province has opened the new one */
static bool came_in_between; /* the batch came by another link meanwhile */
static uint64_t held;        /* the province has every batch up to it ... */
static uint64_t common_past; /* ... and every event, in whatever batches */
static uint32_t held_not;    /* what it says of the others */
static uint8_t receipt[1][ENTRY_BYTES];

static void make_receipt(struct bytes batch)
{
    struct batch_header header;
    struct entry entry = {.kind = ENTRY_BATCH, .index = 7, .received_at = 1};

    cr_assert_eq(batch_peek(batch, &header), STATUS_OK);
    entry.agent = header.agent;
    entry.epoch = header.epoch;
    entry.agent_number = header.agent_number;
    entry.epoch_ordinal = header.epoch_ordinal;
    entry.first_seq = header.first_seq;
    entry.count = header.count;
    entry.size = (uint32_t)batch.size;
    digest_bytes(batch, &entry.digest);
    entry_write(&entry, receipt[0]);
}

enum status __wrap_request_ask(struct request *request,
                               const struct wire_up *up,
                               const struct bytes batches[], size_t count,
                               struct wire_down *answer)
{
    struct batch_header header;

    (void)request;
    if (up->kind == WIRE_UP_OPEN_EPOCH) {
        epoch_is_open = true;
        *answer = (struct wire_down){
            .kind = WIRE_DOWN_EPOCH_OPENED,
            .epoch_opened = {.epoch_ordinal = 2, .previous_next_seq = 2}};
        return STATUS_OK;
    }
    if (up->kind == WIRE_UP_COMPARE) {
        uint64_t last = up->compare.first_seq + up->compare.count - 1;

        *answer = (struct wire_down){.kind = WIRE_DOWN_COMPARED,
                                     .compared = {.same = last <= common_past}};
        return STATUS_OK;
    }
    cr_assert_eq(up->kind, WIRE_UP_BATCHES);
    cr_assert_eq(count, 1);
    cr_assert_eq(batch_peek(batches[0], &header), STATUS_OK);
    if ((epoch_is_open && came_in_between) || header.first_seq <= held) {
        make_receipt(batches[0]);
        *answer = (struct wire_down){
            .kind = WIRE_DOWN_RECEIPTS,
            .receipts = {.entries = (const uint8_t(*)[ENTRY_BYTES])receipt,
                         .count = 1}};
        return STATUS_OK;
    }
    *answer = (struct wire_down){
        .kind = WIRE_DOWN_REFUSAL,
        .refusal = {.code =
                        epoch_is_open ? WIRE_REFUSAL_EPOCH_CLOSED : held_not,
                    .seq = held + 1}};
    return STATUS_OK;
}

/* An office with one sealed event, whose line stands still. */
static void setup(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();
    struct spool_link link = {.frozen = SPOOL_POSITION_TAKEN};
    struct spool *spool = NULL;
    struct keyring keyring;
    struct event event;
    uint64_t id;

    office_fixture_open(&fixture, true);
    cr_assert_eq(keyring_make(office_dir_path.path, &keyring), STATUS_OK);
    temp_dir_path(&office_dir_path, OFFICE_SPOOL_FILE, spool_path);
    cr_assert_eq(spool_open(spool_path, 0, false, &spool), STATUS_OK);
    sample_event_valid(TYPE_INSPECTION, &event);
    cr_assert_eq(spool_append(spool, &event, 1, NULL, &id), STATUS_OK);
    cr_assert_eq(id, id60_make(AGENT, 1, 1));
    cr_assert_eq(spool_seal(spool, &keyring.sign, clock_real()), STATUS_OK);
    cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
    spool_close(&spool);
    keyring_wipe(&keyring);
    epoch_is_open = false;
    came_in_between = false;
    held = 0;
    common_past = 0;
    held_not = WIRE_REFUSAL_POSITION_TAKEN;
}

TestSuite(recover, .init = setup, .fini = office_fixture_close);

static void run_recover(void)
{
    char *words[] = {(char[]){"tallyline-agent"}, (char[]){"recover"},
                     (char[]){"--yes"},           (char[]){"--dir"},
                     office_dir_path.path,        NULL};

    cr_assert_eq(args_main(&agent_program, 5, words, NULL), 0);
}

static enum spool_state state_afterwards(struct spool_identity *identity)
{
    struct spool *spool = NULL;
    struct event event;
    enum spool_state state;

    cr_assert_eq(spool_open(spool_path, 0, false, &spool), STATUS_OK);
    cr_assert_eq(spool_identity(spool, identity), STATUS_OK);
    cr_assert_eq(spool_event(spool, id60_make(AGENT, 1, 1), &event, &state),
                 STATUS_OK);
    spool_close(&spool);
    return state;
}

Test(recover, what_the_province_has_not_is_moved_into_the_new_epoch)
{
    struct spool_identity identity;

    run_recover();
    cr_assert_eq(state_afterwards(&identity), SPOOL_MOVED);
    cr_assert_eq(identity.epoch_ordinal, 2);
}

/* The batch is refused, since the stream is frozen; the province starts again
 * and knows of no freeze, and the other copy of this machine sends the same
 * batch, before the new epoch closes the old one. */
Test(recover, i3_what_came_in_before_the_epoch_was_closed_is_not_moved)
{
    struct spool_identity identity;

    came_in_between = true;
    run_recover();
    cr_assert_eq(state_afterwards(&identity), SPOOL_RECEIVED);
    cr_assert_eq(identity.epoch_ordinal, 2);
}

/* Adds five more, each sealed by itself, with receipts for all but the last. */
static void receive_some(void)
{
    struct spool *spool = NULL;
    struct batch_header header;
    struct keyring keyring;
    struct event event;
    struct bytes batch;
    uint64_t id;

    cr_assert_eq(spool_open(spool_path, 0, false, &spool), STATUS_OK);
    cr_assert_eq(keyring_load(office_dir_path.path, &keyring), STATUS_OK);
    sample_event_valid(TYPE_INSPECTION, &event);
    for (uint64_t seq = 1; seq <= 5; seq++) {
        cr_assert_eq(spool_batch(spool, seq, &header, &batch), STATUS_OK);
        make_receipt(batch);
        cr_assert_eq(
            spool_receipt(spool, (struct bytes){receipt[0], ENTRY_BYTES}),
            STATUS_OK);
        event.has_entry_key = false;
        cr_assert_eq(spool_append(spool, &event, 1, NULL, &id), STATUS_OK);
        cr_assert_eq(spool_seal(spool, &keyring.sign, clock_real()), STATUS_OK);
    }
    spool_close(&spool);
    keyring_wipe(&keyring);
}

/* The province has events 1 to `up_to`, whatever the receipts say. */
static void expect_moved_behind(uint64_t up_to)
{
    struct spool *spool = NULL;
    struct event event;
    enum spool_state state;

    run_recover();
    cr_assert_eq(spool_open(spool_path, 0, false, &spool), STATUS_OK);
    for (uint32_t seq = 1; seq <= 6; seq++) {
        cr_assert_eq(
            spool_event(spool, id60_make(AGENT, 1, seq), &event, &state),
            STATUS_OK);
        cr_expect_eq(state, seq > up_to ? SPOOL_MOVED : SPOOL_RECEIVED,
                     "%u: %d", seq, (int)state);
    }
    spool_close(&spool);
}

/* A province that was restored from a backup, and a copy of this machine that
 * was there first. */
Test(recover, i7_what_a_restored_province_has_lost_is_moved_too)
{
    receive_some();
    held = 2;
    held_not = WIRE_REFUSAL_GAP;
    expect_moved_behind(2);
}

Test(recover, i7_a_copy_may_have_come_before_us_at_a_place_with_a_receipt)
{
    receive_some();
    held = 3;
    held_not = WIRE_REFUSAL_CHAIN_BROKEN;
    expect_moved_behind(3);
}

Test(recover, i7_a_province_that_has_lost_all_gets_all)
{
    receive_some();
    held_not = WIRE_REFUSAL_GAP;
    expect_moved_behind(0);
}

Test(recover, i3_what_the_province_has_with_a_receipt_stays)
{
    receive_some();
    held = 5;
    expect_moved_behind(5);
}

/* Another copy of this machine sealed what was saved before they parted. */
Test(recover, i3_what_another_copy_brought_is_not_moved)
{
    receive_some();
    held = 2;
    held_not = WIRE_REFUSAL_CHAIN_BROKEN;
    common_past = 5;
    expect_moved_behind(5);
}
