#include "agent/spool/spool_versions.h"

#include <stdlib.h>

static enum status read_version(struct spool *spool, struct version *version)
{
    enum status rc =
        spool_event(spool, version->id, &version->event, &version->state);

    version->here = rc == STATUS_OK;
    if (version->here) {
        version->voids = version->event.type == VERSIONS_VOID;
        version->parent = version->event.head != 0 ? version->event.head
                                                   : version->event.target;
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* The correction that the version `head` is followed by; NULL: none. */
static const struct version *next_of(const struct versions *all, uint64_t head)
{
    const struct version *next = NULL;

    for (size_t i = 1; i < all->count; i++) {
        const struct version *at = &all->at[i];

        if (!at->here || at->state == SPOOL_MOVED || at->parent != head) {
            continue;
        }
        if (next == NULL || (at->voids && !next->voids) ||
            (at->voids == next->voids && at->id > next->id)) {
            next = at;
        }
    }
    return next;
}

static void find_head(struct versions *all)
{
    const struct version *next;

    all->head = all->root;
    for (size_t i = 0; i < all->count && !all->voided &&
                       (next = next_of(all, all->head)) != NULL;
         i++) {
        all->voided = next->voids;
        all->head = next->id;
    }
}

static enum status fill(struct spool *spool, uint64_t id, struct versions *all)
{
    uint64_t ids[SPOOL_CORRECTIONS_MAX];
    size_t count = 0;
    struct event event;
    enum spool_state state;
    enum status rc = spool_event(spool, id, &event, &state);

    all->root = rc == STATUS_OK && event.target != 0 ? event.target : id;
    if (rc == STATUS_OK) {
        rc = spool_corrections(spool, all->root, ids, SPOOL_CORRECTIONS_MAX,
                               &count);
    }
    all->at[0].id = all->root;
    all->count = 1;
    for (size_t i = 0; i < count; i++) {
        all->at[all->count++].id = ids[i];
    }
    for (size_t i = 0; i < all->count && rc == STATUS_OK; i++) {
        rc = read_version(spool, &all->at[i]);
    }
    all->at[0].parent = 0;
    find_head(all);
    return rc;
}

enum status versions_new(struct spool *spool, uint64_t id,
                         struct versions **versions)
{
    struct versions *all = calloc(1, sizeof *all);
    enum status rc = all != NULL ? fill(spool, id, all) : STATUS_MEMORY;

    if (rc != STATUS_OK) {
        versions_free(&all);
    }
    *versions = all;
    return rc;
}

void versions_free(struct versions **versions)
{
    free(*versions);
    *versions = NULL;
}

enum status versions_stand(struct spool *spool, const struct event *event,
                           enum versions_standing *standing)
{
    struct versions *all = NULL;
    enum status rc = STATUS_NOT_FOUND;

    *standing = VERSIONS_STANDS;
    if (event->target != 0) {
        rc = versions_new(spool, event->target, &all);
    }
    if (rc == STATUS_OK && all->voided) {
        *standing = VERSIONS_VOIDED;
    } else if (rc == STATUS_OK &&
               all->head != (event->head != 0 ? event->head : event->target)) {
        *standing = VERSIONS_REPLACED;
    }
    versions_free(&all);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
