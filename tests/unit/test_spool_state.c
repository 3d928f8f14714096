#include "agent/spool/spool.h"

#include "common/event/reference.h"
#include "common/fold/fold.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(spool_state, .init = spool_fixture_open, .fini = spool_fixture_close);

static struct bytes name_of(const char *text)
{
    return bytes_of_text(text);
}

/* ---- receipts and states ---- */

Test(spool_state, a_receipt_of_other_bytes_is_not_kept)
{
    uint8_t receipt[ENTRY_BYTES];
    struct event event = spool_fixture_event(1, 0);
    struct bytes span = {receipt, sizeof receipt};
    uint64_t seq;

    (void)spool_fixture_save(&event);
    (void)spool_fixture_seal_all();
    spool_fixture_receipt(1, 7, receipt);
    for (size_t at = 24; at < ENTRY_BYTES; at += 4) {
        receipt[at] ^= 1;
        cr_assert_eq(spool_receipt(spool, span), STATUS_INVALID, "byte %zu",
                     at);
        receipt[at] ^= 1;
    }
    cr_assert_eq(spool_receipt(spool, (struct bytes){receipt, 100}),
                 STATUS_INVALID);
    cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
    cr_assert_eq(seq, 1);
    cr_assert_eq(spool_receipt(spool, span), STATUS_OK);
    cr_assert_eq(spool_receipt(spool, span), STATUS_OK);
    cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
    cr_assert_eq(seq, 2);
    cr_assert_eq(spool_fixture_counts().received, 1);
}

Test(spool_state, a_later_receipt_of_a_batch_takes_its_place)
{
    uint8_t receipt[ENTRY_BYTES];
    struct event event = spool_fixture_event(1, 0);
    struct bytes span = {receipt, sizeof receipt};
    uint64_t id = spool_fixture_save(&event);
    struct entry entry;

    (void)spool_fixture_seal_all();
    cr_assert_eq(spool_event_receipt(spool, id, &entry), STATUS_NOT_FOUND);
    cr_assert_eq(spool_last_receipt(spool, &entry), STATUS_NOT_FOUND);
    spool_fixture_receipt(1, 7, receipt);
    cr_assert_eq(spool_receipt(spool, span), STATUS_OK);
    spool_fixture_receipt(1, 3, receipt);
    cr_assert_eq(spool_receipt(spool, span), STATUS_OK);
    cr_assert_eq(spool_event_receipt(spool, id, &entry), STATUS_OK);
    cr_assert_eq(entry.index, 3);
    cr_assert_eq(spool_last_receipt(spool, &entry), STATUS_OK);
    cr_assert_eq(entry.index, 3);
    cr_assert_eq(spool_fixture_counts().received, 1);
}

Test(spool_state, receipts_in_any_order_leave_no_gap)
{
    uint8_t receipts[3][ENTRY_BYTES];
    static const size_t order[3] = {2, 0, 1};
    static const uint64_t expected[3] = {1, 2, 4};
    struct event event = spool_fixture_event(1, 0);
    uint64_t seq;

    for (uint64_t i = 0; i < 3; i++) {
        (void)spool_fixture_save(&event);
        (void)spool_fixture_seal_all();
        spool_fixture_receipt(i + 1, i, receipts[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(spool_receipt(spool, (struct bytes){receipts[order[i]],
                                                         ENTRY_BYTES}),
                     STATUS_OK);
        cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
        cr_assert_eq(seq, expected[i]);
    }
}

Test(spool_state, a_receipt_for_nothing_does_not_stop_those_beside_it)
{
    uint8_t receipts[3][ENTRY_BYTES];
    struct bytes spans[3];
    bool kept[3];
    struct event event = spool_fixture_event(1, 0);
    uint64_t seq;

    for (uint64_t i = 0; i < 3; i++) {
        (void)spool_fixture_save(&event);
        (void)spool_fixture_seal_all();
        spool_fixture_receipt(i + 1, i, receipts[i]);
        spans[i] = (struct bytes){receipts[i], ENTRY_BYTES};
    }
    receipts[1][ENTRY_BYTES - 1] ^= 1;
    cr_assert_eq(spool_receipts(spool, spans, 3, kept), STATUS_OK);
    cr_assert(kept[0] && !kept[1] && kept[2]);
    cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
    cr_assert_eq(seq, 2);
    receipts[1][ENTRY_BYTES - 1] ^= 1;
    cr_assert_eq(spool_receipts(spool, spans, 3, kept), STATUS_OK);
    cr_assert(kept[0] && kept[1] && kept[2]);
    cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
    cr_assert_eq(seq, 4);
}

Test(spool_state, every_event_stands_in_one_state)
{
    struct event event = spool_fixture_event(1, 0);
    struct spool_outcome outcomes[2] = {{.event = spool_fixture_id(1),
                                         .outcome = FOLD_OUT_OF_SCOPE,
                                         .field = 4},
                                        {.event = spool_fixture_id(2),
                                         .outcome = FOLD_VOIDED,
                                         .other = spool_fixture_id(3)}};
    struct spool_outcome outcome;
    struct spool_counts counts;

    event.recorded_at = 5;
    for (uint32_t i = 0; i < 3; i++) {
        (void)spool_fixture_save(&event);
    }
    (void)spool_fixture_seal_all();
    spool_fixture_receive_all();
    event.recorded_at = 6;
    (void)spool_fixture_save(&event);
    (void)spool_fixture_seal_all();
    event.recorded_at = 7;
    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_set_outcomes(spool, outcomes, 2), STATUS_OK);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(1)), SPOOL_TO_MEND);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(2)), SPOOL_RECEIVED);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(3)), SPOOL_RECEIVED);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(4)), SPOOL_SEALED);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(5)), SPOOL_SAVED);
    counts = spool_fixture_counts();
    cr_assert_eq(counts.to_mend, 1);
    cr_assert_eq(counts.received, 2);
    cr_assert_eq(counts.sealed, 1);
    cr_assert_eq(counts.saved, 1);
    cr_assert_eq(counts.oldest_waiting, 6);
    cr_assert_eq(spool_outcome(spool, spool_fixture_id(1), &outcome),
                 STATUS_OK);
    cr_assert_eq(outcome.field, 4);
    /* The next word of the province replaces all of the one before. */
    cr_assert_eq(spool_set_outcomes(spool, outcomes + 1, 1), STATUS_OK);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(1)), SPOOL_RECEIVED);
    cr_assert_eq(spool_outcome(spool, spool_fixture_id(1), &outcome),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_set_outcomes(spool, NULL, 0), STATUS_OK);
    cr_assert_eq(spool_outcome(spool, spool_fixture_id(2), &outcome),
                 STATUS_NOT_FOUND);
}

Test(spool_state, documents_and_the_line_are_kept)
{
    struct spool_link link;
    struct bytes document;

    cr_assert_eq(spool_link(spool, &link), STATUS_OK);
    cr_assert_eq(link.connected_at, 0);
    link.frozen = SPOOL_POSITION_TAKEN;
    link.refusal = 2;
    link.connected_at = 11;
    link.heard_at = 12;
    link.refused_at = 13;
    link.lost_at = 14;
    cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
    cr_assert_eq(spool_document(spool, "plan", &document), STATUS_NOT_FOUND);
    cr_assert_eq(spool_set_document(spool, "plan", name_of("one")), STATUS_OK);
    cr_assert_eq(spool_set_document(spool, "plan", name_of("two!")), STATUS_OK);
    spool_fixture_reopen();
    cr_assert_eq(spool_document(spool, "plan", &document), STATUS_OK);
    cr_assert(bytes_equal(document, name_of("two!")));
    memset(&link, 0, sizeof link);
    cr_assert_eq(spool_link(spool, &link), STATUS_OK);
    cr_assert_eq(link.frozen, SPOOL_POSITION_TAKEN);
    cr_assert_eq(link.refused_at, 13);
    cr_assert_eq(link.lost_at, 14);
}
