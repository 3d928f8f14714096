/* view_offices - what is told of an office and of its events that do not count;
 * for view*.c alone.
 *
 * Flow     context, standing, ledger, fold -> [view_offices] -> offices, units,
 *          ledger, stream of changes
 * Owns     nothing.
 * Threads  the figures' own.
 */
#ifndef TALLYLINE_COLLECTOR_VIEW_OFFICES_H
#define TALLYLINE_COLLECTOR_VIEW_OFFICES_H

#include "collector/api/view_private.h"

#define VIEW_MEND_MAX 100u /* events to mend on a unit's page */

enum view_office_state {
    VIEW_OFFICE_LIVE,
    VIEW_OFFICE_SILENT,     /* was heard before */
    VIEW_OFFICE_NEVER,      /* has joined, and was never heard */
    VIEW_OFFICE_NOT_JOINED, /* its one-time file was not used yet */
    VIEW_OFFICE_REVOKED,
    VIEW_OFFICE_CLOSED,
    VIEW_OFFICE_END
};

/* Whether it records for a unit that the reader may see. */
bool view_may_see_office(const struct scene *scene,
                         const struct context_agent *agent);
/* One office; answers how it stands. */
enum view_office_state view_office_row(struct scene *scene, const char *key,
                                       const struct ledger_snapshot *snapshot,
                                       const struct context_agent *agent);
/* When an office's last batch was received (0: never), and how many events it
 * has sent. */
void view_received(struct scene *scene, const struct ledger_snapshot *snapshot,
                   const struct context_agent *agent, int64_t *received_at,
                   uint64_t *events);
void view_count_offices(struct scene *scene, int64_t counts[VIEW_OFFICE_END]);
void view_office_counts(struct say *say, const char *key,
                        const int64_t counts[VIEW_OFFICE_END]);
/* What an office says against the ledger; null when it says nothing. */
void view_objection(struct say *say, const char *key,
                    const struct checkpoints_witness *witness);

/* --- view_mend.c: events that do not count --- */
/* How many of an agent there is something to do about. */
uint64_t view_to_mend(const struct scene *scene, uint32_t agent);
/* Of these agents: how many there are of each outcome, and the rows behind
 * `after`, `limit` of them; `next` gets the last one's id when there are more,
 * else 0; `total` all there are. */
void view_outcomes(struct scene *scene, const uint32_t agents[], size_t count);
void view_mend_rows(struct scene *scene, const uint32_t agents[], size_t count,
                    uint64_t after, size_t limit, uint64_t *next,
                    uint64_t *total);
/* One event's outcome, into an open array or under a key. */
void view_outcome_row(struct scene *scene, const char *key,
                      const struct fold_result *result,
                      const struct event *event);
/* Of the whole ledger. */
void view_outcome_totals(struct scene *scene, const char *key);

#endif
