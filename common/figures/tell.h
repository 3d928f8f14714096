/* tell - figures as the pages of both programs read them.
 *
 * Flow     indicator_rows -> [tell] -> JSON
 * Owns     nothing.
 * Threads  one at a time for each `say`.
 *
 * The province's dashboard and an office's own page show the same fields of the
 * same rows; what they mean stands in docs/API.md.
 */
#ifndef TALLYLINE_COMMON_TELL_H
#define TALLYLINE_COMMON_TELL_H

#include "common/base/say.h"
#include "common/event/period.h"
#include "common/event/unit.h"
#include "common/figures/indicator_rows.h"

void tell_unit(struct say *say, const char *key, const struct unit *unit);
/* Its fields, into an object that is open. */
void tell_unit_fields(struct say *say, const struct unit *unit);
void tell_unit_key(struct say *say, const char *key, uint32_t unit);
const char *tell_level(enum unit_level level);
void tell_period_key(struct say *say, const char *key,
                     const struct period *period);
void tell_period_label(struct say *say, const char *key,
                       const struct period *period);

void tell_figure(struct say *say, const char *key, const struct figure *figure,
                 enum received_state state);
void tell_line(struct say *say, const struct indicator_request *request,
               const struct indicator_row *row);
void tell_unit_row(struct say *say, const struct indicator_row *row);
/* What has changed of a line when its figure has. */
void tell_change(struct say *say, const struct indicator_row *row);
/* How many rows stand how; only the first row of each line. */
struct tell_statuses {
    int64_t counts[TARGET_MISSED + 1];
};
void tell_count_statuses(const struct indicator_rows *rows,
                         struct tell_statuses *statuses);
void tell_statuses(struct say *say, const char *key,
                   const struct tell_statuses *statuses);
void tell_expected(struct say *say, const char *key,
                   const struct indicator_row *row, int32_t day);

#endif
