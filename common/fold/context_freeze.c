/* Reports that were frozen. A freeze changes no figure: it only says which
 * prefix of the ledger a report was made of. */
#include "common/fold/context_state.h"

#include <stdlib.h>

static bool has_period(const struct plan *plan,
                       const struct control_freeze *freeze)
{
    enum period_kind kind = (enum period_kind)freeze->period_kind;
    struct period_regime built_in;
    const struct period_regime *regime = &built_in;
    struct period period;
    bool found = period_regime_init(&built_in, freeze->regime);

    for (uint32_t i = 0; i < plan->regime_count; i++) {
        if (plan->regimes[i].number == freeze->regime) {
            regime = &plan->regimes[i];
            found = true;
        }
    }
    return found && period_bounds(regime, kind, freeze->period_key, &period);
}

static MUST_USE enum status refuse(struct report *report,
                                   const struct control_freeze *freeze,
                                   const char *vi, const char *en)
{
    report_add(report, REPORT_ERROR, NULL, 0, 0, "chốt báo cáo %s: %s",
               "freeze of a report of %s: %s", freeze->plan_id,
               report->language == LANGUAGE_VI ? vi : en);
    return STATUS_INVALID;
}

MUST_USE enum status context_apply_freeze(struct context *context,
                                          uint64_t index,
                                          const struct control_freeze *freeze,
                                          struct report *report)
{
    const struct context_plan *plan =
        context_plan_by_id(context, freeze->plan_id);
    struct context_freeze *freezes;

    if (plan == NULL) {
        return refuse(report, freeze, "không có kế hoạch này",
                      "there is no such plan");
    }
    if (freeze->at_index > index) {
        return refuse(report, freeze, "vị trí trong sổ cái chưa có",
                      "the ledger does not reach so far");
    }
    if (!has_period(plan->plan, freeze)) {
        return refuse(report, freeze, "không có kỳ này",
                      "there is no such period");
    }
    if (context->units == NULL || !units_known(context->units, freeze->unit)) {
        return refuse(report, freeze, "không có đơn vị này",
                      "there is no such unit");
    }
    if (context->freeze_count == CONTEXT_FREEZES_MAX) {
        return refuse(report, freeze, "quá nhiều báo cáo đã chốt",
                      "too many reports are frozen");
    }
    if (context->freeze_count == context->freeze_room) {
        size_t room = 2 * context->freeze_room + 16;

        freezes = realloc(context->freezes, room * sizeof *freezes);
        if (freezes == NULL) {
            return STATUS_MEMORY;
        }
        context->freezes = freezes;
        context->freeze_room = room;
    }
    context->freezes[context->freeze_count++] =
        (struct context_freeze){.index = index, .freeze = *freeze};
    return STATUS_OK;
}

size_t context_freeze_count(const struct context *context)
{
    return context->freeze_count;
}

const struct context_freeze *context_freeze_at(const struct context *context,
                                               size_t position)
{
    return position < context->freeze_count ? &context->freezes[position]
                                            : NULL;
}
