/* What came back is looked at in order: the signature under the key of its
 * place, the order that erased it, and its time. */
#include "collector/recovery/recovery_internal.h"

#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "common/fold/batch_signer.h"
#include "common/format/batch.h"
#include "common/format/control.h"

#include <string.h>

void recovery_pass_reset(struct recovery_pass *pass)
{
    context_free(&pass->context);
    memset(pass, 0, sizeof *pass);
}

enum status recovery_pass_begin(struct recovery *recovery,
                                struct recovery_pass *pass,
                                struct recovery_reader *reader)
{
    struct entry last;
    enum status status =
        recovery_read_context(recovery, reader, &pass->context);

    pass->at = recovery->entries;
    pass->received_at = INT64_MIN;
    if (status == STATUS_OK) {
        status =
            ledger_tree_read(reader->txn, recovery->entries, &pass->frontier);
    }
    if (status == STATUS_OK) {
        status = tables_last_entry(reader->txn, &last);
        if (status == STATUS_OK) {
            pass->received_at = last.received_at;
        }
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    pass->begun = status == STATUS_OK;
    return status;
}

/* STATUS_REFUSED: it cannot be what was there. */
static enum status check_batch(struct recovery *recovery,
                               const struct recovery_pass *pass,
                               const struct recovery_reader *reader,
                               const struct recovery_row *row)
{
    const struct batch_place place = {.agent_number = row->entry.agent_number,
                                      .epoch_ordinal = row->entry.epoch_ordinal,
                                      .first_seq = row->entry.first_seq,
                                      .index = row->entry.index};
    const struct public_key *signer;
    const struct public_key *key;
    enum status status;

    if (row->bytes.size == 0) {
        status = recovery_erased(reader, &row->entry);
        return status == STATUS_NOT_FOUND ? STATUS_REFUSED : status;
    }
    key = context_sign_key_at(pass->context, row->entry.agent_number,
                              row->entry.index);
    if (key == NULL) {
        return STATUS_REFUSED;
    }
    if (recovery_is_good(recovery, row->entry.index, row->agent, key)) {
        return STATUS_OK;
    }
    signer = batch_signer(pass->context, &place, row->bytes);
    if (signer == NULL) {
        return STATUS_REFUSED;
    }
    if (public_key_equal(signer, key)) {
        recovery_note_good(recovery, row->entry.index, row->agent, key);
    }
    return STATUS_OK;
}

/* What intake would have asked: where no root decides, an office's word is
 * worth what it was worth then. */
static bool may_have_sent(const struct context *context,
                          const struct entry *entry)
{
    const struct context_agent *agent =
        context_agent(context, entry->agent_number);

    return agent != NULL && agent->joined && !agent->revoked &&
           random_id_equal(&agent->id, &entry->agent) &&
           context_epoch_is_open(agent, &entry->epoch, entry->epoch_ordinal,
                                 entry->first_seq);
}

static void go_on(struct recovery_pass *pass, const struct entry *entry)
{
    uint8_t record[ENTRY_BYTES];
    struct digest leaf;

    entry_write(entry, record);
    merkle_leaf((struct bytes){record, sizeof record}, &leaf);
    merkle_frontier_push(&pass->frontier, &leaf);
    pass->received_at = entry->received_at;
    pass->at++;
}

enum status recovery_pass_judge(struct recovery *recovery,
                                const struct recovery_pass *pass,
                                const struct recovery_reader *reader,
                                const struct recovery_row *row, int64_t until)
{
    struct control *control = NULL;
    enum status status;

    if (row->entry.received_at < pass->received_at ||
        row->entry.received_at > until) {
        return STATUS_REFUSED;
    }
    if (row->entry.kind != ENTRY_CONTROL) {
        return pass->rooted || may_have_sent(pass->context, &row->entry)
                   ? check_batch(recovery, pass, reader, row)
                   : STATUS_REFUSED;
    }
    status = recovery_open_next(recovery, pass->context, row->entry.index,
                                row->bytes, &control);
    if (status == STATUS_OK &&
        (row->entry.index == 0) != (control->kind == CONTROL_GENESIS)) {
        status = STATUS_REFUSED;
    }
    control_free(&control);
    return status == STATUS_INVALID || status == STATUS_VERSION ? STATUS_REFUSED
                                                                : status;
}

enum status recovery_pass_take(struct recovery *recovery,
                               struct recovery_pass *pass,
                               const struct recovery_row *row)
{
    enum status status = row->entry.kind == ENTRY_CONTROL
                             ? recovery_apply(recovery, pass->context,
                                              row->entry.index, row->bytes)
                             : STATUS_OK;

    if (status == STATUS_OK) {
        go_on(pass, &row->entry);
    }
    return status;
}

void recovery_pass_skip(struct recovery_pass *pass)
{
    const struct entry missing = {.kind = ENTRY_MISSING,
                                  .index = pass->at,
                                  .received_at = pass->received_at};

    go_on(pass, &missing);
}
