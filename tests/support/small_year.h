/* small_year - a few events of the world, one line of text each.
 *
 * Flow     test -> [small_year] -> world -> fold -> figures
 * Owns     one world and its fold, from small_year_open() to _close().
 * Threads  one.
 * Limits   those of world.h.
 *
 * "2018-03-05 90101 case_stage case_ref=1 stage=detected": day, place, type
 * and fields by their names, as in a plan. A reference is a number, with a p
 * before it one of the province; a set has its items joined by "+", a unit is
 * its code. The office is the labour office
 * of the place's district, or the province's for what happens in both.
 */
#ifndef TALLYLINE_TESTS_SMALL_YEAR_H
#define TALLYLINE_TESTS_SMALL_YEAR_H

#include "tests/support/world.h"

void small_year_open(const char *plan);
void small_year_close(void);
/* Adds the events; ends with NULL. The id of the last one. */
uint64_t small_year_add(const char *line, ...) __attribute__((sentinel));
/* Voids an event. */
void small_year_void(uint64_t id);

/* The figure of an indicator at a unit, given by its code; over the plan's
 * year, or over the days of `range`. */
struct figure small_year_figure(const char *indicator, const char *unit);
struct figure small_year_figure_in(const char *indicator, const char *unit,
                                   const struct figure_range *range);
/* The same as "3", "3/5", "-" (nothing occurred), "?" (not known); "≥3" for a
 * lower bound, "≤3" for an upper one, "+3" for a change. Valid until the next
 * call. */
const char *small_year_text(const char *indicator, const char *unit);
const char *small_year_text_in(const char *indicator, const char *unit,
                               const char *from, const char *to,
                               const char *known_to);

#endif
