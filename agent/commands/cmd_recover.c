/* tallyline-agent recover: an office whose line stands still, because the
 * province has other data at its place, goes on in a new epoch.
 *
 * First every sealed batch without a receipt is sent once more: what the
 * province has from this very copy is answered with its receipt, and so never
 * counted twice. When it has none of them, those with a receipt are asked for
 * too, the last one first: a province that was restored may have lost them. The
 * rest is shown, and moved with --yes; once the old epoch is
 * closed it is asked for again, and only what is refused then is moved. What
 * was saved before the machines parted, and sealed by the other one, is found
 * by comparing events.
 *
 * Failure modes: a crash at any point. The id of the new epoch is written down
 * before it is asked for, so the same one is asked for again and the province
 * gives the same answer; the move is one transaction; the note goes last. */
#include "agent/commands/commands.h"

#include "agent/line/errand.h"
#include "agent/office/keyring.h"
#include "agent/spool/spool_backup.h"
#include "common/base/text.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Events that are listed; the others are only counted. */
#define RECOVER_SHOWN_MAX 20u

struct recovery {
    struct errand errand;
    struct request request;
    bool open; /* the request */
    uint64_t
        received_seq;   /* everything below came from this copy; 0: unknown */
    uint64_t waits_for; /* the place that a gap was answered with, or 0 */
    uint64_t count;     /* events that did not */
};

static struct spool *spool_of(const struct recovery *recovery)
{
    return recovery->errand.office->spool;
}

/* ---- what the province has from here ---- */

/* Keeps the receipts. STATUS_NOT_FOUND when that of the batch at `first_seq` is
 * not among them. */
static enum status keep_receipts(const struct recovery *recovery,
                                 const struct wire_receipts *receipts,
                                 uint64_t first_seq)
{
    uint32_t ordinal = recovery->errand.office->identity.epoch_ordinal;
    bool found = false;
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < receipts->count; i++) {
        struct bytes bytes = {.data = receipts->entries[i],
                              .size = ENTRY_BYTES};
        struct entry entry;

        status = spool_receipt(spool_of(recovery), bytes);
        if (status == STATUS_OK && entry_read(bytes, &entry) == STATUS_OK) {
            found = found || (entry.first_seq == first_seq &&
                              entry.epoch_ordinal == ordinal);
        } else if (status == STATUS_INVALID) {
            status = STATUS_OK; /* of no batch of ours */
        }
    }
    return status == STATUS_OK && !found ? STATUS_NOT_FOUND : status;
}

/* A refusal that means: this place is not, or no longer, ours. */
static bool ends_here(uint32_t code)
{
    return code == WIRE_REFUSAL_POSITION_TAKEN ||
           code == WIRE_REFUSAL_CHAIN_BROKEN || code == WIRE_REFUSAL_GAP ||
           code == WIRE_REFUSAL_EPOCH_CLOSED;
}

/* Sends the batch that holds `seq` and gives where it begins and ends.
 * STATUS_NOT_FOUND: there is none, or the province does not have it from us. */
static enum status ask_batch(struct recovery *recovery, uint64_t seq,
                             struct batch_header *header)
{
    static const struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct wire_down answer;
    struct bytes batch;
    enum status status = spool_batch(spool_of(recovery), seq, header, &batch);

    recovery->waits_for = 0;
    if (status != STATUS_OK) {
        return status;
    }
    status = request_ask(&recovery->request, &up, &batch, 1, &answer);
    if (status == STATUS_OK && answer.kind == WIRE_DOWN_RECEIPTS) {
        return keep_receipts(recovery, &answer.receipts, header->first_seq);
    }
    if (status == STATUS_OK && answer.kind == WIRE_DOWN_REFUSAL &&
        ends_here(answer.refusal.code)) {
        if (answer.refusal.code == WIRE_REFUSAL_GAP) {
            recovery->waits_for = answer.refusal.seq;
        }
        return STATUS_NOT_FOUND;
    }
    request_explain(&recovery->request, status, &answer);
    return status == STATUS_OK ? STATUS_REFUSED : status;
}

/* From `seq` on, as far as the province has the batches from us. */
static enum status climb(struct recovery *recovery, uint64_t *seq)
{
    struct batch_header header;
    enum status status = ask_batch(recovery, *seq, &header);

    while (status == STATUS_OK) {
        *seq = header.first_seq + header.count;
        status = ask_batch(recovery, *seq, &header);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Back from `seq` to what the province has. It may have less than its receipts
 * say, when it was restored from a backup (I7). */
static enum status descend(struct recovery *recovery, uint64_t *seq)
{
    struct batch_header header;
    uint64_t first = 1;
    enum status status = spool_first_kept(spool_of(recovery), &first);

    if (status != STATUS_OK) {
        return args_fail(recovery->errand.args, OFFICE_SPOOL_FILE, status);
    }
    status = STATUS_NOT_FOUND;
    while (status == STATUS_NOT_FOUND && *seq > first) {
        if (recovery->waits_for != 0 && recovery->waits_for <= first) {
            *seq = first; /* what was removed here cannot be asked for */
            break;
        }
        if (recovery->waits_for != 0 && recovery->waits_for < *seq) {
            *seq = recovery->waits_for;
        }
        header.first_seq = 0;
        status = ask_batch(recovery, *seq - 1, &header);
        if (status == STATUS_NOT_FOUND && header.first_seq == 0) {
            /* A receipt without its batch. */
            return args_fail(recovery->errand.args, OFFICE_SPOOL_FILE,
                             STATUS_CORRUPT);
        }
        if (status == STATUS_NOT_FOUND) {
            *seq = header.first_seq;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Whether the province has these very events, from whichever copy. */
static enum status ask_same(struct recovery *recovery, uint64_t seq,
                            uint32_t count, bool *same)
{
    const struct spool_identity *identity = &recovery->errand.office->identity;
    struct wire_up up = {.kind = WIRE_UP_COMPARE,
                         .compare = {.agent = identity->agent,
                                     .epoch = identity->epoch,
                                     .first_seq = seq,
                                     .count = count}};
    struct wire_down answer;
    enum status status =
        spool_run_digest(spool_of(recovery), seq, count, &up.compare.digest);

    if (status != STATUS_OK) {
        return args_fail(recovery->errand.args, OFFICE_SPOOL_FILE, status);
    }
    status = request_ask(&recovery->request, &up, NULL, 0, &answer);
    if (status == STATUS_OK && answer.kind == WIRE_DOWN_COMPARED) {
        *same = answer.compared.same;
        return STATUS_OK;
    }
    request_explain(&recovery->request, status, &answer);
    return status == STATUS_OK ? STATUS_REFUSED : status;
}

/* I3. From `seq` on, over the events that the province has from another copy
 * of this machine, which sealed them into batches of its own: the copies have
 * one past and part at one place. */
static enum status pass_common(struct recovery *recovery, uint64_t *seq)
{
    uint64_t last = 0;
    uint32_t step = WIRE_COMPARE_MAX;
    enum status status = spool_last_seq(spool_of(recovery), &last);

    if (status != STATUS_OK) {
        return args_fail(recovery->errand.args, OFFICE_SPOOL_FILE, status);
    }
    while (status == STATUS_OK && step > 0 && *seq <= last) {
        uint64_t left = last - *seq + 1;
        uint32_t count = left < step ? (uint32_t)left : step;
        bool same = false;

        status = ask_same(recovery, *seq, count, &same);
        if (same) {
            *seq += count;
        } else {
            step = count / 2;
        }
    }
    return status;
}

/* Finds out what the province has. What it had when this was asked for the
 * first time it still has. */
static enum status settle(struct recovery *recovery)
{
    uint64_t seq = recovery->received_seq;
    uint64_t start = seq;
    enum status status = STATUS_OK;

    if (seq == 0) {
        status = spool_unreceipted(spool_of(recovery), &seq);
        start = seq;
    }
    if (status != STATUS_OK) {
        return args_fail(recovery->errand.args, OFFICE_SPOOL_FILE, status);
    }
    status = climb(recovery, &seq);
    if (status == STATUS_OK && recovery->received_seq == 0 && seq == start) {
        status = descend(recovery, &seq);
    }
    if (status == STATUS_OK) {
        status = pass_common(recovery, &seq);
    }
    if (status != STATUS_OK) {
        return status;
    }
    recovery->received_seq = seq;
    status = spool_unreceived(spool_of(recovery), seq, &recovery->count);
    return status == STATUS_OK
               ? STATUS_OK
               : args_fail(recovery->errand.args, OFFICE_SPOOL_FILE, status);
}

/* ---- what is shown ---- */

static void show_event(const struct recovery *recovery, uint64_t id,
                       const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);
    enum language language = recovery->errand.office->language;
    char text[EVENT_ID_TEXT_MAX];
    char date[TEXT_DATE_MAX];

    event_id_format(id, text);
    text_format_date(event->occurred_on, language, date);
    (void)printf("  %-14s %s  %s\n", text, date,
                 type != NULL ? language_pick(type->label, language) : "?");
}

static void show(const struct recovery *recovery)
{
    static const struct language_text head = {
        "Sự kiện mà tỉnh chưa nhận từ máy này:",
        "Events that the province has not received from this machine:"};
    const struct spool_identity *identity = &recovery->errand.office->identity;
    struct event event;
    enum spool_state state;
    uint64_t after = id60_make(identity->agent_number, identity->epoch_ordinal,
                               (uint32_t)recovery->received_seq) -
                     1;
    uint64_t id;

    (void)printf("%s %" PRIu64 "\n", args_text(recovery->errand.args, head),
                 recovery->count);
    for (unsigned i = 0; i < RECOVER_SHOWN_MAX && i < recovery->count; i++) {
        if (spool_next(spool_of(recovery), after, &id, &event, &state) !=
            STATUS_OK) {
            return;
        }
        show_event(recovery, id, &event);
        after = id;
    }
    if (recovery->count > RECOVER_SHOWN_MAX) {
        (void)printf("  ...\n");
    }
}

/* ---- the new epoch ---- */

/* After a clear no the next attempt is another one, with an id of its own. */
static enum status explain_answer(const struct recovery *recovery,
                                  enum status status,
                                  const struct wire_down *answer)
{
    request_explain(&recovery->request, status, answer);
    if (status != STATUS_OK) {
        return status;
    }
    if (answer->kind == WIRE_DOWN_REFUSAL &&
        answer->refusal.code != WIRE_REFUSAL_FULL) {
        status = keyring_forget_epoch(recovery->errand.office->dir);
    }
    return status == STATUS_OK ? STATUS_REFUSED : status;
}

/* Two machines that both go on would take turns: whoever recovers makes the
 * other one stand still. */
static void warn_of_others(const struct recovery *recovery, uint32_t ordinal)
{
    static const struct language_text other = {
        "một máy khác mang cùng dữ liệu đã chạy recover trước máy này và từ "
        "nay sẽ bị dừng: chỉ giữ lại một máy; máy kia phải đăng ký như một "
        "trạm mới",
        "another machine with this data has recovered before and stands still "
        "from now on: keep one of the two; the other must join as an agent of "
        "its own"};

    if (ordinal > recovery->errand.office->identity.epoch_ordinal + 1) {
        (void)printf("%s\n", args_text(recovery->errand.args, other));
    }
}

static enum status open_epoch(struct recovery *recovery)
{
    const struct spool_identity *identity = &recovery->errand.office->identity;
    const char *dir = recovery->errand.office->dir;
    struct wire_up up = {.kind = WIRE_UP_OPEN_EPOCH};
    struct wire_down answer;
    uint32_t ordinal;
    enum status status = keyring_next_epoch(dir, &up.open_epoch.epoch);

    if (status != STATUS_OK) {
        return args_fail(recovery->errand.args, dir, status);
    }
    up.open_epoch.agent = identity->agent;
    up.open_epoch.previous = identity->epoch;
    wire_open_epoch_prove(&up.open_epoch, &recovery->errand.keyring.sign);
    status = request_ask(&recovery->request, &up, NULL, 0, &answer);
    if (status != STATUS_OK || answer.kind != WIRE_DOWN_EPOCH_OPENED) {
        return explain_answer(recovery, status, &answer);
    }
    ordinal = answer.epoch_opened.epoch_ordinal;
    warn_of_others(recovery, ordinal);
    /* I3: only now is the old epoch closed. Until then another copy of this
     * machine may have sent what was refused before. */
    status = settle(recovery);
    if (status != STATUS_OK) {
        return status;
    }
    status = spool_open_epoch(spool_of(recovery), &up.open_epoch.epoch, ordinal,
                              recovery->received_seq);
    if (status == STATUS_OK) {
        status = keyring_forget_epoch(dir);
    }
    return status == STATUS_OK ? STATUS_OK
                               : args_fail(recovery->errand.args, dir, status);
}

/* Whether there is anything to do; a note of an epoch that is open already is
 * what a crash at the very end left behind. */
static enum status examine(const struct recovery *recovery, bool *needed)
{
    static const struct language_text fine = {
        "không cần khôi phục: đường truyền không bị dừng",
        "nothing to recover: the line does not stand still"};
    const struct office *office = recovery->errand.office;
    struct random_id epoch;
    struct spool_link link;
    enum status status = spool_link(office->spool, &link);

    *needed = false;
    if (status != STATUS_OK) {
        return args_fail(recovery->errand.args, OFFICE_SPOOL_FILE, status);
    }
    if (link.frozen == SPOOL_POSITION_TAKEN ||
        link.frozen == SPOOL_CHAIN_BROKEN ||
        link.refusal == WIRE_REFUSAL_PAST_REMOVED) {
        *needed = true;
        return STATUS_OK;
    }
    (void)printf("%s\n", args_text(recovery->errand.args, fine));
    status = keyring_next_epoch(office->dir, &epoch);
    if (status == STATUS_OK) {
        status = keyring_forget_epoch(office->dir);
    }
    return status;
}

static enum status recover(struct recovery *recovery)
{
    static const struct language_text ask = {
        "chạy lại với --yes để chuyển các sự kiện này sang đợt mới và "
        "gửi lại, mỗi sự kiện một lần",
        "run again with --yes to move these events into a new epoch and send "
        "them, each once"};
    static const struct language_text done = {
        "đã mở đợt mới; dịch vụ sẽ gửi tiếp",
        "a new epoch is open; the service goes on sending"};
    const struct args *args = recovery->errand.args;
    bool needed = false;
    enum status status = examine(recovery, &needed);

    if (status != STATUS_OK || !needed) {
        return status;
    }
    errand_request(&recovery->errand, &recovery->errand.office->config,
                   &recovery->errand.keyring.curve, &recovery->request);
    recovery->open = true;
    status = settle(recovery);
    if (status != STATUS_OK) {
        return status;
    }
    show(recovery);
    if (!args_flag(args, "yes")) {
        args_error(args, "%s", args_text(args, ask));
        return STATUS_REFUSED;
    }
    status = open_epoch(recovery);
    if (status == STATUS_OK) {
        (void)printf("%s\n", args_text(args, done));
    }
    return status;
}

enum status cmd_recover(const struct args *args, void *context)
{
    struct recovery recovery;
    struct office *office = NULL;
    enum status status;

    (void)context;
    memset(&recovery, 0, sizeof recovery);
    status = errand_open(args, &recovery.errand);
    if (status == STATUS_OK) {
        status = recover(&recovery);
    }
    if (recovery.open) {
        request_close(&recovery.request);
    }
    errand_close(&recovery.errand);
    /* Only now is the line free for the daemon that hears the knock. */
    if (status == STATUS_OK && office_open(args, &office) == STATUS_OK) {
        (void)office_poke(office);
    }
    office_close(&office);
    return status;
}
