#include "collector/figures/batch_cache.h"

#include "common/base/check.h"
#include "common/format/batch.h"
#include "common/format/codec.h"
#include "common/format/contribution.h"

#include <stdlib.h>

struct batch_view {
    uint64_t index; /* of the entry */
    uint64_t used;  /* when; 0: the slot is empty */
    uint32_t count;
    bool readable;
    bool erased; /* what is left of it (contribution.h) */
    struct buffer payload;
    struct bytes events[BATCH_EVENTS_MAX];
};

struct batch_cache {
    struct batch_codec *codec;
    uint64_t uses;
    size_t count;
    struct batch_view slots[]; /* `count` */
};

struct batch_cache *batch_cache_new(size_t slots)
{
    struct batch_cache *cache =
        calloc(1, sizeof *cache + slots * sizeof cache->slots[0]);

    check(slots >= 1 && slots <= BATCH_CACHE_SLOTS_MAX);
    if (cache == NULL) {
        return NULL;
    }
    cache->codec = batch_codec_new();
    if (cache->codec == NULL) {
        free(cache);
        return NULL;
    }
    cache->count = slots;
    for (size_t i = 0; i < slots; i++) {
        buffer_init(&cache->slots[i].payload, BATCH_PAYLOAD_MAX);
    }
    return cache;
}

void batch_cache_free(struct batch_cache **cache)
{
    if (*cache == NULL) {
        return;
    }
    for (size_t i = 0; i < (*cache)->count; i++) {
        buffer_fini(&(*cache)->slots[i].payload);
    }
    batch_codec_free(&(*cache)->codec);
    free(*cache);
    *cache = NULL;
}

/* The slot that holds the entry, or else the one unused for longest. */
static struct batch_view *slot_for(struct batch_cache *cache, uint64_t index)
{
    struct batch_view *oldest = &cache->slots[0];

    for (size_t i = 0; i < cache->count; i++) {
        struct batch_view *slot = &cache->slots[i];

        if (slot->used != 0 && slot->index == index) {
            return slot;
        }
        if (slot->used < oldest->used) {
            oldest = slot;
        }
    }
    return oldest;
}

static enum status unpack(struct batch_cache *cache, struct batch_view *slot,
                          const struct entry *entry, struct bytes batch)
{
    struct batch_header header;
    enum status status = batch_peek(batch, &header);

    slot->used = 0;
    if (status == STATUS_OK) {
        status = batch_unpack_events(cache->codec, batch, &header,
                                     &slot->payload, slot->events);
    }
    if (status == STATUS_MEMORY) {
        return status;
    }
    slot->erased = false;
    slot->index = entry->index;
    slot->count = entry->count;
    slot->readable = status == STATUS_OK && header.count == entry->count;
    slot->used = ++cache->uses;
    return STATUS_OK;
}

enum status batch_cache_put(struct batch_cache *cache,
                            const struct entry *entry, struct bytes batch,
                            const struct batch_view **view)
{
    struct batch_view *slot = slot_for(cache, entry->index);

    check(entry->kind == ENTRY_BATCH && entry->count <= BATCH_EVENTS_MAX);
    *view = slot;
    return unpack(cache, slot, entry, batch);
}

enum status batch_cache_put_erased(struct batch_cache *cache,
                                   const struct ledger_snapshot *snapshot,
                                   const struct entry *entry,
                                   const struct batch_view **view)
{
    struct batch_view *slot = slot_for(cache, entry->index);
    struct control *order = NULL;
    uint64_t index;
    enum status status = ledger_erasure(snapshot, entry, &order, &index);

    *view = slot;
    if (status == STATUS_OK) {
        struct bytes left = order->erasure_order.contribution;

        status = unpack(cache, slot, entry, left);
        slot->erased = true;
        slot->readable = slot->readable && contribution_fits(left, entry);
    }
    control_free(&order);
    return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

enum status batch_cache_get(struct batch_cache *cache,
                            const struct ledger_snapshot *snapshot,
                            const struct entry *entry,
                            const struct batch_view **view)
{
    struct batch_view *slot = slot_for(cache, entry->index);
    struct bytes batch;
    enum status status;

    check(entry->kind == ENTRY_BATCH && entry->count <= BATCH_EVENTS_MAX);
    *view = slot;
    if (slot->used != 0 && slot->index == entry->index) {
        slot->used = ++cache->uses;
        return STATUS_OK;
    }
    slot->used = 0;
    status = ledger_bytes(snapshot, entry, &batch);
    if (status == STATUS_ERASED) {
        return batch_cache_put_erased(cache, snapshot, entry, view);
    }
    return status == STATUS_OK ? unpack(cache, slot, entry, batch) : status;
}

bool batch_view_readable(const struct batch_view *view)
{
    return view->readable;
}

void batch_view_event(const struct batch_view *view, uint32_t i,
                      struct event *event)
{
    check(i < view->count);
    if (view->readable) {
        codec_unpack_event(view->events[i], event);
    } else {
        event_init(event, 0);
        event->fault = EVENT_FAULT_MALFORMED;
    }
    if (view->erased) {
        contribution_mark(event,
                          view->readable ? view->events[i] : (struct bytes){0});
    }
}
