/* Failure modes: a ledger that is damaged, or a cold file that is away, ends
 * the writing; nothing has the file's name then. */
#include "collector/province/carrying.h"

bool carrying_includes(enum control_kind kind)
{
    return kind >= CONTROL_PLAN && kind <= CONTROL_REVOCATION;
}

struct carrying_from {
    const struct ledger_snapshot *snapshot;
    struct context *context; /* as far as it was read */
    struct report report;
    struct orders_file_writer *file;
    struct carrying_written *written;
};

/* What contradicted the orders before it is in force nowhere. */
static enum status write_order(struct carrying_from *from, uint64_t index,
                               struct bytes document)
{
    struct control *control = NULL;
    unsigned change = 0;
    enum status status = control_open_next(
        document, context_administrator(from->context), &control);

    if (status != STATUS_OK) {
        return status;
    }
    if (control->kind == CONTROL_BREAK &&
        control_changes_keys(&control->broken)) {
        control_free(&control);
        return STATUS_REFUSED;
    }
    status =
        context_apply(from->context, index, control, &from->report, &change);
    if (status == STATUS_OK && (carrying_includes(control->kind) ||
                                control->kind == CONTROL_GENESIS)) {
        status = orders_file_put(from->file, ORDERS_FILE_CONTROL, document);
        from->written->orders += control->kind != CONTROL_GENESIS;
    } else if (status == STATUS_INVALID) {
        status = STATUS_OK;
    }
    control_free(&control);
    return status;
}

/* STATUS_OK too when an order erased it. */
static enum status write_batch(struct carrying_from *from,
                               const struct entry *entry)
{
    struct bytes batch;
    enum status status = ledger_bytes(from->snapshot, entry, &batch);

    if (status == STATUS_ERASED) {
        from->written->erased++;
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = orders_file_put(from->file, ORDERS_FILE_BATCH, batch);
        from->written->batches += status == STATUS_OK;
    }
    return status;
}

static enum status write_control(struct carrying_from *from,
                                 const struct entry *entry)
{
    struct bytes document;
    enum status status = ledger_bytes(from->snapshot, entry, &document);

    return status == STATUS_OK ? write_order(from, entry->index, document)
                               : status;
}

static enum status write_all(struct carrying_from *from, bool batches)
{
    struct entry entry;
    enum status status = STATUS_OK;

    for (uint64_t index = 0; status == STATUS_OK; index = entry.index + 1) {
        status = batches ? ledger_entry(from->snapshot, index, &entry)
                         : ledger_next_control(from->snapshot, index, &entry);
        if (status != STATUS_OK) {
            break;
        }
        if (entry.kind == ENTRY_CONTROL) {
            status = write_control(from, &entry);
        } else if (entry.kind == ENTRY_BATCH) {
            status = write_batch(from, &entry);
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status carrying_write(const struct ledger_snapshot *snapshot, bool batches,
                           struct orders_file_writer *file,
                           struct carrying_written *written)
{
    struct carrying_from from = {
        .snapshot = snapshot, .file = file, .written = written};
    enum status status = context_new(&from.context);

    *written = (struct carrying_written){.orders = 0};
    report_init(&from.report, LANGUAGE_EN);
    if (status == STATUS_OK) {
        status = write_all(&from, batches);
    }
    report_fini(&from.report);
    context_free(&from.context);
    return status;
}
