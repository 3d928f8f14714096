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

#include "common/args.h"

#define COMMANDS_AUDIT 1u
extern const struct args_command commands_audit[COMMANDS_AUDIT];

#endif
