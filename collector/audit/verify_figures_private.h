/* verify_figures_private - what verify_figures.c and verify_reports.c share;
 * nobody else's. */
#ifndef TALLYLINE_COLLECTOR_VERIFY_FIGURES_PRIVATE_H
#define TALLYLINE_COLLECTOR_VERIFY_FIGURES_PRIVATE_H

#include "collector/audit/verify_figures.h"
#include "collector/figures/fold_file.h"
#include "common/fold/context.h"

enum report_state {
    REPORT_WAITS,
    REPORT_ALONE, /* to be tried over its own prefix */
    REPORT_DONE
};

struct report_to_make {
    struct context_freeze freeze;
    uint64_t figures; /* province_figures() of its prefix */
    enum report_state state;
};

struct verify_figures {
    struct verify_figures_options options;
    struct fold_file_place place; /* position 0: nothing to compare */
    struct report_to_make *reports;
    size_t count;
    uint64_t figures; /* of the whole ledger */
    struct verify_compared compared;
};

/* The list of what is to be made again, by position. */
MUST_USE enum status verify_reports_read(struct verify_figures *self);
/* Whether the fold of the whole ledger passes by what the report is of. */
bool verify_report_is_on_the_way(const struct verify_figures *self,
                                 const struct report_to_make *report);
/* Makes those again that belong to the tally's position. */
MUST_USE enum status verify_reports_here(struct verify_figures *self,
                                         struct tally *tally);

#endif
