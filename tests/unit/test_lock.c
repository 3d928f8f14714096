#include "agent/office/lock.h"

#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

static struct temp_dir dir;

static void setup(void)
{
    temp_dir_open(&dir);
}

static void teardown(void)
{
    temp_dir_close(&dir);
}

TestSuite(lock, .init = setup, .fini = teardown);

/* What another process is answered. */
static enum status asked_by_another(void)
{
    pid_t child = fork();
    int state = 0;

    cr_assert_geq(child, 0);
    if (child == 0) {
        int lock;

        _exit((int)lock_take(dir.path, "a.lock", &lock));
    }
    cr_assert_eq(waitpid(child, &state, 0), child);
    cr_assert(WIFEXITED(state));
    return (enum status)WEXITSTATUS(state);
}

Test(lock, one_process_has_it_until_it_lets_go)
{
    int lock;
    int again;

    cr_assert_eq(lock_take(dir.path, "a.lock", &lock), STATUS_OK);
    cr_assert_eq(asked_by_another(), STATUS_BUSY);
    cr_assert_eq(lock_take(dir.path, "a.lock", &again), STATUS_BUSY);
    cr_assert_eq(again, -1);
    lock_release(&lock);
    cr_assert_eq(lock, -1);
    lock_release(&lock);
    cr_assert_eq(asked_by_another(), STATUS_OK);
    cr_assert_eq(lock_take(dir.path, "a.lock", &lock), STATUS_OK,
                 "a process that has ended has no lock");
    lock_release(&lock);
}

Test(lock, a_folder_that_is_not_there_is_a_disk_error)
{
    int lock;

    cr_assert_eq(lock_take("/nonexistent", "a.lock", &lock), STATUS_IO);
    cr_assert_eq(lock, -1);
}
