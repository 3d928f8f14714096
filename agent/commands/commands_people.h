/* commands_people - the family `people`: who may use the office's page.
 *
 * Flow     commands.c -> [commands_people] -> DIR/people, DIR/links
 * Owns     a static table.
 * Threads  the main thread.
 *
 * The files are changed beside a daemon that runs, and it notices at the next
 * request (access.h).
 */
#ifndef TALLYLINE_AGENT_COMMANDS_PEOPLE_H
#define TALLYLINE_AGENT_COMMANDS_PEOPLE_H

#include "common/base/args.h"

extern const struct args_command commands_people[];

MUST_USE enum status cmd_people_add(const struct args *args, void *context);
MUST_USE enum status cmd_people_pin(const struct args *args, void *context);
MUST_USE enum status cmd_people_remove(const struct args *args, void *context);
MUST_USE enum status cmd_people_list(const struct args *args, void *context);
MUST_USE enum status cmd_people_link(const struct args *args, void *context);

#endif
