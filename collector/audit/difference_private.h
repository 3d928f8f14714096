/* difference_private - what difference*.c share; nobody else's. */
#ifndef TALLYLINE_COLLECTOR_DIFFERENCE_PRIVATE_H
#define TALLYLINE_COLLECTOR_DIFFERENCE_PRIVATE_H

#include "collector/audit/difference.h"
#include "common/figures/indicator_rows.h"

/* As indicator_choose(), for the audit. */
MUST_USE enum status difference_choose(const struct args *args,
                                       const struct reading *reading,
                                       int32_t day,
                                       struct indicator_choice *choice);
struct difference_value difference_value(const struct indicator_row *row);
/* What is compared and added up: 0 where there is no number. */
int64_t difference_number(const struct difference_value *value);
int64_t difference_denominator(const struct difference_value *value);
bool difference_is_of(const struct difference_figure *figure,
                      const struct indicator_row *row);

/* --- difference_follow.c --- */
/* Fills in the causes, by a fold of its own on the reading's ledger, which
 * shows the second position afterwards: a process opens a ledger once. With its
 * message. */
MUST_USE enum status difference_follow(const struct args *args,
                                       const struct reading *reading,
                                       uint64_t from, uint64_t to,
                                       struct difference *self);

#endif
