#include "tests/support/small_year.h"

#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX   96u
#define CORRECTION 20u

static struct world world;
static struct fold *fold; /* NULL: to be folded again */

void small_year_open(const char *plan)
{
    world_open(&world, plan, NULL);
}

void small_year_close(void)
{
    fold_free(&fold);
    world_close(&world);
}

/* The next word, up to `end`; false at the end of the line. */
static bool next_word(const char **at, char word[WORD_MAX])
{
    size_t size;

    *at += strspn(*at, " ");
    size = strcspn(*at, " ");
    cr_assert_lt(size, WORD_MAX);
    memcpy(word, *at, size);
    word[size] = '\0';
    *at += size;
    return size > 0;
}

static int32_t read_day(const char *text)
{
    int year = 0, month = 0, day = 0;

    cr_assert_eq(sscanf(text, "%d-%d-%d", &year, &month, &day), 3, "%s", text);
    return calendar_day(year, month, day);
}

static uint32_t read_unit(const char *text)
{
    return unit_key_make(UNIT_SYSTEM_GSO3, (uint32_t)strlen(text),
                         (uint32_t)strtoul(text, NULL, 10));
}

static uint32_t number_of(const char *text)
{
    return (uint32_t)strtoul(text, NULL, 10);
}

static uint64_t read_value(const struct catalogue_field *field,
                           const char *text)
{
    const struct catalogue_value *value;

    switch (field->kind) {
    case FIELD_VALUE:
    case FIELD_VALUES:
        value =
            catalogue_value_by_token(field->enumeration, text, strlen(text));
        cr_assert_not_null(value, "%s of %s", text, field->name);
        return value->value;
    case FIELD_UNIT:
    case FIELD_UNITS:
        return read_unit(text);
    case FIELD_FLAG:
        return strcmp(text, "yes") == 0;
    case FIELD_DATE:
        return (uint64_t)(int64_t)read_day(text);
    case FIELD_REFERENCE:
        return *text == 'p' ? id60_make(0, 0, number_of(text + 1))
                            : id60_make(1, 1, number_of(text));
    default:
        return strtoull(text, NULL, 10);
    }
}

static void set_field(struct event *event, const struct catalogue_type *type,
                      char *word)
{
    char *value = strchr(word, '=');
    const struct catalogue_field *field;
    uint32_t number = 0;

    cr_assert_not_null(value, "%s", word);
    *value++ = '\0';
    field = catalogue_find_field(type, word, &number);
    cr_assert_not_null(field, "%s of %s", word, type->name);
    if (number < EVENT_BODY_BASE) {
        event_header_set(event, number, read_value(field, value));
        return;
    }
    number -= EVENT_BODY_BASE;
    if (field->kind != FIELD_VALUES && field->kind != FIELD_UNITS &&
        field->kind != FIELD_COUNTS) {
        event_set(event, number, read_value(field, value));
        return;
    }
    for (char *item = strtok(value, "+"); item != NULL;
         item = strtok(NULL, "+")) {
        (void)event_append(event, number, (uint32_t)read_value(field, item));
    }
}

static uint64_t add_line(const char *line)
{
    const struct catalogue_type *type;
    char day[WORD_MAX], place[WORD_MAX], word[WORD_MAX];
    struct event event;
    uint32_t agent;

    cr_assert(next_word(&line, day) && next_word(&line, place) &&
              next_word(&line, word));
    type = catalogue_type_by_name(word);
    cr_assert_not_null(type, "%s", word);
    agent = strncmp(place, "901", 3) == 0   ? 1
            : strncmp(place, "902", 3) == 0 ? 2
                                            : WORLD_CORRECTOR;
    world_event_init(&world, &event, agent, type->number, read_day(day),
                     read_unit(place));
    while (next_word(&line, word)) {
        set_field(&event, type, word);
    }
    fold_free(&fold);
    return world_add(&world, agent, 1, &event)->id;
}

uint64_t small_year_add(const char *line, ...)
{
    uint64_t id = 0;
    va_list more;

    va_start(more, line);
    for (; line != NULL; line = va_arg(more, const char *)) {
        id = add_line(line);
    }
    va_end(more);
    return id;
}

void small_year_void(uint64_t id)
{
    uint32_t agent = id60_agent(id);
    struct event event;

    world_event_init(&world, &event, agent, CORRECTION,
                     world_find(&world, id)->event.occurred_on, 0);
    event_set(&event, 1, 1);
    event_header_set(&event, EVENT_TARGET, id);
    event_header_set(&event, EVENT_REASON, 1);
    fold_free(&fold);
    (void)world_add(&world, agent, 1, &event);
}

/* Folds anew when something was added; every event has to count. */
static void fold_again(void)
{
    if (fold != NULL) {
        return;
    }
    fold = world_fold(&world, NULL);
    for (size_t i = 0; i < world.count; i++) {
        enum fold_outcome outcome = world_outcome(fold, world.events[i].id);

        cr_assert(outcome == FOLD_COUNTED || outcome == FOLD_VOIDED,
                  "event %zu: %s", i + 1, fold_outcome_token(outcome));
    }
}

struct figure small_year_figure_in(const char *indicator, const char *unit,
                                   const struct figure_range *range)
{
    const struct plan *plan = context_plan_at(world.context, 0)->plan;
    const struct units *units = context_units(world.context);
    uint32_t number = plan_find_indicator(plan, indicator);
    const struct unit *found =
        units_find(units, read_unit(unit), range->unit_date);
    struct figure *figures = calloc(units_count(units), sizeof *figures);
    struct figure figure;

    fold_again();
    cr_assert(figures != NULL && found != NULL);
    cr_assert_neq(number, UINT32_MAX, "no indicator %s", indicator);
    cr_assert_eq(indicator_compute(fold, world.context,
                                   plan->indicators[number].formula, range,
                                   figures, units_count(units)),
                 STATUS_OK);
    figure = figures[units_position(units, found)];
    free(figures);
    return figure;
}

struct figure small_year_figure(const char *indicator, const char *unit)
{
    struct figure_range range;

    figure_range_default(context_plan_at(world.context, 0)->plan, &range);
    return small_year_figure_in(indicator, unit, &range);
}

static const char *as_text(const struct figure *figure)
{
    static char text[WORD_MAX];
    int used;

    if (!figure->known || !figure->defined) {
        return !figure->known ? "?" : "-";
    }
    used =
        snprintf(text, sizeof text, "%s%s%s%" PRId64,
                 figure->lower_bound ? "≥" : "", figure->upper_bound ? "≤" : "",
                 figure->change && figure->value > 0 ? "+" : "", figure->value);
    if (figure->ratio) {
        (void)snprintf(text + used, sizeof text - (size_t)used, "/%" PRId64,
                       figure->denominator);
    }
    return text;
}

const char *small_year_text(const char *indicator, const char *unit)
{
    struct figure figure = small_year_figure(indicator, unit);

    return as_text(&figure);
}

const char *small_year_text_in(const char *indicator, const char *unit,
                               const char *from, const char *to,
                               const char *known_to)
{
    struct figure_range range = {
        .plan = context_plan_at(world.context, 0)->plan,
        .from = read_day(from),
        .to = read_day(to),
        .unit_date = read_day(to),
        .known_to = read_day(known_to),
    };
    struct figure figure;

    figure = small_year_figure_in(indicator, unit, &range);
    return as_text(&figure);
}
