/* Failure modes: a file that is not whole, of nobody we know, or for another
 * collector; a collector that ends meanwhile; a stick that is full. Receipts of
 * what was taken are given again whenever the office brings the batches
 * again. */
#include "collector/stick/stick_import.h"

#include "collector/line/control_socket.h"
#include "collector/stick/stick_answer.h"
#include "common/format/batch.h"

#include <string.h>

#define ASK_MS 60000

struct taking {
    struct stick_import *import;
    const struct context_agent *agent;
    struct stick_result *result;
    struct stick_writer *writer;
    struct wire_codec *codec;
    struct wire_hello hello;
    bool has_hello;
    uint64_t before;    /* entries that there were */
    struct buffer text; /* the collector's answer */
    struct buffer kept[PROVINCE_ORDERS_MAX];
    size_t kept_count;
};

/* ---- to the collector ---- */

static enum status note_answer(struct taking *taking, struct bytes frame)
{
    struct stick_result *result = taking->result;
    struct wire_down down;
    struct entry entry;
    enum status status = wire_unpack_down(taking->codec, frame, &down);

    if (status == STATUS_OK && down.kind == WIRE_DOWN_REFUSAL) {
        result->refused++;
        if (result->refusal == 0) {
            result->refusal = down.refusal.code;
        }
    } else if (status == STATUS_OK && down.kind == WIRE_DOWN_RECEIPTS &&
               down.receipts.count == 1) {
        status = entry_read(
            (struct bytes){down.receipts.entries[0], ENTRY_BYTES}, &entry);
        if (status == STATUS_OK && entry.index < taking->before) {
            result->known++;
        } else if (status == STATUS_OK) {
            result->batches++;
            result->events += entry.count;
        }
    } else if (status == STATUS_OK) {
        status = STATUS_INVALID;
    }
    return status;
}

/* Each answer goes onto the stick as it came. */
static enum status keep_answers(struct taking *taking, struct bytes text)
{
    struct reader reader;
    enum status status = STATUS_OK;

    reader_init(&reader, text);
    while (status == STATUS_OK && reader.left.size > 0) {
        struct bytes frame;
        uint32_t size = 0;

        status = reader_u32(&reader, &size);
        if (status == STATUS_OK) {
            status = reader_span(&reader, size, &frame);
        }
        if (status == STATUS_OK) {
            status = note_answer(taking, frame);
        }
        if (status == STATUS_OK) {
            status = stick_put(taking->writer, &frame, 1);
        }
    }
    return status;
}

static enum status hand_over(struct taking *taking)
{
    struct control_request request = {.kind = CONTROL_SOCKET_STICK,
                                      .document_count = taking->kept_count};
    struct control_answer answer;
    enum status status;

    if (taking->kept_count == 0) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < taking->kept_count; i++) {
        request.documents[i] = buffer_bytes(&taking->kept[i]);
    }
    status = control_socket_ask(taking->import->reading->directory.socket,
                                &request, ASK_MS, &taking->text, &answer);
    taking->kept_count = 0;
    if (status == STATUS_AGAIN || status == STATUS_IO) {
        return STATUS_BUSY;
    }
    if (status == STATUS_OK) {
        status = answer.status;
    }
    return status == STATUS_OK ? keep_answers(taking, answer.text) : status;
}

/* ---- what the office wrote ---- */

static enum status keep_batch(struct taking *taking, struct bytes batch)
{
    struct buffer *kept = &taking->kept[taking->kept_count];
    enum status status;

    buffer_clear(kept);
    status = buffer_append(kept, batch);
    if (status == STATUS_OK && ++taking->kept_count == PROVINCE_ORDERS_MAX) {
        status = hand_over(taking);
    }
    return status;
}

static enum status take_message(struct taking *taking,
                                const struct bytes frames[], size_t count)
{
    struct wire_up up;
    enum status status = wire_unpack_up(taking->codec, frames[0], &up);

    if (status == STATUS_VERSION) {
        return STATUS_OK; /* of a newer program: nothing that we must know */
    }
    if (status == STATUS_OK && up.kind == WIRE_UP_HELLO && count == 1) {
        taking->hello = up.hello;
        taking->has_hello = true;
        return STATUS_OK;
    }
    if (status == STATUS_OK && (up.kind != WIRE_UP_BATCHES || count < 2)) {
        status = STATUS_INVALID;
    }
    for (size_t i = 1; i < count && status == STATUS_OK; i++) {
        status = keep_batch(taking, frames[i]);
    }
    return status;
}

static enum status take_all(struct taking *taking, struct stick_reader *reader)
{
    struct bytes frames[WIRE_FRAMES_MAX];
    size_t count = 0;
    enum status status;

    while ((status = stick_next(reader, &taking->import->keys->server, frames,
                                &count)) == STATUS_OK) {
        status = take_message(taking, frames, count);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (status == STATUS_NOT_FOUND) {
        status = hand_over(taking);
    }
    return status == STATUS_OK && !taking->has_hello ? STATUS_INVALID : status;
}

/* Whose file it is. */
static enum status find_agent(const struct stick_import *import,
                              const struct stick_head *head,
                              const struct stick_reader *reader,
                              const struct context_agent **agent)
{
    *agent = context_agent(province_context(import->reading->province),
                           head->agent_number);
    if (head->way != STICK_UP || *agent == NULL || !(*agent)->joined ||
        !random_id_equal(&(*agent)->id, &head->agent)) {
        return STATUS_REFUSED;
    }
    return stick_verify(reader, &(*agent)->sign_key);
}

static enum status answer_file(struct taking *taking,
                               const struct stick_head *head,
                               struct stick_reader *reader)
{
    const struct stick_head back = {.way = STICK_DOWN,
                                    .agent = head->agent,
                                    .agent_number = head->agent_number,
                                    .made_at =
                                        clock_wall_us(taking->import->clock)};
    char path[FILE_PATH_MAX];
    enum status status = stick_path(taking->import->folder, STICK_DOWN,
                                    head->agent_number, path);

    if (status == STATUS_OK) {
        status = stick_create(path, &back, &taking->agent->curve_key,
                              &taking->writer);
    }
    if (status == STATUS_OK) {
        status = take_all(taking, reader);
    }
    if (status == STATUS_OK) {
        status = stick_answer(taking->import, head->agent_number,
                              &taking->hello, taking->writer);
    }
    if (status == STATUS_OK) {
        status = stick_finish(&taking->writer, &taking->import->keys->ledger);
    }
    stick_abandon(&taking->writer);
    return status;
}

static enum status count_entries(const struct stick_import *import,
                                 uint64_t *entries)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status =
        ledger_snapshot_open(import->reading->ledger, &snapshot);

    if (status == STATUS_OK) {
        *entries = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

enum status stick_import(struct stick_import *import, const char *path,
                         struct stick_result *result)
{
    struct taking taking = {.import = import, .result = result};
    struct stick_reader *reader = NULL;
    struct stick_head head = {.agent_number = 0};
    enum status status = stick_open(path, &head, &reader);

    *result = (struct stick_result){.agent = head.agent_number};
    if (status == STATUS_OK) {
        status = find_agent(import, &head, reader, &taking.agent);
    }
    if (status == STATUS_OK) {
        status = count_entries(import, &taking.before);
    }
    buffer_init(&taking.text, CONTROL_SOCKET_TEXT_MAX);
    for (size_t i = 0; i < PROVINCE_ORDERS_MAX; i++) {
        buffer_init(&taking.kept[i], WIRE_FRAME_BYTES_MAX);
    }
    if (status == STATUS_OK) {
        taking.codec = wire_codec_new();
        status = taking.codec == NULL ? STATUS_MEMORY
                                      : answer_file(&taking, &head, reader);
    }
    for (size_t i = 0; i < PROVINCE_ORDERS_MAX; i++) {
        buffer_fini(&taking.kept[i]);
    }
    buffer_fini(&taking.text);
    wire_codec_free(&taking.codec);
    stick_close(&reader);
    return status;
}
