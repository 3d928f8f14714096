/* commands_users - the `users` commands, a table of their own.
 *
 * Flow     [commands_users] -> commands.c
 * Owns     static tables.
 * Threads  any; constant.
 */
#ifndef TALLYLINE_COLLECTOR_COMMANDS_USERS_H
#define TALLYLINE_COLLECTOR_COMMANDS_USERS_H

#include "common/base/args.h"
#include "common/base/status.h"

/* Ended by one without a name. */
extern const struct args_command commands_users[];

MUST_USE enum status cmd_users_add(const struct args *args, void *context);
MUST_USE enum status cmd_users_password(const struct args *args, void *context);
MUST_USE enum status cmd_users_remove(const struct args *args, void *context);
MUST_USE enum status cmd_users_list(const struct args *args, void *context);
MUST_USE enum status cmd_users_token(const struct args *args, void *context);
MUST_USE enum status cmd_users_revoke_token(const struct args *args,
                                            void *context);
MUST_USE enum status cmd_users_feed(const struct args *args, void *context);
MUST_USE enum status cmd_users_revoke_feed(const struct args *args,
                                           void *context);
MUST_USE enum status cmd_users_feed_server(const struct args *args,
                                           void *context);
MUST_USE enum status cmd_users_link(const struct args *args, void *context);

#endif
