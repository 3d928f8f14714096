#include "bench/rig.h"

#include "agent/office/office.h"
#include "collector/line/live.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/support/process.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define AGENT         TALLYLINE_BIN_DIR "/tallyline-agent"
#define COLLECTOR     TALLYLINE_BIN_DIR "/tallyline-collector"
#define PLAN          TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018"
#define SAID_MAX      16384u
#define START_MS      20000
#define ADDED_AT_ONCE 65536u

/* ---- programs ---- */

static void must_run(const char *const arguments[], char *out, size_t room)
{
    static char said[SAID_MAX];
    int code;

    if (out == NULL) {
        out = said;
        room = sizeof said;
    }
    code = process_run(arguments, out, room);
    if (code != 0) {
        (void)fprintf(stderr, "%s %s: code %d\n%s\n", arguments[0],
                      arguments[1], code, out);
        exit(EXIT_FAILURE);
    }
}

void rig_collector(const struct rig *rig, const char *const arguments[],
                   char *out, size_t room)
{
    const char *all[PROCESS_ARGUMENTS_MAX + 1] = {COLLECTOR};
    size_t count = 1;

    for (; arguments[count - 1] != NULL; count++) {
        check(count + 3 < PROCESS_ARGUMENTS_MAX);
        all[count] = arguments[count - 1];
    }
    all[count++] = "--dir";
    all[count++] = rig->province;
    must_run(all, out, room);
}

static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    check(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 &&
          getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    (void)close(fd);
    return ntohs(address.sin_port);
}

/* ---- the province ---- */

void rig_open(struct rig *rig)
{
    char listing[2 * SAID_MAX];

    memset(rig, 0, sizeof *rig);
    temp_dir_open(&rig->dir);
    temp_dir_path(&rig->dir, "province", rig->province);
    rig->port = free_port();
    (void)snprintf(rig->address, sizeof rig->address, "tcp://127.0.0.1:%u",
                   (unsigned)rig->port);
    rig_collector(rig,
                  (const char *const[]){"init", "--origin", "bench.ha-noi",
                                        "--unit", "gso3:01", "--listen",
                                        rig->address, "--web", "off", NULL},
                  NULL, 0);
    rig_collector(rig, (const char *const[]){"plan", "load", PLAN, NULL},
                  listing, sizeof listing);
    (void)rig_run(rig);
}

double rig_run(struct rig *rig)
{
    int64_t began = clock_monotonic_us(clock_real());
    char name[32], log[TEMP_DIR_PATH_MAX];

    check(rig->collector == 0);
    (void)snprintf(name, sizeof name, "province-%u.log", ++rig->runs);
    temp_dir_path(&rig->dir, name, log);
    rig->collector = process_start(
        (const char *const[]){COLLECTOR, "run", "--dir", rig->province, NULL},
        log);
    check(process_logged(log, "collector runs", START_MS));
    return (double)(clock_monotonic_us(clock_real()) - began) / 1000.0;
}

void rig_halt(struct rig *rig, int signal)
{
    if (rig->collector != 0) {
        (void)process_end(rig->collector, signal);
        rig->collector = 0;
    }
}

void rig_close(struct rig *rig)
{
    for (uint32_t i = 0; i < rig->office_count; i++) {
        rig_stop(&rig->offices[i]);
        spool_close(&rig->offices[i].spool);
        keyring_wipe(&rig->offices[i].keys);
    }
    rig_halt(rig, SIGTERM);
    if (getenv("BENCH_KEEP") == NULL) {
        temp_dir_close(&rig->dir);
    }
}

struct rig_standing rig_standing(const struct rig *rig)
{
    struct directory directory;
    struct live live;
    struct rig_standing standing;
    const json_t *ledger;

    check(directory_init(&directory, rig->province) == STATUS_OK);
    check(live_open(&directory, &live) == STATUS_OK && live.runs);
    ledger = json_object_get(live.standing, "ledger");
    standing.entries =
        live_number(json_object_get(live.standing, "figures"), "position");
    standing.ledger = live_number(ledger, "entries");
    standing.batches = live_number(ledger, "batches");
    live_close(&live);
    return standing;
}

/* ---- offices ---- */

struct rig_office *rig_office(struct rig *rig, const char *const pairs[],
                              size_t count)
{
    struct rig_office *office = &rig->offices[rig->office_count];
    const char *enrol[PROCESS_ARGUMENTS_MAX] = {"enrol", "--address",
                                                rig->address};
    struct spool_identity identity;
    char name[32], file[TEMP_DIR_PATH_MAX], spool[OFFICE_PATH_MAX];
    size_t used = 3;

    check(rig->office_count < RIG_OFFICES_MAX && count <= RIG_PAIRS_MAX);
    rig->office_count++;
    (void)snprintf(name, sizeof name, "office-%u", rig->office_count);
    temp_dir_path(&rig->dir, name, office->dir);
    (void)snprintf(name, sizeof name, "office-%u.join", rig->office_count);
    temp_dir_path(&rig->dir, name, file);
    enrol[used++] = "--name";
    enrol[used++] = office->dir;
    enrol[used++] = "--output";
    enrol[used++] = file;
    for (size_t i = 0; i < count; i++) {
        enrol[used++] = "--pair";
        enrol[used++] = pairs[i];
    }
    rig_collector(rig, enrol, NULL, 0);
    must_run(
        (const char *const[]){AGENT, "join", file, "--dir", office->dir, NULL},
        NULL, 0);
    check(office_path(office->dir, OFFICE_SPOOL_FILE, spool) == STATUS_OK);
    check(spool_open(spool, 0, false, &office->spool) == STATUS_OK);
    check(spool_identity(office->spool, &identity) == STATUS_OK);
    check(keyring_load(office->dir, &office->keys) == STATUS_OK);
    office->number = identity.agent_number;
    return office;
}

void rig_fill(struct rig_office *office, struct rig_source source,
              uint32_t count, bool seal)
{
    enum status status = STATUS_OK;

    for (uint32_t left = count; left > 0;) {
        uint32_t now = left < ADDED_AT_ONCE ? left : ADDED_AT_ONCE;

        check(spool_begin(office->spool) == STATUS_OK);
        for (uint32_t i = 0; i < now; i++) {
            struct event event;
            uint64_t id;

            source.next(source.owner, &event);
            check(spool_add(office->spool, &event, &id, NULL) == STATUS_OK);
        }
        check(spool_commit(office->spool) == STATUS_OK);
        left -= now;
    }
    while (seal && status == STATUS_OK) {
        status = spool_seal(office->spool, &office->keys.sign, clock_real());
        check(status == STATUS_OK || status == STATUS_NOT_FOUND);
    }
}

void rig_start(struct rig *rig, struct rig_office *office)
{
    char name[32], log[TEMP_DIR_PATH_MAX];

    (void)snprintf(name, sizeof name, "office-%u.log",
                   (unsigned)(office - rig->offices) + 1);
    temp_dir_path(&rig->dir, name, log);
    office->daemon = process_start(
        (const char *const[]){AGENT, "run", "--dir", office->dir, NULL}, log);
}

void rig_stop(struct rig_office *office)
{
    if (office->daemon != 0) {
        (void)process_end(office->daemon, SIGTERM);
        office->daemon = 0;
    }
}

void rig_knock(const struct rig_office *office)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s",
                          office->dir, OFFICE_SOCKET_FILE);

    check(fd >= 0 && length > 0 && (size_t)length < sizeof address.sun_path);
    (void)!sendto(fd, "", 1, 0, (const struct sockaddr *)&address,
                  sizeof address);
    (void)close(fd);
}

bool rig_received(struct rig_office *office)
{
    uint64_t last = 0, unreceipted = 0;

    check(spool_last_seq(office->spool, &last) == STATUS_OK &&
          spool_unreceipted(office->spool, &unreceipted) == STATUS_OK);
    return unreceipted > last;
}
