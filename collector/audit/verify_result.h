/* verify_result - what a check of the ledger has found, part by part.
 *
 * Flow     verify_* -> [verify_result] -> audit verify, tests
 * Owns     the findings that are kept.
 * Threads  one at a time; a part is filled in by one thread.
 * Limits   VERIFY_FINDINGS_MAX findings of a part are kept, the rest counted.
 *
 * A part passes when it was looked at to its end and nothing was found. What
 * is not there to be looked at, and what another fault keeps from being looked
 * at, are said apart: the latter is a failure too.
 */
#ifndef TALLYLINE_COLLECTOR_VERIFY_RESULT_H
#define TALLYLINE_COLLECTOR_VERIFY_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/language.h"
#include "common/format/entry.h"

#define VERIFY_FINDINGS_MAX 64u
#define VERIFY_NOTE_MAX     160u
#define VERIFY_NOWHERE      UINT64_MAX /* an index or offset that is not said */

/* What is checked, in the order in which it is told; name, Vietnamese,
 * English. */
#define VERIFY_PART_LIST(X)                                                 \
    X(STORE, "store", "tệp sổ cái: từng trang",                             \
      "the ledger's file, page by page")                                    \
    X(ENTRIES, "entries", "các mục: số thứ tự, giờ nhận, mã băm",           \
      "entries: indexes, receive times, hashes")                            \
    X(CONTROLS, "controls", "văn bản của tỉnh: chữ ký, nội dung",           \
      "control documents: signatures, what they refer to")                  \
    X(BATCHES, "batches", "các lô của trạm: chữ ký, chuỗi, số hiệu",        \
      "the offices' batches: signatures, chains, numbers")                  \
    X(TABLES, "tables", "các bảng vị trí so với các mục",                   \
      "positions, streams and lists against the entries")                   \
    X(TREE, "tree", "cây băm", "the Merkle tree")                           \
    X(CHECKPOINTS, "checkpoints", "các mốc xác nhận", "signed checkpoints") \
    X(OUTSIDE, "outside", "mốc xác nhận từ bên ngoài (--checkpoint)",       \
      "the checkpoint given from outside (--checkpoint)")                   \
    X(STATE, "state", "figures.state so với tính lại từ đầu",               \
      "figures.state against a fold from nothing")                          \
    X(REPORTS, "reports", "báo cáo đã chốt, tính lại",                      \
      "frozen reports, made again")                                         \
    X(BACKUPS, "backups", "dấu sao lưu", "backup marks")                    \
    X(MOVED, "moved",                                                       \
      "dữ liệu đã chuyển sang tệp lưu lạnh hoặc xóa theo lệnh",             \
      "bytes moved to cold files or erased by order")                       \
    X(BREAKS, "breaks", "đứt đoạn đã ghi nhận", "recorded breaks")

enum verify_part {
#define VERIFY_PART_ENUM(name, token, vi, en) VERIFY_##name,
    VERIFY_PART_LIST(VERIFY_PART_ENUM)
#undef VERIFY_PART_ENUM
    VERIFY_PART_END
};

/* What can be wrong; name, token for files, Vietnamese, English. */
#define VERIFY_FAULT_LIST(X)                                                   \
    X(PAGE, "page", "một trang của tệp bị hỏng",                               \
      "a page of the file is "                                                 \
      "damaged")                                                               \
    X(VALUE, "value", "giá trị lưu không khớp mã băm của nó",                  \
      "a stored value does not have its hash")                                 \
    X(ENTRY_MISSING, "entry_missing", "thiếu mục", "the entry is missing")     \
    X(ENTRY_FORM, "entry_form", "không phải một mục, hoặc mang số khác",       \
      "not an entry, or of another index")                                     \
    X(ENTRY_TIME, "entry_time", "giờ nhận không hợp với mục trước",            \
      "the receive time does not follow that of the entry before")             \
    X(ENTRY_BEHIND, "entry_behind", "có mục nằm sau chỗ khuyết",               \
      "an entry lies behind a gap")                                            \
    X(ENTRY_UNTOLD, "entry_untold",                                            \
      "thiếu mục mà không có đứt đoạn nào ghi "                  \
      "nhận",                                                                  \
      "entries are missing that no recorded break names")                      \
    X(BYTES_MISSING, "bytes_missing", "thiếu dữ liệu của mục",                 \
      "the bytes of the entry are missing")                                    \
    X(BYTES_SIZE, "bytes_size", "dữ liệu có độ dài khác",                      \
      "the bytes have another size")                                           \
    X(BYTES_HASH, "bytes_hash", "dữ liệu không khớp SHA-256 của mục",          \
      "the bytes do not have the entry's SHA-256")                             \
    X(GENESIS, "genesis", "văn bản mở sổ cái phải là mục 0 và chỉ ở đó",       \
      "the genesis must be entry 0, and there alone")                          \
    X(CONTROL_FORM, "control_form", "không đọc được văn bản",                  \
      "the document cannot be read")                                           \
    X(CONTROL_SIGNATURE, "control_signature",                                  \
      "không được ký bằng khóa quản trị đang có hiệu lực",                     \
      "not signed by the administrator in force")                              \
    X(CONTROL_NEWER, "control_newer", "do phiên bản mới hơn ghi",              \
      "written by a newer program")                                            \
    X(CONTROL_CONTRADICTS, "control_contradicts",                              \
      "mâu thuẫn với những gì đang có hiệu lực",                               \
      "contradicts what was in force")                                         \
    X(CONTROL_REFERS, "control_refers", "nhắc tới cái không có",               \
      "refers to what is not there")                                           \
    X(BATCH_FORM, "batch_form", "không phải một lô", "not a batch")            \
    X(BATCH_HEADER, "batch_header", "đầu lô nói khác với mục",                 \
      "the batch's head says otherwise than the entry")                        \
    X(BATCH_AGENT, "batch_agent",                                              \
      "trạm chưa đăng ký lúc đó, hoặc là trạm "                  \
      "khác",                                                                  \
      "of no agent that had joined then, or of another one")                   \
    X(BATCH_REVOKED, "batch_revoked", "trạm đã bị thu hồi quyền lúc đó",       \
      "the agent was revoked then")                                            \
    X(BATCH_EPOCH, "batch_epoch", "đợt ghi chưa mở hoặc đã đóng lúc đó",       \
      "of an epoch that was not open then")                                    \
    X(BATCH_SIGNATURE, "batch_signature",                                      \
      "chữ ký không khớp khóa của trạm lúc đó",                                \
      "not signed with the agent's key of then")                               \
    X(BATCH_ORDER, "batch_order", "không nối tiếp số sự kiện trước đó",        \
      "does not go on where the stream stood")                                 \
    X(BATCH_CHAIN, "batch_chain", "không nêu mã băm của lô trước",             \
      "does not name the batch before it")                                     \
    X(POSITION, "position", "bảng positions thiếu hoặc nói khác",              \
      "positions lacks it or says otherwise")                                  \
    X(STREAM, "stream", "bảng streams thiếu hoặc nói khác",                    \
      "streams lacks it or says otherwise")                                    \
    X(LISTED, "listed", "bảng controls thiếu hoặc nói khác",                   \
      "controls lacks it or says otherwise")                                   \
    X(ROWS, "rows", "bảng có số dòng khác",                                    \
      "a table has another number of "                                         \
      "rows")                                                                  \
    X(NODE, "node", "nút của cây thiếu hoặc khác",                             \
      "a node of the tree is missing or another")                              \
    X(NOTE_FORM, "note_form", "không đọc được mốc xác nhận", "no checkpoint")  \
    X(NOTE_SIGNATURE, "note_signature",                                        \
      "mốc xác nhận không do khóa của sổ cái ký",                              \
      "not signed with the ledger's key")                                      \
    X(NOTE_ROOT, "note_root", "gốc của cây khác với mốc xác nhận",             \
      "the tree has another root than the checkpoint")                         \
    X(NOTE_LARGER, "note_larger",                                              \
      "mốc xác nhận lớn hơn sổ cái: phần cuối đã mất",                         \
      "larger than the ledger: its end is gone")                               \
    X(NOTE_GONE, "note_gone",                                                  \
      "mốc xác nhận mà một trạm biết không còn được giữ",                      \
      "a signed checkpoint that an office knows of is no longer kept")         \
    X(NOTE_COSIGNATURE, "note_cosignature",                                    \
      "chữ ký làm chứng không khớp mốc xác nhận",                              \
      "the witness's signature does not fit the checkpoint")                   \
    X(STATE_DAMAGED, "state_damaged", "figures.state bị hỏng",                 \
      "figures.state is damaged")                                              \
    X(STATE_OTHER, "state_other", "figures.state là của sổ cái khác",          \
      "figures.state is of another ledger than this one")                      \
    X(STATE_DIFFERS, "state_differs", "figures.state khác với tính lại",       \
      "figures.state differs from the fold")                                   \
    X(REPORT, "report", "số liệu tính lại khác với bản đã chốt",               \
      "the figures differ from those that were frozen")                        \
    X(REPORT_NONE, "report_none", "không lập lại được báo cáo này",            \
      "the report cannot be drawn up again")                                   \
    X(COLD, "cold", "tệp lưu lạnh không phải tệp đã ghi nhận",                 \
      "the cold file is not the one that was recorded")                        \
    X(ERASURE_UNDONE, "erasure_undone", "dữ liệu đã xóa theo lệnh mà vẫn còn", \
      "what was erased by order is still there")                               \
    X(ROOT, "root", "gốc của cây khác với gốc đã ghi",                         \
      "the tree has another root than was recorded")                           \
    X(NEW_KEYS, "new_keys",                                                    \
      "đứt đoạn đã ghi nhận: khóa mới của tỉnh, không được ký bằng khóa cũ",   \
      "recorded break, not signed by the old key: new keys of the province")   \
    X(BROKEN, "broken",                                                        \
      "đứt đoạn đã ghi nhận: điều đã ký trước đó không còn đúng với sổ cái",   \
      "recorded break: what was signed before it is not true any more")        \
    X(NOTE_BROKEN, "note_broken",                                              \
      "mốc xác nhận không còn đúng; chỉ một đứt đoạn đã ghi nhận giải thích",  \
      "another root than the checkpoint, and only a recorded break says why")

enum verify_fault {
#define VERIFY_FAULT_ENUM(name, token, vi, en) VERIFY_FAULT_##name,
    VERIFY_FAULT_LIST(VERIFY_FAULT_ENUM)
#undef VERIFY_FAULT_ENUM
    VERIFY_FAULT_END
};

/* Where it is; what cannot be said is VERIFY_NOWHERE, or 0 in the event. */
struct verify_place {
    uint64_t index;  /* of the entry */
    uint32_t agent;  /* of the event */
    uint32_t epoch;  /* as above */
    uint64_t seq;    /* as above */
    uint64_t offset; /* of a byte in the file that the part is about */
};

struct verify_finding {
    enum verify_fault fault;
    struct verify_place place;
    bool noted;                 /* no failure, and still to be seen */
    char note[VERIFY_NOTE_MAX]; /* in the results' language; may be empty */
};

enum verify_verdict {
    VERIFY_PASS,
    VERIFY_FAIL,
    VERIFY_ERASED,    /* all that is not erased by order passes */
    VERIFY_NOTED,     /* it passes, but for what only people can judge */
    VERIFY_NONE,      /* there is nothing to check; the reason says why */
    VERIFY_UNCHECKED, /* could not be checked; the reason says why */
};

struct verify_part_result {
    uint64_t checked; /* things that were looked at */
    uint64_t failed;
    uint64_t erased;
    uint64_t noted;
    struct verify_finding findings[VERIFY_FINDINGS_MAX];
    size_t kept;
    bool unchecked;              /* not, or not to the end */
    struct language_text reason; /* why unchecked, or why there is nothing */
};

struct verify_results {
    struct verify_part_result parts[VERIFY_PART_END];
    uint64_t entries;
    uint64_t events;
    uint64_t unreadable;    /* batches that no program can unpack (I6) */
    bool has_root;          /* false: an entry could not be read */
    struct digest root;     /* over all entries */
    enum language language; /* of the notes */
};

struct verify_place verify_nowhere(void);
struct verify_place verify_at_entry(const struct entry *entry);
struct verify_place verify_at_index(uint64_t index);
struct verify_place verify_at_offset(uint64_t offset);

/* Writes a note, as printf does, in the results' language. */
void verify_note(const struct verify_results *results,
                 char note[VERIFY_NOTE_MAX], const char *vi, const char *en,
                 ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* Notes a fault; `note` may be NULL. */
void verify_found(struct verify_results *results, enum verify_part part,
                  enum verify_fault fault, struct verify_place place,
                  const char *note);
/* Notes what is no fault, but must be seen: what nothing in the ledger can
 * prove. */
void verify_noted(struct verify_results *results, enum verify_part part,
                  enum verify_fault fault, struct verify_place place,
                  const char *note);
/* Says that the part could not be looked at, or not to its end. The first
 * reason holds. */
void verify_unchecked(struct verify_results *results, enum verify_part part,
                      struct language_text reason);
/* Says why there was nothing to look at. */
void verify_nothing(struct verify_results *results, enum verify_part part,
                    struct language_text reason);

enum verify_verdict verify_verdict(const struct verify_part_result *part);
/* Whether no part failed and none was left unchecked. */
bool verify_passes(const struct verify_results *results);

const char *verify_part_token(enum verify_part part);
struct language_text verify_part_text(enum verify_part part);
const char *verify_fault_token(enum verify_fault fault);
struct language_text verify_fault_text(enum verify_fault fault);

#endif
