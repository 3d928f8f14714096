#include "common/plan_choice.h"

#include "common/nearest.h"
#include "common/text.h"

#include <stdio.h>

static void list_plans(const struct args *args, const struct context *context)
{
    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;
        char from[TEXT_DATE_MAX], to[TEXT_DATE_MAX];

        text_format_date(plan->from, args->language, from);
        text_format_date(plan->to, args->language, to);
        (void)fprintf(stderr, "  %s  %s – %s  %s\n", plan->id, from, to,
                      language_pick(plan->title, args->language));
    }
}

static void no_such_plan(const struct args *args, const struct context *context,
                         const char *id)
{
    static const struct language_text none = {"không có kế hoạch này",
                                              "there is no such plan"};
    static const struct language_text meant = {"có phải ý bạn là",
                                               "did you mean"};
    struct nearest nearest;

    args_error(args, "--plan %s: %s", id, args_text(args, none));
    nearest_init(&nearest, id);
    for (size_t i = 0; i < context_plan_count(context); i++) {
        nearest_try(&nearest, context_plan_at(context, i)->plan->id);
    }
    if (nearest.best != NULL) {
        (void)fprintf(stderr, "  %s: %s\n", args_text(args, meant),
                      nearest.best);
    } else {
        list_plans(args, context);
    }
}

MUST_USE enum status plan_choice(const struct args *args,
                                 const struct context *context, int32_t day,
                                 const struct context_plan **plan)
{
    static const struct language_text no_plan = {"chưa có kế hoạch nào",
                                                 "there is no plan yet"};
    static const struct language_text several = {
        "có nhiều kế hoạch; hãy chọn một bằng --plan",
        "there are several plans; say which one with --plan"};
    const char *id = args_value(args, "plan");
    enum status status = context_plan_choose(context, id, day, plan);

    if (status == STATUS_USAGE) {
        args_error(args, "%s", args_text(args, several));
        list_plans(args, context);
    } else if (status == STATUS_NOT_FOUND && context_plan_count(context) == 0) {
        args_error(args, "%s", args_text(args, no_plan));
    } else if (status == STATUS_NOT_FOUND) {
        no_such_plan(args, context, id);
    }
    return status;
}
