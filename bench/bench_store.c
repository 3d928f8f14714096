/* What taking a batch costs, step by step: a batch of 2,048 inspections is
 * checked, appended to a ledger in groups, made durable, and read back.
 *
 *     bench_store [DIRECTORY]       the disk to measure; default /var/tmp
 *
 * Prints nanoseconds an event for each step (a commit's is shared by the
 * batches of its group), and the size of what is stored.
 */
#include "collector/ledger/ledger.h"
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EVENTS       BATCH_EVENTS_MAX
#define BATCHES      256u
#define GROUP_MAX    64u
#define EVENT_HEADER 128u

struct bench {
    struct sign_keys keys;
    struct batch_codec *codec;
    struct ledger *ledger;
    struct buffer payload;
    struct buffer sealed[GROUP_MAX];
    struct buffer unpacked;
    struct batch_header header; /* of the next batch */
};

struct steps {
    int64_t seal;
    int64_t digest;
    int64_t verify;
    int64_t append;
    int64_t commit;
    int64_t unpack;
    int64_t read;
};

static int64_t now_ns(void)
{
    struct timespec now;
    check(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void make_event(uint64_t seq, struct event *event)
{
    uint32_t i = (uint32_t)seq;
    event_init(event, 8);
    event_header_set(event, EVENT_OCCURRED_ON, 17600 + i % 300);
    event_header_set(event, EVENT_RECORDED_AT,
                     UINT64_C(1520236923000004) + i * UINT64_C(61234567));
    event_header_set(event, EVENT_UNIT, 1300001);
    event_header_set(event, EVENT_OFFICE, 3);
    event_header_set(event, EVENT_ROLE, 2);
    event_header_set(event, EVENT_SUBJECT_UNIT, 1500025 + i * 7919 % 500);
    event_header_set(event, EVENT_PROGRAMME, 1);
    event_header_set(event, EVENT_VOCABULARY, 1);
    event_set(event, 1, id60_make(271, 1, i * 40503 % 4000 + 1));
    event_set(event, 2, 1);
    event_set(event, 3, 2);
    event_set(event, 4, i * 7 % 3 + 1);
    event_set(event, 5, i * 5 % 3 + 1);
    event_set(event, 7, i * 11 % 3);
    event_set(event, 11, i * 13 % 3 * UINT64_C(5000000));
}

/* Each event behind its size. */
static void make_payload(struct bench *bench)
{
    struct buffer one;
    buffer_init(&one, EVENT_BYTES_MAX);
    buffer_clear(&bench->payload);
    for (uint32_t i = 0; i < EVENTS; i++) {
        struct event event;
        make_event(bench->header.first_seq + i, &event);
        buffer_clear(&one);
        check(codec_pack_event(&event, &one) == STATUS_OK);
        check(one.size < EVENT_HEADER);
        check(buffer_u8(&bench->payload, (uint8_t)one.size) == STATUS_OK);
        check(buffer_append(&bench->payload, buffer_bytes(&one)) == STATUS_OK);
    }
    buffer_fini(&one);
}

static void seal_group(struct bench *bench, unsigned group, struct steps *steps)
{
    for (unsigned i = 0; i < group; i++) {
        struct digest digest;
        make_payload(bench);
        int64_t start = now_ns();
        check(batch_seal(bench->codec, &bench->header,
                         buffer_bytes(&bench->payload), &bench->keys,
                         &bench->sealed[i]) == STATUS_OK);
        steps->seal += now_ns() - start;
        digest_bytes(buffer_bytes(&bench->sealed[i]), &digest);
        bench->header.first_seq += EVENTS;
        bench->header.previous = digest;
    }
}

static void take_group(struct bench *bench, unsigned group, struct steps *steps)
{
    check(ledger_begin(bench->ledger) == STATUS_OK);
    for (unsigned i = 0; i < group; i++) {
        struct bytes batch = buffer_bytes(&bench->sealed[i]);
        struct batch_header header;
        struct ledger_answer answer;
        struct digest digest;
        int64_t t0 = now_ns();
        check(batch_peek(batch, &header) == STATUS_OK);
        check(batch_verify(batch, &bench->keys.public_key) == STATUS_OK);
        int64_t t1 = now_ns();
        digest_bytes(batch, &digest);
        int64_t t2 = now_ns();
        check(ledger_append_batch(bench->ledger, &header, batch, &digest,
                                  &answer) == STATUS_OK);
        check(answer.verdict == LEDGER_APPENDED);
        int64_t t3 = now_ns();
        check(batch_unpack(bench->codec, batch, &header, &bench->unpacked) ==
              STATUS_OK);
        int64_t t4 = now_ns();
        steps->verify += t1 - t0;
        steps->digest += t2 - t1;
        steps->append += t3 - t2;
        steps->unpack += t4 - t3;
    }
    int64_t start = now_ns();
    check(ledger_commit(bench->ledger) == STATUS_OK);
    steps->commit += now_ns() - start;
}

static uint64_t read_all(struct bench *bench, struct steps *steps)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t bytes_read = 0;
    int64_t start = now_ns();
    check(ledger_snapshot_open(bench->ledger, &snapshot) == STATUS_OK);
    uint64_t size = ledger_snapshot_size(snapshot);
    for (uint64_t i = 0; i < size; i++) {
        struct entry entry;
        struct bytes bytes;
        check(ledger_entry(snapshot, i, &entry) == STATUS_OK);
        check(ledger_bytes(snapshot, &entry, &bytes) == STATUS_OK);
        bytes_read += bytes.size;
    }
    ledger_snapshot_close(&snapshot);
    steps->read += now_ns() - start;
    return bytes_read;
}

static void print_step(const char *name, int64_t ns)
{
    printf("  %-8s %8.1f ns/event\n", name,
           (double)ns / ((double)BATCHES * EVENTS));
}

static void run(struct bench *bench, const char *folder, unsigned group)
{
    struct steps steps = {0};
    struct clock clock;
    char path[4096];
    char lock[4096];
    clock_init_real(&clock);
    int length =
        snprintf(path, sizeof path, "%s/bench-%ld.mdb", folder, (long)getpid());
    check(length > 0 && (size_t)length < sizeof path - 8);
    (void)snprintf(lock, sizeof lock, "%.4000s-lock", path);
    struct ledger_options options = {
        .path = path, .clock = &clock, .create = true};
    check(ledger_open(&options, &bench->ledger) == STATUS_OK);
    bench->header = (struct batch_header){.agent_number = 271,
                                          .epoch_ordinal = 1,
                                          .first_seq = 1,
                                          .count = EVENTS};
    for (unsigned i = 0; i < BATCHES / group; i++) {
        seal_group(bench, group, &steps);
        take_group(bench, group, &steps);
    }
    uint64_t stored = read_all(bench, &steps);
    ledger_close(&bench->ledger);
    (void)unlink(path);
    (void)unlink(lock);
    printf("%u batches a commit: %.1f ms a commit, %.1f bytes an event "
           "(%.1f packed events)\n",
           group, (double)steps.commit / (BATCHES / group) / 1e6,
           (double)stored / ((double)BATCHES * EVENTS),
           (double)bench->payload.size / EVENTS);
    print_step("seal", steps.seal);
    print_step("verify", steps.verify);
    print_step("digest", steps.digest);
    print_step("append", steps.append);
    print_step("commit", steps.commit);
    print_step("unpack", steps.unpack);
    print_step("taking", steps.verify + steps.digest + steps.append +
                             steps.commit + steps.unpack);
    print_step("read", steps.read);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    sign_init();
    sign_keys_make(&bench.keys);
    bench.codec = batch_codec_new();
    check(bench.codec != NULL);
    buffer_init(&bench.payload, BATCH_PAYLOAD_MAX);
    buffer_init(&bench.unpacked, BATCH_PAYLOAD_MAX);
    for (unsigned i = 0; i < GROUP_MAX; i++) {
        buffer_init(&bench.sealed[i], BATCH_BYTES_MAX);
    }
    for (unsigned group = 1; group <= GROUP_MAX; group *= 4) {
        run(&bench, argc > 1 ? argv[1] : "/var/tmp", group);
    }
    for (unsigned i = 0; i < GROUP_MAX; i++) {
        buffer_fini(&bench.sealed[i]);
    }
    buffer_fini(&bench.payload);
    buffer_fini(&bench.unpacked);
    batch_codec_free(&bench.codec);
    return 0;
}
