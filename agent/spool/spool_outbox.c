/* The happy path: from the newest event down, each one looked at once, and
 * what cannot be meant passed over by where it ends. Failure modes: a damaged
 * record is STATUS_CORRUPT, so that nobody takes a part for the whole. */
#include "agent/spool/spool_outbox.h"

#include "agent/spool/spool_internal.h"
#include "common/base/check.h"
#include "common/event/reference.h"

#include <string.h>

#define NOBODY_YET (1u << SPOOL_SAVED | 1u << SPOOL_SEALED)
#define ALL_STATES ((1u << (SPOOL_MOVED + 1u)) - 1u)

struct paging {
    struct store_txn *txn;
    struct store_cursor *cursor; /* through the events */
    struct spool_identity identity;
    uint32_t states, type;
    const struct spool_wish *wish;
    uint32_t epoch; /* where it is: all below (epoch, seq) is to be looked at */
    uint64_t seq;
};

/* ---- what is passed over ---- */

static void to_epoch_below(struct paging *paging)
{
    paging->epoch--;
    paging->seq = (uint64_t)UINT32_MAX + 1;
}

static void to_below(struct paging *paging, uint64_t seq)
{
    paging->seq = seq < paging->seq ? seq : paging->seq;
}

/* The last seq of the greatest receipt below a place of the epoch; 0: none. */
static enum status last_receipted(const struct paging *paging, uint64_t *last)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    uint32_t epoch = 0;
    enum status rc = store_cursor_open(
        paging->txn, spool_own(paging->txn, SPOOL_TABLE_RECEIPTS), &cursor);

    *last = 0;
    if (rc == STATUS_OK) {
        rc = store_before(cursor,
                          spool_key_place(paging->epoch, paging->seq, key),
                          &found, &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_read_place(found, &epoch, last);
        *last = epoch == paging->epoch ? *last : 0;
    }
    store_cursor_close(&cursor);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Nobody wants what waits: on to what has been received. */
static enum status pass_waiting(struct paging *paging,
                                const struct spool_epoch *epoch)
{
    uint64_t last;
    enum status rc = last_receipted(paging, &last);

    if (rc == STATUS_OK) {
        to_below(paging, (last > epoch->received ? last : epoch->received) + 1);
    }
    return rc;
}

/* After an event that is not meant: whatever follows it in the same state. What
 * waits to be mended lies among what was received. */
static enum status pass(struct paging *paging, enum spool_state state)
{
    struct spool_epoch epoch;
    uint32_t wanted = paging->states;
    enum status rc = spool_get_epoch(paging->txn, paging->epoch, &epoch);

    if (rc != STATUS_OK) {
        return rc;
    }
    if (state == SPOOL_MOVED) {
        to_below(paging, epoch.closed_from);
    } else if ((1u << state & NOBODY_YET) != 0) {
        rc = (wanted & NOBODY_YET) == 0 ? pass_waiting(paging, &epoch)
                                        : STATUS_OK;
    } else if (wanted == 1u << SPOOL_MOVED ||
               (paging->seq <= spool_received_to(&epoch) &&
                ((wanted & ~NOBODY_YET) == 0 ||
                 (state == SPOOL_BACKED_UP &&
                  wanted == 1u << SPOOL_RECEIVED)))) {
        to_epoch_below(paging);
    }
    return rc;
}

/* Only what is backed up is wanted: on to where that begins. */
static enum status to_backed_up(struct paging *paging)
{
    struct spool_epoch epoch;
    struct spool_marked backed_up;
    enum status rc = spool_get_epoch(paging->txn, paging->epoch, &epoch);

    if (rc == STATUS_OK) {
        rc = spool_find_marked(paging->txn, paging->epoch, &epoch, &backed_up);
    }
    if (rc == STATUS_OK) {
        to_below(paging, backed_up.top + 1);
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- a page ---- */

/* The next one below, of any state. STATUS_NOT_FOUND: there is none. */
static enum status step_down(struct paging *paging, uint64_t *id,
                             struct event *event)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes found;
    struct bytes value;
    enum status rc = store_before(
        paging->cursor, spool_key_place(paging->epoch, paging->seq, key),
        &found, &value);

    if (rc == STATUS_OK) {
        rc = spool_read_place(found, &paging->epoch, &paging->seq);
    }
    if (rc == STATUS_OK) {
        *id = id60_make(paging->identity.agent_number, paging->epoch,
                        (uint32_t)paging->seq);
        rc = spool_unpack_event(value, event);
    }
    return rc;
}

/* The greatest event below that the province has told us to mend. */
static enum status step_to_mend(struct paging *paging, uint64_t *id,
                                struct event *event)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint64_t before =
        paging->seq > UINT32_MAX
            ? id60_make(paging->identity.agent_number, paging->epoch + 1, 0)
            : id60_make(paging->identity.agent_number, paging->epoch,
                        (uint32_t)paging->seq);
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    enum status rc = store_cursor_open(
        paging->txn, spool_own(paging->txn, SPOOL_TABLE_OUTCOMES), &cursor);

    if (rc == STATUS_OK) {
        rc = store_before(cursor, spool_key_id(before, key), &found, &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_value_u64(found, id);
    }
    if (rc == STATUS_OK) {
        paging->epoch = id60_epoch(*id);
        paging->seq = id60_number(*id);
        rc = spool_get_event(paging->txn, paging->epoch, paging->seq, event);
        if (rc == STATUS_NOT_FOUND) {
            event->type = 0; /* a restored disk does not have it */
            rc = STATUS_OK;
        }
    }
    store_cursor_close(&cursor);
    return rc;
}

/* What the things of an event are called, in the transaction of the walk. */
static size_t call_things(const struct paging *paging,
                          const struct event *event,
                          struct spool_called called[SPOOL_CALLED_MAX])
{
    struct spool_named named;
    size_t count = 0;

    while (paging->wish->names && count < SPOOL_CALLED_MAX &&
           spool_named_at(event, count, &named)) {
        uint8_t key[SPOOL_KEY_MAX];
        struct spool_called *one = &called[count++];

        one->kind = named.kind;
        one->reference = named.reference;
        if (store_get(paging->txn, SPOOL_TABLE_NAMES,
                      spool_key_kind(named.kind, named.reference, key),
                      &one->name) != STATUS_OK) {
            one->name = (struct bytes){NULL, 0};
        }
    }
    return count;
}

static bool is_asked_for(const struct paging *paging, const struct event *event)
{
    const struct spool_wish *wish = paging->wish;
    struct spool_called called[SPOOL_CALLED_MAX];

    if (event->type == 0 ||
        (paging->type != 0 && event->type != paging->type)) {
        return false;
    }
    return wish->meant == NULL ||
           wish->meant(wish->owner, event, called,
                       call_things(paging, event, called));
}

static enum status look_at_next(struct paging *paging, bool *meant,
                                struct spool_found *found)
{
    bool mend = paging->states == 1u << SPOOL_TO_MEND;
    struct event event;
    enum status rc = mend ? step_to_mend(paging, &found->id, &event)
                          : step_down(paging, &found->id, &event);

    *meant = false;
    if (rc != STATUS_OK || !is_asked_for(paging, &event)) {
        return rc;
    }
    rc = spool_get_state(paging->txn, found->id, &found->state);
    *meant = rc == STATUS_OK && (paging->states >> found->state & 1u) != 0;
    if (rc == STATUS_OK && !*meant && !mend) {
        rc = pass(paging, found->state);
    }
    return rc;
}

static enum status fill_page(struct paging *paging, size_t limit,
                             struct spool_found found[], size_t *count)
{
    uint32_t epoch = UINT32_MAX;
    size_t most =
        paging->wish->looks != 0 ? paging->wish->looks : SPOOL_LOOK_MAX;
    enum status rc = STATUS_OK;

    for (size_t looks = 0;
         rc == STATUS_OK && *count < limit && looks < most && paging->epoch > 0;
         looks++) {
        bool meant = false;

        if (paging->states == 1u << SPOOL_BACKED_UP && epoch != paging->epoch) {
            epoch = paging->epoch;
            rc = to_backed_up(paging);
        }
        if (rc == STATUS_OK) {
            rc = look_at_next(paging, &meant, &found[*count]);
        }
        *count += meant ? 1u : 0;
    }
    return rc;
}

enum status spool_page(struct spool *spool, const struct spool_wish *wish,
                       uint64_t before, size_t limit,
                       struct spool_found found[], size_t *count,
                       uint64_t *next)
{
    struct paging paging = {.states =
                                wish->states != 0 ? wish->states : ALL_STATES,
                            .type = wish->type,
                            .wish = wish};
    enum status rc;

    check(limit > 0 && limit <= SPOOL_PAGE_MAX);
    *count = 0;
    *next = 0;
    rc = spool_begin_read(spool, &paging.txn);
    if (rc == STATUS_OK) {
        rc = spool_get_identity(paging.txn, &paging.identity);
    }
    if (rc == STATUS_OK) {
        rc = store_cursor_open(paging.txn, SPOOL_TABLE_EVENTS, &paging.cursor);
    }
    if (rc == STATUS_OK) {
        paging.epoch = paging.identity.epoch_ordinal;
        paging.seq = (uint64_t)UINT32_MAX + 1;
        if (before != 0 && id60_epoch(before) <= paging.epoch) {
            paging.epoch = id60_epoch(before);
            paging.seq = id60_number(before);
        }
        rc = fill_page(&paging, limit, found, count);
    }
    if (rc == STATUS_OK && paging.epoch > 0 && paging.seq <= UINT32_MAX) {
        *next = id60_make(paging.identity.agent_number, paging.epoch,
                          (uint32_t)paging.seq);
    } else if (rc == STATUS_OK && paging.epoch > 0) {
        *next =
            id60_make(paging.identity.agent_number, paging.epoch, UINT32_MAX);
    }
    store_cursor_close(&paging.cursor);
    spool_end_read(spool, &paging.txn);
    return rc == STATUS_NOT_FOUND && paging.identity.agent_number != 0
               ? STATUS_OK
               : rc;
}
