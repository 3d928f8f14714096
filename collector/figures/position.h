/* position - how much of the ledger a command is about, and by which plan.
 *
 * Flow     args, reading -> [position] -> figures as they once stood
 * Owns     nothing.
 * Threads  the main thread.
 *
 * A position is said as a day (all that was received up to its end, UTC+7), a
 * moment (RFC 3339, up to and with it) or a number (so many entries). What is
 * shown then is the ledger of that time: the fold of these entries under the
 * control entries among them (I4). Only the plan may be another one, by
 * --plan ID@REVISION.
 *
 * Every function writes its message before it answers anything but STATUS_OK.
 */
#ifndef TALLYLINE_COLLECTOR_POSITION_H
#define TALLYLINE_COLLECTOR_POSITION_H

#include <stdint.h>

#include "collector/commands/commands.h"

/* The rows of an option table. */
/* clang-format off */
#define AS_OF_VI \
    "chỉ theo những gì đã nhận đến hết ngày đó, đến thời điểm đó, hoặc theo " \
    "N mục đầu của sổ cái"
#define AS_OF_EN \
    "by what was received up to the end of that day, up to that moment, or " \
    "by the first N entries of the ledger"
#define AS_OF_OPTION \
    { "as-of", "DAY|TIME|N", { AS_OF_VI, AS_OF_EN } }
#define UNIT_DATE_OPTION \
    { "unit-date", "DAY", \
      {"theo đơn vị hành chính của ngày này (mặc định: ngày cuối kỳ)", \
       "by the units of this day (default: the last day asked for)"} }
/* clang-format on */

/* How many entries `text`, given for `what`, means: 1 to the snapshot's size.
 * STATUS_USAGE: it is no position; STATUS_NOT_FOUND: nothing was there yet. */
MUST_USE enum status position_parse(const struct args *args, const char *what,
                                    const char *text,
                                    const struct ledger_snapshot *snapshot,
                                    uint64_t *size);
/* How many entries were received before what `option` says, or with `with` up
 * to it: a day or a moment. `size` is unchanged when it is not given.
 * STATUS_USAGE, or of the ledger. */
MUST_USE enum status position_received(const struct args *args,
                                       const char *option, bool with,
                                       const struct ledger_snapshot *snapshot,
                                       uint64_t *size);
/* Reads `option` and --plan, and shows no more of the ledger than that. With
 * --plan, the plan is the one in force then; where another revision is named,
 * or none of that id was in force, the ledger's entry of it. STATUS_USAGE,
 * STATUS_NOT_FOUND, STATUS_INVALID, or of the ledger. */
MUST_USE enum status position_choose(const struct args *args,
                                     const char *option,
                                     struct reading *reading);
/* The same for so many entries. With `stays` a revision that --plan names holds
 * whatever entries are shown later. */
MUST_USE enum status position_show(const struct args *args, uint64_t size,
                                   bool stays, struct reading *reading);
/* The day on which the last entry that was folded was received. */
MUST_USE enum status position_day(const struct args *args,
                                  const struct reading *reading, int32_t *day);

#endif
