/* spool_versions - an event and what corrects it, as far as this office knows.
 *
 * Flow     spool -> [spool_versions] -> event, entry, void, source
 * Owns     its value; free with versions_free().
 * Threads  the daemon's.
 * Limits   SPOOL_CORRECTIONS_MAX corrections of one event.
 *
 * By the rule of the fold (decision 0007): a correction names the first version
 * and the one that it replaces. Among those that name the version that stands a
 * void ends it, else the one with the greatest id is next.
 */
#ifndef TALLYLINE_AGENT_SPOOL_VERSIONS_H
#define TALLYLINE_AGENT_SPOOL_VERSIONS_H

#include "agent/spool/spool.h"
#include "agent/spool/spool_outbox.h"

/* The type of an event that voids another. */
#define VERSIONS_VOID 20u

struct version {
    uint64_t id, parent; /* 0: the first one */
    bool here;           /* else another office's, or gone: */
    bool voids;
    enum spool_state state;
    struct event event;
};

struct versions {
    uint64_t root, head;
    bool voided;
    struct version at[SPOOL_CORRECTIONS_MAX + 1u]; /* first the first one */
    size_t count;
};

/* Of the thing that `id`, an event or a correction, is a version of. Gives.
 * STATUS_NOT_FOUND, STATUS_MEMORY, or what the spool answers. */
MUST_USE enum status versions_new(struct spool *spool, uint64_t id,
                                  struct versions **versions);
void versions_free(struct versions **versions);

enum versions_standing {
    VERSIONS_STANDS, /* or it is not here any more: the province looks at it */
    VERSIONS_VOIDED,
    VERSIONS_REPLACED
};

/* How what the event corrects stands by now. STATUS_MEMORY, or what the spool
 * answers. */
MUST_USE enum status versions_stand(struct spool *spool,
                                    const struct event *event,
                                    enum versions_standing *standing);

#endif
