/* indicator_choice - which figures a command is about.
 *
 * Flow     args, reading -> [indicator_choice] -> indicator
 * Owns     what it knows of who has reported; indicator_choice_fini() frees it.
 * Threads  the main thread.
 *
 * The same options mean the same to `indicators`, `audit replay` and
 * `audit diff`. Every function writes its message before it answers anything
 * but STATUS_OK.
 */
#ifndef TALLYLINE_COLLECTOR_INDICATOR_CHOICE_H
#define TALLYLINE_COLLECTOR_INDICATOR_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/commands/commands.h"
#include "common/event/period.h"
#include "common/figures/indicator.h"
#include "common/figures/silence.h"

struct indicator_choice {
    struct indicator_request request;
    bool of_period; /* --period: */
    struct period_regime regime;
    struct period period;
    struct silence *silence;
};

/* Reads --plan, --period or --from and --to, --regime, --unit-date, --unit,
 * --by, --indicator, --for-unit, --raw and --format. `today` is the day as of
 * which targets are judged. The reading has been folded. STATUS_USAGE,
 * STATUS_NOT_FOUND, STATUS_MEMORY. */
MUST_USE enum status indicator_choose(const struct args *args,
                                      const struct reading *reading,
                                      int32_t today,
                                      struct indicator_choice *choice);
void indicator_choice_fini(struct indicator_choice *choice);

#endif
