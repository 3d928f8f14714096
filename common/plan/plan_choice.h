/* plan_choice - which plan a command is about.
 *
 * Flow     --plan ID, or the last day asked for -> [plan_choice] -> a plan
 * Owns     nothing.
 * Threads  one: the command's.
 */
#ifndef TALLYLINE_COMMON_PLAN_CHOICE_H
#define TALLYLINE_COMMON_PLAN_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/args.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/control.h"

/* The row of an option table for commands that are about one plan. */
/* clang-format off */
#define PLAN_OPTION_VI \
    "kế hoạch (mặc định: kế hoạch duy nhất, hoặc kế hoạch của " \
    "đơn vị chủ sổ cái có ngày cuối được hỏi)"
#define PLAN_OPTION_EN \
    "plan (default: the only one, or the one of the ledger's unit " \
    "that is for the last day asked for)"
#define PLAN_OPTION \
    { "plan", "ID[@REVISION]", { PLAN_OPTION_VI, PLAN_OPTION_EN } }
/* clang-format on */

/* What --plan may say: an id, or a revision of it, ID@2. */
struct plan_wanted {
    char id[CONTROL_NAME_MAX];
    uint32_t revision; /* 0: whichever is in force */
};
bool plan_choice_parse(const char *text, struct plan_wanted *wanted);

/* As context_plan_choose(), with the id that --plan gives; a revision must be
 * the one in force. What is wrong is written, with the ids that there are:
 * STATUS_NOT_FOUND, STATUS_USAGE. The command has PLAN_OPTION. */
MUST_USE enum status plan_choice(const struct args *args,
                                 const struct context *context, int32_t day,
                                 const struct context_plan **plan);

#endif
