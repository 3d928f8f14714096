/* What the control entries say that are in the ledger or came back: who belongs
 * to the province, and by which keys. What came back is applied in the order in
 * which it was signed, whatever place is claimed for it: a genuine document at
 * a false place hides nobody. Failure modes: one that contradicts those before
 * it is passed over, as everywhere. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_tables.h"
#include "common/base/log.h"
#include "common/format/contribution.h"
#include "common/format/control.h"

#define WALKS_MAX     4u /* over documents that contradict others */
#define DOCUMENTS_MAX ((size_t)1 << 24)

/* `applies`: it contradicts nothing. */
static enum status apply(struct context *context, uint64_t index,
                         const struct control *control, bool *applies)
{
    struct report report;
    unsigned change = 0;
    enum status status;

    report_init(&report, LANGUAGE_EN);
    status = context_apply(context, index, control, &report, &change);
    report_fini(&report);
    *applies = status == STATUS_OK;
    return status == STATUS_INVALID ? STATUS_OK : status;
}

enum status recovery_apply(struct recovery *recovery, struct context *context,
                           uint64_t index, struct bytes document)
{
    struct control *control = NULL;
    bool applies = false;
    enum status status =
        recovery_open_next(recovery, context, index, document, &control);

    if (status == STATUS_OK) {
        status = apply(context, index, control, &applies);
    }
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

/* ---- breaks and erasures ---- */

/* Several documents may name the numbers that one break is about. */
static void note_break(struct recovery *recovery,
                       const struct control_break *broken)
{
    static const struct digest none;
    uint64_t from = broken->missing_count == 0 ? 0 : broken->missing[0].from;

    if (digest_equal(&broken->old_root, &broken->new_root) ||
        (broken->missing_count == 0 &&
         digest_equal(&broken->old_root, &none))) {
        return; /* what was signed before holds */
    }
    for (size_t i = 0; i < recovery->break_count; i++) {
        struct recovery_tree *tree = &recovery->breaks[i];

        if (tree->size == broken->old_size) {
            tree->from = from < tree->from ? from : tree->from;
            return;
        }
    }
    if (recovery->break_count == RECOVERY_BREAKS_MAX) {
        log_warning("more breaks on record than can be told apart",
                    log_number("size", (int64_t)broken->old_size));
        return;
    }
    recovery->breaks[recovery->break_count++] =
        (struct recovery_tree){.from = from, .size = broken->old_size};
}

static void note_ledger_break(struct recovery *recovery, struct bytes document)
{
    struct control *control = NULL;

    if (control_open(document, NULL, &control) == STATUS_OK &&
        control->kind == CONTROL_BREAK) {
        note_break(recovery, &control->broken);
    }
    control_free(&control);
}

enum status recovery_erased(const struct recovery_reader *reader,
                            const struct entry *entry)
{
    struct control *control = NULL;
    struct bytes document;
    enum status status = recovery_get_erasure(reader, entry, &document);

    if (status == STATUS_OK) {
        status = control_open(document, NULL, &control);
    }
    if (status == STATUS_OK &&
        !contribution_fits(control->erasure_order.contribution, entry)) {
        status = STATUS_NOT_FOUND;
    }
    control_free(&control);
    return status;
}

/* ---- what came back ---- */

static enum status go_on(struct recovery *recovery,
                         const struct recovery_document *document,
                         const struct control *control, bool *applies)
{
    enum status status;

    if (control->kind == CONTROL_BREAK) {
        note_break(recovery, &control->broken);
    }
    if (document->created_at > recovery->context_until) {
        recovery->context_until = document->created_at;
    }
    status = apply(recovery->context, recovery->context_next, control, applies);
    recovery->context_next += *applies ? 1 : 0;
    return status;
}

/* Those of the ledger are known already. */
static bool is_in_ledger(const struct recovery_reader *reader,
                         const struct recovery_document *document)
{
    const struct entry entry = {.digest = document->digest,
                                .size = (uint32_t)document->bytes.size};
    struct bytes bytes;

    return tables_get_bytes(reader->txn, &entry, &bytes) == STATUS_OK;
}

/* One walk over the documents that `done` does not name yet (a byte each);
 * gives how many were applied. */
static enum status read_some(struct recovery *recovery,
                             const struct recovery_reader *reader,
                             struct buffer *done, size_t *applied)
{
    struct recovery_document document = recovery_no_document;
    enum status status = STATUS_OK;

    *applied = 0;
    for (size_t at = 0; status == STATUS_OK; at++) {
        struct control *control = NULL;
        bool applies = false;

        status = recovery_next_document(reader, &document);
        if (status == STATUS_OK && at == done->size) {
            status = buffer_u8(done, is_in_ledger(reader, &document) ? 1 : 0);
        }
        if (status != STATUS_OK || done->data[at] != 0) {
            continue;
        }
        status = control_open(document.bytes, NULL, &control);
        if (status == STATUS_OK) {
            status = go_on(recovery, &document, control, &applies);
        }
        control_free(&control);
        done->data[at] = applies ? 1 : 0;
        *applied += applies ? 1 : 0;
        status = status == STATUS_REFUSED ? STATUS_OK : status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* What contradicts those before it may follow on one that was signed later, if
 * the administrator's clock had stepped. */
static enum status read_documents(struct recovery *recovery,
                                  const struct recovery_reader *reader)
{
    struct buffer done;
    size_t applied = 1;
    enum status status = STATUS_OK;

    recovery->context_until = INT64_MIN;
    recovery->context_next = recovery->entries;
    buffer_init(&done, DOCUMENTS_MAX);
    for (unsigned i = 0; i < WALKS_MAX && applied > 0 && status == STATUS_OK;
         i++) {
        status = read_some(recovery, reader, &done, &applied);
    }
    buffer_fini(&done);
    return status;
}

static enum status read_breaks(struct recovery *recovery,
                               struct recovery_reader *reader)
{
    struct entry entry = {.index = 0};
    struct bytes document;
    enum status status = tables_next_control(reader->txn, 0, &entry);

    recovery->break_count = 0;
    while (status == STATUS_OK) {
        status = tables_get_bytes(reader->txn, &entry, &document);
        if (status == STATUS_OK) {
            note_ledger_break(recovery, document);
            status = tables_next_control(reader->txn, entry.index + 1, &entry);
        }
    }
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
        status = read_breaks(recovery, &reader);
    }
    if (status == STATUS_OK) {
        status = read_documents(recovery, &reader);
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

/* Puts a new document, and the row that leads to it from what it erased. */
static enum status put(struct recovery *recovery,
                       const struct recovery_document *document,
                       const struct control *control)
{
    struct ledger *ledger = recovery->options.ledger;
    enum status status =
        recovery_put_document(ledger, document, &recovery->scratch);

    if (status == STATUS_OK && control->kind == CONTROL_BACKUP_MARK) {
        /* its root is signed as a checkpoint's is */
        const struct recovery_note note = {.size =
                                               control->backup_mark.up_to_index,
                                           .root = control->backup_mark.root};

        status = recovery_add_note(recovery, &note)
                     ? recovery_put_state(ledger, &recovery->state)
                     : STATUS_OK;
    }
    if (status == STATUS_OK && control->kind == CONTROL_ERASURE_ORDER) {
        status = recovery_put_erasure(ledger, control->erasure_order.index,
                                      &control->erasure_order.digest, document);
    }
    return status;
}

enum status recovery_know(struct recovery *recovery, struct bytes bytes)
{
    struct recovery_document document = {.bytes = bytes};
    struct recovery_document found = {0};
    struct recovery_reader reader = {.own = false};
    struct control *control = NULL;
    bool applies = false;
    enum status status = recovery_open_any(recovery, bytes, &control);

    if (status == STATUS_OK) {
        status = recovery_begin(recovery);
    }
    if (status == STATUS_OK) {
        status = recovery_reader_open(recovery->options.ledger, &reader);
    }
    if (status != STATUS_OK) {
        goto out;
    }
    document.created_at = control->created_at;
    digest_bytes(bytes, &document.digest);
    found.created_at = document.created_at;
    found.digest = document.digest;
    status = recovery_get_document(&reader, &found);
    recovery_reader_close(&reader);
    if (status != STATUS_NOT_FOUND) {
        goto out;
    }
    status = put(recovery, &document, control);
    if (status != STATUS_OK) {
        goto out;
    }
    recovery->position++;
    recovery->news_at = clock_monotonic_us(recovery->options.clock);
    if (recovery->context_stale ||
        document.created_at <= recovery->context_until) {
        recovery->context_stale = true;
        goto out;
    }
    status = go_on(recovery, &document, control, &applies);
out:
    control_free(&control);
    return status;
}
