/* The slots are a ring. `made` counts the entries that were made ready since
 * the beginning of time and `given` those that left: what lies between them
 * waits, and the AHEAD_KEPT before `given` may still be looked at. All other
 * slots are the thread's, or nobody's. */
#include "collector/figures/ahead.h"

#include "collector/figures/batch_cache.h"
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/batch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct slot {
    struct ahead_batch batch;
    enum status status;
};

struct ahead {
    struct ledger *ledger; /* borrowed */
    pthread_t thread;
    bool started;

    /* from ahead_begin() to ahead_end() the thread's, if it works */
    struct ledger_snapshot *snapshot;
    struct ahead_work work;
    struct batch_cache *unpacked;

    pthread_mutex_t lock; /* over all below, but for what lies in a slot */
    pthread_cond_t room, ready;
    bool stop;
    bool works; /* the thread; else the caller */
    bool busy;  /* making one just now */
    uint64_t next, end;
    uint64_t made, given;
    struct slot slots[AHEAD_SLOTS];
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

static enum status make_events(struct ahead *ahead, struct ahead_batch *batch,
                               const struct batch_view *view)
{
    const struct entry *entry = &batch->entry;
    int64_t received_at = (entry->flags & ENTRY_FLAG_CLOCK_STEPPED) != 0
                              ? FOLD_RECEIVED_UNKNOWN
                              : entry->received_at;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < entry->count && status == STATUS_OK; i++) {
        uint64_t id = id60_make(entry->agent_number, entry->epoch_ordinal,
                                (uint32_t)(entry->first_seq + i));

        batch_view_event(view, i, &batch->events[i]);
        fold_judge_event(ahead->work.judge, id, received_at, &batch->events[i],
                         &batch->verdicts[i]);
    }
    if (status == STATUS_OK) {
        status =
            registers_events(ahead->work.registers, batch->verdicts[0].event,
                             batch->events, entry->count);
    }
    return status;
}

static void make(struct ahead *ahead, uint64_t index, struct slot *slot)
{
    const struct ahead_look *look = &ahead->work.look;
    const struct batch_view *view = NULL;
    struct entry *entry = &slot->batch.entry;
    struct ahead_read read = {.index = index, .entry = entry, .readable = true};

    read.status = ledger_entry(ahead->snapshot, index, entry);
    if (read.status != STATUS_OK) {
        read.entry = NULL;
    } else if (entry->kind == ENTRY_BATCH || look->read != NULL) {
        read.status = ledger_bytes(ahead->snapshot, entry, &read.bytes);
    }
    slot->status = read.status;
    if (slot->status == STATUS_OK && entry->kind == ENTRY_BATCH) {
        slot->status =
            batch_cache_put(ahead->unpacked, entry, read.bytes, &view);
    } else if (slot->status == STATUS_ERASED && entry->kind == ENTRY_BATCH) {
        slot->status = batch_cache_put_erased(ahead->unpacked, ahead->snapshot,
                                              entry, &view);
    }
    if (look->read != NULL) {
        read.readable = view == NULL || batch_view_readable(view);
        if (!look->read(look->owner, &read) && slot->status == STATUS_OK) {
            slot->status = STATUS_CORRUPT;
        }
    }
    if (slot->status == STATUS_OK && view != NULL) {
        slot->status = make_events(ahead, &slot->batch, view);
    }
}

static bool has_room(const struct ahead *ahead)
{
    return ahead->made - ahead->given < AHEAD_SLOTS - AHEAD_KEPT;
}

static void *run(void *argument)
{
    struct ahead *ahead = argument;

    lock(ahead);
    while (!ahead->stop) {
        struct slot *slot = &ahead->slots[ahead->made % AHEAD_SLOTS];
        uint64_t index = ahead->next;

        if (!ahead->works || index == ahead->end || !has_room(ahead)) {
            check(pthread_cond_wait(&ahead->room, &ahead->lock) == 0);
            continue;
        }
        ahead->busy = true;
        unlock(ahead);
        make(ahead, index, slot);
        lock(ahead);
        ahead->busy = false;
        ahead->next++;
        ahead->made++;
        if (slot->status != STATUS_OK) {
            ahead->end = ahead->next;
        }
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
    ahead->unpacked = batch_cache_new(1);
    for (size_t i = 0; i < AHEAD_SLOTS; i++) {
        struct ahead_batch *batch = &ahead->slots[i].batch;

        /* Pages that are never needed are never there. */
        batch->events = calloc(BATCH_EVENTS_MAX, sizeof *batch->events);
        batch->verdicts = calloc(BATCH_EVENTS_MAX, sizeof *batch->verdicts);
        if (batch->events == NULL || batch->verdicts == NULL) {
            return false;
        }
    }
    return ahead->unpacked != NULL;
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
    for (size_t i = 0; i < AHEAD_SLOTS; i++) {
        free(self->slots[i].batch.events);
        free(self->slots[i].batch.verdicts);
    }
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
    ahead->work = *work;
    ahead->next = work->from;
    ahead->end = work->to;
    ahead->works = ahead->started && long_enough;
    check(pthread_cond_signal(&ahead->room) == 0);
    unlock(ahead);
    return STATUS_OK;
}

void ahead_end(struct ahead *ahead)
{
    lock(ahead);
    ahead->end = ahead->next;
    ahead->works = false;
    while (ahead->busy) {
        check(pthread_cond_wait(&ahead->ready, &ahead->lock) == 0);
    }
    ahead->made = ahead->given;
    unlock(ahead);
    ledger_snapshot_close(&ahead->snapshot);
}

enum status ahead_next(struct ahead *ahead, const struct ahead_batch **batch)
{
    struct slot *slot = &ahead->slots[ahead->given % AHEAD_SLOTS];

    lock(ahead);
    if (!ahead->works) {
        check(ahead->next < ahead->end);
        make(ahead, ahead->next++, slot);
        ahead->made++;
    }
    while (ahead->made == ahead->given) {
        check(ahead->next < ahead->end);
        check(pthread_cond_wait(&ahead->ready, &ahead->lock) == 0);
    }
    ahead->given++;
    check(pthread_cond_signal(&ahead->room) == 0);
    unlock(ahead);
    *batch = &slot->batch;
    return slot->status;
}

const struct ahead_batch *ahead_find(const struct ahead *ahead, uint64_t index)
{
    uint64_t kept = ahead->given < AHEAD_KEPT ? ahead->given : AHEAD_KEPT;

    for (uint64_t i = 1; i <= kept; i++) {
        const struct slot *slot =
            &ahead->slots[(ahead->given - i) % AHEAD_SLOTS];

        if (slot->status == STATUS_OK &&
            slot->batch.entry.kind == ENTRY_BATCH &&
            slot->batch.entry.index == index) {
            return &slot->batch;
        }
    }
    return NULL;
}
