/* Questions of the office's page on their way to the daemon's thread, which is
 * this one. */
#include "agent/api/site.h"
#include "tests/support/browser.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define ASK(path) "GET " path " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#define CROWD     (DESK_ORDERS_MAX + 1u)

static struct site site;
static struct clock now;
static struct http *http;
static struct browser browsers[CROWD];
static char said[16]; /* which work had a turn, one letter each */
static size_t said_count, freed;

static void say(char letter)
{
    cr_assert_lt(said_count, sizeof said - 1);
    said[said_count++] = letter;
}

static enum desk_turn at_once(struct desk_order *order,
                              struct http_reply *reply)
{
    say('s');
    desk_problem(order, 409, (struct language_text){"chờ đã", "wait"}, reply);
    return DESK_DONE;
}

/* Takes three turns. */
static enum desk_turn in_turns(struct desk_order *order,
                               struct http_reply *reply)
{
    static size_t turns;
    uint64_t number = 0;

    say('l');
    order->state = &turns;
    if (++turns % 3 != 0) {
        return DESK_AGAIN;
    }
    if (desk_query_number(order, "number", 99, 7, &number, reply)) {
        json_t *json = json_pack("{s:I, s:s}", "number", (json_int_t)number,
                                 "id", desk_part(order, "id"));

        desk_give_kept(&json, reply);
    }
    return DESK_DONE;
}

static void count_freed(struct desk_order *order)
{
    freed += order->state != NULL ? 1u : 0u;
}

static const struct desk_work short_work = {.turn = at_once};
static const struct desk_work long_work = {.query = {"number"},
                                           .parts = {"id"},
                                           .turn = in_turns,
                                           .fini = count_freed};

static const struct http_route routes[] = {
    {HTTP_GET, "/short", HTTP_PUBLIC, NULL, desk_take, &short_work},
    {HTTP_GET, "/long/{id}", HTTP_PUBLIC, NULL, desk_take, &long_work}};

static void setup(void)
{
    struct http_options options = {.address = "127.0.0.1:0",
                                   .routes = routes,
                                   .route_count = 2,
                                   .context = &site};
    char why[HTTP_WHY_SIZE];

    clock_init_real(&now);
    cr_assert_eq(desk_new(&now, &site.desk), STATUS_OK);
    cr_assert_eq(http_open(&options, &http, why), STATUS_OK, "%s", why);
    for (size_t i = 0; i < CROWD; i++) {
        browsers[i].fd = -1;
    }
}

static void teardown(void)
{
    for (size_t i = 0; i < CROWD; i++) {
        browser_close(&browsers[i]);
    }
    http_close(&http);
    desk_free(&site.desk);
}

TestSuite(office_desk, .init = setup, .fini = teardown, .timeout = 60);

/* Sends it, and waits until it has reached the desk. */
static void ask(size_t who, const char *request)
{
    struct pollfd wait = {.fd = desk_event_fd(site.desk), .events = POLLIN};

    browser_open(&browsers[who], http_address(http));
    browser_send(&browsers[who], request);
    cr_assert_eq(poll(&wait, 1, BROWSER_WAIT_MS), 1);
}

static void serve(void)
{
    const struct desk_means means = {.clock = &now};

    while (desk_has_orders(site.desk)) {
        desk_serve(site.desk, &means);
    }
}

static unsigned answer(size_t who)
{
    browser_read(&browsers[who], false);
    return browsers[who].status;
}

Test(office_desk, an_order_is_answered_by_the_daemon_and_in_its_language)
{
    struct pollfd wait = {.fd = desk_event_fd(site.desk), .events = POLLIN};

    ask(0, ASK("/short?lang=en"));
    cr_assert_eq(said_count, 0, "not by the server's thread");
    serve();
    cr_assert_eq(answer(0), 409);
    cr_assert_not_null(strstr(browsers[0].body, "wait"));
    desk_serve(site.desk, &(struct desk_means){.clock = &now});
    cr_assert_eq(poll(&wait, 1, 0), 0, "nothing wakes the daemon any more");
}

Test(office_desk, what_takes_long_lets_others_have_their_turn)
{
    struct pollfd wait = {.events = POLLIN};

    ask(0, ASK("/long/5?number=12"));
    browser_open(&browsers[1], http_address(http));
    browser_send(&browsers[1], ASK("/short"));
    /* Its first turn ends before the other one has come. */
    while (said_count < 4 || wait.fd == 0) {
        const struct desk_means means = {.clock = &now};

        wait.fd = desk_event_fd(site.desk);
        (void)poll(&wait, 1, BROWSER_WAIT_MS);
        desk_serve(site.desk, &means);
    }
    cr_assert_eq(answer(0), 200);
    cr_assert_str_eq(browsers[0].body, "{\"number\":12,\"id\":\"5\"}");
    cr_assert_eq(answer(1), 409);
    cr_assert_eq(freed, 1);
    cr_assert_not_null(strchr(said, 's'));
}

Test(office_desk, what_nobody_knows_is_refused_at_once)
{
    browser_open(&browsers[0], http_address(http));
    browser_send(&browsers[0], ASK("/short?more=1"));
    cr_assert_eq(answer(0), 400);
    cr_assert_not(desk_has_orders(site.desk));
}

/* More than that reach the server; the desk takes so many and no more. */
Test(office_desk, i11_one_more_than_the_desk_takes_is_refused)
{
    size_t refused = 0;

    for (size_t i = 0; i < CROWD; i++) {
        browser_open(&browsers[i], http_address(http));
        browser_send(&browsers[i], ASK("/long/1"));
        /* The one that is refused is answered while the others wait. */
        if (i + 1 == CROWD) {
            struct pollfd wait[CROWD];

            for (size_t k = 0; k < CROWD; k++) {
                wait[k] =
                    (struct pollfd){.fd = browsers[k].fd, .events = POLLIN};
            }
            cr_assert_eq(poll(wait, CROWD, BROWSER_WAIT_MS), 1);
            for (size_t k = 0; k < CROWD; k++) {
                if ((wait[k].revents & POLLIN) != 0) {
                    cr_assert_eq(answer(k), 503);
                    refused++;
                }
            }
        }
    }
    cr_assert_eq(refused, 1);
    cr_assert_eq(said_count, 0);
}

/* A daemon that ends leaves nobody waiting, and does nothing more. */
Test(office_desk, what_waits_at_the_end_is_not_done)
{
    ask(0, ASK("/short"));
    http_close(&http);
    cr_assert(browser_is_cut(&browsers[0]));
    cr_assert(desk_has_orders(site.desk));
    desk_free(&site.desk);
    cr_assert_eq(said_count, 0);
}
