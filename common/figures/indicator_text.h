/* indicator_text - the cells of a row of figures, as people read them.
 *
 * Flow     indicator_rows -> [indicator_text] -> tables, report forms
 * Owns     nothing; texts go to the caller's room.
 * Threads  any; pure.
 * Limits   INDICATOR_TEXT_MAX bytes a cell.
 *
 * The functions that answer false have nothing to say: the cell is empty.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_TEXT_H
#define TALLYLINE_COMMON_INDICATOR_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/language.h"
#include "common/figures/indicator_rows.h"

#define INDICATOR_TEXT_MAX 256u

/* Of the target, or of an indicator without one. Both borrow the plan. */
const char *indicator_row_id(const struct indicator_row *row);
const char *indicator_row_label(const struct indicator_row *row,
                                enum language language);
/* "Quận Ba Đình". */
void indicator_unit_text(const struct unit *unit,
                         char text[INDICATOR_TEXT_MAX]);
/* "≥ 470 (80%)": what the target asks for in this unit. */
bool indicator_goal_text(const struct indicator_row *row,
                         enum language language, char text[INDICATOR_TEXT_MAX]);
/* "12/30 (40%)", "≥ 400", "3 (*)"; "<5" and "…" where the number is hidden. */
bool indicator_figure_text(const struct figure *figure, enum language language,
                           char text[INDICATOR_TEXT_MAX]);
/* "at_least", for files; of a target that has a goal. */
const char *indicator_comparator_token(enum plan_comparator comparator);
/* "80.48", for files. */
void indicator_percent_token(uint64_t part, uint64_t whole,
                             char text[INDICATOR_TEXT_MAX]);
/* What the mark of a figure of an erased batch means. */
const char *indicator_erased_text(enum language language);
/* "under_5", "complement", for files; NULL for a number that is shown. */
const char *indicator_hidden_token(enum figure_cover hidden);
/* A zero of some of the days that were asked for, and no later day will make it
 * one of all. */
bool indicator_is_part(const struct indicator_row *row);
/* The same for a row: "0 (đến 20/01/2018)" where the unit has told no more, and
 * words where it has told nothing. */
bool indicator_value_text(const struct indicator_row *row,
                          enum language language,
                          char text[INDICATOR_TEXT_MAX]);
/* A number of either sign with separators of thousands. */
void indicator_number_text(int64_t value, enum language language,
                           char text[INDICATOR_TEXT_MAX]);
/* Two percentages, and no third: the share that a ratio is, which belongs to
 * its figure; and how much of the plan's goal the figure is. Of a goal with a
 * quantity and a percentage the one that is further behind counts. A goal that
 * does not grow has none. */
bool indicator_share(const struct indicator_row *row, uint64_t *part,
                     uint64_t *whole);
bool indicator_achieved(const struct indicator_row *row, uint64_t *part,
                        uint64_t *whole);
/* The latter, as "80,48%". */
bool indicator_achieved_text(const struct indicator_row *row,
                             enum language language,
                             char text[INDICATOR_TEXT_MAX]);
/* "Tỉnh Kiên Giang, đến hết ngày 30/06/2025": of whom and until when a row is
 * that ended before the unit date. False for all others. */
bool indicator_ended_text(const struct indicator_row *row,
                          enum language language,
                          char text[INDICATOR_TEXT_MAX]);
/* "Báo cáo: 3/5 đơn vị đã nộp, 2 đúng hạn (hạn cuối 10/07/2024)": of the units
 * of the level at or below `above`. */
void indicator_reported_text(const struct silence *silence, uint32_t above,
                             enum unit_level level, enum language language,
                             char text[INDICATOR_TEXT_MAX]);
/* Whether the row says how the unit stands; and how: a unit that has told
 * nothing has a TARGET_NOTHING. */
bool indicator_row_stands(const struct indicator_row *row);
enum target_status indicator_row_status(const struct indicator_row *row);
/* "đạt", "3/30 đơn vị đạt". */
bool indicator_status_text(const struct indicator_row *row,
                           enum language language,
                           char text[INDICATOR_TEXT_MAX]);

#endif
