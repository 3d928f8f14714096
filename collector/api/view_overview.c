/* Every target of a plan, for one unit. */
#include "collector/api/view_private.h"

#include "collector/api/view_due.h"
#include "common/base/text.h"
#include "common/figures/suppress_facts.h"

/* Of the units below, where a period was asked for. */
static void tell_reported(struct scene *scene, const struct choice *choice,
                          const struct unit *unit)
{
    struct say *say = &scene->say;
    struct silence_count count = {0};
    enum unit_level level;
    int32_t last = 0;

    if (choice->silence == NULL ||
        !choice_level_below(scene, unit, choice->period.to, &level)) {
        say_null(say, "reported");
        return;
    }
    silence_count(choice->silence, unit->key, level, &count);
    say_object(say, "reported");
    say_number(say, "due", (int64_t)count.due);
    say_number(say, "reported", (int64_t)count.reported);
    say_number(say, "on_time", (int64_t)count.on_time);
    if (silence_deadline(choice->silence, &last)) {
        say_day(say, "last_day", last);
    } else {
        say_null(say, "last_day");
    }
    say_object_end(say);
}

static void write_rows(struct scene *scene, const struct choice *choice,
                       const struct indicator_rows *rows)
{
    struct say *say = &scene->say;
    struct tell_statuses statuses = {{0}};

    tell_count_statuses(rows, &statuses);
    say_object(say, NULL);
    tell_coordinates(scene, choice);
    tell_reader(scene);
    tell_plan_head(scene, "plan", choice->plan);
    tell_unit(say, "unit", rows->unit);
    tell_above(scene, rows->unit, choice->request.range.unit_date);
    tell_statuses(say, "statuses", &statuses);
    say_bool(say, "hidden", rows->hidden);
    say_bool(say, "not_divided", rows->not_divided);
    say_bool(say, "erased", rows->erased);
    view_next_due(scene, "next_due", choice->plan->plan);
    tell_reported(scene, choice, rows->unit);
    say_array(say, "lines");
    for (size_t i = 0; i < rows->count; i++) {
        tell_line(&scene->say, &choice->request, &rows->rows[i]);
    }
    say_array_end(say);
    say_object_end(say);
}

/* A number of persons that moves beside the word that one office has just sent
 * something says how many these were: a stream does not tell it. */
static bool tells_persons(const struct scene *scene,
                          const struct indicator_row *row)
{
    return row->indicator->persons &&
           scene->query->reader.figures.kind != FIGURE_READER_AUDIT;
}

/* What the live feed says, programs keep and pass on: whatever tells of persons
 * is for auditors alone, hidden in part or not (I9). */
static void leave_out_persons(const struct choice *choice,
                              struct indicator_rows *rows)
{
    struct suppress_facts facts;
    size_t kept = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct plan_indicator *indicator = rows->rows[i].indicator;

        suppress_facts_of(choice->plan->plan, indicator, &facts);
        if (!indicator->persons && !facts.counts && !facts.divides &&
            !facts.asks) {
            rows->rows[kept++] = rows->rows[i];
        }
    }
    rows->count = kept;
}

/* What a stream compares with what it sent before (changes.h). */
static void write_changes(struct scene *scene, const struct choice *choice,
                          const struct indicator_rows *rows)
{
    struct buffer *body = &scene->answer->body;
    struct tell_statuses statuses = {{0}};

    tell_count_statuses(rows, &statuses);
    say_object(&scene->say, NULL);
    say_number(&scene->say, "position", (int64_t)fold_position(scene->fold));
    say_text(&scene->say, "plan", choice->plan->plan->id);
    tell_statuses(&scene->say, "statuses", &statuses);
    say_object_end(&scene->say);
    (void)scene_ok(scene, buffer_u8(body, 0));
    for (size_t i = 0; i < rows->count; i++) {
        if (tells_persons(scene, &rows->rows[i])) {
            continue;
        }
        say_init(&scene->say, body);
        tell_change(&scene->say, &rows->rows[i]);
        (void)scene_ok(scene, buffer_u8(body, 0));
    }
}

static void write_one(struct scene *scene, const struct choice *choice,
                      struct indicator_rows *rows)
{
    if (scene->query->kind == QUERY_OVERVIEW) {
        write_rows(scene, choice, rows);
        return;
    }
    if (scene->query->kind == QUERY_FEED &&
        scene->query->reader.figures.kind != FIGURE_READER_AUDIT) {
        leave_out_persons(choice, rows);
    }
    write_changes(scene, choice, rows);
}

/* The rows are what takes time: both are made of them when both are wanted. */
void view_overview(struct scene *scene)
{
    struct choice choice;
    struct indicator_rows *rows = NULL;

    if (choice_make(scene, &choice) &&
        scene_ok(scene, indicator_rows_new(scene->fold, scene->context,
                                           &choice.request, &rows))) {
        write_one(scene, &choice, rows);
        if (scene->beside != NULL) {
            scene_beside(scene);
            write_one(scene, &choice, rows);
        }
    }
    indicator_rows_free(&rows);
    choice_fini(&choice);
}
