/* unit_table - what unit.c and unit_csv.c share: the rows and their index.
 *
 * Flow     units file -> unit_csv.c -> [rows, index] -> unit.c
 * Owns     see unit.h; nobody else includes this.
 */
#ifndef TALLYLINE_COMMON_UNIT_TABLE_H
#define TALLYLINE_COMMON_UNIT_TABLE_H

#include "common/base/arena.h"
#include "common/event/unit.h"

#define UNITS_ARENA_MAX (32u * 1024u * 1024u)
#define UNIT_NAME_MAX   127u /* bytes of a type or a name */
#define UNIT_MATCH_MAX  512u /* room that is enough for its match key */

struct unit_row {
    struct unit unit;  /* first: units_position() goes back from it */
    const char *match; /* text_match_key() of the name, without type */
    const char *file;  /* where the row stands, for messages */
    size_t line;
};

/* key 0: empty. */
struct unit_slot {
    uint32_t key;
    uint32_t first; /* position of the key's first row */
};

struct units {
    struct arena *arena;
    struct unit_row *rows;
    size_t count;
    size_t capacity;
    struct unit_slot *table;
    size_t table_size; /* a power of two */
    uint32_t shift;
};

/* Sorts the rows and makes the table anew. STATUS_MEMORY. */
MUST_USE enum status units_index(struct units *units);

#endif
