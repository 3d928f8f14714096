/* The plans in force, side by side: an entry with a new id adds a plan, one
 * with an id that is there replaces its revision in its place, so that places
 * never move. A plan that supersedes another one takes over its place. */
#include "common/fold/context_state.h"

#include "common/base/check.h"

#include <string.h>

static uint32_t place_of(const struct context *context, const char *id)
{
    uint32_t place = 0;

    while (place < context->plan_count &&
           strcmp(context->plans[place].plan->id, id) != 0) {
        place++;
    }
    return place;
}

size_t context_plan_count(const struct context *context)
{
    return context->plan_count;
}

const struct context_plan *context_plan_at(const struct context *context,
                                           size_t position)
{
    return position < context->plan_count ? &context->plans[position] : NULL;
}

const struct context_plan *context_plan_by_id(const struct context *context,
                                              const char *id)
{
    return context_plan_at(context, place_of(context, id));
}

static bool is_newer(const struct context *context, const struct plan *plan,
                     uint32_t revision, struct report *report)
{
    const struct context_plan *held = context_plan_by_id(context, plan->id);

    if (held == NULL || revision > held->revision) {
        return true;
    }
    report_add(report, REPORT_ERROR, NULL, 0, 0,
               "“%s” bản %u không mới hơn bản %u đang dùng",
               "“%s” revision %u is not newer than revision %u in force",
               plan->id, revision, held->revision);
    return false;
}

/* Where the plan goes: in place of itself, of the one that it supersedes, or
 * behind the last. False when that is not possible; the report says why. */
static bool find_place(const struct context *context, const struct plan *plan,
                       struct report *report, uint32_t *place)
{
    *place = place_of(context, plan->id);
    if (*place == context->plan_count && plan->supersedes != NULL) {
        *place = place_of(context, plan->supersedes);
    }
    if (*place == CONTEXT_PLANS_MAX) {
        report_add(report, REPORT_ERROR, NULL, 0, 0,
                   "đã có %u kế hoạch cùng hiệu lực; kế hoạch mới phải thay "
                   "một kế hoạch cũ (supersedes)",
                   "%u plans are in force already; a new one must take the "
                   "place of an old one (supersedes)",
                   CONTEXT_PLANS_MAX);
        return false;
    }
    return true;
}

static MUST_USE enum status put_in_force(struct context *context,
                                         uint64_t index,
                                         const struct control_file_set *files,
                                         bool newer, struct report *report)
{
    struct plan *plan = NULL;
    uint32_t place = 0;
    enum status status;

    if (!context_has_files(files, report)) {
        return STATUS_INVALID;
    }
    if (context->units == NULL) {
        report_add(report, REPORT_ERROR, NULL, 0, 0,
                   "kế hoạch “%s” đến trước danh mục đơn vị hành chính",
                   "plan “%s” comes before the list of units", files->id);
        return STATUS_INVALID;
    }
    status = plan_load(files->files[0].name, files->files[0].content,
                       context->units, context->vocabulary, report, &plan);
    if (status != STATUS_OK) {
        return status;
    }
    if ((newer && !is_newer(context, plan, files->revision, report)) ||
        !find_place(context, plan, report, &place)) {
        plan_free(&plan);
        return STATUS_INVALID;
    }
    if (place == context->plan_count) {
        context->plan_count++;
    }
    plan_free(&context->owned_plans[place]);
    context->owned_plans[place] = plan;
    context->plans[place] = (struct context_plan){
        .plan = plan, .index = index, .revision = files->revision};
    return STATUS_OK;
}

MUST_USE enum status context_apply_plan(struct context *context, uint64_t index,
                                        const struct control_file_set *files,
                                        struct report *report)
{
    return put_in_force(context, index, files, true, report);
}

MUST_USE enum status context_adopt_plan(struct context *context, uint64_t index,
                                        const struct control *control,
                                        struct report *report)
{
    check(control->kind == CONTROL_PLAN);
    return put_in_force(context, index, &control->files, false, report);
}

void context_plans_fini(struct context *context)
{
    for (uint32_t i = 0; i < context->plan_count; i++) {
        plan_free(&context->owned_plans[i]);
    }
    context->plan_count = 0;
}

static bool is_for_day(const struct plan *plan, int32_t day)
{
    return plan->from <= day && day <= plan->to;
}

/* Whether the plan is the ledger's own unit's, on that day. */
static bool is_meant(const struct context *context, const struct plan *plan,
                     int32_t day)
{
    return is_for_day(plan, day) &&
           (!context->begun || plan->unit == context->genesis.unit);
}

MUST_USE enum status context_plan_choose(const struct context *context,
                                         const char *id, int32_t day,
                                         const struct context_plan **plan)
{
    *plan = NULL;
    if (context->plan_count == 0) {
        return STATUS_NOT_FOUND;
    }
    if (id != NULL) {
        *plan = context_plan_by_id(context, id);
        return *plan == NULL ? STATUS_NOT_FOUND : STATUS_OK;
    }
    if (context->plan_count == 1) {
        *plan = &context->plans[0];
        return STATUS_OK;
    }
    for (uint32_t i = 0; i < context->plan_count; i++) {
        if (!is_meant(context, context->plans[i].plan, day)) {
            continue;
        }
        if (*plan != NULL) {
            *plan = NULL;
            return STATUS_USAGE;
        }
        *plan = &context->plans[i];
    }
    return *plan == NULL ? STATUS_USAGE : STATUS_OK;
}

const struct context_plan *context_plan_likely(const struct context *context,
                                               int32_t day)
{
    const struct context_plan *found = NULL;

    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct context_plan *at = context_plan_at(context, i);
        bool holds = at->plan->from <= day && day <= at->plan->to;
        bool held =
            found != NULL && found->plan->from <= day && day <= found->plan->to;

        if (found == NULL || (holds && !held) ||
            (holds == held && at->plan->from > found->plan->from)) {
            found = at;
        }
    }
    return found;
}

bool context_crosses(const struct context *context, int32_t from, int32_t to,
                     int32_t *last)
{
    bool crosses = false;

    for (uint32_t i = 0; i < context->plan_count; i++) {
        const struct plan *plan = context->plans[i].plan;

        for (uint32_t k = 0; k < plan->regime_count && is_for_day(plan, to);
             k++) {
            int32_t cut;

            if (period_crosses(&plan->regimes[k], from, to, &cut) &&
                (!crosses || cut < *last)) {
                *last = cut;
                crosses = true;
            }
        }
    }
    return crosses;
}

/* 0: none of these plans; UINT32_MAX: they have several programmes. */
static uint32_t programme_of(const struct context *context, bool every,
                             int32_t day)
{
    uint32_t programme = 0;

    for (uint32_t i = 0; i < context->plan_count; i++) {
        const struct plan *plan = context->plans[i].plan;

        if (every || is_for_day(plan, day)) {
            programme = programme == 0 || programme == plan->programme
                            ? plan->programme
                            : UINT32_MAX;
        }
    }
    return programme;
}

uint32_t context_programme(const struct context *context, int32_t day)
{
    uint32_t programme = programme_of(context, false, day);

    if (programme == 0) {
        programme = programme_of(context, true, day);
    }
    return programme == UINT32_MAX ? 0 : programme;
}
