/* suppress_facts - what an indicator may tell about persons.
 *
 * Flow     plan -> [suppress_facts] -> suppress.c
 * Owns     nothing.
 * Threads  any; pure.
 */
#ifndef TALLYLINE_COMMON_SUPPRESS_FACTS_H
#define TALLYLINE_COMMON_SUPPRESS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/plan/plan.h"

struct suppress_facts {
    bool counts;    /* its number is one of persons */
    bool divides;   /* so is its denominator */
    bool asks;      /* its filter asks for such numbers */
    bool compares;  /* it looks at another time too, where more is hidden */
    bool victims;   /* it may hold victims, or persons under 18 */
    uint64_t types; /* bit by event type */
};

void suppress_facts_of(const struct plan *plan,
                       const struct plan_indicator *indicator,
                       struct suppress_facts *facts);

#endif
