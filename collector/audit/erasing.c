/* Rows with a key are looked for in all other batches first, so that figures
 * which may count one of them twice can say so. */
#include "collector/audit/erasing.h"

#include "collector/figures/batch_cache.h"
#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

#define PROGRESS_STEP 1024u

struct row {
    uint32_t unit, office;
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    uint32_t event; /* in the batch */
};

struct rows {
    struct row *list; /* sorted */
    size_t count;
    bool *elsewhere; /* by event */
};

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->unit != b->unit) {
        return a->unit < b->unit ? -1 : 1;
    }
    if (a->office != b->office) {
        return a->office < b->office ? -1 : 1;
    }
    return memcmp(a->key, b->key, sizeof a->key);
}

static struct row row_of(const struct event *event, uint32_t i)
{
    struct row row = {.unit = event->unit, .office = event->office, .event = i};

    memcpy(row.key, event->entry_key, sizeof row.key);
    return row;
}

static void list_rows(const struct batch_view *view, uint32_t count,
                      struct rows *rows)
{
    for (uint32_t i = 0; i < count; i++) {
        struct event event;

        batch_view_event(view, i, &event);
        if (event.has_entry_key) {
            rows->list[rows->count++] = row_of(&event, i);
        }
    }
    qsort(rows->list, rows->count, sizeof *rows->list, compare_rows);
}

/* Marks every event of the batch that is the same row. */
static void mark(struct rows *rows, const struct event *event)
{
    struct row wanted = row_of(event, 0);
    struct row *found = bsearch(&wanted, rows->list, rows->count,
                                sizeof *rows->list, compare_rows);

    if (found == NULL) {
        return;
    }
    while (found > rows->list && compare_rows(found - 1, &wanted) == 0) {
        found--;
    }
    while (found < rows->list + rows->count &&
           compare_rows(found, &wanted) == 0) {
        rows->elsewhere[found++->event] = true;
    }
}

static enum status look_elsewhere(const struct ledger_snapshot *snapshot,
                                  const struct entry *own,
                                  struct erasing_progress progress,
                                  struct rows *rows)
{
    uint64_t size = ledger_snapshot_size(snapshot);
    struct batch_cache *cache = batch_cache_new(1);
    const struct batch_view *view = NULL;
    struct entry entry;
    enum status status = cache == NULL ? STATUS_MEMORY : STATUS_OK;

    for (uint64_t at = 0; at < size && status == STATUS_OK; at++) {
        status = ledger_entry(snapshot, at, &entry);
        if (status == STATUS_OK && entry.kind == ENTRY_BATCH &&
            at != own->index) {
            status = batch_cache_get(cache, snapshot, &entry, &view);
            for (uint32_t i = 0; i < entry.count && status == STATUS_OK; i++) {
                struct event event;

                batch_view_event(view, i, &event);
                if (event.has_entry_key) {
                    mark(rows, &event);
                }
            }
        }
        if (progress.read != NULL && at % PROGRESS_STEP == 0) {
            progress.read(progress.owner, at, size);
        }
    }
    batch_cache_free(&cache);
    return status;
}

static enum status find_rows(const struct ledger_snapshot *snapshot,
                             const struct entry *entry,
                             struct erasing_progress progress,
                             struct rows *rows)
{
    struct batch_cache *cache = batch_cache_new(1);
    const struct batch_view *view = NULL;
    enum status status = STATUS_MEMORY;

    rows->list = calloc(entry->count, sizeof *rows->list);
    rows->elsewhere = calloc(entry->count, sizeof *rows->elsewhere);
    if (cache != NULL && rows->list != NULL && rows->elsewhere != NULL) {
        status = batch_cache_get(cache, snapshot, entry, &view);
    }
    if (status == STATUS_OK) {
        list_rows(view, entry->count, rows);
    }
    batch_cache_free(&cache);
    if (status == STATUS_OK && rows->count > 0) {
        status = look_elsewhere(snapshot, entry, progress, rows);
    }
    return status;
}

static enum status contribute(const struct ledger_snapshot *snapshot,
                              const struct context *context,
                              const struct sign_keys *administrator,
                              const struct rows *rows, struct erasing *erasing)
{
    struct contribution_of of = {.entry = &erasing->entry,
                                 .elsewhere = rows->elsewhere,
                                 .administrator = administrator};
    struct batch_codec *codec = batch_codec_new();
    struct fold_judge *judge = NULL;
    enum status status = codec == NULL ? STATUS_MEMORY : STATUS_OK;

    if (status == STATUS_OK) {
        status = fold_judge_new(context, &judge);
    }
    if (status == STATUS_OK) {
        of.judge = judge;
        status = ledger_bytes(snapshot, &erasing->entry, &of.batch);
    }
    if (status == STATUS_OK) {
        status = contribution_make(codec, &of, &erasing->contribution,
                                   &erasing->about);
    }
    fold_judge_free(&judge);
    batch_codec_free(&codec);
    return status;
}

enum status erasing_make(struct ledger *ledger, const struct context *context,
                         const struct sign_keys *administrator, uint64_t index,
                         struct erasing_progress progress,
                         struct erasing *erasing)
{
    struct ledger_snapshot *snapshot = NULL;
    struct rows rows = {.count = 0};
    struct bytes bytes;
    enum status status;

    memset(erasing, 0, sizeof *erasing);
    buffer_init(&erasing->contribution, BATCH_BYTES_MAX);
    status = ledger_snapshot_open(ledger, &snapshot);
    if (status == STATUS_OK) {
        status = ledger_entry(snapshot, index, &erasing->entry);
    }
    if (status == STATUS_OK && erasing->entry.kind != ENTRY_BATCH) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = ledger_bytes(snapshot, &erasing->entry, &bytes);
    }
    if (status == STATUS_OK) {
        status = find_rows(snapshot, &erasing->entry, progress, &rows);
    }
    if (status == STATUS_OK) {
        status = contribute(snapshot, context, administrator, &rows, erasing);
    }
    for (uint32_t i = 0; i < erasing->entry.count && status == STATUS_OK; i++) {
        erasing->shared += rows.elsewhere[i] ? 1 : 0;
    }
    ledger_snapshot_close(&snapshot);
    free(rows.list);
    free(rows.elsewhere);
    return status;
}

void erasing_fini(struct erasing *erasing)
{
    buffer_fini(&erasing->contribution);
}

void erasing_order(const struct erasing *erasing, uint32_t number,
                   uint32_t year, struct control *control)
{
    control->kind = CONTROL_ERASURE_ORDER;
    control->erasure_order = (struct control_erasure_order){
        .index = erasing->entry.index,
        .digest = erasing->entry.digest,
        .order_number = number,
        .order_year = year,
        .contribution = buffer_bytes(&erasing->contribution)};
}
