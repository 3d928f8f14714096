#include "bench/expected.h"

#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <stdlib.h>
#include <string.h>

/* Types and values of proto/event.proto. */
enum {
    INSPECTION = 8,
    SANCTION = 9,
    CASE_STAGE = 10,
    CLIENT_FLOW = 13,
    RATING = 15,
    HANDLED = 2,
    TRIED = 5,
    FREE = 1
};

#define COLUMNS_MAX 64u
#define TOLD_MAX    10u

struct expected *expected_new(void)
{
    struct expected *expected = calloc(1, sizeof *expected);

    check(expected != NULL);
    return expected;
}

void expected_free(struct expected **expected)
{
    free(*expected);
    *expected = NULL;
}

/* ---- counting ---- */

static uint32_t thing_of(const struct event *event)
{
    return (id60_number(event_get(event, 1)) - 1) % EXPECTED_THINGS_MAX;
}

/* The sums, by `sign` 1 or -1 as two's complement. */
static void add_sums(struct expected_district *district,
                     const struct event *event, uint64_t sign)
{
    uint64_t *sums = district->sums;

    switch (event->type) {
    case INSPECTION:
        sums[EXPECTED_VISITS] += event_get(event, 2) == 1 ? sign : 0;
        sums[EXPECTED_FOLLOW_UPS] += event_get(event, 4) == 3 ? sign : 0;
        sums[EXPECTED_VIOLATIONS] += sign * event_get(event, 7);
        sums[EXPECTED_HANDLED] +=
            sign * (event_get(event, 10) + event_get(event, 12));
        break;
    case SANCTION:
        sums[EXPECTED_PERSONS] += sign * event_get(event, 2);
        sums[EXPECTED_DECISIONS] += sign * event_get(event, 3);
        break;
    case CLIENT_FLOW:
        if (event_get(event, 1) == 1 && event_get(event, 10) == 6) {
            sums[EXPECTED_CREDIT] += sign * event_get(event, 9);
        }
        break;
    case CASE_STAGE:
        if (event_get(event, 2) == TRIED && event_get(event, 5) == 1) {
            sums[EXPECTED_MOBILE_TRIALS] += sign;
        }
        break;
    default:
        break;
    }
}

/* The later day counts; on one day the later event. */
static void rate(struct expected_district *district, const struct event *event)
{
    for (uint32_t i = 0; i < EXPECTED_COMMUNES_MAX; i++) {
        struct expected_commune *commune = &district->communes[i];

        if (commune->unit == 0 || commune->unit == event->subject_unit) {
            commune->unit = event->subject_unit;
            if (event->occurred_on >= commune->rated_on) {
                commune->rated_on = event->occurred_on;
                commune->rating = (uint32_t)event_get(event, 2);
            }
            return;
        }
    }
    check(false);
}

void expected_add(struct expected *expected, uint32_t number,
                  const struct event *event)
{
    struct expected_district *district = &expected->districts[number];

    add_sums(district, event, 1);
    if (event->type == INSPECTION && event_get(event, 2) == 1 &&
        event_get(event, 3) == 1) {
        district->inspected[thing_of(event)] = true;
    } else if (event->type == CASE_STAGE) {
        if (event_get(event, 2) == HANDLED) {
            district->handled[thing_of(event)] = true;
        } else if (event_get(event, 2) == TRIED) {
            district->tried[thing_of(event)] = true;
        }
    } else if (event->type == RATING) {
        rate(district, event);
    }
}

void expected_take_back(struct expected *expected, uint32_t number,
                        const struct event *event)
{
    add_sums(&expected->districts[number], event, UINT64_MAX);
}

void expected_merge(struct expected *expected, const struct expected *other)
{
    expected->events += other->events;
    expected->keyed += other->keyed;
    for (uint32_t i = 0; i < EXPECTED_DISTRICTS_MAX; i++) {
        const struct expected_district *from = &other->districts[i];
        bool any = from->communes[0].unit != 0;

        for (uint32_t k = 0; k < EXPECTED_SUM_END; k++) {
            any = any || from->sums[k] != 0;
        }
        if (any) { /* a district is in one stream only */
            expected->districts[i] = *from;
        }
    }
}

/* ---- comparing ---- */

static uint64_t count_true(const bool things[EXPECTED_THINGS_MAX])
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < EXPECTED_THINGS_MAX; i++) {
        count += things[i];
    }
    return count;
}

static uint64_t count_rated(const struct expected_district *district,
                            uint32_t rating)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < EXPECTED_COMMUNES_MAX; i++) {
        count += district->communes[i].rating == rating;
    }
    return count;
}

/* The indicator's figure; false when it is not counted here. */
static bool figure_of(const struct expected_district *district,
                      const char *indicator, uint64_t *figure)
{
    static const struct {
        const char *indicator;
        enum expected_sum sum;
    } sums[] = {{"inspection_visit_count", EXPECTED_VISITS},
                {"follow_up_check_count", EXPECTED_FOLLOW_UPS},
                {"violation_handled_ratio", EXPECTED_HANDLED},
                {"admin_sanction_person_sum", EXPECTED_PERSONS},
                {"admin_sanction_decision_sum", EXPECTED_DECISIONS},
                {"credit_job_supported_sum", EXPECTED_CREDIT},
                {"mobile_trial_count", EXPECTED_MOBILE_TRIALS}};

    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        if (strcmp(indicator, sums[i].indicator) == 0) {
            *figure = district->sums[sums[i].sum];
            return true;
        }
    }
    if (strcmp(indicator, "inspected_est_count_province") == 0) {
        *figure = count_true(district->inspected);
    } else if (strcmp(indicator, "case_handled_count") == 0) {
        *figure = count_true(district->handled);
    } else if (strcmp(indicator, "case_tried_count") == 0) {
        *figure = count_true(district->tried);
    } else if (strcmp(indicator, "commune_free_ratio") == 0) {
        *figure = count_rated(district, FREE);
    } else {
        return false;
    }
    return true;
}

/* The cells of a line without quoted commas; the line is cut up. */
static uint32_t split(char *line, char *cells[COLUMNS_MAX])
{
    uint32_t count = 0;
    bool quoted = false;

    cells[count++] = line;
    for (char *at = line; *at != '\0' && count < COLUMNS_MAX; at++) {
        quoted = *at == '"' ? !quoted : quoted;
        if (*at == ',' && !quoted) {
            *at = '\0';
            cells[count++] = at + 1;
        }
    }
    return count;
}

static uint32_t column_of(char *const cells[], uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(cells[i], name) == 0) {
            return i;
        }
    }
    check(false);
    return 0;
}

static const struct expected_district *find_district(
    const struct expected *expected, const char *text)
{
    char key[UNIT_TEXT_MAX];

    for (uint32_t i = 0; i < EXPECTED_DISTRICTS_MAX; i++) {
        unit_key_format(expected->districts[i].unit, key);
        if (strcmp(key, text) == 0) {
            return &expected->districts[i];
        }
    }
    return NULL;
}

uint32_t expected_compare(const struct expected *expected, const char *listing,
                          uint32_t *wrong)
{
    char *copy = strdup(listing), *rest = NULL, *cells[COLUMNS_MAX];
    char *line = strtok_r(copy, "\r\n", &rest);
    uint32_t count, compared = 0, indicator, unit, value;

    check(copy != NULL);
    while (line != NULL && *line == '<') { /* what a log said before it */
        line = strtok_r(NULL, "\r\n", &rest);
    }
    check(line != NULL);
    *wrong = 0;
    count = split(line, cells);
    indicator = column_of(cells, count, "indicator");
    unit = column_of(cells, count, "unit");
    value = column_of(cells, count, "value");
    while ((line = strtok_r(NULL, "\r\n", &rest)) != NULL) {
        const struct expected_district *district;
        uint64_t figure;

        count = split(line, cells);
        check(count > indicator && count > unit && count > value);
        district = find_district(expected, cells[unit]);
        if (district == NULL ||
            !figure_of(district, cells[indicator], &figure)) {
            continue;
        }
        compared++;
        if (strtoull(cells[value], NULL, 10) != figure) {
            if ((*wrong)++ < TOLD_MAX) {
                (void)fprintf(stderr, "%s %s: %s, not %llu\n", cells[unit],
                              cells[indicator], cells[value],
                              (unsigned long long)figure);
            }
        }
    }
    free(copy);
    return compared;
}
