/* commands_collectors - the family `collectors`: which collectors of the
 * province this office sends to, and which of them counts.
 *
 * Flow     commands.c -> [commands_collectors] -> agent.yaml, spool
 * Owns     a static table.
 * Threads  the main thread.
 *
 * agent.yaml is replaced beside a daemon that runs, which is knocked at and
 * reads it again.
 */
#ifndef TALLYLINE_AGENT_COMMANDS_COLLECTORS_H
#define TALLYLINE_AGENT_COMMANDS_COLLECTORS_H

#include "common/base/args.h"

extern const struct args_command commands_collectors[];

MUST_USE enum status cmd_collectors_add(const struct args *args, void *context);
MUST_USE enum status cmd_collectors_list(const struct args *args,
                                         void *context);
MUST_USE enum status cmd_collectors_primary(const struct args *args,
                                            void *context);
MUST_USE enum status cmd_collectors_remove(const struct args *args,
                                           void *context);

#endif
