/* link_guard - ends links whose peers send without ever finishing a message,
 * and those that are too many.
 *
 * Flow     intake, feed -> [link_guard] -> the connections' descriptors
 * Owns     one thread and a number for each descriptor; the descriptors stay
 *          libzmq's.
 * Threads  any thread accepts and takes, each for the links of its own sockets;
 *          the guard runs on its own.
 * Limits   LINK_GUARD_PEER_BYTES_MAX of one peer, LINK_GUARD_ALL_BYTES_MAX of
 *          all; LINK_GUARD_KEY_LINKS_MAX links of a key, LINK_GUARD_SILENT_MAX
 *          of an address that have not said whose they are; descriptors below
 *          LINK_GUARD_FDS_MAX.
 *
 * libzmq hands a message on when its last part is there, and bounds the size
 * of a part but not their number: a peer with a good key could fill the
 * memory with a message that never ends. How much came in over a connection
 * the kernel counts; what of it was not handed on lies in libzmq. The guard
 * looks every LINK_GUARD_TICK_MS and shuts down the connection that is beyond
 * the limit; libzmq then throws away what it had of the message.
 *
 * Whose a link is it says with its first whole message: from then on it counts
 * for its key, before for its address (an IPv6 one: the first half of it). The
 * bytes of all links of one key or address are bounded together, so that more
 * links give nobody more memory. Of too many links the oldest is shut down: an
 * office behind an address full of silent links gets in all the same, and one
 * that comes again is not kept out by what is left of its own former links.
 *
 * An honest office has at most its credit on the way, which is below both
 * limits (agents.h), even while nothing is handed on.
 *
 * Failure modes: where the kernel does not tell, nothing is cut, and the
 * process's memory is bounded from outside only. A descriptor that is used
 * again between two looks is looked at as a new one: all doors of a process
 * share one guard, or the link of one would be measured by what another's sent
 * under the same number.
 *
 * Invariants
 *   I11  what links have sent and nobody could read yet is bounded.
 */
#ifndef TALLYLINE_COLLECTOR_LINK_GUARD_H
#define TALLYLINE_COLLECTOR_LINK_GUARD_H

#include <stdint.h>

#include "common/base/status.h"
#include "common/format/sign.h"

#define LINK_GUARD_PEER_BYTES_MAX (UINT64_C(16) * 1024 * 1024)
#define LINK_GUARD_ALL_BYTES_MAX  (UINT64_C(320) * 1024 * 1024)
#define LINK_GUARD_KEY_LINKS_MAX  16u
#define LINK_GUARD_SILENT_MAX     256u
#define LINK_GUARD_TICK_MS        50
#define LINK_GUARD_FDS_MAX        65536

struct link_guard; /* opaque */

/* STATUS_MEMORY. */
MUST_USE enum status link_guard_start(struct link_guard **guard);
/* Ends the thread and waits for it. */
void link_guard_stop(struct link_guard **guard);

/* A connection was accepted: from now on it is watched. */
void link_guard_accept(struct link_guard *guard, int fd);
/* A whole message came over it and was taken; `key` says whose the link is,
 * NULL: nobody's that is known. */
void link_guard_taken(struct link_guard *guard, int fd,
                      const struct public_key *key);
/* How many connections were shut down. */
uint64_t link_guard_cut(const struct link_guard *guard);

#endif
