/* access - who is asking, and signing in and out.
 *
 * Flow     cookie, token, name and password, one-time link -> [access] ->
 *          struct http_who, sessions
 * Owns     the lists of users and tokens as read, the sessions, the attempts.
 * Threads  any; a lock of its own, never held while a password is compared.
 * Limits   those of accounts.h, sessions.h, attempts.h, passwords.h.
 *
 * The files are read again when they have changed, at the next request: a user
 * who was removed, or whose password or role is another one, is signed out
 * with it. A token is looked up in the file's list each time.
 */
#ifndef TALLYLINE_COMMON_PEOPLE_ACCESS_H
#define TALLYLINE_COMMON_PEOPLE_ACCESS_H

#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/http/http.h"
#include "common/people/accounts.h"

#define ACCESS_COOKIE_SIZE 32u

struct access; /* opaque */

struct access_options { /* borrowed for its life */
    const char *directory;
    const struct accounts_rules *rules;
    const struct clock *clock;
    /* Browsers do not part cookies by port: a name for each server. */
    const char *cookie;
};

/* Reads the files of the directory; one that cannot be read is logged, and
 * nobody signs in by it until it can. */
MUST_USE enum status access_open(const struct access_options *options,
                                 struct access **access);
/* After the server is closed. */
void access_close(struct access **access);

/* Fills in who asks. */
void access_who(struct access *access, const struct http_request *request,
                struct http_who *who);
/* Whether who is signed in still is: for streams, which go on. A token has no
 * session: by its name and hash. */
bool access_still(struct access *access, const struct http_who *who);

/* Everybody who has a name and a password, in the order of the file. */
void access_list(struct access *access,
                 void (*tell)(void *owner, const struct account *account),
                 void *owner);

struct access_counts {
    uint64_t signed_in, wrong, too_often;
    size_t sessions;
};
void access_counts(struct access *access, struct access_counts *counts);

/* Handlers: POST, GET and DELETE of /api/v1/session. Who does not fit, and GET
 * where nobody is, is told {"signed_in": false}: the route of GET is public. */
void access_sign_in(struct access *access, struct http_request *request,
                    struct http_reply *reply);
void access_tell(struct access *access, const struct http_request *request,
                 struct http_reply *reply);
void access_sign_out(struct access *access, struct http_request *request,
                     struct http_reply *reply);

#endif
