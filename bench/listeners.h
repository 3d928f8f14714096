/* listeners - programs that follow the live feed: some read all they get and
 * ask for what they missed, some read nothing.
 *
 * Flow     the feed's two sockets -> [listeners] -> what was heard
 * Owns     its sockets and a thread.
 * Threads  one of its own; the calls below are the caller's.
 * Limits   LISTENERS_MAX of each kind.
 */
#ifndef TALLYLINE_BENCH_LISTENERS_H
#define TALLYLINE_BENCH_LISTENERS_H

#include <stdint.h>

#include "common/format/sign.h"

#define LISTENERS_MAX     64u
#define LISTENERS_WAIT_MS 20000

struct listeners; /* opaque */

struct listeners_options {
    const char *publish, *snapshot; /* borrowed: addresses of one door */
    const struct curve_keys *keys;  /* borrowed: one key for all */
    struct public_key server;
    unsigned reading, deaf;
};

struct listeners_seen {
    uint64_t messages, bytes; /* published, of all who read */
    uint64_t pages;           /* asked for */
    uint64_t entries;         /* that the first of them has, each once */
    uint64_t gaps;            /* that the first of them met */
};

/* Subscribes them all; those who read do so from now on. */
struct listeners *listeners_open(const struct listeners_options *options);
/* Waits until the first has every entry before `end`, but at most
 * LISTENERS_WAIT_MS; gives how long that was, in milliseconds. */
double listeners_wait(struct listeners *listeners, uint64_t end);
void listeners_close(struct listeners **listeners, struct listeners_seen *seen);

#endif
