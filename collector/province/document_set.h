/* document_set - which control documents a ledger has, or a file.
 *
 * Flow     ledger, orders_file -> [document_set] -> carrying
 * Owns     the set; free with document_set_fini().
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_DOCUMENT_SET_H
#define TALLYLINE_COLLECTOR_DOCUMENT_SET_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/format/sign.h"

struct document_place {
    struct digest digest;
    uint64_t number; /* what it was added with */
};

struct document_set {
    struct document_place *items;
    size_t count, room;
};

/* Into memory that is zero. STATUS_MEMORY. */
MUST_USE enum status document_set_add(struct document_set *set,
                                      const struct digest *digest,
                                      uint64_t number);
/* Once, when all were added and before the first question. */
void document_set_sort(struct document_set *set);
/* NULL: it is not among them. */
const struct document_place *document_set_find(const struct document_set *set,
                                               const struct digest *digest);
void document_set_fini(struct document_set *set);

#endif
