#include "common/people/sessions.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void sessions_init(struct sessions *sessions)
{
    memset(sessions, 0, sizeof *sessions);
}

static void end_at(struct sessions *sessions, size_t place)
{
    sodium_memzero(sessions->list[place], sizeof *sessions->list[place]);
    free(sessions->list[place]);
    sessions->list[place] = sessions->list[--sessions->count];
}

void sessions_fini(struct sessions *sessions)
{
    while (sessions->count > 0) {
        end_at(sessions, 0);
    }
}

void sessions_end(struct sessions *sessions, struct session *session)
{
    for (size_t i = 0; i < sessions->count; i++) {
        if (sessions->list[i] == session) {
            end_at(sessions, i);
            return;
        }
    }
}

static bool is_over(const struct session *session, int64_t now_us)
{
    return now_us - session->begun_us >= SESSION_LIFE_US ||
           now_us - session->used_us >= SESSION_IDLE_US;
}

size_t sessions_count(struct sessions *sessions, int64_t now_us)
{
    for (size_t i = sessions->count; i > 0; i--) {
        if (is_over(sessions->list[i - 1], now_us)) {
            end_at(sessions, i - 1);
        }
    }
    return sessions->count;
}

/* Ends the one that was used longest ago, of this user or of all (NULL), when
 * there are `limit` of them. */
static void make_room(struct sessions *sessions, const char *name, size_t limit)
{
    size_t oldest = SIZE_MAX;
    size_t count = 0;

    for (size_t i = 0; i < sessions->count; i++) {
        if (name != NULL &&
            strcmp(sessions->list[i]->account.name, name) != 0) {
            continue;
        }
        count++;
        if (oldest == SIZE_MAX ||
            sessions->list[i]->used_us < sessions->list[oldest]->used_us) {
            oldest = i;
        }
    }
    if (count >= limit) {
        end_at(sessions, oldest);
    }
}

struct session *sessions_begin(struct sessions *sessions,
                               const struct account *account, int64_t now_us,
                               char token[ACCOUNT_TOKEN_SIZE])
{
    struct session *session = calloc(1, sizeof *session);

    if (session == NULL) {
        return NULL;
    }
    (void)sessions_count(sessions, now_us);
    make_room(sessions, account->name, SESSIONS_USER_MAX);
    make_room(sessions, NULL, SESSIONS_MAX);
    account_make_token(ACCOUNT_TOKEN_BYTES, token);
    account_hash(token, session->key);
    account_make_token((SESSION_CSRF_SIZE - 1) / 2, session->csrf);
    session->number = ++sessions->last_number;
    session->account = *account;
    session->begun_us = now_us;
    session->used_us = now_us;
    sessions->list[sessions->count++] = session;
    return session;
}

struct session *sessions_find(struct sessions *sessions, const char *token,
                              int64_t now_us)
{
    char key[ACCOUNT_HASH_SIZE];

    account_hash(token, key);
    for (size_t i = 0; i < sessions->count; i++) {
        struct session *session = sessions->list[i];

        if (memcmp(session->key, key, sizeof key) != 0) {
            continue;
        }
        if (is_over(session, now_us)) {
            end_at(sessions, i);
            return NULL;
        }
        session->used_us = now_us;
        return session;
    }
    return NULL;
}

void sessions_hold_against(struct sessions *sessions,
                           const struct accounts *users)
{
    for (size_t i = sessions->count; i > 0; i--) {
        const struct account *held = &sessions->list[i - 1]->account;
        const struct account *user = accounts_find(users, held->name);

        if (user == NULL || user->role != held->role ||
            user->unit != held->unit ||
            strcmp(user->secret, held->secret) != 0) {
            end_at(sessions, i - 1);
        }
    }
}
