/* What the collector does with an event from the link to the figures: admit,
 * one commit a drain, fold. The sockets are left out.
 *
 *     bench_admit [BATCHES]
 *
 * One office sends full batches of inspections, DRAIN of them at a time. Prints
 * events a second for admission and for folding, by the wall clock.
 */
#include "common/base/check.h"
#include "tests/support/hall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCHES_DEFAULT 280u
#define DRAIN           28u /* batches: four messages of seven */

struct bench {
    struct hall hall;
    struct office office;
    struct clock clock;
    uint32_t batches;
    uint8_t **bytes;
    size_t *sizes;
};

static void seal_all(struct bench *bench)
{
    struct event *events = calloc(BATCH_EVENTS_MAX, sizeof *events);
    uint32_t number = 0;

    check(events != NULL);
    for (uint32_t b = 0; b < bench->batches; b++) {
        struct bytes batch;

        for (uint32_t i = 0; i < BATCH_EVENTS_MAX; i++) {
            office_visit(&bench->office, ++number % 5000u + 1, &events[i]);
        }
        batch = office_seal(&bench->office, events, BATCH_EVENTS_MAX);
        bench->bytes[b] = malloc(batch.size);
        check(bench->bytes[b] != NULL);
        memcpy(bench->bytes[b], batch.data, batch.size);
        bench->sizes[b] = batch.size;
    }
    free(events);
}

/* One drain of `count` batches; microseconds until it is durable. */
static int64_t admit(struct bench *bench, uint32_t first, uint32_t count)
{
    struct intake_message *messages =
        calloc(DRAIN / WIRE_BATCHES_MAX, sizeof *messages);
    const struct admit_answer *answers = NULL;
    size_t answer_count = 0;
    int64_t begin;

    check(messages != NULL);
    for (uint32_t i = 0; i < count; i++) {
        struct intake_message *message = &messages[i / WIRE_BATCHES_MAX];

        message->key = bench->office.curve_keys.public_key;
        message->up.kind = WIRE_UP_BATCHES;
        message->batches[message->batch_count++] =
            (struct bytes){bench->bytes[first + i], bench->sizes[first + i]};
    }
    begin = clock_monotonic_us(&bench->clock);
    check(admit_batches(bench->hall.admit, messages, DRAIN / WIRE_BATCHES_MAX,
                        &answers, &answer_count) == STATUS_OK);
    check(answer_count == count && answers[count - 1].appended);
    begin = clock_monotonic_us(&bench->clock) - begin;
    free(messages);
    return begin;
}

static void run(struct bench *bench)
{
    int64_t admit_us = 0;
    int64_t fold_us = 0;
    uint64_t events = (uint64_t)bench->batches * BATCH_EVENTS_MAX;

    for (uint32_t first = 0; first < bench->batches; first += DRAIN) {
        int64_t begin;

        admit_us += admit(bench, first, DRAIN);
        begin = clock_monotonic_us(&bench->clock);
        (void)hall_fold(&bench->hall);
        fold_us += clock_monotonic_us(&bench->clock) - begin;
    }
    printf("admit and commit  %10.0f events/s\n",
           (double)events * 1e6 / (double)admit_us);
    printf("fold              %10.0f events/s\n",
           (double)events * 1e6 / (double)fold_us);
    printf("both              %10.0f events/s\n",
           (double)events * 1e6 / (double)(admit_us + fold_us));
}

int main(int argc, char **argv)
{
    struct bench *bench = calloc(1, sizeof *bench);
    unsigned long wanted = BATCHES_DEFAULT;

    check(bench != NULL);
    if (argc > 1) {
        wanted = strtoul(argv[1], NULL, 10);
    }
    bench->batches = (uint32_t)(wanted / DRAIN * DRAIN);
    check(bench->batches > 0);
    bench->bytes = calloc(bench->batches, sizeof *bench->bytes);
    bench->sizes = calloc(bench->batches, sizeof *bench->sizes);
    check(bench->bytes != NULL && bench->sizes != NULL);
    clock_init_real(&bench->clock);
    hall_open(&bench->hall, 0);
    office_open(&bench->office, 1);
    hall_join(&bench->hall, &bench->office);
    (void)hall_fold(&bench->hall);
    seal_all(bench);
    run(bench);
    for (uint32_t i = 0; i < bench->batches; i++) {
        free(bench->bytes[i]);
    }
    free(bench->bytes);
    free(bench->sizes);
    office_close(&bench->office);
    hall_close(&bench->hall);
    free(bench);
    return 0;
}
