/* rig - a province and its offices as real processes on loopback.
 *
 * Flow     bench -> [rig] -> collector and agents of the release build
 * Owns     a directory of its own and the processes it started.
 * Threads  one; rig_fill() of different offices may run side by side.
 * Limits   RIG_OFFICES_MAX offices, RIG_PAIRS_MAX pairs each.
 *
 * The programs are the ones that are installed, started, asked and ended as an
 * administrator would; spools are filled through the agent's own library while
 * no daemon runs. Whatever goes wrong ends the benchmark with what was said.
 */
#ifndef TALLYLINE_BENCH_RIG_H
#define TALLYLINE_BENCH_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "agent/office/keyring.h"
#include "agent/spool/spool.h"
#include "tests/support/temp_dir.h"

#define RIG_OFFICES_MAX 18u
#define RIG_PAIRS_MAX   10u
#define RIG_ADDRESS_MAX 64u

struct rig_office {
    char dir[TEMP_DIR_PATH_MAX];
    uint32_t number; /* of the agent */
    pid_t daemon;    /* 0: does not run */
    struct spool *spool;
    struct keyring keys;
};

struct rig {
    struct temp_dir dir;
    char province[TEMP_DIR_PATH_MAX];
    char address[RIG_ADDRESS_MAX];
    uint16_t port;
    pid_t collector; /* 0: does not run */
    uint32_t runs;   /* so often it was started */
    struct rig_office offices[RIG_OFFICES_MAX];
    uint32_t office_count;
};

/* Keys, ledger and the plan of Hà Nội; starts the collector. */
void rig_open(struct rig *rig);
/* Ends everything and removes the directory. */
void rig_close(struct rig *rig);
/* Starts the collector, which must not run; gives how many milliseconds it
 * took until it let offices in. */
double rig_run(struct rig *rig);
/* Ends it with that signal. */
void rig_halt(struct rig *rig, int signal);

/* Enrols an office for the pairs ("gso3:001:police") and lets it join. */
struct rig_office *rig_office(struct rig *rig, const char *const pairs[],
                              size_t count);
/* Where its own events come from: fills in `event`. */
struct rig_source {
    void *owner;
    void (*next)(void *owner, struct event *event);
};
/* Saves `count` events, and seals them when `seal`. */
void rig_fill(struct rig_office *office, struct rig_source source,
              uint32_t count, bool seal);
void rig_start(struct rig *rig, struct rig_office *office);
void rig_stop(struct rig_office *office);
/* Tells the daemon that there is something to send. */
void rig_knock(const struct rig_office *office);
/* Whether everything that was saved has a receipt. */
bool rig_received(struct rig_office *office);

/* Runs one of the collector's commands on the province; `out` gets what it
 * printed. */
void rig_collector(const struct rig *rig, const char *const arguments[],
                   char *out, size_t room);
/* Asks the collector that runs how many entries its figures are of, how many
 * there are, and how many batches it has taken in since its start. */
struct rig_standing {
    uint64_t entries, ledger, batches;
};
struct rig_standing rig_standing(const struct rig *rig);

#endif
