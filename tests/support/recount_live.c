/* Which events are live, from the rules for corrections and for rows that were
 * entered twice. */
#include "tests/support/recount.h"

#include "common/base/clock.h"
#include "common/event/reference.h"

#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    COMMUNICATION = 2,
    CORRECTION = 20
};

#define FIRST_OWN_VALUE 10000u

bool recount_lies_in(uint32_t place, uint32_t unit)
{
    uint32_t code = place % 100000;

    if (place == unit || unit == WORLD_PROVINCE) {
        return true;
    }
    return place >= WORLD_COMMUNE(0, 0) && unit >= WORLD_DISTRICT(0) &&
           unit < WORLD_DISTRICT(100) && code / 100 == unit % 1000;
}

static const struct control_scope *scope_of(const struct world *world,
                                            uint64_t id)
{
    return &context_agent(world->context, id60_agent(id))->scopes[0];
}

static enum fold_outcome judge_alone(const struct world *world,
                                     const struct world_event *it)
{
    const struct event *event = &it->event;
    const struct control_scope *scope = scope_of(world, it->id);

    if (event->fault != EVENT_FAULT_NONE) {
        return FOLD_MALFORMED;
    }
    if (event->type == COMMUNICATION &&
        event_get(event, 2) >= FIRST_OWN_VALUE) {
        return FOLD_UNKNOWN_VALUE;
    }
    if (event->occurred_on > clock_day_of(it->received_at)) {
        return FOLD_WRONG_CLOCK;
    }
    if (event->unit != scope->unit || event->office != scope->office) {
        return FOLD_OUT_OF_SCOPE;
    }
    return recount_lies_in(event_place(event), scope->unit) ? FOLD_COUNTED
                                                            : FOLD_OUT_OF_SCOPE;
}

static bool corrects(const struct event *event)
{
    return event->target != 0 || event->type == CORRECTION;
}

static const struct world_event *find(const struct world *world, uint64_t id)
{
    for (size_t i = 0; i < world->count; i++) {
        if (world->events[i].id == id) {
            return &world->events[i];
        }
    }
    return NULL;
}

/* Whether both are entries of one row. */
static bool same_row(const struct event *a, const struct event *b)
{
    return a->has_entry_key && b->has_entry_key && a->unit == b->unit &&
           a->office == b->office &&
           memcmp(a->entry_key, b->entry_key, sizeof a->entry_key) == 0;
}

/* The first version of the thing that the event is a version of. */
static const struct world_event *root_of(const struct world *world,
                                         const struct world_event *it)
{
    const struct world_event *root = it;

    if (judge_alone(world, it) != FOLD_COUNTED) {
        return it;
    }
    for (size_t i = 0; i < world->count; i++) {
        const struct world_event *other = &world->events[i];

        if (!corrects(&other->event) && other->id < root->id &&
            judge_alone(world, other) == FOLD_COUNTED &&
            same_row(&other->event, &it->event)) {
            root = other;
        }
    }
    return root;
}

/* What a correction, good by itself, is to its target. */
static enum fold_outcome judge_correction(const struct world *world,
                                          const struct world_event *it)
{
    const struct world_event *target = find(world, it->event.target);
    const struct world_event *root;
    bool countable;

    if (target == NULL) {
        return FOLD_TARGET_MISSING;
    }
    if (corrects(&target->event)) {
        return FOLD_INVALID;
    }
    root = root_of(world, target);
    countable = judge_alone(world, root) == FOLD_COUNTED;
    if (countable && it->event.type != CORRECTION &&
        it->event.type != root->event.type) {
        return FOLD_INVALID;
    }
    if (it->event.unit == root->event.unit &&
        it->event.office == root->event.office) {
        return FOLD_COUNTED;
    }
    if (!countable && id60_agent(it->id) == id60_agent(root->id)) {
        return FOLD_COUNTED;
    }
    return id60_agent(it->id) == WORLD_CORRECTOR &&
                   root->event.unit != WORLD_PROVINCE
               ? FOLD_COUNTED
               : FOLD_NOT_ALLOWED;
}

/* The root that a good correction belongs to; NULL for any other event. */
static const struct world_event *thing_of(const struct world *world,
                                          const struct world_event *it)
{
    if (!corrects(&it->event) || judge_alone(world, it) != FOLD_COUNTED ||
        judge_correction(world, it) != FOLD_COUNTED) {
        return NULL;
    }
    return root_of(world, find(world, it->event.target));
}

/* The version that the correction names, as an event. */
static uint64_t named_version(const struct world *world,
                              const struct world_event *it,
                              const struct world_event *root)
{
    const struct world_event *head;

    if (it->event.head == 0 || it->event.head == it->event.target) {
        return root->id;
    }
    head = find(world, it->event.head);
    if (head != NULL && !corrects(&head->event) &&
        judge_alone(world, head) == FOLD_COUNTED &&
        root_of(world, head) == root) {
        return root->id;
    }
    return it->event.head;
}

static size_t position_of(const struct world *world,
                          const struct world_event *it)
{
    return (size_t)(it - world->events);
}

/* The correction of `version` that wins; NULL when it stands. */
static const struct world_event *next_version(const struct world *world,
                                              const struct world_event *root,
                                              uint64_t version)
{
    const struct world_event *best = NULL;

    for (size_t i = 0; i < world->count; i++) {
        const struct world_event *it = &world->events[i];
        bool voids = it->event.type == CORRECTION;

        if (thing_of(world, it) != root ||
            named_version(world, it, root) != version) {
            continue;
        }
        if (best == NULL || (voids && best->event.type != CORRECTION) ||
            (voids == (best->event.type == CORRECTION) && it->id > best->id)) {
            best = it;
        }
    }
    return best;
}

static void walk(struct recount *recount, const struct world_event *root)
{
    const struct world *world = recount->world;
    const struct world_event *version = root, *next;
    bool counts = judge_alone(world, root) == FOLD_COUNTED;

    while ((next = next_version(world, root, version->id)) != NULL) {
        recount->outcomes[position_of(world, version)] =
            next->event.type == CORRECTION ? FOLD_VOIDED : FOLD_REPLACED;
        recount->outcomes[position_of(world, next)] = FOLD_COUNTED;
        version = next;
        counts = true;
        if (next->event.type == CORRECTION) {
            return;
        }
    }
    recount->live[position_of(world, version)] = counts;
}

/* A good correction outside the chain: it names what is no version, or one
 * that another correction won. */
static enum fold_outcome loser(const struct world *world,
                               const struct world_event *it,
                               const struct world_event *root)
{
    uint64_t version = named_version(world, it, root);
    const struct world_event *head = find(world, version);

    return version == root->id ||
                   (head != NULL && thing_of(world, head) == root)
               ? FOLD_RIVAL_LOST
               : FOLD_TARGET_MISSING;
}

void recount_settle(struct recount *recount)
{
    const struct world *world = recount->world;

    for (size_t i = 0; i < world->count; i++) {
        const struct world_event *it = &world->events[i];
        enum fold_outcome alone = judge_alone(world, it);

        recount->outcomes[i] = alone;
        if (alone == FOLD_COUNTED && corrects(&it->event)) {
            const struct world_event *root = thing_of(world, it);

            recount->outcomes[i] = root == NULL ? judge_correction(world, it)
                                                : loser(world, it, root);
        } else if (alone == FOLD_COUNTED && root_of(world, it) != it) {
            recount->outcomes[i] = FOLD_DUPLICATE_ENTRY;
        }
    }
    for (size_t i = 0; i < world->count; i++) {
        const struct world_event *it = &world->events[i];

        if (!corrects(&it->event) && root_of(world, it) == it) {
            walk(recount, it);
        }
    }
}
