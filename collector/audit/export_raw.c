/* The happy path: each entry goes to the end of entries.bin, its bytes to a
 * file of their own and their hash to the list. Both long files take their
 * places at the end, so that what they name is there.
 *
 * The entries that are there already must be the same. A directory that holds
 * other ones, or more, was made of another ledger, or this one has lost its
 * end: nothing is put in their place. */
#include "collector/audit/export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"

#define NAME_ENTRIES "entries.bin"
#define NAME_SUMS    "SHA256SUMS"
#define FOLDER_OF    10000u
#define SUM_LINE_MAX (BYTES_HEX_SIZE(DIGEST_BYTES) + EXPORT_NAME_MAX + 4u)

struct raw {
    struct export_source *source;
    const struct export_range *range;
    struct export_files *files;
    struct export_stream entries;
    struct export_stream sums;
    struct export_raw_result *result;
};

static void raw_name(const struct entry *entry,
                     const char hex[BYTES_HEX_SIZE(DIGEST_BYTES)],
                     char name[EXPORT_NAME_MAX])
{
    (void)snprintf(name, EXPORT_NAME_MAX,
                   "raw/%04" PRIu64 "/%010" PRIu64 "-%s.%s",
                   entry->index / FOLDER_OF, entry->index, hex,
                   entry->kind == ENTRY_BATCH ? "batch" : "control");
}

static bool is_wanted(const struct export_range *range,
                      const struct entry *entry)
{
    return entry->index >= range->from && entry->index < range->to &&
           (range->agent == 0 || (entry->kind == ENTRY_BATCH &&
                                  entry->agent_number == range->agent));
}

static bool leave_out(const struct entry *entry, enum status status,
                      struct export_raw_result *result)
{
    switch (status) {
    case STATUS_CORRUPT:
        log_error("the bytes of an entry are damaged",
                  log_number("index", (int64_t)entry->index));
        result->damaged++;
        return true;
    case STATUS_ERASED:
        result->erased++;
        return true;
    case STATUS_AWAY:
        result->away++;
        return true;
    default:
        return false;
    }
}

static enum status put_bytes(struct raw *raw, const struct entry *entry)
{
    char hex[BYTES_HEX_SIZE(DIGEST_BYTES)];
    char name[EXPORT_NAME_MAX];
    char line[SUM_LINE_MAX];
    struct bytes bytes;
    enum status status;

    if (entry->kind == ENTRY_MISSING) {
        raw->result->lost++;
        return STATUS_OK;
    }
    status = ledger_bytes(raw->source->snapshot, entry, &bytes);
    if (leave_out(entry, status, raw->result)) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = bytes_to_hex((struct bytes){entry->digest.bytes, DIGEST_BYTES},
                              hex, sizeof hex);
    }
    if (status != STATUS_OK) {
        return status;
    }
    raw_name(entry, hex, name);
    status = export_files_put(raw->files, name, bytes, EXPORT_REPLACES);
    if (status != STATUS_OK) {
        return status;
    }
    raw->result->present++;
    (void)snprintf(line, sizeof line, "%s  %s\n", hex, name);
    return export_stream_add(&raw->sums, bytes_of_text(line));
}

/* The entry that stood at this place the last time, if any, is the same. */
static enum status compare(struct raw *raw, const uint8_t entry[ENTRY_BYTES])
{
    uint8_t before[ENTRY_BYTES];

    if (raw->entries.before == NULL ||
        fread(before, 1, sizeof before, raw->entries.before) != sizeof before ||
        memcmp(before, entry, sizeof before) == 0) {
        return STATUS_OK;
    }
    log_error("the entries that are there are of another ledger",
              log_text("name", NAME_ENTRIES));
    return STATUS_REFUSED;
}

static enum status add_entry(struct raw *raw, uint64_t index)
{
    uint8_t bytes[ENTRY_BYTES];
    struct entry entry;
    enum status status = export_source_turn(raw->source, index);

    if (status == STATUS_OK) {
        status = ledger_entry(raw->source->snapshot, index, &entry);
    }
    if (status != STATUS_OK) {
        return status;
    }
    entry_write(&entry, bytes);
    status = compare(raw, bytes);
    if (status == STATUS_OK) {
        status = export_stream_add(&raw->entries,
                                   (struct bytes){bytes, sizeof bytes});
    }
    return status == STATUS_OK && is_wanted(raw->range, &entry)
               ? put_bytes(raw, &entry)
               : status;
}

/* A short rest is what a crash has left; a whole entry is one too many. */
static enum status nothing_behind(struct raw *raw)
{
    uint8_t before[ENTRY_BYTES];

    if (raw->entries.before == NULL ||
        fread(before, 1, sizeof before, raw->entries.before) != sizeof before) {
        return STATUS_OK;
    }
    log_error("what is there was made of a longer ledger",
              log_text("name", NAME_ENTRIES));
    return STATUS_REFUSED;
}

enum status export_raw(struct export_source *source,
                       const struct export_range *range,
                       const struct export_watch *watch,
                       struct export_files *files,
                       struct export_raw_result *result)
{
    struct raw raw = {
        .source = source, .range = range, .files = files, .result = result};
    enum status status = export_stream_open(files, NAME_ENTRIES, &raw.entries);

    *result = (struct export_raw_result){0};
    if (status == STATUS_OK) {
        status = export_stream_open(files, NAME_SUMS, &raw.sums);
    }
    for (uint64_t i = 0; i < source->size && status == STATUS_OK; i++) {
        status = add_entry(&raw, i);
        if (watch->at != NULL) {
            watch->at(watch->owner, i + 1);
        }
    }
    if (status == STATUS_OK) {
        status = nothing_behind(&raw);
    }
    bool keep = status == STATUS_OK;
    enum status closed = export_stream_close(files, &raw.entries, keep);
    status = status == STATUS_OK ? closed : status;
    closed = export_stream_close(files, &raw.sums, keep);
    return status == STATUS_OK ? closed : status;
}
