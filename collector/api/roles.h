/* roles - who may look at the province's pages, and at what.
 *
 * Flow     routes, queries, `users` -> [roles] -> accounts.h
 * Owns     constants. Threads  any.
 */
#ifndef TALLYLINE_COLLECTOR_ROLES_H
#define TALLYLINE_COLLECTOR_ROLES_H

#include "common/people/accounts.h"

/* One bit each. */
#define ROLE_VIEWER   UINT32_C(1)  /* figures of the whole province */
#define ROLE_OFFICER  UINT32_C(2)  /* and late items, outcomes to mend */
#define ROLE_AUDITOR  UINT32_C(4)  /* and events, and nothing is hidden */
#define ROLE_ADMIN    UINT32_C(8)  /* everything */
#define ROLE_DISTRICT UINT32_C(16) /* its unit and what is below it */

#define ROLES_ALL \
    (ROLE_VIEWER | ROLE_OFFICER | ROLE_AUDITOR | ROLE_ADMIN | ROLE_DISTRICT)
#define ROLES_PROVINCE (ROLE_VIEWER | ROLE_OFFICER | ROLE_AUDITOR | ROLE_ADMIN)
#define ROLES_AUDITOR  (ROLE_AUDITOR | ROLE_ADMIN)

extern const struct accounts_rules province_people;

#endif
