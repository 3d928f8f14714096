#include "common/people/passwords.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

struct waiting {
    char password[PASSWORD_SIZE];
    char secret[ACCOUNT_SECRET_SIZE];
    bool nobody;
    passwords_taker *take;
    void *owner;
};

struct passwords {
    pthread_t threads[PASSWORDS_AT_ONCE];
    size_t thread_count;
    pthread_mutex_t lock;
    pthread_cond_t work;
    char nobody[ACCOUNT_SECRET_SIZE]; /* what an unknown name is held against */
    /* lock */
    struct waiting queue[PASSWORDS_WAITING_MAX];
    size_t first, count;
    bool closing;
};

enum status password_hash(const struct accounts_rules *rules,
                          const char *password,
                          char secret[ACCOUNT_SECRET_SIZE])
{
    _Static_assert(ACCOUNT_SECRET_SIZE > crypto_pwhash_STRBYTES, "room");

    memset(secret, 0, ACCOUNT_SECRET_SIZE);
    return crypto_pwhash_str(secret, password, strlen(password), rules->effort,
                             rules->memory) == 0
               ? STATUS_OK
               : STATUS_MEMORY;
}

static bool is_right(const struct waiting *one)
{
    bool same = crypto_pwhash_str_verify(one->secret, one->password,
                                         strlen(one->password)) == 0;

    return same && !one->nobody;
}

static void *serve(void *context)
{
    struct passwords *passwords = context;

    check(pthread_mutex_lock(&passwords->lock) == 0);
    while (true) {
        struct waiting one;
        bool right = false;

        while (passwords->count == 0 && !passwords->closing) {
            check(pthread_cond_wait(&passwords->work, &passwords->lock) == 0);
        }
        if (passwords->count == 0) {
            break;
        }
        one = passwords->queue[passwords->first];
        sodium_memzero(&passwords->queue[passwords->first],
                       sizeof passwords->queue[0]);
        passwords->first = (passwords->first + 1) % PASSWORDS_WAITING_MAX;
        passwords->count--;
        right = !passwords->closing;
        check(pthread_mutex_unlock(&passwords->lock) == 0);
        right = right && is_right(&one);
        one.take(one.owner, right);
        sodium_memzero(&one, sizeof one);
        check(pthread_mutex_lock(&passwords->lock) == 0);
    }
    check(pthread_mutex_unlock(&passwords->lock) == 0);
    return NULL;
}

enum status passwords_open(const struct accounts_rules *rules,
                           struct passwords **out)
{
    struct passwords *passwords = calloc(1, sizeof *passwords);
    char random[33];
    enum status status;

    *out = passwords;
    if (passwords == NULL) {
        return STATUS_MEMORY;
    }
    check(pthread_mutex_init(&passwords->lock, NULL) == 0);
    check(pthread_cond_init(&passwords->work, NULL) == 0);
    account_make_token(16, random);
    status = password_hash(rules, random, passwords->nobody);
    check(rules->at_once > 0 && rules->at_once <= PASSWORDS_AT_ONCE);
    while (status == STATUS_OK && passwords->thread_count < rules->at_once) {
        if (pthread_create(&passwords->threads[passwords->thread_count], NULL,
                           serve, passwords) != 0) {
            status = STATUS_MEMORY;
        } else {
            passwords->thread_count++;
        }
    }
    if (status != STATUS_OK) {
        passwords_close(out);
    }
    return status;
}

void passwords_close(struct passwords **out)
{
    struct passwords *passwords = *out;

    if (passwords == NULL) {
        return;
    }
    check(pthread_mutex_lock(&passwords->lock) == 0);
    passwords->closing = true;
    check(pthread_cond_broadcast(&passwords->work) == 0);
    check(pthread_mutex_unlock(&passwords->lock) == 0);
    for (size_t i = 0; i < passwords->thread_count; i++) {
        check(pthread_join(passwords->threads[i], NULL) == 0);
    }
    check(pthread_cond_destroy(&passwords->work) == 0);
    check(pthread_mutex_destroy(&passwords->lock) == 0);
    free(passwords);
    *out = NULL;
}

bool passwords_ask(struct passwords *passwords, const char *password,
                   const char *secret, passwords_taker *take, void *owner)
{
    size_t size = strlen(password);
    bool taken;

    check(size < PASSWORD_SIZE);
    check(pthread_mutex_lock(&passwords->lock) == 0);
    taken = passwords->count < PASSWORDS_WAITING_MAX && !passwords->closing;
    if (taken) {
        struct waiting *one =
            &passwords->queue[(passwords->first + passwords->count) %
                              PASSWORDS_WAITING_MAX];

        memcpy(one->password, password, size + 1);
        one->nobody = secret == NULL;
        memcpy(one->secret, secret == NULL ? passwords->nobody : secret,
               ACCOUNT_SECRET_SIZE);
        one->take = take;
        one->owner = owner;
        passwords->count++;
        check(pthread_cond_signal(&passwords->work) == 0);
    }
    check(pthread_mutex_unlock(&passwords->lock) == 0);
    return taken;
}
