#include "common/people/access.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/people/access_private.h"

#define BEARER "Bearer "

/* ---- the files ---- */

static void read_again(struct access *access, enum accounts_kind kind)
{
    struct accounts_seen *seen = &access->seen[kind];
    struct accounts *list = &access->lists[kind];
    size_t line = 0;
    enum status status;

    if (access->read[kind] &&
        !accounts_changed(access->rules, access->directory, kind, seen)) {
        return;
    }
    access->read[kind] = true;
    accounts_fini(list);
    status = accounts_load(access->rules, access->directory, kind, list, &line,
                           seen);
    access->good[kind] = status == STATUS_OK;
    if (status == STATUS_REFUSED) {
        log_error("others may read or write who may sign in: nobody may",
                  log_text("file", access->rules->files[kind]),
                  log_text("mend", "chmod 600"));
    } else if (status != STATUS_OK) {
        log_error("who may sign in cannot be read: nobody may",
                  log_text("file", access->rules->files[kind]),
                  log_number("line", (int64_t)line),
                  log_status("status", status));
    }
    if (kind == ACCOUNTS_USERS) {
        sessions_hold_against(&access->sessions, list);
    }
}

void access_refresh(struct access *access)
{
    read_again(access, ACCOUNTS_USERS);
    read_again(access, ACCOUNTS_TOKENS);
}

/* ---- who ---- */

static void fill_in(const struct account *account, struct http_who *who)
{
    who->role = account->role;
    who->scope = account->unit;
    memcpy(who->name, account->name, strlen(account->name) + 1);
}

/* Another one for every token, so that one made anew under the same name is not
 * taken for the one before. */
static uint64_t number_of(const struct account *token)
{
    char text[17];

    memcpy(text, token->secret, 16);
    text[16] = '\0';
    return strtoull(text, NULL, 16);
}

static void by_token(struct access *access, const char *header,
                     struct http_who *who)
{
    const struct accounts *tokens = &access->lists[ACCOUNTS_TOKENS];
    char hash[ACCOUNT_HASH_SIZE];

    if (strncmp(header, BEARER, strlen(BEARER)) != 0) {
        return;
    }
    account_hash(header + strlen(BEARER), hash);
    for (size_t i = 0; i < tokens->count; i++) {
        if (strcmp(tokens->list[i].secret, hash) == 0) {
            fill_in(&tokens->list[i], who);
            who->session = number_of(&tokens->list[i]);
        }
    }
}

void access_who(struct access *access, const struct http_request *request,
                struct http_who *who)
{
    const char *header = http_header(request, "Authorization");
    char cookie[ACCOUNT_TOKEN_SIZE];
    struct session *session;

    check(pthread_mutex_lock(&access->lock) == 0);
    access_refresh(access);
    /* What says who it is by itself is not helped out by a cookie. */
    if (header != NULL) {
        by_token(access, header, who);
    } else if (http_cookie(request, access->cookie, cookie, sizeof cookie)) {
        session = sessions_find(&access->sessions, cookie,
                                clock_monotonic_us(access->clock));
        if (session != NULL) {
            fill_in(&session->account, who);
            who->by_cookie = true;
            who->session = session->number;
            memcpy(who->csrf, session->csrf, sizeof session->csrf);
        }
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
}

bool access_still(struct access *access, const struct http_who *who)
{
    bool still = false;

    check(pthread_mutex_lock(&access->lock) == 0);
    access_refresh(access);
    (void)sessions_count(&access->sessions, clock_monotonic_us(access->clock));
    for (size_t i = 0; i < access->sessions.count; i++) {
        still = still || (who->by_cookie &&
                          access->sessions.list[i]->number == who->session);
    }
    if (!who->by_cookie) {
        const struct account *token =
            accounts_find(&access->lists[ACCOUNTS_TOKENS], who->name);

        still = token != NULL && number_of(token) == who->session &&
                token->role == who->role && token->unit == who->scope;
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
    return still;
}

void access_list(struct access *access,
                 void (*tell)(void *owner, const struct account *account),
                 void *owner)
{
    check(pthread_mutex_lock(&access->lock) == 0);
    access_refresh(access);
    for (size_t i = 0; i < access->lists[ACCOUNTS_USERS].count; i++) {
        tell(owner, &access->lists[ACCOUNTS_USERS].list[i]);
    }
    check(pthread_mutex_unlock(&access->lock) == 0);
}

/* ---- life ---- */

enum status access_open(const struct access_options *options,
                        struct access **out)
{
    struct access *access = calloc(1, sizeof *access);
    enum status status;

    *out = access;
    if (access == NULL) {
        return STATUS_MEMORY;
    }
    check(strlen(options->cookie) < ACCESS_COOKIE_SIZE);
    access->directory = options->directory;
    access->rules = options->rules;
    access->clock = options->clock;
    memcpy(access->cookie, options->cookie, strlen(options->cookie) + 1);
    check(pthread_mutex_init(&access->lock, NULL) == 0);
    sessions_init(&access->sessions);
    attempts_init(&access->attempts);
    for (size_t i = 0; i < ACCOUNTS_SIGN_IN; i++) {
        accounts_init(&access->lists[i]);
    }
    access_refresh(access);
    sessions_load(&access->sessions, access->rules, access->directory,
                  &access->lists[ACCOUNTS_USERS], access->clock);
    status = passwords_open(access->rules, &access->passwords);
    if (status != STATUS_OK) {
        access_close(out);
    }
    return status;
}

void access_close(struct access **out)
{
    struct access *access = *out;

    if (access == NULL) {
        return;
    }
    passwords_close(&access->passwords);
    sessions_save(&access->sessions, access->rules, access->directory,
                  access->clock);
    sessions_fini(&access->sessions);
    for (size_t i = 0; i < ACCOUNTS_SIGN_IN; i++) {
        accounts_fini(&access->lists[i]);
    }
    check(pthread_mutex_destroy(&access->lock) == 0);
    free(access);
    *out = NULL;
}

void access_counts(struct access *access, struct access_counts *counts)
{
    check(pthread_mutex_lock(&access->lock) == 0);
    *counts = access->counts;
    counts->sessions =
        sessions_count(&access->sessions, clock_monotonic_us(access->clock));
    check(pthread_mutex_unlock(&access->lock) == 0);
}
