/* Failure modes: a stick of another office, of another province or of nobody, a
 * file that was copied in part, an old one. None of them changes anything. */
#include "agent/stick/incoming.h"

#include "agent/line/document.h"
#include "agent/line/mirror.h"
#include "agent/stick/note.h"
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/stick.h"
#include "common/format/wire_document.h"

#include <string.h>

struct incoming {
    const struct office *office;
    struct incoming_counts *counts;
    struct wire_codec *codec;
    struct wire_assembly assembly;
    struct buffer whole; /* of a control document in several frames */
    struct stick_note note;
    int64_t made_at;
    bool old;
};

/* ---- how old it is ---- */

static enum status look_how_old(struct incoming *self)
{
    struct spool_link link;
    enum status rc = spool_link(self->office->spool, &link);

    /* The file bears the province's time, the link this machine's. */
    self->old =
        rc == STATUS_OK && (self->made_at < self->note.made_at ||
                            self->made_at < link.heard_at - link.clock_ahead);
    return rc;
}

/* A province whose clock once ran ahead does not shut its later files out. What
 * it lacks is what its newest word says. */
static enum status note_taken(struct incoming *self)
{
    int64_t now = clock_wall_us(clock_real());
    struct stick_note *note = &self->note;
    const struct incoming_counts *counts = self->counts;

    note->took_at = now;
    note->receipts = counts->receipts;
    note->documents = counts->documents;
    note->refusal = counts->refusal;
    if (!self->old) {
        note->made_at = self->made_at < now ? self->made_at : now;
        note->wanted = counts->wanted;
    }
    return stick_note_keep(self->office, note);
}

/* ---- one message ---- */

/* An old file may bring a receipt that is not here, and take the place of none:
 * a province that was restored may have given its batch another number. */
static bool has_receipt(struct spool *spool, struct bytes bytes)
{
    struct entry entry;
    struct entry here;

    return entry_read(bytes, &entry) == STATUS_OK &&
           spool_event_receipt(spool,
                               id60_make(entry.agent_number,
                                         entry.epoch_ordinal,
                                         (uint32_t)entry.first_seq),
                               &here) == STATUS_OK;
}

static enum status take_receipts(struct incoming *self,
                                 const struct wire_receipts *receipts)
{
    struct bytes entries[WIRE_RECEIPTS_MAX];
    bool kept[WIRE_RECEIPTS_MAX];
    size_t count = 0;
    enum status rc;

    check(receipts->count <= WIRE_RECEIPTS_MAX);
    for (size_t i = 0; i < receipts->count; i++) {
        struct bytes entry = {receipts->entries[i], ENTRY_BYTES};

        if (!self->old || !has_receipt(self->office->spool, entry)) {
            entries[count++] = entry;
        }
    }
    rc = spool_receipts(self->office->spool, entries, count, kept);
    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        self->counts->receipts += kept[i];
    }
    return rc;
}

/* What does not hold by itself is left alone, as on the line; the rest of the
 * file may. */
static enum status pass_over(struct incoming *self, enum status rc)
{
    if (rc == STATUS_INVALID || rc == STATUS_REFUSED || rc == STATUS_VERSION) {
        self->counts->left++;
        return STATUS_OK;
    }
    return rc;
}

static enum status take_piece(struct incoming *self,
                              const struct wire_piece *piece)
{
    const struct document_keeper keeper = {.spool = self->office->spool,
                                           .config = &self->office->config};
    char name[WIRE_NAME_MAX];
    struct bytes body;
    enum status rc;

    if (self->old) {
        self->counts->old = true;
        return STATUS_OK;
    }
    memcpy(name, piece->name, sizeof name);
    rc = wire_assembly_add(&self->assembly, piece,
                           &self->office->config.ledger_key, &body);
    if (rc == STATUS_AGAIN) {
        return STATUS_OK;
    }
    /* The line may have come up meanwhile, and brought a newer one. */
    if (rc == STATUS_OK) {
        rc = look_how_old(self);
    }
    if (rc == STATUS_OK && self->old) {
        self->counts->old = true;
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = document_keep(&keeper, name, body);
    }
    self->counts->documents += rc == STATUS_OK;
    return pass_over(self, rc);
}

static enum status take_given(struct incoming *self,
                              const struct wire_pairs *given,
                              const struct bytes frames[], size_t count)
{
    struct wire_pair pairs[WIRE_PAIRS_MAX];
    uint64_t done_to = given->done_to;
    enum status rc;

    if (self->old) {
        return STATUS_OK; /* of a ledger that may have been restored since */
    }
    buffer_clear(&self->whole);
    rc = wire_pairs_join(given, frames, count, &self->whole, pairs);
    if (rc == STATUS_OK) {
        rc = mirror_keep(self->office->spool, &self->office->config, pairs,
                         given->count, &done_to);
    }
    if (rc == STATUS_OK) {
        self->counts->controls += given->count;
    }
    return pass_over(self, rc);
}

/* The first counts: batches behind a gap are each answered with it. */
static void take_refusal(struct incoming *self,
                         const struct wire_refusal *refusal)
{
    if (self->counts->refusal != 0 || self->old) {
        return;
    }
    self->counts->refusal = refusal->code;
    if (refusal->code == WIRE_REFUSAL_GAP) {
        self->counts->wanted = refusal->seq;
    }
}

static enum status take(struct incoming *self, const struct bytes frames[],
                        size_t count)
{
    struct wire_down down;
    enum status rc = wire_unpack_down(self->codec, frames[0], &down);

    if (rc != STATUS_OK) {
        return rc == STATUS_VERSION ? STATUS_OK : rc;
    }
    switch (down.kind) {
    case WIRE_DOWN_RECEIPTS:
        return take_receipts(self, &down.receipts);
    case WIRE_DOWN_DOCUMENT:
        return take_piece(self, &down.document);
    case WIRE_DOWN_GIVEN:
        return take_given(self, &down.given, frames + 1, count - 1);
    case WIRE_DOWN_REFUSAL:
        take_refusal(self, &down.refusal);
        return STATUS_OK;
    default:
        return STATUS_INVALID;
    }
}

/* ---- all of it ---- */

static enum status take_all(struct incoming *self, struct stick_reader *reader,
                            const struct keyring *keyring)
{
    struct bytes frames[WIRE_FRAMES_MAX];
    size_t count = 0;
    enum status rc;

    while ((rc = stick_next(reader, &keyring->curve, frames, &count)) ==
           STATUS_OK) {
        rc = take(self, frames, count);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Whose file it is, before anything in it is looked at. */
static enum status check_head(const struct office *office,
                              const struct stick_head *head,
                              const struct stick_reader *reader)
{
    if (head->way != STICK_DOWN ||
        head->agent_number != office->identity.agent_number ||
        !random_id_equal(&head->agent, &office->identity.agent)) {
        return STATUS_REFUSED;
    }
    return stick_verify(reader, &office->config.ledger_key);
}

enum status incoming_read(const struct office *office,
                          const struct keyring *keyring, const char *path,
                          struct incoming_counts *counts)
{
    struct incoming self = {.office = office, .counts = counts};
    struct stick_reader *reader = NULL;
    struct stick_head head;
    enum status rc = stick_open(path, &head, &reader);

    *counts = (struct incoming_counts){0};
    if (rc == STATUS_OK) {
        rc = check_head(office, &head, reader);
    }
    if (rc == STATUS_OK) {
        rc = stick_note_read(office, &self.note);
    }
    if (rc == STATUS_OK) {
        self.made_at = head.made_at;
        rc = look_how_old(&self);
    }
    wire_assembly_init(&self.assembly);
    buffer_init(&self.whole, CONTROL_BYTES_MAX);
    if (rc == STATUS_OK) {
        self.codec = wire_codec_new();
        rc = self.codec == NULL ? STATUS_MEMORY
                                : take_all(&self, reader, keyring);
    }
    if (rc == STATUS_OK) {
        rc = note_taken(&self);
    }
    wire_codec_free(&self.codec);
    wire_assembly_fini(&self.assembly);
    buffer_fini(&self.whole);
    stick_close(&reader);
    return rc;
}
