/* Keeps an office of the small province busy, for tests of the whole line:
 *
 *     pour_office DIR PAIR COMMUNE...
 *
 * PAIR is a unit and the number of its office: gso3:901:3.
 *
 * Saves outreach and media items in groups of 1 to GROUP_MAX, one group after
 * the other without a pause, through the agent's own library while its daemon
 * runs, until it gets SIGTERM or the spool is full. No more than BACKLOG_MAX
 * events wait for a receipt. The communes and days are few and no thing is
 * named, so that after a while nothing is new but the numbers. Its last line
 * is JSON: what it saved, counted here.
 */
#include "agent/office/config.h"
#include "agent/office/office.h"
#include "agent/spool/spool.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/event/reference.h"
#include "common/event/unit.h"
#include "tests/support/deadline.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_MAX      256u
#define BACKLOG_MAX    100000u
#define DAYS           20u
#define COMMUNES_MAX   4u
#define FIRST_DAY      17600 /* 2018-03-10 */
#define RECEIPT_MS_MAX 600000
#define OUTREACH       2u
#define MEDIA_ITEM     3u
#define ATTENDEES      200u
#define ITEMS          20u

struct pouring {
    struct spool *spool;
    const char *dir;
    uint32_t agent, unit, office;
    uint32_t communes[COMMUNES_MAX];
    size_t commune_count;
    uint64_t random, activities, attendees, items;
};

static volatile sig_atomic_t ended;

static void end(int number)
{
    (void)number;
    ended = 1;
}

static uint32_t pick(struct pouring *pouring, uint32_t below)
{
    pouring->random = pouring->random * UINT64_C(6364136223846793005) +
                      UINT64_C(1442695040888963407);
    return (uint32_t)((pouring->random >> 33) % below);
}

static void make_event(struct pouring *pouring, struct event *event)
{
    uint32_t commune = pick(pouring, (uint32_t)pouring->commune_count);
    uint32_t number = 1 + pick(pouring, ATTENDEES);

    event_init(event, pick(pouring, 4) == 0 ? MEDIA_ITEM : OUTREACH);
    event_header_set(event, EVENT_OCCURRED_ON, FIRST_DAY + pick(pouring, DAYS));
    event_header_set(event, EVENT_RECORDED_AT,
                     (uint64_t)clock_wall_us(clock_real()));
    event_header_set(event, EVENT_UNIT, pouring->unit);
    event_header_set(event, EVENT_OFFICE, pouring->office);
    event_header_set(event, EVENT_PROGRAMME, 1);
    event_header_set(event, EVENT_SUBJECT_UNIT, pouring->communes[commune]);
    event_set(event, 1, 1 + pick(pouring, 6));
    event_set(event, 2, 1 + pick(pouring, 6));
    if (event->type == MEDIA_ITEM) {
        event_set(event, 3, 1 + number % ITEMS);
        pouring->items += 1 + number % ITEMS;
        return;
    }
    event_set(event, 3, 1);
    event_set(event, 4, number);
    pouring->activities++;
    pouring->attendees += number;
}

/* False when the spool takes no more; nothing of the group is counted then. */
static bool save_group(struct pouring *pouring)
{
    struct pouring before = *pouring;
    /* As many small groups as large ones, by doubling. */
    uint32_t most = 2u << pick(pouring, 8);
    uint32_t count = 1 + pick(pouring, most < GROUP_MAX ? most : GROUP_MAX);
    enum status status = spool_begin(pouring->spool);

    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        struct event event;
        uint64_t id;

        make_event(pouring, &event);
        status = spool_add(pouring->spool, &event, &id, NULL);
    }
    if (status == STATUS_OK) {
        status = spool_commit(pouring->spool);
    }
    if (status == STATUS_OK) {
        return true;
    }
    check(status == STATUS_FULL);
    spool_forget(pouring->spool);
    *pouring = before;
    return false;
}

static void knock(const struct pouring *pouring)
{
    struct office office = {0};

    (void)snprintf(office.dir, sizeof office.dir, "%s", pouring->dir);
    (void)office_poke(&office);
}

static bool may_go_on(void *context)
{
    struct pouring *pouring = context;
    uint64_t last = 0, first = 0;

    check(spool_last_seq(pouring->spool, &last) == STATUS_OK &&
          spool_unreceipted(pouring->spool, &first) == STATUS_OK);
    return ended != 0 || last + 1 - first <= BACKLOG_MAX;
}

static void open_office(struct pouring *pouring, char **argv, int argc)
{
    struct spool_identity identity;
    struct config config;
    struct report report;
    char path[OFFICE_PATH_MAX];
    char *colon = strrchr(argv[2], ':');

    pouring->dir = argv[1];
    report_init(&report, LANGUAGE_EN);
    check(office_path(pouring->dir, OFFICE_CONFIG_FILE, path) == STATUS_OK &&
          config_load(path, &report, &config) == STATUS_OK);
    report_fini(&report);
    check(office_path(pouring->dir, OFFICE_SPOOL_FILE, path) == STATUS_OK);
    check(spool_open(path, config.spool_bytes, false, &pouring->spool) ==
          STATUS_OK);
    check(spool_identity(pouring->spool, &identity) == STATUS_OK);
    pouring->agent = identity.agent_number;
    pouring->random = identity.agent_number;
    check(colon != NULL &&
          unit_key_parse(argv[2], (size_t)(colon - argv[2]), FIRST_DAY,
                         &pouring->unit) == STATUS_OK);
    pouring->office = (uint32_t)strtoul(colon + 1, NULL, 10);
    for (int i = 3; i < argc; i++) {
        check(pouring->commune_count < COMMUNES_MAX &&
              unit_key_parse(argv[i], strlen(argv[i]), FIRST_DAY,
                             &pouring->communes[pouring->commune_count]) ==
                  STATUS_OK);
        pouring->commune_count++;
    }
}

static void print(const struct pouring *pouring, bool full)
{
    (void)printf("{\"activities\":%llu,\"attendees\":%llu,\"items\":%llu,"
                 "\"full\":%s}\n",
                 (unsigned long long)pouring->activities,
                 (unsigned long long)pouring->attendees,
                 (unsigned long long)pouring->items, full ? "true" : "false");
}

int main(int argc, char **argv)
{
    static struct pouring pouring;
    struct sigaction action = {.sa_handler = end};
    bool full = false;

    check(argc >= 4);
    check(sigaction(SIGTERM, &action, NULL) == 0);
    open_office(&pouring, argv, argc);
    while (ended == 0 && !full) {
        full = !save_group(&pouring);
        knock(&pouring);
        check(deadline_wait(may_go_on, &pouring, RECEIPT_MS_MAX));
    }
    print(&pouring, full);
    spool_close(&pouring.spool);
    return EXIT_SUCCESS;
}
