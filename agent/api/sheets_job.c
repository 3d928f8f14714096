/* A thread for each question starts the program beside this one, takes in what
 * it says, waits for its end and answers. Failure modes: a program that cannot
 * be started, that says too much, that takes too long or is ended; the answer
 * says so, and where a program was ended that may have saved, it says that. */
#define _GNU_SOURCE /* pipe2 */
#include "agent/api/child.h"
#include "agent/api/sheets_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/thread.h"

#define PIECE_BYTES 16384u
#define STEP_MS     500 /* between two looks at the clock */

static void lock(struct sheets *sheets)
{
    check(pthread_mutex_lock(&sheets->lock) == 0);
}

static void unlock(struct sheets *sheets)
{
    check(pthread_mutex_unlock(&sheets->lock) == 0);
}

/* ---- the command line ---- */

struct command {
    const char *words[SHEETS_WORDS_MAX + 1];
    size_t count;
};

static void add(struct command *command, const char *word)
{
    check(command->count < SHEETS_WORDS_MAX);
    command->words[command->count++] = word;
}

static void add_option(struct command *command, const char *option,
                       const char *value)
{
    if (value[0] != '\0') {
        add(command, option);
        add(command, value);
    }
}

static void make_command(const struct sheets_job *job, struct command *command)
{
    *command = (struct command){.count = 0};
    add(command, "tallyline-agent");
    add(command, job->question == SHEETS_TEMPLATE ? "template" : "import");
    add_option(command, "--dir", job->sheets->dir);
    if (job->question == SHEETS_TEMPLATE) {
        add_option(command, "--output", job->made);
        add(command, job->type);
        return;
    }
    add_option(command, "--format", "jsonl");
    add_option(command, "--role", job->role);
    add_option(command, "--type", job->sheet.type);
    add_option(command, "--encoding", job->sheet.encoding);
    add_option(command, "--refused", job->made);
    if (job->question != SHEETS_SAVE) {
        add(command, "--dry-run");
    }
    if (job->good_only ||
        (job->question == SHEETS_REFUSED && job->sheet.saved)) {
        add(command, "--good-only");
    }
    add(command, "--"); /* what follows is a file, whatever it is called */
    add(command, job->sheet.path);
}

/* ---- the program ---- */

static bool makes_file(const struct sheets_job *job)
{
    return job->question == SHEETS_TEMPLATE || job->question == SHEETS_REFUSED;
}

/* Until it says something, or ends. One that takes too long is ended, whether
 * it is silent or goes on talking. */
static void wait_for_words(struct sheets_job *job, int from)
{
    struct pollfd wait = {.fd = from, .events = POLLIN};

    do {
        sheets_late_tell(job);
        if (clock_monotonic_us(job->sheets->clock) >= job->end_by) {
            (void)kill(job->child, SIGKILL);
        }
    } while (poll(&wait, 1, STEP_MS) == 0);
}

/* All that it says. False: more than it should, for which it is ended, or it
 * cannot be read. */
static bool take_in(struct sheets_job *job, int from, struct buffer *said)
{
    uint8_t bytes[PIECE_BYTES];
    ssize_t size;
    bool good = true;

    do {
        wait_for_words(job, from);
        size = read(from, bytes, sizeof bytes);
        if (size > 0 && good) {
            good = buffer_append(said, (struct bytes){bytes, (size_t)size}) ==
                   STATUS_OK;
            job->too_much = !good;
        }
        if (job->too_much) {
            (void)kill(job->child, SIGKILL);
        }
    } while (size > 0 || (size < 0 && errno == EINTR));
    return good && size == 0;
}

/* Its end. The number is given up under the lock before it is free for another
 * program, which sheets_close() would end in its place. */
static void await_end(struct sheets_job *job)
{
    siginfo_t about;
    pid_t child = job->child;
    int state = 0;

    while (waitid(P_PID, (id_t)child, &about, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR) {
    }
    lock(job->sheets);
    job->child = 0;
    unlock(job->sheets);
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    job->code = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

/* False: it did not come to an end of its own. */
static bool run(struct sheets_job *job, struct buffer *said)
{
    struct sheets *sheets = job->sheets;
    struct command command;
    int ends[2] = {-1, -1};
    pid_t child = 0;
    bool good = false;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    job->end_by = clock_monotonic_us(sheets->clock) +
                  (makes_file(job) ? SHEETS_FILE_US : SHEETS_RUN_US);
    lock(sheets);
    make_command(job, &command);
    if (!sheets->closing &&
        child_start(command.words, job->language, ends[1], &child)) {
        job->child = child;
        job->begun = good = true;
    }
    unlock(sheets);
    (void)close(ends[1]);
    if (good) {
        good = take_in(job, ends[0], said);
        await_end(job);
        job->code = good ? job->code : -1;
    }
    (void)close(ends[0]);
    return good && job->code >= 0;
}

/* ---- one question ---- */

static void answer(struct sheets_job *job, struct bytes said,
                   struct http_reply *reply)
{
    switch (job->question) {
    case SHEETS_LOOK:
        if (sheets_tell_look(job, said, reply)) {
            sheets_keep(job->sheets, &job->sheet);
        } else {
            (void)unlink(job->sheet.path);
        }
        break;
    case SHEETS_SAVE:
        if (sheets_tell_saved(job, said, reply)) {
            sheets_mark_saved(job->sheets, job->sheet.token);
        }
        break;
    default:
        sheets_tell_file(job, reply);
        break;
    }
}

/* One program at a time, in no particular order. */
static bool wait_turn(struct sheets_job *job)
{
    struct sheets *sheets = job->sheets;
    int64_t end = clock_monotonic_us(sheets->clock) + SHEETS_FILE_US;
    bool late = false;
    bool mine;

    lock(sheets);
    while (sheets->turn && !sheets->closing && !late) {
        struct timespec until;

        check(clock_gettime(CLOCK_REALTIME, &until) == 0);
        until.tv_sec += 1;
        (void)pthread_cond_timedwait(&sheets->free, &sheets->lock, &until);
        unlock(sheets);
        sheets_late_tell(job);
        late = makes_file(job) && clock_monotonic_us(sheets->clock) >= end;
        lock(sheets);
    }
    mine = !sheets->closing && !sheets->turn;
    sheets->turn = sheets->turn || mine;
    unlock(sheets);
    return mine;
}

static void end_turn(struct sheets *sheets)
{
    lock(sheets);
    sheets->turn = false;
    check(pthread_cond_signal(&sheets->free) == 0);
    unlock(sheets);
}

static void *work(void *argument)
{
    struct sheets_job *job = argument;
    struct sheets *sheets = job->sheets;
    struct http_reply reply;
    struct buffer said;
    bool good = false;

    buffer_init(&said, SHEETS_SAID_MAX);
    http_reply_init(&reply);
    if (wait_turn(job)) {
        good = run(job, &said);
        end_turn(sheets);
    }
    if (good) {
        answer(job, buffer_bytes(&said), &reply);
    } else {
        sheets_tell_failed(job, &reply);
        if (job->question == SHEETS_LOOK) {
            (void)unlink(job->sheet.path);
        }
    }
    buffer_fini(&said);
    sheets_late_give(job, &reply);
    return NULL;
}

bool sheets_job_start(struct sheets_job *job)
{
    struct sheets *sheets = job->sheets;
    bool good;

    job->answer_by = clock_monotonic_us(sheets->clock) + SHEETS_ANSWER_US;
    lock(sheets);
    good = thread_start(&job->thread, work, job) == STATUS_OK;
    job->started = good;
    unlock(sheets);
    return good;
}

void sheets_job_reap(struct sheets *sheets, bool all)
{
    if (all) {
        check(pthread_cond_broadcast(&sheets->free) == 0);
    }
    for (size_t i = 0; i < SHEETS_JOBS_MAX; i++) {
        struct sheets_job *job = &sheets->jobs[i];

        if (!job->started || (!all && !job->over)) {
            continue;
        }
        if (job->child > 0) {
            (void)kill(job->child, SIGKILL);
        }
        job->started = false; /* nobody else joins it */
        unlock(sheets);
        check(pthread_join(job->thread, NULL) == 0);
        lock(sheets);
        job->question = SHEETS_NONE;
    }
}
