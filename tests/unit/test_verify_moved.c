/* What left the ledger's file under audit verify: cold files, batches that were
 * erased, and what a ledger is that was rebuilt and never had them. */
#include "collector/ledger/cold.h"
#include "collector/ledger/ledger_moved.h"
#include "collector/ledger/ledger_notes.h"
#include "tests/support/forged.h"
#include "tests/support/forged_orders.h"

#include "common/format/checkpoint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[COLD_PATH_MAX];
static struct cold_row rows[COLD_BATCHES_MAX];
static struct cold_head head;

static void setup(void)
{
    struct digest digest;

    forged_open();
    audited_move(&audited);
    cr_assert_eq(cold_folder(audited.copy.ledger, folder), STATUS_OK);
    cr_assert_eq(cold_table(folder, 1, &head, rows, &digest), STATUS_OK);
    cr_assert_gt(head.count, 10);
}

TestSuite(verify_moved, .init = setup, .fini = forged_close, .timeout = 110);

static void assert_passes(void)
{
    verify(true);
    if (!verify_passes(&results)) {
        audited_print(&results);
    }
    cr_assert(verify_passes(&results));
}

static void flip(uint64_t at)
{
    char path[COLD_PATH_MAX];
    FILE *file;
    int byte;

    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    file = fopen(path, "r+b");
    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, (long)at, SEEK_SET), 0);
    byte = fgetc(file);
    cr_assert_eq(fseek(file, (long)at, SEEK_SET), 0);
    cr_assert_neq(fputc(byte ^ 4, file), EOF);
    (void)fclose(file);
}

static struct bytes key_of(const struct digest *digest)
{
    return (struct bytes){digest->bytes, DIGEST_BYTES};
}

Test(verify_moved, what_moved_and_what_was_erased_passes)
{
    const struct verify_part_result *moved = &results.parts[VERIFY_MOVED];

    assert_passes();
    cr_assert_eq(verify_verdict(moved), VERIFY_ERASED);
    cr_assert_eq(moved->erased, 2);
    cr_assert_gt(moved->checked, head.count);
    cr_assert_null(moved->reason.en);
}

/* ---- cold files ---- */

/* With files that nothing ties to it, and with none. */
Test(verify_moved, a_ledger_that_was_rebuilt_passes)
{
    char path[COLD_PATH_MAX];

    begin();
    tamper_forget_moves(&tamper, folder);
    tamper_close(&tamper);
    assert_passes();
    for (uint32_t number = 1; number <= 2; number++) {
        cr_assert_eq(cold_path(folder, number, path), STATUS_OK);
        cr_assert_eq(unlink(path), 0);
    }
    assert_passes();
}

Test(verify_moved, a_file_that_is_missing_is_said)
{
    char path[COLD_PATH_MAX];

    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    cr_assert_eq(unlink(path), 0);
    verify(false);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_MOVED]),
                 VERIFY_UNCHECKED);
    cr_assert_eq(results.parts[VERIFY_TABLES].failed, 0);
}

Test(verify_moved, i5_a_damaged_table_is_found)
{
    flip(COLD_HEAD_BYTES + 3 * COLD_ROW_BYTES + 20);
    assert_finds(VERIFY_MOVED, VERIFY_FAULT_COLD);
}

Test(verify_moved, i5_a_damaged_batch_in_a_file_is_found)
{
    flip(rows[3].offset + 9);
    assert_finds_at(VERIFY_ENTRIES, VERIFY_FAULT_BYTES_HASH, rows[3].index);
    cr_assert_eq(results.parts[VERIFY_TABLES].failed, 0);
    cr_assert_eq(results.parts[VERIFY_MOVED].failed, 0);
}

/* What could not be healed in its file lies in the store, and the row stays. */
Test(verify_moved, i5_what_was_healed_into_the_store_passes)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    struct bytes batch;

    flip(rows[3].offset + 9);
    begin();
    tamper_get(&tamper, rows[3].index, &entry);
    cr_assert_eq(ledger_snapshot_open(audited.hall.ledger, &snapshot),
                 STATUS_OK);
    cr_assert_eq(ledger_bytes(snapshot, &entry, &batch), STATUS_OK);
    tamper_row(&tamper, TABLE_BYTES, key_of(&entry.digest), batch);
    ledger_snapshot_close(&snapshot);
    tamper_close(&tamper);
    assert_passes();
}

/* The row of one batch leads to where another lies. */
Test(verify_moved, i5_a_row_that_leads_elsewhere_is_found)
{
    struct moved moved;
    struct entry entry;

    begin();
    tamper_get(&tamper, rows[3].index, &entry);
    cr_assert_eq(moved_get(tamper.txn, &entry.digest, &moved), STATUS_OK);
    moved.offset = rows[4].offset;
    cr_assert_eq(moved_put(tamper.txn, &entry.digest, &moved), STATUS_OK);
    tamper_close(&tamper);
    assert_finds_at(VERIFY_MOVED, VERIFY_FAULT_VALUE, entry.index);
}

Test(verify_moved, i5_a_row_that_no_entry_tells_of_is_found)
{
    struct moved moved;
    struct entry entry;

    begin();
    tamper_get(&tamper, rows[3].index, &entry);
    cr_assert_eq(moved_get(tamper.txn, &entry.digest, &moved), STATUS_OK);
    moved.control = 1;
    cr_assert_eq(moved_put(tamper.txn, &entry.digest, &moved), STATUS_OK);
    tamper_close(&tamper);
    assert_finds(VERIFY_MOVED, VERIFY_FAULT_COLD);
}

/* ---- erasure ---- */

Test(verify_moved, i5_an_erasure_that_was_undone_is_found)
{
    uint64_t order;

    begin();
    order = forge_erasure_undone(&audited, &tamper);
    tamper_close(&tamper);
    (void)unlink(audited.copy.state);
    assert_finds_at(VERIFY_MOVED, VERIFY_FAULT_ERASURE_UNDONE, order);
}

Test(verify_moved, i5_an_erasure_that_was_undone_in_a_file_is_found)
{
    uint64_t index = forge_erasure_undone_cold(&audited);

    assert_finds_at(VERIFY_MOVED, VERIFY_FAULT_ERASURE_UNDONE, index);
    /* While it is still to be overwritten, that is said instead. */
    begin();
    cr_assert_eq(moved_want_overwritten(tamper.txn), STATUS_OK);
    tamper_close(&tamper);
    verify(false);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_MOVED]),
                 VERIFY_UNCHECKED);
}

Test(verify_moved, i5_an_erasure_without_an_entry_is_found)
{
    struct entry entry;

    begin();
    entry = batch_of(1, 200);
    forge_erasure_without_entry(&audited, &tamper, entry.index);
    tamper_close(&tamper);
    (void)unlink(audited.copy.state);
    assert_finds_at(VERIFY_MOVED, VERIFY_FAULT_CONTROL_REFERS, entry.index);
}

/* A copy that is older than the order holds the document and no entry; it says
 * of itself that it is a copy, and the result says so too. */
Test(verify_moved, an_order_that_is_no_entry_of_a_copy_is_said)
{
    uint8_t state[19] = {1, 2};
    uint8_t key[1] = {0};
    struct moved moved;
    struct entry entry;

    begin();
    entry = batch_of(1, 200);
    forge_erasure_without_entry(&audited, &tamper, entry.index);
    cr_assert_eq(moved_get(tamper.txn, &entry.digest, &moved), STATUS_OK);
    moved.control = tamper_size(&tamper) + 9;
    cr_assert_eq(moved_put(tamper.txn, &entry.digest, &moved), STATUS_OK);
    tamper_close(&tamper);
    (void)unlink(audited.copy.state);
    assert_finds_at(VERIFY_MOVED, VERIFY_FAULT_CONTROL_REFERS, entry.index);
    begin();
    tamper_row(&tamper, TABLE_RECOVERY, (struct bytes){key, sizeof key},
               (struct bytes){state, sizeof state});
    tamper_close(&tamper);
    assert_passes();
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_MOVED]), VERIFY_ERASED);
    cr_assert_not_null(results.parts[VERIFY_MOVED].reason.en);
}

/* While a ledger is rebuilt a batch may be back before the order that erased
 * it: that is said; in any other ledger it is a fault. */
Test(verify_moved, an_order_that_is_not_back_yet_is_said)
{
    static const uint8_t state[19] = {1, 2};
    static const uint8_t key[1] = {0};
    struct moved moved = {.kind = MOVED_ERASED};
    struct entry entry;

    begin();
    entry = batch_of(1, 200);
    moved.control = tamper_size(&tamper) + 9;
    cr_assert_eq(moved_put(tamper.txn, &entry.digest, &moved), STATUS_OK);
    tamper_close(&tamper);
    assert_finds_at(VERIFY_MOVED, VERIFY_FAULT_CONTROL_REFERS, entry.index);
    begin();
    tamper_row(&tamper, TABLE_RECOVERY, (struct bytes){key, sizeof key},
               (struct bytes){state, sizeof state});
    tamper_close(&tamper);
    verify(false);
    cr_assert_eq(results.parts[VERIFY_MOVED].failed, 0);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_MOVED]),
                 VERIFY_UNCHECKED);
}

/* Without its bytes a batch is still one of an office that could have sent it
 * then: that of a revoked one is found, and one in a closed epoch. */
Test(verify_moved, i8_an_invented_batch_under_an_erasure_is_found)
{
    uint64_t index;

    begin();
    index = forge_erased_batch(&audited, &tamper, 1);
    end_mended();
    (void)unlink(audited.copy.state);
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_REVOKED, index);
}

Test(verify_moved, i8_an_invented_batch_of_another_epoch_is_found)
{
    struct random_id epoch = audited.offices[2].next.epoch;
    uint64_t index;

    random_id_make(&audited.offices[2].next.epoch);
    begin();
    index = forge_erased_batch(&audited, &tamper, 2);
    end_mended();
    audited.offices[2].next.epoch = epoch;
    (void)unlink(audited.copy.state);
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_EPOCH, index);
}

Test(verify_moved, i3_an_invented_batch_that_follows_no_other_is_found)
{
    struct digest previous = audited.offices[0].next.previous;
    uint64_t index;

    audited.offices[0].next.previous.bytes[7] ^= 1;
    begin();
    index = forge_erased_batch(&audited, &tamper, 0);
    end_mended();
    audited.offices[0].next.previous = previous;
    (void)unlink(audited.copy.state);
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_CHAIN, index);
}

/* ---- witnesses ---- */

/* A signature of anybody over a kept checkpoint, with the key that fits it. */
Test(verify_moved, i8_a_cosignature_with_a_key_of_nobody_is_found)
{
    struct ledger_cosignature cosignature = {.time = 1527811200};
    struct checkpoint checkpoint;
    struct sign_keys forged;
    struct note note;

    sign_keys_make(&forged);
    cosignature.key = forged.public_key;
    cr_assert_eq(note_open(buffer_bytes(&audited.outside), &note), STATUS_OK);
    cr_assert_eq(checkpoint_read(note.text, &checkpoint), STATUS_OK);
    cosignature.size = checkpoint.size;
    note_cosign(note.text, &forged, (uint64_t)cosignature.time,
                &cosignature.signature);
    cr_assert_eq(ledger_begin(audited.hall.ledger), STATUS_OK);
    cr_assert_eq(ledger_keep_cosignature(audited.hall.ledger, 1, &cosignature),
                 STATUS_OK);
    cr_assert_eq(ledger_commit(audited.hall.ledger), STATUS_OK);
    audited_copy(&audited);
    assert_finds(VERIFY_CHECKPOINTS, VERIFY_FAULT_NOTE_COSIGNATURE);
}
