/* What the programs do when nothing happens:
 *
 *     bench_idle [SECONDS]
 *
 * One collector with the plan of Hà Nội, one office with 100,000 events that
 * were received, and then a quiet minute: how often the threads of each woke,
 * the processor time they used and the memory they hold. The last line is
 * JSON.
 */
#include "bench/backlog.h"
#include "bench/gauge.h"
#include "common/base/check.h"
#include "common/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SECONDS_DEFAULT 60u
#define SECONDS_MAX     3600u
#define SETTLE_SECONDS  5u
#define EVENTS          100000u
#define LOOK_US         500

struct standing {
    uint64_t wakeups;
    int64_t cpu_ns;
};

static struct standing standing(pid_t pid)
{
    return (struct standing){gauge_wakeups(pid), gauge_cpu_ns(pid)};
}

static void pause_seconds(uint32_t seconds)
{
    (void)nanosleep(&(struct timespec){.tv_sec = seconds}, NULL);
}

static void print(const char *name, struct standing before,
                  struct standing after, double mib)
{
    (void)printf("\"%s_wakeups\":%llu,\"%s_cpu_ms\":%.2f,"
                 "\"%s_rss_mib\":%.2f",
                 name, (unsigned long long)(after.wakeups - before.wakeups),
                 name, (double)(after.cpu_ns - before.cpu_ns) / 1e6, name, mib);
}

int main(int argc, char **argv)
{
    static struct rig rig;
    uint32_t seconds =
        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : SECONDS_DEFAULT;
    struct rig_source source = {.next = backlog_city_event};
    struct standing agent[2], collector[2];
    struct rig_office *office;

    if (seconds == 0 || seconds > SECONDS_MAX) {
        (void)fprintf(stderr, "usage: bench_idle [SECONDS]\n");
        return 2;
    }
    rig_open(&rig);
    office = backlog_city_office(&rig);
    rig_fill(office, source, EVENTS, true);
    rig_start(&rig, office);
    while (!rig_received(office)) {
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_US * 1000}, NULL);
    }
    pause_seconds(SETTLE_SECONDS);
    agent[0] = standing(office->daemon);
    collector[0] = standing(rig.collector);
    pause_seconds(seconds);
    agent[1] = standing(office->daemon);
    collector[1] = standing(rig.collector);
    (void)printf("{\"bench\":\"idle\",\"seconds\":%u,", seconds);
    print("agent", agent[0], agent[1], gauge_memory_mib(office->daemon));
    (void)printf(",");
    print("collector", collector[0], collector[1],
          gauge_memory_mib(rig.collector));
    (void)printf("}\n");
    (void)fflush(stdout);
    rig_close(&rig);
    return EXIT_SUCCESS;
}
