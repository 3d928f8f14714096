/* Failure modes: an answer that nobody asks for is thrown away when its place
 * is needed; who asks after that hears 404. What was saved is told as often as
 * it is asked for: the answer itself may be lost on its way. */
#include "agent/api/sheets_internal.h"

#include <string.h>

#include "agent/api/desk.h"
#include "agent/api/site.h"
#include "common/base/check.h"

static void lock(struct sheets *sheets)
{
    check(pthread_mutex_lock(&sheets->lock) == 0);
}

static void unlock(struct sheets *sheets)
{
    check(pthread_mutex_unlock(&sheets->lock) == 0);
}

static bool may_be_late(const struct sheets_job *job)
{
    return job->question == SHEETS_LOOK || job->question == SHEETS_SAVE;
}

static void drop(struct sheets_late *late)
{
    if (late->token[0] != '\0') {
        http_reply_fini(&late->reply);
        late->token[0] = '\0';
    }
}

void sheets_late_forget(struct sheets *sheets, const char *token)
{
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        if (strcmp(sheets->late[i].token, token) == 0) {
            drop(&sheets->late[i]);
        }
    }
}

/* What is said of a save is a few words. */
static void copy(const struct http_reply *reply, struct http_reply *out)
{
    struct buffer body;

    buffer_init(&body, SHEETS_SAID_MAX);
    http_reply_init(out);
    if (buffer_append(&body, reply->body) != STATUS_OK) {
        http_reply_problem(out, 503, NULL);
    } else {
        out->status = reply->status;
        out->retry_after_s = reply->retry_after_s;
        http_reply_take(out, reply->type, &body);
    }
    buffer_fini(&body);
}

/* Takes the reply. With the lock held. */
static void keep(struct sheets_job *job, struct http_reply *reply)
{
    struct sheets *sheets = job->sheets;
    struct sheets_late *late = &sheets->late[sheets->late_next];

    sheets_late_forget(sheets, job->sheet.token);
    sheets->late_next = (sheets->late_next + 1) % SHEETS_MAX;
    drop(late);
    memcpy(late->token, job->sheet.token, sizeof late->token);
    memcpy(late->person, job->sheet.person, sizeof late->person);
    late->again = job->question == SHEETS_SAVE;
    late->reply = *reply;
}

void sheets_late_give(struct sheets_job *job, struct http_reply *reply)
{
    struct http_later *later;
    struct http_reply again;

    lock(job->sheets);
    later = job->later;
    job->later = NULL;
    job->over = true;
    if (later != NULL && job->question == SHEETS_SAVE) {
        copy(reply, &again);
        keep(job, &again);
    } else if (later == NULL && may_be_late(job)) {
        keep(job, reply);
    } else if (later == NULL) {
        http_reply_fini(reply);
    }
    unlock(job->sheets);
    if (later != NULL) {
        http_later_answer(&later, reply);
    }
}

void sheets_late_tell(struct sheets_job *job)
{
    struct http_later *later = NULL;
    struct http_reply reply;

    lock(job->sheets);
    if (may_be_late(job) &&
        clock_monotonic_us(job->sheets->clock) >= job->answer_by) {
        later = job->later;
        job->later = NULL;
    }
    unlock(job->sheets);
    if (later != NULL) {
        http_reply_init(&reply);
        sheets_tell_working(job, &reply);
        http_later_answer(&later, &reply);
    }
}

void sheets_late_close(struct sheets *sheets)
{
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        drop(&sheets->late[i]);
    }
}

/* ---- asked again ---- */

static bool is_of(const char *token, const char *person,
                  const struct http_request *request)
{
    return token[0] != '\0' &&
           strcmp(token, http_part(request, "token")) == 0 &&
           strcmp(person, http_who(request)->name) == 0;
}

/* An answer that is here. With the lock held. */
static bool give_kept(struct sheets *sheets, const struct http_request *request,
                      struct http_reply *reply)
{
    for (size_t i = 0; i < SHEETS_MAX; i++) {
        struct sheets_late *late = &sheets->late[i];

        if (is_of(late->token, late->person, request)) {
            if (late->again) {
                copy(&late->reply, reply);
                return true;
            }
            *reply = late->reply;
            late->token[0] = '\0';
            return true;
        }
    }
    return false;
}

/* One that is to come. With the lock held. */
static bool wait_for(struct sheets *sheets, struct http_request *request,
                     struct http_reply *reply)
{
    for (size_t i = 0; i < SHEETS_JOBS_MAX; i++) {
        struct sheets_job *job = &sheets->jobs[i];

        if (!job->started || job->over || !may_be_late(job) ||
            !is_of(job->sheet.token, job->sheet.person, request)) {
            continue;
        }
        if (job->later == NULL) {
            job->answer_by =
                clock_monotonic_us(sheets->clock) + SHEETS_ANSWER_US;
            job->later = http_later(request, reply);
        } else { /* two ask at once */
            sheets_tell_working(job, reply);
        }
        return true;
    }
    return false;
}

void sheets_ask(void *context, struct http_request *request,
                struct http_reply *reply)
{
    static const char *const known[] = {"lang", NULL};
    static const struct language_text gone = {
        "Kết quả đọc tệp này không còn ở đây; hãy chọn lại tệp.",
        "What was read of this file is not here any more; choose it again."};
    struct sheets *sheets = ((struct site *)context)->sheets;
    bool found;

    if (!http_query_only(request, known, reply)) {
        return;
    }
    lock(sheets);
    found =
        wait_for(sheets, request, reply) || give_kept(sheets, request, reply);
    unlock(sheets);
    if (!found) {
        http_reply_problem(reply, 404,
                           language_pick(gone, desk_language(request)));
    }
}
