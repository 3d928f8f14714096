/* commands_report - the options of report and plan commands, for the table of
 * all commands alone.
 *
 * Flow     [commands_report] -> commands.c
 * Owns     static tables.
 * Threads  any; constant.
 */
#ifndef TALLYLINE_COLLECTOR_COMMANDS_REPORT_H
#define TALLYLINE_COLLECTOR_COMMANDS_REPORT_H

#include "common/base/args.h"

#define END_OF_OPTIONS \
    {                  \
        .name = NULL   \
    }
#define END_OF_EXAMPLES \
    {                   \
        .command = NULL \
    }

/* clang-format off */
#define READER_OPTIONS \
    {"for-unit", "UNIT", \
     {"cho đơn vị này xem: không ẩn số người của chính đơn vị", \
      "for this unit to read: its own numbers of persons are not hidden"}}, \
    {"raw", NULL, \
     {"không ẩn số người nào (chỉ để kiểm tra, không phổ biến)", \
      "hide no numbers of persons (for the audit, not to be given on)"}}
/* clang-format on */

extern const struct args_option commands_report_print_options[];
extern const struct args_example commands_report_print_examples[];
extern const struct args_option commands_report_due_options[];
extern const struct args_option commands_plan_show_options[];
extern const struct args_option commands_report_freeze_options[];

#endif
