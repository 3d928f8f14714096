/* export_checkpoint - the checkpoint that this office has witnessed, as a file.
 *
 * Flow     spool -> [export_checkpoint] -> file -> audit verify --checkpoint
 * Owns     nothing beyond the call.
 * Threads  one.
 *
 * The note as the province signed it, from the office's own disk: nobody is
 * asked, and a province that has another past by now cannot have a say in it.
 * The office's cosignature stands below. When the office has raised an alarm
 * the two notes that it is about come along, as FILE.held and FILE.given.
 */
#ifndef TALLYLINE_AGENT_EXPORT_CHECKPOINT_H
#define TALLYLINE_AGENT_EXPORT_CHECKPOINT_H

#include "agent/office/office.h"
#include "common/base/args.h"
#include "common/base/status.h"

/* Every failure has its message: STATUS_NOT_FOUND (nothing was witnessed yet),
 * STATUS_EXISTS, STATUS_IO. */
MUST_USE enum status export_checkpoint(const struct args *args,
                                       struct office *office, const char *path);

#endif
