/* indicators: the figures of the plan, with the coordinates of each; and audit
 * replay, which is the same at an earlier position.
 *
 * Figures of the ledger as it stands are judged by the clock; those of an
 * earlier position as of the day on which its last entry was received, so that
 * they never change again. */
#include "collector/commands/commands.h"
#include "collector/figures/indicator_choice.h"
#include "collector/figures/position.h"

#include <stdio.h>

static enum status find_today(const struct args *args,
                              const struct reading *reading, bool past,
                              int32_t *today)
{
    struct clock clock;

    if (past) {
        return position_day(args, reading, today);
    }
    clock_init_real(&clock);
    *today = clock_today(&clock);
    return STATUS_OK;
}

static enum status print(const struct args *args, const struct reading *reading,
                         int32_t today)
{
    struct indicator_choice choice;
    enum status status = indicator_choose(args, reading, today, &choice);

    if (status == STATUS_OK) {
        status = indicator_print(tally_fold(reading->tally),
                                 province_context(reading->province),
                                 &choice.request, stdout);
    }
    indicator_choice_fini(&choice);
    return status;
}

/* `option` says the position; the fold is the same whatever it is called. */
static enum status figures_at(const struct args *args, const char *option,
                              bool past)
{
    struct reading reading;
    int32_t today = 0;
    enum status status = reading_open(args, &reading);

    if (status == STATUS_OK) {
        status = position_choose(args, option, &reading);
    }
    if (status == STATUS_OK) {
        status = reading_fold(args, &reading);
    }
    if (status == STATUS_OK) {
        status = find_today(args, &reading, past, &today);
    }
    if (status == STATUS_OK) {
        status = print(args, &reading, today);
    }
    reading_close(&reading);
    return status;
}

enum status cmd_indicators(const struct args *args, void *unused)
{
    (void)unused;
    return figures_at(args, "as-of", args_value(args, "as-of") != NULL);
}

enum status cmd_audit_replay(const struct args *args, void *unused)
{
    (void)unused;
    return figures_at(args, "until", true);
}
