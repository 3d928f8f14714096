/* Failure modes: a file that is not whole, of nobody we know, or for another
 * collector; a collector that ends meanwhile; a stick that is full. Receipts of
 * what was taken are given again whenever the office brings the batches
 * again. */
#include "collector/stick/stick_import.h"

#include "collector/stick/handing.h"
#include "collector/stick/stick_answer.h"

struct taking {
    struct stick_import *import;
    const struct context_agent *agent;
    struct stick_result *result;
    struct stick_writer *writer;
    struct handing *handing;
    struct wire_codec *codec;
    struct wire_hello hello;
    bool has_hello;
    uint64_t before; /* entries that there were */
};

/* ---- from the collector ---- */

/* Each answer goes onto the stick as it came. */
static enum status keep_answer(void *owner, const struct handing_answer *answer)
{
    struct taking *taking = owner;
    struct stick_result *result = taking->result;

    if (answer->refusal != 0) {
        result->refused++;
        result->refusal =
            result->refusal == 0 ? answer->refusal : result->refusal;
    } else if (answer->entry.index < taking->before) {
        result->known++;
    } else {
        result->batches++;
        result->events += answer->entry.count;
    }
    return stick_put(taking->writer, &answer->frame, 1);
}

/* ---- what the office wrote ---- */

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
        status = handing_put(taking->handing, frames[i]);
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
        status = handing_flush(taking->handing);
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
    if (status == STATUS_OK) {
        const struct handing_to to = {.socket =
                                          import->reading->directory.socket,
                                      .owner = &taking,
                                      .answered = keep_answer};

        status = handing_open(&to, &taking.handing);
    }
    if (status == STATUS_OK) {
        taking.codec = wire_codec_new();
        status = taking.codec == NULL ? STATUS_MEMORY
                                      : answer_file(&taking, &head, reader);
    }
    handing_close(&taking.handing);
    wire_codec_free(&taking.codec);
    stick_close(&reader);
    return status;
}
