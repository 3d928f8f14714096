/* Control entries of the stretch come first, then its events (D8: every event
 * of a prefix is judged by the control entries of that same prefix). */
#include "collector/figures/tally.h"

#include "collector/figures/batch_cache.h"
#include "collector/figures/tally_private.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/event/reference.h"

#include <stdlib.h>
#include <string.h>

/* Long enough before an event to get its memory in time. */
#define EXPECTED 8u
/* Batches that a correction may go back to and that were given long ago. */
#define LOOK_UPS 16u

/* fold_source: an event by its id. The fold asks while it is fed, and only for
 * what it was given before, so nothing beyond the prefix is seen (I4). */
static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    struct tally *tally = owner;
    const struct batch_view *view = NULL;
    struct entry entry;
    uint32_t place;
    enum status status;

    check(tally->snapshot != NULL);
    status = ledger_find_event(tally->snapshot, id60_agent(id), id60_epoch(id),
                               id60_number(id), &entry);
    if (status != STATUS_OK) {
        return status;
    }
    place = (uint32_t)(id60_number(id) - entry.first_seq);
    /* What is corrected has mostly just been folded. */
    if (ahead_event(tally->ahead, entry.index, place, event)) {
        return STATUS_OK;
    }
    status = batch_cache_get(tally->look_ups, tally->snapshot, &entry, &view);
    if (status == STATUS_OK) {
        batch_view_event(view, place, event);
    }
    return status;
}

enum status tally_open(struct ledger *ledger, struct province *province,
                       struct tally_progress progress, struct tally **tally)
{
    struct tally *self = calloc(1, sizeof *self);
    enum status status;

    *tally = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->ledger = ledger;
    self->province = province;
    self->progress = progress;
    status = ahead_new(ledger, &self->ahead);
    self->look_ups = batch_cache_new(LOOK_UPS);
    if (status == STATUS_OK && self->look_ups == NULL) {
        status = STATUS_MEMORY;
    }
    if (status != STATUS_OK) {
        tally_close(tally);
    }
    return status;
}

void tally_close(struct tally **tally)
{
    if (*tally == NULL) {
        return;
    }
    tally_save_finish(*tally);
    fold_free(&(*tally)->fold);
    fold_judge_free(&(*tally)->judge);
    registers_free(&(*tally)->registers);
    ahead_free(&(*tally)->ahead);
    batch_cache_free(&(*tally)->look_ups);
    free(*tally);
    *tally = NULL;
}

/* ---- folding ---- */

void tally_look(struct tally *tally, struct ahead_look look)
{
    check(tally->fold == NULL);
    tally->look = look;
}

void tally_without_registers(struct tally *tally)
{
    check(tally->fold == NULL);
    tally->no_registers = true;
}

static void note_last(struct tally *tally, const struct entry *entry)
{
    uint8_t record[ENTRY_BYTES];

    entry_write(entry, record);
    digest_bytes((struct bytes){.data = record, .size = sizeof record},
                 &tally->last);
}

void tally_forget(struct tally *tally)
{
    tally_save_drop(tally);
    fold_free(&tally->fold);
    fold_judge_free(&tally->judge);
    registers_free(&tally->registers);
    tally->position = 0;
    tally->saved_events = 0;
    memset(&tally->last, 0, sizeof tally->last);
}

static enum status begin_from_nothing(struct tally *tally)
{
    const struct context *context = province_context(tally->province);
    struct fold_source source = {.owner = tally, .fetch = fetch};
    enum status status;

    status = fold_judge_new(context, &tally->judge);
    if (status == STATUS_OK) {
        status = fold_new(context, source, &tally->fold);
    }
    if (status == STATUS_OK && !tally->no_registers) {
        status = registers_new(&tally->registers);
        if (status == STATUS_OK) {
            status = registers_plans(tally->registers, context);
        }
    }
    return status;
}

/* Begins with the state in the file, if there is one that fits. Anything that
 * is wrong with it costs time, not truth. */
static enum status take_over(struct tally *tally)
{
    struct fold_source source = {.owner = tally, .fetch = fetch};
    struct fold_file file = tally_file(tally);
    struct fold_file_state state;
    struct entry entry;
    enum status status =
        tally->path == NULL
            ? STATUS_NOT_FOUND
            : fold_file_read(&file, province_context(tally->province), source,
                             province_figures(tally->province), &state);

    if (status == STATUS_CORRUPT || status == STATUS_IO) {
        log_warning("the saved state of the figures is damaged",
                    log_text("path", tally->path));
    }
    if (status != STATUS_OK) {
        return begin_from_nothing(tally);
    }
    tally->fold = state.fold;
    if (tally->no_registers) {
        registers_free(&state.registers);
    }
    tally->registers = state.registers;
    tally->position = state.place.position;
    tally->saved_events = tally_events(tally);
    status = ledger_entry(tally->snapshot, tally->position - 1, &entry);
    if (status != STATUS_OK) {
        return status;
    }
    note_last(tally, &entry);
    tally->begun = tally->position;
    return fold_judge_new(province_context(tally->province), &tally->judge);
}

/* What will be looked at soon. */
static inline void expect(const struct fold *fold,
                          const struct ahead_piece *piece, uint32_t i)
{
    if (i + 2 * EXPECTED < piece->count) {
        event_prefetch(&piece->events[i + 2 * EXPECTED]);
    }
    i += EXPECTED;
    if (i < piece->count) {
        fold_expect(fold, &piece->verdicts[i], &piece->events[i]);
    }
}

static enum status fold_events(struct tally *tally,
                               const struct ahead_piece *piece)
{
    uint32_t count = piece->count;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const struct event *event = &piece->events[i];
        const struct fold_verdict *verdict = &piece->verdicts[i];

        expect(tally->fold, piece, i);
        status = fold_judged_event(tally->fold, verdict, event);
        if (status == STATUS_OK && tally->watch.folded != NULL) {
            status = tally->watch.folded(tally->watch.owner, piece->entry,
                                         verdict->result.event, event);
        }
    }
    return status;
}

static enum status fold_piece(struct tally *tally,
                              const struct ahead_piece *piece)
{
    const struct entry *entry = piece->entry;
    bool stepped = (entry->flags & ENTRY_FLAG_CLOCK_STEPPED) != 0;
    enum status status = STATUS_OK;

    if (entry->kind == ENTRY_BATCH && piece->first == 0) {
        status =
            fold_received(tally->fold, entry->agent_number,
                          stepped ? FOLD_RECEIVED_UNKNOWN : entry->received_at);
    }
    return status == STATUS_OK ? fold_events(tally, piece) : status;
}

void tally_watch(struct tally *tally, struct tally_watch watch)
{
    tally->watch = watch;
}

enum status tally_settle_within(struct tally *tally)
{
    return fold_set_position(tally->fold, tally->position + 1);
}

/* The next entry, which is position tally->position. */
static enum status fold_next(struct tally *tally,
                             const struct ahead_piece **piece)
{
    enum status status;

    do {
        status = ahead_next(tally->ahead, piece);
        if (status == STATUS_OK) {
            status = fold_piece(tally, *piece);
        }
    } while (status == STATUS_OK && !(*piece)->last);
    return status == STATUS_OK
               ? fold_pass_position(tally->fold, tally->position + 1)
               : status;
}

/* Folds entries below `size`, at most `most` of them. */
static enum status fold_until(struct tally *tally, uint64_t size, uint64_t most)
{
    uint64_t end =
        size - tally->position > most ? tally->position + most : size;
    struct ahead_work work = {.judge = tally->judge,
                              .registers = tally->registers,
                              .from = tally->position,
                              .to = end,
                              .look = tally->look};
    const struct ahead_piece *piece = NULL;
    enum status status;

    if (tally->position == end) {
        return STATUS_OK;
    }
    status = ahead_begin(tally->ahead, &work);
    if (status != STATUS_OK) {
        return status;
    }
    while (status == STATUS_OK && tally->position < end) {
        status = fold_next(tally, &piece);
        if (status != STATUS_OK) {
            break;
        }
        tally->position++;
        if (tally->position == end) {
            note_last(tally, piece->entry);
        }
        if (tally->progress.folded != NULL) {
            tally->progress.folded(tally->progress.owner, tally->position,
                                   size);
        }
    }
    ahead_end(tally->ahead);
    return status;
}

enum status tally_step(struct tally *tally, uint64_t entries, unsigned *changes,
                       bool *more)
{
    uint64_t size = 0;
    enum status status;

    check(tally->snapshot == NULL);
    status = ledger_snapshot_open(tally->ledger, &tally->snapshot);
    if (status == STATUS_OK) {
        status = province_advance(tally->province, tally->snapshot);
    }
    *changes = province_take_changes(tally->province);
    if (status == STATUS_OK && tally->fold != NULL &&
        (*changes & CONTEXT_CHANGED_FIGURES) != 0) {
        tally_forget(tally);
        status = begin_from_nothing(tally);
    } else if (status == STATUS_OK && tally->fold == NULL) {
        status = take_over(tally);
    }
    if (status == STATUS_OK) {
        size = ledger_snapshot_size(tally->snapshot);
        status = fold_until(tally, size, entries);
    }
    *more = tally->position < size;
    ledger_snapshot_close(&tally->snapshot);
    return status;
}

enum status tally_settle(struct tally *tally)
{
    enum status status;

    check(tally->snapshot == NULL);
    status = ledger_snapshot_open(tally->ledger, &tally->snapshot);
    if (status == STATUS_OK) {
        status = fold_set_position(tally->fold, tally->position);
    }
    ledger_snapshot_close(&tally->snapshot);
    return status;
}

enum status tally_advance(struct tally *tally, unsigned *changes)
{
    bool more;
    enum status status = tally_step(tally, UINT64_MAX, changes, &more);

    return status == STATUS_OK ? fold_set_position(tally->fold, tally->position)
                               : status;
}

bool tally_complete(const struct tally *tally)
{
    return tally->fold != NULL &&
           tally->position >= province_position(tally->province);
}

enum status tally_event(struct tally *tally, uint64_t id, struct event *event)
{
    enum status status;

    check(tally->snapshot == NULL);
    status = ledger_snapshot_open(tally->ledger, &tally->snapshot);
    if (status == STATUS_OK) {
        status = fetch(tally, id, event);
    }
    ledger_snapshot_close(&tally->snapshot);
    return status;
}

const struct fold *tally_fold(const struct tally *tally)
{
    return tally->fold;
}

struct registers *tally_registers(const struct tally *tally)
{
    check(!tally->no_registers);
    return tally->registers;
}

uint64_t tally_begun(const struct tally *tally)
{
    return tally->begun;
}

uint64_t tally_position(const struct tally *tally)
{
    return tally->position;
}

const struct digest *tally_last(const struct tally *tally)
{
    return &tally->last;
}
