/* users_change - one change of the files that say who may look.
 *
 * Flow     cmd_users*.c -> [users_change] -> accounts
 * Owns     a lock and a list, until users_change_end().
 * Threads  one.
 *
 * Every call writes its own message.
 */
#ifndef TALLYLINE_COLLECTOR_USERS_CHANGE_H
#define TALLYLINE_COLLECTOR_USERS_CHANGE_H

#include "collector/api/roles.h"
#include "collector/province/directory.h"
#include "common/base/args.h"
#include "common/base/status.h"

/* One change of one file, or a look at it. */
struct users_change {
    const struct args *args;
    struct directory directory;
    enum accounts_kind kind;
    struct accounts accounts;
    int lock;
};

/* Takes the lock and reads; users_change_end() in every case. */
MUST_USE enum status users_change_begin(struct users_change *change,
                                        const struct args *args,
                                        enum accounts_kind kind);
void users_change_end(struct users_change *change);

/* The first operand, into an account that is empty otherwise. STATUS_USAGE. */
MUST_USE enum status users_read_name(const struct args *args,
                                     struct account *account);
/* --role and --unit. STATUS_USAGE. */
MUST_USE enum status users_read_role(const struct args *args,
                                     struct account *account);
/* There is no such name as the first operand. STATUS_NOT_FOUND. */
MUST_USE enum status users_say_unknown(const struct args *args);
/* Adds and saves. STATUS_EXISTS and what accounts_save() has. */
MUST_USE enum status users_add_account(struct users_change *change,
                                       const struct account *account);
/* Removes the first operand. STATUS_NOT_FOUND and the same. */
MUST_USE enum status users_remove_from(const struct args *args,
                                       enum accounts_kind kind);

#endif
