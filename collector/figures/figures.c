/* The thread goes round: a step of the fold, then orders and questions if their
 * share of the time allows, then the state for the others to see; without any
 * of it it sleeps. */
#include "collector/figures/figures_private.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

void figures_lock(struct figures *figures)
{
    check(pthread_mutex_lock(&figures->lock) == 0);
}

void figures_unlock(struct figures *figures)
{
    check(pthread_mutex_unlock(&figures->lock) == 0);
}

/* The thread has got on. */
static void get_on(struct figures *figures)
{
    figures_lock(figures);
    figures->progress++;
    figures_unlock(figures);
}

int64_t figures_spent(struct figures *figures, enum figures_work work,
                      int64_t began)
{
    int64_t spent = clock_monotonic_us(figures->options.clock) - began;

    figures_lock(figures);
    figures->state.spent_us[work] += (uint64_t)spent;
    figures->progress++;
    figures_unlock(figures);
    return spent;
}

/* ---- the thread ---- */

/* Folding, reading or saving goes on. */
static void note_progress(void *owner, uint64_t done, uint64_t entries)
{
    struct figures *figures = owner;

    (void)done;
    (void)entries;
    get_on(figures);
}

/* Puts the thread's state where the others see it. */
static void publish(struct figures *figures, unsigned changes)
{
    struct figures_state *state = &figures->state;
    bool complete = tally_complete(figures->tally);
    uint64_t before = state->position;

    figures_lock(figures);
    if (changes != CONTEXT_CHANGED_NOTHING || (complete && !state->complete)) {
        state->generation++;
    }
    state->position = tally_position(figures->tally);
    state->complete = complete;
    state->behind = figures->more;
    state->registers = registers_revision(tally_registers(figures->tally));
    figures->progress++;
    figures_unlock(figures);
    /* While there is more, whoever brings it looks in any case. */
    if (complete && !figures->more && state->position != before) {
        figures_signal(figures);
    }
}

static enum status step(struct figures *figures)
{
    int64_t began = clock_monotonic_us(figures->options.clock);
    bool first = tally_fold(figures->tally) == NULL;
    unsigned changes = 0;
    enum status status = tally_step(figures->tally, FIGURES_STEP_ENTRIES,
                                    &changes, &figures->more);
    int64_t spent = figures_spent(figures, FIGURES_FOLDING, began);

    if (first && status == STATUS_OK) {
        log_info("figures begin",
                 log_number("entries", (int64_t)tally_begun(figures->tally)));
    }
    figures->documents -= spent / (FIGURES_SHARE - 1);
    figures->asked -= spent / (FIGURES_ASK_SHARE - 1);
    figures->saving -= spent / (FIGURES_SAVE_SHARE - 1);
    if (figures->documents < 0 || !figures->more) {
        figures->documents = 0;
    }
    if (figures->asked < 0 || !figures->more) {
        figures->asked = 0;
    }
    if (status == STATUS_OK) {
        publish(figures, changes);
    }
    return status;
}

/* figures_view's: figures are read at a position, not between two steps. */
static enum status settle(void *owner)
{
    struct figures *figures = owner;

    if (!figures->settled) {
        figures->settling = tally_settle(figures->tally);
        figures->settled = true;
    }
    return figures->settling;
}

/* Those that wait, unless questions have had their share. */
static enum status answer_questions(struct figures *figures)
{
    int64_t began = clock_monotonic_us(figures->options.clock);
    const struct figures_view view = {.tally = figures->tally,
                                      .province = figures->province,
                                      .ledger = figures->options.ledger,
                                      .complete =
                                          tally_complete(figures->tally),
                                      .generation = figures->state.generation,
                                      .settle = settle,
                                      .owner = figures};

    int64_t now = began;

    figures->settled = false;
    figures->settling = STATUS_OK;
    /* One after the other, so that neither the fold nor the beat waits for
     * more than one; the debt of a long one is bounded. */
    for (unsigned i = 0; i < QUESTIONS_MAX && figures->settling == STATUS_OK &&
                         (figures->asked <= 0 || !figures->more) &&
                         now - began < FIGURES_ASK_US_MAX &&
                         questions_answer(figures->questions, &view);
         i++) {
        int64_t spent = figures_spent(figures, FIGURES_ANSWERING, now);

        now += spent;
        figures->asked += spent;
        if (figures->asked > FIGURES_DEBT_US) {
            figures->asked = FIGURES_DEBT_US;
        }
    }
    return figures->settling;
}

/* A cold file is missing: what was folded is of no use, and nothing is known
 * before the file is back. Everything else goes on meanwhile. */
static enum status begin_again(struct figures *figures)
{
    tally_forget(figures->tally);
    figures->away = true;
    figures_lock(figures);
    figures->state.complete = false;
    figures_unlock(figures);
    return STATUS_OK;
}

/* Sleeps until there is something to do, if only to save the state or to look
 * for a file that was missing. False: it is to end. */
static bool wait_for_work(struct figures *figures)
{
    bool away = figures->away;
    bool saving = tally_saving(figures->tally);
    bool due = away || saving || tally_due(figures->tally, TALLY_IDLE);
    int64_t wait_ms = away     ? FIGURES_AWAY_S * 1000
                      : saving ? FIGURES_SAVING_MS
                               : FIGURES_IDLE_S * 1000;
    bool stop;

    figures_lock(figures);
    figures->idle = true;
    while (!figures->stop && (away || (!figures->awake && !figures->more &&
                                       figures->made == figures->ordered &&
                                       !questions_wait(figures->questions)))) {
        if (!due) {
            check(pthread_cond_wait(&figures->changed, &figures->lock) == 0);
        } else if (!thread_wait(&figures->changed, &figures->lock, wait_ms)) {
            break;
        }
    }
    figures->idle = false;
    figures->more = figures->more || figures->awake || away;
    figures->awake = false;
    stop = figures->stop;
    figures_unlock(figures);
    figures->away = false;
    return !stop;
}

/* What goes wrong is logged, and costs nothing but time after a start. */
static void save_when(struct figures *figures, enum tally_occasion occasion)
{
    int64_t began = clock_monotonic_us(figures->options.clock);

    if (tally_saving(figures->tally) && occasion != TALLY_STOPPING) {
        tally_save_look(figures->tally);
    } else if (tally_due(figures->tally, occasion) &&
               (figures->saving <= 0 || occasion != TALLY_UNDER_LOAD)) {
        (void)tally_save_start(figures->tally, NULL);
        figures->saving = figures_spent(figures, FIGURES_SAVING, began);
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
        } else if (!figures_has_order(figures) &&
                   !questions_wait(figures->questions)) {
            save_when(figures, TALLY_IDLE);
        }
        if (status == STATUS_OK) {
            status = figures_answer_orders(figures);
        }
        if (status == STATUS_OK) {
            status = answer_questions(figures);
        }
        if (status == STATUS_AWAY) {
            status = begin_again(figures);
        }
    }
    if (status == STATUS_OK) {
        save_when(figures, TALLY_STOPPING);
    } else {
        log_error("figures cannot be computed", log_status("status", status));
        figures_lock(figures);
        figures->state.status = status;
        figures->idle = true;
        figures_unlock(figures);
        figures_signal(figures);
    }
    return NULL;
}

/* ---- the caller's side ---- */

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
    thread_condition_init(&self->changed);
    self->questions = questions_new();
    self->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    status = self->questions == NULL ? STATUS_MEMORY
             : self->descriptor < 0  ? STATUS_IO
                                     : STATUS_OK;
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
        status = thread_start(&self->thread, work, self);
        self->running = status == STATUS_OK;
    }
    if (status != STATUS_OK) {
        figures_close(&self);
    }
    *figures = self;
    return status;
}

void figures_close(struct figures **figures)
{
    struct figures *self = *figures;

    if (self == NULL) {
        return;
    }
    if (self->running) {
        figures_lock(self);
        self->stop = true;
        check(pthread_cond_signal(&self->changed) == 0);
        figures_unlock(self);
        check(pthread_join(self->thread, NULL) == 0);
    }
    figures_release_orders(self);
    questions_free(&self->questions);
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
    figures_lock(figures);
    figures->awake = true;
    check(pthread_cond_signal(&figures->changed) == 0);
    figures_unlock(figures);
}

void figures_state(struct figures *figures, struct figures_state *state)
{
    uint64_t count;

    /* Emptied first: what is signalled later is of a later state. */
    (void)!read(figures->descriptor, &count, sizeof count);
    figures_lock(figures);
    *state = figures->state;
    figures_unlock(figures);
}

void figures_look(struct figures *figures, struct figures_state *state)
{
    figures_lock(figures);
    *state = figures->state;
    figures_unlock(figures);
}

bool figures_ask(struct figures *figures,
                 const struct figures_question *question)
{
    bool taken;

    figures_lock(figures);
    taken = figures->state.status == STATUS_OK && !figures->stop &&
            questions_put(figures->questions, question);
    check(pthread_cond_signal(&figures->changed) == 0);
    figures_unlock(figures);
    return taken;
}

bool figures_alive(struct figures *figures)
{
    bool alive;

    figures_lock(figures);
    alive = figures->idle || figures->progress != figures->progress_seen;
    figures->progress_seen = figures->progress;
    figures_unlock(figures);
    return alive;
}
