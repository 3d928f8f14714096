/* office - everything that a command needs of an office's directory.
 *
 * Flow     --dir -> [office] -> config, spool, context -> commands, daemon
 * Owns     the open spool and the context; close with office_close().
 * Threads  one, as the spool.
 *
 * The directory holds agent.yaml, spool.mdb, keys/, agent.lock (held by the
 * daemon) and agent.sock (its ear for new events). The context is made of the
 * control documents in the spool, each checked against the administrator's
 * key in agent.yaml, so that entry is judged as the province will judge it.
 */
#ifndef TALLYLINE_AGENT_OFFICE_H
#define TALLYLINE_AGENT_OFFICE_H

#include <stdbool.h>

#include "agent/office/config.h"
#include "agent/spool/spool.h"
#include "common/base/args.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/plan/plan_files.h"

#define OFFICE_DIR      "/var/lib/tallyline-agent"
#define OFFICE_PATH_MAX 512u /* with the closing zero */

/* That make the context: plans, and four others. */
#define OFFICE_DOCUMENTS (CONTEXT_PLANS_MAX + 4u)

/* Names below the directory. */
#define OFFICE_CONFIG_FILE "agent.yaml"
#define OFFICE_SPOOL_FILE  "spool.mdb"
#define OFFICE_KEYS_FOLDER "keys"
#define OFFICE_SIGN_FILE   "keys/sign.key"
#define OFFICE_CURVE_FILE  "keys/curve.key"
#define OFFICE_LOCK_FILE   "agent.lock"
#define OFFICE_SOCKET_FILE "agent.sock"

/* The row of an option table that every command has. */
#define OFFICE_DIR_OPTION_VI \
    "thư mục dữ liệu (mặc định: $TALLYLINE_DIR hoặc " OFFICE_DIR ")"
#define OFFICE_DIR_OPTION_EN \
    "data directory (default: $TALLYLINE_DIR or " OFFICE_DIR ")"

struct office {
    char dir[OFFICE_PATH_MAX];
    enum language language;
    struct config config;
    struct spool *spool;
    struct spool_identity identity;
    struct context *context;
    /* What the context was made of, for office_refresh(). */
    struct digest documents[OFFICE_DOCUMENTS];
    /* This office in the context; NULL until its enrolment has come down. */
    const struct context_agent *agent;
};

/* What --dir says, else TALLYLINE_DIR, else OFFICE_DIR. */
const char *office_dir(const struct args *args);
/* Writes "dir/name". STATUS_INVALID when it does not fit. */
MUST_USE enum status office_path(const char *dir, const char *name,
                                 char path[OFFICE_PATH_MAX]);
/* STATUS_REFUSED, with its message written, when root would write among
 * another user's files, which that user could not open afterwards. */
MUST_USE enum status office_check_owner(const struct args *args,
                                        const char *dir);
/* Opens the office that the command line names. Gives `office`. Every failure
 * has been explained on stderr: STATUS_CONFIG (not joined, or agent.yaml has
 * mistakes), or what spool_open() answered. */
MUST_USE enum status office_open(const struct args *args,
                                 struct office **office);
void office_close(struct office **office);

/* Makes the context anew from the documents in the spool when new ones have
 * come down since the last time, and otherwise does nothing: for who keeps an
 * office open. Not STATUS_OK: the context may not be what the documents say. */
MUST_USE enum status office_refresh(struct office *office);

/* Another context, of the same enrolment, with plan, units and vocabulary from
 * files of one's own, which have been checked. Gives `context`. STATUS_INVALID:
 * it contradicts the province's documents; the reason goes to `report`. */
MUST_USE enum status office_own_context(const struct office *office,
                                        const struct plan_files *files,
                                        struct report *report,
                                        struct context **context);

/* Tells a running daemon that there is something to send. True when one hears
 * it; without one nothing is lost, since the spool is what counts. */
bool office_poke(const struct office *office);

#endif
