/* Connections over the loopback, with the guard beside them. */
#include "collector/line/link_guard.h"
#include "tests/support/deadline.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE_BYTES (64u * 1024u)
#define CUT_MS_MAX  10000

static struct sockaddr_in address;
static int listener;
static int office;
static int collector;
static struct link_guard *guard;
static const struct public_key key = {.bytes = {1, 2, 3}};
static const struct public_key other_key = {.bytes = {3, 2, 1}};

/* A connection from the loopback's address `host`; the guard hears of it. */
static void connect_from(uint32_t host, int *near, int *far)
{
    struct sockaddr_in from = {.sin_family = AF_INET};

    from.sin_addr.s_addr = htonl(host);
    *near = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(bind(*near, (struct sockaddr *)&from, sizeof from) == 0);
    cr_assert(connect(*near, (struct sockaddr *)&address, sizeof address) == 0);
    *far = accept(listener, NULL, NULL);
    cr_assert(*far >= 0);
    link_guard_accept(guard, *far);
}

static void set_up(void)
{
    socklen_t size = sizeof address;

    address = (struct sockaddr_in){.sin_family = AF_INET};
    listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert(bind(listener, (struct sockaddr *)&address, size) == 0);
    cr_assert(listen(listener, 1) == 0);
    cr_assert(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    cr_assert(link_guard_start(&guard) == STATUS_OK);
    connect_from(INADDR_LOOPBACK, &office, &collector);
}

static void tear_down(void)
{
    link_guard_stop(&guard);
    cr_assert_null(guard);
    (void)close(office);
    (void)close(collector);
    (void)close(listener);
}

TestSuite(link_guard, .init = set_up, .fini = tear_down);

/* Sends a piece and reads it as libzmq would; false when the link is cut. */
static bool pass_over(int near, int far)
{
    static char piece[PIECE_BYTES];
    size_t left = sizeof piece;

    if (send(near, piece, sizeof piece, MSG_NOSIGNAL) !=
        (ssize_t)sizeof piece) {
        return false;
    }
    while (left > 0) {
        ssize_t got = recv(far, piece, left, 0);

        if (got <= 0) {
            return false;
        }
        left -= (size_t)got;
    }
    return true;
}

static bool pass_piece(void)
{
    return pass_over(office, collector);
}

/* Whether the other side has shut the connection down. */
static bool is_open(int near)
{
    char byte;

    return recv(near, &byte, 1, MSG_DONTWAIT) < 0;
}

static bool is_cut(void *context)
{
    return link_guard_cut(context) > 0;
}

/* As many bytes as the limit allows, and then some more. */
Test(link_guard, i11_a_link_that_never_ends_its_message_is_cut)
{
    uint64_t sent = 0;

    while (sent + PIECE_BYTES <= LINK_GUARD_PEER_BYTES_MAX) {
        cr_assert(pass_piece());
        sent += PIECE_BYTES;
    }
    cr_assert_eq(link_guard_cut(guard), 0, "at the limit");
    (void)pass_piece();
    cr_assert(deadline_wait(is_cut, guard, CUT_MS_MAX));
    cr_assert(!pass_piece());
    cr_assert_eq(link_guard_cut(guard), 1);
}

Test(link_guard, whole_messages_may_go_on_for_ever)
{
    for (uint64_t sent = 0; sent < 4 * LINK_GUARD_PEER_BYTES_MAX;
         sent += PIECE_BYTES) {
        cr_assert(pass_piece());
        link_guard_taken(guard, collector, &key);
    }
    cr_assert_eq(link_guard_cut(guard), 0);
}

/* What is no connection, or none any more, is left alone. */
Test(link_guard, other_descriptors_are_left_alone)
{
    link_guard_accept(guard, -1);
    link_guard_accept(guard, LINK_GUARD_FDS_MAX);
    link_guard_accept(guard, STDERR_FILENO);
    link_guard_taken(guard, -1, &key);
    link_guard_taken(guard, STDERR_FILENO, NULL);
    cr_assert(pass_piece());
    cr_assert_eq(link_guard_cut(guard), 0);
}

static uint64_t cuts_wanted;

static bool are_cut(void *context)
{
    return link_guard_cut(context) >= cuts_wanted;
}

/* Waits for so many, and then long enough to see one more. */
static void expect_cuts(uint64_t count)
{
    cuts_wanted = count;
    cr_assert(deadline_wait(are_cut, guard, CUT_MS_MAX), "%u cuts",
              (unsigned)link_guard_cut(guard));
    cuts_wanted = count + 1;
    cr_assert(!deadline_wait(are_cut, guard, 3 * LINK_GUARD_TICK_MS));
}

/* Two links of one key have together what one may have alone; the one that has
 * most is cut. Another key is another matter, from the same address too. */
Test(link_guard, i11_more_links_of_a_key_have_no_more_room)
{
    uint64_t sent = 0;
    int near[2];
    int far[2];

    for (size_t i = 0; i < 2; i++) {
        connect_from(INADDR_LOOPBACK, &near[i], &far[i]);
    }
    link_guard_taken(guard, collector, &key);
    link_guard_taken(guard, far[0], &key);
    link_guard_taken(guard, far[1], &other_key);
    cr_assert(pass_piece());
    while (sent + 2 * PIECE_BYTES <= LINK_GUARD_PEER_BYTES_MAX) {
        cr_assert(pass_over(near[0], far[0]));
        cr_assert(pass_over(near[1], far[1]));
        sent += PIECE_BYTES;
    }
    expect_cuts(0);
    (void)pass_over(near[0], far[0]);
    expect_cuts(1);
    cr_assert(!is_open(near[0]));
    cr_assert(is_open(near[1]));
    cr_assert(is_open(office));
    for (size_t i = 0; i < 2; i++) {
        (void)close(near[i]);
        (void)close(far[i]);
    }
}

/* `count` links from one address, each `taken` as of the key (NULL: it says
 * nothing); the oldest that are too many are cut, and not another one. */
static void too_many(size_t count, const struct public_key *taken)
{
    int near[LINK_GUARD_SILENT_MAX + 1];
    int far[LINK_GUARD_SILENT_MAX + 1];

    for (size_t i = 0; i <= count; i++) {
        if (i == count) {
            expect_cuts(0);
        }
        connect_from(INADDR_LOOPBACK + 1, &near[i], &far[i]);
        if (taken != NULL) {
            link_guard_taken(guard, far[i], taken);
        }
    }
    expect_cuts(1);
    cr_assert(!is_open(near[0]));
    for (size_t i = 1; i <= count; i++) {
        cr_assert(is_open(near[i]));
    }
    cr_assert(is_open(office), "from another address");
    for (size_t i = 0; i <= count; i++) {
        (void)close(near[i]);
        (void)close(far[i]);
    }
}

Test(link_guard, i11_of_too_many_links_of_a_key_the_oldest_ends)
{
    link_guard_taken(guard, collector, &other_key);
    too_many(LINK_GUARD_KEY_LINKS_MAX, &key);
}

Test(link_guard, i11_of_too_many_silent_links_of_an_address_the_oldest_ends)
{
    too_many(LINK_GUARD_SILENT_MAX, NULL);
}
