/* formula_words - what an indicator counts, as a person would say it.
 *
 * Flow     plan -> [formula_words] -> dashboard
 * Owns     nothing; the text goes to the caller's room.
 * Threads  any; pure.
 * Limits   FORMULA_WORDS_MAX bytes; what is longer ends with an ellipsis.
 *
 * The words are made from the formula that is computed, so they say what is
 * counted and not what somebody once wrote about it. That only events of the
 * plan's programmes count is not repeated in each.
 */
#ifndef TALLYLINE_COMMON_FORMULA_WORDS_H
#define TALLYLINE_COMMON_FORMULA_WORDS_H

#include "common/base/language.h"
#include "common/event/vocabulary.h"
#include "common/plan/plan.h"

#define FORMULA_WORDS_MAX 4096u /* with the closing zero */

/* `vocabulary` may be NULL. Empty when the indicator has no formula. */
void formula_words(const struct plan *plan,
                   const struct plan_indicator *indicator,
                   const struct vocabulary *vocabulary, enum language language,
                   char text[FORMULA_WORDS_MAX]);

#endif
