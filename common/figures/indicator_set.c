/* Sets of things and of units. A member stands once, at all its places; sets of
 * one kind are combined by name. Failure mode: no memory, which stays in the
 * set until somebody asks. */
#include "common/figures/indicator_state.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 64u

/* Room for one more; false without memory. */
static bool reserve(struct figuring_set *set, void **array, size_t count,
                    size_t *room, size_t size)
{
    size_t wanted = *room == 0 ? ROOM_FIRST : *room * 2;
    void *grown;

    if (set->status != STATUS_OK) {
        return false;
    }
    if (count < *room) {
        return true;
    }
    grown = realloc(*array, wanted * size);
    if (grown == NULL) {
        set->status = STATUS_MEMORY;
        return false;
    }
    *array = grown;
    *room = wanted;
    return true;
}

static void add_member(struct figuring_set *set,
                       const uint64_t name[PLAN_KEY_FIELDS_MAX])
{
    void *members = set->members;
    struct figuring_member *member;

    if (reserve(set, &members, set->count, &set->room, sizeof *set->members)) {
        set->members = members;
        member = &set->members[set->count++];
        *member = (struct figuring_member){.place = (uint32_t)set->place_count};
        memcpy(member->name, name, sizeof member->name);
    }
}

/* Adds a place to the last member. A thing with many events at one place has
 * it once. */
static void add_place(struct figuring_set *set, uint32_t place)
{
    void *places = set->places;
    struct figuring_member *member;

    if (set->status != STATUS_OK) {
        return;
    }
    check(set->count > 0);
    member = &set->members[set->count - 1];
    check(member->place_count == 0 || places != NULL);
    if (member->place_count > 0 && set->places[set->place_count - 1] == place) {
        return;
    }
    if (reserve(set, &places, set->place_count, &set->place_room,
                sizeof *set->places)) {
        set->places = places;
        set->places[set->place_count++] = place;
        member->place_count++;
    }
}

void figuring_out_thing(struct figuring *figuring, struct figuring_out *out,
                        const uint64_t name[PLAN_KEY_FIELDS_MAX])
{
    if (out->set != NULL) {
        add_member(out->set, name);
    } else {
        figuring_next_thing(figuring);
    }
}

void figuring_out_place(struct figuring *figuring, struct figuring_out *out,
                        uint32_t source, int64_t amount, bool lower_bound)
{
    if (out->set != NULL) {
        add_place(out->set, source);
    } else {
        figuring_add(figuring, out->figures, source, amount, lower_bound);
    }
}

void figuring_set_day(struct figuring_set *set, int32_t day)
{
    if (set->status == STATUS_OK) {
        check(set->count > 0);
        set->members[set->count - 1].day = day;
    }
}

static int compare_members(const void *left, const void *right)
{
    const struct figuring_member *a = left, *b = right;

    return memcmp(a->name, b->name, sizeof a->name);
}

static void copy_places(struct figuring_set *set,
                        const struct figuring_set *from,
                        const struct figuring_member *member)
{
    for (uint32_t i = 0; i < member->place_count; i++) {
        add_place(set, from->places[member->place + i]);
    }
}

void figuring_set_order(struct figuring_set *set)
{
    struct figuring_set made = {0};
    size_t doubled = 0;

    if (set->count == 0) {
        return;
    }
    qsort(set->members, set->count, sizeof *set->members, compare_members);
    for (size_t i = 1; i < set->count; i++) {
        doubled += compare_members(&set->members[i - 1], &set->members[i]) == 0;
    }
    if (doubled == 0 || set->status != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < set->count; i++) {
        if (i == 0 ||
            compare_members(&set->members[i - 1], &set->members[i]) != 0) {
            add_member(&made, set->members[i].name);
            figuring_set_day(&made, set->members[i].day);
        }
        copy_places(&made, set, &set->members[i]);
    }
    figuring_set_fini(set);
    *set = made;
}

void figuring_set_fini(struct figuring_set *set)
{
    free(set->members);
    free(set->places);
    *set = (struct figuring_set){0};
}

const struct figuring_member *figuring_set_find(
    const struct figuring_set *set, const uint64_t name[PLAN_KEY_FIELDS_MAX])
{
    struct figuring_member wanted = {0};

    if (set->count == 0) {
        return NULL;
    }
    memcpy(wanted.name, name, sizeof wanted.name);
    return bsearch(&wanted, set->members, set->count, sizeof wanted,
                   compare_members);
}

/* Keeps the members of `set` that are in `other`, or those that are not. */
static void keep_members(struct figuring_set *set,
                         const struct figuring_set *other, bool in_it)
{
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++) {
        if ((figuring_set_find(other, set->members[i].name) != NULL) == in_it) {
            set->members[kept++] = set->members[i];
        }
    }
    set->count = kept;
}

/* Adds the members of `other` that are not in `set`. */
static void add_members(struct figuring_set *set,
                        const struct figuring_set *other)
{
    size_t before = set->count;

    for (size_t i = 0; i < other->count; i++) {
        struct figuring_set old = *set;

        old.count = before;
        if (figuring_set_find(&old, other->members[i].name) == NULL) {
            add_member(set, other->members[i].name);
            figuring_set_day(set, other->members[i].day);
            copy_places(set, other, &other->members[i]);
        }
    }
    figuring_set_order(set);
}

static void combine(const struct plan_formula *formula,
                    struct figuring_set *set, const struct figuring_set *other)
{
    if (formula->operation == PLAN_EITHER) {
        add_members(set, other);
    } else {
        keep_members(set, other, formula->operation == PLAN_BOTH);
    }
}

static MUST_USE enum status combine_operands(struct figuring *figuring,
                                             const struct plan_formula *formula,
                                             struct figuring_set *set)
{
    enum status status = figuring_set_of(figuring, formula->operands[0], set);

    for (uint32_t i = 1; i < formula->operand_count && status == STATUS_OK;
         i++) {
        struct figuring_set other = {0};

        status = figuring_set_of(figuring, formula->operands[i], &other);
        if (status == STATUS_OK) {
            combine(formula, set, &other);
        }
        figuring_set_fini(&other);
    }
    return status;
}

MUST_USE enum status figuring_set_of(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     struct figuring_set *set)
{
    struct figuring_out out = {.set = set};
    enum status status;

    check(plan_formula_is_set(formula));
    if (formula->operation == PLAN_UNITS) {
        status = figuring_units(figuring, formula, &out);
    } else if (formula->operation == PLAN_BOTH ||
               formula->operation == PLAN_EITHER ||
               formula->operation == PLAN_WITHOUT) {
        status = combine_operands(figuring, formula, set);
    } else {
        status = figuring_things_of(figuring, formula, &out);
    }
    figuring_set_order(set);
    return status != STATUS_OK ? status : set->status;
}

void figuring_set_place(struct figuring *figuring,
                        const struct figuring_set *set,
                        const struct figuring_member *member,
                        struct figure figures[])
{
    for (uint32_t i = 0; i < member->place_count; i++) {
        figuring_add(figuring, figures, set->places[member->place + i], 1,
                     false);
    }
}

void figuring_set_count(struct figuring *figuring,
                        const struct figuring_set *set, struct figure figures[])
{
    for (size_t i = 0; i < set->count; i++) {
        figuring_next_thing(figuring);
        figuring_set_place(figuring, set, &set->members[i], figures);
    }
}
