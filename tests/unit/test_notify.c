#include "common/base/notify.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct temp_dir dir;
static int manager = -1; /* the service manager's end */
static struct clock_settable now = {.wall_us = 1, .monotonic_us = 1000};
static struct clock test_clock;
static struct notify notify;

static void setup(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    temp_dir_open(&dir);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%.90s/n",
                   dir.path);
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    cr_assert_geq(manager, 0);
    cr_assert_eq(bind(manager, (struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "6000000", 1);
    unsetenv("WATCHDOG_PID");
    clock_init_settable(&test_clock, &now);
}

static void teardown(void)
{
    notify_close(&notify);
    (void)close(manager);
    temp_dir_close(&dir);
}

/* The next datagram; "" when there is none. */
static const char *heard(void)
{
    static char text[1024];
    ssize_t size = recv(manager, text, sizeof text - 1, 0);

    text[size > 0 ? size : 0] = '\0';
    return text;
}

TestSuite(notify, .init = setup, .fini = teardown);

Test(notify, the_manager_hears_each_state)
{
    notify_open(&notify, &test_clock);
    notify_ready(&notify);
    cr_assert_str_eq(heard(), "READY=1");
    notify_reloading(&notify);
    cr_assert_str_eq(heard(), "RELOADING=1\nMONOTONIC_USEC=1000");
    notify_status(&notify, "12 offices\nREADY=1");
    cr_assert_str_eq(heard(), "STATUS=12 offices");
    notify_stopping(&notify);
    cr_assert_str_eq(heard(), "STOPPING=1");
    cr_assert_str_eq(heard(), "");
}

Test(notify, the_watchdog_is_fed_only_when_every_worker_has_beaten)
{
    size_t first;
    size_t second;

    notify_open(&notify, &test_clock);
    first = notify_worker(&notify);
    second = notify_worker(&notify);
    notify_beat(&notify, first);
    notify_beat(&notify, second);
    clock_settable_advance(&now, 1999999);
    notify_feed(&notify);
    cr_assert_str_eq(heard(), "");
    clock_settable_advance(&now, 1);
    notify_feed(&notify);
    cr_assert_str_eq(heard(), "WATCHDOG=1");
    notify_beat(&notify, first);
    clock_settable_advance(&now, 10000000);
    notify_feed(&notify);
    cr_assert_str_eq(heard(), "");
    notify_beat(&notify, second);
    notify_feed(&notify);
    cr_assert_str_eq(heard(), "WATCHDOG=1");
}

Test(notify, a_watchdog_for_another_process_is_not_ours)
{
    setenv("WATCHDOG_PID", "1", 1);
    notify_open(&notify, &test_clock);
    clock_settable_advance(&now, 60000000);
    notify_feed(&notify);
    cr_assert_str_eq(heard(), "");
    cr_assert_eq(notify_wait_ms(&notify), NOTIFY_WAIT_MS_MAX);
}

Test(notify, waits_are_short_enough_for_the_watchdog)
{
    notify_open(&notify, &test_clock);
    cr_assert_eq(notify_wait_ms(&notify), 1000);
    notify_close(&notify);
    setenv("WATCHDOG_USEC", "10", 1);
    notify_open(&notify, &test_clock);
    cr_assert_eq(notify_wait_ms(&notify), 1);
}

Test(notify, without_a_manager_nothing_happens)
{
    static const char *const unusable[] = {"", "/", "/nowhere/at/all"};

    for (size_t i = 0; i < 3; i++) {
        setenv("NOTIFY_SOCKET", unusable[i], 1);
        notify_open(&notify, &test_clock);
        notify_ready(&notify);
        notify_feed(&notify);
        cr_assert_eq(notify_wait_ms(&notify), NOTIFY_WAIT_MS_MAX);
    }
    unsetenv("NOTIFY_SOCKET");
    notify_open(&notify, &test_clock);
    notify_ready(&notify);
    cr_assert_str_eq(heard(), "");
}

Test(notify, a_name_outside_of_the_file_system_is_reached)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char name[64];
    int length =
        snprintf(name, sizeof name, "@tallyline-test-%ld", (long)getpid());

    memcpy(address.sun_path + 1, name + 1, (size_t)length - 1);
    (void)close(manager);
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    cr_assert_eq(bind(manager, (struct sockaddr *)&address,
                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                                  (size_t)length)),
                 0);
    setenv("NOTIFY_SOCKET", name, 1);
    notify_open(&notify, &test_clock);
    notify_ready(&notify);
    cr_assert_str_eq(heard(), "READY=1");
}
