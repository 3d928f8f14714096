/* Failure modes: an entry that is damaged, or whose cold file is missing, is
 * told with that word in place of its events; nothing ends because of it. */
#include "collector/feed/feed_entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/audit/cloud_event.h"
#include "collector/figures/batch_cache.h"
#include "collector/province/province.h"
#include "common/base/check.h"
#include "common/event/reference.h"

#define CACHE_SLOTS 2u

struct feed_entries {
    struct ledger *ledger;
    struct province *province;
    struct batch_cache *cache;
    struct ledger_snapshot *snapshot; /* between begin and end */
};

enum status feed_entries_open(struct ledger *ledger, struct feed_entries **out)
{
    struct feed_entries *self = calloc(1, sizeof *self);
    enum status status = STATUS_MEMORY;

    *out = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->ledger = ledger;
    self->cache = batch_cache_new(CACHE_SLOTS);
    if (self->cache != NULL) {
        status = province_open(ledger, &self->province);
    }
    if (status != STATUS_OK) {
        feed_entries_close(&self);
    }
    *out = self;
    return status;
}

void feed_entries_close(struct feed_entries **entries)
{
    struct feed_entries *self = *entries;

    if (self == NULL) {
        return;
    }
    ledger_snapshot_close(&self->snapshot);
    batch_cache_free(&self->cache);
    province_close(&self->province);
    free(self);
    *entries = NULL;
}

enum status feed_entries_begin(struct feed_entries *entries, uint64_t *size)
{
    enum status status;

    check(entries->snapshot == NULL);
    status = ledger_snapshot_open(entries->ledger, &entries->snapshot);
    if (status == STATUS_OK) {
        *size = ledger_snapshot_size(entries->snapshot);
        status = province_advance(entries->province, entries->snapshot);
    }
    if (status != STATUS_OK) {
        feed_entries_end(entries);
    }
    return status;
}

void feed_entries_end(struct feed_entries *entries)
{
    ledger_snapshot_close(&entries->snapshot);
}

/* ---- events ---- */

/* One line each into memory. STATUS_FULL: more than may be told. */
static enum status write_events(const struct feed_entries *self,
                                const struct entry *entry,
                                const struct batch_view *view, FILE *out)
{
    const struct context *context = province_context(self->province);
    const struct cloud_event_source source = {
        .genesis = context_genesis(context),
        .vocabulary = context_vocabulary(context)};
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < entry->count && status == STATUS_OK; i++) {
        uint64_t id = id60_make(entry->agent_number, entry->epoch_ordinal,
                                (uint32_t)(entry->first_seq + i));
        struct event event;

        batch_view_event(view, i, &event);
        status = cloud_event_write(&source, entry, id, &event, out);
        if (status == STATUS_OK && ftell(out) > (long)FEED_EVENTS_BYTES_MAX) {
            status = STATUS_FULL;
        }
    }
    return status;
}

static void tell_lines(struct say *say, char *text)
{
    char *save = NULL;

    say_array(say, "events");
    for (char *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        say_raw(say, NULL, bytes_of_text(line));
    }
    say_array_end(say);
}

static const char *why_without(enum status status)
{
    return status == STATUS_FULL   ? "too_large"
           : status == STATUS_AWAY ? "away"
                                   : "damaged";
}

static void tell_events(struct feed_entries *self, struct say *say,
                        const struct entry *entry)
{
    const struct batch_view *view = NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *out = NULL;
    enum status status =
        batch_cache_get(self->cache, self->snapshot, entry, &view);

    if (status == STATUS_OK) {
        out = open_memstream(&text, &size);
        status =
            out == NULL ? STATUS_MEMORY : write_events(self, entry, view, out);
    }
    if (out != NULL && fclose(out) != 0 && status == STATUS_OK) {
        status = STATUS_MEMORY;
    }
    if (status == STATUS_OK) {
        tell_lines(say, text);
    } else {
        say_null(say, "events");
        say_text(say, "without_events", why_without(status));
    }
    free(text);
}

/* ---- an entry ---- */

static const char *kind_name(enum entry_kind kind)
{
    return kind == ENTRY_BATCH     ? "batch"
           : kind == ENTRY_CONTROL ? "control"
                                   : "missing";
}

static void tell_batch(struct say *say, const struct entry *entry)
{
    say_number(say, "office", entry->agent_number);
    say_number(say, "epoch", entry->epoch_ordinal);
    say_total(say, "first", entry->first_seq);
    say_number(say, "count", entry->count);
}

void feed_entries_tell(struct feed_entries *entries, struct say *say,
                       const char *key, uint64_t index, bool events)
{
    struct entry entry;
    enum status status = ledger_entry(entries->snapshot, index, &entry);

    say_object(say, key);
    say_number(say, "index", (int64_t)index);
    if (status != STATUS_OK) {
        say_text(say, "kind", "damaged");
        say_object_end(say);
        return;
    }
    say_text(say, "kind", kind_name(entry.kind));
    say_moment(say, "received_at", entry.received_at);
    if (entry.kind == ENTRY_BATCH) {
        tell_batch(say, &entry);
    }
    if (events) {
        say_hex(say, "content_hash",
                (struct bytes){entry.digest.bytes, sizeof entry.digest.bytes});
        if (entry.kind == ENTRY_BATCH) {
            tell_events(entries, say, &entry);
        }
    }
    say_object_end(say);
}
