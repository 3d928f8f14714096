/* What a whole table of figures costs, and how it grows with the year.
 *
 *     bench_indicators [--plan FILE] [EVENTS]...   (1000000 3000000 10000000)
 *
 * Thirty districts of Hà Nội record a year of all types of event into one
 * fold. At each size: the memory of the fold, and the time to compute and
 * print the plan's table for the city, for its 30 districts and for its 584
 * communes, over the year and over one month. The last line is JSON, an object
 * for each size.
 */
#include "bench/gauge.h"
#include "bench/orders.h"
#include "bench/workload.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/figures/indicator.h"
#include "common/fold/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNITS_FILE TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define PLAN_FILE  TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/plan.yaml"
#define STREAMS    6u
#define PER_ENTRY  2048u
#define KEPT       8192u /* events of a stream that a correction may name */
#define SIZES_MAX  8u
#define ROUNDS     5u
#define YEAR_DAYS  365u

enum table {
    TABLE_CITY,
    TABLE_DISTRICTS,
    TABLE_COMMUNES,
    TABLE_COMMUNES_MONTH,
    TABLE_COUNT
};

static const char *const table_names[TABLE_COUNT] = {
    "city_ms", "districts_ms", "communes_ms", "communes_month_ms"};

struct size {
    uint64_t events;
    double table_ms[TABLE_COUNT];
    double memory_mib;
};

struct bench {
    struct context *context;
    struct workload *workload;
    struct event *kept[STREAMS]; /* KEPT each, by number */
    struct fold *fold;
    uint64_t index, entries, events;
    struct size sizes[SIZES_MAX];
    size_t size_count;
};

/* The labour offices and the police of the stream's districts. */
static void enrol(struct bench *bench, uint32_t stream)
{
    static const uint32_t offices[] = {3, 6};
    struct control *control = calloc(1, sizeof *control);
    struct workload *workload = bench->workload;

    check(control != NULL);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = stream + 1;
    for (uint32_t i = stream; i < workload->district_count; i += STREAMS) {
        for (size_t k = 0; k < 2; k++) {
            struct control_scope *scope =
                &control->enrolment.scopes[control->enrolment.scope_count++];

            scope->unit = workload->districts[i].unit;
            scope->office = offices[k];
            scope->from = calendar_day(2017, 1, 1);
            scope->to = calendar_day(2019, 12, 31);
        }
    }
    orders_apply(bench->context, &bench->index, control);
    workload->streams[stream].agent = stream + 1;
    free(control);
}

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    const struct bench *bench = owner;

    *event = bench->kept[id60_agent(id) - 1][id60_number(id) % KEPT];
    return STATUS_OK;
}

static void bench_open(struct bench *bench, const char *plan, uint64_t most)
{
    const struct workload_options options = {.streams = STREAMS,
                                             .days = YEAR_DAYS,
                                             .events_each =
                                                 (uint32_t)(most / STREAMS + 1),
                                             .seed = 1};
    struct control genesis = {.kind = CONTROL_GENESIS};

    bench->workload = workload_new(&options, UNITS_FILE);
    check(context_new(&bench->context) == STATUS_OK);
    orders_apply(bench->context, &bench->index, &genesis);
    orders_apply_file(bench->context, &bench->index, CONTROL_UNITS, UNITS_FILE);
    orders_apply_file(bench->context, &bench->index, CONTROL_PLAN, plan);
    for (uint32_t i = 0; i < STREAMS; i++) {
        enrol(bench, i);
        bench->kept[i] = calloc(KEPT, sizeof *bench->kept[i]);
        check(bench->kept[i] != NULL);
    }
    check(fold_new(bench->context,
                   (struct fold_source){.owner = bench, .fetch = fetch},
                   &bench->fold) == STATUS_OK);
}

/* One entry of the next stream. */
static void fold_entry(struct bench *bench)
{
    uint32_t at = (uint32_t)(bench->entries % STREAMS);
    struct workload_stream *stream = &bench->workload->streams[at];

    for (uint32_t i = 0; i < PER_ENTRY; i++) {
        struct event *event = &bench->kept[at][(stream->number + 1) % KEPT];

        workload_next(stream, event);
        check(fold_event(bench->fold,
                         id60_make(stream->agent, 1, stream->number),
                         event->recorded_at, event) == STATUS_OK);
    }
    bench->events += PER_ENTRY;
    check(fold_set_position(bench->fold, ++bench->entries) == STATUS_OK);
}

/* Milliseconds of the fastest round. */
static double print_table(const struct bench *bench, enum table table)
{
    struct indicator_request request = {
        .format = LISTING_CSV,
        .by = table != TABLE_CITY,
        .by_level = table == TABLE_DISTRICTS ? UNIT_DISTRICT : UNIT_COMMUNE};
    FILE *nowhere = fopen("/dev/null", "w");
    double best = 0;

    check(nowhere != NULL);
    figure_range_default(context_plan_at(bench->context, 0)->plan,
                         &request.range);
    if (table == TABLE_COMMUNES_MONTH) {
        request.range.from = calendar_day(2018, 6, 1);
        request.range.to = calendar_day(2018, 6, 30);
    }
    request.today = request.range.to;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        int64_t started = clock_monotonic_us(clock_real());
        double ms;

        check(indicator_print(bench->fold, bench->context, &request, nowhere) ==
              STATUS_OK);
        ms = (double)(clock_monotonic_us(clock_real()) - started) / 1e3;
        best = i == 0 || ms < best ? ms : best;
    }
    (void)fclose(nowhere);
    return best;
}

static void measure(struct bench *bench)
{
    struct size *size = &bench->sizes[bench->size_count++];
    struct fold_totals totals;

    fold_totals(bench->fold, &totals);
    size->events = totals.events;
    size->memory_mib = gauge_memory_mib(getpid());
    (void)printf("%llu events, %llu counted, %.0f MiB\n",
                 (unsigned long long)totals.events,
                 (unsigned long long)totals.outcomes[FOLD_COUNTED],
                 size->memory_mib);
    for (int i = 0; i < TABLE_COUNT; i++) {
        size->table_ms[i] = print_table(bench, (enum table)i);
        (void)printf("  %-18s %8.1f\n", table_names[i], size->table_ms[i]);
    }
    (void)fflush(stdout);
}

static void print_json(const struct bench *bench)
{
    (void)printf("{\"indicators\":%u,\"targets\":%u,\"sizes\":[",
                 context_plan_at(bench->context, 0)->plan->indicator_count,
                 context_plan_at(bench->context, 0)->plan->target_count);
    for (size_t i = 0; i < bench->size_count; i++) {
        const struct size *size = &bench->sizes[i];

        (void)printf("%s{\"events\":%llu,\"memory_mib\":%.1f", i ? "," : "",
                     (unsigned long long)size->events, size->memory_mib);
        for (int k = 0; k < TABLE_COUNT; k++) {
            (void)printf(",\"%s\":%.2f", table_names[k], size->table_ms[k]);
        }
        (void)printf("}");
    }
    (void)printf("]}\n");
}

int main(int argc, char **argv)
{
    static struct bench bench;
    uint64_t wanted[SIZES_MAX] = {1000000, 3000000, 10000000};
    size_t count = 0;
    const char *plan = PLAN_FILE;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--plan") == 0 && i + 1 < argc) {
            plan = argv[++i];
        } else if (count < SIZES_MAX) {
            wanted[count++] = strtoull(argv[i], NULL, 10);
        }
    }
    count = count == 0 ? 3 : count;
    bench_open(&bench, plan, wanted[count - 1]);
    for (size_t i = 0; i < count; i++) {
        while (bench.events < wanted[i]) {
            fold_entry(&bench);
        }
        measure(&bench);
    }
    print_json(&bench);
    fold_free(&bench.fold);
    workload_free(&bench.workload);
    context_free(&bench.context);
    for (uint32_t i = 0; i < STREAMS; i++) {
        free(bench.kept[i]);
    }
    return 0;
}
