/* The thread goes round: a step of the scrub, a tenth of a second of rest; when
 * nothing is due, a longer one. An error of the store ends the scrub and not
 * the process: whoever writes meets it too. */
#include "collector/ledger/scrubber.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "common/base/check.h"
#include "common/base/log.h"

#define IDLE_S      30 /* between two looks at the clock */
#define NS_PER_S    1000000000
#define STEP_NS     (NS_PER_S / SCRUBBER_STEPS)
#define DAY_US      (INT64_C(86400) * CLOCK_US_PER_S)
#define HOUR_US     (INT64_C(3600) * CLOCK_US_PER_S)
#define BYTES_LEAST 4096u /* of a step */

struct scrubber {
    struct ledger *ledger;
    const struct clock *clock;
    pthread_t thread;
    bool running; /* the caller's own */

    struct scrub scrub; /* the thread's own */

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t changed;
    bool stop, asked, scrubs;
    unsigned hour;
    uint64_t bytes_per_s;
    int64_t began_at;
    uint64_t done, of;
    struct scrub_finding findings[SCRUBBER_FINDINGS_MAX];
    uint64_t found, taken;
    uint64_t dropped;
    bool ended;
    struct ledger_scrubbed scrubbed;
};

static void lock(struct scrubber *scrubber)
{
    check(pthread_mutex_lock(&scrubber->lock) == 0);
}

static void unlock(struct scrubber *scrubber)
{
    check(pthread_mutex_unlock(&scrubber->lock) == 0);
}

int64_t scrubber_due_at(int64_t now, unsigned hour)
{
    int64_t local = now + CLOCK_CIVIL_ZONE_US;
    int64_t day = local / DAY_US - (local % DAY_US < 0 ? 1 : 0);
    int64_t at = day * DAY_US + (int64_t)hour * HOUR_US;

    if (at > local) {
        at -= DAY_US;
    }
    return at - CLOCK_CIVIL_ZONE_US;
}

/* ---- the thread ---- */

static void keep(void *owner, const struct scrub_finding *finding)
{
    struct scrubber *scrubber = owner;

    lock(scrubber);
    if (scrubber->found - scrubber->taken < SCRUBBER_FINDINGS_MAX) {
        scrubber->findings[scrubber->found % SCRUBBER_FINDINGS_MAX] = *finding;
        scrubber->found++;
    } else {
        scrubber->dropped++;
    }
    unlock(scrubber);
}

/* With the lock. */
static bool is_due(const struct scrubber *scrubber)
{
    int64_t now = clock_wall_us(scrubber->clock);

    return scrubber->bytes_per_s > 0 &&
           (scrubber->asked ||
            scrubber_due_at(now, scrubber->hour) > scrubber->began_at);
}

/* With the lock. */
static void rest(struct scrubber *scrubber)
{
    struct timespec until;
    int rc;

    check(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    if (scrubber->scrubs) {
        until.tv_nsec += STEP_NS;
        until.tv_sec += until.tv_nsec / NS_PER_S;
        until.tv_nsec %= NS_PER_S;
    } else {
        until.tv_sec += IDLE_S;
    }
    rc = pthread_cond_timedwait(&scrubber->changed, &scrubber->lock, &until);
    check(rc == 0 || rc == ETIMEDOUT);
}

/* With the lock, which it gives back meanwhile. */
static void begin(struct scrubber *scrubber)
{
    enum status status;

    scrubber->asked = false;
    scrubber->began_at = clock_wall_us(scrubber->clock);
    unlock(scrubber);
    status = scrub_begin(&scrubber->scrub, scrubber->ledger, keep, scrubber);
    if (status == STATUS_OK) {
        log_info("scrub begins",
                 log_number("entries", (int64_t)scrubber->scrub.size));
    } else {
        log_error("the scrub cannot begin", log_status("status", status));
    }
    lock(scrubber);
    scrubber->scrubs = status == STATUS_OK;
    scrubber->done = 0;
    scrubber->of = scrubber->scrub.size;
}

/* With the lock. */
static void end(struct scrubber *scrubber, enum status status)
{
    const struct scrub *scrub = &scrubber->scrub;

    scrubber->scrubs = false;
    if (status != STATUS_OK) {
        log_error("the scrub was broken off", log_status("status", status));
        return;
    }
    scrubber->ended = true;
    scrubber->scrubbed = (struct ledger_scrubbed){
        .began_at = scrubber->began_at,
        .ended_at = clock_wall_us(scrubber->clock),
        .entries = scrub->size,
        .bytes = scrub->bytes,
        .found = scrub->found,
    };
    log_info("scrub ends", log_number("entries", (int64_t)scrub->size),
             log_number("bytes", (int64_t)scrub->bytes),
             log_number("found", (int64_t)scrub->found),
             log_number("not_named", (int64_t)scrubber->dropped));
    scrubber->dropped = 0;
}

/* With the lock, which it gives back meanwhile. */
static void go_on(struct scrubber *scrubber)
{
    uint64_t bytes = scrubber->bytes_per_s / SCRUBBER_STEPS;
    bool done = false;
    enum status status;

    unlock(scrubber);
    status = scrub_step(&scrubber->scrub,
                        bytes < BYTES_LEAST ? BYTES_LEAST : bytes, &done);
    lock(scrubber);
    scrubber->done = scrubber->scrub.next;
    if (done || status != STATUS_OK) {
        end(scrubber, status);
    }
}

static void *work(void *owner)
{
    struct scrubber *scrubber = owner;

    lock(scrubber);
    while (!scrubber->stop) {
        if (scrubber->scrubs) {
            go_on(scrubber);
        } else if (is_due(scrubber)) {
            begin(scrubber);
            continue;
        }
        if (!scrubber->stop) {
            rest(scrubber);
        }
    }
    unlock(scrubber);
    return NULL;
}

/* ---- the caller's side ---- */

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    check(pthread_condattr_init(&attributes) == 0);
    check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(condition, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
}

enum status scrubber_open(const struct scrubber_options *options,
                          struct scrubber **scrubber)
{
    struct scrubber *self = calloc(1, sizeof *self);
    sigset_t all, before;

    *scrubber = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->ledger = options->ledger;
    self->clock = options->clock;
    self->hour = options->hour;
    self->bytes_per_s = options->bytes_per_s;
    self->began_at = options->began_at != 0 ? options->began_at
                                            : clock_wall_us(options->clock);
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    init_condition(&self->changed);
    /* Signals are for the thread that serves. */
    check(sigfillset(&all) == 0);
    check(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    self->running = pthread_create(&self->thread, NULL, work, self) == 0;
    check(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    if (!self->running) {
        scrubber_close(&self);
        return STATUS_IO;
    }
    *scrubber = self;
    return STATUS_OK;
}

void scrubber_close(struct scrubber **scrubber)
{
    struct scrubber *self = *scrubber;

    if (self == NULL) {
        return;
    }
    if (self->running) {
        lock(self);
        self->stop = true;
        check(pthread_cond_signal(&self->changed) == 0);
        unlock(self);
        check(pthread_join(self->thread, NULL) == 0);
    }
    (void)pthread_cond_destroy(&self->changed);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
    *scrubber = NULL;
}

void scrubber_set(struct scrubber *scrubber, unsigned hour,
                  uint64_t bytes_per_s)
{
    lock(scrubber);
    scrubber->hour = hour;
    scrubber->bytes_per_s = bytes_per_s;
    check(pthread_cond_signal(&scrubber->changed) == 0);
    unlock(scrubber);
}

void scrubber_now(struct scrubber *scrubber)
{
    lock(scrubber);
    scrubber->asked = !scrubber->scrubs;
    check(pthread_cond_signal(&scrubber->changed) == 0);
    unlock(scrubber);
}

bool scrubber_take(struct scrubber *scrubber, struct scrub_finding *finding)
{
    bool there;

    lock(scrubber);
    there = scrubber->taken < scrubber->found;
    if (there) {
        *finding = scrubber->findings[scrubber->taken % SCRUBBER_FINDINGS_MAX];
        scrubber->taken++;
    }
    unlock(scrubber);
    return there;
}

bool scrubber_ended(struct scrubber *scrubber, struct ledger_scrubbed *scrubbed)
{
    bool ended;

    lock(scrubber);
    ended = scrubber->ended && scrubber->taken == scrubber->found;
    if (ended) {
        *scrubbed = scrubber->scrubbed;
        scrubber->ended = false;
    }
    unlock(scrubber);
    return ended;
}

bool scrubber_runs(struct scrubber *scrubber, uint64_t *done, uint64_t *of)
{
    bool scrubs;

    lock(scrubber);
    scrubs = scrubber->scrubs || scrubber->asked || scrubber->ended;
    *done = scrubber->done;
    *of = scrubber->of;
    unlock(scrubber);
    return scrubs;
}
