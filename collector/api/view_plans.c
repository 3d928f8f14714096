/* The plans in force, their periods, and what they count. */
#include "collector/api/view_private.h"

#include "common/event/catalogue.h"
#include "common/figures/formula_words.h"
#include "common/reports/form_days.h"

/* ---- periods of a picker ---- */

static const char *kind_token(enum period_kind kind)
{
    static const char *const tokens[PERIOD_KIND_END] = {
        [PERIOD_MONTH] = "month",
        [PERIOD_QUARTER] = "quarter",
        [PERIOD_HALF_YEAR] = "half_year",
        [PERIOD_YEAR] = "year"};

    return tokens[kind];
}

static void tell_period(struct scene *scene, const struct plan *plan,
                        const struct period_regime *regime,
                        const struct period *period, bool due)
{
    struct say *say = &scene->say;
    int32_t day = 0;

    say_object(say, NULL);
    tell_period_key(say, "period", period);
    say_text(say, "kind", kind_token(period->kind));
    tell_period_label(say, "label", period);
    say_day(say, "from", period->from);
    say_day(say, "to", period->to);
    if (due && period_deadline(regime, period, &plan->holidays, &day)) {
        say_day(say, "due", day);
    } else {
        say_null(say, "due");
    }
    say_bool(say, "reports", due);
    say_bool(say, "over", period->to < scene->source->today);
    say_object_end(say);
}

/* The periods that end within the plan's year. */
static void tell_periods(struct scene *scene, const struct plan *plan,
                         const struct period_regime *regime, bool in_plan)
{
    say_array(&scene->say, "periods");
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        struct period period;
        bool more = period_of_day(regime, kind, plan->from, &period);

        while (more && period.to <= plan->to) {
            tell_period(scene, plan, regime, &period,
                        in_plan && (regime->kinds & (1u << kind)) != 0);
            more = period_of_day(regime, kind, period.to + 1, &period);
        }
    }
    say_array_end(&scene->say);
}

static bool is_in_plan(const struct plan *plan, uint32_t number)
{
    bool found = false;

    for (uint32_t i = 0; i < plan->regime_count && !found; i++) {
        found = plan->regimes[i].number == number;
    }
    return found;
}

/* Those of the plan first, then the others that there are. */
static void tell_regimes(struct scene *scene, const struct plan *plan)
{
    static const struct language_text labels[] = {
        [PERIOD_CALENDAR] = {"theo lịch", "by the calendar"},
        [PERIOD_ND09_2019] = {"theo Nghị định 09/2019", "by Decree 09/2019"},
        [PERIOD_PLAN_DEADLINE] = {"theo kế hoạch", "by the plan"}};
    struct say *say = &scene->say;

    say_array(say, "regimes");
    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint32_t number = PERIOD_CALENDAR; number <= PERIOD_PLAN_DEADLINE;
             number++) {
            struct period_regime regime;
            bool in_plan = is_in_plan(plan, number);

            if (in_plan != (pass == 0) || !plan_regime(plan, number, &regime)) {
                continue;
            }
            say_object(say, NULL);
            say_text(say, "regime", form_regime_token(number));
            say_bool(say, "in_plan", in_plan);
            say_labels(say, "label", labels[number]);
            tell_periods(scene, plan, &regime, in_plan);
            say_object_end(say);
        }
    }
    say_array_end(say);
}

/* ---- plans ---- */

static void tell_settings(struct scene *scene, const struct plan *plan)
{
    struct say *say = &scene->say;

    say_array(say, "settings");
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        const struct plan_setting *setting = &plan->settings[i];

        say_object(say, NULL);
        say_text(say, "id", setting->id);
        say_labels(say, "label", setting->label);
        say_text(say, "chosen", setting->options[setting->chosen].id);
        say_array(say, "options");
        for (uint32_t k = 0; k < setting->option_count; k++) {
            say_object(say, NULL);
            say_text(say, "id", setting->options[k].id);
            say_labels(say, "label", setting->options[k].label);
            say_object_end(say);
        }
        say_array_end(say);
        say_labels(say, "note", setting->note);
        say_object_end(say);
    }
    say_array_end(say);
}

static void tell_programmes(struct scene *scene, const struct plan *plan)
{
    struct say *say = &scene->say;

    say_array(say, "programmes");
    for (uint32_t i = 0; i < plan->programme_count; i++) {
        const struct catalogue_value *programme = vocabulary_value(
            context_vocabulary(scene->context),
            catalogue_enumeration("Programme"), plan->programmes[i]);

        say_text(say, NULL, programme != NULL ? programme->token : "?");
    }
    say_array_end(say);
}

static void tell_plan(struct scene *scene, const struct context_plan *plan,
                      const struct context_plan *usual)
{
    struct say *say = &scene->say;

    say_object(say, NULL);
    tell_plan_fields(scene, plan);
    if (plan->plan->issued_on != 0) {
        say_day(say, "issued_on", plan->plan->issued_on);
    } else {
        say_null(say, "issued_on");
    }
    say_text(say, "supersedes", plan->plan->supersedes);
    say_bool(say, "default", plan == usual);
    tell_programmes(scene, plan->plan);
    say_number(say, "targets", plan->plan->target_count);
    say_number(say, "indicators", plan->plan->indicator_count);
    tell_regimes(scene, plan->plan);
    tell_settings(scene, plan->plan);
    say_object_end(say);
}

void view_plans(struct scene *scene)
{
    struct say *say = &scene->say;
    const struct context_plan *usual = NULL;
    const struct control_genesis *genesis = context_genesis(scene->context);
    size_t count =
        scene->units == NULL ? 0 : context_plan_count(scene->context);

    if (count > 0) {
        usual = choice_plan(scene, scene->source->today);
    }
    say_object(say, NULL);
    say_number(say, "position", (int64_t)tally_position(scene->tally));
    say_day(say, "today", scene->source->today);
    tell_unit(
        say, "unit",
        genesis == NULL || scene->units == NULL
            ? NULL
            : units_find(scene->units, genesis->unit, scene->source->today));
    say_array(say, "plans");
    for (size_t i = 0; i < count; i++) {
        tell_plan(scene, context_plan_at(scene->context, i), usual);
    }
    say_array_end(say);
    say_object_end(say);
}

/* ---- what a plan counts ---- */

static void tell_indicator(struct scene *scene, const struct plan *plan,
                           const struct plan_target *target, uint32_t number)
{
    struct say *say = &scene->say;
    const struct plan_indicator *indicator = &plan->indicators[number];

    say_object(say, NULL);
    say_text(say, "id", target != NULL ? target->id : indicator->id);
    say_text(say, "target", target != NULL ? target->id : NULL);
    say_text(say, "indicator", indicator->id);
    say_labels(say, "label", target != NULL ? target->label : indicator->label);
    say_labels(say, "unit_of_count", indicator->unit_of_count);
    say_bool(say, "persons", indicator->persons);
    say_bool(say, "computed", indicator->formula != NULL);
    tell_formula(scene, "formula", plan, indicator);
    say_object_end(say);
}

static bool has_target(const struct plan *plan, uint32_t indicator)
{
    bool found = false;

    for (uint32_t i = 0; i < plan->target_count && !found; i++) {
        found = plan->targets[i].indicator == indicator;
    }
    return found;
}

void view_indicators(struct scene *scene)
{
    struct say *say = &scene->say;
    const struct context_plan *plan = choice_plan(scene, scene->source->today);

    if (plan == NULL) {
        return;
    }
    say_object(say, NULL);
    say_number(say, "position", (int64_t)tally_position(scene->tally));
    tell_plan_head(scene, "plan", plan);
    say_array(say, "indicators");
    for (uint32_t i = 0; i < plan->plan->target_count; i++) {
        tell_indicator(scene, plan->plan, &plan->plan->targets[i],
                       plan->plan->targets[i].indicator);
    }
    for (uint32_t i = 0; i < plan->plan->indicator_count; i++) {
        if (!has_target(plan->plan, i)) {
            tell_indicator(scene, plan->plan, NULL, i);
        }
    }
    say_array_end(say);
    say_object_end(say);
}
