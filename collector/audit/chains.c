#include "collector/audit/chains.h"

#include <stdlib.h>

#include "common/event/reference.h"

#define ROOM_FIRST   1024u
#define LOOKED_UP    BATCH_CACHE_SLOTS_MAX
#define PASSED_EVERY 64u /* entries between two words on progress */

struct link {
    uint64_t parent, child;
};

struct chains {
    const struct ledger_snapshot *snapshot; /* borrowed */
    struct batch_cache *cache;
    struct link *links; /* by parent, then child */
    size_t count, room;
};

uint64_t chains_parent(const struct event *event)
{
    return event->target == 0 ? 0
           : event->head != 0 ? event->head
                              : event->target;
}

static enum status add_link(struct chains *chains, uint64_t parent,
                            uint64_t child)
{
    if (chains->count == chains->room) {
        size_t room = chains->room == 0 ? ROOM_FIRST : chains->room * 2;
        struct link *links;

        if (chains->room == CHAINS_MAX) {
            return STATUS_FULL;
        }
        links = realloc(chains->links, room * sizeof *links);
        if (links == NULL) {
            return STATUS_MEMORY;
        }
        chains->links = links;
        chains->room = room;
    }
    chains->links[chains->count++] = (struct link){parent, child};
    return STATUS_OK;
}

static enum status add_batch(struct chains *chains, const struct entry *entry)
{
    const struct batch_view *view = NULL;
    struct event event;
    enum status status =
        batch_cache_get(chains->cache, chains->snapshot, entry, &view);

    for (uint32_t i = 0; i < entry->count && status == STATUS_OK; i++) {
        uint64_t parent;

        batch_view_event(view, i, &event);
        parent = chains_parent(&event);
        if (parent != 0) {
            status =
                add_link(chains, parent,
                         id60_make(entry->agent_number, entry->epoch_ordinal,
                                   (uint32_t)entry->first_seq + i));
        }
    }
    return status;
}

static int compare_links(const void *left, const void *right)
{
    const struct link *a = left, *b = right;

    if (a->parent != b->parent) {
        return a->parent < b->parent ? -1 : 1;
    }
    return a->child < b->child ? -1 : a->child > b->child;
}

static enum status read_all(struct chains *chains,
                            struct chains_progress progress)
{
    uint64_t size = ledger_snapshot_size(chains->snapshot);
    enum status status = STATUS_OK;

    for (uint64_t i = 0; i < size && status == STATUS_OK; i++) {
        struct entry entry;

        status = ledger_entry(chains->snapshot, i, &entry);
        if (status == STATUS_OK && entry.kind == ENTRY_BATCH) {
            status = add_batch(chains, &entry);
        }
        if (progress.passed != NULL &&
            (i % PASSED_EVERY == 0 || i + 1 == size)) {
            progress.passed(progress.owner, i + 1, size);
        }
    }
    if (chains->count > 0) {
        qsort(chains->links, chains->count, sizeof *chains->links,
              compare_links);
    }
    return status;
}

enum status chains_new(const struct ledger_snapshot *snapshot, bool whole,
                       struct chains_progress progress, struct chains **chains)
{
    struct chains *self = calloc(1, sizeof *self);
    enum status status = STATUS_OK;

    *chains = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->snapshot = snapshot;
    self->cache = batch_cache_new(LOOKED_UP);
    if (self->cache == NULL) {
        status = STATUS_MEMORY;
    } else if (whole) {
        status = read_all(self, progress);
    }
    if (status != STATUS_OK) {
        chains_free(chains);
    }
    return status;
}

void chains_free(struct chains **chains)
{
    if (*chains != NULL) {
        batch_cache_free(&(*chains)->cache);
        free((*chains)->links);
        free(*chains);
        *chains = NULL;
    }
}

enum status chains_event(struct chains *chains, uint64_t id,
                         struct event *event, struct entry *entry)
{
    const struct batch_view *view = NULL;
    enum status status =
        ledger_find_event(chains->snapshot, id60_agent(id), id60_epoch(id),
                          id60_number(id), entry);

    if (status == STATUS_OK) {
        status = batch_cache_get(chains->cache, chains->snapshot, entry, &view);
    }
    if (status == STATUS_OK) {
        batch_view_event(view, (uint32_t)(id60_number(id) - entry->first_seq),
                         event);
    }
    return status;
}

enum status chains_root(struct chains *chains, uint64_t id,
                        const struct event *event, uint64_t *root)
{
    uint64_t parent = chains_parent(event);
    struct event before;
    struct entry entry;

    *root = id;
    for (unsigned step = 0; parent != 0; step++) {
        enum status status;

        *root = 0;
        if (step == CHAIN_STEPS_MAX) {
            return STATUS_OK;
        }
        status = chains_event(chains, parent, &before, &entry);
        if (status != STATUS_OK) {
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        }
        *root = parent;
        parent = chains_parent(&before);
    }
    return STATUS_OK;
}

uint64_t chains_child(const struct chains *chains, uint64_t parent,
                      size_t place)
{
    size_t low = 0, high = chains->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (chains->links[middle].parent < parent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low += place;
    return low < chains->count && chains->links[low].parent == parent
               ? chains->links[low].child
               : 0;
}
