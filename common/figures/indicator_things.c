/* Which keys are one thing. Two references of which a live event says that
 * they are the same are joined for this computation alone: voiding the event
 * parts them again. */
#include "common/figures/indicator_state.h"

#include "common/base/check.h"
#include "common/event/catalogue.h"

#include <stdlib.h>
#include <string.h>

#define KIND_SHIFT 60

static uint64_t name_of(uint32_t kind, uint64_t reference)
{
    return (uint64_t)kind << KIND_SHIFT | reference;
}

static uint32_t find_class(struct figuring *figuring, uint32_t at)
{
    while (figuring->same[at].parent != at) {
        /* Halve the way for those who come next. */
        figuring->same[at].parent =
            figuring->same[figuring->same[at].parent].parent;
        at = figuring->same[at].parent;
    }
    return at;
}

static MUST_USE enum status node_of(struct figuring *figuring, uint64_t name,
                                    uint32_t *at)
{
    *at = id_map_get(&figuring->same_of, name);
    if (*at != ID_MAP_NONE) {
        return STATUS_OK;
    }
    *at = figuring->same_count++;
    figuring->same[*at] = (struct figuring_same){.name = name, .parent = *at};
    return id_map_put(&figuring->same_of, name, *at);
}

MUST_USE enum status figuring_same_init(struct figuring *figuring)
{
    const struct fold *fold = figuring->fold;
    enum status status = STATUS_OK;

    id_map_init(&figuring->same_of);
    if (fold->pair_count == 0) {
        return STATUS_OK;
    }
    figuring->same = calloc(fold->pair_count * 2, sizeof *figuring->same);
    if (figuring->same == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < fold->pair_count && status == STATUS_OK; i++) {
        const struct fold_pair *pair = &fold->pairs[i];
        uint32_t first, second;

        if (pair->event == 0) {
            continue;
        }
        status = node_of(figuring, name_of(pair->kind, pair->first), &first);
        if (status == STATUS_OK) {
            status =
                node_of(figuring, name_of(pair->kind, pair->second), &second);
        }
        if (status == STATUS_OK) {
            first = find_class(figuring, first);
            second = find_class(figuring, second);
            figuring->same[first].parent = second;
        }
    }
    /* From here on each node points to its class, so that look-ups change
     * nothing. */
    for (uint32_t i = 0; i < figuring->same_count; i++) {
        figuring->same[i].parent = find_class(figuring, i);
    }
    return status;
}

uint64_t figuring_name(const struct figuring *figuring, uint32_t kind,
                       uint64_t reference)
{
    uint64_t name = name_of(kind, reference);
    uint32_t at = id_map_get(&figuring->same_of, name);

    return at == ID_MAP_NONE ? name
                             : figuring->same[figuring->same[at].parent].name;
}

/* The kind of reference that a key's field holds; 0: none. */
static uint32_t kind_of(const struct fold_measure *measure, uint32_t field)
{
    const struct catalogue_type *type = catalogue_type(measure->plan->type);
    uint32_t number = measure->plan->key_fields[field];
    const struct catalogue_field *found =
        type == NULL || number < EVENT_BODY_BASE
            ? NULL
            : catalogue_field(type, number - EVENT_BODY_BASE);

    return found != NULL && found->kind == FIELD_REFERENCE ? found->reference
                                                           : 0;
}

/* What a key is asked for: membership of a list. The field is that of the
 * list's kind; without one nothing fits. */
struct membership {
    uint32_t field; /* FIGURING_NONE: none */
    uint32_t kind;
    bool asked;
    bool excluded;
    uint64_t *names; /* sorted */
    size_t count;
    bool *units; /* by position, for a list of units */
};

static int compare_names(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static bool is_unit_field(uint32_t number)
{
    return number == EVENT_SUBJECT_UNIT || number == EVENT_UNIT;
}

static MUST_USE enum status open_membership(struct figuring *figuring,
                                            const struct fold_measure *measure,
                                            const struct plan_formula *formula,
                                            struct membership *membership)
{
    const struct plan_list *items = formula->list == UINT32_MAX
                                        ? NULL
                                        : &figuring->plan->lists[formula->list];

    *membership = (struct membership){
        .field = FIGURING_NONE,
        .asked = items != NULL,
        .excluded = formula->excluded,
    };
    if (items == NULL) {
        return STATUS_OK;
    }
    membership->kind = items->reference_kind;
    for (uint32_t i = measure->plan->key_field_count; i > 0; i--) {
        if (membership->kind == 0
                ? is_unit_field(measure->plan->key_fields[i - 1])
                : kind_of(measure, i - 1) == membership->kind) {
            membership->field = i - 1;
        }
    }
    if (membership->kind == 0) {
        return figuring_listed(figuring, formula, &membership->units);
    }
    membership->names = calloc(items->count + 1u, sizeof *membership->names);
    if (membership->names == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < items->count; i++) {
        membership->names[i] =
            figuring_name(figuring, membership->kind, items->items[i]);
    }
    membership->count = items->count;
    qsort(membership->names, membership->count, sizeof *membership->names,
          compare_names);
    return STATUS_OK;
}

static bool belongs(struct figuring *figuring,
                    const struct membership *membership, const uint64_t name[])
{
    uint64_t wanted;

    if (!membership->asked || membership->field == FIGURING_NONE) {
        return !membership->asked;
    }
    if (membership->units != NULL) {
        uint32_t at =
            figuring_position(figuring, (uint32_t)name[membership->field]);

        at = at == FIGURING_NONE ? at : figuring_carried(figuring, at);
        return at == FIGURING_NONE ? membership->excluded
                                   : membership->units[at];
    }
    wanted = figuring_name(figuring, membership->kind, name[membership->field]);
    return (bsearch(&wanted, membership->names, membership->count,
                    sizeof wanted, compare_names) != NULL) !=
           membership->excluded;
}

/* A key that may be one thing with another one. */
struct joined {
    uint64_t name[PLAN_KEY_FIELDS_MAX]; /* of its thing */
    const struct fold_key *key;
};

static int compare_joined(const void *left, const void *right)
{
    const struct joined *a = left, *b = right;

    return memcmp(a->name, b->name, sizeof a->name);
}

/* Writes the name of the key's thing; whether a join has a part in it. */
static bool thing_name(const struct figuring *figuring,
                       const struct fold_measure *measure,
                       const uint32_t kinds[], const uint64_t name[],
                       uint64_t thing[PLAN_KEY_FIELDS_MAX])
{
    bool joined = false;

    memset(thing, 0, PLAN_KEY_FIELDS_MAX * sizeof *thing);
    for (uint32_t i = 0; i < measure->plan->key_field_count; i++) {
        thing[i] = kinds[i] == 0 ? name[i] : name_of(kinds[i], name[i]);
        if (kinds[i] != 0 && figuring->same_count > 0 &&
            id_map_get(&figuring->same_of, thing[i]) != ID_MAP_NONE) {
            thing[i] = figuring_name(figuring, kinds[i], name[i]);
            joined = true;
        }
    }
    return joined;
}

static void visit_joined(struct figuring *figuring, struct joined *list,
                         size_t count, const struct fold_key **keys,
                         figuring_visit *visit, void *owner)
{
    qsort(list, count, sizeof *list, compare_joined);
    for (size_t i = 0; i < count;) {
        const uint64_t *name = list[i].name;
        size_t n = 0;

        do {
            keys[n++] = list[i++].key;
        } while (i < count && compare_joined(&list[i - 1], &list[i]) == 0);
        visit(figuring, owner, name, keys, n);
    }
}

MUST_USE enum status figuring_things(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     figuring_visit *visit, void *owner)
{
    const struct fold_measure *measure = figuring_measure(figuring, formula);
    const struct fold_rows *rows = &measure->rows;
    uint32_t kinds[PLAN_KEY_FIELDS_MAX] = {0};
    struct joined *joined = NULL;
    const struct fold_key **keys = NULL;
    size_t joined_count = 0;
    uint64_t thing[PLAN_KEY_FIELDS_MAX];
    struct membership membership;
    enum status status =
        open_membership(figuring, measure, formula, &membership);

    for (uint32_t i = 0; i < measure->plan->key_field_count; i++) {
        kinds[i] = kind_of(measure, i);
    }
    if (status == STATUS_OK && figuring->same_count > 0) {
        joined = calloc(rows->key_count + 1, sizeof *joined);
        keys = calloc(rows->key_count + 1, sizeof(*keys));
        if (joined == NULL || keys == NULL) {
            status = STATUS_MEMORY;
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < rows->key_count; i++) {
        const struct fold_key *key = &rows->keys[i];
        const uint64_t *name = fold_rows_name(rows, i);

        if (key->count == 0 || !belongs(figuring, &membership, name)) {
            continue;
        }
        if (thing_name(figuring, measure, kinds, name, thing)) {
            check(joined != NULL);
            memcpy(joined[joined_count].name, thing, sizeof thing);
            joined[joined_count++].key = key;
        } else {
            visit(figuring, owner, thing, &key, 1);
        }
    }
    if (status == STATUS_OK && joined_count > 0) {
        visit_joined(figuring, joined, joined_count, keys, visit, owner);
    }
    free(joined);
    free(keys);
    free(membership.names);
    free(membership.units);
    return status;
}

uint32_t figuring_bound_of(const struct fold_measure *measure)
{
    const struct catalogue_type *type = catalogue_type(measure->plan->type);

    for (uint32_t i = 0; i < measure->plan->capture_count; i++) {
        uint32_t number = measure->plan->capture[i];
        const struct catalogue_field *field =
            type == NULL || number < EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, number - EVENT_BODY_BASE);

        if (field != NULL && field->kind == FIELD_FLAG &&
            strcmp(field->name, "is_lower_bound") == 0) {
            return i;
        }
    }
    return FIGURING_NONE;
}
