/* What comes down. The welcome decides where to go on: behind what the
 * collector has, or not at all when it has something that this machine never
 * sealed. */
#include "agent/line/uplink_internal.h"
#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_slots.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/entry.h"

#include <string.h>

/* ---- welcome ---- */

/* Whether the batch before `next_seq` is the one that the collector has.
 * STATUS_REFUSED: it lacks what was removed here. */
static enum status same_past(struct uplink *uplink,
                             const struct wire_welcome *welcome, bool *same)
{
    struct digest digest;
    enum status status =
        spool_past(uplink->options.spool, welcome->next_seq, &digest);

    *same =
        status == STATUS_OK && digest_equal(&digest, &welcome->previous_digest);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* I7. The province waits for what it had said was backed up and is not here any
 * more. The line stays up, since the province may be on its way back; nothing
 * is sent, for it could not be taken. */
static enum status past_removed(struct uplink *uplink)
{
    uplink_send_from(uplink, 0);
    return uplink_refused(uplink, WIRE_REFUSAL_PAST_REMOVED, SPOOL_RUNNING);
}

/* A province that is shorter than what it had backed up was set back: what it
 * says of its backups counts from now on. */
static enum status doubt_backup(struct uplink *uplink,
                                const struct wire_welcome *welcome)
{
    struct spool_backup backup;
    enum status status = spool_backup(uplink->options.spool, &backup);

    if (status == STATUS_OK && welcome->ledger_size < backup.up_to) {
        log_warning("the province has lost what it had backed up",
                    log_number("entries", (int64_t)welcome->ledger_size),
                    log_number("backed_up", (int64_t)backup.up_to));
        status = spool_set_backup(uplink->options.spool, 0);
    }
    return status;
}

/* The province said what time it is. That the clocks differ, or no longer do,
 * is shown at once. */
static enum status compare_clocks(struct uplink *uplink, int64_t theirs)
{
    int64_t ours = clock_wall_us(uplink->options.clock);
    bool differed = wire_clocks_differ(uplink->link.clock_ahead);
    bool differ;

    if (theirs < 0) {
        return STATUS_OK; /* no time at all */
    }
    uplink->link.clock_ahead = ours - theirs;
    differ = wire_clocks_differ(uplink->link.clock_ahead);
    if (differ == differed) {
        return STATUS_OK;
    }
    if (differ) {
        log_warning(
            "this clock and the province's differ",
            log_number("ahead_s", uplink->link.clock_ahead / CLOCK_US_PER_S));
    }
    return uplink_save_link(uplink);
}

static enum status run(struct uplink *uplink,
                       const struct wire_welcome *welcome)
{
    uint64_t unreceipted = 0;
    int64_t now = uplink_now(uplink);
    enum status status = spool_unreceipted(uplink->options.spool, &unreceipted);

    if (status != STATUS_OK) {
        return status;
    }
    /* Earlier ones whose receipts were lost are sent again for them; later
     * ones that a restored collector lacks are sent again for it. */
    uplink_send_from(uplink, unreceipted < welcome->next_seq
                                 ? unreceipted
                                 : welcome->next_seq);
    uplink_move(uplink, UPLINK_RUNNING);
    uplink->attempts = 0;
    uplink->gap_seq = 0;
    uplink->hold_until = 0;
    uplink->credit = welcome->credit_bytes;
    uplink->progress_at = now;
    uplink->heartbeat_at = now + WIRE_HEARTBEAT_US;
    uplink->link.connected_at = clock_wall_us(uplink->options.clock);
    uplink->link.heard_at = uplink->link.connected_at;
    uplink->link.lost_at = 0;
    uplink->link.frozen = SPOOL_RUNNING;
    uplink->link.refusal = WIRE_REFUSAL_NONE;
    uplink->counts.refusal = WIRE_REFUSAL_NONE;
    log_info("connected", log_number("agent", welcome->agent_number),
             log_number("from", (int64_t)uplink->send_seq),
             log_number("ledger", (int64_t)welcome->ledger_size));
    status = uplink_save_link(uplink);
    if (status == STATUS_OK) {
        status = uplink_want_history(uplink, welcome->capabilities);
    }
    if (status == STATUS_OK) {
        status = uplink_compare_size(uplink, welcome->ledger_size);
    }
    return status == STATUS_OK ? uplink_ask_proof(uplink) : status;
}

/* I3. Receipts name no ledger: whose they will be is known before the first one
 * is taken. */
static enum status same_ledger(struct uplink *uplink,
                               const struct wire_welcome *welcome, bool *same)
{
    static const struct random_id unsaid;
    struct random_id ours;
    enum status status = spool_own_ledger(uplink->options.spool, &ours);

    *same = random_id_equal(&welcome->ledger, &unsaid) ||
            (status == STATUS_OK && random_id_equal(&welcome->ledger, &ours));
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The line is not for us; it is tried again. */
static enum status turn_away(struct uplink *uplink, uint32_t code)
{
    enum status status = uplink_refused(uplink, code, SPOOL_RUNNING);

    uplink_go_down(uplink, true);
    return status;
}

static enum status take_welcome(struct uplink *uplink,
                                const struct wire_welcome *welcome)
{
    uint64_t last = 0;
    bool same = false;
    bool removed = false;
    enum status status;

    if (uplink->state != UPLINK_HELLO_SENT) {
        return STATUS_OK; /* a second one says nothing new */
    }
    if (welcome->protocol != WIRE_PROTOCOL ||
        welcome->agent_number != uplink->identity.agent_number ||
        welcome->epoch_ordinal != uplink->identity.epoch_ordinal) {
        return turn_away(uplink, welcome->protocol != WIRE_PROTOCOL
                                     ? WIRE_REFUSAL_VERSION
                                     : WIRE_REFUSAL_WRONG_AGENT);
    }
    status = same_ledger(uplink, welcome, &same);
    if (status != STATUS_OK || !same) {
        return status != STATUS_OK
                   ? status
                   : turn_away(uplink, WIRE_REFUSAL_OTHER_LEDGER);
    }
    same = false;
    status = spool_last_seq(uplink->options.spool, &last);
    if (status == STATUS_OK && welcome->next_seq <= last + 1) {
        status = same_past(uplink, welcome, &same);
        removed = status == STATUS_REFUSED;
        status = removed ? STATUS_OK : status;
    }
    if (status == STATUS_OK) {
        status = doubt_backup(uplink, welcome);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!same && !removed) {
        return uplink_taken(uplink);
    }
    status = run(uplink, welcome);
    return status == STATUS_OK && removed ? past_removed(uplink) : status;
}

/* ---- receipts ---- */

static void land(struct uplink *uplink, uint64_t first_seq)
{
    for (size_t i = 0; i < uplink->flight_count; i++) {
        if (uplink->flight[i].first_seq == first_seq) {
            uplink->flight_bytes -= uplink->flight[i].bytes;
            uplink->flight_count--;
            memmove(&uplink->flight[i], &uplink->flight[i + 1],
                    (uplink->flight_count - i) * sizeof uplink->flight[0]);
            return;
        }
    }
}

static enum status take_receipts(struct uplink *uplink,
                                 const struct wire_receipts *receipts)
{
    struct bytes entries[WIRE_RECEIPTS_MAX];
    bool kept[WIRE_RECEIPTS_MAX];
    enum status status;

    check(receipts->count <= WIRE_RECEIPTS_MAX);
    for (size_t i = 0; i < receipts->count; i++) {
        entries[i] =
            (struct bytes){.data = receipts->entries[i], .size = ENTRY_BYTES};
    }
    status =
        spool_receipts(uplink->options.spool, entries, receipts->count, kept);
    for (size_t i = 0; status == STATUS_OK && i < receipts->count; i++) {
        struct entry entry;

        if (!kept[i] || entry_read(entries[i], &entry) != STATUS_OK) {
            log_warning("a receipt for no batch of ours");
            continue;
        }
        land(uplink, entry.first_seq);
        uplink->again_us = 0;
        uplink->progress_at = uplink_now(uplink);
        uplink->gap_seq = 0;
        uplink->counts.receipts++;
    }
    if (status == STATUS_OK && receipts->has_credit) {
        uplink->credit = receipts->credit_bytes;
    }
    return status;
}

/* ---- refusals ---- */

/* The collector keeps nothing of what is on its way: wait, then go on from
 * the first batch without a receipt. */
static enum status hold(struct uplink *uplink,
                        const struct wire_refusal *refusal)
{
    int64_t us = (int64_t)refusal->retry_ms * CLOCK_US_PER_MS;
    uint64_t seq = 0;
    enum status status;

    if (uplink->hold_until > uplink_now(uplink)) {
        return STATUS_OK; /* said before, of another batch */
    }
    if (us == 0) {
        us = UPLINK_FULL_US;
    }
    if (us > UPLINK_FULL_US_MAX) {
        us = UPLINK_FULL_US_MAX;
    }
    status = spool_unreceipted(uplink->options.spool, &seq);
    if (status != STATUS_OK) {
        return status;
    }
    uplink_send_from(uplink, seq);
    uplink->hold_until = uplink_now(uplink) + us;
    return uplink_refused(uplink, refusal->code, SPOOL_RUNNING);
}

/* Batches that were on their way behind a gap are each answered with it: the
 * first answer counts, and the timer for resending covers the rest. */
static enum status go_back(struct uplink *uplink,
                           const struct wire_refusal *refusal)
{
    uint64_t last = 0;
    struct digest past;
    enum status status = spool_last_seq(uplink->options.spool, &last);

    if (status != STATUS_OK || refusal->seq == uplink->gap_seq ||
        uplink->hold_until > uplink_now(uplink)) {
        return status;
    }
    if (refusal->seq == 0 || refusal->seq > last + 1) {
        return uplink_taken(uplink);
    }
    status = spool_past(uplink->options.spool, refusal->seq, &past);
    if (status == STATUS_REFUSED) {
        return past_removed(uplink);
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    log_info("sending again", log_number("from", (int64_t)refusal->seq));
    uplink->gap_seq = refusal->seq;
    uplink->counts.resends++;
    uplink_send_from(uplink, refusal->seq);
    return STATUS_OK;
}

static enum status take_refusal(struct uplink *uplink,
                                const struct wire_refusal *refusal)
{
    enum status status;

    switch (refusal->code) {
    case WIRE_REFUSAL_GAP:
        if (uplink->state == UPLINK_RUNNING) {
            return go_back(uplink, refusal);
        }
        break;
    case WIRE_REFUSAL_FULL:
    case WIRE_REFUSAL_RECOVERING:
        if (uplink->state == UPLINK_RUNNING) {
            return hold(uplink, refusal);
        }
        break;
    case WIRE_REFUSAL_REVOKED:
        return uplink_refused(uplink, refusal->code, SPOOL_REVOKED);
    case WIRE_REFUSAL_POSITION_TAKEN:
    case WIRE_REFUSAL_EPOCH_CLOSED:
        return uplink_refused(uplink, refusal->code, SPOOL_POSITION_TAKEN);
    case WIRE_REFUSAL_CHAIN_BROKEN:
        return uplink_refused(uplink, refusal->code, SPOOL_CHAIN_BROKEN);
    default:
        break;
    }
    status = uplink_refused(uplink, refusal->code, SPOOL_RUNNING);
    uplink_go_down(uplink, true);
    return status;
}

/* ---- all of it ---- */

/* Credit again is the word that the province is whole. */
static enum status take_credit(struct uplink *uplink, uint64_t credit)
{
    uplink->credit = credit;
    if (credit == 0 || uplink->link.refusal != WIRE_REFUSAL_RECOVERING) {
        return STATUS_OK;
    }
    uplink->link.refusal = WIRE_REFUSAL_NONE;
    uplink->counts.refusal = WIRE_REFUSAL_NONE;
    return uplink_save_link(uplink);
}

static enum status take(struct uplink *uplink, const struct wire_down *down)
{
    enum status status;

    switch (down->kind) {
    case WIRE_DOWN_WELCOME:
        status = compare_clocks(uplink, down->welcome.now);
        return status == STATUS_OK ? take_welcome(uplink, &down->welcome)
                                   : status;
    case WIRE_DOWN_RECEIPTS:
        return take_receipts(uplink, &down->receipts);
    case WIRE_DOWN_REFUSAL:
        return take_refusal(uplink, &down->refusal);
    case WIRE_DOWN_DOCUMENT:
        return uplink_take_piece(uplink, &down->document);
    case WIRE_DOWN_HEARTBEAT:
        if (down->heartbeat.has_credit) {
            status = take_credit(uplink, down->heartbeat.credit_bytes);
            if (status != STATUS_OK) {
                return status;
            }
        }
        return compare_clocks(uplink, down->heartbeat.now);
    case WIRE_DOWN_WANTED:
        return uplink_take_wanted(uplink, &down->wanted);
    case WIRE_DOWN_GIVEN:
        return uplink_take_given(uplink, &down->given);
    case WIRE_DOWN_CHECKPOINT:
        return uplink_take_checkpoint(uplink, &down->checkpoint);
    case WIRE_DOWN_PROOF:
        return uplink_take_proof(uplink, &down->proof);
    case WIRE_DOWN_JOINED:
    case WIRE_DOWN_ROTATED:
    case WIRE_DOWN_EPOCH_OPENED:
    case WIRE_DOWN_COMPARED:
        break; /* an answer to a command that has ended */
    }
    return STATUS_OK;
}

static enum status note_heard(struct uplink *uplink)
{
    uplink->heard_at = uplink_now(uplink);
    uplink->link.heard_at = clock_wall_us(uplink->options.clock);
    if (uplink->heard_at < uplink->link_saved_at + UPLINK_LINK_SAVE_US) {
        return STATUS_OK;
    }
    return uplink_save_link(uplink);
}

/* What came down could not be kept, and nobody says it twice on one connection.
 * The next one is told all of it again; until then what is saved goes on
 * leaving for the province. */
static void lose(struct uplink *uplink)
{
    if (uplink->again_at != 0) {
        return;
    }
    log_error("the spool has no room for what comes down");
    uplink->again_us =
        uplink->again_us == 0 ? UPLINK_AGAIN_US : uplink->again_us * 2;
    if (uplink->again_us > UPLINK_AGAIN_US_MAX) {
        uplink->again_us = UPLINK_AGAIN_US_MAX;
    }
    uplink->again_at = uplink_now(uplink) + uplink->again_us;
}

enum status uplink_receive(struct uplink *uplink)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && uplink->socket != NULL &&
                       i < UPLINK_RECEIVE_MAX;
         i++) {
        struct wire_down down;

        status = uplink_socket_receive(uplink->socket, &down);
        if (status == STATUS_NOT_FOUND) {
            return STATUS_OK;
        }
        if (status != STATUS_OK) {
            log_warning("a message that is not understood",
                        log_status("status", status));
            status = STATUS_OK;
            continue;
        }
        status = note_heard(uplink);
        if (status == STATUS_OK && uplink->state >= UPLINK_HELLO_SENT) {
            status = take(uplink, &down);
        }
        if (status == STATUS_FULL) {
            lose(uplink);
            status = STATUS_OK;
        }
    }
    return status;
}
