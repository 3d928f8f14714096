/* backlog - offices whose spools are full of sealed events.
 *
 * Flow     workload -> [backlog] -> spools of a rig's offices
 * Owns     nothing.
 * Threads  one; makes one a stream meanwhile.
 */
#ifndef TALLYLINE_BENCH_BACKLOG_H
#define TALLYLINE_BENCH_BACKLOG_H

#include "bench/rig.h"
#include "bench/workload.h"

/* Enrols an office for the districts of a stream; the stream is its agent's
 * from then on. */
struct rig_office *backlog_office(struct rig *rig, struct workload *workload,
                                  uint32_t stream);
/* Enrols an office for the districts of each stream, and saves and seals the
 * stream's events there. `offices` gets one for each stream. */
void backlog_make(struct rig *rig, struct workload *workload,
                  struct rig_office *offices[WORKLOAD_STREAMS_MAX]);

/* The city's own office, beside the streams. */
struct rig_office *backlog_city_office(struct rig *rig);
/* An event of that office; for struct rig_source, whose owner is not used. */
void backlog_city_event(void *owner, struct event *event);

#endif
