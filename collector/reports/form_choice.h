/* form_choice - which report a command is about, and the ledger it is made of.
 *
 * Flow     args, reading -> [form_choice] -> form
 * Owns     nothing; borrows the reading's context.
 * Threads  the main thread.
 *
 * Every function writes its message to stderr before it answers anything but
 * STATUS_OK.
 */
#ifndef TALLYLINE_COLLECTOR_FORM_CHOICE_H
#define TALLYLINE_COLLECTOR_FORM_CHOICE_H

#include "collector/commands/commands.h"
#include "common/reports/form.h"

struct form_choice {
    const struct plan *plan;
    struct form_days days;
    uint32_t unit;
    bool by;
    enum unit_level by_level;
    struct figure_reader reader;
};

/* Reads --plan, --period, --regime, --unit-date and --unit, for a report as it
 * is frozen: with the sheet of the level below the unit, for anyone.
 * STATUS_USAGE, STATUS_NOT_FOUND. */
MUST_USE enum status form_choose(const struct args *args,
                                 const struct reading *reading,
                                 struct form_choice *choice);
/* Reads how it is printed otherwise, --by, --for-unit and --raw: the level of
 * the sheet by unit, and whom it is for. STATUS_USAGE. */
MUST_USE enum status form_choose_view(const struct args *args,
                                      const struct reading *reading,
                                      struct form_choice *choice);
/* The report that was frozen, by the plan and the units of `context`. Writes
 * nothing. STATUS_NOT_FOUND: there is no such plan or period. */
MUST_USE enum status form_choose_frozen(const struct context *context,
                                        const struct control_freeze *freeze,
                                        struct form_choice *choice);
/* The freeze that holds for the report, or with `index` that of this entry;
 * NULL when there is none. Valid while the reading's province is. */
const struct context_freeze *form_freeze(const struct reading *reading,
                                         const struct form_choice *choice,
                                         const uint64_t *index);
/* Whether what the reading shows gives what the freeze put on record; `choice`
 * is form_choose()'s over that prefix. STATUS_CORRUPT, with a message: it does
 * not. */
MUST_USE enum status form_check_frozen(const struct args *args,
                                       struct reading *reading,
                                       const struct form_choice *choice,
                                       const struct context_freeze *freeze);
/* Folds what the reading shows and draws up the report. Gives `form`, which
 * must go before the reading does. */
MUST_USE enum status form_read(const struct args *args, struct reading *reading,
                               const struct form_choice *choice,
                               struct form **form);

#endif
