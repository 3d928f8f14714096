/* The thread goes round: a step of the fold, then an order if its share of the
 * time allows, then the state for the others to see; without either it sleeps.
 *
 * Orders and answers lie in one ring: `ordered` counts what came in, `made`
 * what was answered, `taken` what left. A place between `made` and `ordered`
 * belongs to the figures' thread, all others to the caller's. */
#include "collector/figures/figures.h"

#include "collector/figures/tally.h"
#include "collector/province/province.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct figures {
    struct figures_options options;
    int descriptor;
    pthread_t thread;
    bool running; /* the caller's own */

    /* the thread's own */
    struct province *province;
    struct tally *tally;
    bool more;         /* the last step left something behind */
    int64_t documents; /* time that documents have had, less their share */
    bool away;         /* a cold file is missing: again after a while */

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t changed;
    bool stop, awake;
    bool idle;
    uint64_t progress, progress_seen;
    struct figures_state state;
    struct figures_answer ring[FIGURES_ORDERS_MAX];
    uint64_t ordered, made, taken;
};

static void lock(struct figures *figures)
{
    check(pthread_mutex_lock(&figures->lock) == 0);
}

static void unlock(struct figures *figures)
{
    check(pthread_mutex_unlock(&figures->lock) == 0);
}

/* ---- the thread ---- */

/* Folding, reading or saving goes on. */
static void note_progress(void *owner, uint64_t done, uint64_t entries)
{
    struct figures *figures = owner;

    (void)done;
    (void)entries;
    lock(figures);
    figures->progress++;
    unlock(figures);
}

static void signal_caller(const struct figures *figures)
{
    uint64_t one = 1;

    /* A counter that is full is readable all the same. */
    (void)!write(figures->descriptor, &one, sizeof one);
}

/* Puts the thread's state where the others see it. */
static void publish(struct figures *figures, unsigned changes)
{
    struct figures_state *state = &figures->state;
    bool complete = tally_complete(figures->tally);
    uint64_t before = state->position;

    lock(figures);
    if (changes != CONTEXT_CHANGED_NOTHING || (complete && !state->complete)) {
        state->generation++;
    }
    state->position = tally_position(figures->tally);
    state->complete = complete;
    state->registers = registers_revision(tally_registers(figures->tally));
    figures->progress++;
    unlock(figures);
    /* While there is more, whoever brings it looks in any case. */
    if (complete && !figures->more && state->position != before) {
        signal_caller(figures);
    }
}

static enum status step(struct figures *figures)
{
    int64_t began = clock_monotonic_us(figures->options.clock);
    bool first = tally_fold(figures->tally) == NULL;
    unsigned changes = 0;
    enum status status = tally_step(figures->tally, FIGURES_STEP_ENTRIES,
                                    &changes, &figures->more);
    int64_t spent = clock_monotonic_us(figures->options.clock) - began;

    if (first && status == STATUS_OK) {
        log_info("figures begin",
                 log_number("entries", (int64_t)tally_begun(figures->tally)));
    }
    figures->documents -= spent / (FIGURES_SHARE - 1);
    if (figures->documents < 0 || !figures->more) {
        figures->documents = 0;
    }
    if (status == STATUS_OK) {
        publish(figures, changes);
    }
    return status;
}

static bool has_order(struct figures *figures)
{
    bool has;

    lock(figures);
    has = figures->made < figures->ordered;
    unlock(figures);
    return has;
}

static enum status answer_order(struct figures *figures,
                                struct figures_answer *answer)
{
    struct documents_source source = {.province = figures->province,
                                      .tally = figures->tally,
                                      .keys = figures->options.keys};
    enum status status = STATUS_OK;

    memset(&answer->made, 0, sizeof answer->made);
    answer->later = !tally_complete(figures->tally);
    if (!answer->later) {
        status = documents_make(&source, &answer->order, &answer->made);
    }
    if (status == STATUS_OK) {
        lock(figures);
        figures->made++;
        figures->progress++;
        unlock(figures);
        signal_caller(figures);
    }
    return status;
}

/* What is ordered, unless documents have had their share. All at once: what
 * they have in common is then made once (registers.h). */
static enum status answer_orders(struct figures *figures)
{
    int64_t began = clock_monotonic_us(figures->options.clock);
    enum status status = STATUS_OK;

    if (figures->documents > 0 && figures->more) {
        return STATUS_OK;
    }
    for (unsigned i = 0;
         i < FIGURES_ORDERS_MAX && status == STATUS_OK && has_order(figures);
         i++) {
        status = answer_order(
            figures, &figures->ring[figures->made % FIGURES_ORDERS_MAX]);
    }
    figures->documents = clock_monotonic_us(figures->options.clock) - began;
    return status;
}

/* Waits for a change; false when there was none until then. */
static bool wait_until(struct figures *figures, const struct timespec *until)
{
    int rc = pthread_cond_timedwait(&figures->changed, &figures->lock, until);

    check(rc == 0 || rc == ETIMEDOUT);
    return rc == 0;
}

static struct timespec in_seconds(time_t seconds)
{
    struct timespec moment;

    check(clock_gettime(CLOCK_MONOTONIC, &moment) == 0);
    moment.tv_sec += seconds;
    return moment;
}

/* A cold file is missing: what was folded is of no use, and nothing is known
 * before the file is back. Everything else goes on meanwhile. */
static enum status begin_again(struct figures *figures)
{
    tally_forget(figures->tally);
    figures->away = true;
    lock(figures);
    figures->state.complete = false;
    unlock(figures);
    return STATUS_OK;
}

/* Sleeps until there is something to do, if only to save the state or to look
 * for a file that was missing. False: it is to end. */
static bool wait_for_work(struct figures *figures)
{
    bool away = figures->away;
    bool due = away || tally_due(figures->tally, TALLY_IDLE);
    struct timespec until = in_seconds(away ? FIGURES_AWAY_S : FIGURES_IDLE_S);
    bool stop;

    lock(figures);
    figures->idle = true;
    while (!figures->stop && (away || (!figures->awake && !figures->more &&
                                       figures->made == figures->ordered))) {
        if (!due) {
            check(pthread_cond_wait(&figures->changed, &figures->lock) == 0);
        } else if (!wait_until(figures, &until)) {
            break;
        }
    }
    figures->idle = false;
    figures->more = figures->more || figures->awake || away;
    figures->awake = false;
    stop = figures->stop;
    unlock(figures);
    figures->away = false;
    return !stop;
}

/* What goes wrong is logged, and costs nothing but time after a start. */
static void save_when(struct figures *figures, enum tally_occasion occasion)
{
    if (tally_due(figures->tally, occasion)) {
        (void)tally_save(figures->tally, NULL);
    }
}

static void *work(void *argument)
{
    struct figures *figures = argument;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && wait_for_work(figures)) {
        if (figures->more) {
            status = step(figures);
            if (status == STATUS_OK) {
                save_when(figures, TALLY_UNDER_LOAD);
            }
        } else if (!has_order(figures)) {
            save_when(figures, TALLY_IDLE);
        }
        if (status == STATUS_OK) {
            status = answer_orders(figures);
        }
        if (status == STATUS_AWAY) {
            status = begin_again(figures);
        }
    }
    if (status == STATUS_OK) {
        save_when(figures, TALLY_STOPPING);
    } else {
        log_error("figures cannot be computed", log_status("status", status));
        lock(figures);
        figures->state.status = status;
        figures->idle = true;
        unlock(figures);
        signal_caller(figures);
    }
    return NULL;
}

/* ---- the caller's side ---- */

/* Signals are for the thread that serves. */
static enum status start_thread(struct figures *figures)
{
    sigset_t all, before;

    check(sigfillset(&all) == 0);
    check(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    figures->running =
        pthread_create(&figures->thread, NULL, work, figures) == 0;
    check(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return figures->running ? STATUS_OK : STATUS_IO;
}

/* Idle time is no matter of the day's clock. */
static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    check(pthread_condattr_init(&attributes) == 0);
    check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(condition, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
}

enum status figures_open(const struct figures_options *options,
                         struct figures **figures)
{
    struct figures *self = calloc(1, sizeof *self);
    struct tally_progress progress = {.owner = self, .folded = note_progress};
    enum status status;

    *figures = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->options = *options;
    self->awake = true;
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    init_condition(&self->changed);
    self->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    status = self->descriptor < 0 ? STATUS_IO : STATUS_OK;
    if (status == STATUS_OK) {
        status = province_open(options->ledger, &self->province);
    }
    if (status == STATUS_OK) {
        status =
            tally_open(options->ledger, self->province, progress, &self->tally);
    }
    if (status == STATUS_OK) {
        if (options->state != NULL) {
            tally_keep_in(self->tally, options->state);
        }
        status = start_thread(self);
    }
    if (status != STATUS_OK) {
        figures_close(&self);
    }
    *figures = self;
    return status;
}

static void release(struct figures *figures)
{
    while (figures->taken < figures->made) {
        struct figures_answer *answer =
            &figures->ring[figures->taken++ % FIGURES_ORDERS_MAX];

        documents_made_fini(&answer->made);
    }
}

void figures_close(struct figures **figures)
{
    struct figures *self = *figures;

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
    release(self);
    tally_close(&self->tally);
    province_close(&self->province);
    if (self->descriptor >= 0) {
        (void)close(self->descriptor);
    }
    (void)pthread_cond_destroy(&self->changed);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
    *figures = NULL;
}

int figures_descriptor(const struct figures *figures)
{
    return figures == NULL ? -1 : figures->descriptor;
}

void figures_wake(struct figures *figures)
{
    lock(figures);
    figures->awake = true;
    check(pthread_cond_signal(&figures->changed) == 0);
    unlock(figures);
}

void figures_state(struct figures *figures, struct figures_state *state)
{
    uint64_t count;

    /* Emptied first: what is signalled later is of a later state. */
    (void)!read(figures->descriptor, &count, sizeof count);
    lock(figures);
    *state = figures->state;
    unlock(figures);
}

bool figures_alive(struct figures *figures)
{
    bool alive;

    lock(figures);
    alive = figures->idle || figures->progress != figures->progress_seen;
    figures->progress_seen = figures->progress;
    unlock(figures);
    return alive;
}

bool figures_order(struct figures *figures, const struct documents_order *order,
                   uint64_t *ticket)
{
    bool room;

    lock(figures);
    room = figures->ordered - figures->taken < FIGURES_ORDERS_MAX;
    if (room) {
        struct figures_answer *answer =
            &figures->ring[figures->ordered++ % FIGURES_ORDERS_MAX];

        answer->order = *order;
        answer->ticket = figures->ordered;
        *ticket = answer->ticket;
        check(pthread_cond_signal(&figures->changed) == 0);
    }
    unlock(figures);
    return room;
}

bool figures_take(struct figures *figures, struct figures_answer *answer)
{
    bool found;

    lock(figures);
    found = figures->taken < figures->made;
    if (found) {
        *answer = figures->ring[figures->taken++ % FIGURES_ORDERS_MAX];
    }
    unlock(figures);
    return found;
}
