/* zap - who may open a link: the collector's own ZAP handler.
 *
 * Flow     libzmq's I/O thread -> [zap] -> yes or no for a CURVE key
 * Owns     one thread and the socket inproc://zeromq.zap.01 of the context.
 * Threads  any may set keys, one after the other; the handler runs on its own
 *          and is reached by messages only.
 * Limits   ZAP_KEYS_MAX keys a domain.
 *
 * It must run before any socket is bound, and that socket must have a ZAP
 * domain and the option that enforces it: without them libzmq lets every
 * stranger in. intake does both and tries it out.
 *
 * The user id of a link is its CURVE key in lower case hex. A revoked key is
 * in the table too: it is let in, and told that it is revoked.
 *
 * Each domain has a table of its own: a key that may come in by one door is
 * unknown at the others.
 *
 * Failure modes: without an answer (the thread is gone) handshakes fail; a
 * request that is not understood is answered 400; a table that does not reach
 * the thread is STATUS_IO and the old one stays.
 */
#ifndef TALLYLINE_COLLECTOR_ZAP_H
#define TALLYLINE_COLLECTOR_ZAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/sign.h"

/* An agent has a key of its own and one to join with. */
#define ZAP_KEYS_MAX (2u * CONTEXT_AGENTS_MAX)

/* Doors, each with its own keys. */
enum zap_domain {
    ZAP_LINE,       /* of the offices */
    ZAP_FEED,       /* whoever may see the province's figures */
    ZAP_FEED_AUDIT, /* whoever may see everything */
    ZAP_DOMAIN_END
};

/* What a socket is given as its domain. */
const char *zap_domain_name(enum zap_domain domain);

struct zap; /* opaque */

/* Starts the handler with an empty table: nobody is let in. `context` is the
 * process's ZeroMQ context, borrowed. STATUS_BUSY when the context has a
 * handler already, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status zap_start(void *context, struct zap **zap);
/* Ends the thread and waits for it. */
void zap_stop(struct zap **zap);

/* Replaces the table of a domain; returns when it is in force. STATUS_FULL
 * above ZAP_KEYS_MAX. */
MUST_USE enum status zap_set_domain(struct zap *zap, enum zap_domain domain,
                                    const struct public_key keys[],
                                    size_t count);
/* The same of ZAP_LINE. */
MUST_USE enum status zap_set_keys(struct zap *zap,
                                  const struct public_key keys[], size_t count);

/* Lets unknown keys in by ZAP_LINE too, or no longer: while nobody knows any
 * more who belongs to the province. Our own try is turned away all the same. */
MUST_USE enum status zap_let_strangers(struct zap *zap, bool in);

/* The next key that is our own try, which is refused without a word in the
 * log. Statuses as zap_set_keys(). */
MUST_USE enum status zap_expect(struct zap *zap, enum zap_domain domain,
                                const struct public_key *key);

struct zap_counts {
    uint64_t allowed;
    uint64_t denied;
    uint64_t malformed;
};
void zap_counts(const struct zap *zap, struct zap_counts *counts);

#endif
