/* small_plan - a plan that is right, of which a test puts one line wrong.
 *
 * Flow     test -> small_plan_load(line, text) -> plan, or a report
 * Owns     the units of the plan, from open to close (a test's init and fini).
 * Threads  one.
 *
 * Its lines are counted from 1; the table in small_plan.c shows them.
 */
#ifndef TALLYLINE_TESTS_SMALL_PLAN_H
#define TALLYLINE_TESTS_SMALL_PLAN_H

#include "common/plan/plan.h"

/* The formula of the first indicator, and its filter: left out when the
 * formula is put as another one. */
#define SMALL_PLAN_FORMULA 23u
#define SMALL_PLAN_WHERE   24u

void small_plan_open(void);
void small_plan_close(void);

/* The plan with that line put as `text`, which may be several lines; line 0:
 * as it is. NULL when it was refused. Makes `report`; the caller ends it. */
struct plan *small_plan_load(size_t line, const char *text,
                             enum language language, struct report *report);
/* The same in English with two lines put. */
struct plan *small_plan_load_two(size_t line, const char *text, size_t other,
                                 const char *other_text, struct report *report);

/* Line `line` put as `text` is a mistake, told there with `part` in it; in
 * Vietnamese too. */
void small_plan_mistake(size_t line, const char *text, size_t column,
                        const char *part);
/* The same, told in another line. */
void small_plan_mistake_at(size_t line, const char *text, size_t told_line,
                           size_t column, const char *part);

#endif
