#include "collector/api/view_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"

enum needs {
    NOTHING = 0,
    FIGURES = 1, /* in order: not outcomes alone */
    LINKS = 2    /* it says how the lines stand */
};

static const struct {
    void (*make)(struct scene *scene);
    unsigned needs; /* a set of enum needs */
} views[QUERY_KIND_END] = {
    [QUERY_PLANS] = {view_plans, NOTHING},
    [QUERY_OVERVIEW] = {view_overview, FIGURES},
    [QUERY_INDICATORS] = {view_indicators, NOTHING},
    [QUERY_INDICATOR] = {view_indicator, FIGURES},
    [QUERY_UNITS] = {view_units, NOTHING},
    [QUERY_UNIT] = {view_unit, FIGURES | LINKS},
    [QUERY_OFFICES] = {view_offices, LINKS},
    [QUERY_OFFICE] = {view_office, FIGURES | LINKS},
    [QUERY_REPORTS] = {view_reports, FIGURES},
    [QUERY_LEDGER] = {view_ledger, LINKS},
    [QUERY_EVENT] = {view_event, FIGURES},
    [QUERY_CHANGES] = {view_overview, FIGURES},
    [QUERY_FEED] = {view_overview, FIGURES},
    [QUERY_LINKS] = {view_links, LINKS},
    [QUERY_METRICS] = {view_metrics, FIGURES | LINKS},
};

bool view_needs_standing(enum query_kind kind)
{
    return (views[kind].needs & LINKS) != 0;
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

enum query_kind view_beside(enum query_kind kind)
{
    return kind == QUERY_OVERVIEW  ? QUERY_CHANGES
           : kind == QUERY_CHANGES ? QUERY_OVERVIEW
                                   : QUERY_KIND_END;
}

struct answer_label view_label(const struct view_source *source,
                               enum query_kind kind)
{
    const struct figures_view *view = source->view;

    return (struct answer_label){.position = tally_position(view->tally),
                                 .generation = view->generation,
                                 .today = source->today,
                                 .standing = source->standing != NULL &&
                                                     view_needs_standing(kind)
                                                 ? source->standing->version
                                                 : 0};
}

/* What it is of, so that a browser that has it need not take it again. The
 * query is in the address, the reader is not. */
static void label(const struct view_source *source, struct answer *answer)
{
    const struct query_reader *reader = &answer->query.reader;

    answer->label = view_label(source, answer->query.kind);
    (void)snprintf(answer->etag, sizeof answer->etag,
                   "%" PRIx64 ".%" PRIx64 ".%" PRIx64 ".%" PRIx64 ".%" PRIx32
                   ".%x%x.%" PRIx32,
                   (uint64_t)source->opened_at, answer->label.position,
                   answer->label.generation, answer->label.standing,
                   (uint32_t)answer->label.today,
                   (unsigned)reader->figures.kind, (unsigned)reader->mends,
                   reader->home);
}

/* What was written is the answer, if nothing went wrong. */
static void end(struct scene *scene)
{
    if (scene->answer->status == 200) {
        (void)scene_ok(scene, scene->say.status);
    }
    if (scene->answer->status != 200) {
        buffer_fini(&scene->answer->body);
    }
}

void scene_beside(struct scene *scene)
{
    end(scene);
    scene->answer = scene->beside;
    scene->beside = NULL;
    scene->query = &scene->answer->query;
    say_init(&scene->say, &scene->answer->body);
}

void view_make(const struct view_source *source, struct answer *answer,
               struct answer *beside)
{
    const struct figures_view *view = source->view;
    struct scene scene = {.source = source,
                          .query = &answer->query,
                          .tally = view->tally,
                          .fold =
                              view->complete ? tally_fold(view->tally) : NULL,
                          .context = province_context(view->province),
                          .answer = answer,
                          .beside = beside};

    scene.units = context_units(scene.context);
    say_init(&scene.say, &answer->body);
    label(source, answer);
    if (beside != NULL) {
        label(source, beside);
    }
    if (scene.fold == NULL ||
        (views[answer->query.kind].needs & FIGURES) == 0 ||
        scene_ok(&scene, view->settle(view->owner))) {
        views[answer->query.kind].make(&scene);
    }
    end(&scene);
    if (scene.beside != NULL) { /* it did not come to that */
        scene.beside->status = answer->status;
        scene.beside->why = answer->why;
    }
}
