/* audit log: what was received, in the order of the ledger.
 *
 * It streams: an entry is read, its events that pass are written, and it is
 * forgotten. In the table a correction stands under what it corrects, once: at
 * the place of the first version where that passes the filter, else at the
 * place of the first correction that does. So a log in parts is the whole log:
 * what a row shows depends on the ledger and the filter, and not on --after. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/audit/chains.h"
#include "collector/audit/log_filter.h"
#include "collector/audit/log_rows.h"
#include "collector/commands/commands.h"
#include "collector/commands/order_words.h"
#include "collector/commands/progress.h"
#include "common/event/reference.h"

/* "│  " or "├─ " for each version above it. */
#define TREE_MAX (7u * CHAIN_STEPS_MAX + 16u)

struct logging {
    const struct args *args;
    struct reading reading;
    struct ledger_snapshot *snapshot;
    struct log_filter filter;
    enum listing_format format;
    struct batch_cache *cache;
    struct chains *chains;
    struct log_rows *rows;
    uint64_t written; /* rows */
    uint64_t root;    /* of --event; 0 */
};

/* chains_progress */
static void passed(void *owner, uint64_t done, uint64_t entries)
{
    (void)entries;
    progress_at(owner, done);
}

/* ---- chains ---- */

/* Whether the event is of what was asked for, its chain included. */
static enum status passes(struct logging *self, uint64_t id,
                          const struct event *event, bool *pass)
{
    uint64_t root = id;
    enum status status = STATUS_OK;

    *pass = log_filter_passes(&self->filter, id, event);
    if (*pass && self->filter.event != 0) {
        status = chains_root(self->chains, id, event, &root);
        *pass = id == self->filter.event || (root != 0 && root == self->root);
    }
    if (*pass && self->filter.corrected) {
        *pass =
            chains_parent(event) != 0 || chains_child(self->chains, id, 0) != 0;
    }
    return status;
}

/* The version of the chain at whose place in the ledger it is drawn: the first
 * one if it passes, else the earliest that does. */
struct leader {
    uint64_t id;
    uint64_t index;
};

static enum status look_for_leader(struct logging *self, uint64_t id,
                                   unsigned depth, struct leader *leader)
{
    struct event event;
    struct entry entry;
    uint64_t child;
    bool pass = false;
    enum status status = chains_event(self->chains, id, &event, &entry);

    if (status == STATUS_OK) {
        status = passes(self, id, &event, &pass);
    }
    if (status == STATUS_OK && pass &&
        (depth == 0 || leader->id == 0 || entry.index < leader->index ||
         (entry.index == leader->index && id < leader->id))) {
        *leader = (struct leader){.id = id, .index = entry.index};
    }
    if (depth == 0 && leader->id != 0) {
        return status;
    }
    for (size_t i = 0; status == STATUS_OK && depth < CHAIN_STEPS_MAX &&
                       (child = chains_child(self->chains, id, i)) != 0;
         i++) {
        status = look_for_leader(self, child, depth + 1, leader);
    }
    return status;
}

/* The event and, indented below it, what corrects it. */
static enum status draw(struct logging *self, uint64_t id, const char *indent,
                        const char *mark, unsigned depth)
{
    struct event event;
    struct entry entry;
    char tree[TREE_MAX];
    uint64_t child, next;
    enum status status = chains_event(self->chains, id, &event, &entry);

    if (status != STATUS_OK) {
        return status;
    }
    (void)snprintf(tree, sizeof tree, "%s%s", indent, mark);
    log_rows_event(self->rows, &entry, id, &event, tree);
    self->written++;
    /* What stands in front of the versions below this one. */
    (void)snprintf(tree, sizeof tree, "%s%s", indent,
                   mark[0] == '\0'            ? ""
                   : strcmp(mark, "├─ ") == 0 ? "│  "
                                              : "   ");
    child = chains_child(self->chains, id, 0);
    for (size_t i = 1;
         status == STATUS_OK && child != 0 && depth < CHAIN_STEPS_MAX;
         i++, child = next) {
        next = chains_child(self->chains, id, i);
        status = draw(self, child, tree, next != 0 ? "├─ " : "└─ ", depth + 1);
    }
    return status;
}

/* A row of the table: alone, with its chain, or with that of another place. */
static enum status write_in_table(struct logging *self,
                                  const struct entry *entry, uint64_t id,
                                  const struct event *event)
{
    struct leader leader = {.id = 0};
    uint64_t root = id;
    enum status status = chains_root(self->chains, id, event, &root);

    if (status == STATUS_OK && root != 0 &&
        (root != id || chains_child(self->chains, id, 0) != 0)) {
        status = look_for_leader(self, root, 0, &leader);
        return status == STATUS_OK && leader.id == id
                   ? draw(self, root, "", "", 0)
                   : status;
    }
    if (status == STATUS_OK) {
        log_rows_event(self->rows, entry, id, event, "");
        self->written++;
    }
    return status;
}

/* ---- entries ---- */

static enum status write_event(struct logging *self, const struct entry *entry,
                               uint64_t id, const struct event *event)
{
    bool pass = false;
    enum status status = passes(self, id, event, &pass);

    if (status != STATUS_OK || !pass) {
        return status;
    }
    if (self->format == LISTING_TEXT) {
        return write_in_table(self, entry, id, event);
    }
    log_rows_event(self->rows, entry, id, event, "");
    self->written++;
    return STATUS_OK;
}

static enum status write_batch(struct logging *self, const struct entry *entry)
{
    const struct batch_view *view = NULL;
    struct event event;
    enum status status =
        batch_cache_get(self->cache, self->snapshot, entry, &view);

    for (uint32_t i = 0; i < entry->count && status == STATUS_OK; i++) {
        batch_view_event(view, i, &event);
        status =
            write_event(self, entry,
                        id60_make(entry->agent_number, entry->epoch_ordinal,
                                  (uint32_t)entry->first_seq + i),
                        &event);
    }
    return status;
}

static enum status write_control(struct logging *self,
                                 const struct entry *entry)
{
    const struct context *context = province_context(self->reading.province);
    struct control *control = NULL;
    struct bytes document;
    enum status status = entry->kind == ENTRY_MISSING
                             ? STATUS_NOT_FOUND
                             : ledger_bytes(self->snapshot, entry, &document);

    if (status == STATUS_OK) {
        status = control_open(document,
                              province_keys_administrator_at(
                                  context_province_keys(context), entry->index),
                              &control);
    }
    if (status == STATUS_MEMORY || status == STATUS_IO) {
        return status;
    }
    if (self->filter.agent == 0 ||
        (control != NULL && order_agent(control) == self->filter.agent)) {
        log_rows_control(self->rows, entry, control);
        self->written++;
    }
    control_free(&control);
    return STATUS_OK;
}

static bool is_about(const struct logging *self, const struct entry *entry)
{
    return entry->kind == ENTRY_BATCH
               ? self->filter.agent == 0 ||
                     self->filter.agent == entry->agent_number
               : self->filter.controls;
}

static enum status write_entries(struct logging *self)
{
    static const struct language_text more = {"còn nữa, xem tiếp bằng",
                                              "there is more, go on with"};
    static const struct language_text label = {"đang đọc sổ cái",
                                               "reading the ledger"};
    struct progress progress;
    enum status status = STATUS_OK;
    uint64_t i = self->filter.first;

    progress_begin(&progress, self->args, label,
                   self->filter.end > i ? self->filter.end - i : 0);

    for (; i < self->filter.end && self->written < self->filter.rows_max; i++) {
        struct entry entry;

        status = ledger_entry(self->snapshot, i, &entry);
        if (status == STATUS_OK && is_about(self, &entry)) {
            status = entry.kind == ENTRY_BATCH ? write_batch(self, &entry)
                                               : write_control(self, &entry);
        }
        if (status != STATUS_OK) {
            break;
        }
        /* A table on the same terminal is progress enough. */
        if (isatty(STDOUT_FILENO) != 1) {
            progress_at(&progress, i + 1 - self->filter.first);
        }
    }
    progress_end(&progress);
    if (status == STATUS_OK && i < self->filter.end) {
        (void)fprintf(stderr, "%s --after %" PRIu64 "\n",
                      args_text(self->args, more), i - 1);
    }
    return status;
}

/* ---- the command ---- */

/* The first version of what --event names. */
static enum status find_root(struct logging *self)
{
    static const struct language_text none = {"sổ cái không có sự kiện này",
                                              "the ledger has no such event"};
    struct event event;
    struct entry entry;
    enum status status;

    if (self->filter.event == 0) {
        return STATUS_OK;
    }
    status = chains_event(self->chains, self->filter.event, &event, &entry);
    if (status == STATUS_NOT_FOUND) {
        args_error(self->args, "--event %s: %s",
                   args_value(self->args, "event"),
                   args_text(self->args, none));
        return status;
    }
    return status == STATUS_OK ? chains_root(self->chains, self->filter.event,
                                             &event, &self->root)
                               : status;
}

static enum status run(struct logging *self)
{
    static const struct language_text label = {"đang tìm các đính chính",
                                               "looking for corrections"};
    bool whole = self->format == LISTING_TEXT || self->filter.corrected;
    struct progress progress;
    struct chains_progress told = {.owner = &progress, .passed = passed};
    enum status status;

    progress_begin(&progress, self->args, label,
                   ledger_snapshot_size(self->snapshot));
    self->cache = batch_cache_new(1);
    status = self->cache == NULL
                 ? STATUS_MEMORY
                 : chains_new(self->snapshot, whole, told, &self->chains);
    progress_end(&progress);
    if (status == STATUS_OK) {
        status = find_root(self);
    }
    if (status == STATUS_NOT_FOUND) {
        return status;
    }
    if (status == STATUS_OK) {
        status = log_rows_open(self->args, self->format,
                               province_context(self->reading.province),
                               &self->rows);
    }
    if (status == STATUS_OK) {
        status = write_entries(self);
    }
    return status == STATUS_OK
               ? status
               : command_fail(self->args, self->reading.directory.path, status);
}

enum status cmd_audit_log(const struct args *args, void *unused)
{
    struct logging self = {.args = args};
    enum status closed;
    enum status status = listing_format_given(args, &self.format);

    (void)unused;
    if (status == STATUS_OK) {
        status = reading_open(args, &self.reading);
    }
    if (status == STATUS_OK) {
        status = ledger_snapshot_open(self.reading.ledger, &self.snapshot);
        if (status != STATUS_OK) {
            (void)command_fail(args, self.reading.directory.path, status);
        }
    }
    if (status == STATUS_OK) {
        status =
            log_filter_read(args, &self.reading, self.snapshot, &self.filter);
    }
    if (status == STATUS_OK) {
        status = run(&self);
    }
    closed = log_rows_close(&self.rows);
    chains_free(&self.chains);
    batch_cache_free(&self.cache);
    ledger_snapshot_close(&self.snapshot);
    reading_close(&self.reading);
    return status == STATUS_OK ? closed : status;
}
