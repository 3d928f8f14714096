/* Failure modes: a program that cannot be started, says too much, takes too
 * long or is ended: a 503 that says so, and the page may ask again. */
#define _GNU_SOURCE /* pipe2 */
#include "agent/api/checkup.h"

#include "agent/api/child.h"
#include "agent/api/site.h"
#include "common/base/check.h"
#include "common/base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIECE_BYTES 4096u
#define BUSY_S      2u

struct checkup {
    const char *dir;
    const struct clock *clock;
    pthread_mutex_t lock; /* over all below */
    pthread_t thread;
    bool started; /* it is to be joined */
    bool over;    /* nobody may join those who wait any more */
    bool closing;
    enum language language;
    pid_t child;
    struct http_later *waiting[CHECKUP_WAITING_MAX];
    size_t count;
};

static void lock(struct checkup *checkup)
{
    check(pthread_mutex_lock(&checkup->lock) == 0);
}

static void unlock(struct checkup *checkup)
{
    check(pthread_mutex_unlock(&checkup->lock) == 0);
}

/* ---- the program ---- */

/* All that it says until its end, or until it is ended. */
static bool take_in(const struct checkup *checkup, int from,
                    struct buffer *said)
{
    int64_t end = clock_monotonic_us(checkup->clock) + CHECKUP_RUN_US;
    struct pollfd wait = {.fd = from, .events = POLLIN};
    uint8_t bytes[PIECE_BYTES];
    ssize_t size = 1;
    bool good = true;

    while (good && size > 0) {
        int64_t left = end - clock_monotonic_us(checkup->clock);

        good = left > 0 && poll(&wait, 1, (int)(left / CLOCK_US_PER_MS)) > 0;
        size = good ? read(from, bytes, sizeof bytes) : 0;
        good = good && size >= 0 &&
               buffer_append(said, (struct bytes){bytes, (size_t)size}) ==
                   STATUS_OK;
    }
    return good;
}

/* The number of the program is given up under the lock before it is free for
 * another one, which checkup_free() would end in its place. */
static bool await_end(struct checkup *checkup, pid_t child)
{
    siginfo_t about;
    int state = 0;

    while (waitid(P_PID, (id_t)child, &about, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR) {
    }
    lock(checkup);
    checkup->child = 0;
    unlock(checkup);
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(state);
}

/* 0 and 1 are its ends: all is well, or something is not. */
static bool run(struct checkup *checkup, struct buffer *said)
{
    const char *const words[] = {
        "tallyline-agent", "doctor", "--dir", checkup->dir,
        "--format",        "jsonl",  NULL};
    int ends[2] = {-1, -1};
    pid_t child = 0;
    bool good;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    lock(checkup);
    good = !checkup->closing &&
           child_start(words, checkup->language, ends[1], &child);
    checkup->child = child;
    unlock(checkup);
    (void)close(ends[1]);
    if (good) {
        good = take_in(checkup, ends[0], said);
        if (!good) {
            (void)kill(child, SIGKILL);
        }
        good = await_end(checkup, child) && good;
    }
    (void)close(ends[0]);
    return good;
}

/* ---- the answer ---- */

/* One finding a line, as it is. NULL: it is not what doctor says. */
static json_t *findings_of(struct bytes said)
{
    json_t *findings = json_array();
    const char *at = (const char *)said.data;
    size_t left = said.size;

    while (findings != NULL && left > 0) {
        json_error_t error;
        json_t *one = json_loadb(at, left, JSON_DISABLE_EOF_CHECK, &error);

        /* Takes the value; where there is none it fails. */
        if (json_array_append_new(findings, one) != 0) {
            json_decref(findings);
            return NULL;
        }
        at += error.position;
        left -= (size_t)error.position;
        while (left > 0 && *at == '\n') {
            at++;
            left--;
        }
    }
    if (json_array_size(findings) == 0) {
        json_decref(findings);
        return NULL;
    }
    return findings;
}

static void answer(struct http_later **later, json_t *findings)
{
    struct http_reply reply;
    json_t *json =
        findings == NULL ? NULL : json_pack("{s:O}", "findings", findings);

    http_reply_init(&reply);
    if (json != NULL) {
        desk_give(&json, &reply);
    } else {
        http_reply_problem(&reply, 503, "doctor did not come to an end");
        reply.retry_after_s = BUSY_S;
    }
    http_later_answer(later, &reply);
}

static void *work(void *context)
{
    struct checkup *checkup = context;
    struct http_later *waiting[CHECKUP_WAITING_MAX];
    json_t *findings = NULL;
    struct buffer said;
    size_t count;

    buffer_init(&said, CHECKUP_SAID_MAX);
    if (run(checkup, &said)) {
        findings = findings_of(buffer_bytes(&said));
    }
    buffer_fini(&said);
    lock(checkup);
    count = checkup->count;
    for (size_t i = 0; i < count; i++) {
        waiting[i] = checkup->waiting[i];
    }
    checkup->count = 0;
    checkup->over = true;
    unlock(checkup);
    for (size_t i = 0; i < count; i++) {
        answer(&waiting[i], findings);
    }
    json_decref(findings);
    return NULL;
}

/* ---- who asks ---- */

/* With the lock held: whether one may wait for the program under way, or for
 * one that is to be started. */
static bool has_place(struct checkup *checkup, enum language language)
{
    if (checkup->started && checkup->over) {
        /* It takes the lock no more. */
        check(pthread_join(checkup->thread, NULL) == 0);
        checkup->started = false;
    }
    if (!checkup->started) {
        checkup->language = language;
        return true;
    }
    return checkup->language == language &&
           checkup->count < CHECKUP_WAITING_MAX;
}

/* With the lock held. */
static void wait_for_it(struct checkup *checkup, struct http_request *request,
                        struct http_reply *reply)
{
    struct http_later *later = http_later(request, reply);

    if (later == NULL) {
        return;
    }
    checkup->waiting[checkup->count++] = later;
    if (checkup->started) {
        return;
    }
    checkup->over = false;
    checkup->started =
        thread_start(&checkup->thread, work, checkup) == STATUS_OK;
    if (!checkup->started) {
        checkup->count = 0;
        answer(&later, NULL);
    }
}

void checkup_take(void *context, struct http_request *request,
                  struct http_reply *reply)
{
    static const char *const known[] = {"lang", NULL};
    struct checkup *checkup = ((struct site *)context)->checkup;

    if (!http_query_only(request, known, reply)) {
        return;
    }
    lock(checkup);
    if (has_place(checkup, desk_language(request))) {
        wait_for_it(checkup, request, reply);
    } else {
        http_reply_problem(reply, 503, "too many ask at once");
        reply->retry_after_s = BUSY_S;
    }
    unlock(checkup);
}

/* ---- life ---- */

enum status checkup_new(const char *dir, const struct clock *clock,
                        struct checkup **out)
{
    struct checkup *checkup = calloc(1, sizeof *checkup);

    *out = checkup;
    if (checkup == NULL) {
        return STATUS_MEMORY;
    }
    checkup->dir = dir;
    checkup->clock = clock;
    check(pthread_mutex_init(&checkup->lock, NULL) == 0);
    return STATUS_OK;
}

void checkup_free(struct checkup **out)
{
    struct checkup *checkup = *out;

    if (checkup == NULL) {
        return;
    }
    lock(checkup);
    checkup->closing = true;
    if (checkup->child > 0) {
        (void)kill(checkup->child, SIGKILL);
    }
    unlock(checkup);
    if (checkup->started) {
        check(pthread_join(checkup->thread, NULL) == 0);
    }
    check(pthread_mutex_destroy(&checkup->lock) == 0);
    free(checkup);
    *out = NULL;
}
