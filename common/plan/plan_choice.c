#include "common/plan/plan_choice.h"

#include "common/base/nearest.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

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

bool plan_choice_parse(const char *text, struct plan_wanted *wanted)
{
    const char *at = strrchr(text, '@');
    size_t size = at == NULL ? strlen(text) : (size_t)(at - text);
    uint64_t revision = 0;

    memset(wanted, 0, sizeof *wanted);
    if (size == 0 || size >= sizeof wanted->id ||
        (at != NULL &&
         (text_parse_count(at + 1, strlen(at + 1), &revision) != STATUS_OK ||
          revision == 0 || revision > UINT32_MAX))) {
        return false;
    }
    memcpy(wanted->id, text, size);
    wanted->revision = (uint32_t)revision;
    return true;
}

/* As context_plan_choose(), with the revision that the id may carry. */
static enum status choose(const struct context *context, const char *text,
                          int32_t day, const struct context_plan **plan)
{
    struct plan_wanted wanted;
    enum status status;

    if (text == NULL) {
        return context_plan_choose(context, NULL, day, plan);
    }
    *plan = NULL;
    if (!plan_choice_parse(text, &wanted)) {
        return STATUS_NOT_FOUND;
    }
    status = context_plan_choose(context, wanted.id, day, plan);
    return status == STATUS_OK && wanted.revision != 0 &&
                   wanted.revision != (*plan)->revision
               ? STATUS_NOT_FOUND
               : status;
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
    enum status status = choose(context, id, day, plan);

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
