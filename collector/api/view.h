/* view - the answers themselves: JSON made of the fold where it stands.
 *
 * Flow     query + figures' view + standing -> [view] -> answer
 * Owns     nothing between calls.
 * Threads  the figures' own: the fold and the context are read here and nowhere
 *          else.
 * Limits   the answer's buffer; rows as in indicator_rows.h.
 *
 * What the replies look like is in openapi.json, which CI holds them against.
 * Every figure comes from indicator_rows_new() (and so from suppress.h) for the
 * reader of the query, as those of `indicators` and of reports do.
 *
 * Invariants
 *   I4   an answer with figures names the position, the plan, the days and the
 *        day of the units.
 *   I9   nobody gets a number of persons here that a printed table would hide
 *        from them.
 */
#ifndef TALLYLINE_COLLECTOR_VIEW_H
#define TALLYLINE_COLLECTOR_VIEW_H

#include "collector/api/answers.h"
#include "collector/figures/questions.h"
#include "collector/line/standing.h"

struct view_source {
    const struct figures_view *view;
    const struct standing *standing; /* NULL: not known yet */
    int64_t wall_us;
    int64_t opened_at; /* wall, of the desk: labels count from it on */
    int32_t today;
};

/* Whether the answer also says how the lines stand. */
bool view_needs_standing(enum query_kind kind);
/* The kind that is made of the same rows; QUERY_KIND_END: there is none. */
enum query_kind view_beside(enum query_kind kind);
/* What an answer made now would be of. */
struct answer_label view_label(const struct view_source *source,
                               enum query_kind kind);
/* Fills in label, status and body, or why there is none. `beside`, which may be
 * NULL, is of the same query but of the kind that view_beside() names, and is
 * made with it. */
void view_make(const struct view_source *source, struct answer *answer,
               struct answer *beside);

#endif
