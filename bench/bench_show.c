/* How long one event is looked for in a large ledger:
 *
 *     bench_show [EVENTS] [LOOK_UPS]     (100000000, 10000)
 *
 * The ledger is synthetic: full batches of the same 2,048 visits, signed and
 * chained by one office, appended without admission and without the fold. Then
 * events at random places are shown as `audit show` shows them: the entry by
 * the event's id, batch, hash, signature and key, the batch unpacked, the event
 * decoded; and the proof is made that the entry is in the tree. What is
 * measured is that work, with the ledger in the page cache, and not the start
 * of a process: how long it takes, and of that the processor's time, for on a
 * machine with other work the rest is waiting for a processor. The last line is
 * JSON.
 */
#include "bench/gauge.h"
#include "collector/audit/evidence.h"
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/codec.h"
#include "common/format/merkle.h"
#include "tests/support/hall.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define EVENTS_DEFAULT   100000000u
#define LOOK_UPS_DEFAULT 10000u
#define LOOK_UPS_MAX     1000000u
#define MAP_BYTES        (UINT64_C(16) << 30)
#define GROUP            512u
#define ID_SEQ_MAX       4000000000u /* numbers of an epoch end at 2^32 */

struct bench {
    struct hall hall;
    struct office office;
    struct clock clock;
    struct buffer payload;
    uint64_t events;
    struct ledger_snapshot *snapshot;
    struct batch_cache *cache;
    double *shows, *proofs;         /* microseconds each */
    double *shows_cpu, *proofs_cpu; /* of the processor */
    size_t count;
};

/* ---- the ledger ---- */

static void pack_payload(struct bench *bench)
{
    struct buffer packed;

    buffer_init(&bench->payload, BATCH_PAYLOAD_MAX);
    buffer_init(&packed, EVENT_BYTES_MAX);
    for (uint32_t i = 0; i < BATCH_EVENTS_MAX; i++) {
        struct event event;

        office_visit(&bench->office, i + 1, &event);
        buffer_clear(&packed);
        check(codec_pack_event(&event, &packed) == STATUS_OK);
        check(packed.size < 0x80); /* a varint of one byte */
        check(buffer_u8(&bench->payload, (uint8_t)packed.size) == STATUS_OK);
        check(buffer_append(&bench->payload, buffer_bytes(&packed)) ==
              STATUS_OK);
    }
    buffer_fini(&packed);
}

static void append(struct bench *bench)
{
    struct bytes batch = office_seal_payload(
        &bench->office, buffer_bytes(&bench->payload), BATCH_EVENTS_MAX);
    struct batch_header header;
    struct ledger_answer answer;
    struct digest digest;

    check(batch_peek(batch, &header) == STATUS_OK);
    digest_bytes(batch, &digest);
    check(ledger_append_batch(bench->hall.ledger, &header, batch, &digest,
                              &answer) == STATUS_OK);
    check(answer.verdict == LEDGER_APPENDED);
    bench->events += BATCH_EVENTS_MAX;
}

static void make_ledger(struct bench *bench, uint64_t events)
{
    hall_open(&bench->hall, MAP_BYTES);
    office_open(&bench->office, 1);
    hall_join(&bench->hall, &bench->office);
    pack_payload(bench);
    while (bench->events < events) {
        check(ledger_begin(bench->hall.ledger) == STATUS_OK);
        for (uint32_t i = 0; i < GROUP && bench->events < events; i++) {
            append(bench);
        }
        check(ledger_commit(bench->hall.ledger) == STATUS_OK);
        (void)fprintf(stderr, "\r%llu events ",
                      (unsigned long long)bench->events);
    }
    (void)fprintf(stderr, "\n");
    /* What this process has appended itself it would not hash again. */
    hall_reopen(&bench->hall, MAP_BYTES);
}

/* ---- looking ---- */

static void show(struct bench *bench, uint64_t id)
{
    struct evidence_name name = {.kind = EVIDENCE_EVENT, .number = id};
    const struct batch_view *view = NULL;
    struct evidence evidence;
    struct entry entry;
    struct event event;

    check(evidence_entry(bench->snapshot, &name, &entry) == STATUS_OK);
    check(evidence_open(bench->snapshot, province_context(bench->hall.province),
                        &entry, &evidence) == STATUS_OK);
    check(evidence.signature == EVIDENCE_GOOD);
    check(batch_cache_get(bench->cache, bench->snapshot, &entry, &view) ==
          STATUS_OK);
    batch_view_event(view, (uint32_t)(id60_number(id) - entry.first_seq),
                     &event);
    check(event.type != 0 && event.fault == EVENT_FAULT_NONE);
    evidence_fini(&evidence);
}

static void prove(struct bench *bench, uint64_t id)
{
    struct merkle_proof proof;
    struct entry entry;

    check(ledger_find_event(bench->snapshot, id60_agent(id), id60_epoch(id),
                            id60_number(id), &entry) == STATUS_OK);
    check(ledger_inclusion(bench->snapshot, entry.index,
                           ledger_snapshot_size(bench->snapshot),
                           &proof) == STATUS_OK);
}

static double cpu_us(void)
{
    struct timespec used;

    check(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0);
    return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

/* What one look took, from both clocks. */
static void time_look(struct bench *bench, uint64_t id,
                      void (*act)(struct bench *, uint64_t), double *wall,
                      double *cpu)
{
    int64_t began = clock_monotonic_us(&bench->clock);
    double used = cpu_us();

    act(bench, id);
    *cpu = cpu_us() - used;
    *wall = (double)(clock_monotonic_us(&bench->clock) - began);
}

static void look(struct bench *bench)
{
    clock_init_real(&bench->clock);
    check(ledger_snapshot_open(bench->hall.ledger, &bench->snapshot) ==
          STATUS_OK);
    bench->cache = batch_cache_new(1);
    check(bench->cache != NULL);
    srandom(1);
    for (size_t i = 0; i < bench->count; i++) {
        uint64_t number = (uint64_t)random() % bench->events + 1;
        uint64_t id = id60_make(1, 1, (uint32_t)number);

        time_look(bench, id, show, &bench->shows[i], &bench->shows_cpu[i]);
        time_look(bench, id, prove, &bench->proofs[i], &bench->proofs_cpu[i]);
    }
    batch_cache_free(&bench->cache);
    ledger_snapshot_close(&bench->snapshot);
}

static void tell(const char *what, double values[], size_t count)
{
    (void)printf("%s: median %.0f us, 99%% within %.0f us, worst %.0f us\n",
                 what, gauge_percentile(values, count, 50),
                 gauge_percentile(values, count, 99),
                 gauge_percentile(values, count, 100));
}

static double *numbers(size_t count)
{
    double *made = calloc(count, sizeof *made);

    check(made != NULL);
    return made;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    uint64_t events = argc > 1 ? strtoull(argv[1], NULL, 10) : EVENTS_DEFAULT;

    bench.count = argc > 2 ? strtoul(argv[2], NULL, 10) : LOOK_UPS_DEFAULT;
    check(events > 0 && events < ID_SEQ_MAX && bench.count > 0 &&
          bench.count <= LOOK_UPS_MAX);
    bench.shows = numbers(bench.count);
    bench.proofs = numbers(bench.count);
    bench.shows_cpu = numbers(bench.count);
    bench.proofs_cpu = numbers(bench.count);
    make_ledger(&bench, events);
    look(&bench);
    tell("show", bench.shows, bench.count);
    tell("show, processor", bench.shows_cpu, bench.count);
    tell("prove", bench.proofs, bench.count);
    tell("prove, processor", bench.proofs_cpu, bench.count);
    (void)printf("{\"events\": %llu, \"show_us\": %.0f, \"show_us_99\": %.0f, "
                 "\"show_cpu_us_99\": %.0f, \"prove_us\": %.0f, "
                 "\"prove_us_99\": %.0f, \"prove_cpu_us_99\": %.0f}\n",
                 (unsigned long long)bench.events,
                 gauge_percentile(bench.shows, bench.count, 50),
                 gauge_percentile(bench.shows, bench.count, 99),
                 gauge_percentile(bench.shows_cpu, bench.count, 99),
                 gauge_percentile(bench.proofs, bench.count, 50),
                 gauge_percentile(bench.proofs, bench.count, 99),
                 gauge_percentile(bench.proofs_cpu, bench.count, 99));
    free(bench.shows);
    free(bench.proofs);
    free(bench.shows_cpu);
    free(bench.proofs_cpu);
    buffer_fini(&bench.payload);
    office_close(&bench.office);
    hall_close(&bench.hall);
    return 0;
}
