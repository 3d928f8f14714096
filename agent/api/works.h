/* works - what the page can ask of the daemon's thread, one constant each.
 *
 * Flow     routes.c -> [works] -> the file of each
 * Owns     nothing. Threads  constants.
 */
#ifndef TALLYLINE_AGENT_WORKS_H
#define TALLYLINE_AGENT_WORKS_H

#include "agent/api/desk.h"

/* drafts.c */
extern const struct desk_work drafts_work, draft_put_work, draft_delete_work;
/* entry.c */
extern const struct desk_work check_work, events_work;
/* event.c */
extern const struct desk_work event_work;
/* form.c */
extern const struct desk_work form_work;
/* health.c */
extern const struct desk_work health_work;
/* link.c */
extern const struct desk_work link_work;
/* outbox.c */
extern const struct desk_work outbox_work;
/* places.c, things.c */
extern const struct desk_work units_work, things_work;
/* due.c, nil.c */
extern const struct desk_work due_work, nil_work;
/* paper.c */
extern const struct desk_work paper_work;
/* progress.c */
extern const struct desk_work progress_work;
/* received.c */
extern const struct desk_work received_work;
/* stick.c */
extern const struct desk_work stick_work;
/* void.c */
extern const struct desk_work void_work, reasons_work;

#endif
