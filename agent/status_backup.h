/* status_backup - what `status` says of the province's backups, and what left
 * this machine for them.
 *
 * Flow     spool -> [status_backup] -> stdout
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_AGENT_STATUS_BACKUP_H
#define TALLYLINE_AGENT_STATUS_BACKUP_H

#include "agent/spool_backup.h"
#include "common/language.h"

/* Nothing when there is nothing to say. */
void status_backup_print(const struct spool_backup *backup,
                         enum language language);

#endif
