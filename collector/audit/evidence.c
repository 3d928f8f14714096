#include "collector/audit/evidence.h"

#include <string.h>

#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/fold/batch_signer.h"

enum status evidence_parse(const char *text, struct evidence_name *name)
{
    size_t size = strlen(text), read = 0;

    memset(name, 0, sizeof *name);
    if (strchr(text, '.') != NULL) {
        name->kind = EVIDENCE_EVENT;
        return event_id_parse(text, size, &name->number);
    }
    if (size == 2 * (size_t)DIGEST_BYTES) {
        name->kind = EVIDENCE_HASH;
        return bytes_from_hex(text, name->hash.bytes, DIGEST_BYTES, &read);
    }
    name->kind = EVIDENCE_INDEX;
    return text_parse_count(text, size, &name->number);
}

static void digest_record(const struct entry *entry, struct digest *digest)
{
    uint8_t record[ENTRY_BYTES];

    entry_write(entry, record);
    digest_bytes((struct bytes){record, sizeof record}, digest);
}

/* There is no table of hashes of records, and documents are few: one look at
 * each entry. */
static enum status find_hash(const struct ledger_snapshot *snapshot,
                             const struct digest *hash, struct entry *entry)
{
    for (uint64_t i = 0; i < ledger_snapshot_size(snapshot); i++) {
        struct digest record;
        enum status status = ledger_entry(snapshot, i, entry);

        if (status != STATUS_OK) {
            return status;
        }
        digest_record(entry, &record);
        if (digest_equal(&entry->digest, hash) || digest_equal(&record, hash)) {
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

enum status evidence_entry(const struct ledger_snapshot *snapshot,
                           const struct evidence_name *name,
                           struct entry *entry)
{
    switch (name->kind) {
    case EVIDENCE_EVENT:
        return ledger_find_event(snapshot, id60_agent(name->number),
                                 id60_epoch(name->number),
                                 id60_number(name->number), entry);
    case EVIDENCE_INDEX:
        return ledger_entry(snapshot, name->number, entry);
    default:
        return find_hash(snapshot, &name->hash, entry);
    }
}

static void read_batch(const struct context *context, struct evidence *evidence)
{
    const struct entry *entry = &evidence->entry;
    const struct public_key *key =
        context_sign_key_at(context, entry->agent_number, entry->index);
    const struct batch_place place = {.agent_number = entry->agent_number,
                                      .epoch_ordinal = entry->epoch_ordinal,
                                      .first_seq = entry->first_seq,
                                      .index = entry->index};
    const struct public_key *signer;

    evidence->readable =
        batch_peek(evidence->bytes, &evidence->header) == STATUS_OK;
    if (key == NULL) {
        evidence->signature = EVIDENCE_NO_KEY;
        return;
    }
    signer = batch_signer(context, &place, evidence->bytes);
    evidence->key = signer == NULL ? *key : *signer;
    evidence->signature = signer == NULL ? EVIDENCE_WRONG : EVIDENCE_GOOD;
}

/* The first document names its own key; all later ones are signed by it. */
static enum status read_control(const struct context *context,
                                struct evidence *evidence)
{
    const struct public_key *key = province_keys_administrator_at(
        context_province_keys(context), evidence->entry.index);
    enum status status =
        control_open(evidence->bytes, evidence->entry.index == 0 ? NULL : key,
                     &evidence->control);

    if (key != NULL) {
        evidence->key = *key;
    }
    evidence->readable = status == STATUS_OK;
    evidence->signature = status == STATUS_OK        ? EVIDENCE_GOOD
                          : status == STATUS_REFUSED ? EVIDENCE_WRONG
                                                     : EVIDENCE_NO_KEY;
    return status == STATUS_MEMORY ? status : STATUS_OK;
}

enum status evidence_open(const struct ledger_snapshot *snapshot,
                          const struct context *context,
                          const struct entry *entry, struct evidence *evidence)
{
    memset(evidence, 0, sizeof *evidence);
    evidence->entry = *entry;
    digest_record(entry, &evidence->record);
    evidence->found = entry->kind == ENTRY_MISSING
                          ? STATUS_NOT_FOUND
                          : ledger_bytes(snapshot, entry, &evidence->bytes);
    if (evidence->found != STATUS_OK) {
        evidence->bytes = (struct bytes){.data = NULL, .size = 0};
        return STATUS_OK;
    }
    if (entry->kind == ENTRY_CONTROL) {
        return read_control(context, evidence);
    }
    read_batch(context, evidence);
    return STATUS_OK;
}

void evidence_fini(struct evidence *evidence)
{
    control_free(&evidence->control);
}
