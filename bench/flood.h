/* flood - offices that pour in what they can, for benches of the whole line.
 *
 * Flow     workload -> [flood] -> offices' spools -> agents -> collector
 * Owns     the workload; the rig has the offices and the programs.
 * Threads  the caller's; one an office while it fills.
 */
#ifndef TALLYLINE_BENCH_FLOOD_H
#define TALLYLINE_BENCH_FLOOD_H

#include <stdint.h>

#include "bench/rig.h"
#include "bench/workload.h"

#define FLOOD_OFFICES 6u

struct flood {
    struct rig *rig; /* borrowed */
    struct workload *workload;
    struct rig_office *offices[FLOOD_OFFICES];
};

/* Offices of Hà Nội with `events` to come in all, over a year; the collector
 * runs. */
void flood_open(struct flood *flood, struct rig *rig, uint32_t events);
void flood_close(struct flood *flood);
/* So many events, saved and sealed while no agent runs. */
void flood_fill(struct flood *flood, uint32_t events);
/* Pours in what was filled, until all of it is counted. Events a second until
 * the last was durable with its receipt, and until the last was counted. */
void flood_pour(struct flood *flood, uint32_t events, double *received,
                double *counted);

#endif
