/* What a process that holds keys keeps from happening. */
#define _DEFAULT_SOURCE /* WCOREDUMP */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/guard.h"

/* How a child ends that is guarded and then does `what`. */
static int guarded(void (*what)(void))
{
    int state = 0;
    pid_t pid = fork();

    cr_assert_geq(pid, 0);
    if (pid == 0) {
        (void)close(STDERR_FILENO);
        guard_process();
        what();
        _exit(0);
    }
    cr_assert_eq(waitpid(pid, &state, 0), pid);
    return state;
}

static void die(void)
{
    (void)signal(SIGABRT, SIG_DFL);
    abort();
}

Test(guard, no_core_is_written)
{
    int state = guarded(die);

    cr_assert(WIFSIGNALED(state));
    cr_assert_eq(WTERMSIG(state), SIGABRT);
    cr_assert_not(WCOREDUMP(state));
}

static void ask(void)
{
    struct rlimit cores;
    bool hidden = prctl(PR_GET_DUMPABLE) == 0;

#ifdef __SANITIZE_ADDRESS__
    hidden = true;
#endif
    _exit(getrlimit(RLIMIT_CORE, &cores) == 0 && cores.rlim_max == 0 && hidden
              ? 0
              : 1);
}

Test(guard, nobody_looks_into_the_memory)
{
    cr_assert_eq(guarded(ask), 0);
}

/* A page of a file that has become shorter. */
static void touch_what_is_gone(void)
{
    char name[] = "/tmp/tallyline-guard-XXXXXX";
    int fd = mkstemp(name);
    volatile const char *page;

    if (fd < 0 || unlink(name) != 0 || ftruncate(fd, 4096) != 0) {
        _exit(1);
    }
    page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED || ftruncate(fd, 0) != 0) {
        _exit(1);
    }
    _exit(page[0] == 0 ? 2 : 3);
}

Test(guard, a_file_that_is_cut_while_mapped_is_a_failed_disk)
{
    int state = guarded(touch_what_is_gone);

    cr_assert(WIFEXITED(state));
    cr_assert_eq(WEXITSTATUS(state), 74);
}

static void be_told(void)
{
    (void)raise(SIGBUS);
    (void)raise(SIGBUS);
}

Test(guard, a_bus_error_that_is_our_bug_stays_one)
{
    int state = guarded(be_told);

    cr_assert(WIFSIGNALED(state));
    cr_assert_eq(WTERMSIG(state), SIGBUS);
}
