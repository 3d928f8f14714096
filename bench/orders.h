/* orders - control entries of a province that a benchmark makes up.
 *
 * Flow     files, bench -> [orders] -> context
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_BENCH_ORDERS_H
#define TALLYLINE_BENCH_ORDERS_H

#include "common/fold/context.h"

/* Applies the entry under the next index; ends the program if it is refused. */
void orders_apply(struct context *context, uint64_t *index,
                  struct control *control);
/* The same for a file of units, or of a plan. */
void orders_apply_file(struct context *context, uint64_t *index,
                       enum control_kind kind, const char *path);

#endif
