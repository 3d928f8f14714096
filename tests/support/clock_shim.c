/* A library that stands before the system's clocks, for tests with real
 * processes (LD_PRELOAD). TALLYLINE_TEST_CLOCK names a file of two numbers of
 * 64 bits, in the machine's own order:
 *
 *   how many microseconds the wall clock is off, read anew each time, so that
 *   a test can let the clock jump under a process that runs;
 *   how many times as fast as time itself the monotonic clock goes, read once:
 *   what takes a minute of silence then takes some seconds. Whoever waits for
 *   a while waits so much shorter.
 *
 * Without the variable nothing is changed. A file that cannot be read ends the
 * process: a test must not go on with the true time unseen. */
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_US INT64_C(1000)

struct settings {
    volatile int64_t wall_offset_us;
    int64_t speed;
};

static const struct settings true_time = {.speed = 1};
static const struct settings *settings = &true_time;
static int64_t speed = 1;

static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_poll)(struct pollfd *, nfds_t, int);
static int (*real_epoll_wait)(int, struct epoll_event *, int, int);

static void *find(const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);

    if (symbol == NULL) {
        abort();
    }
    return symbol;
}

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("TALLYLINE_TEST_CLOCK");
    void *mapped;
    int fd;

    /* A function pointer cannot be had from a data pointer in ISO C. */
    *(void **)&real_clock_gettime = find("clock_gettime");
    *(void **)&real_poll = find("poll");
    *(void **)&real_epoll_wait = find("epoll_wait");
    if (path == NULL) {
        return;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    mapped = mmap(NULL, sizeof *settings, PROT_READ, MAP_SHARED, fd, 0);
    if (fd < 0 || mapped == MAP_FAILED) {
        abort();
    }
    (void)close(fd);
    settings = mapped;
    speed = settings->speed;
    if (speed < 1) {
        abort();
    }
}

static int64_t nanoseconds(const struct timespec *time)
{
    return (int64_t)time->tv_sec * NS_PER_S + (int64_t)time->tv_nsec;
}

int clock_gettime(clockid_t id, struct timespec *time)
{
    int64_t ns;

    if (real_clock_gettime == NULL) {
        start(); /* a library asks before our turn */
    }
    if (real_clock_gettime(id, time) != 0) {
        return -1;
    }
    ns = nanoseconds(time);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) {
        ns += settings->wall_offset_us * NS_PER_US;
    } else if (id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE ||
               id == CLOCK_BOOTTIME) {
        ns *= speed;
    }
    time->tv_sec = ns / NS_PER_S;
    time->tv_nsec = ns % NS_PER_S;
    if (time->tv_nsec < 0) {
        time->tv_nsec += NS_PER_S;
        time->tv_sec -= 1;
    }
    return 0;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return -1;
    }
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / NS_PER_US;
    return 0;
}

time_t time(time_t *out)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return (time_t)-1;
    }
    if (out != NULL) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}

static int shorter(int ms)
{
    return ms <= 0 ? ms : (int)((ms + speed - 1) / speed);
}

int poll(struct pollfd *items, nfds_t count, int ms)
{
    return real_poll(items, count, shorter(ms));
}

int epoll_wait(int fd, struct epoll_event *events, int count, int ms)
{
    return real_epoll_wait(fd, events, count, shorter(ms));
}
