/* control - signed documents of the province: plan, units, agents, orders.
 *
 * Flow     command -> [control] -> ledger -> context, and down to the agents
 * Owns     struct control holds copies; free it with control_free().
 * Threads  any.
 * Limits   CONTROL_BYTES_MAX a document.
 *
 * A document is the bytes of a ControlBody (proto/ledger.proto), the public
 * key of the administrator and the signature. What was signed is kept.
 */
#ifndef TALLYLINE_COMMON_CONTROL_H
#define TALLYLINE_COMMON_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define CONTROL_BYTES_MAX      (1024u * 1024u)
#define CONTROL_FILES_MAX      16u
#define CONTROL_SCOPES_MAX     32u
#define CONTROL_UNITS_MAX      64u
#define CONTROL_NAME_MAX       128u
#define CONTROL_PROGRAMMES_MAX 8u
#define CONTROL_SUCCEEDS_MAX   16u
#define CONTROL_MISSING_MAX    1024u /* runs of missing numbers */

/* Numbers as in enum ControlKind of proto/ledger.proto. */
enum control_kind {
    CONTROL_GENESIS = 1,
    CONTROL_PLAN,
    CONTROL_UNITS,
    CONTROL_VOCABULARY,
    CONTROL_ENROLMENT,
    CONTROL_JOINED,
    CONTROL_KEY_CHANGE,
    CONTROL_EPOCH_OPENED,
    CONTROL_REVOCATION,
    CONTROL_REPORT_FREEZE,
    CONTROL_BACKUP_MARK,
    CONTROL_COLD_MOVE,
    CONTROL_ERASURE_ORDER,
    CONTROL_BREAK
};

struct control_file {
    char name[CONTROL_NAME_MAX];
    struct bytes content;
};

struct control_scope {
    uint32_t unit;
    uint32_t office;
    uint32_t area[CONTROL_UNITS_MAX];
    uint32_t area_count;
    uint32_t programmes[CONTROL_PROGRAMMES_MAX];
    uint32_t programme_count; /* 0: every programme */
    int32_t from, to;         /* dates of events, inclusive */
    uint32_t corrects_for[CONTROL_UNITS_MAX];
    uint32_t corrects_for_count;
};

/* An agent whose office was closed, and the last day on which what it still
 * sends may be received. */
struct control_succession {
    uint32_t agent_number;
    int32_t until;
};

struct control_genesis {
    struct random_id ledger_id;
    char origin[CONTROL_NAME_MAX];
    uint32_t unit;
    struct public_key administrator;
    struct public_key ledger_key;
};

struct control_file_set { /* plan, units, vocabulary */
    char id[CONTROL_NAME_MAX];
    uint32_t revision;
    struct control_file files[CONTROL_FILES_MAX];
    uint32_t file_count;
};

struct control_enrolment {
    uint32_t agent_number;
    char name[CONTROL_NAME_MAX];
    struct control_scope scopes[CONTROL_SCOPES_MAX];
    uint32_t scope_count;
    struct control_succession succeeds[CONTROL_SUCCEEDS_MAX];
    uint32_t succeeds_count;
    struct public_key join_key;
    int64_t join_until; /* microseconds UTC; 0: no join key */
    bool rotates;
    bool again; /* with `rotates`: for a machine in place of a lost one */
};

struct control_joined {
    uint32_t agent_number;
    struct random_id agent_id;
    struct random_id epoch;
    uint32_t epoch_ordinal;
    struct public_key curve_key;
    struct public_key sign_key;
    struct public_key join_key;
};

struct control_key_change {
    uint32_t agent_number;
    struct public_key curve_key;
    struct public_key sign_key;
    struct public_key join_key;
};

struct control_epoch {
    uint32_t agent_number;
    struct random_id epoch;
    uint32_t epoch_ordinal;
    struct random_id previous;
    uint64_t previous_next_seq;
};

struct control_revocation {
    uint32_t agent_number;
    int64_t review_from; /* microseconds UTC of receipt; 0: none */
};

struct control_freeze { /* of a report */
    char plan_id[CONTROL_NAME_MAX];
    uint32_t regime;
    uint32_t period_kind;
    uint32_t period_key;
    uint32_t unit;
    uint64_t at_index;
    struct digest figures;
};

struct control_backup_mark {
    uint64_t up_to_index;
    struct digest root;
    struct random_id backup_id;
};

struct control_cold_move {
    uint64_t from_index;
    uint64_t to_index;
    struct digest file;
};

struct control_erasure_order {
    uint64_t index;
    struct digest digest;
    uint32_t order_number;
    uint32_t order_year;
    /* What the fold reads in the batch's place (contribution.h); a batch by
     * form, at most BATCH_BYTES_MAX. */
    struct bytes contribution;
};

/* Numbers as in enum BreakReason of proto/ledger.proto. */
enum control_break_reason {
    CONTROL_BREAK_ENTRIES_LOST = 1,
    CONTROL_BREAK_KEYS_LOST = 2
};

struct control_run {
    uint64_t from, to; /* [from, to) */
};

/* Numbers that are missing for good, new keys, or both. */
struct control_break {
    uint64_t old_size;
    struct digest old_root;
    struct digest new_root;
    struct control_run missing[CONTROL_MISSING_MAX]; /* ascending, apart */
    uint32_t missing_count;
    struct public_key administrator; /* zero: the keys stay */
    struct public_key ledger_key;
    uint32_t reason;
};

struct control {
    enum control_kind kind;
    int64_t created_at;
    struct random_id nonce;
    union {
        struct control_genesis genesis;
        struct control_file_set files; /* plan, units, vocabulary */
        struct control_enrolment enrolment;
        struct control_joined joined;
        struct control_key_change key_change;
        struct control_epoch epoch;
        struct control_revocation revocation;
        struct control_freeze freeze;
        struct control_backup_mark backup_mark;
        struct control_cold_move cold_move;
        struct control_erasure_order erasure_order;
        struct control_break broken;
    };
    void *owned; /* by control_open(): what the ranges above point into */
};

/* Whether the break brings new keys; it is signed with the new administrator's
 * then, for nobody has the old one any more. */
bool control_changes_keys(const struct control_break *broken);

/* Whether the break says why a checkpoint over `size` entries may have another
 * root than the ledger has. What lies before the first missing number is what
 * it was, and who only lost the keys has lost no entry. */
bool control_break_explains(const struct control_break *broken, uint64_t size);

/* Packs and signs `control` (created_at and nonce are the caller's) and appends
 * the document to `out`, whose limit is at least CONTROL_BYTES_MAX.
 * STATUS_INVALID: beyond the limits, or a name that is empty or no text, or a
 * file name that is no base name or is there twice; STATUS_FULL: larger than
 * CONTROL_BYTES_MAX; STATUS_MEMORY. `out` is unchanged then. */
MUST_USE enum status control_sign(const struct control *control,
                                  const struct sign_keys *keys,
                                  struct buffer *out);
/* Checks the signature and reads the document. Gives `control` (heap).
 * `administrator` NULL takes the key that the document names (entry 0 only).
 * STATUS_REFUSED: wrong key or signature; STATUS_INVALID: not a document, or
 * beyond the limits; STATUS_VERSION: a version, a kind or a field that this
 * program does not know; STATUS_MEMORY. */
MUST_USE enum status control_open(struct bytes document,
                                  const struct public_key *administrator,
                                  struct control **control);
/* The same of the next document of a ledger whose administrator's key is
 * `administrator` (NULL: entry 0). A break that brings a new key is taken with
 * that key's signature: whether the new key is the province's, no old key says.
 */
MUST_USE enum status control_open_next(struct bytes document,
                                       const struct public_key *administrator,
                                       struct control **control);
void control_free(struct control **control);

#endif
