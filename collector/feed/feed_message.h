/* feed_message - what a subscriber asks for, and the heads of what it gets.
 *
 * Flow     frames of a request -> [feed_message] -> feed
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   FEED_ASK_FRAMES frames of FEED_ASK_BYTES_MAX bytes.
 *
 * Requests and messages are described in docs/FEED.md.
 */
#ifndef TALLYLINE_COLLECTOR_FEED_MESSAGE_H
#define TALLYLINE_COLLECTOR_FEED_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/say.h"
#include "common/format/sign.h"

#define FEED_ASK_FRAMES    2u
#define FEED_ASK_BYTES_MAX 32u

#define FEED_TOPIC_FIGURES "figures"
#define FEED_TOPIC_ENTRIES "entries"
#define FEED_TOPIC_BEAT    "beat"
#define FEED_TOPIC_LATER   "later"
#define FEED_TOPIC_REFUSED "refused"

enum feed_ask {
    FEED_ASK_FIGURES, /* all of them, as they stand */
    FEED_ASK_ENTRIES  /* a page of the ledger */
};

struct feed_request {
    enum feed_ask what;
    uint64_t from; /* of FEED_ASK_ENTRIES: its first index */
};

/* False: it is no request. */
bool feed_request_read(const struct bytes frames[], size_t count,
                       struct feed_request *request);

/* Begins a message's object with the run that it is of; the caller goes on and
 * ends it. */
void feed_message_begin(struct say *say, struct buffer *out,
                        const struct random_id *run);

#endif
