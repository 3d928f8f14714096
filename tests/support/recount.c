#include "tests/support/recount.h"

#include "common/event/calendar.h"
#include "common/event/reference.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of proto/event.proto. */
enum {
    COMMUNICATION = 2,
    INSPECTION = 8,
    CASE = 10,
    HOTSPOT = 11,
    CENSUS = 17,
    SAME_AS = 22
};

#define YEAR_FROM calendar_day(2018, 1, 1)
#define YEAR_TO   calendar_day(2018, 12, 31)
#define SAME_MAX  64u

/* Where what happened at `place` stands at the end of 2018: 90203 became
 * 90206, 90103 was divided and only its district is left. */
static uint32_t place_now(uint32_t place)
{
    if (place == WORLD_COMMUNE(2, 3)) {
        return WORLD_COMMUNE(2, 6);
    }
    return place == WORLD_COMMUNE(1, 3) ? WORLD_DISTRICT(1) : place;
}

static bool place_counts(uint32_t place, uint32_t unit)
{
    return recount_lies_in(place_now(place), unit);
}

static bool event_counts(const struct event *event, uint32_t unit)
{
    size_t count = 0;
    const uint32_t *units = NULL;

    if (event->type == HOTSPOT) {
        units = event_items(event, 3, &count);
    }
    for (size_t i = 0; i < count; i++) {
        if (place_counts(units[i], unit)) {
            return true;
        }
    }
    return count == 0 && place_counts(event_place(event), unit);
}

static bool in_year(const struct event *event)
{
    return YEAR_FROM <= event->occurred_on && event->occurred_on <= YEAR_TO;
}

/* The name of a thing: the least of all references that are the same, found
 * by adding what is the same as one of them until nothing is added. */
static uint64_t thing(const struct recount *recount, uint64_t kind,
                      uint64_t reference)
{
    uint64_t same[SAME_MAX] = {reference};
    size_t count = 1, before = 0;

    while (before != count) {
        before = count;
        for (size_t i = 0; i < recount->count; i++) {
            const struct event *event = &recount->all[i].event;
            bool first = false, second = false;

            if (event->type != SAME_AS || event_get(event, 1) != kind) {
                continue;
            }
            for (size_t k = 0; k < count; k++) {
                first = first || same[k] == event_get(event, 2);
                second = second || same[k] == event_get(event, 3);
            }
            if (first != second) {
                cr_assert_lt(count, SAME_MAX);
                same[count++] = event_get(event, first ? 3 : 2);
            }
        }
    }
    for (size_t k = 0; k < count; k++) {
        reference = same[k] < reference ? same[k] : reference;
    }
    return reference;
}

static uint64_t kind_of(uint32_t type)
{
    return type == INSPECTION ? 1 : type == HOTSPOT ? 2 : type == CASE ? 4 : 0;
}

static void name_things(struct recount *recount)
{
    for (size_t i = 0; i < recount->count; i++) {
        const struct event *event = &recount->all[i].event;

        recount->names[i] =
            thing(recount, kind_of(event->type), event_get(event, 1));
    }
}

/* The last of a thing's events by the end of the year that is no earlier than
 * any other; with `first` the earliest of all. */
static const struct world_event *edge(const struct recount *recount,
                                      uint32_t type, uint64_t name,
                                      uint32_t stage, bool first)
{
    const struct world_event *best = NULL;

    for (size_t i = 0; i < recount->count; i++) {
        const struct world_event *it = &recount->all[i];
        bool later;

        if (it->event.type != type ||
            (stage != 0 && event_get(&it->event, 2) != stage) ||
            recount->names[i] != name ||
            (!first && it->event.occurred_on > YEAR_TO)) {
            continue;
        }
        later = best == NULL ||
                it->event.occurred_on > best->event.occurred_on ||
                (it->event.occurred_on == best->event.occurred_on &&
                 it->id > best->id);
        if (best == NULL || later != first) {
            best = it;
        }
    }
    return best;
}

/* Whether no event before position `i` is about the same thing. */
static bool is_new_thing(const struct recount *recount, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (recount->all[k].event.type == recount->all[i].event.type &&
            recount->names[k] == recount->names[i]) {
            return false;
        }
    }
    return true;
}

static int64_t sum(const struct recount *recount, uint32_t type, uint32_t field,
                   uint32_t filter, uint64_t wanted, uint32_t unit)
{
    int64_t total = 0;

    for (size_t i = 0; i < recount->count; i++) {
        const struct event *event = &recount->all[i].event;

        if (event->type == type && in_year(event) &&
            (filter == 0 || event_get(event, filter) == wanted) &&
            event_counts(event, unit)) {
            total += field == 0 ? 1 : (int64_t)event_get(event, field);
        }
    }
    return total;
}

/* Things with an event of the year in the unit; `state` 0: any. */
static int64_t distinct(const struct recount *recount, uint32_t type,
                        uint64_t state, uint32_t unit)
{
    int64_t total = 0;

    for (size_t i = 0; i < recount->count; i++) {
        bool found = false;

        if (recount->all[i].event.type != type || !is_new_thing(recount, i)) {
            continue;
        }
        for (size_t k = 0; k < recount->count; k++) {
            const struct event *event = &recount->all[k].event;

            found = found || (event->type == type && in_year(event) &&
                              (state == 0 || event_get(event, 4) == state) &&
                              event_counts(event, unit) &&
                              recount->names[k] == recount->names[i]);
        }
        total += found;
    }
    return total;
}

static int64_t tried(const struct recount *recount, uint32_t unit)
{
    int64_t total = 0;

    for (size_t i = 0; i < recount->count; i++) {
        const struct world_event *first;

        if (recount->all[i].event.type != CASE || !is_new_thing(recount, i)) {
            continue;
        }
        first = edge(recount, CASE, recount->names[i], 5, true);
        total += first != NULL && in_year(&first->event) &&
                 event_counts(&first->event, unit);
    }
    return total;
}

static bool is_clean(const struct recount *recount, uint64_t name,
                     uint32_t unit)
{
    const struct world_event *last = edge(recount, HOTSPOT, name, 0, false);
    uint64_t state = last == NULL ? 0 : event_get(&last->event, 4);

    return (state == 4 || state == 6) && event_counts(&last->event, unit);
}

static uint64_t named_hotspot(const struct recount *recount, uint32_t n)
{
    return thing(recount, 2, id60_make(0, 0, n));
}

static int64_t clean(const struct recount *recount, bool named, uint32_t unit)
{
    int64_t total = 0;

    for (size_t i = 0; i < recount->count; i++) {
        const struct event *event = &recount->all[i].event;
        uint64_t name;

        if (event->type != HOTSPOT || !is_new_thing(recount, i)) {
            continue;
        }
        name = recount->names[i];
        if (!named || name == named_hotspot(recount, 1) ||
            name == named_hotspot(recount, 2)) {
            total += is_clean(recount, name, unit);
        }
    }
    return total;
}

/* Whether what the one says stands in the place of what the other said: of the
 * same commune, or of 90203, which became 90206. */
static bool replaces(uint32_t place, uint32_t earlier)
{
    return place == earlier ||
           (place == WORLD_COMMUNE(2, 6) && earlier == WORLD_COMMUNE(2, 3));
}

static struct figure on_file(const struct recount *recount, uint32_t unit)
{
    struct figure figure = {.known = true}; /* until somebody says a number */

    for (size_t i = 0; i < recount->count; i++) {
        const struct world_event *it = &recount->all[i];
        bool last = it->event.type == CENSUS && event_has(&it->event, 2) &&
                    it->event.occurred_on <= YEAR_TO &&
                    event_counts(&it->event, unit);

        for (size_t k = 0; k < recount->count && last; k++) {
            const struct world_event *other = &recount->all[k];

            last = other->event.type != CENSUS ||
                   !event_has(&other->event, 2) ||
                   !replaces(event_place(&other->event),
                             event_place(&it->event)) ||
                   other->event.occurred_on > YEAR_TO ||
                   other->event.occurred_on < it->event.occurred_on ||
                   (other->event.occurred_on == it->event.occurred_on &&
                    other->id <= it->id);
        }
        if (last) {
            figure.defined = true;
            figure.value += (int64_t)event_get(&it->event, 2);
            figure.lower_bound =
                figure.lower_bound || event_get(&it->event, 7) == 1;
        }
    }
    return figure;
}

static const uint32_t communes_now[] = {
    WORLD_COMMUNE(1, 1), WORLD_COMMUNE(1, 2), WORLD_COMMUNE(1, 4),
    WORLD_COMMUNE(1, 5), WORLD_COMMUNE(2, 1), WORLD_COMMUNE(2, 2),
    WORLD_COMMUNE(2, 6)};

static int64_t communes(const struct recount *recount, bool all, uint32_t unit)
{
    int64_t total = 0;

    for (size_t i = 0; i < sizeof communes_now / sizeof *communes_now; i++) {
        bool covered =
            all || sum(recount, COMMUNICATION, 0, 0, 0, communes_now[i]) > 0;

        total += covered && recount_lies_in(communes_now[i], unit);
    }
    return total;
}

static int64_t all_districts(const struct recount *recount, uint32_t unit)
{
    int64_t total = 0;

    for (uint32_t i = 1; i <= 2; i++) {
        total += recount_lies_in(WORLD_DISTRICT(i), unit) &&
                 sum(recount, COMMUNICATION, 0, 0, 0, WORLD_DISTRICT(i)) > 0;
    }
    return total;
}

void recount_open(struct recount *recount, const struct world *world)
{
    const struct plan *plan = context_plan_at(world->context, 0)->plan;

    *recount = (struct recount){.world = world};
    recount->outcomes = calloc(world->count + 1, sizeof *recount->outcomes);
    recount->live = calloc(world->count + 1, sizeof *recount->live);
    recount->all =
        calloc(world->count + plan->row_count + 1, sizeof *recount->all);
    recount->names =
        calloc(world->count + plan->row_count + 1, sizeof *recount->names);
    cr_assert(recount->outcomes != NULL && recount->live != NULL &&
              recount->all != NULL && recount->names != NULL);
    recount_settle(recount);
    for (uint32_t i = 0; i < plan->row_count; i++) {
        recount->all[recount->count].event = plan->rows[i].event;
        recount->all[recount->count++].id = i + 1;
    }
    for (size_t i = 0; i < world->count; i++) {
        if (recount->live[i]) {
            recount->all[recount->count++] = world->events[i];
        }
    }
    name_things(recount);
}

void recount_close(struct recount *recount)
{
    free(recount->outcomes);
    free(recount->live);
    free(recount->all);
    free(recount->names);
}

static struct figure plain(int64_t value)
{
    return (struct figure){.known = true, .defined = true, .value = value};
}

static struct figure over(int64_t value, int64_t denominator)
{
    return (struct figure){.known = true,
                           .defined = denominator != 0,
                           .ratio = true,
                           .value = value,
                           .denominator = denominator};
}

struct figure recount_figure(const struct recount *recount,
                             const char *indicator, uint32_t unit)
{
    int64_t violations = sum(recount, INSPECTION, 7, 0, 0, unit);
    int64_t sanctions = sum(recount, INSPECTION, 10, 0, 0, unit);
    bool first = is_clean(recount, named_hotspot(recount, 1), unit);
    bool second = is_clean(recount, named_hotspot(recount, 2), unit);
    struct {
        const char *id;
        struct figure figure;
    } figures[] = {
        {"visits", plain(sum(recount, INSPECTION, 0, 2, 1, unit))},
        {"violations", plain(violations)},
        {"inspected", plain(distinct(recount, INSPECTION, 0, unit))},
        {"tried", plain(tried(recount, unit))},
        {"reactivated", plain(distinct(recount, HOTSPOT, 7, unit))},
        {"clean", plain(clean(recount, false, unit))},
        {"clean_named", plain(clean(recount, true, unit))},
        {"all_clean", plain((int64_t)first + (int64_t)second)},
        {"all_districts", plain(all_districts(recount, unit))},
        {"on_file", on_file(recount, unit)},
        {"communes", plain(communes(recount, false, unit))},
        {"coverage",
         over(communes(recount, false, unit), communes(recount, true, unit))},
        {"sessions", plain(sum(recount, COMMUNICATION, 3, 2, 4, unit))},
        {"handled", over(sanctions + sum(recount, INSPECTION, 12, 0, 0, unit),
                         violations)},
        {"open_violations", plain(violations - sanctions)},
        {"named_count", plain((recount_lies_in(WORLD_COMMUNE(1, 1), unit) ||
                               recount_lies_in(WORLD_COMMUNE(2, 1), unit)) +
                              recount_lies_in(WORLD_COMMUNE(2, 2), unit))},
    };

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(figures[i].id, indicator) == 0) {
            return figures[i].figure;
        }
    }
    cr_assert(false, "no recount of %s", indicator);
    return plain(0);
}
