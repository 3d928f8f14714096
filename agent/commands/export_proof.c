/* The happy path: the receipt says which entry holds the event; the question
 * goes into the spool, the daemon is poked, asks the province over its line and
 * puts the answer into the spool; it is checked and written with the batch. */
#include "agent/commands/export_proof.h"

#include "agent/commands/answer.h"
#include "agent/office/keyring.h"
#include "agent/spool/spool_witness.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/format/note.h"
#include "common/format/tlog_proof.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LOOK_MS 50

struct proving {
    const struct args *args;
    struct office *office;
    const char *what; /* the event */
    uint64_t id;
    struct entry receipt;
};

static enum status say(const struct proving *self, struct language_text text,
                       enum status status)
{
    args_error(self->args, "%s: %s", self->what, args_text(self->args, text));
    return status;
}

/* ---- the line ---- */

static enum status check_line(const struct proving *self)
{
    static const struct language_text stopped = {
        "dịch vụ của máy này không chạy; biên nhận vẫn còn, hãy khởi động dịch "
        "vụ rồi thử lại",
        "the service of this machine does not run; the receipt is kept, start "
        "the service and try again"};
    static const struct language_text down = {
        "đường truyền đang không nối, chưa hỏi tỉnh được; biên nhận vẫn còn, "
        "hãy thử lại khi nối lại",
        "the line is down, so the province cannot be asked; the receipt is "
        "kept, try again when the line is back"};
    struct spool_link link;
    enum status status = spool_link(self->office->spool, &link);

    if (status != STATUS_OK) {
        return status;
    }
    if (!office_poke(self->office)) {
        return say(self, stopped, STATUS_AGAIN);
    }
    return link.frozen != SPOOL_RUNNING || link.lost_at != 0 ||
                   link.connected_at == 0
               ? say(self, down, STATUS_AGAIN)
               : STATUS_OK;
}

static enum status find_receipt(struct proving *self)
{
    static const struct language_text no_id = {
        "mã sự kiện như 271.1.42", "the id of an event, such as 271.1.42"};
    static const struct language_text none = {"không có sự kiện này ở đây",
                                              "no such event here"};
    static const struct language_text waits = {
        "tỉnh chưa nhận sự kiện này nên chưa có gì để chứng minh; xem outbox",
        "the province has not received this event, so there is nothing to "
        "prove yet; see outbox"};
    struct event event;
    enum spool_state state;
    enum status status;

    if (event_id_parse(self->what, strlen(self->what), &self->id) !=
        STATUS_OK) {
        return say(self, no_id, STATUS_USAGE);
    }
    if (id60_agent(self->id) != self->office->identity.agent_number) {
        return say(self, none, STATUS_NOT_FOUND);
    }
    status = spool_event_receipt(self->office->spool, self->id, &self->receipt);
    if (status != STATUS_NOT_FOUND) {
        return status == STATUS_OK
                   ? STATUS_OK
                   : answer_failure(self->args, self->office, status);
    }
    status = spool_event(self->office->spool, self->id, &event, &state);
    return status == STATUS_OK ? say(self, waits, STATUS_AGAIN)
                               : say(self, none, STATUS_NOT_FOUND);
}

/* ---- asking ---- */

static enum status wait_for_proof(const struct proving *self,
                                  struct spool_proof *proof)
{
    static const struct language_text silent = {
        "tỉnh chưa trả lời; hãy thử lại sau", "the province has not answered; "
                                              "try again later"};
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    enum status status =
        spool_want_proof(self->office->spool, self->receipt.index);

    for (unsigned i = 0;
         status == STATUS_OK && i < EXPORT_PROOF_S * 1000u / LOOK_MS; i++) {
        if (i % (1000u / LOOK_MS) == 0 && !office_poke(self->office)) {
            break;
        }
        (void)nanosleep(&pause, NULL);
        status = spool_proof(self->office->spool, self->receipt.index, proof);
        if (status != STATUS_NOT_FOUND) {
            return status;
        }
        status = STATUS_OK;
    }
    return status == STATUS_OK ? say(self, silent, STATUS_AGAIN) : status;
}

/* ---- checking and writing ---- */

/* The batch as it was sealed; nothing when it has left for a backup. */
static enum status find_batch(const struct proving *self,
                              struct buffer *content)
{
    struct batch_header header;
    struct digest digest;
    struct bytes batch;
    enum status status = STATUS_NOT_FOUND;

    if (self->receipt.epoch_ordinal == self->office->identity.epoch_ordinal) {
        status = spool_batch(self->office->spool, self->receipt.first_seq,
                             &header, &batch);
    }
    if (status == STATUS_OK) {
        digest_bytes(batch, &digest);
        if (digest_equal(&digest, &self->receipt.digest)) {
            return buffer_append(content, batch);
        }
    }
    return status == STATUS_OK || status == STATUS_NOT_FOUND ? STATUS_OK
                                                             : status;
}

static bool is_receipt(const struct proving *self,
                       const struct spool_proof *proof)
{
    uint8_t bytes[ENTRY_BYTES];

    entry_write(&self->receipt, bytes);
    return memcmp(bytes, proof->entry, sizeof bytes) == 0;
}

static enum status write_file(const struct proving *self,
                              const struct tlog_proof *proof, const char *path)
{
    struct buffer text;
    enum status status;

    buffer_init(&text, TLOG_PROOF_BYTES_MAX);
    status = tlog_proof_write(proof, &text);
    if (status == STATUS_OK) {
        status = file_create(path, buffer_bytes(&text));
    }
    buffer_fini(&text);
    if (status != STATUS_OK) {
        args_error(self->args, "%s: %s", path,
                   status_text(status, self->office->language));
    }
    return status;
}

static enum status check_and_write(const struct proving *self,
                                   const struct spool_proof *given,
                                   struct bytes content, const char *path)
{
    static const struct language_text wrong = {
        "tỉnh trả lời một bằng chứng KHÔNG ĐÚNG; hãy giữ biên nhận và báo "
        "người kiểm toán",
        "what the province answered DOES NOT HOLD; keep the receipt and tell "
        "the auditor"};
    const struct control_genesis *genesis =
        context_genesis(self->office->context);
    struct tlog_proof proof;
    struct tlog_shown shown;
    char clock[TEXT_MOMENT_MAX];
    enum status status;

    tlog_proof_init(&proof);
    status = tlog_proof_make(&proof, &self->receipt, content, &given->path,
                             given->note);
    if (status == STATUS_OK &&
        (genesis == NULL || !is_receipt(self, given) ||
         tlog_proof_check(&proof, genesis->origin,
                          &self->office->config.ledger_key,
                          &shown) != TLOG_GOOD)) {
        status = say(self, wrong, STATUS_REFUSED);
    } else if (status == STATUS_OK) {
        status = write_file(self, &proof, path);
    }
    if (status == STATUS_OK) {
        text_format_clock(self->receipt.received_at, self->office->language,
                          clock);
        (void)printf("%s: %s %s, %s\n", path, self->what,
                     self->office->language == LANGUAGE_EN ? "received"
                                                           : "tỉnh nhận lúc",
                     clock);
    }
    tlog_proof_fini(&proof);
    return status;
}

enum status export_proof(const struct args *args, struct office *office,
                         const char *event, const char *path)
{
    struct proving self = {.args = args, .office = office, .what = event};
    struct spool_proof proof;
    struct buffer content;
    struct buffer note;
    enum status status = find_receipt(&self);

    buffer_init(&content, BATCH_BYTES_MAX);
    buffer_init(&note, WIRE_PROOF_NOTE_MAX);
    if (status == STATUS_OK) {
        status = check_line(&self);
    }
    if (status == STATUS_OK) {
        status = wait_for_proof(&self, &proof);
    }
    if (status == STATUS_OK) {
        status = buffer_append(&note, proof.note);
        proof.note = buffer_bytes(&note);
    }
    if (status == STATUS_OK) {
        status = find_batch(&self, &content);
    }
    if (status == STATUS_OK) {
        status = check_and_write(&self, &proof, buffer_bytes(&content), path);
    }
    buffer_fini(&content);
    buffer_fini(&note);
    return status;
}

/* ---- keys ---- */

enum status export_keys(const struct args *args, struct office *office)
{
    static const struct language_text none = {
        "chưa nhận được văn bản mở sổ cái của tỉnh",
        "the province's founding document has not come down yet"};
    const struct control_genesis *genesis = context_genesis(office->context);
    struct keyring keyring;
    char name[NOTE_NAME_MAX];
    enum status status;

    if (genesis == NULL) {
        args_error(args, "%s", args_text(args, none));
        return STATUS_AGAIN;
    }
    status = keyring_load(office->dir, &keyring);
    if (status != STATUS_OK) {
        return answer_failure(args, office, status);
    }
    status = note_key_print(genesis->origin, NOTE_ED25519,
                            &office->config.ledger_key, stdout);
    if (status == STATUS_OK) {
        checkpoint_witness_name(genesis->origin, office->identity.agent_number,
                                name);
        status = note_key_print(name, NOTE_COSIGNATURE,
                                &keyring.sign.public_key, stdout);
    }
    keyring_wipe(&keyring);
    return status;
}
