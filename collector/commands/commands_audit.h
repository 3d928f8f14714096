/* commands_audit - the audit commands, a table of their own.
 *
 * Flow     [commands_audit] -> commands.c
 * Owns     static tables.
 * Threads  any; constant.
 *
 * A command that only looks takes --data (AUDIT_DATA_OPTION): reading_open()
 * then reads that directory, which may be a copy, and needs no collector.
 */
#ifndef TALLYLINE_COLLECTOR_COMMANDS_AUDIT_H
#define TALLYLINE_COLLECTOR_COMMANDS_AUDIT_H

#include "common/base/args.h"

/* clang-format off */
#define AUDIT_DATA_OPTION \
    {"data", "DIR", \
     {"chỉ đọc sổ cái trong thư mục này thay vì --dir: một bản sao cũng được,"\
      " không cần trung tâm", \
      "only read the ledger in this directory instead of --dir: a copy will" \
      " do, no collector is needed"}}
/* clang-format on */

/* Ended by one without a name. */
extern const struct args_command commands_audit[];

#endif
