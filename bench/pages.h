/* pages - what open dashboards do to a collector: streams that are read, and
 * overviews that are asked for.
 *
 * Flow     bench -> [pages] -> the collector's interface
 * Owns     its connections and a thread.
 * Threads  one of its own; the calls below are the caller's.
 * Limits   PAGES_MAX streams, PAGES_TIMES_MAX measured requests.
 */
#ifndef TALLYLINE_BENCH_PAGES_H
#define TALLYLINE_BENCH_PAGES_H

#include <stddef.h>
#include <stdint.h>

#define PAGES_MAX       64u
#define PAGES_TIMES_MAX 65536u
#define PAGES_ASK_US    INT64_C(20000) /* between two measured requests */

struct pages; /* opaque */

struct pages_seen {
    double ms[PAGES_TIMES_MAX]; /* of each overview */
    size_t count;
    uint64_t events; /* on all streams */
    size_t largest;  /* bytes of an overview */
};

/* What the figures' thread has spent its time on so far, in seconds. */
enum pages_work {
    PAGES_FOLDING,
    PAGES_ANSWERING,
    PAGES_DOCUMENTS,
    PAGES_SAVING,
    PAGES_WORK_END
};
void pages_busy(uint16_t port, const char *token, double busy[PAGES_WORK_END]);

/* Opens `streams` streams at the port with that token, and begins to ask for
 * overviews. */
struct pages *pages_open(uint16_t port, const char *token, unsigned streams);
/* Ends it; `seen` gets what there was. */
void pages_close(struct pages **pages, struct pages_seen *seen);

#endif
