/* unit - administrative units with the dates they were in force.
 *
 * Flow     units files -> [unit] -> entry checks, fold, figures
 * Owns     the table; free it with units_free().
 * Threads  read by any once loaded.
 * Limits   UNITS_MAX rows, UNIT_SUCCESSORS_MAX successors a row.
 *
 * A unit is (code system, code) over dates. Codes are used again under other
 * names and borders, so a key alone identifies nothing without a day (I12),
 * and a name is never a key.
 */
#ifndef TALLYLINE_COMMON_UNIT_H
#define TALLYLINE_COMMON_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/figures/report.h"

#define UNITS_MAX            65536u
#define UNIT_SUCCESSORS_MAX  16u
#define UNIT_SUCCESSIONS_MAX 4u
#define UNIT_TEXT_MAX        32u
#define UNIT_SYSTEM_GSO3     1u
#define UNIT_SYSTEM_GSO2     2u
#define UNIT_DATE_OPEN       INT32_MAX

/* Numbers as in enum Level of proto/event.proto. */
enum unit_level {
    UNIT_PROVINCE = 1,
    UNIT_DISTRICT = 2,
    UNIT_COMMUNE = 3
};

struct unit {
    uint32_t key;
    uint32_t parent; /* key, 0: none */
    enum unit_level level;
    const char *type; /* "Phường" */
    const char *name; /* "Ngọc Khánh", official spelling */
    int32_t from;     /* INT32_MIN: since before the records */
    int32_t to;       /* exclusive; UNIT_DATE_OPEN */
    uint32_t successors[UNIT_SUCCESSORS_MAX];
    uint32_t successor_count;
};

struct units; /* opaque */

uint32_t unit_key_make(uint32_t system, uint32_t digits, uint32_t code);
/* "gso3:00025". */
void unit_key_format(uint32_t key, char text[UNIT_TEXT_MAX]);
/* Reads "gso3:00025", or "00025" in the system in force on `date` (gso3 until
 * 2025-06-30). STATUS_INVALID. */
MUST_USE enum status unit_key_parse(const char *text, size_t size, int32_t date,
                                    uint32_t *key);

/* "gso3", "gso2", or the number of a province's own list ("100"). */
bool unit_system_parse(const char *text, size_t size, uint32_t *system);

MUST_USE enum status units_new(struct units **units);
void units_free(struct units **units);
/* Adds the rows of a units file (columns as in docs/PLANS.md). Every mistake
 * goes to `report` with its line; STATUS_INVALID if there was one, and the
 * table is then only good for being freed. Positions and pointers into the
 * table from before are no longer valid. */
MUST_USE enum status units_add_csv(struct units *units, const char *name,
                                   struct bytes text, struct report *report);
size_t units_count(const struct units *units);
/* Row by position: by level, code, from. NULL beyond the end. */
const struct unit *units_at(const struct units *units, size_t position);
size_t units_position(const struct units *units, const struct unit *unit);
/* The row of `key` in force on `date`; NULL when there is none. */
const struct unit *units_find(const struct units *units, uint32_t key,
                              int32_t date);
/* The same, or its last row where none is in force on `date`: for calling a
 * unit by its name, never for counting. `units` NULL: there is none. */
const struct unit *units_called(const struct units *units, uint32_t key,
                                int32_t date);
/* Whether there is a row of `key` on any day. */
bool units_known(const struct units *units, uint32_t key);
/* True when `key` is `ancestor` or below it on `date`. */
bool units_below(const struct units *units, uint32_t key, uint32_t ancestor,
                 int32_t date);
/* How many units of `level` at or below `ancestor` are in force on `date`. */
size_t units_in_force(const struct units *units, uint32_t ancestor,
                      enum unit_level level, int32_t date);
/* The unit that carries on `key` on `date`: itself, or its one successor, as
 * far as needed. NULL when it was divided or ended without one. */
const struct unit *units_carry(const struct units *units, uint32_t key,
                               int32_t recorded, int32_t date);
/* True when `successor` carries on `key`, or a part of it, be it over units in
 * between: UNIT_SUCCESSIONS_MAX steps at most. */
bool units_succeed(const struct units *units, uint32_t key, uint32_t successor);
/* Marks, by position, the units that on `date` carry on the row `ended` or what
 * lay in it on its last day: a district that nobody carries on lives on in its
 * communes, and in those that they were joined to. */
void units_mark_heirs(const struct units *units, const struct unit *ended,
                      int32_t date, bool marked[]);
/* Units whose folded name fits `name` (text_match_key) below `ancestor` on
 * `date`; writes up to `max`, returns how many there are. */
size_t units_match(const struct units *units, const char *name,
                   uint32_t ancestor, int32_t date, const struct unit *found[],
                   size_t max);

#endif
