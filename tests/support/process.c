#include "tests/support/process.h"

#include "common/base/check.h"
#include "tests/support/deadline.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOG_BYTES_MAX 262144u

static pid_t start(const char *const arguments[], int out)
{
    pid_t pid = fork();

    check(pid >= 0);
    if (pid == 0) {
        char *copy[PROCESS_ARGUMENTS_MAX + 1] = {NULL};
        sigset_t none;

        for (size_t i = 0; arguments[i] != NULL; i++) {
            check(i < PROCESS_ARGUMENTS_MAX);
            copy[i] = (char *)arguments[i];
        }
        /* A test that aborts leaves nothing running. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)sigemptyset(&none);
        (void)sigprocmask(SIG_SETMASK, &none, NULL);
        check(dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0);
        (void)execv(copy[0], copy);
        _exit(127);
    }
    return pid;
}

static int wait_for(pid_t pid)
{
    int state = 0;

    check(waitpid(pid, &state, 0) == pid);
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

int process_run(const char *const arguments[], char *out, size_t room)
{
    char chunk[4096];
    int ends[2];
    size_t used = 0;
    ssize_t got;
    pid_t pid;

    check(pipe(ends) == 0);
    pid = start(arguments, ends[1]);
    check(close(ends[1]) == 0);
    while ((got = read(ends[0], chunk, sizeof chunk)) > 0) {
        size_t size = (size_t)got;

        if (out != NULL) {
            size = size < room - 1 - used ? size : room - 1 - used;
            memcpy(out + used, chunk, size);
            used += size;
        }
    }
    if (out != NULL) {
        out[used] = '\0';
    }
    check(close(ends[0]) == 0);
    return wait_for(pid);
}

pid_t process_start(const char *const arguments[], const char *log)
{
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int ends[2];
    char nothing;
    pid_t pid;

    check(fd >= 0 && pipe(ends) == 0);
    check(fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 &&
          fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0);
    pid = start(arguments, fd);
    check(close(fd) == 0 && close(ends[1]) == 0);
    /* Until its program has begun, the child is a copy of this one: what is
     * measured of it then would be ours. */
    check(read(ends[0], &nothing, sizeof nothing) == 0);
    check(close(ends[0]) == 0);
    return pid;
}

int process_end(pid_t pid, int signal)
{
    if (signal != 0) {
        check(kill(pid, signal) == 0);
    }
    return wait_for(pid);
}

struct sought {
    const char *log;
    const char *text;
};

static bool holds(void *context)
{
    static char content[LOG_BYTES_MAX];
    const struct sought *sought = context;
    FILE *file = fopen(sought->log, "rb");
    size_t size;

    if (file == NULL) {
        return false;
    }
    size = fread(content, 1, sizeof content - 1, file);
    (void)fclose(file);
    content[size] = '\0';
    return strstr(content, sought->text) != NULL;
}

bool process_logged(const char *log, const char *text, int ms_max)
{
    struct sought sought = {log, text};

    return deadline_wait(holds, &sought, ms_max);
}
