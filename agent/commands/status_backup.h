/* status_backup - what `status` says of the province's backups, and what left
 * this machine for them.
 *
 * Flow     spool -> [status_backup] -> stdout
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_AGENT_STATUS_BACKUP_H
#define TALLYLINE_AGENT_STATUS_BACKUP_H

#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_history.h"
#include "common/base/language.h"

/* Nothing when there is nothing to say. */
void status_backup_print(const struct spool_backup *backup,
                         enum language language);
/* What came back of the office's past to a new machine; as above. */
void status_history_print(const struct spool_history *history,
                          enum language language);

#endif
