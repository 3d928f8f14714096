/* The feed beside a ledger that grows: who was left behind is told where to
 * ask, and what cannot be told is named. */
#include "collector/feed/feed_private.h"

#include "collector/ledger/cold_move.h"
#include "collector/ledger/ledger_move.h"
#include "collector/line/intake_socket.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define WAIT_MS          20000
#define MESSAGES         120u /* of WIRE_BATCHES_MAX batches: one transaction */
#define ASK_AGAIN        200
#define LONG_LIST        40u
#define VIOLATION_COUNTS 9u

static struct hall hall;
static struct office office;
static struct figures *figures;
static struct standings *standings;
static void *context;
static struct zap *zap;
static struct link_guard *guard;
static struct feed *feed;
static struct curve_keys server, auditor;
static void *subscriber, *asker; /* closed in the end, whatever fails */

static void let_in(const struct curve_keys *keys)
{
    struct account account = {.name = "auditor", .role = ROLE_AUDITOR};
    struct accounts accounts;

    accounts_init(&accounts);
    cr_assert_eq(
        bytes_to_hex((struct bytes){keys->public_key.bytes, PUBLIC_KEY_BYTES},
                     account.secret, sizeof account.secret),
        STATUS_OK);
    cr_assert_eq(accounts_add(&accounts, &account), STATUS_OK);
    cr_assert_eq(accounts_save(&province_people, hall.dir.path, ACCOUNTS_FEED,
                               &accounts),
                 STATUS_OK);
    accounts_fini(&accounts);
}

static void open_feed(void)
{
    static struct settings_feed settings = {.on = true};
    struct feed_options options = {.directory = hall.dir.path,
                                   .settings = &settings,
                                   .context = context,
                                   .zap = zap,
                                   .guard = guard,
                                   .keys = &server,
                                   .clock = clock_real(),
                                   .ledger = hall.ledger,
                                   .figures = figures,
                                   .standings = standings};
    const char *what = NULL;

    for (size_t i = 0; i < SETTINGS_FEED_END; i++) {
        (void)snprintf(settings.places[i], sizeof settings.places[i],
                       "tcp://127.0.0.1:*");
    }
    cr_assert_eq(feed_open(&options, &feed, &what), STATUS_OK, "%s", what);
}

static void *connect_to(int type, const char *address)
{
    int wait = WAIT_MS, linger = 0, queue = 0;
    void *made = zmq_socket(context, type);

    cr_assert_not_null(made);
    (void)zmq_setsockopt(made, ZMQ_RCVTIMEO, &wait, sizeof wait);
    (void)zmq_setsockopt(made, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(made, ZMQ_RCVHWM, &queue, sizeof queue);
    (void)zmq_setsockopt(made, ZMQ_CURVE_SERVERKEY, server.public_key.bytes,
                         PUBLIC_KEY_BYTES);
    (void)zmq_setsockopt(made, ZMQ_CURVE_PUBLICKEY, auditor.public_key.bytes,
                         PUBLIC_KEY_BYTES);
    (void)zmq_setsockopt(made, ZMQ_CURVE_SECRETKEY, auditor.secret,
                         CURVE_SECRET_BYTES);
    cr_assert_eq(zmq_connect(made, address), 0);
    return made;
}

static void setup(void)
{
    struct figures_options options = {.keys = &hall.keys};

    sign_init();
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    options.ledger = hall.ledger;
    options.clock = clock_real();
    cr_assert_eq(figures_open(&options, &figures), STATUS_OK);
    standings = standings_new(clock_real());
    context = zmq_ctx_new();
    cr_assert_eq(zmq_ctx_set(context, ZMQ_IO_THREADS, INTAKE_THREADS), 0);
    curve_keys_make(&server);
    curve_keys_make(&auditor);
    let_in(&auditor);
    cr_assert_eq(zap_start(context, &zap), STATUS_OK);
    cr_assert_eq(link_guard_start(&guard), STATUS_OK);
    open_feed();
    subscriber =
        connect_to(ZMQ_SUB, feed->classes[CLASS_AUDIT].door.publisher.bound);
    asker =
        connect_to(ZMQ_DEALER, feed->classes[CLASS_AUDIT].door.router.bound);
    (void)zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, FEED_TOPIC_ENTRIES,
                         strlen(FEED_TOPIC_ENTRIES));
    (void)zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, FEED_TOPIC_BEAT,
                         strlen(FEED_TOPIC_BEAT));
}

static void teardown(void)
{
    (void)zmq_close(subscriber);
    (void)zmq_close(asker);
    feed_close(feed);
    figures_close(&figures);
    feed_free(&feed);
    standings_free(&standings);
    link_guard_stop(&guard);
    zap_stop(&zap);
    (void)zmq_ctx_term(context);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(feed_pages, .init = setup, .fini = teardown);

/* ---- what is heard ---- */

static json_t *receive(void *from, char topic[16])
{
    zmq_msg_t body;
    json_t *json;
    int size = zmq_recv(from, topic, 15, 0);

    cr_assert_gt(size, 0, "nothing comes");
    topic[size] = '\0';
    cr_assert_eq(zmq_msg_init(&body), 0);
    cr_assert_geq(zmq_msg_recv(&body, from, 0), 0);
    json = json_loadb(zmq_msg_data(&body), zmq_msg_size(&body), 0, NULL);
    cr_assert_not_null(json);
    (void)zmq_msg_close(&body);
    return json;
}

static uint64_t number_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    cr_assert(json_is_integer(value), "%s", name);
    return (uint64_t)json_integer_value(value);
}

/* The next message of a topic. */
static json_t *hear(const char *wanted)
{
    char topic[16];
    json_t *said = receive(subscriber, topic);

    while (strcmp(topic, wanted) != 0) {
        json_decref(said);
        said = receive(subscriber, topic);
    }
    return said;
}

/* Index of the next entry, as a beat says it: from there on what is published
 * is heard. */
static uint64_t hear_beat(void)
{
    json_t *beat = hear(FEED_TOPIC_BEAT);
    uint64_t next = number_of(beat, "entries");

    json_decref(beat);
    return next;
}

static json_t *ask_page(uint64_t from)
{
    char text[24], topic[16];
    json_t *page;

    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)from);
    cr_assert_geq(zmq_send(asker, FEED_TOPIC_ENTRIES,
                           strlen(FEED_TOPIC_ENTRIES), ZMQ_SNDMORE),
                  0);
    cr_assert_geq(zmq_send(asker, text, strlen(text), 0), 0);
    page = receive(asker, topic);
    cr_assert_str_eq(topic, FEED_TOPIC_ENTRIES);
    return page;
}

/* Its entries stand in order from `from` on; gives the index behind them. */
static uint64_t in_order(const json_t *page, uint64_t from)
{
    const json_t *entries = json_object_get(page, "entries");

    for (size_t i = 0; i < json_array_size(entries); i++) {
        cr_assert_eq(number_of(json_array_get(entries, i), "index"), from + i);
    }
    cr_assert_eq(number_of(page, "from"), from);
    cr_assert_eq(number_of(page, "next"), from + json_array_size(entries));
    return number_of(page, "next");
}

/* ---- what comes in ---- */

/* So many batches of one visit each that they are one transaction. */
static void send_a_turn(void)
{
    struct intake_message *messages = calloc(MESSAGES, sizeof *messages);
    const struct admit_answer *answers = NULL;
    struct buffer copies[MESSAGES * WIRE_BATCHES_MAX];
    size_t count = 0;

    cr_assert_not_null(messages);
    for (size_t i = 0; i < MESSAGES; i++) {
        messages[i].key = office.curve_keys.public_key;
        messages[i].up.kind = WIRE_UP_BATCHES;
        messages[i].batch_count = WIRE_BATCHES_MAX;
        for (size_t k = 0; k < WIRE_BATCHES_MAX; k++) {
            struct buffer *copy = &copies[i * WIRE_BATCHES_MAX + k];

            buffer_init(copy, WIRE_FRAME_BYTES_MAX);
            cr_assert_eq(buffer_append(copy, office_batch(&office)), STATUS_OK);
            messages[i].batches[k] = buffer_bytes(copy);
        }
    }
    cr_assert_eq(
        admit_batches(hall.admit, messages, MESSAGES, &answers, &count),
        STATUS_OK);
    cr_assert_eq(count, MESSAGES * WIRE_BATCHES_MAX);
    for (size_t i = 0; i < count; i++) {
        cr_assert(answers[i].appended);
        buffer_fini(&copies[i]);
    }
    free(messages);
}

/* ---- the tests ---- */

Test(feed_pages, i11_who_is_far_behind_is_told_the_end_and_asks_for_the_rest)
{
    uint64_t known = hear_beat(), from;
    struct standing_feed told = {.on = false};
    json_t *page;

    cr_assert_gt(MESSAGES * WIRE_BATCHES_MAX, FEED_LAG_MAX);
    send_a_turn();
    page = hear(FEED_TOPIC_ENTRIES);
    from = number_of(page, "from");
    cr_assert_eq(from, number_of(page, "end") - FEED_PAGE_ENTRIES);
    (void)in_order(page, from);
    json_decref(page);
    cr_assert_gt(from, known);
    for (uint64_t next = known; next < from;) {
        page = ask_page(next);
        cr_assert_gt(number_of(page, "next"), next);
        next = in_order(page, next);
        json_decref(page);
    }
    for (int i = 0; i < ASK_AGAIN && told.doors[CLASS_AUDIT].left_out == 0;
         i++) {
        (void)hear_beat(); /* the numbers are told behind it */
        standings_feed(standings, &told);
    }
    cr_assert(told.on && told.doors[CLASS_AUDIT].open);
    cr_assert_eq(told.doors[CLASS_AUDIT].left_out, from - known);
    cr_assert_eq(told.doors[CLASS_AUDIT].keys, 1);
}

/* The page with the last entry alone. */
static json_t *ask_last(void)
{
    json_t *page = NULL;

    for (int i = 0; i < ASK_AGAIN; i++) {
        page = ask_page(hall_size(&hall) - 1);
        if (json_array_size(json_object_get(page, "entries")) == 1) {
            return page;
        }
        json_decref(page); /* it is not published yet */
        json_decref(hear(FEED_TOPIC_ENTRIES));
    }
    cr_assert_fail("the last entry is not told");
    return NULL;
}

static void expect_without(json_t *page, const char *why)
{
    const json_t *entry = json_array_get(json_object_get(page, "entries"), 0);

    if (why == NULL) {
        cr_assert_eq(json_array_size(json_object_get(entry, "events")),
                     number_of(entry, "count"));
    } else {
        cr_assert(json_is_null(json_object_get(entry, "events")));
        cr_assert_str_eq(
            json_string_value(json_object_get(entry, "without_events")), why);
    }
    json_decref(page);
}

static void send_visits(uint32_t count, bool long_ones)
{
    struct event *events = calloc(count, sizeof *events);

    cr_assert_not_null(events);
    for (uint32_t i = 0; i < count; i++) {
        office_visit(&office, (uint32_t)office.next.first_seq + i, &events[i]);
        for (unsigned k = 0; long_ones && k < LONG_LIST; k++) {
            cr_assert(event_append(&events[i], VIOLATION_COUNTS, UINT32_MAX));
        }
    }
    cr_assert(hall_send(&hall, &office, office_seal(&office, events, count))
                  .appended);
    free(events);
}

Test(feed_pages, i11_events_beyond_the_limit_are_named_and_left_out)
{
    (void)hear_beat();
    send_visits(2048, false);
    expect_without(ask_last(), NULL);
    send_visits(2048, true);
    expect_without(ask_last(), "too_large");
}

Test(feed_pages, a_batch_whose_cold_file_is_away_is_named)
{
    struct cold_move_options options = {.ledger = hall.ledger,
                                        .province = hall.province,
                                        .administrator =
                                            &hall.keys.administrator,
                                        .clock = &hall.clock,
                                        .moves = true,
                                        .least = 1};
    struct cold_move *mover = NULL;
    uint64_t first = hear_beat();
    char path[COLD_PATH_MAX], aside[COLD_PATH_MAX + 8];
    bool moved = false;

    for (unsigned i = 0; i < 5; i++) {
        send_visits(1, false);
    }
    expect_without(ask_last(), NULL);
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, clock_wall_us(&hall.clock) + 1, &moved),
                 STATUS_OK);
    cr_assert(moved);
    cold_move_close(&mover);
    cr_assert_eq(cold_path(ledger_cold_folder(hall.ledger), 1, path),
                 STATUS_OK);
    (void)snprintf(aside, sizeof aside, "%s.away", path);
    cr_assert_eq(rename(path, aside), 0);
    expect_without(ask_page(first), "away");
    cr_assert_eq(rename(aside, path), 0);
    expect_without(ask_page(first), NULL);
}
