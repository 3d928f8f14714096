/* Control entries of the stretch come first, then its events (D8: every event
 * of a prefix is judged by the control entries of that same prefix). */
#include "collector/tally.h"

#include "collector/batch_cache.h"
#include "common/check.h"
#include "common/reference.h"

#include <stdlib.h>
#include <string.h>

struct tally {
    struct ledger *ledger;     /* borrowed */
    struct province *province; /* borrowed */
    struct tally_progress progress;
    struct fold *fold;
    struct registers *registers;
    struct batch_cache *folding;      /* read once, in order */
    struct batch_cache *look_ups;     /* of the fold, anywhere before */
    struct ledger_snapshot *snapshot; /* while advancing */
    uint64_t position;
    struct digest last;
};

/* fold_source: an event by its id. The fold asks while it is fed, and only for
 * what it was given before, so nothing beyond the prefix is seen (I4). */
static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    struct tally *tally = owner;
    const struct batch_view *view = NULL;
    struct entry entry;
    enum status status;

    check(tally->snapshot != NULL);
    status = ledger_find_event(tally->snapshot, id60_agent(id), id60_epoch(id),
                               id60_number(id), &entry);
    if (status == STATUS_OK) {
        /* What is corrected has mostly just been folded. */
        view = batch_cache_find(tally->folding, &entry);
    }
    if (status == STATUS_OK && view == NULL) {
        status =
            batch_cache_get(tally->look_ups, tally->snapshot, &entry, &view);
    }
    if (status == STATUS_OK) {
        batch_view_event(view, (uint32_t)(id60_number(id) - entry.first_seq),
                         event);
    }
    return status;
}

enum status tally_open(struct ledger *ledger, struct province *province,
                       struct tally_progress progress, struct tally **tally)
{
    struct tally *self = calloc(1, sizeof *self);

    *tally = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->ledger = ledger;
    self->province = province;
    self->progress = progress;
    self->folding = batch_cache_new();
    self->look_ups = batch_cache_new();
    if (self->folding == NULL || self->look_ups == NULL) {
        tally_close(tally);
        return STATUS_MEMORY;
    }
    return STATUS_OK;
}

void tally_close(struct tally **tally)
{
    if (*tally == NULL) {
        return;
    }
    fold_free(&(*tally)->fold);
    registers_free(&(*tally)->registers);
    batch_cache_free(&(*tally)->folding);
    batch_cache_free(&(*tally)->look_ups);
    free(*tally);
    *tally = NULL;
}

static enum status begin_again(struct tally *tally)
{
    const struct context *context = province_context(tally->province);
    struct fold_source source = {.owner = tally, .fetch = fetch};
    enum status status;

    fold_free(&tally->fold);
    registers_free(&tally->registers);
    tally->position = 0;
    status = fold_new(context, source, &tally->fold);
    if (status == STATUS_OK) {
        status = registers_new(&tally->registers);
    }
    if (status == STATUS_OK) {
        status = registers_plan(tally->registers, context_plan(context));
    }
    return status;
}

static enum status fold_batch(struct tally *tally, const struct entry *entry)
{
    const struct batch_view *view = NULL;
    struct event event;
    enum status status;

    status = batch_cache_get(tally->folding, tally->snapshot, entry, &view);
    for (uint32_t i = 0; i < entry->count && status == STATUS_OK; i++) {
        uint64_t id = id60_make(entry->agent_number, entry->epoch_ordinal,
                                (uint32_t)(entry->first_seq + i));

        batch_view_event(view, i, &event);
        status = fold_event(tally->fold, id, entry->received_at, &event);
        if (status == STATUS_OK) {
            status = registers_event(tally->registers, id, &event);
        }
    }
    return status;
}

static void note_last(struct tally *tally, const struct entry *entry)
{
    uint8_t record[ENTRY_BYTES];

    entry_write(entry, record);
    digest_bytes((struct bytes){.data = record, .size = sizeof record},
                 &tally->last);
}

/* Folds entries below `size`, at most `most` of them. */
static enum status fold_until(struct tally *tally, uint64_t size, uint64_t most)
{
    uint64_t end =
        size - tally->position > most ? tally->position + most : size;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && tally->position < end) {
        struct entry entry;

        status = ledger_entry(tally->snapshot, tally->position, &entry);
        if (status == STATUS_OK && entry.kind == ENTRY_BATCH) {
            status = fold_batch(tally, &entry);
        }
        if (status == STATUS_OK) {
            status = fold_set_position(tally->fold, tally->position + 1);
        }
        if (status != STATUS_OK) {
            break;
        }
        tally->position++;
        if (tally->position == end) {
            note_last(tally, &entry);
        }
        if (tally->progress.folded != NULL) {
            tally->progress.folded(tally->progress.owner, tally->position,
                                   size);
        }
    }
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
    if (status == STATUS_OK &&
        (tally->fold == NULL || (*changes & CONTEXT_CHANGED_FIGURES) != 0)) {
        status = begin_again(tally);
    }
    if (status == STATUS_OK) {
        size = ledger_snapshot_size(tally->snapshot);
        status = fold_until(tally, size, entries);
    }
    *more = tally->position < size;
    ledger_snapshot_close(&tally->snapshot);
    return status;
}

enum status tally_advance(struct tally *tally, unsigned *changes)
{
    bool more;

    return tally_step(tally, UINT64_MAX, changes, &more);
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
    return tally->registers;
}

uint64_t tally_position(const struct tally *tally)
{
    return tally->position;
}

const struct digest *tally_last(const struct tally *tally)
{
    return &tally->last;
}
