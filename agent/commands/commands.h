/* commands - the agent's command table.
 *
 * Flow     main -> args -> [commands] -> a handler in cmd_*.c -> exit code
 * Owns     static tables.
 * Threads  the main thread.
 *
 * The help and the man page are printed from this table. A handler answers on
 * stdout and explains a failure on stderr; its status is the exit code.
 */
#ifndef TALLYLINE_AGENT_COMMANDS_H
#define TALLYLINE_AGENT_COMMANDS_H

#include "common/base/args.h"

extern const struct args_program agent_program;

enum status cmd_check_config(const struct args *args, void *context);
enum status cmd_doctor(const struct args *args, void *context);
enum status cmd_export(const struct args *args, void *context);
enum status cmd_import(const struct args *args, void *context);
enum status cmd_indicators(const struct args *args, void *context);
enum status cmd_join(const struct args *args, void *context);
enum status cmd_outbox(const struct args *args, void *context);
enum status cmd_record(const struct args *args, void *context);
enum status cmd_recover(const struct args *args, void *context);
enum status cmd_rotate(const struct args *args, void *context);
enum status cmd_run(const struct args *args, void *context);
enum status cmd_status(const struct args *args, void *context);
enum status cmd_template(const struct args *args, void *context);

#endif
