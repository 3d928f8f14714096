/* Entries, tables, tree, checkpoints and figures under audit verify: each fault
 * that it names, at its place. */
#include "tests/support/forged.h"
#include "tests/support/forged_orders.h"

#include "common/format/checkpoint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(verify_tables, .init = forged_open, .fini = forged_close,
          .timeout = 110);

static struct entry control_of(uint64_t from)
{
    struct entry entry;

    do {
        tamper_get(&tamper, from++, &entry);
    } while (entry.kind != ENTRY_CONTROL);
    return entry;
}

/* ---- entries ---- */

Test(verify_tables, a_changed_receive_time_is_found_by_the_checkpoint_alone)
{
    struct entry entry;

    begin();
    entry = batch_of(1, 60);
    entry.received_at += 500000;
    tamper_put(&tamper, &entry);
    end_mended();
    assert_finds(VERIFY_CHECKPOINTS, VERIFY_FAULT_NOTE_ROOT);
    cr_assert_eq(results.parts[VERIFY_ENTRIES].failed, 0);
    cr_assert_eq(results.parts[VERIFY_TREE].failed, 0);
}

Test(verify_tables, a_receive_time_before_the_one_before_is_found)
{
    struct entry entry;

    begin();
    entry = batch_of(1, 60);
    entry.received_at -= 5000000;
    tamper_put(&tamper, &entry);
    end_mended();
    assert_finds_at(VERIFY_ENTRIES, VERIFY_FAULT_ENTRY_TIME, entry.index);
}

Test(verify_tables, a_missing_entry_is_found)
{
    uint8_t key[8];

    begin();
    bytes_put_u64(key, 77);
    tamper_drop(&tamper, TABLE_ENTRIES, (struct bytes){key, sizeof key});
    tamper_close(&tamper);
    assert_finds_at(VERIFY_ENTRIES, VERIFY_FAULT_ENTRY_MISSING, 77);
    cr_assert(
        audited_says(&results, VERIFY_ENTRIES, VERIFY_FAULT_ENTRY_BEHIND));
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_STATE]),
                 VERIFY_UNCHECKED);
}

Test(verify_tables, missing_bytes_are_found_and_the_rest_is_checked)
{
    struct entry entry;

    begin();
    entry = batch_of(2, 60);
    tamper_drop(&tamper, TABLE_BYTES,
                (struct bytes){entry.digest.bytes, DIGEST_BYTES});
    tamper_close(&tamper);
    assert_finds_at(VERIFY_ENTRIES, VERIFY_FAULT_BYTES_MISSING, entry.index);
    cr_assert_eq(results.entries, hall_size(&audited.hall));
    cr_assert_eq(results.parts[VERIFY_ENTRIES].failed, 1);
    cr_assert_eq(results.parts[VERIFY_TREE].failed, 0);
}

/* ---- tables, tree and checkpoints ---- */

Test(verify_tables, i3_a_dropped_position_is_found)
{
    struct entry entry;
    uint8_t key[16];

    begin();
    entry = batch_of(1, 60);
    tamper_drop(&tamper, TABLE_POSITIONS, tamper_place(&entry, key));
    tamper_close(&tamper);
    assert_finds_at(VERIFY_TABLES, VERIFY_FAULT_POSITION, entry.index);
}

Test(verify_tables, a_position_too_many_is_found)
{
    struct entry entry;
    uint8_t key[16], index[8];

    begin();
    entry = last_of(1);
    entry.first_seq += 100;
    bytes_put_u64(index, entry.index);
    tamper_row(&tamper, TABLE_POSITIONS, tamper_place(&entry, key),
               (struct bytes){index, sizeof index});
    tamper_close(&tamper);
    assert_finds(VERIFY_TABLES, VERIFY_FAULT_ROWS);
}

Test(verify_tables, i3_a_stream_that_was_set_back_is_found)
{
    struct entry entry;

    begin();
    entry = batch_of(1, 60);
    cr_assert_eq(tables_put_stream(tamper.txn, &entry), STATUS_OK);
    tamper_close(&tamper);
    assert_finds(VERIFY_TABLES, VERIFY_FAULT_STREAM);
}

Test(verify_tables, a_control_entry_that_is_not_listed_is_found)
{
    struct entry entry;
    uint8_t key[16];

    begin();
    entry = control_of(20);
    tamper_drop(&tamper, TABLE_CONTROLS, tamper_place(&entry, key));
    tamper_close(&tamper);
    assert_finds_at(VERIFY_TABLES, VERIFY_FAULT_LISTED, entry.index);
}

Test(verify_tables, bytes_that_no_entry_names_are_found)
{
    struct digest digest;

    begin();
    digest_bytes(bytes_of_text("nothing"), &digest);
    tamper_row(&tamper, TABLE_BYTES, (struct bytes){digest.bytes, DIGEST_BYTES},
               bytes_of_text("nothing"));
    tamper_close(&tamper);
    assert_finds(VERIFY_TABLES, VERIFY_FAULT_ROWS);
}

Test(verify_tables, a_node_of_the_tree_that_was_changed_is_found)
{
    uint8_t key[9] = {1};
    uint8_t node[DIGEST_BYTES] = {7};

    begin();
    tamper_row(&tamper, TABLE_TREE, (struct bytes){key, sizeof key},
               (struct bytes){node, sizeof node});
    tamper_close(&tamper);
    assert_finds_at(VERIFY_TREE, VERIFY_FAULT_NODE, 255);
}

Test(verify_tables, a_checkpoint_signed_with_another_key_is_found)
{
    struct sign_keys forged;
    struct checkpoint checkpoint;
    struct digest root = {{0}};
    uint8_t key[8];

    sign_keys_make(&forged);
    cr_assert_eq(checkpoint_init(&checkpoint, "test", 100, &root), STATUS_OK);
    buffer_clear(&bytes);
    cr_assert_eq(checkpoint_sign(&checkpoint, &forged, &bytes), STATUS_OK);
    begin();
    bytes_put_u64(key, 100);
    tamper_row(&tamper, TABLE_CHECKPOINTS, (struct bytes){key, sizeof key},
               buffer_bytes(&bytes));
    tamper_close(&tamper);
    assert_finds_at(VERIFY_CHECKPOINTS, VERIFY_FAULT_NOTE_SIGNATURE, 100);
}

Test(verify_tables, i5_a_tail_that_was_taken_away_is_found_by_its_checkpoint)
{
    begin();
    tamper_cut(&tamper, 7);
    end_mended();
    assert_finds_at(VERIFY_CHECKPOINTS, VERIFY_FAULT_NOTE_LARGER,
                    hall_size(&audited.hall));
}

/* The forger takes away whatever the province has signed: then only what an
 * office keeps says that there was more. */
Test(verify_tables, i5_a_shorter_ledger_is_found_by_what_an_office_keeps)
{
    begin();
    tamper_cut(&tamper, 7);
    tamper_forget(&tamper, tamper_size(&tamper));
    end_mended();
    cr_assert_not(audited_found(&audited, false));
    verify(true);
    cr_assert(audited_says(&results, VERIFY_OUTSIDE, VERIFY_FAULT_NOTE_LARGER));
}

Test(verify_tables, i5_a_rewritten_ledger_is_found_by_what_an_office_keeps)
{
    struct entry entry;

    begin();
    entry = batch_of(1, 60);
    entry.received_at += 500000;
    tamper_put(&tamper, &entry);
    tamper_forget(&tamper, 0);
    end_mended();
    cr_assert_eq(unlink(audited.copy.state), 0);
    cr_assert_not(audited_found(&audited, false));
    verify(true);
    cr_assert(audited_says(&results, VERIFY_OUTSIDE, VERIFY_FAULT_NOTE_ROOT));
}

Test(verify_tables, a_checkpoint_of_another_ledger_is_refused)
{
    struct sign_keys forged;
    struct checkpoint checkpoint;
    struct digest root = {{0}};

    sign_keys_make(&forged);
    cr_assert_eq(checkpoint_init(&checkpoint, "test", 100, &root), STATUS_OK);
    buffer_clear(&audited.outside);
    cr_assert_eq(checkpoint_sign(&checkpoint, &forged, &audited.outside),
                 STATUS_OK);
    verify(true);
    cr_assert(
        audited_says(&results, VERIFY_OUTSIDE, VERIFY_FAULT_NOTE_SIGNATURE));
}

/* ---- figures ---- */

Test(verify_tables, i4_a_saved_state_that_was_changed_is_found_at_its_byte)
{
    tamper_frames(audited.copy.state, 4242);
    assert_finds(VERIFY_STATE, VERIFY_FAULT_STATE_DIFFERS);
    cr_assert_neq(results.parts[VERIFY_STATE].findings[0].place.offset,
                  VERIFY_NOWHERE);
}

Test(verify_tables, i4_the_state_of_a_longer_ledger_is_found)
{
    begin();
    tamper_cut(&tamper, 60);
    tamper_forget(&tamper, tamper_size(&tamper));
    end_mended();
    assert_finds(VERIFY_STATE, VERIFY_FAULT_STATE_OTHER);
}

/* The administrator himself freezes what the entries do not say. */
Test(verify_tables, i4_a_frozen_report_with_other_figures_is_found)
{
    uint64_t index;

    begin();
    index = forge_report(&audited, &tamper);
    end_mended();
    assert_finds_at(VERIFY_REPORTS, VERIFY_FAULT_REPORT, index);
}

/* ---- the file ---- */

/* The number in the head of a page in the middle; of those that are free, if
 * one lies there, nothing is said. */
Test(verify_tables, a_damaged_page_is_named)
{
    FILE *file = fopen(audited.copy.ledger, "r+b");
    unsigned tries = 0;
    long at;

    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    at = ftell(file) / 8192 * 4096;
    do {
        int number;

        cr_assert_lt(tries++, 16u);
        at += 4096;
        cr_assert_eq(fseek(file, at, SEEK_SET), 0);
        number = fgetc(file);
        cr_assert_eq(fseek(file, at, SEEK_SET), 0);
        cr_assert_neq(fputc(number ^ 0x55, file), EOF);
        cr_assert_eq(fflush(file), 0);
    } while (!audited_found(&audited, false));
    cr_assert_eq(fclose(file), 0);
    assert_finds(VERIFY_STORE, VERIFY_FAULT_PAGE);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_ENTRIES]),
                 VERIFY_UNCHECKED);
}

/* Behind the greatest number the search for the next row would begin again. */
Test(verify_tables, i11_a_witness_that_cannot_be_ends_the_search)
{
    static const uint8_t key[] = {0xff, 0xff, 0xff, 0xff, 1};
    static const uint8_t value[] = {2};

    tamper_open(&tamper, audited.copy.ledger);
    tamper_row(&tamper, TABLE_WITNESSES, (struct bytes){key, sizeof key},
               (struct bytes){value, sizeof value});
    tamper_close(&tamper);
    assert_finds(VERIFY_CHECKPOINTS, VERIFY_FAULT_VALUE);
}
