/* commands_figures - the options by which figures are asked for.
 *
 * Flow     [commands_figures] -> commands.c, commands_audit.c
 * Owns     static tables.
 * Threads  any; constant.
 */
#ifndef TALLYLINE_COLLECTOR_COMMANDS_FIGURES_H
#define TALLYLINE_COLLECTOR_COMMANDS_FIGURES_H

#include "common/base/args.h"

extern const struct args_option commands_indicators_options[];
extern const struct args_option commands_replay_options[];
extern const struct args_option commands_diff_options[];

#endif
