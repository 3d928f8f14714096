/* Connections over the loopback, with the guard beside them. */
#include "collector/link_guard.h"
#include "tests/support/deadline.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE_BYTES (64u * 1024u)
#define CUT_MS_MAX  10000

static int office;
static int collector;
static struct link_guard *guard;

static void set_up(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert(bind(listener, (struct sockaddr *)&address, size) == 0);
    cr_assert(listen(listener, 1) == 0);
    cr_assert(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    office = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(connect(office, (struct sockaddr *)&address, size) == 0);
    collector = accept(listener, NULL, NULL);
    cr_assert(collector >= 0);
    (void)close(listener);
    cr_assert(link_guard_start(&guard) == STATUS_OK);
    link_guard_accept(guard, collector);
}

static void tear_down(void)
{
    link_guard_stop(&guard);
    cr_assert_null(guard);
    (void)close(office);
    (void)close(collector);
}

TestSuite(link_guard, .init = set_up, .fini = tear_down);

/* Sends a piece and reads it as libzmq would; false when the link is cut. */
static bool pass_piece(void)
{
    static char piece[PIECE_BYTES];
    size_t left = sizeof piece;

    if (send(office, piece, sizeof piece, MSG_NOSIGNAL) !=
        (ssize_t)sizeof piece) {
        return false;
    }
    while (left > 0) {
        ssize_t got = recv(collector, piece, left, 0);

        if (got <= 0) {
            return false;
        }
        left -= (size_t)got;
    }
    return true;
}

static bool is_cut(void *context)
{
    return link_guard_cut(context) > 0;
}

/* As many bytes as the limit allows, and then some more. */
Test(link_guard, i11_a_link_that_never_ends_its_message_is_cut)
{
    uint64_t sent = 0;

    while (sent + PIECE_BYTES <= LINK_GUARD_LINK_BYTES_MAX) {
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
    for (uint64_t sent = 0; sent < 4 * LINK_GUARD_LINK_BYTES_MAX;
         sent += PIECE_BYTES) {
        cr_assert(pass_piece());
        link_guard_taken(guard, collector);
    }
    cr_assert_eq(link_guard_cut(guard), 0);
}

/* What is no connection, or none any more, is left alone. */
Test(link_guard, other_descriptors_are_left_alone)
{
    link_guard_accept(guard, -1);
    link_guard_accept(guard, LINK_GUARD_FDS_MAX);
    link_guard_accept(guard, STDERR_FILENO);
    link_guard_taken(guard, -1);
    link_guard_taken(guard, STDERR_FILENO);
    cr_assert(pass_piece());
    cr_assert_eq(link_guard_cut(guard), 0);
}
