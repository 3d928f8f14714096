/* commands_beside - a further collector of the province, in another house: what
 * it is told, and what the offices are told of it.
 *
 * Flow     [commands_beside] -> commands.c
 * Owns     static tables.
 * Threads  any; constant.
 */
#ifndef TALLYLINE_COLLECTOR_COMMANDS_BESIDE_H
#define TALLYLINE_COLLECTOR_COMMANDS_BESIDE_H

#include <stdbool.h>

#include "collector/province/carrying.h"
#include "collector/province/directory.h"
#include "collector/province/keys.h"
#include "collector/province/orders_file.h"
#include "collector/province/settings.h"
#include "collector/province/writer.h"
#include "common/base/args.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/control.h"

/* Ended by one without a name. */
extern const struct args_command commands_beside[];

MUST_USE enum status cmd_orders(const struct args *args, void *context);
MUST_USE enum status cmd_import_orders(const struct args *args, void *context);
MUST_USE enum status cmd_card(const struct args *args, void *context);

/* What init does with --beside, with the settings it was told. */
MUST_USE enum status cmd_init_beside(const struct args *args,
                                     const struct directory *directory,
                                     const struct settings *settings,
                                     const struct clock *clock);
/* Makes a ledger with its first entry. The genesis has its origin and unit;
 * keys, id and time are filled in. Mistakes go to stderr. */
MUST_USE enum status init_write_genesis(const struct directory *directory,
                                        const struct clock *clock,
                                        struct control *control,
                                        const struct keys *keys);
/* Whether a ledger can be called so. */
bool init_origin_good(const char *origin);

/* Opens a file of orders that this administrator has signed. Writes its message
 * when it fails. */
MUST_USE enum status beside_open(const struct args *args, const char *path,
                                 const struct public_key *administrator,
                                 struct orders_file_reader **file);
/* Takes what is in the file, and says which orders were left out, and why.
 * STATUS_REFUSED: some were. STATUS_BUSY, without a message: a batch is
 * next, and no collector runs. */
MUST_USE enum status beside_take(const struct args *args,
                                 struct orders_file_reader *file,
                                 const struct carrying_target *target,
                                 struct carrying_result *result);

#endif
