/* The command is this program itself: /proc/self/exe. It is started without a
 * shell, each parameter behind its option's "=", so that no value can be taken
 * for an option. Its exit code says what became of it (status.h). */
#include "collector/api/printing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "collector/api/printing_process.h"
#include "collector/api/roles.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/thread.h"
#include "common/event/period.h"
#include "common/event/unit.h"
#include "common/reports/form_days.h"

#define NICE           10
#define WORDS_MAX      32u  /* of a period in the name of a file */
#define KEY_YEAR_SHIFT 100u /* a period's key: its year, then its number */

struct form {
    const char *name;
    const char *type;
    const char *ending;
    bool download;
};

static const struct form forms[] = {
    {"html", "text/html; charset=utf-8", "html", false},
    {"xlsx",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "xlsx", true},
    {"csv", "text/csv; charset=utf-8", "csv", true},
    {"jsonl", "application/x-ndjson", "jsonl", true},
    {"text", "text/plain; charset=utf-8", "txt", false},
};

struct job {
    struct http_later *later;
    const struct form *form;
    struct printing_command command;
    char file_name[HTTP_FILE_NAME_SIZE];
    char name[HTTP_NAME_SIZE]; /* of who asks */
};

struct printing {
    const char *directory;
    pthread_t thread;
    bool running; /* the opener's own */
    atomic_bool stop;

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t changed;
    struct job jobs[PRINTING_MAX];
    uint64_t put, taken;
};

/* ---- what is asked for ---- */

static void add(struct printing_command *command, const char *option,
                const char *value)
{
    char *text = command->arguments[command->count];

    if (value == NULL || value[0] == '\0') {
        return;
    }
    check(command->count < PRINTING_ARGUMENTS);
    if ((size_t)snprintf(text, PRINTING_ARGUMENT_SIZE, "--%s=%s", option,
                         value) < PRINTING_ARGUMENT_SIZE) {
        command->count++;
    }
}

static const char *by_word(enum query_by by)
{
    switch (by) {
    case QUERY_BY_DISTRICT:
        return "district";
    case QUERY_BY_COMMUNE:
        return "commune";
    case QUERY_BY_NONE:
        return "none";
    case QUERY_BY_USUAL:
        break;
    }
    return NULL;
}

/* A district prints what is its own, and what lies below it. */
static void add_reader(struct printing_command *command,
                       const struct query *query)
{
    char home[UNIT_TEXT_MAX];

    if (query->reader.figures.kind == FIGURE_READER_AUDIT) {
        memcpy(command->arguments[command->count++], "--raw", sizeof "--raw");
    }
    if (query->reader.home == 0) {
        add(command, "unit", query->unit);
        return;
    }
    unit_key_format(query->reader.home, home);
    add(command, "unit", query->unit[0] != '\0' ? query->unit : home);
    add(command, "for-unit", home);
    add(command, "within", home);
}

/* "6-thang-dau-nam": as whoever looks for the file would call it. */
static void period_words(const struct query *query, char words[WORDS_MAX])
{
    unsigned number = query->period_key % KEY_YEAR_SHIFT;

    switch ((enum period_kind)query->period_kind) {
    case PERIOD_MONTH:
        (void)snprintf(words, WORDS_MAX, "thang-%02u", number);
        break;
    case PERIOD_QUARTER:
        (void)snprintf(words, WORDS_MAX, "quy-%u", number);
        break;
    case PERIOD_HALF_YEAR:
        (void)snprintf(words, WORDS_MAX, "6-thang-%s-nam",
                       number == 1 ? "dau" : "cuoi");
        break;
    default:
        (void)snprintf(words, WORDS_MAX, "ca-nam");
    }
}

/* "bao-cao-ha-noi-2018-quy-2.xlsx"; the year stands once. Letters and digits of
 * a name that others gave. */
static void name_file(struct job *job, const struct query *query)
{
    char words[WORDS_MAX], year[WORDS_MAX];
    size_t used;

    period_words(query, words);
    (void)snprintf(year, sizeof year, "-%u",
                   (unsigned)(query->period_key / KEY_YEAR_SHIFT));
    used = (size_t)snprintf(
        job->file_name, sizeof job->file_name, "bao-cao-%s%s%s%s.%s",
        query->plan, query->plan[0] != '\0' ? "-" : "", words,
        strstr(query->plan, year) == NULL ? year : "", job->form->ending);
    check(used < sizeof job->file_name);
    for (size_t i = 0; i < used; i++) {
        char at = job->file_name[i];
        bool plain = (at >= 'a' && at <= 'z') || (at >= 'A' && at <= 'Z') ||
                     (at >= '0' && at <= '9') || at == '-' || at == '.';

        job->file_name[i] = plain ? at : '_';
    }
}

static bool read_form(const struct http_request *request, struct job *job,
                      struct http_reply *reply)
{
    const char *format = http_query(request, "format");
    const char *language = http_query(request, "language");

    for (size_t i = 0; format != NULL && i < sizeof forms / sizeof forms[0];
         i++) {
        if (strcmp(format, forms[i].name) == 0) {
            job->form = &forms[i];
        }
    }
    if (job->form == NULL) {
        http_reply_problem(reply, 400, "format: html, xlsx, csv, jsonl, text");
        return false;
    }
    job->command.language = LANGUAGE_VI;
    if (language != NULL && !language_parse(language, &job->command.language)) {
        http_reply_problem(reply, 400, "language: vi or en");
        return false;
    }
    return true;
}

static bool read_job(const struct printing *printing,
                     const struct http_request *request, struct job *job,
                     struct http_reply *reply)
{
    static const char *const names[] = {
        "plan", "period", "regime",   "unit", "units_on",
        "by",   "format", "language", "live", NULL};
    struct printing_command *command = &job->command;
    const char *period = http_query(request, "period");
    const char *live = http_query(request, "live");
    struct query query;

    query_init(&query, QUERY_REPORTS, http_who(request));
    if (!query_read(request, names, &query, reply) ||
        !read_form(request, job, reply)) {
        return false;
    }
    if (period == NULL || (live != NULL && strcmp(live, "1") != 0)) {
        http_reply_problem(reply, 400,
                           period == NULL ? "period: is missing" : "live: 1");
        return false;
    }
    add(command, "dir", printing->directory);
    add(command, "format", job->form->name);
    add(command, "plan", query.plan);
    add(command, "period", period);
    add(command, "regime", http_query(request, "regime"));
    add(command, "unit-date", http_query(request, "units_on"));
    add(command, "by", by_word(query.by));
    if (live != NULL) {
        memcpy(command->arguments[command->count++], "--live", sizeof "--live");
    }
    if (live != NULL && http_who(request)->role == ROLE_VIEWER) {
        http_reply_problem(reply, 403, "live: for officers and above");
        return false;
    }
    if (query.reader.home != 0 && query.units_on != QUERY_DAY_ABSENT) {
        http_reply_problem(reply, 403, "units_on: not for a district");
        return false;
    }
    add_reader(command, &query);
    name_file(job, &query);
    return true;
}

/* ---- the thread ---- */

static void refuse(struct job *job, unsigned status, const char *why)
{
    struct http_reply reply;

    http_reply_init(&reply);
    http_reply_problem(&reply, status, why);
    reply.retry_after_s = status == 503 ? PRINTING_RETRY_S : 0;
    http_later_answer(&job->later, &reply);
}

static unsigned status_of(const struct printing_result *result)
{
    switch (result->code) {
    case 2:
        return 400;
    case 3:
        return 404;
    default:
        return result->late ? 503 : 500;
    }
}

struct wanted {
    const struct printing *printing;
    const struct job *job;
};

static bool is_over(void *owner)
{
    const struct wanted *wanted = owner;

    return atomic_load(&wanted->printing->stop) ||
           http_later_gone(wanted->job->later);
}

static void print(const struct printing *self, struct job *job)
{
    struct wanted wanted = {.printing = self, .job = job};
    struct printing_want want = {.over = is_over, .owner = &wanted};
    struct printing_result result;
    struct http_reply reply;

    /* Who has left in the meantime costs nothing. */
    if (is_over(&wanted)) {
        refuse(job, 503, "nobody waits for it");
        return;
    }
    printing_run(&job->command, &want, &result);
    if (result.code != 0) {
        log_warning("a report was not printed", log_number("code", result.code),
                    log_text("why", result.why));
        refuse(job, status_of(&result), result.why);
    } else {
        http_reply_init(&reply);
        http_reply_take(&reply, job->form->type, &result.out);
        if (job->form->download) {
            memcpy(reply.file_name, job->file_name, sizeof reply.file_name);
        }
        /* The report's own style stands in it. */
        reply.policy = "default-src 'none'; style-src 'unsafe-inline'; "
                       "base-uri 'none'; form-action 'none'; "
                       "frame-ancestors 'none'";
        http_later_answer(&job->later, &reply);
    }
    buffer_fini(&result.out);
}

static void *work(void *argument)
{
    struct printing *self = argument;

    /* Of this thread, and so of what it starts: intake comes first. */
    (void)setpriority(PRIO_PROCESS, 0, NICE);
    check(pthread_mutex_lock(&self->lock) == 0);
    while (!atomic_load(&self->stop)) {
        struct job job;

        if (self->taken == self->put) {
            check(pthread_cond_wait(&self->changed, &self->lock) == 0);
            continue;
        }
        job = self->jobs[self->taken++ % PRINTING_MAX];
        check(pthread_mutex_unlock(&self->lock) == 0);
        print(self, &job);
        check(pthread_mutex_lock(&self->lock) == 0);
    }
    while (self->taken < self->put) {
        refuse(&self->jobs[self->taken++ % PRINTING_MAX], 503,
               "the collector stops");
    }
    check(pthread_mutex_unlock(&self->lock) == 0);
    return NULL;
}

/* ---- the caller's side ---- */

enum status printing_open(const char *directory, struct printing **printing)
{
    struct printing *self = calloc(1, sizeof *self);
    enum status status;

    *printing = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->directory = directory;
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    thread_condition_init(&self->changed);
    status = thread_start(&self->thread, work, self);
    self->running = status == STATUS_OK;
    if (status != STATUS_OK) {
        printing_close(&self);
    }
    *printing = self;
    return status;
}

void printing_close(struct printing **printing)
{
    struct printing *self = *printing;

    if (self == NULL) {
        return;
    }
    if (self->running) {
        check(pthread_mutex_lock(&self->lock) == 0);
        atomic_store(&self->stop, true);
        check(pthread_cond_signal(&self->changed) == 0);
        check(pthread_mutex_unlock(&self->lock) == 0);
        check(pthread_join(self->thread, NULL) == 0);
    }
    (void)pthread_cond_destroy(&self->changed);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
    *printing = NULL;
}

/* With the lock: how many of that name wait. */
static size_t waiting_of(const struct printing *printing, const char *name)
{
    size_t count = 0;

    for (uint64_t i = printing->taken; i < printing->put; i++) {
        count +=
            strcmp(printing->jobs[i % PRINTING_MAX].name, name) == 0 ? 1u : 0u;
    }
    return count;
}

void printing_give(struct printing *printing, struct http_request *request,
                   struct http_reply *reply)
{
    struct job job = {.later = NULL};
    bool room;

    if (!read_job(printing, request, &job, reply)) {
        return;
    }
    memcpy(job.name, http_who(request)->name, sizeof job.name);
    job.later = http_later(request, reply);
    if (job.later == NULL) {
        return;
    }
    check(pthread_mutex_lock(&printing->lock) == 0);
    room = !atomic_load(&printing->stop) &&
           printing->put - printing->taken < PRINTING_MAX &&
           waiting_of(printing, job.name) < PRINTING_NAME_MAX;
    if (room) {
        printing->jobs[printing->put++ % PRINTING_MAX] = job;
        check(pthread_cond_signal(&printing->changed) == 0);
    }
    check(pthread_mutex_unlock(&printing->lock) == 0);
    if (!room) {
        refuse(&job, 503, "other reports are being printed");
    }
}
