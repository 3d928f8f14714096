/* The protocol is sd_notify(3)'s: datagrams of NAME=VALUE lines. A datagram
 * that does not arrive is not sent again: the next one says as much, and a
 * service manager that hears nothing restarts us, which is what it is for. */
#include "common/base/notify.h"

#include "common/base/check.h"
#include "common/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Feedings within one watchdog time: two may be late before it bites. */
#define FEEDS_PER_TIME 3

static void send_text(struct notify *notify, const char *text)
{
    if (notify->fd >= 0) {
        (void)send(notify->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}

/* A number of the environment; 0 when there is none. */
static int64_t number_of(const char *name)
{
    const char *text = getenv(name);
    char *end;
    long long number;

    if (text == NULL) {
        return 0;
    }
    errno = 0;
    number = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && number > 0 ? number : 0;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    socklen_t length;
    int fd;

    if (size < 2 || size >= sizeof address.sun_path) {
        errno = EINVAL;
        return -1;
    }
    memcpy(address.sun_path, path, size);
    length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* a name outside of the file system */
    } else {
        length++;
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, length) != 0) {
        int kept = errno;

        (void)close(fd);
        errno = kept;
        fd = -1;
    }
    return fd;
}

void notify_open(struct notify *notify, const struct clock *clock)
{
    const char *path = getenv("NOTIFY_SOCKET");
    int64_t pid = number_of("WATCHDOG_PID");

    memset(notify, 0, sizeof *notify);
    notify->fd = -1;
    notify->clock = clock;
    if (path == NULL) {
        return;
    }
    notify->fd = connect_to(path);
    if (notify->fd < 0) {
        log_warning("the service manager cannot be reached",
                    log_text("why", strerror(errno)));
        return;
    }
    if (pid == 0 || pid == (int64_t)getpid()) {
        notify->watchdog_us = number_of("WATCHDOG_USEC");
    }
    notify->fed_us = clock_monotonic_us(clock);
}

size_t notify_worker(struct notify *notify)
{
    check(notify->worker_count < NOTIFY_WORKERS_MAX);
    return notify->worker_count++;
}

void notify_ready(struct notify *notify)
{
    send_text(notify, "READY=1");
}

void notify_reloading(struct notify *notify)
{
    char text[64];

    (void)snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
                   clock_monotonic_us(notify->clock));
    send_text(notify, text);
}

void notify_stopping(struct notify *notify)
{
    send_text(notify, "STOPPING=1");
}

void notify_status(struct notify *notify, const char *text)
{
    char line[sizeof "STATUS=" + NOTIFY_STATUS_MAX];

    (void)snprintf(line, sizeof line, "STATUS=%s", text);
    /* A second line would be read as another message. */
    line[strcspn(line, "\n")] = '\0';
    send_text(notify, line);
}

void notify_beat(struct notify *notify, size_t worker)
{
    check(worker < NOTIFY_WORKERS_MAX);
    atomic_store(&notify->beats[worker], true);
}

void notify_feed(struct notify *notify)
{
    int64_t now_us;

    if (notify->watchdog_us == 0) {
        return;
    }
    now_us = clock_monotonic_us(notify->clock);
    if (now_us - notify->fed_us < notify->watchdog_us / FEEDS_PER_TIME) {
        return;
    }
    for (size_t i = 0; i < notify->worker_count; i++) {
        if (!atomic_load(&notify->beats[i])) {
            return;
        }
    }
    for (size_t i = 0; i < notify->worker_count; i++) {
        atomic_store(&notify->beats[i], false);
    }
    notify->fed_us = now_us;
    send_text(notify, "WATCHDOG=1");
}

int notify_wait_ms(const struct notify *notify)
{
    int64_t ms = notify->watchdog_us / FEEDS_PER_TIME / 2 / CLOCK_US_PER_MS;

    if (notify->watchdog_us == 0 || ms > NOTIFY_WAIT_MS_MAX) {
        return NOTIFY_WAIT_MS_MAX;
    }
    return ms > 0 ? (int)ms : 1;
}

void notify_close(struct notify *notify)
{
    if (notify->fd >= 0) {
        (void)close(notify->fd);
    }
    notify->fd = -1;
    notify->watchdog_us = 0;
}
