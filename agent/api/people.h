/* people - who may use the office's page.
 *
 * Flow     `people` commands -> DIR/people, DIR/links -> [people] -> sessions
 * Owns     constants; the files are accounts.h's.
 * Threads  any.
 *
 * A name is for choosing oneself from a list and never leaves the machine; what
 * goes into an event is the role.
 */
#ifndef TALLYLINE_AGENT_PEOPLE_H
#define TALLYLINE_AGENT_PEOPLE_H

#include "common/http/http.h"
#include "common/people/accounts.h"

#define PERSON_CLERK          UINT32_C(1)
#define PERSON_OFFICER        UINT32_C(2)
#define PERSON_HEAD_OF_OFFICE UINT32_C(4)
#define PERSON_COLLABORATOR   UINT32_C(8)
/* Of a route: for all who have signed in. */
#define ROLES_ANY                                            \
    (PERSON_CLERK | PERSON_OFFICER | PERSON_HEAD_OF_OFFICE | \
     PERSON_COLLABORATOR)

#define PERSON_PIN_MIN 6u /* digits */
#define PERSON_PIN_MAX 32u

extern const struct accounts_rules office_people;

/* The value of enum Role that goes into this person's events. */
uint32_t person_event_role(const struct http_who *who);

/* Handlers; their context is a struct site. */
void people_sign_in(void *context, struct http_request *request,
                    struct http_reply *reply);
void people_tell_session(void *context, struct http_request *request,
                         struct http_reply *reply);
void people_sign_out(void *context, struct http_request *request,
                     struct http_reply *reply);
/* Whom one can sign in as: names and roles. */
void people_list(void *context, struct http_request *request,
                 struct http_reply *reply);

#endif
