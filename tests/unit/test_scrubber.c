/* The thread that scrubs: when it begins, how much it reads at a time. */
#include "collector/ledger/scrubber.h"
#include "tests/support/deadline.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

TestSuite(scrubber, .init = ledger_fixture_open, .fini = ledger_fixture_close);

#define HOUR_US (INT64_C(3600) * CLOCK_US_PER_S)
/* 00:00 at UTC+7 of a day. */
#define MIDNIGHT_US (INT64_C(17595) * CLOCK_US_PER_DAY - CLOCK_CIVIL_ZONE_US)
#define LONG_MS     20000

static struct clock night;

static void commit_documents(unsigned count)
{
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    for (unsigned i = 0; i < count; i++) {
        struct ledger_answer answer;
        char text[32];
        (void)snprintf(text, sizeof text, "document number %u.", i);
        cr_assert_eq(
            ledger_append_control(ledger, bytes_of_text(text), &answer),
            STATUS_OK);
    }
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

static struct scrubber *open_at(int64_t wall_us, int64_t began_at,
                                uint64_t bytes_per_s)
{
    struct scrubber_options options = {.ledger = ledger,
                                       .clock = &night,
                                       .hour = 2,
                                       .bytes_per_s = bytes_per_s,
                                       .began_at = began_at};
    struct scrubber *scrubber = NULL;
    now.wall_us = wall_us;
    clock_init_settable(&night, &now);
    cr_assert_eq(scrubber_open(&options, &scrubber), STATUS_OK);
    return scrubber;
}

struct end {
    struct scrubber *scrubber;
    struct ledger_scrubbed *scrubbed;
};

static bool has_ended(void *context)
{
    const struct end *end = context;
    struct scrub_finding finding;
    while (scrubber_take(end->scrubber, &finding)) {
        cr_assert_eq(finding.what, SCRUB_BYTES);
    }
    return scrubber_ended(end->scrubber, end->scrubbed);
}

static bool ends(struct scrubber *scrubber, struct ledger_scrubbed *scrubbed)
{
    struct end end = {scrubber, scrubbed};
    return deadline_wait(has_ended, &end, LONG_MS);
}

Test(scrubber, its_hour_is_of_the_provinces_day)
{
    int64_t two = MIDNIGHT_US + 2 * HOUR_US;
    cr_assert_eq(scrubber_due_at(two, 2), two);
    cr_assert_eq(scrubber_due_at(two - 1, 2), two - CLOCK_US_PER_DAY);
    cr_assert_eq(scrubber_due_at(two + 23 * HOUR_US, 2), two);
    cr_assert_eq(scrubber_due_at(MIDNIGHT_US, 0), MIDNIGHT_US);
    cr_assert_eq(scrubber_due_at(MIDNIGHT_US - 1, 23), MIDNIGHT_US - HOUR_US);
    cr_assert_eq(scrubber_due_at(-1 - CLOCK_CIVIL_ZONE_US, 0),
                 -CLOCK_US_PER_DAY - CLOCK_CIVIL_ZONE_US);
}

/* A night that was missed is made up for, and that once. */
Test(scrubber, it_begins_when_its_hour_has_passed_since_the_last)
{
    struct ledger_scrubbed scrubbed;
    uint64_t done = 0;
    uint64_t of = 0;
    commit_documents(10);
    int64_t morning = MIDNIGHT_US + 9 * HOUR_US;
    struct scrubber *scrubber =
        open_at(morning, morning - CLOCK_US_PER_DAY, UINT64_C(1) << 20);
    cr_assert(ends(scrubber, &scrubbed));
    cr_assert_eq(scrubbed.began_at, morning);
    cr_assert_eq(scrubbed.entries, 10);
    cr_assert_eq(scrubbed.found, 0);
    cr_assert_gt(scrubbed.bytes, 10 * ENTRY_BYTES);
    cr_assert(!scrubber_ended(scrubber, &scrubbed), "told once");
    cr_assert(!scrubber_runs(scrubber, &done, &of));
    scrubber_close(&scrubber);

    scrubber = open_at(morning, morning - 7 * HOUR_US, UINT64_C(1) << 20);
    cr_assert(!scrubber_runs(scrubber, &done, &of), "this night it was");
    scrubber_now(scrubber);
    cr_assert(ends(scrubber, &scrubbed), "but when it is told to");
    scrubber_close(&scrubber);

    scrubber = open_at(morning, 0, UINT64_C(1) << 20);
    cr_assert(!scrubber_runs(scrubber, &done, &of), "a new ledger waits");
    scrubber_close(&scrubber);
    cr_assert_null(scrubber);
}

Test(scrubber, what_it_finds_is_taken_before_its_end_is_told)
{
    struct ledger_scrubbed scrubbed;
    commit_documents(20);
    ledger_fixture_damage(bytes_of_text("document number 7."));
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    struct scrubber *scrubber =
        open_at(MIDNIGHT_US, MIDNIGHT_US, UINT64_C(1) << 20);
    scrubber_now(scrubber);
    cr_assert(ends(scrubber, &scrubbed));
    cr_assert_eq(scrubbed.found, 1);
    scrubber_close(&scrubber);
}

/* At the least rate a step is 4 KiB, ten of them a second. */
Test(scrubber, i11_it_reads_no_faster_than_it_may)
{
    struct ledger_scrubbed scrubbed;
    struct timespec began;
    struct timespec ended;
    commit_documents(128);
    struct scrubber *scrubber = open_at(MIDNIGHT_US, MIDNIGHT_US, 1);
    cr_assert_eq(clock_gettime(CLOCK_MONOTONIC, &began), 0);
    scrubber_now(scrubber);
    cr_assert(ends(scrubber, &scrubbed));
    cr_assert_eq(clock_gettime(CLOCK_MONOTONIC, &ended), 0);
    /* 128 entries with 18 bytes or so each: four steps, three rests. */
    cr_assert_gt(scrubbed.bytes, 16000);
    int64_t ms = (int64_t)(ended.tv_sec - began.tv_sec) * 1000 +
                 (ended.tv_nsec - began.tv_nsec) / 1000000;
    cr_assert_geq(ms, 290);
    scrubber_close(&scrubber);
}

/* It can be ended in the middle. */
Test(scrubber, closing_it_waits_for_no_end)
{
    struct scrubber *scrubber;
    commit_documents(500);
    scrubber = open_at(MIDNIGHT_US, MIDNIGHT_US, 1);
    scrubber_now(scrubber);
    scrubber_close(&scrubber);
    cr_assert_null(scrubber);
    scrubber_close(&scrubber);
}
