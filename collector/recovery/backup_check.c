/* Reads a copy of a ledger back: every page of its file, every entry with its
 * bytes, the tables and the tree. Whether what offices and administrators
 * signed holds is the audit's question; this one's is whether the copy is what
 * the ledger is. */
#include "collector/recovery/backup.h"

#include "collector/audit/verify.h"
#include "common/base/log.h"

#include <stdlib.h>

/* What must hold of a copy. */
static const enum verify_part parts[] = {
    VERIFY_STORE, VERIFY_ENTRIES, VERIFY_TABLES, VERIFY_TREE, VERIFY_MOVED};

static void tell(void *owner, uint64_t done, uint64_t entries)
{
    const struct backup_progress *progress = owner;

    progress->checked(progress->owner, done, entries);
}

/* STATUS_CORRUPT, with the first place in the log. */
static enum status judge(const struct verify_results *results)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct verify_part_result *part = &results->parts[parts[i]];
        enum verify_verdict verdict = verify_verdict(part);

        if (verdict == VERIFY_FAIL || verdict == VERIFY_UNCHECKED) {
            log_error(
                "the copy does not read back",
                log_text("part", verify_part_token(parts[i])),
                log_text("what", part->kept > 0 ? verify_fault_token(
                                                      part->findings[0].fault)
                                                : "not checked"),
                log_number("index", part->kept > 0
                                        ? (int64_t)part->findings[0].place.index
                                        : -1));
            return STATUS_CORRUPT;
        }
    }
    return STATUS_OK;
}

static enum status read_back(const struct directory *copy,
                             const struct backup_progress *progress)
{
    struct verify_options options = {.directory = copy,
                                     .language = LANGUAGE_EN,
                                     .entries_only = true,
                                     .owner = (void *)(uintptr_t)progress,
                                     .progress =
                                         progress == NULL ? NULL : tell};
    struct verify_results *results = calloc(1, sizeof *results);
    enum status status = STATUS_MEMORY;

    if (results != NULL) {
        status = verify_ledger(&options, results);
    }
    if (status == STATUS_OK) {
        status = judge(results);
    }
    free(results);
    return status;
}

/* Size and root of the copy, whose tree was checked before. The disk may be
 * full to the last byte by now: nothing is written. */
static enum status measure(const struct directory *copy, struct backup *backup)
{
    struct ledger_options options = {
        .path = copy->ledger, .read_only = true, .no_lock = true};
    struct ledger_snapshot *snapshot = NULL;
    struct ledger *ledger = NULL;
    enum status status = ledger_open(&options, &ledger);

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        backup->entries = ledger_snapshot_size(snapshot);
        status = ledger_root(snapshot, backup->entries, &backup->root);
    }
    ledger_snapshot_close(&snapshot);
    ledger_close(&ledger);
    return status;
}

/* What was to be copied begins with these very entries. */
static enum status compare(struct ledger *ledger, const struct backup *backup)
{
    struct ledger_snapshot *snapshot = NULL;
    struct digest root;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_root(snapshot, backup->entries, &root);
    }
    ledger_snapshot_close(&snapshot);
    if (status == STATUS_OK && !digest_equal(&root, &backup->root)) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_NOT_FOUND || status == STATUS_CORRUPT) {
        log_error("the copy has another root than the ledger");
        status = STATUS_CORRUPT;
    }
    return status;
}

enum status backup_check(const char *folder, struct ledger *ledger,
                         const struct backup_progress *progress,
                         struct backup *backup)
{
    struct directory copy;
    enum status status = directory_init_copy(&copy, folder);

    if (status == STATUS_OK) {
        status = read_back(&copy, progress);
    }
    if (status == STATUS_OK) {
        status = measure(&copy, backup);
    }
    if (status == STATUS_OK) {
        status = compare(ledger, backup);
    }
    return status == STATUS_NOT_FOUND || status == STATUS_AWAY ? STATUS_CORRUPT
                                                               : status;
}
