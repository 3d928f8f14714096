#include "collector/stick/stick_answer.h"

#include "collector/line/documents.h"
#include "common/format/wire_pairs.h"

/* Reads what the collector has added meanwhile, and folds it. The registers are
 * an office's document too. */
static enum status follow(const struct stick_import *import)
{
    struct reading *reading = import->reading;
    unsigned changes = 0;

    if (reading->tally != NULL) {
        return tally_advance(reading->tally, &changes);
    }
    reading->registers = true;
    return reading_fold(import->args, reading);
}

static enum status put(struct stick_writer *writer,
                       const struct wire_down *down,
                       const struct bytes frames[], size_t count)
{
    struct bytes all[WIRE_FRAMES_MAX];
    struct buffer packed;
    enum status status;

    buffer_init(&packed, WIRE_FRAME_BYTES_MAX);
    status = wire_pack_down(down, &packed);
    all[0] = buffer_bytes(&packed);
    for (size_t i = 0; i < count; i++) {
        all[i + 1] = frames[i];
    }
    if (status == STATUS_OK) {
        status = stick_put(writer, all, count + 1);
    }
    buffer_fini(&packed);
    return status;
}

/* ---- documents ---- */

static enum status put_document(const struct wire_document *document,
                                struct stick_writer *writer)
{
    uint64_t offset = 0;
    enum status status = STATUS_OK;

    do {
        struct wire_down down = {.kind = WIRE_DOWN_DOCUMENT};

        wire_document_piece(document, offset, &down.document);
        status = put(writer, &down, NULL, 0);
        offset += WIRE_PIECE_BYTES_MAX;
    } while (status == STATUS_OK && offset < document->packed.size);
    return status;
}

static enum status put_documents(const struct stick_import *import,
                                 uint32_t agent, const struct wire_hello *hello,
                                 struct stick_writer *writer)
{
    const struct documents_source source = {.province =
                                                import->reading->province,
                                            .tally = import->reading->tally,
                                            .keys = import->keys};
    struct documents_order order;
    struct documents_line line;
    enum status status = STATUS_OK;

    documents_line_init(&line);
    documents_hello(&line, hello);
    while (status == STATUS_OK &&
           documents_take(&line, agent, DOCUMENTS_ALL,
                          (hello->capabilities & WIRE_CAPABILITY_ZSTD) != 0,
                          INT64_MAX, &order)) {
        struct documents_made made;

        status = documents_make(&source, &order, &made);
        if (status == STATUS_OK && made.changed) {
            status = put_document(&made.document, writer);
        }
        documents_made_fini(&made);
    }
    documents_line_fini(&line);
    return status;
}

/* ---- control entries ---- */

static enum status put_controls(const struct ledger_snapshot *snapshot,
                                uint64_t next, struct stick_writer *writer)
{
    struct wire_pack pack = {.bytes = 0};
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        struct entry entry;
        struct bytes document;

        status = ledger_next_control(snapshot, next, &entry);
        if (status == STATUS_OK) {
            status = ledger_bytes(snapshot, &entry, &document);
        }
        if (status == STATUS_NOT_FOUND ||
            (status == STATUS_OK && !wire_pack_add(&pack, &entry, document))) {
            struct wire_down down = {.kind = WIRE_DOWN_GIVEN};

            if (pack.pairs.count == 0) {
                break;
            }
            down.given = pack.pairs;
            down.given.done_to = next;
            down.given.purpose = WIRE_PURPOSE_CONTROLS;
            status = put(writer, &down, pack.frames, pack.frame_count);
            pack = (struct wire_pack){.bytes = 0};
        } else if (status == STATUS_OK) {
            next = entry.index + 1;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status give_controls(const struct stick_import *import,
                                 const struct wire_hello *hello,
                                 struct stick_writer *writer)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status;

    if ((hello->capabilities & WIRE_CAPABILITY_PAIRS) == 0 ||
        context_break_count(province_context(import->reading->province)) > 0) {
        return STATUS_OK;
    }
    status = ledger_snapshot_open(import->reading->ledger, &snapshot);
    if (status == STATUS_OK) {
        status = put_controls(snapshot, hello->next_control, writer);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

enum status stick_answer(const struct stick_import *import, uint32_t agent,
                         const struct wire_hello *hello,
                         struct stick_writer *writer)
{
    const struct context_agent *to;
    enum status status = follow(import);

    if (status != STATUS_OK) {
        return status;
    }
    to = context_agent(province_context(import->reading->province), agent);
    if (to == NULL || to->revoked) {
        return STATUS_OK; /* as on the line: its refusals, and nothing else */
    }
    status = put_documents(import, agent, hello, writer);
    return status == STATUS_OK ? give_controls(import, hello, writer) : status;
}
