/* indicator_notes - what the plan itself says of the lines of a table: which
 * stated numbers they are held against, and who answers for them.
 *
 * Flow     plan -> [indicator_notes] -> tables, report forms
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   INDICATOR_NOTE_MAX bytes a note; a longer one is cut.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_NOTES_H
#define TALLYLINE_COMMON_INDICATOR_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/language.h"
#include "common/event/vocabulary.h"
#include "common/plan/plan.h"

#define INDICATOR_NOTE_MAX 1024u
#define INDICATOR_NAME_MAX 64u

/* Takes one note, valid during the call. */
typedef void indicator_note_function(void *owner, const char *note);
/* What a note calls a line: of the target, or of the indicator without one. */
typedef void indicator_name_function(void *owner,
                                     const struct plan_target *target,
                                     const struct plan_indicator *indicator,
                                     char name[INDICATOR_NAME_MAX]);

/* Whom the notes are for. */
struct indicator_noting {
    const bool *shown; /* by indicator: whether there are lines of it */
    enum language language;
    indicator_note_function *take;
    indicator_name_function *name; /* NULL: lines go by their ids */
    void *owner;
};

/* "HB18-B1-change: Phụ nữ vắng mặt: ≥ 400, 31/10/2017 (Kế hoạch 25/KH-UBND)" of
 * each baseline that an indicator that is shown reads; then "Công an: HN18-01,
 * HN18-02" of the offices that answer for targets. `vocabulary` may be NULL. */
void indicator_notes(const struct plan *plan,
                     const struct vocabulary *vocabulary,
                     const struct indicator_noting *noting);
/* "≥ 400, 31/10/2017 (Kế hoạch 25/KH-UBND)". */
void indicator_baseline_text(const struct plan_baseline *baseline,
                             enum language language,
                             char text[INDICATOR_NOTE_MAX]);
/* "Công an, Y tế": who answers for the target; "" where the plan names nobody.
 */
void indicator_responsible_text(const struct plan_target *target,
                                const struct vocabulary *vocabulary,
                                enum language language,
                                char text[INDICATOR_NOTE_MAX]);

#endif
