/* commands - what tallyline-collector can be told, one function a command.
 *
 * Flow     argv -> args -> [commands] -> directory, writer, ledger
 * Owns     nothing between commands.
 * Threads  the main thread.
 *
 * The data of a command goes to stdout; what went wrong, and what to do next,
 * to stderr. The status becomes the exit code (status.h).
 */
#ifndef TALLYLINE_COLLECTOR_COMMANDS_H
#define TALLYLINE_COLLECTOR_COMMANDS_H

#include <stdbool.h>

#include "collector/figures/tally.h"
#include "collector/ledger/ledger.h"
#include "collector/province/directory.h"
#include "collector/province/province.h"
#include "collector/province/settings.h"
#include "collector/province/writer.h"
#include "common/base/args.h"
#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/figures/indicator.h"
#include "common/figures/report.h"

/* The table of all commands; see commands.c. */
extern const struct args_program commands_program;

MUST_USE enum status cmd_init(const struct args *args, void *context);
/* What init does with --recover, with the settings it was told. */
MUST_USE enum status cmd_init_recover(const struct args *args,
                                      const struct directory *directory,
                                      const struct settings *settings,
                                      const struct clock *clock);
/* The same with --new-keys: the keys were lost, too. */
MUST_USE enum status cmd_init_new_keys(const struct args *args,
                                       const struct directory *directory,
                                       const struct settings *settings,
                                       const struct clock *clock);
/* Marks a ledger as one that is to come back from the offices; `create`: it is
 * made, and nothing is left of it. */
MUST_USE enum status init_mark_ledger(const char *path,
                                      const struct clock *clock, bool create);
MUST_USE enum status cmd_run(const struct args *args, void *context);
MUST_USE enum status cmd_enrol(const struct args *args, void *context);
MUST_USE enum status cmd_rotate(const struct args *args, void *context);
MUST_USE enum status cmd_revoke(const struct args *args, void *context);
MUST_USE enum status cmd_agents(const struct args *args, void *context);
/* Plans that are checked together. */
#define PLAN_CHECK_MAX 16u
MUST_USE enum status cmd_plan_check(const struct args *args, void *context);
MUST_USE enum status cmd_plan_load(const struct args *args, void *context);
MUST_USE enum status cmd_plan_diff(const struct args *args, void *context);
MUST_USE enum status cmd_plan_show(const struct args *args, void *context);
MUST_USE enum status cmd_units_load(const struct args *args, void *context);
MUST_USE enum status cmd_indicators(const struct args *args, void *context);
MUST_USE enum status cmd_report_print(const struct args *args, void *context);
MUST_USE enum status cmd_report_due(const struct args *args, void *context);
MUST_USE enum status cmd_report_freeze(const struct args *args, void *context);
MUST_USE enum status cmd_audit_diff(const struct args *args, void *context);
MUST_USE enum status cmd_audit_log(const struct args *args, void *context);
MUST_USE enum status cmd_audit_replay(const struct args *args, void *context);
MUST_USE enum status cmd_audit_export(const struct args *args, void *context);
MUST_USE enum status cmd_audit_verify(const struct args *args, void *context);
MUST_USE enum status cmd_audit_scrub(const struct args *args, void *context);
MUST_USE enum status cmd_audit_prove(const struct args *args, void *context);
MUST_USE enum status cmd_audit_show(const struct args *args, void *context);
MUST_USE enum status cmd_status(const struct args *args, void *context);
MUST_USE enum status cmd_backup(const struct args *args, void *context);
MUST_USE enum status cmd_import_spool(const struct args *args, void *context);
MUST_USE enum status cmd_doctor(const struct args *args, void *context);
MUST_USE enum status cmd_check_config(const struct args *args, void *context);
MUST_USE enum status cmd_audit_erase(const struct args *args, void *context);

/* ---- what commands share ---- */

/* The directory that --dir, TALLYLINE_DIR or the default names. STATUS_USAGE,
 * with its message written, when its path is too long. */
MUST_USE enum status command_directory(const struct args *args,
                                       struct directory *directory);
/* Where to read: the copy that --data names, of commands that have it, or the
 * directory as above. As above. */
MUST_USE enum status command_data(const struct args *args, bool *copy,
                                  struct directory *directory);
/* Writes why `what` could not be opened or done; returns `status`. */
enum status command_fail(const struct args *args, const char *what,
                         enum status status);
/* Prints the report to stderr when it has lines. */
void command_report(const struct report *report);
/* Opens the directory for an order, with its message when that fails. */
MUST_USE enum status command_writer(const struct args *args,
                                    const struct clock *clock,
                                    struct writer **writer);
/* Gives the order; what is wrong with it goes to stderr. */
MUST_USE enum status command_order(const struct args *args,
                                   struct writer *writer,
                                   const struct writer_order *order);

/* The ledger as a reading command sees it, folded to its end. */
struct reading {
    struct directory directory;
    struct ledger *ledger;
    struct province *province;
    struct tally *tally;
    bool adopted;   /* by another plan than the entries': no state is kept */
    bool registers; /* what offices are served is made too: set it before */
};

/* Opens the ledger read-only, beside a collector that runs or not, in the
 * collector's directory or in the one that --data names; reading from it begins
 * with reading_fold(), or with the province alone. Both write their message
 * when they fail. Close it in every case. */
MUST_USE enum status reading_open(const struct args *args,
                                  struct reading *reading);
/* Folds it, once; tells progress on a terminal. */
MUST_USE enum status reading_fold(const struct args *args,
                                  struct reading *reading);
struct due_request; /* due_list.h */

/* Lists the reports of the request, and of --period alone where it is given.
 * After reading_fold(). Writes its message when it fails. */
MUST_USE enum status command_list_due(const struct args *args,
                                      struct reading *reading,
                                      struct due_request *request,
                                      enum listing_format format);
/* Shows only the first `size` entries from here on, with the control entries
 * among them: the ledger as it once was. Before reading_fold(); nothing that
 * was taken from the province holds any longer. With its message. */
MUST_USE enum status reading_limit(const struct args *args,
                                   struct reading *reading, uint64_t size);
void reading_close(struct reading *reading);

/* A day from an option; `day` is unchanged if it was not given. STATUS_USAGE,
 * with its message written, for anything that is no day. */
MUST_USE enum status command_day(const struct args *args, const char *option,
                                 int32_t *day);
/* Whom figures are for: --for-unit, a unit in force on `day`, or --raw, the
 * audit; without them anyone. STATUS_USAGE, with its message written. */
MUST_USE enum status command_reader(const struct args *args,
                                    const struct context *context, int32_t day,
                                    struct figure_reader *reader);
/* A number of an agent from the command line. STATUS_USAGE, with its message
 * written. */
MUST_USE enum status command_agent_number(const struct args *args,
                                          const char *text, uint32_t *number);
/* Whether a new file can be made there, before anything is entered in the
 * ledger. STATUS_EXISTS, STATUS_NOT_FOUND, with their message written. */
MUST_USE enum status command_new_file(const struct args *args,
                                      const char *output);
/* Reads --address into `addresses`; `count` is 0 when none was given.
 * STATUS_USAGE, with its message written, for what no office could reach. */
MUST_USE enum status command_addresses(
    const struct args *args,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count);
/* Where offices will look for the collector: --address, or what the
 * configuration says. STATUS_USAGE, with its message written. */
MUST_USE enum status command_reach(
    const struct args *args, const struct directory *directory,
    const struct settings *settings,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count);

#endif
