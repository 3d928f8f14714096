/* fold_rows - the dated rows of one measure's things.
 *
 * Flow     fold -> [fold_rows] -> indicator
 * Owns     its keys and rows; free with fold_rows_fini().
 * Threads  one writer; readers only while nobody writes.
 * Limits   FOLD_ROWS_KEYS_MAX keys, PLAN_KEY_FIELDS_MAX numbers a key,
 *          PLAN_CAPTURE_MAX captured numbers a row.
 *
 * A key is a thing (an establishment, a case, a commune and a year); its rows
 * say what was recorded about it, by day and event. Between two settlements
 * rows are appended and marked as removed; fold_rows_settle() then sorts and
 * closes the gaps of the keys that need it, once each, so that no order of
 * arrival makes the work grow with the square of the rows.
 */
#ifndef TALLYLINE_COMMON_FOLD_ROWS_H
#define TALLYLINE_COMMON_FOLD_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/id_map.h"
#include "common/base/status.h"
#include "common/fold/fold_arrays.h"
#include "common/plan/plan.h"

#define FOLD_ROWS_KEYS_MAX (1u << 30)
#define FOLD_ABSENT        UINT64_MAX /* a captured field that was not given */
#define FOLD_REMOVED       UINT32_MAX /* place of a row that is taken back */

/* What is added; `captured` holds as many numbers as the set was made for. */
struct fold_row {
    uint64_t event; /* id60 */
    int32_t day;
    uint32_t place; /* position of the unit */
    uint64_t captured[PLAN_CAPTURE_MAX];
};

struct fold_key {
    uint64_t *rows; /* count rows of `stride` words */
    uint32_t count;
    uint32_t sorted; /* so many stand in the order of day, event, place */
    uint32_t room;
    bool unsettled; /* in the list of those */
    bool gaps;      /* rows were removed since the last settlement */
};

struct fold_rows {
    uint32_t fields; /* numbers in a key */
    uint32_t stride; /* words in a row: event, day and place, captured */
    uint64_t *names; /* `fields` numbers for each key */
    struct fold_key *keys;
    size_t key_count, key_room;
    uint32_t *index; /* key + 1 by hash; 0: empty */
    size_t index_capacity;
    uint32_t *unsettled; /* keys to settle */
    size_t unsettled_count, unsettled_room;
    struct fold_arrays arrays;
};

void fold_rows_init(struct fold_rows *rows, uint32_t fields, uint32_t captured);
void fold_rows_fini(struct fold_rows *rows);
MUST_USE enum status fold_rows_add(struct fold_rows *rows,
                                   const uint64_t name[],
                                   const struct fold_row *row);
/* Takes back a row that was added; the others stay. */
MUST_USE enum status fold_rows_remove(struct fold_rows *rows,
                                      const uint64_t name[],
                                      const struct fold_row *row);
MUST_USE enum status fold_rows_settle(struct fold_rows *rows);

/* A key that is not there yet (else STATUS_INVALID), with `count` settled rows
 * that the caller fills in at `words`, in their order, before anything else. */
MUST_USE enum status fold_rows_restore(struct fold_rows *rows,
                                       const uint64_t name[], uint32_t count,
                                       uint64_t **words);
/* Whether the settled rows of a key stand in their order. */
bool fold_rows_ordered(const struct fold_rows *rows,
                       const struct fold_key *key);

/* Position of the key; UINT32_MAX when there is none. */
uint32_t fold_rows_find(const struct fold_rows *rows, const uint64_t name[]);

static inline const uint64_t *fold_rows_name(const struct fold_rows *rows,
                                             size_t key)
{
    return rows->names + key * rows->fields;
}

/* A settled key's row. */
static inline const uint64_t *fold_rows_at(const struct fold_rows *rows,
                                           const struct fold_key *key,
                                           size_t position)
{
    return key->rows + position * rows->stride;
}

static inline uint64_t fold_rows_hash(const struct fold_rows *rows,
                                      const uint64_t name[])
{
    uint64_t hash = 0;

    for (uint32_t i = 0; i < rows->fields; i++) {
        hash = id_map_mix(hash * 31 + name[i]);
    }
    return hash;
}

/* Asks for the memory that fold_rows_add() will look at, each step for what the
 * one before leads to: taken some rows apart, nothing is waited for. */
enum fold_rows_step {
    FOLD_ROWS_INDEX,
    FOLD_ROWS_KEY,
    FOLD_ROWS_END,
    FOLD_ROWS_STEPS
};
/* Inlined by force: a call that only asks for memory has no effect that a
 * compiler sees, and gcc leaves it out. */
__attribute__((always_inline)) static inline void fold_rows_expect(
    const struct fold_rows *rows, uint64_t hash, enum fold_rows_step step)
{
    size_t at = (size_t)hash & (rows->index_capacity - 1);
    const struct fold_key *key;

    if (rows->index_capacity == 0) {
        return;
    }
    if (step == FOLD_ROWS_INDEX) {
        __builtin_prefetch(&rows->index[at]);
        return;
    }
    if (rows->index[at] == 0) {
        return; /* or it stands further on; then it is waited for */
    }
    key = &rows->keys[rows->index[at] - 1];
    if (step == FOLD_ROWS_KEY) {
        __builtin_prefetch(fold_rows_name(rows, rows->index[at] - 1));
        __builtin_prefetch(key);
    } else if (key->count > 0) {
        __builtin_prefetch(fold_rows_at(rows, key, key->count - 1));
        __builtin_prefetch(fold_rows_at(rows, key, key->count));
    }
}

/* Days are kept with the sign turned, so that words sort as days do. */
static inline int32_t fold_row_day(const uint64_t *row)
{
    return (int32_t)((uint32_t)(row[1] >> 32) ^ UINT32_C(0x80000000));
}

static inline uint32_t fold_row_place(const uint64_t *row)
{
    return (uint32_t)row[1];
}

#endif
