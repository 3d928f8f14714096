/* How and when the file of the fold's state is written. */
#include "collector/figures/fold_file.h"

#include "tests/support/hall.h"
#include "tests/support/start.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct hall hall;
static struct office office;
static char path[TEMP_DIR_PATH_MAX];
static struct start start;

static void send(struct bytes batch)
{
    cr_assert(hall_send(&hall, &office, batch).appended);
}

static void send_visits(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        send(office_batch(&office));
    }
}

/* Saves the state as it is now. */
static void save_now(void)
{
    start_open(&start, &hall, path);
    (void)start_save(&start);
    start_close(&start);
}

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    temp_dir_path(&hall.dir, "figures.state", path);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(fold_file_write, .init = setup, .fini = teardown);

Test(fold_file_write, the_file_is_its_owners_alone)
{
    struct stat about;

    send_visits(2);
    save_now();
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq(about.st_mode & 0777, 0600);
}

Test(fold_file_write, a_disk_without_room_leaves_the_former_file)
{
    struct rlimit before, none;
    char part[TEMP_DIR_PATH_MAX];
    uint64_t position;

    send_visits(5);
    save_now();
    position = hall_size(&hall);
    send_visits(5);
    temp_dir_path(&hall.dir, "figures.state.new", part);
    start_open(&start, &hall, path);
    cr_assert_eq(start.begun, position);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = before;
    none.rlim_cur = 200;
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
    cr_assert_eq(tally_save(start.tally, NULL), STATUS_IO);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_assert_neq(access(part, F_OK), 0, "nothing is left behind");
    start_close(&start);
    start_open(&start, &hall, path);
    cr_assert_eq(start.begun, position);
    start_close(&start);
}

Test(fold_file_write, what_a_crash_left_behind_is_replaced)
{
    char part[TEMP_DIR_PATH_MAX];

    temp_dir_path(&hall.dir, "figures.state.new", part);
    temp_dir_write(&hall.dir, "figures.state.new", "half", 4);
    send_visits(5);
    save_now();
    cr_assert_neq(access(part, F_OK), 0);
    start_open(&start, &hall, path);
    cr_assert_eq(start.begun, hall_size(&hall));
    start_close(&start);
}

/* ---- when ---- */

static void send_many(void)
{
    static struct event events[1500];

    for (uint32_t i = 0; i < 1500; i++) {
        office_visit(&office, i + 1, &events[i]);
    }
    send(office_seal(&office, events, 1500));
}

Test(fold_file_write, it_is_due_when_so_much_is_new_that_it_pays)
{
    send_visits(10);
    start_open(&start, &hall, NULL);
    cr_assert_not(tally_due(start.tally, TALLY_STOPPING));
    start_close(&start);
    start_open(&start, &hall, path);
    cr_assert_not(tally_due(start.tally, TALLY_STOPPING));
    start_close(&start);
    send_many();
    start_open(&start, &hall, path);
    cr_assert(tally_due(start.tally, TALLY_STOPPING));
    cr_assert_not(tally_due(start.tally, TALLY_IDLE));
    cr_assert_not(tally_due(start.tally, TALLY_UNDER_LOAD));
    (void)start_save(&start);
    cr_assert_not(tally_due(start.tally, TALLY_STOPPING));
    start_close(&start);
    start_open(&start, &hall, path);
    cr_assert_eq(start.begun, hall_size(&hall));
    cr_assert_not(tally_due(start.tally, TALLY_STOPPING));
    start_close(&start);
}
