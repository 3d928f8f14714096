/* formula_writing - the words of a formula as they are put together; for
 * formula_*.c alone.
 *
 * Flow     formula_words.c (operations) -> formula_events.c (events, fields)
 * Owns     see formula_words.h.
 */
#ifndef TALLYLINE_COMMON_FORMULA_WRITING_H
#define TALLYLINE_COMMON_FORMULA_WRITING_H

#include <stddef.h>

#include "common/figures/formula_words.h"

struct formula_writing {
    const struct plan *plan;
    const struct vocabulary *vocabulary;
    enum language language;
    char *text;
    size_t used;
};

/* What there is no room for ends the text with an ellipsis, once. */
void formula_put_span(struct formula_writing *self, const char *text,
                      size_t size);
void formula_put(struct formula_writing *self, const char *text);
void formula_say(struct formula_writing *self, const char *vi, const char *en);
void formula_put_label(struct formula_writing *self,
                       struct language_text label);
void formula_put_number(struct formula_writing *self, uint64_t number);
void formula_put_quoted(struct formula_writing *self,
                        struct language_text label);
/* The field's label. */
void formula_put_field(struct formula_writing *self,
                       const struct plan_measure *measure, uint32_t field);
/* The label of a list of the plan. */
void formula_put_list(struct formula_writing *self, uint64_t list);
void formula_put_level(struct formula_writing *self, enum unit_level level);
/* The type of a measure and its conditions. */
void formula_put_events(struct formula_writing *self, uint32_t number);
/* What the last row of a thing has to say. */
void formula_put_states(struct formula_writing *self,
                        const struct plan_formula *formula);

#endif
