/* sessions - who is signed in.
 *
 * Flow     sign-in -> [sessions] <- cookie of each request
 * Owns     the sessions, in memory; while the program is stopped in order,
 *          DIR/sessions, which the next start takes in and removes.
 * Threads  one at a time: the caller's lock.
 * Limits   SESSIONS_MAX; SESSIONS_USER_MAX a user; SESSION_LIFE_US in all,
 *          SESSION_IDLE_US without a request. Beyond a number the one that was
 *          used longest ago ends.
 *
 * The cookie holds 32 random bytes and is kept here as its SHA-256 only, so
 * that a look into the memory, or a comparison that takes a little longer, is
 * of no use. A session is always a new one: none that a browser brings along is
 * taken over.
 */
#ifndef TALLYLINE_COMMON_PEOPLE_SESSIONS_H
#define TALLYLINE_COMMON_PEOPLE_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/clock.h"
#include "common/people/accounts.h"

#define SESSIONS_MAX      1024u
#define SESSIONS_USER_MAX 16u
#define SESSION_LIFE_US   (INT64_C(12) * 3600 * CLOCK_US_PER_S)
#define SESSION_IDLE_US   (INT64_C(3600) * CLOCK_US_PER_S)
#define SESSION_CSRF_SIZE 33u

struct session {
    char key[ACCOUNT_HASH_SIZE]; /* of the cookie */
    uint64_t number;             /* never the same twice */
    struct account account;      /* as it was at the sign-in */
    char csrf[SESSION_CSRF_SIZE];
    int64_t begun_us, used_us;
};

struct sessions {
    struct session *list[SESSIONS_MAX];
    size_t count;
    uint64_t last_number;
};

void sessions_init(struct sessions *sessions);
void sessions_fini(struct sessions *sessions);
/* Signs in; `token` is the cookie's value. Valid until the next call that
 * begins or ends one. NULL: no memory. */
struct session *sessions_begin(struct sessions *sessions,
                               const struct account *account, int64_t now_us,
                               char token[ACCOUNT_TOKEN_SIZE]);
/* The session of a cookie, used just now. NULL: there is none, or it is over.
 */
struct session *sessions_find(struct sessions *sessions, const char *token,
                              int64_t now_us);
void sessions_end(struct sessions *sessions, struct session *session);
/* Ends those whose user is gone, or has another password, role or unit. */
void sessions_hold_against(struct sessions *sessions,
                           const struct accounts *users);
/* Ends those that are over; how many there are then. */
size_t sessions_count(struct sessions *sessions, int64_t now_us);

/* ---- sessions_file.c: over a restart ---- */

/* Writes them, by wall time, mode 0600. What cannot be written is only lost. */
void sessions_save(const struct sessions *sessions,
                   const struct accounts_rules *rules, const char *directory,
                   const struct clock *clock);
/* Takes them in and removes the file: it is good once. Those whose user is
 * another one by now, or that are over, are left out. */
void sessions_load(struct sessions *sessions,
                   const struct accounts_rules *rules, const char *directory,
                   const struct accounts *users, const struct clock *clock);

#endif
