/* view_due - the report periods of a plan, how complete each is, and what of it
 * is on record; for view*.c alone.
 *
 * Flow     plan, fold (who reported), freezes -> [view_due] -> overview,
 *          reports, units
 * Owns     nothing.
 * Threads  the figures' own.
 */
#ifndef TALLYLINE_COLLECTOR_VIEW_DUE_H
#define TALLYLINE_COLLECTOR_VIEW_DUE_H

#include "collector/api/view_private.h"
#include "common/reports/due_list.h"

/* A period of which reports are due. */
struct view_period {
    const struct plan *plan;
    const struct period_regime *regime;
    struct period period;
    bool has_day;
    int32_t day, closing;
};

/* Calls `each` with every period of the plan's regimes whose last day lies in
 * the plan, until it is false. */
void view_periods(const struct plan *plan, void *owner,
                  bool (*each)(void *owner, const struct view_period *period));
/* The period with its completeness, of the units below the plan's own or the
 * reader's; `on`: as of that day. */
void view_period(struct scene *scene, const char *key,
                 const struct view_period *period, int32_t on);
/* The one whose day comes next and that is not on record; null. */
void view_next_due(struct scene *scene, const char *key,
                   const struct plan *plan);
/* One report. */
void view_due_row(struct scene *scene, const struct due_row *row, int32_t on);
/* Every report that the request asks for and the reader may see. Free with
 * due_list_fini() in every case. */
bool view_due_rows(struct scene *scene, const struct due_request *request,
                   struct due_list *list);

#endif
