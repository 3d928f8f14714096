/* Slots and pieces are rings. `made` counts the entries that were made ready
 * since the beginning of time and `given` those that left, with their first
 * piece: what lies between them waits, and the AHEAD_KEPT before `given` may
 * still be looked at. All other slots are the thread's, or nobody's. Pieces are
 * counted in the same way, and the one that was given last is still read. */
#include "collector/figures/ahead.h"

#include "collector/figures/batch_cache.h"
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/batch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct slot {
    struct entry entry;
    const struct batch_view *view; /* NULL: it has no events */
    enum status status;
};

struct piece {
    struct ahead_piece piece;
    enum status status;
};

struct ahead {
    struct ledger *ledger; /* borrowed */
    pthread_t thread;
    bool started;

    /* from ahead_begin() to ahead_end() the thread's, if it works */
    struct ledger_snapshot *snapshot;
    struct ahead_work work;
    struct batch_cache *unpacked; /* has a place for each slot */
    uint32_t done;                /* events of the entry that is being made */

    struct event *events; /* of all pieces */
    struct fold_verdict *verdicts;

    pthread_mutex_t lock; /* over all below, but for what lies in the rings */
    pthread_cond_t room, ready;
    bool stop;
    bool works; /* the thread; else the caller */
    bool busy;  /* making one just now */
    uint64_t next, end;
    uint64_t made, given;
    uint64_t pieces_made, pieces_given;
    uint64_t kept_from; /* what was given before is of another stretch */
    uint64_t stands_at; /* index behind the last that was given whole */
    struct slot slots[AHEAD_SLOTS];
    struct piece pieces[AHEAD_PIECES];
};

static void lock(struct ahead *ahead)
{
    check(pthread_mutex_lock(&ahead->lock) == 0);
}

static void unlock(struct ahead *ahead)
{
    check(pthread_mutex_unlock(&ahead->lock) == 0);
}

/* ---- making ready ---- */

static enum status make_events(struct ahead *ahead, const struct slot *slot,
                               const struct ahead_piece *piece)
{
    const struct entry *entry = piece->entry;
    int64_t received_at = (entry->flags & ENTRY_FLAG_CLOCK_STEPPED) != 0
                              ? FOLD_RECEIVED_UNKNOWN
                              : entry->received_at;
    uint64_t first = id60_make(entry->agent_number, entry->epoch_ordinal,
                               (uint32_t)(entry->first_seq + piece->first));

    for (uint32_t i = 0; i < piece->count; i++) {
        batch_view_event(slot->view, piece->first + i, &piece->events[i]);
        fold_judge_event(ahead->work.judge, first + i, received_at,
                         &piece->events[i], &piece->verdicts[i]);
    }
    return ahead->work.registers == NULL || piece->count == 0
               ? STATUS_OK
               : registers_events(ahead->work.registers, first, piece->events,
                                  piece->count);
}

static void open_entry(struct ahead *ahead, uint64_t index, struct slot *slot)
{
    const struct ahead_look *look = &ahead->work.look;
    struct entry *entry = &slot->entry;
    struct ahead_read read = {.index = index, .entry = entry, .readable = true};

    slot->view = NULL;
    read.status = ledger_entry(ahead->snapshot, index, entry);
    if (read.status != STATUS_OK) {
        read.entry = NULL;
    } else if (entry->kind == ENTRY_BATCH || look->read != NULL) {
        read.status = ledger_bytes(ahead->snapshot, entry, &read.bytes);
    }
    slot->status = read.status;
    if (slot->status == STATUS_OK && entry->kind == ENTRY_BATCH) {
        slot->status =
            batch_cache_put(ahead->unpacked, entry, read.bytes, &slot->view);
    } else if (slot->status == STATUS_ERASED && entry->kind == ENTRY_BATCH) {
        slot->status = batch_cache_put_erased(ahead->unpacked, ahead->snapshot,
                                              entry, &slot->view);
    }
    if (look->read != NULL) {
        read.readable = slot->view == NULL || batch_view_readable(slot->view);
        if (!look->read(look->owner, &read) && slot->status == STATUS_OK) {
            slot->status = STATUS_CORRUPT;
        }
    }
}

/* The next piece of the entry that is being made, or the first of the next. */
static void make(struct ahead *ahead)
{
    struct slot *slot = &ahead->slots[ahead->made % AHEAD_SLOTS];
    struct piece *made = &ahead->pieces[ahead->pieces_made % AHEAD_PIECES];
    struct ahead_piece *piece = &made->piece;
    uint32_t left = 0;

    if (ahead->done == 0) {
        open_entry(ahead, ahead->next, slot);
    }
    if (slot->status == STATUS_OK && slot->view != NULL) {
        left = slot->entry.count - ahead->done;
    }
    piece->entry = &slot->entry;
    piece->first = ahead->done;
    piece->count = left < AHEAD_PIECE_EVENTS ? left : AHEAD_PIECE_EVENTS;
    made->status = slot->status;
    if (made->status == STATUS_OK && piece->count > 0) {
        made->status = make_events(ahead, slot, piece);
    }
    piece->last = piece->count == left || made->status != STATUS_OK;
    ahead->done = piece->last ? 0 : piece->first + piece->count;
}

/* It was made. */
static void pass_on(struct ahead *ahead)
{
    const struct piece *made =
        &ahead->pieces[ahead->pieces_made % AHEAD_PIECES];

    ahead->pieces_made++;
    if (made->piece.last) {
        ahead->made++;
        ahead->next++;
    }
    if (made->status != STATUS_OK) {
        ahead->end = ahead->next;
    }
}

static bool has_room(const struct ahead *ahead)
{
    return ahead->pieces_made - ahead->pieces_given < AHEAD_PIECES - 1 &&
           (ahead->done != 0 ||
            ahead->made - ahead->given < AHEAD_SLOTS - AHEAD_KEPT);
}

static bool has_to_wait(const struct ahead *ahead)
{
    return !ahead->works || ahead->next == ahead->end || !has_room(ahead);
}

/* Instead of waiting. The lock is held, and is given up meanwhile. */
static bool help(struct ahead *ahead)
{
    struct ahead_look look = ahead->work.look;
    bool helped;

    if (!ahead->works || look.help == NULL) {
        return false;
    }
    unlock(ahead);
    helped = look.help(look.owner);
    lock(ahead);
    return helped;
}

static void *run(void *argument)
{
    struct ahead *ahead = argument;
    bool helped;

    lock(ahead);
    while (!ahead->stop) {
        if (has_to_wait(ahead)) {
            ahead->busy = true;
            helped = help(ahead);
            ahead->busy = false;
            check(pthread_cond_signal(&ahead->ready) == 0);
            if (!helped && has_to_wait(ahead)) {
                check(pthread_cond_wait(&ahead->room, &ahead->lock) == 0);
            }
            continue;
        }
        ahead->busy = true;
        unlock(ahead);
        make(ahead);
        lock(ahead);
        ahead->busy = false;
        pass_on(ahead);
        check(pthread_cond_signal(&ahead->ready) == 0);
    }
    unlock(ahead);
    return NULL;
}

/* ---- the caller's side ---- */

/* Signals are for the thread that serves. */
static void start_thread(struct ahead *ahead)
{
    sigset_t all, before;

    check(sigfillset(&all) == 0);
    check(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    ahead->started = pthread_create(&ahead->thread, NULL, run, ahead) == 0;
    check(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

static bool allocate(struct ahead *ahead)
{
    size_t count = (size_t)AHEAD_PIECES * AHEAD_PIECE_EVENTS;

    ahead->unpacked = batch_cache_new(AHEAD_SLOTS);
    ahead->events = calloc(count, sizeof *ahead->events);
    ahead->verdicts = calloc(count, sizeof *ahead->verdicts);
    if (ahead->unpacked == NULL || ahead->events == NULL ||
        ahead->verdicts == NULL) {
        return false;
    }
    for (size_t i = 0; i < AHEAD_PIECES; i++) {
        struct ahead_piece *piece = &ahead->pieces[i].piece;

        piece->events = ahead->events + i * AHEAD_PIECE_EVENTS;
        piece->verdicts = ahead->verdicts + i * AHEAD_PIECE_EVENTS;
    }
    return true;
}

enum status ahead_new(struct ledger *ledger, struct ahead **ahead)
{
    struct ahead *self = calloc(1, sizeof *self);

    *ahead = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->ledger = ledger;
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    check(pthread_cond_init(&self->room, NULL) == 0);
    check(pthread_cond_init(&self->ready, NULL) == 0);
    if (!allocate(self)) {
        ahead_free(ahead);
        return STATUS_MEMORY;
    }
    return STATUS_OK;
}

void ahead_free(struct ahead **ahead)
{
    struct ahead *self = *ahead;

    if (self == NULL) {
        return;
    }
    if (self->started) {
        lock(self);
        self->stop = true;
        check(pthread_cond_signal(&self->room) == 0);
        unlock(self);
        check(pthread_join(self->thread, NULL) == 0);
    }
    check(self->snapshot == NULL);
    batch_cache_free(&self->unpacked);
    free(self->events);
    free(self->verdicts);
    (void)pthread_cond_destroy(&self->ready);
    (void)pthread_cond_destroy(&self->room);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
    *ahead = NULL;
}

enum status ahead_begin(struct ahead *ahead, const struct ahead_work *work)
{
    enum status status;
    bool long_enough;

    check(ahead->snapshot == NULL && work->from <= work->to);
    long_enough = work->to - work->from >= AHEAD_ENTRIES_MIN;
    /* Its own: a snapshot is for one thread. */
    status = ledger_snapshot_open(ahead->ledger, &ahead->snapshot);
    if (status != STATUS_OK) {
        return status;
    }
    if (!ahead->started && long_enough) {
        start_thread(ahead);
    }
    lock(ahead);
    if (work->from != ahead->stands_at) {
        ahead->kept_from = ahead->given;
    }
    ahead->work = *work;
    ahead->next = work->from;
    ahead->stands_at = work->from;
    ahead->end = work->to;
    ahead->works = ahead->started && long_enough;
    check(pthread_cond_signal(&ahead->room) == 0);
    unlock(ahead);
    return STATUS_OK;
}

void ahead_end(struct ahead *ahead)
{
    lock(ahead);
    ahead->works = false;
    while (ahead->busy) {
        check(pthread_cond_wait(&ahead->ready, &ahead->lock) == 0);
    }
    ahead->end = ahead->next;
    ahead->done = 0;
    ahead->made = ahead->given;
    ahead->pieces_made = ahead->pieces_given;
    unlock(ahead);
    ledger_snapshot_close(&ahead->snapshot);
}

/* The thread is woken when half of the ring is free, not for each piece. */
static void give(struct ahead *ahead, const struct ahead_piece *piece)
{
    ahead->pieces_given++;
    ahead->given += piece->first == 0;
    ahead->stands_at += piece->last;
    if (ahead->pieces_made - ahead->pieces_given <= AHEAD_PIECES / 2) {
        check(pthread_cond_signal(&ahead->room) == 0);
    }
}

enum status ahead_next(struct ahead *ahead, const struct ahead_piece **piece)
{
    const struct piece *next =
        &ahead->pieces[ahead->pieces_given % AHEAD_PIECES];

    lock(ahead);
    if (!ahead->works) {
        check(ahead->next < ahead->end);
        make(ahead);
        pass_on(ahead);
    }
    while (ahead->pieces_made == ahead->pieces_given) {
        check(ahead->next < ahead->end);
        if (!help(ahead) && ahead->pieces_made == ahead->pieces_given) {
            check(pthread_cond_wait(&ahead->ready, &ahead->lock) == 0);
        }
    }
    give(ahead, &next->piece);
    unlock(ahead);
    *piece = &next->piece;
    return next->status;
}

bool ahead_event(const struct ahead *ahead, uint64_t index, uint32_t place,
                 struct event *event)
{
    uint64_t kept = ahead->given - ahead->kept_from;

    for (uint64_t i = 1; i <= kept && i <= AHEAD_KEPT; i++) {
        const struct slot *slot =
            &ahead->slots[(ahead->given - i) % AHEAD_SLOTS];

        if (slot->entry.index == index && slot->status == STATUS_OK &&
            slot->view != NULL) {
            batch_view_event(slot->view, place, event);
            return true;
        }
    }
    return false;
}
