/* evidence - one entry of the ledger with what proves it, or one event in it.
 *
 * Flow     "271.1.42", "812" or a hash -> [evidence] -> audit show, audit log
 * Owns     what it decoded; the bytes are the snapshot's.
 * Threads  one.
 * Limits   an event costs two look-ups and one batch, whatever the ledger's
 *          size; a hash that is not a batch's is looked for entry by entry.
 *
 * Invariants
 *   I8  the signature is checked under the key that was in force at the entry.
 */
#ifndef TALLYLINE_COLLECTOR_EVIDENCE_H
#define TALLYLINE_COLLECTOR_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/figures/batch_cache.h"
#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/fold/context.h"
#include "common/format/batch.h"
#include "common/format/control.h"
#include "common/format/entry.h"

enum evidence_signature {
    EVIDENCE_UNSIGNED = 0, /* there are no bytes to look at */
    EVIDENCE_GOOD,
    EVIDENCE_WRONG,
    EVIDENCE_NO_KEY /* no key was in force for it */
};

struct evidence {
    struct entry entry;
    struct digest record; /* SHA-256 of the entry's 112 bytes */
    struct bytes bytes;   /* the batch or control document; may be empty */
    enum status found;    /* of the bytes: STATUS_OK, STATUS_CORRUPT, ... */
    enum evidence_signature signature;
    struct public_key key;      /* under which it was checked */
    struct batch_header header; /* of a batch that can be read */
    bool readable;
    struct control *control; /* of a control entry that can be read */
    uint64_t event;          /* its id; 0: the whole entry was asked for */
};

/* What was asked for. */
struct evidence_name {
    enum {
        EVIDENCE_EVENT,
        EVIDENCE_INDEX,
        EVIDENCE_HASH
    } kind;
    uint64_t number; /* id60, or an index */
    struct digest hash;
};

/* "271.1.42", "812" or 64 hex digits. STATUS_INVALID for anything else. */
MUST_USE enum status evidence_parse(const char *text,
                                    struct evidence_name *name);
/* The entry that is meant: the event's, the one at that index, or the one whose
 * batch, document or record has that hash. STATUS_NOT_FOUND; STATUS_CORRUPT. */
MUST_USE enum status evidence_entry(const struct ledger_snapshot *snapshot,
                                    const struct evidence_name *name,
                                    struct entry *entry);
/* Reads what lies beside the entry and checks the signature. Bytes that are
 * not there or damaged are part of the answer (`found`). Free it with
 * evidence_fini() in every case. STATUS_MEMORY. */
MUST_USE enum status evidence_open(const struct ledger_snapshot *snapshot,
                                   const struct context *context,
                                   const struct entry *entry,
                                   struct evidence *evidence);
void evidence_fini(struct evidence *evidence);

#endif
