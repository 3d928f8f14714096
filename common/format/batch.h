/* batch - a sealed run of events, as it is signed, sent, stored and replayed.
 *
 * Flow     spool -> seal -> [batch] -> uplink ))) admit -> ledger -> fold
 * Owns     nothing; the bytes belong to the caller.
 * Threads  any; a struct batch_codec belongs to one at a time.
 * Limits   BATCH_EVENTS_MAX events, BATCH_BYTES_MAX bytes sealed,
 *          BATCH_PAYLOAD_MAX bytes unpacked.
 *
 * Layout (big-endian), version 1. What was signed is what is kept.
 *
 *   offset size
 *        0    4  "TLB1"
 *        4    1  version, 1
 *        5    1  codec: 1 plain, 2 zstd
 *        6    2  zero
 *        8   16  agent id
 *       24   16  epoch
 *       40    4  agent number
 *       44    4  epoch ordinal
 *       48    8  sequence of the first event (from 1 in each epoch)
 *       56    4  count of events, 1 to BATCH_EVENTS_MAX
 *       60    4  size of the unpacked payload
 *       64    8  sealed_at, microseconds UTC
 *       72   32  SHA-256 of the batch before, zero for the first of an epoch
 *      104    4  size of the payload
 *      108    n  payload: each event as varint size and message, in order
 *    108+n   64  Ed25519 over "tallyline batch 1", a zero byte, and all before
 *
 * The hash of a batch is the SHA-256 of all its bytes.
 *
 * Invariants
 *   I8   no event is taken before batch_verify() has checked whose it is.
 *   I11  every size is checked before it is used.
 */
#ifndef TALLYLINE_COMMON_BATCH_H
#define TALLYLINE_COMMON_BATCH_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define BATCH_EVENTS_MAX   2048u
#define BATCH_SEQ_MAX      UINT64_C(0xffffffff) /* of an event in its epoch */
#define BATCH_BYTES_MAX    (256u * 1024u)
#define BATCH_PAYLOAD_MAX  (1024u * 1024u)
#define BATCH_HEADER_BYTES 108u

struct batch_header {
    struct random_id agent;
    struct random_id epoch;
    uint32_t agent_number;
    uint32_t epoch_ordinal;
    uint64_t first_seq;
    uint32_t count;
    uint32_t payload_unpacked;
    uint32_t payload_size;
    int64_t sealed_at;
    struct digest previous;
    uint8_t codec;
};

/* What packing and unpacking need and keep between calls: no allocation for
 * each batch. One for each thread. Gives NULL when there is no memory. */
struct batch_codec; /* opaque */
struct batch_codec *batch_codec_new(void);
void batch_codec_free(struct batch_codec **codec);

/* Builds a batch in `out` (cleared first; its limit is at least
 * BATCH_BYTES_MAX). `payload` holds the events, each with its varint size.
 * Fills the sizes and the codec of `header`, chooses zstd where it helps.
 * STATUS_FULL when the sealed batch would exceed BATCH_BYTES_MAX (the caller
 * takes fewer events). */
MUST_USE enum status batch_seal(struct batch_codec *codec,
                                struct batch_header *header,
                                struct bytes payload,
                                const struct sign_keys *keys,
                                struct buffer *out);
/* Reads and bounds the header; trusts nothing yet. STATUS_INVALID;
 * STATUS_VERSION: from a newer program. */
MUST_USE enum status batch_peek(struct bytes batch,
                                struct batch_header *header);
/* Checks the signature over the whole batch. STATUS_REFUSED if it is wrong. */
MUST_USE enum status batch_verify(struct bytes batch,
                                  const struct public_key *key);
/* Unpacks the payload into `out` (cleared first, reused between calls; its
 * limit is at least BATCH_PAYLOAD_MAX). STATUS_INVALID when it is not what
 * the header says. */
MUST_USE enum status batch_unpack(struct batch_codec *codec, struct bytes batch,
                                  const struct batch_header *header,
                                  struct buffer *out);
/* The same, and `events` (room for header->count) gets where each event lies;
 * valid until `out` changes. */
MUST_USE enum status batch_unpack_events(struct batch_codec *codec,
                                         struct bytes batch,
                                         const struct batch_header *header,
                                         struct buffer *out,
                                         struct bytes events[]);
/* Walks an unpacked payload: takes the next event off the front.
 * STATUS_NOT_FOUND at the end, STATUS_INVALID on a broken size. */
MUST_USE enum status batch_next_event(struct bytes *payload,
                                      struct bytes *event);

#endif
