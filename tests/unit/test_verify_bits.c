/* Each single bit of a batch of four kilobytes and of its entry, flipped in
 * turn behind a value hash that is right: nothing passes.
 *
 * What is flipped is looked at by the very code that audit verify runs over a
 * ledger, entry by entry, without writing the ledger anew each time. */
#include "collector/audit/verify_entries.h"
#include "collector/ledger/ledger_internal.h"
#include "tests/support/hall.h"

#include "common/event/event.h"
#include "common/event/reference.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS     520u
#define BYTES_MIN  4096u
#define ENTRY_BITS (ENTRY_BYTES * 8u)

static struct hall hall;
static struct office office;
static struct ledger_snapshot *snapshot;
static struct verify_results results;
static struct entry entry;
static struct bytes batch;
static struct digest root;
static uint8_t changed[BATCH_BYTES_MAX];

/* Events that differ in all they can, so that packing leaves much. */
static void send_large(void)
{
    struct event *events = calloc(EVENTS, sizeof *events);
    uint64_t random = 88172645463325252u;
    struct admit_answer answer;

    cr_assert_not_null(events);
    for (uint32_t i = 0; i < EVENTS; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        office_visit(&office, i + 1, &events[i]);
        event_set(&events[i], 1,
                  id60_make(1, 1, (uint32_t)(random % 4000000000u) + 1));
        event_header_set(&events[i], EVENT_RECORDED_AT,
                         (uint64_t)hall.now.wall_us - random % 1000000000u);
    }
    answer = hall_send(&hall, &office, office_seal(&office, events, EVENTS));
    cr_assert(answer.appended);
    entry = answer.entry;
    free(events);
}

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    send_large();
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_bytes(snapshot, &entry, &batch), STATUS_OK);
    cr_assert_geq(batch.size, BYTES_MIN);
    cr_assert_eq(entry.index + 1, ledger_snapshot_size(snapshot));
    cr_assert_eq(ledger_root(snapshot, entry.index + 1, &root), STATUS_OK);
}

static void teardown(void)
{
    ledger_snapshot_close(&snapshot);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(verify_bits, .init = setup, .fini = teardown, .timeout = 110);

/* A check that has seen all entries but the last. */
static struct verify_entries *begin(void)
{
    struct verify_entries_options options = {.snapshot = snapshot,
                                             .results = &results,
                                             .cold = "no such folder",
                                             .has_tree = true};
    struct verify_entries *entries = NULL;

    memset(&results, 0, sizeof results);
    cr_assert_eq(verify_entries_new(&options, &entries), STATUS_OK);
    for (uint64_t i = 0; i < entry.index; i++) {
        verify_entries_next(entries);
    }
    cr_assert(verify_passes(&results));
    return entries;
}

/* Whether a check finds something in this entry with these bytes. */
static bool finds(const struct entry *look_at, struct bytes bytes)
{
    struct verify_entries *entries = begin();
    struct ahead_read read = {.index = entry.index,
                              .entry = look_at,
                              .bytes = bytes,
                              .readable = true};
    struct digest now;
    bool found;

    (void)verify_entries_read(entries, &read);
    verify_entries_settle(entries);
    cr_assert_eq(verify_entries_status(entries), STATUS_OK);
    found = !verify_passes(&results) || !verify_entries_root(entries, &now) ||
            !digest_equal(&now, &root);
    verify_entries_free(&entries);
    return found;
}

Test(verify_bits, each_flipped_bit_of_a_batch_is_found)
{
    uint32_t missed = 0;

    cr_assert_not(finds(&entry, batch));
    for (size_t bit = 0; bit < batch.size * 8; bit++) {
        struct entry forged = entry;

        memcpy(changed, batch.data, batch.size);
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        /* The forger makes hash and record fit. The whole check, which takes
         * long, is done for one bit in 64, what it rests on for all. */
        digest_bytes((struct bytes){changed, batch.size}, &forged.digest);
        if (bit % 64 == 0) {
            missed += !finds(&forged, (struct bytes){changed, batch.size});
        }
        missed += batch_verify((struct bytes){changed, batch.size},
                               &office.sign_keys.public_key) == STATUS_OK;
        missed += digest_equal(&forged.digest, &entry.digest);
    }
    cr_assert_eq(missed, 0);
}

Test(verify_bits, each_flipped_bit_of_an_entry_is_found)
{
    uint8_t record[ENTRY_BYTES];
    uint32_t missed = 0;

    for (size_t bit = 0; bit < ENTRY_BITS; bit++) {
        struct entry forged;

        entry_write(&entry, record);
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (entry_read((struct bytes){record, sizeof record}, &forged) ==
            STATUS_OK) {
            missed += !finds(&forged, batch);
        }
    }
    cr_assert_eq(missed, 0);
}
