/* fold_list - what a list of a plan holds in the time of each event.
 *
 * Flow     plan + units -> [fold_list] -> fold_filter
 * Owns     nothing; gives its keys.
 * Threads  any; pure.
 *
 * A list of units holds what carries them on, and where nobody does, what
 * carries on the units that lay in them on their last day.
 */
#ifndef TALLYLINE_COMMON_FOLD_LIST_H
#define TALLYLINE_COMMON_FOLD_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/event/unit.h"
#include "common/plan/plan.h"

/* Gives `keys` (heap; free()). `units` may be NULL. STATUS_MEMORY. */
MUST_USE enum status fold_list_keys(const struct plan *plan,
                                    const struct plan_list *list,
                                    const struct units *units, uint64_t **keys,
                                    size_t *count);

#endif
