/* Which version of a slot stands. Of the corrections that name a version, any
 * void ends the chain there, else the greatest id is the next version; all
 * others have lost. Only the set of events decides, never the order in which
 * they came. Of a row that was entered several times the least id is the first
 * version, and a correction of any of them is one of it. */
#include "common/fold/fold_state.h"

#include "common/base/check.h"
#include "common/event/reference.h"

#include <stdlib.h>

static int compare_ids(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static bool has_id(const uint64_t *ids, size_t count, uint64_t id)
{
    return count > 0 &&
           bsearch(&id, ids, count, sizeof id, compare_ids) != NULL;
}

/* By the version that they name, the one that wins first; those that may not
 * correct stand at the end. */
static int compare_corrections(const void *left, const void *right)
{
    const struct fold_correction *a = left, *b = right;
    bool a_out = a->outcome != FOLD_COUNTED, b_out = b->outcome != FOLD_COUNTED;

    if (a_out != b_out) {
        return a_out ? 1 : -1;
    }
    if (a->parent != b->parent) {
        return a->parent < b->parent ? -1 : 1;
    }
    if (a->voids != b->voids) {
        return a->voids ? -1 : 1;
    }
    return (a->id < b->id) - (a->id > b->id);
}

/* Whether the correction may correct this thing at all: it is of the same
 * office, in its unit or one that carries it on, or by the agent that carries
 * on the work of the one that sent it. An event that does
 * not count may also be corrected by the agent that sent it, whatever pair it
 * names: that is how a wrong pair is mended. */
static enum fold_outcome judge(const struct fold *fold,
                               const struct fold_slot *slot,
                               const struct fold_correction *correction)
{
    uint32_t number = id60_agent(correction->id);
    const struct context_agent *agent;

    if (slot->base == FOLD_BASE_UNFIT || correction->target == correction->id) {
        return FOLD_INVALID;
    }
    if (slot->base == FOLD_BASE_AWAITED) {
        return FOLD_TARGET_MISSING;
    }
    if (slot->base == FOLD_BASE_COUNTABLE && !correction->voids &&
        correction->type != slot->type) {
        return FOLD_INVALID;
    }
    if (correction->office == slot->office &&
        (correction->unit == slot->unit ||
         (fold->units != NULL &&
          units_succeed(fold->units, slot->unit, correction->unit)))) {
        return FOLD_COUNTED;
    }
    if (slot->base == FOLD_BASE_FAULTY && number == id60_agent(slot->root)) {
        return FOLD_COUNTED;
    }
    agent = context_agent(fold->context, number);
    return agent != NULL &&
                   (context_corrects_for(fold->context, agent, slot->unit) ||
                    context_succeeds(fold->context, agent,
                                     id60_agent(slot->root)))
               ? FOLD_COUNTED
               : FOLD_NOT_ALLOWED;
}

/* The correction that follows a version; NULL when the version stands. */
static struct fold_correction *next_of(const struct fold_slot *slot,
                                       size_t count, uint64_t version)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (slot->corrections[middle].parent < version) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && slot->corrections[low].parent == version
               ? &slot->corrections[low]
               : NULL;
}

static MUST_USE enum status say(struct fold *fold, uint64_t id,
                                enum fold_outcome outcome, uint64_t other)
{
    struct fold_result result = {
        .event = id, .outcome = outcome, .other = other};

    if (outcome == FOLD_INVALID) {
        result.field = EVENT_TARGET;
        result.rule = VALIDATE_CORRECTION_TARGET;
    }
    return fold_result_set(fold, &result);
}

/* Walks from the first version to the last. `live` gets the one that stands,
 * 0 after a void; `decides` the last event that said so. */
static MUST_USE enum status walk(struct fold *fold, struct fold_slot *slot,
                                 size_t count, uint64_t *live,
                                 uint64_t *decides)
{
    uint64_t version = slot->root, parent = 0;
    bool named = slot->base == FOLD_BASE_COUNTABLE;
    struct fold_correction *next;
    enum status status = STATUS_OK;

    while ((next = next_of(slot, count, parent)) != NULL) {
        status = say(fold, version, next->voids ? FOLD_VOIDED : FOLD_REPLACED,
                     next->id);
        if (status != STATUS_OK) {
            return status;
        }
        next->stands = true;
        version = parent = next->id;
        named = true;
        if (next->voids) {
            *live = 0;
            *decides = next->id;
            return say(fold, next->id, FOLD_COUNTED, 0);
        }
    }
    *live = named ? version : 0;
    *decides = version;
    return named ? say(fold, version, FOLD_COUNTED, 0) : STATUS_OK;
}

/* Tells the corrections that are not part of the chain why. `ids` are those
 * that may correct the thing. */
static MUST_USE enum status tell_losers(struct fold *fold,
                                        const struct fold_slot *slot,
                                        const uint64_t *ids, size_t count,
                                        uint64_t decides)
{
    for (size_t i = 0; i < slot->correction_count; i++) {
        const struct fold_correction *it = &slot->corrections[i];
        enum status status = STATUS_OK;

        if (i >= count) {
            status = say(fold, it->id, it->outcome, it->target);
        } else if (it->parent != 0 && !has_id(ids, count, it->parent)) {
            status = say(fold, it->id, FOLD_TARGET_MISSING, it->parent);
        } else if (!it->stands) {
            status = say(fold, it->id, FOLD_RIVAL_LOST, decides);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

/* Brings the corrections into order; `count` gets how many may correct. */
static void sort_slot(const struct fold *fold, struct fold_slot *slot,
                      size_t *count)
{
    if (slot->member_count > 1) {
        qsort(slot->members, slot->member_count, sizeof *slot->members,
              compare_ids);
    }
    *count = 0;
    for (uint32_t i = 0; i < slot->correction_count; i++) {
        struct fold_correction *it = &slot->corrections[i];
        bool first = it->head == 0 || it->head == it->target ||
                     has_id(slot->members, slot->member_count, it->head);

        it->parent = first ? 0 : it->head;
        it->stands = false;
        it->outcome = judge(fold, slot, it);
        *count += it->outcome == FOLD_COUNTED;
    }
    if (slot->correction_count > 1) {
        qsort(slot->corrections, slot->correction_count,
              sizeof *slot->corrections, compare_corrections);
    }
}

static MUST_USE enum status fetch_type(struct fold *fold,
                                       struct fold_slot *slot)
{
    struct event event;
    enum status status;

    if (slot->base != FOLD_BASE_COUNTABLE || slot->type != 0 ||
        slot->correction_count == 0) {
        return STATUS_OK;
    }
    status = fold->source.fetch(fold->source.owner, slot->root, &event);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    }
    slot->type = event.type;
    return STATUS_OK;
}

MUST_USE enum status fold_slot_resolve(struct fold *fold,
                                       struct fold_slot *slot, uint64_t *live)
{
    uint64_t *ids = NULL, decides;
    enum status status = fetch_type(fold, slot);
    size_t count;

    if (status != STATUS_OK) {
        return status;
    }
    sort_slot(fold, slot, &count);
    ids = malloc((count + 1) * sizeof *ids);
    if (ids == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = slot->corrections[i].id;
    }
    qsort(ids, count, sizeof *ids, compare_ids);
    status = walk(fold, slot, count, live, &decides);
    if (status == STATUS_OK) {
        status = tell_losers(fold, slot, ids, count, decides);
    }
    for (uint32_t i = 0; i < slot->member_count && status == STATUS_OK; i++) {
        if (slot->members[i] != slot->root) {
            status =
                say(fold, slot->members[i], FOLD_DUPLICATE_ENTRY, slot->root);
        }
    }
    free(ids);
    return status;
}
