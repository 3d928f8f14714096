/* wire - what agent and collector say to each other, as values.
 *
 * Flow     uplink <-> [wire] ))) CURVE ((( [wire] <-> intake
 * Owns     a codec owns the memory that unpacked lists and pieces lie in.
 * Threads  a codec belongs to one at a time; the rest is pure.
 * Limits   named below; a message beyond one is STATUS_INVALID. Unpacking
 *          never takes more than WIRE_ARENA_BYTES_MAX of memory.
 *
 * docs/PROTOCOL.md is the specification, proto/uplink.proto the grammar.
 *
 * Invariants
 *   I11  every count, size and text is bounded before it is used.
 */
#ifndef TALLYLINE_COMMON_WIRE_H
#define TALLYLINE_COMMON_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/entry.h"
#include "common/format/merkle.h"
#include "common/format/sign.h"
#include "common/format/wire_refusal.h"

#define WIRE_PROTOCOL           1u
#define WIRE_FRAME_BYTES_MAX    (256u * 1024u)
#define WIRE_FRAMES_MAX         8u /* of a message, frame 0 included */
#define WIRE_BATCHES_MAX        (WIRE_FRAMES_MAX - 1u)
#define WIRE_NAME_MAX           64u /* with the closing zero */
#define WIRE_HAVE_MAX           32u
#define WIRE_PLANS_MAX          16u
#define WIRE_RECEIPTS_MAX       256u
#define WIRE_PIECE_BYTES_MAX    (64u * 1024u)
#define WIRE_DOCUMENT_BYTES_MAX (1024u * 1024u) /* unpacked */
#define WIRE_ARENA_BYTES_MAX    (16u * 1024u * 1024u)
#define WIRE_REGISTER_UNITS_MAX 16u
#define WIRE_REGISTER_ITEMS_MAX 32768u
#define WIRE_OUTCOME_ITEMS_MAX  16384u
#define WIRE_COMPARE_MAX        2048u /* events */
#define WIRE_COMPARE_BYTES_MAX  (4u * 1024u * 1024u)
#define WIRE_CREDIT_BYTES       (4u * 1024u * 1024u) /* usual grant */
#define WIRE_PAIRS_MAX          (WIRE_FRAMES_MAX - 1u)
/* Of the pairs of one message, but for one that is larger by itself. */
#define WIRE_PAIRS_BYTES_MAX WIRE_FRAME_BYTES_MAX
/* A checkpoint with the ledger's signature alone, and with all witnesses'. */
#define WIRE_NOTE_MAX       1024u
#define WIRE_PROOF_NOTE_MAX (192u * 1024u)
#define WIRE_HEARTBEAT_US   (INT64_C(15) * 1000 * 1000)
#define WIRE_DEAD_US        (INT64_C(45) * 1000 * 1000)
/* Two clocks that differ by more are told to people. */
#define WIRE_CLOCKS_DIFFER_US (INT64_C(300) * 1000 * 1000)

/* CURVE: the ZAP domain of the collector's socket. */
#define WIRE_ZAP_DOMAIN "tallyline"

#define WIRE_CAPABILITY_ZSTD    UINT64_C(1)
#define WIRE_CAPABILITY_WITNESS UINT64_C(2)
#define WIRE_CAPABILITY_PAIRS   UINT64_C(4)
/* What this program can. */
#define WIRE_CAPABILITIES \
    (WIRE_CAPABILITY_ZSTD | WIRE_CAPABILITY_WITNESS | WIRE_CAPABILITY_PAIRS)

/* Contexts of sign_make() and sign_verify(). */
#define WIRE_SIGN_JOIN     "tallyline join 1"
#define WIRE_SIGN_ROTATE   "tallyline rotate 1"
#define WIRE_SIGN_EPOCH    "tallyline epoch 1"
#define WIRE_SIGN_DOCUMENT "tallyline document 1"

/* Documents that come down. The last two are packed as wire_walk.h says, all
 * others are signed control documents. Each plan in force is a document of its
 * own: the first is called WIRE_DOCUMENT_PLAN, the others "plan-2", "plan-3"
 * ..., by their places at the province. */
#define WIRE_DOCUMENT_GENESIS    "genesis"
#define WIRE_DOCUMENT_PLAN       "plan"
#define WIRE_DOCUMENT_UNITS      "units"
#define WIRE_DOCUMENT_VOCABULARY "vocabulary"
#define WIRE_DOCUMENT_ENROLMENT  "enrolment"
#define WIRE_DOCUMENT_JOINED     "joined"
#define WIRE_DOCUMENT_BACKUP     "backup"
#define WIRE_DOCUMENT_REGISTERS  "registers"
#define WIRE_DOCUMENT_OUTCOMES   "outcomes"

extern const char *const wire_document_plans[WIRE_PLANS_MAX];

/* Whether a clock that is `ahead` of the other one, in microseconds, is worth
 * telling. */
bool wire_clocks_differ(int64_t ahead);

/* ---- up ---- */

struct wire_join {
    struct random_id agent;
    struct random_id epoch;
    struct public_key curve_key;
    struct public_key sign_key;
    struct signature proof;
};

struct wire_rotate {
    struct random_id agent;
    struct public_key curve_key;
    struct public_key sign_key;
    struct signature proof;
    struct signature proof_old;
};

struct wire_open_epoch {
    struct random_id agent;
    struct random_id epoch;
    struct random_id previous;
    struct signature proof;
};

struct wire_have {
    char name[WIRE_NAME_MAX];
    struct digest digest;
};

/* A note as it stands in a message. */
struct wire_note {
    uint8_t bytes[WIRE_NOTE_MAX];
    size_t size; /* 0: there is none */
};

struct wire_hello {
    uint32_t protocol;
    uint64_t capabilities;
    struct random_id agent;
    struct random_id epoch;
    char software[WIRE_NAME_MAX];
    uint64_t next_seq;
    int64_t now;
    struct wire_have have[WIRE_HAVE_MAX];
    size_t have_count;
    struct wire_note checkpoint; /* the one that it keeps */
    uint64_t next_control; /* behind the last control entry that it mirrors */
    uint64_t last_index;   /* behind the greatest index of its receipts */
    bool follows_breaks;   /* it is of a program that can */
    struct digest last_break; /* the last that it follows; zeros: none */
};

struct wire_agent_heartbeat {
    uint64_t next_seq;
    uint64_t waiting;
    int64_t oldest_waiting;
    uint64_t bytes_used;
    uint64_t bytes_total;
    int64_t now;
    uint32_t frozen; /* why the line stands still from now on; 0: it does not */
};

struct wire_compare {
    struct random_id agent;
    struct random_id epoch;
    uint64_t first_seq;
    uint32_t count;
    struct digest digest; /* of a buffer filled by wire_compare_add() */
};

/* Numbers as in enum Purpose of proto/uplink.proto. */
enum wire_purpose {
    WIRE_PURPOSE_CONTROLS = 1,
    WIRE_PURPOSE_HISTORY = 2
};

/* Entries whose bytes are the frames that follow: see wire_pairs_join(). */
struct wire_pairs {
    uint8_t entries[WIRE_PAIRS_MAX][ENTRY_BYTES];
    size_t count;
    uint64_t done_to;
    bool has_done;    /* always there in a Given */
    uint32_t purpose; /* of a Given; enum wire_purpose, or a newer one */
};

struct wire_taken {
    uint32_t purpose;
    uint64_t done_to;
};

struct wire_cosign {
    uint64_t size;
    int64_t time; /* seconds since 1970, not negative */
    struct signature signature;
};

/* Numbers as in enum ObjectionReason of proto/uplink.proto. */
enum wire_objection_reason {
    WIRE_OBJECTION_SMALLER = 1,
    WIRE_OBJECTION_OTHER_ROOT = 2,
    WIRE_OBJECTION_NO_PROOF = 3,
    WIRE_OBJECTION_BAD_SIGNATURE = 4,
    WIRE_OBJECTION_RECEIPT = 5,
    WIRE_OBJECTION_END
};

struct wire_objection {
    struct wire_note held;
    struct wire_note given;
    uint32_t reason; /* enum wire_objection_reason, or a newer one */
};

struct wire_proof_wanted {
    uint64_t index;
    bool cosigned;
    uint64_t size; /* of the checkpoint that the agent keeps; 0: any */
};

enum wire_up_kind {
    WIRE_UP_JOIN = 1,
    WIRE_UP_ROTATE,
    WIRE_UP_OPEN_EPOCH,
    WIRE_UP_HELLO,
    WIRE_UP_BATCHES, /* the frames that follow */
    WIRE_UP_HEARTBEAT,
    WIRE_UP_COMPARE,
    WIRE_UP_RETURNED, /* and the frames that follow */
    WIRE_UP_TAKEN,
    WIRE_UP_COSIGN,
    WIRE_UP_OBJECTION,
    WIRE_UP_PROOF_WANTED
};

struct wire_up {
    enum wire_up_kind kind;
    union {
        struct wire_join join;
        struct wire_rotate rotate;
        struct wire_open_epoch open_epoch;
        struct wire_hello hello;
        struct wire_agent_heartbeat heartbeat;
        struct wire_compare compare;
        struct wire_pairs returned;
        struct wire_taken taken;
        struct wire_cosign cosign;
        struct wire_objection objection;
        struct wire_proof_wanted proof_wanted;
    };
};

/* One more event of a run that is compared. STATUS_FULL, STATUS_MEMORY as for
 * every buffer. */
MUST_USE enum status wire_compare_add(struct bytes event, struct buffer *run);

/* ---- down ---- */

struct wire_joined {
    uint32_t agent_number;
    uint32_t epoch_ordinal;
    uint8_t entry[ENTRY_BYTES];
};

struct wire_rotated {
    uint8_t entry[ENTRY_BYTES];
};

struct wire_epoch_opened {
    uint32_t epoch_ordinal;
    uint64_t previous_next_seq;
    struct digest previous_digest;
    uint8_t entry[ENTRY_BYTES];
};

struct wire_welcome {
    uint32_t protocol;
    uint64_t capabilities;
    uint32_t agent_number;
    uint32_t epoch_ordinal;
    uint64_t next_seq;
    struct digest previous_digest;
    uint64_t credit_bytes;
    int64_t now;
    uint64_t ledger_size;
    struct random_id ledger; /* zeros: an older collector does not say */
};

struct wire_receipts {
    const uint8_t (*entries)[ENTRY_BYTES];
    size_t count;
    uint64_t credit_bytes;
    bool has_credit;
};

struct wire_refusal {
    uint32_t code;
    uint64_t seq;
    uint64_t detail;
    uint32_t retry_ms;
};

enum wire_document_codec {
    WIRE_CODEC_PLAIN = 1,
    WIRE_CODEC_ZSTD = 2
};

struct wire_piece {
    char name[WIRE_NAME_MAX];
    uint64_t index;
    enum wire_document_codec codec;
    uint64_t size;
    uint64_t offset;
    struct bytes piece;
    struct signature signature;
};

struct wire_collector_heartbeat {
    int64_t now;
    uint64_t ledger_size;
    uint64_t credit_bytes;
    bool has_credit;
};

struct wire_compared {
    uint64_t first_seq;
    uint32_t count;
    bool same;
};

struct wire_wanted {
    uint64_t from, to; /* [from, to), not empty */
};

struct wire_checkpoint {
    struct bytes note; /* WIRE_NOTE_MAX at most */
    uint64_t from_size;
    struct merkle_proof proof;
};

struct wire_proof {
    uint64_t index;
    uint8_t entry[ENTRY_BYTES];
    struct bytes note; /* WIRE_PROOF_NOTE_MAX at most; may be empty */
    struct merkle_proof proof;
};

enum wire_down_kind {
    WIRE_DOWN_JOINED = 1,
    WIRE_DOWN_ROTATED,
    WIRE_DOWN_EPOCH_OPENED,
    WIRE_DOWN_WELCOME,
    WIRE_DOWN_RECEIPTS,
    WIRE_DOWN_REFUSAL,
    WIRE_DOWN_DOCUMENT,
    WIRE_DOWN_HEARTBEAT,
    WIRE_DOWN_COMPARED,
    WIRE_DOWN_WANTED,
    WIRE_DOWN_GIVEN, /* and the frames that follow */
    WIRE_DOWN_CHECKPOINT,
    WIRE_DOWN_PROOF
};

struct wire_down {
    enum wire_down_kind kind;
    union {
        struct wire_joined joined;
        struct wire_rotated rotated;
        struct wire_epoch_opened epoch_opened;
        struct wire_welcome welcome;
        struct wire_receipts receipts;
        struct wire_refusal refusal;
        struct wire_piece document;
        struct wire_collector_heartbeat heartbeat;
        struct wire_compared compared;
        struct wire_wanted wanted;
        struct wire_pairs given;
        struct wire_checkpoint checkpoint;
        struct wire_proof proof;
    };
};

/* ---- as bytes ---- */

/* Memory for unpacking and for compressing, used again by each call. Gives
 * NULL when there is no memory. */
struct wire_codec; /* opaque */
struct wire_codec *wire_codec_new(void);
void wire_codec_free(struct wire_codec **codec);

/* Appends frame 0. STATUS_FULL, STATUS_MEMORY as for every buffer; a value
 * beyond its limit is our bug. */
MUST_USE enum status wire_pack_up(const struct wire_up *up, struct buffer *out);
MUST_USE enum status wire_pack_down(const struct wire_down *down,
                                    struct buffer *out);

/* Reads frame 0. STATUS_INVALID: no message, none or several of its fields,
 * a missing or misshapen value, beyond a limit. STATUS_VERSION: only fields
 * that this program does not know. Lists and pieces are valid until the next
 * call with the same codec. */
MUST_USE enum status wire_unpack_up(struct wire_codec *codec,
                                    struct bytes frame, struct wire_up *up);
MUST_USE enum status wire_unpack_down(struct wire_codec *codec,
                                      struct bytes frame,
                                      struct wire_down *down);

/* ---- proofs ---- */

/* Fill in the proofs; `join_key` is the public key of the link. */
void wire_join_prove(struct wire_join *join, const struct public_key *join_key,
                     const struct sign_keys *keys);
void wire_rotate_prove(struct wire_rotate *rotate,
                       const struct public_key *join_key,
                       const struct sign_keys *keys,
                       const struct sign_keys *old);
void wire_open_epoch_prove(struct wire_open_epoch *open_epoch,
                           const struct sign_keys *keys);
/* True when the proofs fit; `old` and `key` are the keys in force. */
MUST_USE bool wire_join_proven(const struct wire_join *join,
                               const struct public_key *join_key);
MUST_USE bool wire_rotate_proven(const struct wire_rotate *rotate,
                                 const struct public_key *join_key,
                                 const struct public_key *old);
MUST_USE bool wire_open_epoch_proven(const struct wire_open_epoch *open_epoch,
                                     const struct public_key *key);

#endif
