/* A file that becomes durable while its writer goes on. fsync() is this
 * program's own: it stands still as long as the test wants, or fails. */
#define _DEFAULT_SOURCE /* syscall */
#include "collector/figures/save_file.h"

#include "collector/figures/tally.h"
#include "common/base/file.h"
#include "tests/support/hall.h"
#include "tests/support/start.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct temp_dir dir;
static char path[TEMP_DIR_PATH_MAX], fresh[TEMP_DIR_PATH_MAX];

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static bool shut, failing;

int fsync(int fd);

int fsync(int fd)
{
    bool fails;

    cr_assert_eq(pthread_mutex_lock(&gate), 0);
    while (shut) {
        cr_assert_eq(pthread_cond_wait(&moved, &gate), 0);
    }
    fails = failing;
    cr_assert_eq(pthread_mutex_unlock(&gate), 0);
    errno = EIO;
    return fails ? -1 : (int)syscall(SYS_fsync, fd);
}

static void set_gate(bool is_shut, bool fails)
{
    cr_assert_eq(pthread_mutex_lock(&gate), 0);
    shut = is_shut;
    failing = fails;
    cr_assert_eq(pthread_cond_broadcast(&moved), 0);
    cr_assert_eq(pthread_mutex_unlock(&gate), 0);
}

static void setup(void)
{
    temp_dir_open(&dir);
    temp_dir_path(&dir, "state", path);
    temp_dir_path(&dir, "state.new", fresh);
    temp_dir_write(&dir, "state", "former", 6);
}

static void teardown(void)
{
    temp_dir_close(&dir);
}

TestSuite(save_file, .init = setup, .fini = teardown);

static void assert_holds(const char *text)
{
    struct buffer there;

    buffer_init(&there, 64);
    cr_assert_eq(file_read(path, &there), STATUS_OK);
    cr_assert(bytes_equal(buffer_bytes(&there), bytes_of_text(text)));
    buffer_fini(&there);
}

static struct save_file *begin(void)
{
    struct save_file *file;

    cr_assert_eq(save_file_open(path, &file), STATUS_OK);
    cr_assert_eq(save_file_write(file, bytes_of_text("later")), STATUS_OK);
    return file;
}

Test(save_file, it_takes_the_former_files_place_when_it_is_durable)
{
    struct save_file *file = begin();

    set_gate(true, false);
    save_file_end(file, true);
    cr_assert_not(save_file_ended(file));
    assert_holds("former");
    set_gate(false, false);
    cr_assert_eq(save_file_close(&file), STATUS_OK);
    cr_assert_null(file);
    assert_holds("later");
    cr_assert_neq(access(fresh, F_OK), 0);
}

Test(save_file, one_that_is_not_whole_leaves_the_former)
{
    struct save_file *file = begin();

    save_file_end(file, false);
    cr_assert_eq(save_file_close(&file), STATUS_INVALID);
    assert_holds("former");
    cr_assert_neq(access(fresh, F_OK), 0);
}

Test(save_file, one_that_is_dropped_leaves_the_former)
{
    struct save_file *file = begin();

    set_gate(true, false);
    save_file_end(file, true);
    save_file_drop(file);
    set_gate(false, false);
    cr_assert_eq(save_file_close(&file), STATUS_INVALID);
    assert_holds("former");
    cr_assert_neq(access(fresh, F_OK), 0);
}

Test(save_file, a_disk_that_fails_leaves_the_former)
{
    struct save_file *file = begin();

    set_gate(false, true);
    save_file_end(file, true);
    cr_assert_eq(save_file_close(&file), STATUS_IO);
    assert_holds("former");
    cr_assert_neq(access(fresh, F_OK), 0);
}

Test(save_file, what_is_larger_than_a_step_is_whole)
{
    static uint8_t piece[1u << 20];
    struct save_file *file = begin();
    uint64_t size = strlen("later");
    struct stat about;

    for (; size < 2 * SAVE_FILE_STEP_BYTES + 1; size += sizeof piece) {
        cr_assert_eq(save_file_write(file, (struct bytes){piece, sizeof piece}),
                     STATUS_OK);
    }
    save_file_end(file, true);
    cr_assert_eq(save_file_close(&file), STATUS_OK);
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq((uint64_t)about.st_size, size);
}

/* The disk stands still: the fold goes on all the same, and what is saved is
 * what it was. */
Test(save_file, i4_the_fold_goes_on_while_the_state_becomes_durable)
{
    struct hall hall;
    struct office office;
    struct start start;
    uint64_t position;
    unsigned changes;

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    temp_dir_path(&hall.dir, "figures.state", path);
    start_open(&start, &hall, path);
    position = tally_position(start.tally);
    set_gate(true, false);
    cr_assert_eq(tally_save_start(start.tally, NULL), STATUS_OK);
    tally_save_look(start.tally);
    cr_assert(tally_saving(start.tally));
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    cr_assert_eq(tally_advance(start.tally, &changes), STATUS_OK);
    cr_assert_gt(tally_position(start.tally), position);
    cr_assert(tally_saving(start.tally));
    set_gate(false, false);
    start_close(&start);
    start_open(&start, &hall, path);
    cr_assert_eq(start.begun, position);
    start_close(&start);
    office_close(&office);
    hall_close(&hall);
}
