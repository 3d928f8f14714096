/* Reads a copy of a ledger from its first entry to its last. Opening has walked
 * the trees of the file by then; this looks at what is in them. */
#include "collector/backup.h"

#include "common/entry.h"
#include "common/log.h"
#include "common/merkle.h"

#define PROGRESS_STEP 1024u /* entries between two words */

static void tell(const struct backup_progress *progress, uint64_t done,
                 uint64_t of)
{
    if (progress != NULL && (done % PROGRESS_STEP == 0 || done == of)) {
        progress->checked(progress->owner, done, of);
    }
}

static void push(struct merkle_frontier *frontier, const struct entry *entry)
{
    uint8_t record[ENTRY_BYTES];
    struct digest leaf;

    entry_write(entry, record);
    merkle_leaf((struct bytes){record, sizeof record}, &leaf);
    merkle_frontier_push(frontier, &leaf);
}

/* The root over what was read back, with the hash of all bytes. */
static enum status read_copy(const struct ledger_snapshot *copy,
                             const struct backup_progress *progress,
                             struct backup *backup)
{
    uint64_t size = ledger_snapshot_size(copy);
    struct merkle_frontier frontier;
    struct entry entry;
    struct bytes bytes;
    enum status status = STATUS_OK;

    merkle_frontier_init(&frontier);
    for (uint64_t i = 0; status == STATUS_OK && i < size; i++) {
        status = ledger_entry(copy, i, &entry);
        if (status == STATUS_OK) {
            status = ledger_bytes(copy, &entry, &bytes);
        }
        if (status == STATUS_OK) {
            push(&frontier, &entry);
            tell(progress, i + 1, size);
        } else {
            log_error("an entry of the copy cannot be read",
                      log_number("index", (int64_t)i),
                      log_status("status", status));
        }
    }
    backup->entries = size;
    merkle_frontier_root(&frontier, &backup->root);
    return status;
}

/* The root of what was to be copied, over its first entries. */
static enum status root_of(const struct ledger_snapshot *snapshot,
                           uint64_t size, struct digest *root)
{
    struct merkle_frontier frontier;
    struct entry entry;
    enum status status = STATUS_OK;

    merkle_frontier_init(&frontier);
    for (uint64_t i = 0; status == STATUS_OK && i < size; i++) {
        status = ledger_entry(snapshot, i, &entry);
        if (status == STATUS_OK) {
            push(&frontier, &entry);
        }
    }
    merkle_frontier_root(&frontier, root);
    return status;
}

static enum status compare(struct ledger *ledger, const struct backup *backup)
{
    struct ledger_snapshot *snapshot = NULL;
    struct digest root;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    if (status == STATUS_OK &&
        ledger_snapshot_size(snapshot) < backup->entries) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        status = root_of(snapshot, backup->entries, &root);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK && !digest_equal(&root, &backup->root)) {
        log_error("the copy has another root than the ledger");
        status = STATUS_CORRUPT;
    }
    return status;
}

enum status backup_check(const char *path, struct ledger *ledger,
                         const struct backup_progress *progress,
                         struct backup *backup)
{
    /* The disk may be full to the last byte by now: nothing is written. */
    struct ledger_options options = {
        .path = path, .read_only = true, .no_lock = true};
    struct ledger_snapshot *snapshot = NULL;
    struct ledger *copy = NULL;
    enum status status = ledger_open(&options, &copy);

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(copy, &snapshot);
    }
    if (status == STATUS_OK) {
        status = read_copy(snapshot, progress, backup);
    }
    ledger_snapshot_close(&snapshot);
    ledger_close(&copy);
    if (status == STATUS_OK) {
        status = compare(ledger, backup);
    }
    return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}
