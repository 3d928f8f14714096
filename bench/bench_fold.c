/* What folding one event costs, and what a thing and a row cost in memory.
 *
 *     bench_fold [EVENTS]
 *
 * Thirty districts of Hà Nội record a year under the plan of 2018: visits,
 * outreach, cases, sanctions, ratings, teams and support, in the proportions
 * of the sample files. Prints nanoseconds of processor time an event with and
 * without entry keys, to the point where figures can be read, bytes by which
 * the fold grows, and what the figures of all districts cost.
 */
#include "bench/orders.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/figures/indicator.h"
#include "common/fold/fold.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DISTRICTS_MAX  64u
#define EVENTS_DEFAULT 2000000u
#define PER_ENTRY      2048u

struct office {
    uint32_t district;
    uint32_t communes[64];
    uint32_t commune_count;
    uint32_t number; /* of its last event */
};

struct bench {
    struct context *context;
    struct office offices[DISTRICTS_MAX];
    uint32_t count;
    uint32_t total; /* events of a run */
    uint64_t index;
    uint64_t random;
};

static int64_t now_ns(void)
{
    struct timespec now;

    check(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static uint32_t pick(struct bench *bench, uint32_t count)
{
    bench->random = bench->random * UINT64_C(6364136223846793005) +
                    UINT64_C(1442695040888963407);
    return (uint32_t)((bench->random >> 33) % count);
}

static void enrol(struct bench *bench, uint32_t agent, uint32_t district)
{
    struct control *control = calloc(1, sizeof *control);

    check(control != NULL);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = agent;
    control->enrolment.scope_count = 1;
    control->enrolment.scopes[0].unit = district;
    control->enrolment.scopes[0].office = 3;
    control->enrolment.scopes[0].from = calendar_day(2017, 1, 1);
    control->enrolment.scopes[0].to = calendar_day(2019, 12, 31);
    orders_apply(bench->context, &bench->index, control);
    free(control);
}

static void open_bench(struct bench *bench)
{
    struct control genesis = {.kind = CONTROL_GENESIS};
    int32_t day = calendar_day(2018, 1, 1);
    const struct units *units;

    check(context_new(&bench->context) == STATUS_OK);
    orders_apply(bench->context, &bench->index, &genesis);
    orders_apply_file(bench->context, &bench->index, CONTROL_UNITS,
                      TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv");
    orders_apply_file(bench->context, &bench->index, CONTROL_PLAN,
                      TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/plan.yaml");
    units = context_units(bench->context);
    for (size_t i = 0; i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);

        if (unit->from > day || unit->to <= day + 364) {
            continue;
        }
        if (unit->level == UNIT_DISTRICT) {
            check(bench->count < DISTRICTS_MAX);
            bench->offices[bench->count++].district = unit->key;
            enrol(bench, bench->count, unit->key);
        }
        for (uint32_t k = 0; k < bench->count; k++) {
            struct office *office = &bench->offices[k];

            if (unit->level == UNIT_COMMUNE &&
                unit->parent == office->district &&
                office->commune_count < 64) {
                office->communes[office->commune_count++] = unit->key;
            }
        }
    }
}

static void fill(struct bench *bench, uint32_t agent, struct event *event)
{
    uint32_t violations = pick(bench, 3);

    switch (event->type) {
    case 8: /* inspection */
        event_set(event, 1, id60_make(agent, 1, 1 + pick(bench, 400)));
        event_set(event, 2, 1);
        event_set(event, 3, 1 + pick(bench, 2));
        event_set(event, 4, 1 + pick(bench, 3));
        event_set(event, 5, violations > 0 ? 3 : 1);
        event_set(event, 7, violations);
        event_set(event, 10, violations);
        break;
    case 2: /* communication_activity */
        event_set(event, 1, 1 + pick(bench, 4));
        event_set(event, 2, 1 + pick(bench, 3));
        event_set(event, 3, 1);
        event_set(event, 4, pick(bench, 90));
        break;
    case 9: /* admin_sanction */
        event_set(event, 1, 1 + pick(bench, 4));
        event_set(event, 2, 1 + pick(bench, 4));
        event_set(event, 3, 1);
        break;
    case 10: /* case_stage */
        event_set(event, 1, id60_make(agent, 1, 1 + pick(bench, 300)));
        event_set(event, 2, 1 + pick(bench, 5));
        break;
    case 15: /* commune_rating */
        event_set(event, 1, 2018);
        event_set(event, 2, 1 + pick(bench, 2));
        break;
    case 18: /* team_status */
        event_set(event, 1, 1);
        event_set(event, 2, 3);
        event_set(event, 3, 2);
        break;
    default: /* client_flow */
        event_set(event, 1, 1);
        event_set(event, 2, 2);
        event_set_date(event, 3, event->occurred_on - 20);
        event_set(event, 4, 3);
        event_set(event, 5, 2);
        event_set(event, 6, 2);
        event_set(event, 7, 2);
        event_set(event, 8, 2);
        event_set(event, 9, 1);
        event_set(event, 10, 6);
        break;
    }
}

/* The year goes on while the events come in; an event is at most ten days old
 * when its batch is sealed. */
static int32_t pick_day(struct bench *bench, uint32_t position)
{
    uint64_t progress = (uint64_t)position * 355 / bench->total;

    return calendar_day(2018, 1, 1) + (int32_t)progress +
           (int32_t)pick(bench, 10);
}

static void make_event(struct bench *bench, uint32_t position, bool keyed,
                       struct event *event, uint64_t *id)
{
    static const uint32_t types[] = {8, 8, 8,  8,  2,  2, 10, 10,
                                     9, 9, 15, 18, 13, 8, 2,  9};
    uint32_t agent = 1 + position / PER_ENTRY % bench->count;
    struct office *office = &bench->offices[agent - 1];
    int32_t day = pick_day(bench, position);

    event_init(event, types[pick(bench, 16)]);
    event_header_set(event, EVENT_OCCURRED_ON, (uint64_t)day);
    event_header_set(event, EVENT_RECORDED_AT,
                     (uint64_t)((day + 1) * CLOCK_US_PER_DAY));
    event_header_set(event, EVENT_UNIT, office->district);
    event_header_set(event, EVENT_OFFICE, 3);
    event_header_set(event, EVENT_PROGRAMME, 1);
    event_header_set(event, EVENT_SUBJECT_UNIT,
                     office->communes[pick(bench, office->commune_count)]);
    fill(bench, agent, event);
    if (keyed) {
        event->has_entry_key = true;
        bytes_put_u64(event->entry_key, bench->random);
        bytes_put_u64(event->entry_key + 8, position);
        event->header_present |= 1u << EVENT_ENTRY_KEY;
    }
    *id = id60_make(agent, 1, ++office->number);
}

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    (void)owner;
    (void)id;
    (void)event;
    return STATUS_NOT_FOUND;
}

static uint64_t make_all(struct bench *bench, bool keyed, struct fold *fold)
{
    uint64_t sum = 0, id;

    bench->random = 1;
    for (uint32_t i = 0; i < bench->count; i++) {
        bench->offices[i].number = 0;
    }
    for (uint32_t i = 0; i < bench->total; i++) {
        struct event event;

        make_event(bench, i, keyed, &event, &id);
        sum += id;
        if (fold == NULL) {
            continue;
        }
        check(fold_event(fold, id, (event.occurred_on + 1) * CLOCK_US_PER_DAY,
                         &event) == STATUS_OK);
        if ((i + 1) % PER_ENTRY == 0) {
            check(fold_pass_position(fold, i / PER_ENTRY + 1) == STATUS_OK);
        }
    }
    if (fold != NULL) {
        check(fold_set_position(fold, bench->total / PER_ENTRY + 1) ==
              STATUS_OK);
    }
    return sum;
}

static size_t memory_used(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static void print_figures(const struct bench *bench, const struct fold *fold)
{
    struct indicator_request request = {
        .format = LISTING_CSV, .by = true, .by_level = UNIT_DISTRICT};
    FILE *nowhere = fopen("/dev/null", "w");
    int64_t started = now_ns();

    check(nowhere != NULL);
    figure_range_default(context_plan_at(bench->context, 0)->plan,
                         &request.range);
    check(indicator_print(fold, bench->context, &request, nowhere) ==
          STATUS_OK);
    (void)printf("all figures of all districts: %.1f ms\n",
                 (double)(now_ns() - started) / 1e6);
    (void)fclose(nowhere);
}

/* Makes the events twice, with and without folding them: the difference is
 * what folding costs. */
static void run(struct bench *bench, bool keyed)
{
    struct fold_source source = {.fetch = fetch};
    struct fold_totals totals;
    size_t before = memory_used();
    int64_t started = now_ns(), made;
    struct fold *fold;

    check(make_all(bench, keyed, NULL) != 0);
    made = now_ns() - started;
    check(fold_new(bench->context, source, &fold) == STATUS_OK);
    started = now_ns();
    check(make_all(bench, keyed, fold) != 0);
    made = now_ns() - started - made;
    fold_totals(fold, &totals);
    check(totals.outcomes[FOLD_COUNTED] == totals.events);
    (void)printf("%s: %llu events, %.0f ns an event, %.1f MiB\n",
                 keyed ? "with entry keys" : "without entry keys",
                 (unsigned long long)totals.events,
                 (double)made / (double)totals.events,
                 (double)(memory_used() - before) / 1048576.0);
    if (!keyed) {
        print_figures(bench, fold);
    }
    fold_free(&fold);
}

int main(int argc, char **argv)
{
    static struct bench bench;

    bench.total =
        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : EVENTS_DEFAULT;
    open_bench(&bench);
    run(&bench, false);
    run(&bench, true);
    context_free(&bench.context);
    return 0;
}
