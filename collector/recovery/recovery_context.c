/* What the control entries say that are in the ledger or came back: who belongs
 * to the province, and by which keys. Failure modes: one that contradicts those
 * before it is passed over, as everywhere. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_tables.h"
#include "common/format/control.h"

/* NULL before the genesis: then it is who holds this machine's keys. */
const struct public_key *recovery_administrator(const struct recovery *recovery,
                                                const struct context *context)
{
    const struct control_genesis *genesis = context_genesis(context);

    return genesis == NULL ? &recovery->options.keys->administrator.public_key
                           : &genesis->administrator;
}

static void note_erasure(struct recovery *recovery, uint64_t index,
                         const struct control *control)
{
    const struct control_erasure_order *order = &control->erasure_order;

    if (control->kind != CONTROL_ERASURE_ORDER ||
        recovery->erasure_count == RECOVERY_ERASURES_MAX) {
        return;
    }
    for (size_t i = 0; i < recovery->erasure_count; i++) {
        if (recovery->erasures[i].index == order->index &&
            digest_equal(&recovery->erasures[i].digest, &order->digest)) {
            return;
        }
    }
    recovery->erasures[recovery->erasure_count++] = (struct recovery_erasure){
        .index = order->index, .order = index, .digest = order->digest};
}

const struct recovery_erasure *recovery_erased(const struct recovery *recovery,
                                               const struct entry *entry)
{
    for (size_t i = 0; i < recovery->erasure_count; i++) {
        if (recovery->erasures[i].index == entry->index &&
            digest_equal(&recovery->erasures[i].digest, &entry->digest)) {
            return &recovery->erasures[i];
        }
    }
    return NULL;
}

enum status recovery_apply(struct recovery *recovery, struct context *context,
                           uint64_t index, struct bytes document)
{
    struct control *control = NULL;
    struct report report;
    unsigned change = 0;
    enum status status = control_open(
        document, recovery_administrator(recovery, context), &control);

    report_init(&report, LANGUAGE_EN);
    if (status == STATUS_OK) {
        note_erasure(recovery, index, control);
        status = context_apply(context, index, control, &report, &change);
        status = status == STATUS_INVALID ? STATUS_OK : status;
    }
    report_fini(&report);
    control_free(&control);
    return status;
}

enum status recovery_read_context(struct recovery *recovery,
                                  struct recovery_reader *reader,
                                  struct context **out)
{
    uint64_t next = 0;
    enum status status;

    context_free(out);
    status = context_new(out);
    while (status == STATUS_OK) {
        struct entry entry;
        struct bytes document;

        status = tables_next_control(reader->txn, next, &entry);
        if (status == STATUS_OK) {
            status = tables_get_bytes(reader->txn, &entry, &document);
        }
        if (status == STATUS_OK) {
            status = recovery_apply(recovery, *out, entry.index, document);
        }
        next = entry.index + 1;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Behind those of the ledger come those that were returned; of rivals the first
 * that holds. */
static enum status read_returned(struct recovery *recovery,
                                 struct recovery_reader *reader)
{
    struct recovery_row row;
    uint64_t index = recovery->entries;
    enum status status;

    while ((status = recovery_next_row(reader, index, 0, &row)) == STATUS_OK) {
        if (row.entry.kind == ENTRY_CONTROL) {
            status = recovery_apply(recovery, recovery->context,
                                    row.entry.index, row.bytes);
            if (status != STATUS_OK && status != STATUS_REFUSED &&
                status != STATUS_INVALID && status != STATUS_VERSION) {
                return status;
            }
        }
        index = row.entry.index + 1;
    }
    recovery->context_next = index;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status recovery_renew_context(struct recovery *recovery)
{
    struct recovery_reader reader = {.own = false};
    enum status status = STATUS_OK;

    if (!recovery->context_stale) {
        return STATUS_OK;
    }
    status = recovery_reader_open(recovery->options.ledger, &reader);
    if (status == STATUS_OK) {
        status = recovery_read_context(recovery, &reader, &recovery->context);
    }
    if (status == STATUS_OK) {
        status = read_returned(recovery, &reader);
    }
    recovery_reader_close(&reader);
    recovery->context_stale = status != STATUS_OK;
    return status;
}

enum status recovery_context(struct recovery *recovery,
                             const struct context **context)
{
    enum status status = recovery_renew_context(recovery);

    *context = recovery->context;
    return status;
}
