/* form - a report of one unit over one period, computed and not yet
 * written.
 *
 * Flow     fold + context, request -> [form] -> form_text, form_html,
 *          form_xlsx, form_rows, form_dhis2
 * Owns     its rows; borrows fold and context for its life.
 * Threads  one.
 * Limits   those of indicator_rows.h, three times.
 *
 * Each line is a target of the plan, or an indicator without one, with three
 * figures: in the period, since the beginning of the year, and in the same
 * period a year before. The form says of which days, which ledger position,
 * which revision of the plan and the units of which day they are. No clock is
 * read: a target is judged as of the day when the last entry was received, so
 * that the same prefix of the ledger gives the same form for ever (I4).
 */
#ifndef TALLYLINE_COMMON_FORM_H
#define TALLYLINE_COMMON_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/base/status.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/silence.h"
#include "common/fold/context.h"
#include "common/fold/fold.h"
#include "common/reports/form_days.h"

/* Of what a freeze hashes: 1 the lines, 2 the sheet by unit too, 3 with who of
 * the units was ever heard, 4 of those who may write what the line counts. */
#define FORM_DIGEST_VERSION 4u

enum form_figure {
    FORM_IN_PERIOD,
    FORM_SO_FAR, /* also holds goal and status */
    FORM_YEAR_BEFORE,
    FORM_FIGURE_END
};

/* What a prefix of the ledger holds. */
struct form_source {
    const struct fold *fold;
    const struct context *context;
    const struct digest *last; /* hash of the last entry */
    int32_t known_on;          /* day it was received */
    /* Figures of less than the ledger, an office's own: of what they are, in a
     * sentence that lives as long as the form. NULL: of the ledger. */
    const char *says;
};

struct form_request {
    const struct form_days *days;
    uint32_t unit;            /* 0: the plan's */
    bool by;                  /* with the sheet by unit */
    enum unit_level by_level; /* district or commune */
    struct figure_reader reader;
    enum language language;
};

/* When what was submitted stands beside what is known now. */
struct form_revision {
    uint64_t freeze;   /* index of the entry that froze the report */
    int64_t frozen_at; /* microseconds UTC */
    uint64_t position; /* entries behind the present figures */
};

struct form_line {
    /* Its first row by figure; those of the units below follow. */
    const struct indicator_row *rows[FORM_FIGURE_END];
    size_t row_count;
    const struct indicator_row *revised; /* NULL: as it was */
    const struct indicator_row *revised_so_far;
};

struct form {
    struct form_days days;
    enum language language;
    const struct plan *plan;
    uint32_t plan_revision;
    uint64_t plan_entry;
    uint64_t position;
    int32_t known_on;
    const char *says; /* NULL: of the ledger */
    /* Whether anything of the year before was recorded: if not, its figures
     * are unknown and mean nothing. */
    bool year_before_known;
    char hash[BYTES_HEX_SIZE(DIGEST_BYTES)];
    const struct units *units;
    const struct vocabulary *vocabulary; /* may be NULL */
    const struct unit *unit;
    enum unit_level by_level;
    struct figure_reader reader;
    struct period_regime regime; /* that cuts the period */
    struct silence *silence;     /* who has reported it; may be NULL */
    struct indicator_rows *rows[FORM_FIGURE_END];
    struct form_line *lines;
    size_t line_count;
    const struct unit **places; /* rows of the sheet by unit */
    size_t unit_count;
    const struct form_revision *revision; /* NULL: nothing has changed */
};

/* Computes. Gives `form`. STATUS_NOT_FOUND: no plan, or no such unit at the
 * end of the period; STATUS_MEMORY. */
MUST_USE enum status form_new(const struct form_source *source,
                              const struct form_request *request,
                              struct form **form);
void form_free(struct form **form);

/* The figure of a line in a unit of the sheet by unit; NULL: it has none. */
const struct indicator_row *form_unit_row(const struct form *form, size_t line,
                                          size_t unit, enum form_figure figure);

/* Puts beside the lines of a frozen form what differs in one that was made of
 * the present ledger; true when something does. Borrows `now`, which must live
 * as long. */
bool form_revise(struct form *form, const struct form *now);

/* Hash of the figures of every sheet of the form, as a freeze puts it on
 * record. STATUS_MEMORY. */
MUST_USE enum status form_digest(const struct form *form,
                                 struct digest *digest);
/* Whether the form is what was put on record, under this version of the hash
 * or an earlier one: the hashed text begins with its version. STATUS_MEMORY. */
MUST_USE enum status form_is_frozen(const struct form *form,
                                    const struct digest *digest, bool *is);
/* Whether one of its figures asks for what an erasure order took: then it may
 * differ from what was put on record, and nobody can tell any more. */
bool form_is_erased(const struct form *form);

#endif
