/* Signing in and out. What a stranger learns from it: that name and password do
 * not belong together, or that it is too early. Not which of the two, not by
 * the time it took, and not by when it is too early. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/event/unit.h"
#include "common/people/access_private.h"

#define SESSION_REPLY_MAX 1024u
#define JSON_TYPE         "application/json"

/* ---- replies ---- */

/* `until` is wall time; 0: no session, so it has no end. */
static void tell(const struct access *access, const struct account *account,
                 const char *csrf, int64_t until, struct http_reply *reply)
{
    char end[TEXT_MOMENT_MAX + 2u] = "null";
    char unit[UNIT_TEXT_MAX + 16u] = "";
    char token[SESSION_CSRF_SIZE + 2u] = "null";
    struct buffer text;

    if (account->unit != 0) {
        char key[UNIT_TEXT_MAX];

        unit_key_format(account->unit, key);
        (void)snprintf(unit, sizeof unit, ",\"unit\":\"%s\"", key);
    } else if (access->rules->unit_role != 0) {
        (void)snprintf(unit, sizeof unit, ",\"unit\":null");
    }
    if (csrf != NULL && csrf[0] != '\0') {
        (void)snprintf(token, sizeof token, "\"%.32s\"", csrf);
    }
    if (until != 0) {
        char moment[TEXT_MOMENT_MAX];

        text_format_moment(until, moment);
        (void)snprintf(end, sizeof end, "\"%s\"", moment);
    }
    buffer_init(&text, SESSION_REPLY_MAX);
    /* No name and no role holds what JSON would have to escape. */
    if (buffer_printf(&text,
                      "{\"signed_in\":true,\"name\":\"%s\",\"role\":\"%s\"%s,"
                      "\"csrf\":%s,\"until\":%s}\n",
                      account->name,
                      accounts_role_name(access->rules, account->role), unit,
                      token, end) == STATUS_OK) {
        http_reply_take(reply, JSON_TYPE, &text);
    } else {
        http_reply_problem(reply, 503, NULL);
    }
    buffer_fini(&text);
}

/* That nobody is signed in is an answer, not an error: a browser writes every
 * error on its console, where staff take it for a fault of the page. */
static void tell_nobody(struct http_reply *reply)
{
    struct buffer text;

    buffer_init(&text, SESSION_REPLY_MAX);
    if (buffer_printf(&text, "{\"signed_in\":false}\n") == STATUS_OK) {
        http_reply_take(reply, JSON_TYPE, &text);
    } else {
        http_reply_problem(reply, 503, NULL);
    }
    buffer_fini(&text);
}

static void set_cookie(const struct access *access, struct http_reply *reply,
                       const char *token, bool secure)
{
    (void)snprintf(reply->cookie, sizeof reply->cookie,
                   "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                   access->cookie, token, token[0] == '\0' ? "; Max-Age=0" : "",
                   secure ? "; Secure" : "");
}

/* When the session ends at the latest, as wall time. */
static int64_t ends_at(const struct access *access,
                       const struct session *session)
{
    return clock_wall_us(access->clock) + session->begun_us + SESSION_LIFE_US -
           clock_monotonic_us(access->clock);
}

/* ---- signing in ---- */

/* Who it is, for the log, which is sent along when somebody asks for help: a
 * name that people bear is told by its place in the list. With the lock held;
 * `known`: the name is in the list. */
static struct log_field who_field(const struct access *access,
                                  const struct account *account, bool known)
{
    const struct accounts *users = &access->lists[ACCOUNTS_USERS];
    const struct account *found =
        known ? accounts_find(users, account->name) : NULL;

    if (!access->rules->written_names) {
        return log_text("name", known ? account->name : "(nobody)");
    }
    return log_number("person",
                      found != NULL ? (int64_t)(found - users->list) + 1 : 0);
}

/* One sign-in that waits for its password to be compared. */
struct pending {
    struct access *access;
    struct http_later *later;
    struct account account;
    bool known;
    char peer[64];
    unsigned limit;
    char old[ACCOUNT_TOKEN_SIZE]; /* the session it takes the place of */
    bool secure;
};

/* With the lock held: a new session, and the end of the one before. */
static void begin(struct access *access, const struct pending *pending,
                  struct http_reply *reply)
{
    int64_t now = clock_monotonic_us(access->clock);
    struct session *old = sessions_find(&access->sessions, pending->old, now);
    struct session *session;
    char token[ACCOUNT_TOKEN_SIZE];

    if (old != NULL) {
        sessions_end(&access->sessions, old);
    }
    session = sessions_begin(&access->sessions, &pending->account, now, token);
    if (session == NULL) {
        http_reply_problem(reply, 503, NULL);
        return;
    }
    access->counts.signed_in++;
    tell(access, &session->account, session->csrf, ends_at(access, session),
         reply);
    set_cookie(access, reply, token, pending->secure);
    sodium_memzero(token, sizeof token);
    log_info("signed in", who_field(access, &pending->account, true),
             log_text("role",
                      accounts_role_name(access->rules, pending->account.role)),
             log_text("from", pending->peer));
}

static void refuse(struct access *access, const struct pending *pending,
                   struct http_reply *reply)
{
    access->counts.wrong++;
    tell_nobody(reply);
    log_warning("sign-in refused", log_text("from", pending->peer),
                who_field(access, &pending->account, pending->known));
}

/* On a thread of passwords.h. */
static void settle(void *owner, bool right)
{
    struct pending *pending = owner;
    struct access *access = pending->access;
    int64_t now = clock_monotonic_us(access->clock);
    struct http_reply reply;
    const struct account *user;

    http_reply_init(&reply);
    check(pthread_mutex_lock(&access->lock) == 0);
    access_refresh(access);
    user = accounts_find(&access->lists[ACCOUNTS_USERS], pending->account.name);
    /* The user may have got another password while this one was compared. */
    if (right && user != NULL &&
        strcmp(user->secret, pending->account.secret) == 0) {
        pending->account = *user;
        attempts_give(&access->attempts, "name", user->name, ATTEMPTS_NAME,
                      now);
        attempts_give(&access->attempts, "address", pending->peer,
                      pending->limit, now);
        begin(access, pending, &reply);
    } else {
        refuse(access, pending, &reply);
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
    http_later_answer(&pending->later, &reply);
    sodium_memzero(pending, sizeof *pending);
    free(pending);
}

static bool is_too_often(struct access *access, const char *kind,
                         const char *who, unsigned limit,
                         struct http_reply *reply)
{
    unsigned wait_s = attempts_take(&access->attempts, kind, who, limit,
                                    clock_monotonic_us(access->clock));

    if (wait_s > 0) {
        access->counts.too_often++;
        http_reply_problem(reply, 429, "wait before the next attempt");
        reply->retry_after_s = wait_s;
    }
    return wait_s > 0;
}

/* Waits for the comparison; `pending` is taken. */
static void compare(struct access *access, struct pending *pending,
                    const char *password, struct http_request *request,
                    struct http_reply *reply)
{
    pending->later = http_later(request, reply);
    if (pending->later == NULL) {
        free(pending);
        return;
    }
    if (!passwords_ask(access->passwords, password,
                       pending->known ? pending->account.secret : NULL, settle,
                       pending)) {
        struct http_reply busy;

        http_reply_init(&busy);
        http_reply_problem(&busy, 503, "too many sign in at once");
        busy.retry_after_s = 2;
        http_later_answer(&pending->later, &busy);
        free(pending);
    }
}

/* With the lock held: the user of a link that is good, and good no more. */
static bool use_link(struct access *access, const char *link,
                     struct account *account)
{
    struct accounts links;
    struct account *found = NULL;
    const struct account *user = NULL;
    char hash[ACCOUNT_HASH_SIZE];
    size_t line = 0;
    int lock = -1;
    bool good = false;

    account_hash(link, hash);
    accounts_init(&links);
    if (accounts_lock(access->directory, &lock) == STATUS_OK &&
        accounts_load(access->rules, access->directory, ACCOUNTS_LINKS, &links,
                      &line, NULL) == STATUS_OK) {
        for (size_t i = 0; i < links.count; i++) {
            found = strcmp(links.list[i].secret, hash) == 0 ? &links.list[i]
                                                            : found;
        }
    }
    if (found != NULL &&
        found->expires_s > clock_wall_us(access->clock) / CLOCK_US_PER_S) {
        user = accounts_find(&access->lists[ACCOUNTS_USERS], found->name);
    }
    if (user != NULL) {
        *account = *user;
        accounts_remove(&links, found);
        /* Only what is gone for good opens something. */
        good = accounts_save(access->rules, access->directory, ACCOUNTS_LINKS,
                             &links) == STATUS_OK;
    }
    accounts_fini(&links);
    accounts_unlock(&lock);
    return good;
}

static void by_link(struct access *access, struct pending *pending,
                    const char *link, struct http_reply *reply)
{
    check(pthread_mutex_lock(&access->lock) == 0);
    if (!is_too_often(access, "link", pending->peer, pending->limit, reply)) {
        pending->known = use_link(access, link, &pending->account);
        if (pending->known) {
            begin(access, pending, reply);
        } else {
            access->counts.wrong++;
            tell_nobody(reply);
        }
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
}

/* True: not too often, and there are users; `pending` has the user. */
static bool look_up(struct access *access, struct pending *pending,
                    const char *name, struct http_reply *reply)
{
    const struct account *user;
    bool may;

    check(pthread_mutex_lock(&access->lock) == 0);
    may = !is_too_often(access, "address", pending->peer, pending->limit,
                        reply) &&
          !is_too_often(access, "name", name, ATTEMPTS_NAME, reply);
    if (may && !access->good[ACCOUNTS_USERS]) {
        may = false;
        http_reply_problem(reply, 503, "the file of users cannot be read");
    }
    user = accounts_find(&access->lists[ACCOUNTS_USERS], name);
    if (user != NULL) {
        pending->known = true;
        pending->account = *user;
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
    return may;
}

void access_sign_in(struct access *access, struct http_request *request,
                    struct http_reply *reply)
{
    struct pending *pending = calloc(1, sizeof *pending);
    struct sign_in sign_in;

    if (pending == NULL) {
        http_reply_problem(reply, 503, NULL);
        return;
    }
    if (sign_in_read(http_body(request), access->rules->secret_name,
                     &sign_in) != STATUS_OK) {
        http_reply_problem(reply, 400, "name and password, or link");
        free(pending);
        return;
    }
    pending->access = access;
    pending->secure = http_is_secure(request);
    pending->limit =
        http_peer_is_loopback(request) ? ATTEMPTS_LOOPBACK : ATTEMPTS_ADDRESS;
    (void)snprintf(pending->peer, sizeof pending->peer, "%.63s",
                   http_peer(request));
    if (!http_cookie(request, access->cookie, pending->old,
                     sizeof pending->old)) {
        pending->old[0] = '\0';
    }
    if (sign_in.by_link) {
        by_link(access, pending, sign_in.link, reply);
        free(pending);
    } else if (look_up(access, pending, sign_in.name, reply)) {
        compare(access, pending, sign_in.password, request, reply);
    } else {
        free(pending);
    }
    sodium_memzero(&sign_in, sizeof sign_in);
}

/* ---- asking and signing out ---- */

void access_tell(struct access *access, const struct http_request *request,
                 struct http_reply *reply)
{
    const struct http_who *who = http_who(request);
    int64_t until = 0;
    struct account account = {.role = who->role, .unit = (uint32_t)who->scope};

    if (who->role == 0) {
        tell_nobody(reply);
        return;
    }
    (void)snprintf(account.name, sizeof account.name, "%.63s", who->name);
    check(pthread_mutex_lock(&access->lock) == 0);
    for (size_t i = 0; who->by_cookie && i < access->sessions.count; i++) {
        if (access->sessions.list[i]->number == who->session) {
            until = ends_at(access, access->sessions.list[i]);
        }
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
    tell(access, &account, who->csrf, until, reply);
}

void access_sign_out(struct access *access, struct http_request *request,
                     struct http_reply *reply)
{
    char cookie[ACCOUNT_TOKEN_SIZE];

    check(pthread_mutex_lock(&access->lock) == 0);
    if (http_cookie(request, access->cookie, cookie, sizeof cookie)) {
        struct session *session = sessions_find(
            &access->sessions, cookie, clock_monotonic_us(access->clock));

        if (session != NULL) {
            sessions_end(&access->sessions, session);
        }
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
    reply->status = 204;
    set_cookie(access, reply, "", http_is_secure(request));
}
