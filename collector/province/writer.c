#include "collector/province/writer.h"

#include "collector/line/control_socket.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    struct directory directory;
    const struct clock *clock;
    struct keys keys;
    struct ledger *ledger; /* read only while a collector runs */
    struct province *province;
    int lock; /* -1: a collector runs */
};

enum status writer_open(const struct directory *directory,
                        const struct clock *clock, struct writer **writer,
                        const char **what)
{
    struct writer *self = calloc(1, sizeof *self);
    struct ledger_options options;
    const char *at = directory->path;
    enum status status;

    *writer = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->directory = *directory;
    self->clock = clock;
    self->lock = -1;
    status = directory_check(&self->directory);
    if (status == STATUS_OK) {
        status = keys_load(&self->directory, &self->keys, &at);
    }
    if (status == STATUS_OK) {
        at = "collector.lock";
        status = directory_lock(&self->directory, &self->lock);
        status = status == STATUS_BUSY ? STATUS_OK : status;
    }
    if (status == STATUS_OK) {
        at = "ledger.mdb";
        options = (struct ledger_options){.path = self->directory.ledger,
                                          .clock = clock,
                                          .read_only = self->lock < 0};
        status = ledger_open(&options, &self->ledger);
    }
    if (status == STATUS_OK) {
        status = province_open(self->ledger, &self->province);
    }
    if (status != STATUS_OK) {
        writer_close(&self);
    }
    if (what != NULL) {
        *what = at;
    }
    *writer = self;
    return status;
}

void writer_close(struct writer **writer)
{
    if (*writer == NULL) {
        return;
    }
    province_close(&(*writer)->province);
    ledger_close(&(*writer)->ledger);
    directory_unlock(&(*writer)->lock);
    keys_wipe(&(*writer)->keys);
    free(*writer);
    *writer = NULL;
}

const char *writer_socket(const struct writer *writer)
{
    return writer->lock < 0 ? writer->directory.socket : NULL;
}

const struct keys *writer_keys(const struct writer *writer)
{
    return &writer->keys;
}

struct ledger *writer_ledger(const struct writer *writer)
{
    return writer->ledger;
}

const struct context *writer_context(const struct writer *writer)
{
    return province_context(writer->province);
}

enum status writer_document(const struct writer *writer, enum control_kind kind,
                            uint32_t agent, struct buffer *out)
{
    uint64_t index = 0;

    return province_document(writer->province, kind, agent, out, &index);
}

enum status writer_plan_document(const struct writer *writer, const char *id,
                                 struct buffer *out)
{
    const struct context_plan *plan =
        context_plan_by_id(writer_context(writer), id);

    return plan == NULL
               ? STATUS_NOT_FOUND
               : province_entry_document(writer->province, plan->index, out);
}

/* Reads what others have added to the ledger meanwhile. */
static enum status catch_up(struct writer *writer)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(writer->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = province_advance(writer->province, snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

/* Sends the documents to the running collector. */
static enum status send_order(struct writer *writer,
                              const struct bytes documents[], size_t count,
                              struct report *report)
{
    struct control_request request = {.kind = CONTROL_SOCKET_ORDER,
                                      .language = report->language,
                                      .position =
                                          province_position(writer->province),
                                      .document_count = count};
    struct control_answer answer;
    struct buffer text;
    enum status status;

    memcpy(request.documents, documents, count * sizeof documents[0]);
    buffer_init(&text, CONTROL_SOCKET_TEXT_MAX);
    status = control_socket_ask(writer->directory.socket, &request,
                                WRITER_TIMEOUT_MS, &text, &answer);
    if (status == STATUS_AGAIN) {
        status = STATUS_BUSY;
    } else if (status == STATUS_OK) {
        status = answer.status;
    }
    if (status != STATUS_OK && answer.text.size > 0) {
        report_add(report, REPORT_ERROR, NULL, 0, 0, "%.*s", "%.*s",
                   (int)answer.text.size, (const char *)answer.text.data);
    }
    buffer_fini(&text);
    return status;
}

/* Signs the documents one behind the other; `documents` point into `out`. */
static enum status sign_all(const struct writer *writer,
                            struct control controls[], size_t count,
                            struct buffer out[], struct bytes documents[])
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        controls[i].created_at = clock_wall_us(writer->clock);
        random_id_make(&controls[i].nonce);
        status =
            control_sign(&controls[i], &writer->keys.administrator, &out[i]);
        documents[i] = buffer_bytes(&out[i]);
    }
    return status;
}

/* To the collector that runs, or into the ledger itself. */
static enum status append(struct writer *writer, const struct bytes documents[],
                          size_t count, struct report *report)
{
    struct entry entries[PROVINCE_ORDERS_MAX];

    return writer->lock >= 0 ? province_order(writer->province, documents,
                                              count, report, entries)
                             : send_order(writer, documents, count, report);
}

static enum status attempt(struct writer *writer,
                           const struct writer_order *order,
                           struct control controls[], struct report *report)
{
    struct buffer signed_documents[PROVINCE_ORDERS_MAX];
    struct bytes documents[PROVINCE_ORDERS_MAX];
    size_t count = 0;
    enum status status;

    memset(controls, 0, PROVINCE_ORDERS_MAX * sizeof controls[0]);
    status =
        order->compose(order->owner, writer_context(writer), controls, &count);
    if (status != STATUS_OK || count == 0) {
        return status;
    }
    check(count <= PROVINCE_ORDERS_MAX);
    for (size_t i = 0; i < count; i++) {
        buffer_init(&signed_documents[i], CONTROL_BYTES_MAX);
    }
    status = sign_all(writer, controls, count, signed_documents, documents);
    if (status == STATUS_FULL) {
        report_add(
            report, REPORT_ERROR, NULL, 0, 0, "các tệp quá lớn, tối đa %u byte",
            "the files are too large, at most %u bytes", CONTROL_BYTES_MAX);
        status = STATUS_INVALID;
    } else if (status == STATUS_OK) {
        status = append(writer, documents, count, report);
    }
    for (size_t i = 0; i < count; i++) {
        buffer_fini(&signed_documents[i]);
    }
    return status;
}

/* What an order refers to may not have come back yet. */
static enum status check_whole(const struct writer *writer)
{
    struct ledger_snapshot *snapshot = NULL;
    bool rebuilt = false;
    enum status status = ledger_snapshot_open(writer->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_is_rebuilt(snapshot, &rebuilt);
    }
    ledger_snapshot_close(&snapshot);
    return status == STATUS_OK && rebuilt ? STATUS_REBUILDING : status;
}

enum status writer_order(struct writer *writer,
                         const struct writer_order *order,
                         struct report *report)
{
    struct control *controls;
    enum status status = check_whole(writer);

    if (status != STATUS_OK) {
        return status;
    }
    controls = calloc(PROVINCE_ORDERS_MAX, sizeof *controls);
    if (controls == NULL) {
        return STATUS_MEMORY;
    }
    status = STATUS_AGAIN;
    for (unsigned i = 0; i < WRITER_ATTEMPTS && status == STATUS_AGAIN; i++) {
        status = attempt(writer, order, controls, report);
        if (status == STATUS_AGAIN && catch_up(writer) != STATUS_OK) {
            status = STATUS_IO;
        }
    }
    free(controls);
    return status;
}

enum status writer_put(struct writer *writer, struct bytes document,
                       struct report *report)
{
    enum status status = check_whole(writer);

    if (status != STATUS_OK) {
        return status;
    }
    status = STATUS_AGAIN;
    for (unsigned i = 0; i < WRITER_ATTEMPTS && status == STATUS_AGAIN; i++) {
        status = append(writer, &document, 1, report);
        if ((status == STATUS_AGAIN || status == STATUS_OK) &&
            catch_up(writer) != STATUS_OK) {
            status = STATUS_IO;
        }
    }
    return status;
}
