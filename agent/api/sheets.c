/* Failure modes: too much at once (503), a program that cannot be started
 * (503), a disk that takes no file (507). */
#include "agent/api/sheets_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/api/people.h"
#include "agent/api/site.h"
#include "common/base/check.h"
#include "common/event/catalogue.h"

#define COPY_BYTES 65536u

static void lock(struct sheets *sheets)
{
    check(pthread_mutex_lock(&sheets->lock) == 0);
}

static void unlock(struct sheets *sheets)
{
    check(pthread_mutex_unlock(&sheets->lock) == 0);
}

/* ---- jobs ---- */

static void refuse(struct http_reply *reply)
{
    http_reply_problem(reply, 503, "too much is asked at once");
    reply->retry_after_s = 2;
}

/* A free place, taken; NULL: the reply says so. */
static struct sheets_job *take_job(struct sheets *sheets,
                                   enum sheets_question question,
                                   const struct http_request *request,
                                   struct http_reply *reply)
{
    const struct catalogue_value *role;
    struct sheets_job *job = NULL;

    lock(sheets);
    sheets_job_reap(sheets, false);
    for (size_t i = 0; i < SHEETS_JOBS_MAX && job == NULL; i++) {
        job = sheets->jobs[i].question == SHEETS_NONE ? &sheets->jobs[i] : NULL;
    }
    if (job != NULL) {
        *job = (struct sheets_job){.sheets = sheets, .question = question};
    }
    unlock(sheets);
    if (job == NULL) {
        refuse(reply);
        return NULL;
    }
    role = catalogue_value(catalogue_enumeration("Role"),
                           person_event_role(http_who(request)));
    check(role != NULL);
    job->role = role->token;
    job->language = desk_language(request);
    return job;
}

static void give_back(struct sheets_job *job)
{
    struct sheets *sheets = job->sheets;

    lock(sheets);
    job->question = SHEETS_NONE;
    unlock(sheets);
}

/* A place for a question about a file that is here, which stays while it is
 * asked; NULL: the reply says so. */
static struct sheets_job *take_sheet(struct sheets *sheets,
                                     enum sheets_question question,
                                     const struct http_request *request,
                                     struct http_reply *reply)
{
    struct sheets_job *job = take_job(sheets, question, request, reply);

    if (job != NULL && !sheets_find(sheets, request, &job->sheet, reply)) {
        give_back(job);
        job = NULL;
    }
    return job;
}

static void start(struct sheets_job *job, struct http_request *request,
                  struct http_reply *reply)
{
    job->later = http_later(request, reply);
    if (job->later == NULL) {
        give_back(job);
    } else if (!sheets_job_start(job)) {
        struct http_reply late;

        http_reply_init(&late);
        refuse(&late);
        http_later_answer(&job->later, &late);
        give_back(job);
    }
}

/* ---- handlers ---- */

static struct sheets *sheets_of(void *context)
{
    return ((struct site *)context)->sheets;
}

/* "inspection.xlsx": the part before the dot. False: it ends otherwise. */
static bool split_name(const char *name, const char *ending,
                       char out[SHEETS_WORD_SIZE])
{
    size_t size = strlen(name);
    size_t end = strlen(ending);

    if (size <= end || size - end >= SHEETS_WORD_SIZE ||
        strcmp(name + size - end, ending) != 0) {
        return false;
    }
    memcpy(out, name, size - end);
    out[size - end] = '\0';
    return true;
}

static void new_path(const struct sheets *sheets, const char *ending,
                     char token[SHEETS_TOKEN_SIZE], char path[FILE_PATH_MAX])
{
    struct random_id id;

    random_id_make(&id);
    check(bytes_to_hex((struct bytes){id.bytes, sizeof id.bytes}, token,
                       SHEETS_TOKEN_SIZE) == STATUS_OK);
    check((size_t)snprintf(path, FILE_PATH_MAX, "%s/%s%s", sheets->work, token,
                           ending) < FILE_PATH_MAX);
}

void sheets_template(void *context, struct http_request *request,
                     struct http_reply *reply)
{
    static const char *const known[] = {"lang", NULL};
    struct sheets *sheets = sheets_of(context);
    char type[SHEETS_WORD_SIZE];
    char token[SHEETS_TOKEN_SIZE];
    struct sheets_job *job;

    if (!http_query_only(request, known, reply)) {
        return;
    }
    if (!split_name(http_part(request, "file"), ".xlsx", type) ||
        catalogue_type_by_name(type) == NULL) {
        http_reply_problem(reply, 404, NULL);
        return;
    }
    job = take_job(sheets, SHEETS_TEMPLATE, request, reply);
    if (job != NULL) {
        memcpy(job->type, type, sizeof type);
        sheets_name_template(job);
        new_path(sheets, ".xlsx", token, job->made);
        start(job, request, reply);
    }
}

/* Copies what came into a file of the sheet's own. */
static bool keep_body(int from, const char *path)
{
    static const mode_t mode = 0600;
    char bytes[COPY_BYTES];
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    ssize_t size = 1;
    bool good = to >= 0;

    while (good && size > 0) {
        size = read(from, bytes, sizeof bytes);
        good = size >= 0 && write(to, bytes, (size_t)size) == size;
    }
    if (to >= 0) {
        good = close(to) == 0 && good;
    }
    if (!good) {
        (void)unlink(path);
    }
    return good;
}

static void copy_word(char *out, size_t room, const char *text)
{
    (void)snprintf(out, room, "%s", text != NULL ? text : "");
}

void sheets_take(void *context, struct http_request *request,
                 struct http_reply *reply)
{
    static const char *const known[] = {"lang", "name", "type", "encoding",
                                        NULL};
    struct sheets *sheets = sheets_of(context);
    struct sheets_job *job;
    int body;

    if (!http_query_only(request, known, reply)) {
        return;
    }
    body = http_take_body_file(request);
    if (body < 0) {
        http_reply_problem(reply, 400, NULL);
        return;
    }
    job = take_job(sheets, SHEETS_LOOK, request, reply);
    if (job != NULL) {
        struct sheet *sheet = &job->sheet;

        copy_word(sheet->person, sizeof sheet->person, http_who(request)->name);
        copy_word(sheet->name, sizeof sheet->name, http_query(request, "name"));
        copy_word(sheet->type, sizeof sheet->type, http_query(request, "type"));
        copy_word(sheet->encoding, sizeof sheet->encoding,
                  http_query(request, "encoding"));
        sheet->came = clock_monotonic_us(sheets->clock);
        new_path(sheets, "", sheet->token, sheet->path);
        if (keep_body(body, sheet->path)) {
            start(job, request, reply);
        } else {
            http_reply_problem(reply, 507, NULL);
            give_back(job);
        }
    }
    (void)close(body);
}

/* {"all": true} or {"good_only": true}. False: the reply is a 400. */
static bool read_choice(const struct http_request *request, bool *good_only,
                        struct http_reply *reply)
{
    struct bytes body = http_body(request);
    json_t *json = json_loadb((const char *)body.data, body.size, 0, NULL);
    bool all = json_is_true(json_object_get(json, "all"));

    *good_only = json_is_true(json_object_get(json, "good_only"));
    json_decref(json);
    if (all == *good_only) {
        http_reply_problem(reply, 400, "all or good_only");
    }
    return all != *good_only;
}

void sheets_save(void *context, struct http_request *request,
                 struct http_reply *reply)
{
    struct sheets *sheets = sheets_of(context);
    struct sheets_job *job;
    bool good_only = false;

    if (!read_choice(request, &good_only, reply)) {
        return;
    }
    job = take_sheet(sheets, SHEETS_SAVE, request, reply);
    if (job != NULL) {
        job->good_only = good_only;
        start(job, request, reply);
    }
}

void sheets_refused(void *context, struct http_request *request,
                    struct http_reply *reply)
{
    struct sheets *sheets = sheets_of(context);
    char stem[SHEETS_WORD_SIZE];
    char token[SHEETS_TOKEN_SIZE];
    const char *file = http_part(request, "file");
    bool text = split_name(file, ".csv", stem);
    struct sheets_job *job;

    if ((!text && !split_name(file, ".xlsx", stem)) ||
        strcmp(stem, "refused") != 0) {
        http_reply_problem(reply, 404, NULL);
        return;
    }
    job = take_sheet(sheets, SHEETS_REFUSED, request, reply);
    if (job != NULL) {
        (void)snprintf(job->download, sizeof job->download, "%s%s",
                       job->language == LANGUAGE_EN ? "to-mend" : "can-sua",
                       text ? ".csv" : ".xlsx");
        new_path(sheets, text ? ".csv" : ".xlsx", token, job->made);
        start(job, request, reply);
    }
}

void sheets_drop(void *context, struct http_request *request,
                 struct http_reply *reply)
{
    struct sheets *sheets = sheets_of(context);
    struct sheet sheet;

    if (sheets_find(sheets, request, &sheet, reply)) {
        sheets_forget(sheets, sheet.token);
        reply->status = 204;
    }
}

/* ---- life ---- */

enum status sheets_open(const char *dir, const char *work,
                        const struct clock *clock, struct sheets **out)
{
    struct sheets *sheets = calloc(1, sizeof *sheets);

    *out = sheets;
    if (sheets == NULL) {
        return STATUS_MEMORY;
    }
    sheets->dir = dir;
    sheets->work = work;
    sheets->clock = clock;
    check(pthread_mutex_init(&sheets->lock, NULL) == 0);
    check(pthread_cond_init(&sheets->free, NULL) == 0);
    sheets_empty_folder(work);
    return STATUS_OK;
}

void sheets_close(struct sheets **out)
{
    struct sheets *sheets = *out;

    if (sheets == NULL) {
        return;
    }
    lock(sheets);
    sheets->closing = true;
    sheets_job_reap(sheets, true);
    unlock(sheets);
    sheets_late_close(sheets);
    sheets_empty_folder(sheets->work);
    check(pthread_cond_destroy(&sheets->free) == 0);
    check(pthread_mutex_destroy(&sheets->lock) == 0);
    free(sheets);
    *out = NULL;
}
