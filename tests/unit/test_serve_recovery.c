#include "collector/line/serve_recovery.h"

#include "collector/line/serve_links.h"
#include "common/format/wire_pairs.h"
#include "common/store/store.h"
#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>

#define TURN_US (INT64_C(1) * CLOCK_US_PER_S)

/* In the place of the sockets: what each of the two offices is asked for. */
static const struct intake_route routes[2] = {{{0, 1, 1, 1, 1}},
                                              {{0, 2, 2, 2, 2}}};
static struct wire_wanted wanted[2];
static bool asked[2], welcomed[2];
static bool above_mark; /* the ledger has no room for rows */

enum status __wrap_intake_send(struct intake *intake,
                               const struct intake_route *to,
                               const struct wire_down *down);
enum status __wrap_zap_set_keys(struct zap *zap, const struct public_key keys[],
                                size_t count);
enum status __wrap_zap_let_strangers(struct zap *zap, bool in);
void __wrap_figures_wake(struct figures *figures);
enum status __real_store_put(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes value);
enum status __wrap_store_put(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes value);

enum status __wrap_intake_send(struct intake *intake,
                               const struct intake_route *to,
                               const struct wire_down *down)
{
    size_t which = intake_route_equal(to, &routes[0]) ? 0 : 1;

    (void)intake;
    if (down->kind == WIRE_DOWN_WANTED) {
        cr_assert_not(asked[which], "two answers on their way");
        wanted[which] = down->wanted;
        asked[which] = true;
    }
    welcomed[which] = welcomed[which] || down->kind == WIRE_DOWN_WELCOME;
    return STATUS_OK;
}

enum status __wrap_zap_set_keys(struct zap *zap, const struct public_key keys[],
                                size_t count)
{
    (void)zap;
    (void)keys;
    (void)count;
    return STATUS_OK;
}

enum status __wrap_zap_let_strangers(struct zap *zap, bool in)
{
    (void)zap;
    (void)in;
    return STATUS_OK;
}

void __wrap_figures_wake(struct figures *figures)
{
    (void)figures;
}

enum status __wrap_store_put(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes value)
{
    return above_mark ? STATUS_FULL : __real_store_put(txn, table, key, value);
}

/* ---- the scene ---- */

static struct serve serve;
static struct listen_socket listening;
static struct intake_message message;

static void setup(void)
{
    set_up();
    serve = (struct serve){.ledger = ledger,
                           .listen = &listening,
                           .keys = &hall.keys,
                           .clock = &hall.clock,
                           .recovery = recovery};
    serve.agents = agents_new(&hall.clock);
    cr_assert_not_null(serve.agents);
    cr_assert_eq(province_open(ledger, &serve.province), STATUS_OK);
}

static void teardown(void)
{
    serve_links_free(&serve.links);
    checkpoints_close(&serve.checkpoints);
    province_close(&serve.province);
    agents_free(&serve.agents);
    tear_down();
}

TestSuite(serve_recovery, .init = setup, .fini = teardown);

/* A hello of that office; `covered` is the size of its checkpoint, 0: none. */
static void say_hello(size_t which, uint64_t covered)
{
    struct buffer note;
    bool taken = false;

    message = (struct intake_message){
        .from = routes[which],
        .key = offices[which].curve_keys.public_key,
        .up = {.kind = WIRE_UP_HELLO,
               .hello = {.protocol = WIRE_PROTOCOL,
                         .capabilities = WIRE_CAPABILITIES,
                         .agent = offices[which].next.agent,
                         .epoch = offices[which].next.epoch,
                         .last_index = batch_of((uint32_t)which + 1, 2) + 1}}};
    if (covered > 0) {
        sign_checkpoint(covered, &hall.keys.ledger, &note);
        message.up.hello.checkpoint.size = note.size;
        memcpy(message.up.hello.checkpoint.bytes, note.data, note.size);
        buffer_fini(&note);
    }
    cr_assert_eq(serve_recover_hello(&serve, &message, &taken), STATUS_OK);
    cr_assert(taken);
}

/* One message of the answer; `last`: with its end. */
static void send_pack(size_t which, const struct wire_pack *pack, bool last)
{
    bool taken = false;

    message = (struct intake_message){
        .from = routes[which],
        .key = offices[which].curve_keys.public_key,
        .up = {.kind = WIRE_UP_RETURNED, .returned = pack->pairs},
        .batch_count = pack->frame_count};
    memcpy(message.batches, pack->frames, sizeof message.batches);
    message.up.returned.has_done = last;
    message.up.returned.done_to = wanted[which].to;
    cr_assert_eq(serve_recover_message(&serve, &message, &taken), STATUS_OK);
    cr_assert(taken);
}

/* The office gives what it holds of what it was asked for. */
static void answer(size_t which)
{
    struct wire_pack pack = {.bytes = 0};

    asked[which] = false;
    for (uint64_t i = wanted[which].from; i < wanted[which].to; i++) {
        if (was[i].entry.kind != ENTRY_CONTROL &&
            was[i].entry.agent_number != which + 1) {
            continue;
        }
        if (!wire_pack_add(&pack, &was[i].entry, was[i].bytes)) {
            send_pack(which, &pack, false);
            pack = (struct wire_pack){.bytes = 0};
            cr_assert(wire_pack_add(&pack, &was[i].entry, was[i].bytes));
        }
    }
    send_pack(which, &pack, true);
}

static void turn(void)
{
    clock_settable_advance(&hall.now, TURN_US);
    cr_assert_eq(serve_recover(&serve), STATUS_OK);
}

/* Both offices answer whatever they are asked, for so many turns or until the
 * ledger is whole. */
static void run(unsigned turns)
{
    for (unsigned i = 0; i < turns && serve_recovers(&serve); i++) {
        turn();
        for (size_t which = 0; which < 2; which++) {
            if (asked[which]) {
                answer(which);
            }
        }
    }
}

/* Nothing but the end of the ledger is lost: `had` entries are there. */
static void have_all_but_the_end(uint64_t had)
{
    hear(1, 0, had);
    hear(2, 0, 0);
    for (uint64_t i = 0; i < had; i++) {
        give(was[i].entry.kind == ENTRY_CONTROL ? 1 : was[i].entry.agent_number,
             &was[i]);
    }
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), had);
    province_close(&serve.province);
    cr_assert_eq(province_open(ledger, &serve.province), STATUS_OK);
    serve.entries = had;
}

/* ---- what is to happen ---- */

Test(serve_recovery, i7_a_lost_ledger_comes_back_over_the_links)
{
    say_hello(0, was_size);
    say_hello(1, 0);
    run(TURNS_MAX);
    cr_assert_not(serve_recovers(&serve));
    cr_assert(welcomed[0] && welcomed[1]);
    check_same(was_size);
}

Test(serve_recovery, i6_a_full_ledger_ends_nothing_and_is_tried_again)
{
    say_hello(0, was_size);
    say_hello(1, 0);
    above_mark = true;
    run(TURNS_MAX);
    cr_assert(serve_recovers(&serve));
    above_mark = false;
    run(TURNS_MAX);
    cr_assert_not(serve_recovers(&serve));
    check_same(was_size);
}

/* There is room for a while, and then there is none. */
Test(serve_recovery, i6_a_ledger_that_fills_up_on_the_way_leaves_no_gap)
{
    say_hello(0, was_size);
    say_hello(1, 0);
    for (unsigned i = 0; i < TURNS_MAX && serve_recovers(&serve); i++) {
        above_mark = i % 3 == 1;
        run(SERVE_FULL_US / TURN_US / 2);
    }
    cr_assert_not(serve_recovers(&serve));
    above_mark = false;
    check_same(was_size);
}

/* Office 1 is connected and has all that is missing; it is office 2 that shows
 * that there was more. */
Test(serve_recovery, offices_that_are_connected_already_are_asked_too)
{
    uint64_t had = batch_of(1, 2);
    struct agent_line *line = agents_line(serve.agents, 1);
    struct wire_hello hello = {.capabilities = WIRE_CAPABILITIES,
                               .last_index = had + 1};

    have_all_but_the_end(had);
    agents_hear(serve.agents, line, &routes[0]);
    serve_welcome(&serve, line, &hello);
    line->held = line->held_from = had;
    cr_assert_not(serve_recovers(&serve));
    say_hello(1, was_size);
    cr_assert(serve_recovers(&serve));
    turn();
    cr_assert(asked[0], "who is connected is asked");
    cr_assert(asked[1]);
    run(TURNS_MAX);
    cr_assert_not(serve_recovers(&serve));
    check_same(was_size);
    cr_assert_eq(line->held, had, "which checkpoint it has is still known");
}

/* One office is away and the other one's line is poor: it says hello again and
 * again, which is no news. */
Test(serve_recovery, who_comes_and_goes_keeps_no_recovery_from_ending)
{
    have_all_but_the_end(was_size - 2);
    say_hello(1, was_size);
    for (unsigned i = 0; i < 12 && serve_recovers(&serve); i++) {
        run(10);
        if (serve_recovers(&serve)) {
            say_hello(1, was_size);
            asked[1] = false;
        }
    }
    cr_assert_not(asked[0], "office 1 is away");
    cr_assert(serve_recovers(&serve), "its batch is missing");
    give(1, &was[batch_of(1, 2)]);
    for (unsigned i = 0; i < 12 && serve_recovers(&serve); i++) {
        run(10);
        if (serve_recovers(&serve)) {
            say_hello(1, was_size);
            asked[1] = false;
        }
    }
    cr_assert_not(serve_recovers(&serve));
    check_same(was_size);
}

/* Its key is no office's any more: what it says is a stranger's. */
Test(serve_recovery, i8_a_machine_that_was_replaced_is_a_stranger)
{
    struct wire_pair change[2];
    struct buffer documents[2];
    const struct serve_link *link;

    replace_machine(2, change, documents);
    show_controls();
    say_hello(0, was_size);
    say_hello(1, 0);
    link = serve_links_find(serve.links, &offices[1].curve_keys.public_key);
    cr_assert_not_null(link);
    cr_assert_eq(link->number, 2);
    give(1, &change[0]);
    give(1, &change[1]);
    turn();
    cr_assert_eq(link->number, 0);
    cr_assert(link->done);
    link = serve_links_find(serve.links, &offices[0].curve_keys.public_key);
    cr_assert_eq(link->number, 1, "the neighbour is who it was");
    run(20);
    cr_assert(serve_recovers(&serve), "office 2 was not heard");
    buffer_fini(&documents[0]);
    buffer_fini(&documents[1]);
}
