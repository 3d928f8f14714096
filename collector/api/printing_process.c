#include "collector/api/printing_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"

#define PROGRAM     "/proc/self/exe"
#define READ_SIZE   65536u
#define LOOK_MS     100
#define ENVIRON_MAX 64u

extern char **environ;

enum end {
    READS,
    WRITES
};

struct pipes {
    int out[2], errors[2];
};

static void close_one(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

static void close_pipes(struct pipes *pipes)
{
    for (unsigned i = 0; i < 2; i++) {
        close_one(&pipes->out[i]);
        close_one(&pipes->errors[i]);
    }
}

/* No process but the one that is started for it gets an end of it: only this
 * thread starts any. */
static bool open_pipe(int ends[2])
{
    if (pipe(ends) != 0) {
        ends[READS] = ends[WRITES] = -1;
        return false;
    }
    return fcntl(ends[READS], F_SETFD, FD_CLOEXEC) == 0 &&
           fcntl(ends[WRITES], F_SETFD, FD_CLOEXEC) == 0;
}

/* The service manager's socket is this process's own, and so is the language.
 */
static void copy_environment(const char *language, char *copy[ENVIRON_MAX])
{
    static const char *const dropped[] = {"NOTIFY_SOCKET=", "WATCHDOG_",
                                          "TALLYLINE_LANG="};
    size_t count = 0;

    for (char **at = environ; *at != NULL && count < ENVIRON_MAX - 2; at++) {
        bool drop = false;

        for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++) {
            drop = drop || strncmp(*at, dropped[i], strlen(dropped[i])) == 0;
        }
        if (!drop) {
            copy[count++] = *at;
        }
    }
    copy[count++] = (char *)(uintptr_t)language;
    copy[count] = NULL;
}

static bool start(const struct printing_command *command, struct pipes *pipes,
                  pid_t *process)
{
    const char *language = command->language == LANGUAGE_EN
                               ? "TALLYLINE_LANG=en"
                               : "TALLYLINE_LANG=vi";
    const char *arguments[PRINTING_ARGUMENTS + 4] = {"tallyline-collector",
                                                     "report", "print"};
    char *environment[ENVIRON_MAX];
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    int rc;

    for (size_t i = 0; i < command->count; i++) {
        arguments[3 + i] = command->arguments[i];
    }
    copy_environment(language, environment);
    check(sigemptyset(&none) == 0);
    check(posix_spawn_file_actions_init(&files) == 0);
    check(posix_spawnattr_init(&attributes) == 0);
    /* Signals are blocked in this process, not in that one. */
    rc = posix_spawnattr_setsigmask(&attributes, &none);
    rc = rc != 0
             ? rc
             : posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    rc = rc != 0 ? rc
                 : posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
                                                    "/dev/null", O_RDONLY, 0);
    rc = rc != 0 ? rc
                 : posix_spawn_file_actions_adddup2(&files, pipes->out[WRITES],
                                                    STDOUT_FILENO);
    rc = rc != 0 ? rc
                 : posix_spawn_file_actions_adddup2(
                       &files, pipes->errors[WRITES], STDERR_FILENO);
    rc = rc != 0
             ? rc
             : posix_spawn(process, PROGRAM, &files, &attributes,
                           (char *const *)(uintptr_t)arguments, environment);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&files);
    return rc == 0;
}

/* Takes what lies in the pipe; false at its end, or when there is no room. */
static bool take(int fd, struct buffer *buffer, bool *full)
{
    uint8_t *room = NULL;
    ssize_t got;

    if (buffer_extend(buffer, READ_SIZE, &room) != STATUS_OK) {
        *full = true;
        return false;
    }
    do {
        got = read(fd, room, READ_SIZE);
    } while (got < 0 && errno == EINTR);
    buffer_truncate(buffer,
                    buffer->size - READ_SIZE + (got > 0 ? (size_t)got : 0));
    return got > 0;
}

/* Reads both until they end; false: there was no room, or no more time. */
static bool read_all(struct pipes *pipes, const struct printing_want *want,
                     struct printing_result *result, struct buffer *errors)
{
    int64_t until =
        clock_monotonic_us(clock_real()) + PRINTING_MS * CLOCK_US_PER_MS;
    bool full = false;

    while (!full && (pipes->out[READS] >= 0 || pipes->errors[READS] >= 0)) {
        struct pollfd wait[2] = {
            {.fd = pipes->out[READS], .events = POLLIN},
            {.fd = pipes->errors[READS], .events = POLLIN}};

        if (clock_monotonic_us(clock_real()) >= until ||
            want->over(want->owner)) {
            result->late = true;
            return false;
        }
        if (poll(wait, 2, LOOK_MS) <= 0) {
            continue;
        }
        if (wait[0].revents != 0 &&
            !take(pipes->out[READS], &result->out, &full)) {
            close_one(&pipes->out[READS]);
        }
        if (wait[1].revents != 0 &&
            !take(pipes->errors[READS], errors, &full)) {
            close_one(&pipes->errors[READS]);
        }
    }
    return !full;
}

/* The last line of what it said, without the program's name. */
static void tell_why(const struct buffer *errors,
                     struct printing_result *result)
{
    static const char name[] = "tallyline-collector: ";
    const char *text = (const char *)errors->data;
    size_t size = errors->size;
    size_t from;

    while (size > 0 && text[size - 1] == '\n') {
        size--;
    }
    for (from = size; from > 0 && text[from - 1] != '\n'; from--) {
    }
    if (size - from > sizeof name &&
        memcmp(text + from, name, sizeof name - 1) == 0) {
        from += sizeof name - 1;
    }
    size -= from;
    if (size >= sizeof result->why) {
        size = 0; /* a cut might fall into a character */
    }
    if (size > 0) {
        memcpy(result->why, text + from, size);
    }
    result->why[size] = '\0';
}

static void wait_for(pid_t process, struct printing_result *result)
{
    int state = 0;
    pid_t ended;

    do {
        ended = waitpid(process, &state, 0);
    } while (ended < 0 && errno == EINTR);
    result->code =
        ended == process && WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

void printing_run(const struct printing_command *command,
                  const struct printing_want *want,
                  struct printing_result *result)
{
    struct pipes pipes = {{-1, -1}, {-1, -1}};
    struct buffer errors;
    pid_t process = -1;

    *result = (struct printing_result){.code = -1};
    buffer_init(&result->out, PRINTING_BYTES_MAX);
    buffer_init(&errors, 4 * READ_SIZE);
    if (open_pipe(pipes.out) && open_pipe(pipes.errors) &&
        start(command, &pipes, &process)) {
        close_one(&pipes.out[WRITES]);
        close_one(&pipes.errors[WRITES]);
        if (!read_all(&pipes, want, result, &errors)) {
            (void)kill(process, SIGKILL);
        }
        wait_for(process, result);
        tell_why(&errors, result);
    }
    close_pipes(&pipes);
    buffer_fini(&errors);
}
