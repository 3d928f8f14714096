#include "collector/figures/position.h"

#include "common/event/calendar.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define HOUR_US INT64_C(3600000000)

static struct hall hall;
static struct office office;
static struct ledger_snapshot *snapshot;

/* Entries up to 1 June 2018; then one at 16:59, 17:00 and 18:00 UTC of the
 * 10th, which is midnight at UTC+7. */
static void setup(void)
{
    int64_t day = calendar_day(2018, 6, 10) * CLOCK_US_PER_DAY;
    int64_t moments[] = {day + 17 * HOUR_US - 1, day + 17 * HOUR_US,
                         day + 18 * HOUR_US};

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        hall.now.wall_us = moments[i];
        cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    }
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
}

static void teardown(void)
{
    ledger_snapshot_close(&snapshot);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(position, .init = setup, .fini = teardown);

static enum status parse(const char *text, uint64_t *size)
{
    static const struct args_program program = {.name = "test"};
    struct args args = {
        .program = &program, .language = LANGUAGE_EN, .out = stdout};

    args.err = tmpfile();
    cr_assert_not_null(args.err);
    enum status status = position_parse(&args, "A", text, snapshot, size);
    cr_assert_eq(ftell(args.err) > 0, status != STATUS_OK, "%s", text);
    cr_assert_eq(fclose(args.err), 0);
    return status;
}

static void equals(const char *text, uint64_t back)
{
    uint64_t size = 0;

    cr_assert_eq(parse(text, &size), STATUS_OK, "%s", text);
    cr_assert_eq(size, hall_size(&hall) - back, "%s: %llu", text,
                 (unsigned long long)size);
}

Test(position, a_day_ends_at_midnight_where_the_offices_are)
{
    equals("2018-06-01", 3);
    equals("09/06/2018", 3);
    equals("10/06/2018", 2);
    equals("2018-06-11", 0);
    equals("2999-12-31", 0);
}

Test(position, a_moment_holds_what_was_received_at_it)
{
    equals("2018-06-10T16:59:59.999998Z", 3);
    equals("2018-06-10T16:59:59.999999Z", 2);
    equals("2018-06-11T00:00:00+07:00", 1);
    equals("2018-06-10T18:00:00Z", 0);
}

Test(position, a_number_is_so_many_entries)
{
    char text[24];
    uint64_t size = 0;

    (void)snprintf(text, sizeof text, "%llu",
                   (unsigned long long)hall_size(&hall));
    equals(text, 0);
    (void)snprintf(text, sizeof text, "%llu",
                   (unsigned long long)hall_size(&hall) + 1);
    cr_assert_eq(parse(text, &size), STATUS_NOT_FOUND);
    cr_assert_eq(parse("0", &size), STATUS_NOT_FOUND);
    cr_assert_eq(parse("2017-01-01", &size), STATUS_NOT_FOUND);
    cr_assert_eq(parse("noon", &size), STATUS_USAGE);
    cr_assert_eq(parse("", &size), STATUS_USAGE);
}
