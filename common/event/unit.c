/* The rows lie in one array by level, key and first day, so that the rows of
 * a key are neighbours. A hash table of the keys leads to the first of them:
 * the fold looks a unit up for every event.
 *
 * Rows are only added; after each file the array is sorted again, the table
 * made anew and the whole checked, because a row may lean on any other. */
#include "common/event/unit.h"

#include "common/base/arena.h"
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/event/unit_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_SYSTEM_FACTOR 1000000u
#define KEY_DIGIT_FACTOR  100000u
#define KEY_DIGITS_MAX    5u
#define SYSTEM_MAX        4000u

/* Units do not lie deeper in one another than province, district, commune;
 * more steps upwards than this are a circle. */
#define ANCESTORS_MAX 8u
#define CARRY_MAX     16u

/* The first day of the two-level list: 2025-07-01. */
static int32_t first_day_of_gso2(void)
{
    return calendar_day(2025, 7, 1);
}

uint32_t unit_key_make(uint32_t system, uint32_t digits, uint32_t code)
{
    check(system >= 1 && system <= SYSTEM_MAX);
    check(digits >= 1 && digits <= KEY_DIGITS_MAX && code < KEY_DIGIT_FACTOR);
    return system * KEY_SYSTEM_FACTOR + digits * KEY_DIGIT_FACTOR + code;
}

void unit_key_format(uint32_t key, char text[UNIT_TEXT_MAX])
{
    uint32_t system = key / KEY_SYSTEM_FACTOR;
    uint32_t digits = key / KEY_DIGIT_FACTOR % 10;
    uint32_t code = key % KEY_DIGIT_FACTOR;

    if (system == UNIT_SYSTEM_GSO3 || system == UNIT_SYSTEM_GSO2) {
        (void)snprintf(text, UNIT_TEXT_MAX, "%s:%0*" PRIu32,
                       system == UNIT_SYSTEM_GSO3 ? "gso3" : "gso2",
                       (int)digits, code);
    } else {
        (void)snprintf(text, UNIT_TEXT_MAX, "%" PRIu32 ":%0*" PRIu32, system,
                       (int)digits, code);
    }
}

/* A number of 1 to 5 digits; how many digits there are. */
static bool parse_digits(const char *text, size_t size, uint32_t *number)
{
    *number = 0;
    if (size == 0 || size > KEY_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *number = *number * 10 + (uint32_t)(text[i] - '0');
    }
    return true;
}

bool unit_system_parse(const char *text, size_t size, uint32_t *system)
{
    if (size == 4 && memcmp(text, "gso3", 4) == 0) {
        *system = UNIT_SYSTEM_GSO3;
        return true;
    }
    if (size == 4 && memcmp(text, "gso2", 4) == 0) {
        *system = UNIT_SYSTEM_GSO2;
        return true;
    }
    /* From 100 on the province's own lists. */
    return parse_digits(text, size, system) && *system >= 100 &&
           *system <= SYSTEM_MAX;
}

enum status unit_key_parse(const char *text, size_t size, int32_t date,
                           uint32_t *key)
{
    const char *colon = size == 0 ? NULL : memchr(text, ':', size);
    uint32_t system =
        date < first_day_of_gso2() ? UNIT_SYSTEM_GSO3 : UNIT_SYSTEM_GSO2;
    uint32_t code = 0;

    if (colon != NULL) {
        size_t name = (size_t)(colon - text);

        if (!unit_system_parse(text, name, &system)) {
            return STATUS_INVALID;
        }
        text += name + 1;
        size -= name + 1;
    }
    if (!parse_digits(text, size, &code)) {
        return STATUS_INVALID;
    }
    *key = unit_key_make(system, (uint32_t)size, code);
    return STATUS_OK;
}

enum status units_new(struct units **units)
{
    enum status rc = STATUS_MEMORY;
    struct units *made = calloc(1, sizeof *made);

    *units = NULL;
    if (made == NULL) {
        return rc;
    }
    rc = arena_new(UNITS_ARENA_MAX, &made->arena);
    if (rc != STATUS_OK) {
        free(made);
        return rc;
    }
    *units = made;
    return STATUS_OK;
}

void units_free(struct units **units)
{
    if (*units == NULL) {
        return;
    }
    arena_free(&(*units)->arena);
    free((*units)->rows);
    free((*units)->table);
    free(*units);
    *units = NULL;
}

size_t units_count(const struct units *units)
{
    return units->count;
}

const struct unit *units_at(const struct units *units, size_t position)
{
    return position < units->count ? &units->rows[position].unit : NULL;
}

size_t units_position(const struct units *units, const struct unit *unit)
{
    /* The unit is the first member of its row. */
    const struct unit_row *row = (const struct unit_row *)(const void *)unit;

    check(row >= units->rows && row < units->rows + units->count);
    return (size_t)(row - units->rows);
}

static int by_level_key_from(const void *left, const void *right)
{
    const struct unit *a = &((const struct unit_row *)left)->unit;
    const struct unit *b = &((const struct unit_row *)right)->unit;

    if (a->level != b->level) {
        return a->level < b->level ? -1 : 1;
    }
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return a->from < b->from ? -1 : a->from > b->from;
}

static size_t slot_of(const struct units *units, uint32_t key)
{
    /* Fibonacci hashing: the upper bits are the mixed ones. */
    return (size_t)((key * UINT32_C(2654435769)) >> units->shift);
}

enum status units_index(struct units *units)
{
    size_t size = 2;

    units->shift = 31;
    while (size < 2 * units->count) {
        size *= 2;
        units->shift--;
    }
    free(units->table);
    units->table = calloc(size, sizeof *units->table);
    if (units->table == NULL) {
        return STATUS_MEMORY;
    }
    units->table_size = size;
    if (units->count > 0) {
        qsort(units->rows, units->count, sizeof units->rows[0],
              by_level_key_from);
    }
    for (size_t i = 0; i < units->count; i++) {
        uint32_t key = units->rows[i].unit.key;
        size_t slot = slot_of(units, key);

        while (units->table[slot].key != 0 && units->table[slot].key != key) {
            slot = (slot + 1) % size;
        }
        if (units->table[slot].key == 0) {
            units->table[slot] =
                (struct unit_slot){.key = key, .first = (uint32_t)i};
        }
    }
    return STATUS_OK;
}

/* NULL when the key has no row. */
static const struct unit_slot *find_slot(const struct units *units,
                                         uint32_t key)
{
    size_t slot;

    if (units->count == 0 || key == 0) {
        return NULL;
    }
    slot = slot_of(units, key);
    while (units->table[slot].key != key) {
        if (units->table[slot].key == 0) {
            return NULL;
        }
        slot = (slot + 1) & (units->table_size - 1);
    }
    return &units->table[slot];
}

const struct unit *units_find(const struct units *units, uint32_t key,
                              int32_t date)
{
    const struct unit_slot *slot = find_slot(units, key);

    if (slot == NULL) {
        return NULL;
    }
    for (size_t i = slot->first;
         i < units->count && units->rows[i].unit.key == key; i++) {
        const struct unit *unit = &units->rows[i].unit;

        if (date >= unit->from && date < unit->to) {
            return unit;
        }
    }
    return NULL;
}

const struct unit *units_called(const struct units *units, uint32_t key,
                                int32_t date)
{
    const struct unit_slot *slot = units == NULL ? NULL : find_slot(units, key);
    const struct unit *found = NULL;

    for (size_t i = slot == NULL ? 0 : slot->first;
         slot != NULL && i < units->count && units->rows[i].unit.key == key;
         i++) {
        found = &units->rows[i].unit;
        if (date >= found->from && date < found->to) {
            break;
        }
    }
    return found;
}

bool units_known(const struct units *units, uint32_t key)
{
    return find_slot(units, key) != NULL;
}

bool units_below(const struct units *units, uint32_t key, uint32_t ancestor,
                 int32_t date)
{
    for (size_t step = 0; step < ANCESTORS_MAX; step++) {
        const struct unit *unit = units_find(units, key, date);

        if (unit == NULL) {
            return false;
        }
        if (key == ancestor) {
            return true;
        }
        key = unit->parent;
    }
    return false;
}

size_t units_in_force(const struct units *units, uint32_t ancestor,
                      enum unit_level level, int32_t date)
{
    size_t count = 0;

    for (size_t i = 0; i < units->count; i++) {
        const struct unit *unit = &units->rows[i].unit;

        count += unit->level == level && date >= unit->from &&
                 date < unit->to &&
                 units_below(units, unit->key, ancestor, date);
    }
    return count;
}

const struct unit *units_carry(const struct units *units, uint32_t key,
                               int32_t recorded, int32_t date)
{
    const struct unit *unit = units_find(units, key, recorded);

    for (size_t step = 0; unit != NULL && step < CARRY_MAX; step++) {
        if (date >= unit->from && date < unit->to) {
            return unit;
        }
        if (date < unit->from || unit->successor_count != 1) {
            return NULL;
        }
        unit = units_find(units, unit->successors[0], unit->to);
    }
    return NULL;
}

static bool succeeds(const struct units *units, uint32_t key,
                     uint32_t successor, unsigned steps)
{
    const struct unit_slot *slot = find_slot(units, key);

    if (slot == NULL || steps == 0) {
        return false;
    }
    for (size_t i = slot->first;
         i < units->count && units->rows[i].unit.key == key; i++) {
        const struct unit *unit = &units->rows[i].unit;

        for (uint32_t k = 0; k < unit->successor_count; k++) {
            if (unit->successors[k] == successor ||
                succeeds(units, unit->successors[k], successor, steps - 1)) {
                return true;
            }
        }
    }
    return false;
}

bool units_succeed(const struct units *units, uint32_t key, uint32_t successor)
{
    return succeeds(units, key, successor, UNIT_SUCCESSIONS_MAX);
}

void units_mark_heirs(const struct units *units, const struct unit *ended,
                      int32_t date, bool marked[])
{
    int32_t last = ended->to - 1;

    for (size_t i = 0; i < units->count; i++) {
        const struct unit *unit = &units->rows[i].unit;
        const struct unit *heir;

        if (last < unit->from || last >= unit->to ||
            !units_below(units, unit->key, ended->key, last)) {
            continue;
        }
        heir = units_carry(units, unit->key, last, date);
        if (heir != NULL) {
            marked[units_position(units, heir)] = true;
        }
    }
}

size_t units_match(const struct units *units, const char *name,
                   uint32_t ancestor, int32_t date, const struct unit *found[],
                   size_t max)
{
    char wanted[UNIT_MATCH_MAX];
    size_t count = 0;

    if (text_match_key(name, strlen(name), true, wanted, sizeof wanted, NULL) !=
        STATUS_OK) {
        return 0;
    }
    for (size_t i = 0; i < units->count; i++) {
        const struct unit *unit = &units->rows[i].unit;

        if (date < unit->from || date >= unit->to ||
            strcmp(units->rows[i].match, wanted) != 0 ||
            !units_below(units, unit->key, ancestor, date)) {
            continue;
        }
        if (count < max) {
            found[count] = unit;
        }
        count++;
    }
    return count;
}
