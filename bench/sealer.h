/* sealer - an office's batches, made in memory as its agent would make them.
 *
 * Flow     workload -> [sealer] -> admit
 * Owns     the batches of one block at a time; free with sealer_free().
 * Threads  one each; different sealers may fill side by side.
 * Limits   SEALER_BATCHES_MAX batches a block.
 */
#ifndef TALLYLINE_BENCH_SEALER_H
#define TALLYLINE_BENCH_SEALER_H

#include "bench/rig.h"
#include "bench/workload.h"
#include "common/format/batch.h"

#define SEALER_BATCHES_MAX 64u

struct sealer {
    struct workload_stream *stream;
    struct public_key link; /* the office's key on the line */
    struct sign_keys keys;
    struct batch_header next;
    struct batch_codec *codec;
    struct buffer payload, event;
    struct buffer batches[SEALER_BATCHES_MAX];
    uint32_t count;
};

/* Takes over the office's stream, of which nothing has been sealed. Gives. */
struct sealer *sealer_new(const struct rig_office *office,
                          struct workload_stream *stream);
void sealer_free(struct sealer **sealer);
/* Seals the stream's next `count` full batches in place of the last ones. */
void sealer_fill(struct sealer *sealer, uint32_t count);

#endif
