/* passwords - compared on threads of their own, because it takes long.
 *
 * Flow     sign-in -> [passwords] -> taker
 * Owns     the threads and what waits.
 * Threads  passwords_ask() any; a taker is called on one of the threads.
 * Limits   PASSWORDS_AT_ONCE compared at a time, each with the memory
 *          that the rules say (accounts.h),
 *          PASSWORDS_WAITING_MAX wait, PASSWORD_SIZE - 1 bytes each.
 *
 * A name that nobody has is compared with a text of the same cost, so that the
 * time says nothing.
 */
#ifndef TALLYLINE_COMMON_PEOPLE_PASSWORDS_H
#define TALLYLINE_COMMON_PEOPLE_PASSWORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/status.h"
#include "common/people/accounts.h"

#define PASSWORDS_AT_ONCE     2u
#define PASSWORDS_WAITING_MAX 32u
#define PASSWORD_SIZE         257u /* with the closing zero */
#define PASSWORD_MIN          8u   /* letters of a new one */

/* Makes what is kept of a password. STATUS_MEMORY. */
MUST_USE enum status password_hash(const struct accounts_rules *rules,
                                   const char *password,
                                   char secret[ACCOUNT_SECRET_SIZE]);

struct passwords; /* opaque */

MUST_USE enum status passwords_open(const struct accounts_rules *rules,
                                    struct passwords **passwords);
/* What waits is answered with "wrong"; then the threads end. */
void passwords_close(struct passwords **passwords);

/* Compares with `secret`, NULL: nobody's. The taker is called once; false:
 * too many wait, and it is not called. */
typedef void passwords_taker(void *owner, bool right);
bool passwords_ask(struct passwords *passwords, const char *password,
                   const char *secret, passwords_taker *take, void *owner);

#endif
