/* access_private - what access.c and access_sign.c share, and nobody else.
 *
 * Flow     see access.h.
 * Owns     see access.h.
 * Threads  what is here is read and written with the lock held.
 */
#ifndef TALLYLINE_COMMON_PEOPLE_ACCESS_PRIVATE_H
#define TALLYLINE_COMMON_PEOPLE_ACCESS_PRIVATE_H

#include <pthread.h>

#include "common/people/access.h"
#include "common/people/accounts.h"
#include "common/people/attempts.h"
#include "common/people/passwords.h"
#include "common/people/sessions.h"

struct access {
    const char *directory;
    const struct accounts_rules *rules;
    const struct clock *clock;
    char cookie[ACCESS_COOKIE_SIZE];
    struct passwords *passwords; /* has a lock of its own */
    pthread_mutex_t lock;
    struct accounts lists[ACCOUNTS_SIGN_IN];
    struct accounts_seen seen[ACCOUNTS_SIGN_IN];
    bool read[ACCOUNTS_SIGN_IN], good[ACCOUNTS_SIGN_IN];
    struct sessions sessions;
    struct attempts attempts;
    struct access_counts counts;
};

/* Reads the files that have changed. */
void access_refresh(struct access *access);

/* What a sign-in says: name and password, or a one-time link. Every text is
 * whole, or it is none. */
struct sign_in {
    char name[ACCOUNT_NAME_SIZE];
    char password[PASSWORD_SIZE];
    char link[ACCOUNT_TOKEN_SIZE];
    bool by_link;
};

/* Reads a body, in which the password is called `secret`. STATUS_INVALID: it
 * is none. */
MUST_USE enum status sign_in_read(struct bytes body, const char *secret,
                                  struct sign_in *sign_in);

#endif
