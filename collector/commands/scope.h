/* scope - what an agent may write for, from the words of a command.
 *
 * Flow     enrol --pair, --area, --programme, --from, --to -> [scope] ->
 *          enrolment
 * Owns     nothing.
 * Threads  one.
 * Limits   CONTROL_SCOPES_MAX pairs, CONTROL_UNITS_MAX units an area.
 */
#ifndef TALLYLINE_COLLECTOR_SCOPE_H
#define TALLYLINE_COLLECTOR_SCOPE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/args.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/control.h"

/* Reads the options into one scope a pair. No --pair gives no scope. Units
 * must be known when the ledger has units, offices and programmes be the
 * product's or the vocabulary's. STATUS_USAGE, with its message written. */
MUST_USE enum status scope_read(const struct args *args,
                                const struct context *context, int32_t today,
                                struct control_scope scopes[], uint32_t *count);

/* "gso3:001:district_labour_office", as in --pair; cut to `room`. */
void scope_format_pair(const struct control_scope *scope,
                       const struct context *context, char *out, size_t room);

#endif
