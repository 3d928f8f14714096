/* answers - what was made for somebody, kept for who asks the same next.
 *
 * Flow     views -> [answers] -> replies
 * Owns     the answers, each counted: the last one who lets go frees it.
 * Threads  any; a lock of its own, never held while bytes are made or sent.
 * Limits   ANSWERS_MAX answers and ANSWERS_BYTES_MAX bytes; what was used least
 *          goes first.
 *
 * An answer never changes. It says of which position it is, so that one that
 * is a moment old is no wrong answer, only an earlier one.
 */
#ifndef TALLYLINE_COLLECTOR_ANSWERS_H
#define TALLYLINE_COLLECTOR_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/api/query.h"
#include "common/base/bytes.h"
#include "common/base/status.h"

#define ANSWERS_MAX       256u
#define ANSWERS_BYTES_MAX (64u << 20)
#define ANSWER_ETAG_SIZE  72u /* with the closing zero */

/* What an answer was made of: what changes it. */
struct answer_label {
    uint64_t position, generation;
    uint64_t standing; /* of the lines; 0: it does not depend on them */
    int32_t today;
};

struct answer {
    struct query query;
    struct answer_label label;
    int64_t made_at; /* monotonic */
    int64_t took_us; /* to make it */
    unsigned status; /* of HTTP: 200, or why there is no body */
    const char *why; /* of a problem; static, or NULL */
    char etag[ANSWER_ETAG_SIZE];
    struct buffer body;
};

/* A new answer that its maker holds. NULL: no memory. */
struct answer *answer_new(const struct query *query);
struct answer *answer_hold(struct answer *answer);
/* NULL afterwards; accepts NULL. */
void answer_release(struct answer **answer);
/* The same, for http_reply_borrow(). */
void answer_let_go(void *answer);

struct answers; /* opaque */

struct answers *answers_new(void);
void answers_free(struct answers **answers);
/* Takes the place of an older one of the same query; holds it by itself. */
void answers_put(struct answers *answers, struct answer *answer);
/* The newest of the query, held for the caller; NULL: none. */
struct answer *answers_get(struct answers *answers, const struct query *query);
/* How many are kept, and their bytes. */
void answers_size(struct answers *answers, size_t *count, size_t *bytes);

#endif
