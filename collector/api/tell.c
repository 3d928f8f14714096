/* What stands around figures: plans, coordinates, who reads. */
#include "collector/api/view_private.h"

#include <string.h>

#include "common/reports/form_days.h"

void tell_above(struct scene *scene, const struct unit *unit, int32_t day)
{
    const struct unit *above[UNIT_COMMUNE];
    struct say *say = &scene->say;
    size_t count = 0;

    for (const struct unit *at = unit;
         at != NULL && at->parent != 0 && count < UNIT_COMMUNE;) {
        at = units_find(scene->units, at->parent, day);
        if (at != NULL) {
            above[count++] = at;
        }
    }
    say_array(say, "above");
    while (count > 0) {
        tell_unit(say, NULL, above[--count]);
    }
    say_array_end(say);
}

static void tell_plan_name(struct say *say, const struct context_plan *plan)
{
    say_text(say, "id", plan->plan->id);
    say_number(say, "revision", plan->revision);
    say_number(say, "entry", (int64_t)plan->index);
}

void tell_plan_fields(struct scene *scene, const struct context_plan *plan)
{
    struct say *say = &scene->say;
    const struct plan *it = plan->plan;
    const struct unit *unit = plan_carried(it, scene->units, it->unit, it->to);

    tell_plan_name(say, plan);
    say_labels(say, "title", it->title);
    say_text(say, "number", it->number);
    say_day(say, "from", it->from);
    say_day(say, "to", it->to);
    if (unit == NULL) {
        unit = units_find(scene->units, it->unit, it->from);
    }
    tell_unit(say, "unit", unit);
}

void tell_plan_head(struct scene *scene, const char *key,
                    const struct context_plan *plan)
{
    say_object(&scene->say, key);
    tell_plan_fields(scene, plan);
    say_object_end(&scene->say);
}

void tell_coordinates(struct scene *scene, const struct choice *choice)
{
    struct say *say = &scene->say;
    const struct figure_range *range = &choice->request.range;
    const struct digest *last = tally_last(scene->tally);

    say_object(say, "coordinates");
    say_day(say, "from", range->from);
    say_day(say, "to", range->to);
    say_day(say, "units_on", range->unit_date);
    say_day(say, "known_to", choice->request.today);
    say_number(say, "position", (int64_t)fold_position(scene->fold));
    say_hex(say, "hash", (struct bytes){last->bytes, sizeof last->bytes});
    say_object(say, "plan");
    tell_plan_name(say, choice->plan);
    say_object_end(say);
    say_text(say, "regime",
             choice->of_period ? form_regime_token(choice->regime.number)
                               : NULL);
    if (choice->of_period) {
        tell_period_key(say, "period", &choice->period);
    } else {
        say_null(say, "period");
    }
    say_object_end(say);
}

void tell_reader(struct scene *scene)
{
    static const char *const kinds[] = {[FIGURE_READER_ANYONE] = "anyone",
                                        [FIGURE_READER_UNIT] = "unit",
                                        [FIGURE_READER_AUDIT] = "audit"};
    const struct figure_reader *reader = &scene->query->reader.figures;
    struct say *say = &scene->say;

    say_object(say, "reader");
    say_text(say, "shows", kinds[reader->kind]);
    tell_unit_key(say, "unit",
                  reader->kind == FIGURE_READER_UNIT ? reader->unit : 0);
    say_object_end(say);
}
