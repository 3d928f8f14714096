/* Rows of a key stand in one array of words. Failure mode: no memory; then the
 * row that was to be added is not there, and the caller gives up the fold. */
#include "common/fold/fold_rows.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

#define INDEX_FIRST 64u

void fold_rows_init(struct fold_rows *rows, uint32_t fields, uint32_t captured)
{
    check(fields > 0 && fields <= PLAN_KEY_FIELDS_MAX);
    check(captured <= PLAN_CAPTURE_MAX);
    *rows = (struct fold_rows){
        .fields = fields,
        .stride = 2 + captured,
    };
    fold_arrays_init(&rows->arrays, rows->stride);
}

void fold_rows_fini(struct fold_rows *rows)
{
    for (size_t i = 0; i < rows->key_count; i++) {
        fold_arrays_release(&rows->arrays, rows->keys[i].rows,
                            rows->keys[i].room);
    }
    fold_arrays_fini(&rows->arrays);
    free(rows->names);
    free(rows->keys);
    free(rows->index);
    free(rows->unsettled);
    *rows = (struct fold_rows){0};
}

static bool has_name(const struct fold_rows *rows, size_t key,
                     const uint64_t name[])
{
    const uint64_t *own = fold_rows_name(rows, key);

    for (uint32_t i = 0; i < rows->fields; i++) {
        if (own[i] != name[i]) {
            return false;
        }
    }
    return true;
}

/* The cell of the index that holds the key, or the empty one for it. */
static size_t find_cell(const struct fold_rows *rows, const uint32_t *index,
                        size_t capacity, const uint64_t name[])
{
    size_t at = (size_t)fold_rows_hash(rows, name) & (capacity - 1);

    while (index[at] != 0 && !has_name(rows, index[at] - 1, name)) {
        at = (at + 1) & (capacity - 1);
    }
    return at;
}

uint32_t fold_rows_find(const struct fold_rows *rows, const uint64_t name[])
{
    size_t at;

    if (rows->index_capacity == 0) {
        return UINT32_MAX;
    }
    at = find_cell(rows, rows->index, rows->index_capacity, name);
    return rows->index[at] == 0 ? UINT32_MAX : rows->index[at] - 1;
}

static MUST_USE enum status grow_index(struct fold_rows *rows)
{
    size_t capacity =
        rows->index_capacity == 0 ? INDEX_FIRST : rows->index_capacity * 2;
    uint32_t *index = calloc(capacity, sizeof *index);

    if (index == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < rows->key_count; i++) {
        size_t at = find_cell(rows, index, capacity, fold_rows_name(rows, i));

        index[at] = (uint32_t)i + 1;
    }
    free(rows->index);
    rows->index = index;
    rows->index_capacity = capacity;
    return STATUS_OK;
}

static MUST_USE enum status grow_keys(struct fold_rows *rows)
{
    size_t room = rows->key_room == 0 ? 16 : rows->key_room * 2;
    struct fold_key *keys;
    uint64_t *names;

    if (rows->key_count >= FOLD_ROWS_KEYS_MAX) {
        return STATUS_MEMORY;
    }
    keys = realloc(rows->keys, room * sizeof *keys);
    if (keys == NULL) {
        return STATUS_MEMORY;
    }
    rows->keys = keys;
    names = realloc(rows->names, room * rows->fields * sizeof *names);
    if (names == NULL) {
        return STATUS_MEMORY;
    }
    rows->names = names;
    rows->key_room = room;
    return STATUS_OK;
}

/* The key of that name, new if need be. */
static MUST_USE enum status intern(struct fold_rows *rows,
                                   const uint64_t name[], uint32_t *key)
{
    enum status status;

    *key = fold_rows_find(rows, name);
    if (*key != UINT32_MAX) {
        return STATUS_OK;
    }
    if (rows->key_count == rows->key_room) {
        status = grow_keys(rows);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (rows->key_count * 2 >= rows->index_capacity) {
        status = grow_index(rows);
        if (status != STATUS_OK) {
            return status;
        }
    }
    *key = (uint32_t)rows->key_count++;
    rows->keys[*key] = (struct fold_key){0};
    memcpy(rows->names + (size_t)*key * rows->fields, name,
           rows->fields * sizeof *name);
    rows->index[find_cell(rows, rows->index, rows->index_capacity, name)] =
        *key + 1;
    return STATUS_OK;
}

static MUST_USE enum status mark_unsettled(struct fold_rows *rows,
                                           uint32_t position)
{
    struct fold_key *key = &rows->keys[position];

    if (key->unsettled) {
        return STATUS_OK;
    }
    if (rows->unsettled_count == rows->unsettled_room) {
        size_t room = rows->unsettled_room == 0 ? 64 : rows->unsettled_room * 2;
        uint32_t *list = realloc(rows->unsettled, room * sizeof *list);

        if (list == NULL) {
            return STATUS_MEMORY;
        }
        rows->unsettled = list;
        rows->unsettled_room = room;
    }
    rows->unsettled[rows->unsettled_count++] = position;
    key->unsettled = true;
    return STATUS_OK;
}

/* Day, then event, then place. */
static int compare_rows(const void *left, const void *right)
{
    uint64_t a[2], b[2];

    memcpy(a, left, sizeof a);
    memcpy(b, right, sizeof b);
    if (a[1] >> 32 != b[1] >> 32) {
        return a[1] >> 32 < b[1] >> 32 ? -1 : 1;
    }
    if (a[0] != b[0]) {
        return a[0] < b[0] ? -1 : 1;
    }
    return (a[1] > b[1]) - (a[1] < b[1]);
}

static void write_row(const struct fold_rows *rows, const struct fold_row *row,
                      uint64_t *words)
{
    uint32_t day = (uint32_t)row->day ^ UINT32_C(0x80000000);

    words[0] = row->event;
    words[1] = (uint64_t)day << 32 | row->place;
    memcpy(words + 2, row->captured, (rows->stride - 2) * sizeof *words);
}

/* Room for `wanted` rows. */
static MUST_USE enum status reserve(struct fold_rows *rows,
                                    struct fold_key *key, uint32_t wanted)
{
    uint32_t room = key->room == 0 ? 1 : key->room;
    uint64_t *array;

    if (wanted <= key->room) {
        return STATUS_OK;
    }
    while (room < wanted) {
        if (room > UINT32_MAX / 2) {
            return STATUS_MEMORY;
        }
        room *= 2;
    }
    array = fold_arrays_take(&rows->arrays, room);
    if (array == NULL) {
        return STATUS_MEMORY;
    }
    if (key->count > 0) {
        memcpy(array, key->rows,
               (size_t)key->count * rows->stride * sizeof *array);
    }
    fold_arrays_release(&rows->arrays, key->rows, key->room);
    key->rows = array;
    key->room = room;
    return STATUS_OK;
}

/* Nearly all rows come in the order of their days, or wait for the settlement:
 * to put each in its place at once would move those behind it again and again.
 * True when the last row stands where it belongs. */
static bool is_in_place(const struct fold_rows *rows, struct fold_key *key)
{
    const uint64_t *last = fold_rows_at(rows, key, key->count - 1);

    if (key->sorted != key->count - 1 ||
        (key->sorted > 0 && compare_rows(last - rows->stride, last) > 0)) {
        return false;
    }
    key->sorted++;
    return true;
}

MUST_USE enum status fold_rows_add(struct fold_rows *rows,
                                   const uint64_t name[],
                                   const struct fold_row *row)
{
    struct fold_key *key;
    uint32_t position;
    uint64_t *words;
    enum status status = intern(rows, name, &position);

    if (status != STATUS_OK) {
        return status;
    }
    key = &rows->keys[position];
    status = reserve(rows, key, key->count + 1);
    if (status != STATUS_OK) {
        return status;
    }
    words = key->rows + (size_t)key->count * rows->stride;
    write_row(rows, row, words);
    key->count++;
    return is_in_place(rows, key) ? STATUS_OK : mark_unsettled(rows, position);
}

MUST_USE enum status fold_rows_restore(struct fold_rows *rows,
                                       const uint64_t name[], uint32_t count,
                                       uint64_t **words)
{
    size_t before = rows->key_count;
    uint32_t position;
    enum status status = intern(rows, name, &position);

    if (status == STATUS_OK && rows->key_count == before) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = reserve(rows, &rows->keys[position], count);
    }
    if (status == STATUS_OK) {
        rows->keys[position].count = rows->keys[position].sorted = count;
        *words = rows->keys[position].rows;
    }
    return status;
}

bool fold_rows_ordered(const struct fold_rows *rows, const struct fold_key *key)
{
    for (uint32_t i = 1; i < key->sorted; i++) {
        const uint64_t *row = fold_rows_at(rows, key, i);

        if (compare_rows(row - rows->stride, row) > 0) {
            return false;
        }
    }
    return true;
}

/* The first settled row that is not before the day and event of `words`. */
static size_t first_of(const struct fold_rows *rows, const struct fold_key *key,
                       const uint64_t *words)
{
    size_t low = 0, high = key->sorted;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const uint64_t *row = fold_rows_at(rows, key, middle);

        if (row[1] >> 32 < words[1] >> 32 ||
            (row[1] >> 32 == words[1] >> 32 && row[0] < words[0])) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Drops the removed of the sorted rows; gives how many are left. */
static size_t close_gaps(const struct fold_rows *rows, struct fold_key *key)
{
    size_t stride = rows->stride, kept = 0;

    if (!key->gaps) {
        return key->sorted;
    }
    for (size_t i = 0; i < key->sorted; i++) {
        const uint64_t *row = fold_rows_at(rows, key, i);

        if (fold_row_place(row) != FOLD_REMOVED) {
            memmove(key->rows + kept * stride, row, stride * sizeof *row);
            kept++;
        }
    }
    key->gaps = false;
    return kept;
}

/* Merges the sorted rows and the appended ones, and drops the removed. Sorted
 * rows before all appended ones are not touched: most of a long history. */
static MUST_USE enum status settle_key(struct fold_rows *rows,
                                       struct fold_key *key)
{
    size_t stride = rows->stride, bytes = stride * sizeof(uint64_t);
    size_t kept, tail_count = key->count - key->sorted;
    uint64_t *copy = NULL, *out;

    if (tail_count > 0) {
        copy = malloc(tail_count * bytes);
        if (copy == NULL) {
            return STATUS_MEMORY;
        }
        memcpy(copy, key->rows + key->sorted * stride, tail_count * bytes);
        qsort(copy, tail_count, bytes, compare_rows);
    }
    kept = close_gaps(rows, key);
    /* From the end, so that nothing is overwritten before it has moved. */
    key->count = (uint32_t)(kept + tail_count);
    out = key->rows + (size_t)key->count * stride;
    for (size_t tail = tail_count; tail > 0;) {
        const uint64_t *last = copy + (tail - 1) * stride;

        out -= stride;
        if (kept > 0 &&
            compare_rows(key->rows + (kept - 1) * stride, last) > 0) {
            kept--;
            memcpy(out, key->rows + kept * stride, bytes);
        } else {
            memcpy(out, last, bytes);
            tail--;
        }
    }
    key->sorted = key->count;
    free(copy);
    return STATUS_OK;
}

/* The settled row of those words; NULL when it is not among them. */
static uint64_t *find_row(const struct fold_rows *rows,
                          const struct fold_key *key, const uint64_t *words)
{
    for (size_t i = first_of(rows, key, words); i < key->sorted; i++) {
        uint64_t *row = key->rows + i * rows->stride;

        if (row[0] != words[0]) {
            break;
        }
        if (row[1] == words[1]) {
            return row;
        }
    }
    return NULL;
}

/* Most rows that are taken back were settled before. For one that was not all
 * of its key are, which happens to a key once in a settlement of the fold. */
MUST_USE enum status fold_rows_remove(struct fold_rows *rows,
                                      const uint64_t name[],
                                      const struct fold_row *row)
{
    uint64_t words[2 + PLAN_CAPTURE_MAX];
    uint32_t position = fold_rows_find(rows, name);
    struct fold_key *key;
    uint64_t *found;

    check(position != UINT32_MAX);
    key = &rows->keys[position];
    write_row(rows, row, words);
    found = find_row(rows, key, words);
    if (found == NULL) {
        enum status status = settle_key(rows, key);

        if (status != STATUS_OK) {
            return status;
        }
        found = find_row(rows, key, words);
    }
    check(found != NULL);
    found[1] |= FOLD_REMOVED;
    key->gaps = true;
    return mark_unsettled(rows, position);
}

MUST_USE enum status fold_rows_settle(struct fold_rows *rows)
{
    while (rows->unsettled_count > 0) {
        uint32_t position = rows->unsettled[rows->unsettled_count - 1];
        enum status status = settle_key(rows, &rows->keys[position]);

        if (status != STATUS_OK) {
            return status;
        }
        rows->keys[position].unsettled = false;
        rows->unsettled_count--;
    }
    return STATUS_OK;
}
