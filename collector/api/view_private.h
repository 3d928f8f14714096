/* view_private - what the views share, for view*.c and tell*.c alone.
 *
 * Flow     view.c (which) -> view_*.c (what) -> tell*.c (how it is written)
 * Owns     see view.h.
 * Threads  the figures' own.
 */
#ifndef TALLYLINE_COLLECTOR_VIEW_PRIVATE_H
#define TALLYLINE_COLLECTOR_VIEW_PRIVATE_H

#include "collector/api/view.h"
#include "collector/figures/tally.h"
#include "common/base/say.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/silence.h"
#include "common/figures/tell.h"
#include "common/fold/context.h"

struct scene {
    const struct view_source *source;
    const struct query *query;
    struct tally *tally;
    const struct fold *fold; /* NULL: the figures are being computed */
    const struct context *context;
    const struct units *units; /* may be NULL */
    struct say say;
    struct answer *answer;
    struct answer *beside; /* of the same rows; NULL: there is none */
};

/* Why there is no answer; the first reason stays. Always false. */
bool scene_fail(struct scene *scene, unsigned status, const char *why);
/* The same of a status other than STATUS_OK; true for that. */
bool scene_ok(struct scene *scene, enum status status);
/* The answer is written; what follows is written to the one beside it. */
void scene_beside(struct scene *scene);

/* ---- what is asked for (view_choice.c) ---- */

/* Which figures: like `indicators` with the same options. */
struct choice {
    const struct context_plan *plan;
    struct indicator_request request;
    bool of_period;
    struct period_regime regime;
    struct period period;
    struct silence *silence;
};

/* Each says why with scene_fail() and is false then. Free with choice_fini() in
 * every case. */
bool choice_make(struct scene *scene, struct choice *choice);
/* Rows for each unit of the level below that the query asks for, or of the
 * usual one. */
void choice_by(const struct scene *scene, struct choice *choice);
void choice_fini(struct choice *choice);
/* The plan that the query names, or the one that is meant on `day`. */
const struct context_plan *choice_plan(struct scene *scene, int32_t day);
/* Whether the reader may see the unit: its own, and what lies below it. */
bool choice_may_see(const struct scene *scene, uint32_t unit, int32_t day);
/* The level below a unit on a day; false: there is none. */
bool choice_level_below(const struct scene *scene, const struct unit *unit,
                        int32_t day, enum unit_level *level);

/* ---- how it is written (tell.c) ---- */

/* "above": what the unit lies in, from the province down. */
void tell_above(struct scene *scene, const struct unit *unit, int32_t day);
void tell_coordinates(struct scene *scene, const struct choice *choice);
void tell_reader(struct scene *scene);
void tell_plan_head(struct scene *scene, const char *key,
                    const struct context_plan *plan);
/* "ha-noi-2018" and so on, of the head, into an object that is open. */
void tell_plan_fields(struct scene *scene, const struct context_plan *plan);
/* What the indicator counts, in words; null without a formula. */
void tell_formula(struct scene *scene, const char *key, const struct plan *plan,
                  const struct plan_indicator *indicator);

/* ---- the views ---- */

void view_plans(struct scene *scene);
void view_overview(struct scene *scene);
void view_links(struct scene *scene);
void view_indicators(struct scene *scene);
void view_indicator(struct scene *scene);
void view_units(struct scene *scene);
void view_unit(struct scene *scene);
void view_offices(struct scene *scene);
void view_office(struct scene *scene);
void view_reports(struct scene *scene);
void view_ledger(struct scene *scene);
void view_event(struct scene *scene);
/* In the text format of metric_text.h, not in JSON. */
void view_metrics(struct scene *scene);

#endif
