/* What is due, by whom, and what is there. */
#include "collector/api/view_due.h"

#include <stdio.h>

#define AFTER_TEXT_MAX 24u

struct listing {
    struct scene *scene;
    int32_t on;
    bool all;
};

/* Periods that are over or run; all of them where all are asked for. */
static bool tell_period(void *owner, const struct view_period *period)
{
    struct listing *listing = owner;
    const struct query *query = listing->scene->query;
    bool named = query->period_kind == 0 ||
                 (query->period_kind == (uint32_t)period->period.kind &&
                  query->period_key == period->period.key);

    if (named && (listing->all || query->period_kind != 0 ||
                  period->period.from <= listing->on)) {
        view_period(listing->scene, NULL, period, listing->on);
    }
    return listing->scene->answer->status == 200;
}

static void tell_rows(struct scene *scene, const struct due_list *list,
                      int32_t on)
{
    struct say *say = &scene->say;
    size_t end = (size_t)scene->query->after + scene->query->limit;
    char next[AFTER_TEXT_MAX];

    say_array(say, "rows");
    for (size_t i = (size_t)scene->query->after; i < list->count && i < end;
         i++) {
        view_due_row(scene, &list->rows[i], on);
    }
    say_array_end(say);
    (void)snprintf(next, sizeof next, "%zu", end);
    say_text(say, "next", end < list->count ? next : NULL);
}

void view_reports(struct scene *scene)
{
    const struct query *query = scene->query;
    struct say *say = &scene->say;
    int32_t on =
        query->on != QUERY_DAY_ABSENT ? query->on : scene->source->today;
    struct listing listing = {.scene = scene, .on = on, .all = query->all};
    struct due_request request = {
        .on = on,
        .all = query->all,
        .kind = (enum period_kind)query->period_kind,
        .key = query->period_key,
        .level = query->by == QUERY_BY_DISTRICT  ? UNIT_DISTRICT
                 : query->by == QUERY_BY_COMMUNE ? UNIT_COMMUNE
                                                 : (enum unit_level)0};
    const struct context_plan *only = NULL;
    struct due_list list = {.rows = NULL};

    if (scene->fold == NULL) {
        (void)scene_fail(scene, 503, "the figures are being computed");
        return;
    }
    if (query->plan[0] != '\0') {
        only = choice_plan(scene, on);
        if (only == NULL) {
            return;
        }
        request.plan = only->plan;
    }
    if (view_due_rows(scene, &request, &list)) {
        say_object(say, NULL);
        say_number(say, "position", (int64_t)fold_position(scene->fold));
        say_day(say, "on", on);
        say_array(say, "periods");
        for (size_t i = 0; i < context_plan_count(scene->context); i++) {
            const struct context_plan *plan =
                context_plan_at(scene->context, i);

            if (only == NULL || plan == only) {
                view_periods(plan->plan, &listing, tell_period);
            }
        }
        say_array_end(say);
        tell_rows(scene, &list, on);
        say_object_end(say);
    }
    due_list_fini(&list);
}
