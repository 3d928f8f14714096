#include "collector/api/view_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"

static const struct {
    void (*make)(struct scene *scene);
    bool standing; /* it says how the lines stand */
} views[QUERY_KIND_END] = {
    [QUERY_PLANS] = {view_plans, false},
    [QUERY_OVERVIEW] = {view_overview, false},
    [QUERY_INDICATORS] = {view_indicators, false},
    [QUERY_INDICATOR] = {view_indicator, false},
    [QUERY_UNITS] = {view_units, false},
    [QUERY_UNIT] = {view_unit, true},
    [QUERY_OFFICES] = {view_offices, true},
    [QUERY_OFFICE] = {view_office, true},
    [QUERY_REPORTS] = {view_reports, false},
    [QUERY_LEDGER] = {view_ledger, true},
    [QUERY_EVENT] = {view_event, false},
    [QUERY_CHANGES] = {view_changes, false},
    [QUERY_LINKS] = {view_links, true},
    [QUERY_METRICS] = {view_metrics, true},
};

bool view_needs_standing(enum query_kind kind)
{
    return views[kind].standing;
}

bool scene_fail(struct scene *scene, unsigned status, const char *why)
{
    if (scene->answer->status == 200) {
        scene->answer->status = status;
        scene->answer->why = why;
    }
    return false;
}

bool scene_ok(struct scene *scene, enum status status)
{
    if (status == STATUS_OK) {
        return true;
    }
    log_warning("a question about the figures was not answered",
                log_number("kind", (int64_t)scene->query->kind),
                log_status("status", status));
    return status == STATUS_NOT_FOUND
               ? scene_fail(scene, 404, "there is no such thing")
               : scene_fail(scene, 500, "it could not be computed");
}

/* What it is of, so that a browser that has it need not take it again. The
 * query is in the address, the reader is not. */
static void label(const struct view_source *source, struct answer *answer)
{
    const struct figures_view *view = source->view;
    const struct query_reader *reader = &answer->query.reader;

    answer->label = (struct answer_label){
        .position = tally_position(view->tally),
        .generation = view->generation,
        .today = source->today,
        .standing =
            source->standing != NULL && views[answer->query.kind].standing
                ? source->standing->version
                : 0};
    (void)snprintf(answer->etag, sizeof answer->etag,
                   "%" PRIx64 ".%" PRIx64 ".%" PRIx64 ".%" PRIx64 ".%" PRIx32
                   ".%x%x.%" PRIx32,
                   (uint64_t)source->opened_at, answer->label.position,
                   answer->label.generation, answer->label.standing,
                   (uint32_t)answer->label.today,
                   (unsigned)reader->figures.kind, (unsigned)reader->mends,
                   reader->home);
}

void view_make(const struct view_source *source, struct answer *answer)
{
    const struct figures_view *view = source->view;
    struct scene scene = {.source = source,
                          .query = &answer->query,
                          .tally = view->tally,
                          .fold =
                              view->complete ? tally_fold(view->tally) : NULL,
                          .context = province_context(view->province),
                          .answer = answer};

    scene.units = context_units(scene.context);
    say_init(&scene.say, &answer->body);
    label(source, answer);
    views[answer->query.kind].make(&scene);
    if (answer->status == 200) {
        (void)scene_ok(&scene, scene.say.status);
    }
    if (answer->status != 200) {
        buffer_fini(&answer->body);
    }
}
