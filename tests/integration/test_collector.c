/* The collector as its own process, from `init` to a receipt, with an office
 * that the test plays over a real link. */
#include "common/base/check.h"
#include "common/figures/report.h"
#include "common/format/enrol_file.h"
#include "common/format/wire_document.h"
#include "tests/support/hall.h"
#include "tests/support/link_peer.h"
#include "tests/support/process.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define WAIT_MS     10000
#define OUT_BYTES   65536u
#define BATCHES_MAX 8u

static struct temp_dir home;
static char directory[TEMP_DIR_PATH_MAX];
static char log_path[TEMP_DIR_PATH_MAX];
static char out[OUT_BYTES];
static char address[ENROL_ADDRESS_MAX];
static struct office office;
static struct curve_keys join_keys;
static struct public_key server_key;
static struct public_key ledger_key;
static pid_t collector;
static void *context;
static struct link_peer peer;
static bool peer_open;
static struct wire_codec *codec;
static uint8_t received[WIRE_FRAME_BYTES_MAX];

/* ---- the collector ---- */

/* Runs one command on the directory; `words` closes with NULL. */
static int command(const char *const words[])
{
    const char *arguments[PROCESS_ARGUMENTS_MAX] = {COLLECTOR};
    size_t count = 1;

    for (size_t i = 0; words[i] != NULL; i++) {
        arguments[count++] = words[i];
    }
    arguments[count++] = "--dir";
    arguments[count] = directory;
    return process_run(arguments, out, sizeof out);
}

#define COMMAND(...) command((const char *const[]){__VA_ARGS__, NULL})

static void configure(const char *text)
{
    char path[TEMP_DIR_PATH_MAX + 32];
    FILE *file;

    check(snprintf(path, sizeof path, "%s/collector.yaml", directory) > 0);
    file = fopen(path, "w");
    check(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Starts it, waits until it runs and finds out where. */
static void run_arguments(const char *const arguments[])
{
    FILE *file;
    char line[1024];

    (void)remove(log_path);
    collector = process_start(arguments, log_path);
    cr_assert(process_logged(log_path, "collector runs", WAIT_MS));
    file = fopen(log_path, "r");
    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        const char *at = strstr(line, "address=");

        if (at != NULL && strstr(line, "collector runs") != NULL) {
            (void)sscanf(at, "address=%255s", address);
        }
    }
    fclose(file);
}

static void run_collector(void)
{
    run_arguments(
        (const char *const[]){COLLECTOR, "run", "--dir", directory, NULL});
}

static void kill_collector(int signal, int code)
{
    if (collector != 0) {
        int found = process_end(collector, signal);

        collector = 0;
        cr_assert_eq(found, code, "the collector ended with %d", found);
    }
}

static void init_province(void)
{
    cr_assert_eq(COMMAND("init", "--origin", "test/1", "--unit", "gso3:90"), 0,
                 "%s", out);
    configure("listen: tcp://127.0.0.1:*\n");
    cr_assert_eq(COMMAND("plan", "load", PROVINCE_FILES), 0, "%s", out);
}

/* ---- the office ---- */

static void enrol(void)
{
    char path[TEMP_DIR_PATH_MAX];
    struct enrol_file file;
    struct report report;

    temp_dir_path(&home, "office.enrol", path);
    cr_assert_eq(COMMAND("enrol", "--name", "Office", "--pair",
                         "gso3:901:district_labour_office", "--output", path),
                 0, "%s", out);
    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(enrol_file_load(path, &report, &file), STATUS_OK);
    report_fini(&report);
    cr_assert_eq(file.agent_number, 1);
    join_keys = file.join_keys;
    server_key = file.server_key;
    ledger_key = file.ledger_key;
    office_open(&office, 1);
    office.join_keys = join_keys;
    enrol_file_wipe(&file);
}

static void hang_up(void)
{
    if (peer_open) {
        link_peer_close(&peer);
    }
    peer_open = false;
}

static void call(const struct curve_keys *keys)
{
    hang_up();
    link_peer_open(&(struct link_peer_options){.context = context,
                                               .address = address,
                                               .server_key = &server_key,
                                               .keys = keys},
                   &peer);
    peer_open = true;
    cr_assert(link_peer_stands(&peer, WAIT_MS));
}

static void say(const struct wire_up *up, const struct bytes batches[],
                size_t count)
{
    struct bytes frames[BATCHES_MAX + 1];
    struct buffer head;

    buffer_init(&head, WIRE_FRAME_BYTES_MAX);
    cr_assert_eq(wire_pack_up(up, &head), STATUS_OK);
    frames[0] = buffer_bytes(&head);
    for (size_t i = 0; i < count; i++) {
        frames[i + 1] = batches[i];
    }
    link_peer_send(&peer, frames, count + 1);
    buffer_fini(&head);
}

/* The next message of that kind; others are passed over. */
static struct wire_down hear(enum wire_down_kind kind)
{
    struct wire_down down;
    size_t size;

    do {
        size = link_peer_receive(&peer, received, sizeof received, WAIT_MS);
        cr_assert_gt(size, 0, "nothing came in time");
        cr_assert_eq(
            wire_unpack_down(codec, (struct bytes){received, size}, &down),
            STATUS_OK);
    } while (down.kind != kind);
    return down;
}

static void join(void)
{
    struct wire_up up = office_join(&office);

    call(&office.join_keys);
    say(&up, NULL, 0);
    cr_assert_eq(hear(WIRE_DOWN_JOINED).joined.agent_number, 1);
}

static struct wire_welcome hello(void)
{
    struct wire_up up = office_hello(&office);

    call(&office.curve_keys);
    say(&up, NULL, 0);
    return hear(WIRE_DOWN_WELCOME).welcome;
}

/* Sends a batch and gives the entry of its receipt. */
static struct entry send_batch(struct bytes batch)
{
    struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct wire_down down;
    struct entry entry;

    say(&up, &batch, 1);
    down = hear(WIRE_DOWN_RECEIPTS);
    cr_assert_eq(down.receipts.count, 1);
    cr_assert_eq(
        entry_read((struct bytes){down.receipts.entries[0], ENTRY_BYTES},
                   &entry),
        STATUS_OK);
    return entry;
}

/* ---- the suite ---- */

static void setup(void)
{
    sign_init();
    (void)setenv("TALLYLINE_LANG", "en", 1);
    temp_dir_open(&home);
    temp_dir_path(&home, "province", directory);
    temp_dir_path(&home, "log", log_path);
    context = zmq_ctx_new();
    codec = wire_codec_new();
    cr_assert(context != NULL && codec != NULL);
    init_province();
}

static void teardown(void)
{
    hang_up();
    (void)zmq_ctx_term(context);
    if (collector != 0) {
        (void)process_end(collector, SIGKILL);
    }
    collector = 0;
    office_close(&office);
    wire_codec_free(&codec);
    temp_dir_close(&home);
}

TestSuite(collector, .init = setup, .fini = teardown);

Test(collector, i2_what_has_a_receipt_is_there_after_kill_9)
{
    struct entry first, again;
    struct bytes batch;
    struct wire_welcome welcome;

    enrol();
    run_collector();
    join();
    welcome = hello();
    cr_assert_eq(welcome.next_seq, 1);
    batch = office_batch(&office);
    first = send_batch(batch);
    kill_collector(SIGKILL, 128 + SIGKILL);
    run_collector();
    welcome = hello();
    cr_assert_eq(welcome.next_seq, 2);
    /* I3: the same batch again is the same entry. */
    again = send_batch(buffer_bytes(&office.batch));
    cr_assert_eq(again.index, first.index);
    cr_assert_eq(
        COMMAND("indicators", "--format", "jsonl", "--indicator", "visits"), 0);
    cr_assert_not_null(strstr(out, "\"value\":1"), "%s", out);
    kill_collector(SIGTERM, 0);
}

Test(collector, documents_come_down_by_themselves_and_again_when_they_change)
{
    struct wire_assembly assembly;
    struct bytes body;
    bool plan = false;
    bool units = false;
    bool registers = false;

    enrol();
    run_collector();
    join();
    (void)hello();
    wire_assembly_init(&assembly);
    while (!plan || !units || !registers) {
        struct wire_down down = hear(WIRE_DOWN_DOCUMENT);
        enum status status =
            wire_assembly_add(&assembly, &down.document, &ledger_key, &body);

        cr_assert(status == STATUS_OK || status == STATUS_AGAIN);
        plan |= strcmp(down.document.name, WIRE_DOCUMENT_PLAN) == 0;
        units |= strcmp(down.document.name, WIRE_DOCUMENT_UNITS) == 0;
        registers |= strcmp(down.document.name, WIRE_DOCUMENT_REGISTERS) == 0;
    }
    cr_assert_eq(COMMAND("enrol", "--agent", "1", "--pair", "gso3:901:police"),
                 0, "%s", out);
    for (;;) {
        struct wire_down down = hear(WIRE_DOWN_DOCUMENT);

        if (strcmp(down.document.name, WIRE_DOCUMENT_ENROLMENT) == 0 &&
            down.document.index > 5) {
            break;
        }
    }
    wire_assembly_fini(&assembly);
}

Test(collector, i8_revoked_while_the_link_stands)
{
    struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct bytes batch;

    enrol();
    run_collector();
    join();
    (void)hello();
    (void)send_batch(office_batch(&office));
    cr_assert_eq(COMMAND("revoke", "1", "--since", "2018-01-01"), 0, "%s", out);
    batch = office_batch(&office);
    say(&up, &batch, 1);
    cr_assert_eq(hear(WIRE_DOWN_REFUSAL).refusal.code, WIRE_REFUSAL_REVOKED);
    cr_assert_eq(COMMAND("status", "--review", "--format", "csv"), 0);
    cr_assert_not_null(strstr(out, ",1.1.1,1"), "%s", out);
}

Test(collector, a_second_one_on_the_directory_is_refused)
{
    run_collector();
    cr_assert_eq(COMMAND("run"), 1);
    cr_assert_not_null(strstr(out, "in use by another process"), "%s", out);
}

Test(collector, a_bad_configuration_is_refused_at_start_and_kept_out_later)
{
    run_collector();
    configure("listen: tcp://127.0.0.1:*\nlog: loud\n");
    cr_assert_eq(COMMAND("check-config"), 78);
    cr_assert_not_null(strstr(out, "collector.yaml:2:6"), "%s", out);
    cr_assert_eq(kill(collector, SIGHUP), 0);
    cr_assert(process_logged(log_path, "the old one stays", WAIT_MS));
    cr_assert(process_logged(log_path, "line=2 column=6", WAIT_MS));
    cr_assert_eq(COMMAND("status"), 0);
    cr_assert_not_null(strstr(out, "the collector runs"), "%s", out);
    kill_collector(SIGTERM, 0);
    cr_assert_eq(COMMAND("run"), 78);
}

Test(collector, i6_a_full_map_stops_intake_and_a_larger_one_goes_on)
{
    struct event *events = calloc(BATCH_EVENTS_MAX, sizeof *events);
    struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct wire_down down = {.kind = WIRE_DOWN_RECEIPTS};
    struct bytes batch = {NULL, 0};
    struct entry entry;
    unsigned sent = 0;

    cr_assert_not_null(events);
    for (uint32_t i = 0; i < BATCH_EVENTS_MAX; i++) {
        office_visit(&office, i * 2654435761u, &events[i]);
    }
    configure("listen: tcp://127.0.0.1:*\nmap_mib: 1\n");
    enrol();
    run_collector();
    join();
    (void)hello();
    while (down.kind == WIRE_DOWN_RECEIPTS) {
        cr_assert_lt(sent++, 1000);
        batch = office_seal(&office, events, BATCH_EVENTS_MAX);
        say(&up, &batch, 1);
        do {
            size_t size =
                link_peer_receive(&peer, received, sizeof received, WAIT_MS);

            cr_assert_gt(size, 0);
            cr_assert_eq(
                wire_unpack_down(codec, (struct bytes){received, size}, &down),
                STATUS_OK);
        } while (down.kind != WIRE_DOWN_RECEIPTS &&
                 down.kind != WIRE_DOWN_REFUSAL);
    }
    cr_assert_eq(down.refusal.code, WIRE_REFUSAL_FULL);
    cr_assert_gt(down.refusal.retry_ms, 0);
    cr_assert_eq(COMMAND("status"), 0);
    cr_assert_not_null(strstr(out, "FULL"), "%s", out);
    kill_collector(SIGTERM, 0);
    configure("listen: tcp://127.0.0.1:*\n");
    run_collector();
    (void)hello();
    entry = send_batch(batch);
    cr_assert_eq(entry.count, BATCH_EVENTS_MAX);
    free(events);
}

/* The first sync of the running collector fails, as a dying disk's does. */
Test(collector, i2_a_disk_that_fails_ends_it_with_74_and_without_an_answer)
{
    static const char *const strace = "/usr/bin/strace";
    struct wire_up up;

    if (process_run((const char *const[]){strace, "-qq", "-e", "trace=fsync",
                                          "/bin/true", NULL},
                    NULL, 0) != 0) {
        cr_skip_test("strace is missing or not allowed");
    }
    enrol();
    /* Leaks cannot be looked for in a process that is traced. */
    run_arguments((const char *const[]){strace, "-f", "-qq", "-o", "/dev/null",
                                        "-E", "ASAN_OPTIONS=detect_leaks=0",
                                        "-e", "trace=fdatasync", "-e",
                                        "inject=fdatasync:error=EIO", COLLECTOR,
                                        "run", "--dir", directory, NULL});
    up = office_join(&office);
    call(&office.join_keys);
    say(&up, NULL, 0);
    kill_collector(0, 74);
    cr_assert_eq(link_peer_receive(&peer, received, sizeof received, 100), 0);
    cr_assert(process_logged(log_path, "nothing more is taken in", 0));
    run_collector();
    join();
    cr_assert_eq(hello().next_seq, 1);
}

Test(collector, mistakes_of_a_person_have_a_sentence_and_a_code)
{
    cr_assert_eq(COMMAND("init", "--origin", "x", "--unit", "gso3:90"), 1);
    cr_assert_eq(COMMAND("enrol", "--name", "A"), 2);
    cr_assert_eq(COMMAND("enrol", "--name", "A", "--pair", "gso3:999:police",
                         "--output", "x"),
                 2);
    cr_assert_not_null(strstr(out, "gso3:999"), "%s", out);
    cr_assert_eq(COMMAND("rotate", "9", "--output", "x"), 3);
    cr_assert_eq(COMMAND("revoke", "9"), 3);
    cr_assert_eq(COMMAND("plan", "check", "/nonexistent"), 66);
    cr_assert_eq(COMMAND("indicators", "--indicator", "none"), 3);
    cr_assert_eq(COMMAND("units", "load", PROVINCE_FILES "/plan.yaml"), 65);
}

Test(collector, loading_the_same_plan_again_adds_nothing)
{
    cr_assert_eq(COMMAND("plan", "load", PROVINCE_FILES), 0);
    cr_assert_not_null(strstr(out, "nothing has changed"), "%s", out);
    cr_assert_eq(COMMAND("plan", "show", "--format", "csv"), 0);
    cr_assert_not_null(strstr(out, "plan,nho-2018,1,2,"), "%s", out);
}
