/* feeder - sends an office's sealed batches at a pace, as its daemon would.
 *
 * Flow     spool -> [feeder] ))) CURVE ((( collector
 * Owns     its connection.
 * Threads  one each; none else uses the office's spool meanwhile.
 * Limits   FEEDER_FLIGHT_MAX batches without a receipt.
 *
 * A daemon sends as fast as it can. To load a collector by half, batches must
 * leave at times that the benchmark chooses.
 */
#ifndef TALLYLINE_BENCH_FEEDER_H
#define TALLYLINE_BENCH_FEEDER_H

#include "bench/rig.h"

#define FEEDER_FLIGHT_MAX 32u

struct feeder; /* opaque */

/* Connects and says hello. `context` is ZeroMQ's. Gives. */
struct feeder *feeder_open(void *context, const struct rig *rig,
                           struct rig_office *office);
void feeder_close(struct feeder **feeder);
/* Sends the next batch; false when there is none or too many have no receipt
 * yet. */
bool feeder_send(struct feeder *feeder);
/* Takes what came down. */
void feeder_take(struct feeder *feeder);
/* Events with a receipt so far. */
uint64_t feeder_received(const struct feeder *feeder);
bool feeder_empty(const struct feeder *feeder);

#endif
