#define _GNU_SOURCE /* POLLRDHUP */
/* Answers that another thread has. The connection sleeps (suspended) until
 * there is one. Who owes it and the server each hold it, so that neither has to
 * wait for the other: a browser that has left, a deadline that has passed and a
 * server that closes only let go of their end. */
#include "common/http/http_internal.h"

#include "common/base/check.h"

#include <poll.h>
#include <stdlib.h>

struct http_later *http_later(struct http_request *request,
                              struct http_reply *reply)
{
    struct http_later *later = calloc(1, sizeof *later);

    if (later == NULL) {
        http_reply_problem(reply, 503, NULL);
        return NULL;
    }
    later->http = request->http;
    later->link = request->link;
    later->holders = 2;
    http_reply_init(&later->reply);
    check(pthread_mutex_lock(&later->http->lock) == 0);
    later->http->holders++;
    check(request->link->later == NULL);
    request->link->later = later;
    check(pthread_mutex_unlock(&later->http->lock) == 0);
    return later;
}

/* ---- with the lock held ---- */

static void drop(struct http_later *later)
{
    check(later->holders > 0);
    later->holders--;
    if (later->holders == 0) {
        free(later);
    }
}

static void wake(struct http_later *later)
{
    if (later->suspended) {
        later->suspended = false;
        MHD_resume_connection(later->link->connection);
    }
}

void http_later_abandon(struct http_later *later)
{
    if (!later->answered) {
        later->answered = true;
        http_reply_problem(&later->reply, 503, "no answer in time");
        later->reply.retry_after_s = 5;
        wake(later);
    }
}

void http_later_leave(struct http_later *later)
{
    http_reply_fini(&later->reply);
    later->answered = true;
    later->link->later = NULL;
    later->link = NULL;
    drop(later);
}

bool http_later_settle(struct http_request *request, struct http_reply *reply)
{
    struct http_link *link = request->link;
    struct http_later *later;
    bool answered;

    check(pthread_mutex_lock(&request->http->lock) == 0);
    later = link->later;
    if (request->http->closing) {
        http_later_abandon(later);
    }
    answered = later->answered;
    if (answered) {
        *reply = later->reply;
        http_reply_init(&later->reply);
        link->later = NULL;
        later->link = NULL;
        drop(later);
    } else {
        http_link_enter(link, HTTP_LINK_LATER);
        later->suspended = true;
        MHD_suspend_connection(link->connection);
    }
    check(pthread_mutex_unlock(&request->http->lock) == 0);
    return answered;
}

/* ---- who owes it ---- */

bool http_later_gone(struct http_later *later)
{
    struct pollfd wait = {.fd = -1, .events = POLLRDHUP};
    bool gone;

    check(pthread_mutex_lock(&later->http->lock) == 0);
    gone = later->answered || later->link == NULL;
    if (!gone) {
        /* The library does not look at a connection that is suspended. */
        wait.fd = later->link->fd;
        gone = poll(&wait, 1, 0) > 0;
    }
    check(pthread_mutex_unlock(&later->http->lock) == 0);
    return gone;
}

void http_later_answer(struct http_later **later, struct http_reply *reply)
{
    struct http *http = (*later)->http;
    bool taken;

    check(reply->status != 0);
    check(pthread_mutex_lock(&http->lock) == 0);
    taken = !(*later)->answered;
    if (taken) {
        (*later)->answered = true;
        (*later)->reply = *reply;
        wake(*later);
    }
    drop(*later);
    *later = NULL;
    http_release(http);
    if (!taken) {
        http_reply_fini(reply);
    }
    http_reply_init(reply);
}
