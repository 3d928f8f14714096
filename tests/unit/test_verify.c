/* Every part of audit verify: what it passes, and each fault that it names, at
 * its place. The forger of tamper.h writes sound pages and right hashes. */
#include "tests/support/forged.h"

#include "common/format/checkpoint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(verify, .init = forged_open, .fini = forged_close, .timeout = 110);

Test(verify, a_sound_ledger_passes_in_every_part)
{
    verify(true);
    if (!verify_passes(&results)) {
        audited_print(&results);
    }
    cr_assert(verify_passes(&results));
    cr_assert_eq(results.entries, hall_size(&audited.hall));
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_STORE]), VERIFY_PASS);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_BATCHES]), VERIFY_PASS);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_CHECKPOINTS]),
                 VERIFY_PASS);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_OUTSIDE]), VERIFY_PASS);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_STATE]), VERIFY_PASS);
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_REPORTS]), VERIFY_PASS);
    cr_assert_gt(results.parts[VERIFY_TREE].checked, results.entries);
}

/* It is the auditor's copy that is read, and it may be on a medium that cannot
 * be written. */
Test(verify, nothing_is_written_into_the_directory)
{
    struct stat before, after;
    char lock[DIRECTORY_PATH_MAX + 8];

    (void)snprintf(lock, sizeof lock, "%s-lock", audited.copy.ledger);
    cr_assert_eq(stat(audited.copy.path, &before), 0);
    cr_assert_eq(chmod(audited.copy.path, S_IRUSR | S_IXUSR), 0);
    verify(false);
    cr_assert_eq(chmod(audited.copy.path, S_IRWXU), 0);
    cr_assert_eq(stat(audited.copy.path, &after), 0);
    cr_assert(verify_passes(&results));
    cr_assert_neq(access(lock, F_OK), 0);
    cr_assert_eq(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
    cr_assert_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

/* ---- batches ---- */

Test(verify, i8_a_batch_signed_with_another_key_is_found)
{
    struct sign_keys forged;
    struct entry entry;
    struct signature signature;

    sign_keys_make(&forged);
    begin();
    entry = last_of(1);
    tamper_bytes(&tamper, &entry, &bytes);
    sign_make(&forged, "tallyline batch 1",
              (struct bytes){bytes.data, bytes.size - SIGNATURE_BYTES},
              &signature);
    memcpy(bytes.data + bytes.size - SIGNATURE_BYTES, signature.bytes,
           SIGNATURE_BYTES);
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
    end_mended();
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_SIGNATURE, entry.index);
}

/* The office has another key by now: what was signed with the first one passes
 * where it lies, and would not behind the change. */
Test(verify, i8_a_key_is_good_for_its_time_alone)
{
    struct entry early, late;

    begin();
    early = batch_of(1, 10);
    late = last_of(1);
    tamper_bytes(&tamper, &early, &bytes);
    late.first_seq = early.first_seq;
    tamper_drop(&tamper, TABLE_BYTES,
                (struct bytes){early.digest.bytes, DIGEST_BYTES});
    tamper_replace(&tamper, &late, buffer_bytes(&bytes));
    tamper_close(&tamper);
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_SIGNATURE, late.index);
}

Test(verify, an_event_that_was_changed_is_found_behind_a_right_hash)
{
    struct entry entry;

    begin();
    entry = batch_of(2, 40);
    tamper_bytes(&tamper, &entry, &bytes);
    bytes.data[BATCH_HEADER_BYTES + 20] ^= 1;
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
    end_mended();
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_SIGNATURE, entry.index);
    cr_assert(audited_says(&results, VERIFY_BATCHES, VERIFY_FAULT_BATCH_CHAIN));
}

Test(verify, a_record_that_says_otherwise_than_its_batch_is_found)
{
    struct entry entry;

    begin();
    entry = last_of(3);
    entry.count++;
    tamper_put(&tamper, &entry);
    end_mended();
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_HEADER, entry.index);
}

/* A batch of the revoked office, signed with its own key and put in at the
 * end. */
Test(verify, i8_what_is_put_in_after_a_revocation_is_found)
{
    struct office *office = &audited.offices[1];
    struct bytes batch = office_batch(office);
    struct entry entry;
    uint64_t size;

    begin();
    size = tamper_size(&tamper);
    entry = last_of(2);
    entry.index = size;
    entry.first_seq += entry.count;
    entry.received_at = audited.hall.now.wall_us;
    entry.size = (uint32_t)batch.size;
    digest_bytes(batch, &entry.digest);
    tamper_row(&tamper, TABLE_BYTES,
               (struct bytes){entry.digest.bytes, DIGEST_BYTES}, batch);
    tamper_put(&tamper, &entry);
    end_mended();
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_REVOKED, size);
    cr_assert_eq(results.parts[VERIFY_BATCHES].failed, 1);
}

Test(verify, i8_what_is_put_into_a_closed_epoch_is_found)
{
    struct entry entry;

    begin();
    entry = last_of(3);
    entry.epoch = batch_of(3, 0).epoch;
    entry.epoch_ordinal = 1;
    tamper_put(&tamper, &entry);
    end_mended();
    assert_finds_at(VERIFY_BATCHES, VERIFY_FAULT_BATCH_HEADER, entry.index);
}

Test(verify, i3_a_batch_that_is_left_out_of_a_stream_is_found)
{
    struct entry left_out, other;

    begin();
    left_out = batch_of(1, 50);
    other = batch_of(2, left_out.index);
    tamper_bytes(&tamper, &other, &bytes);
    /* In its place stands another office's batch once more. */
    other.index = left_out.index;
    other.received_at = left_out.received_at;
    tamper_put(&tamper, &other);
    end_mended();
    assert_finds(VERIFY_BATCHES, VERIFY_FAULT_BATCH_ORDER);
    cr_assert(audited_says(&results, VERIFY_BATCHES, VERIFY_FAULT_BATCH_CHAIN));
    cr_assert(audited_says(&results, VERIFY_TABLES, VERIFY_FAULT_ROWS));
}

/* ---- control documents ---- */

static struct entry control_of(uint64_t from)
{
    struct entry entry;

    do {
        tamper_get(&tamper, from++, &entry);
    } while (entry.kind != ENTRY_CONTROL);
    return entry;
}

Test(verify, a_plan_that_was_changed_is_found)
{
    struct entry entry;

    begin();
    entry = control_of(2); /* units, plan */
    tamper_bytes(&tamper, &entry, &bytes);
    bytes.data[bytes.size / 2] ^= 1;
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
    end_mended();
    assert_finds_at(VERIFY_CONTROLS, VERIFY_FAULT_CONTROL_SIGNATURE,
                    entry.index);
}

Test(verify, an_order_by_another_administrator_is_found)
{
    struct control control = {.kind = CONTROL_REVOCATION};
    struct sign_keys forged;
    struct entry entry;

    sign_keys_make(&forged);
    begin();
    entry = control_of(20);
    control.revocation.agent_number = 1;
    buffer_clear(&bytes);
    cr_assert_eq(control_sign(&control, &forged, &bytes), STATUS_OK);
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
    end_mended();
    assert_finds_at(VERIFY_CONTROLS, VERIFY_FAULT_CONTROL_SIGNATURE,
                    entry.index);
}

/* With the administrator's key, but against what was in force. */
Test(verify, i5_an_order_that_contradicts_is_found)
{
    struct control control = {.kind = CONTROL_REVOCATION};
    struct entry entry;

    begin();
    entry = control_of(20);
    control.revocation.agent_number = 77;
    buffer_clear(&bytes);
    cr_assert_eq(
        control_sign(&control, &audited.hall.keys.administrator, &bytes),
        STATUS_OK);
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
    end_mended();
    assert_finds_at(VERIFY_CONTROLS, VERIFY_FAULT_CONTROL_CONTRADICTS,
                    entry.index);
}

Test(verify, a_second_genesis_is_found)
{
    struct entry genesis, entry;

    begin();
    tamper_get(&tamper, 0, &genesis);
    entry = control_of(20);
    tamper_bytes(&tamper, &genesis, &bytes);
    entry.digest = genesis.digest;
    entry.size = genesis.size;
    tamper_put(&tamper, &entry);
    end_mended();
    assert_finds_at(VERIFY_CONTROLS, VERIFY_FAULT_GENESIS, entry.index);
}

/* The document of that entry is a break with new keys, signed with them. */
static struct entry put_new_keys(bool another_root)
{
    static struct control control;
    struct ledger_snapshot *snapshot = NULL;
    struct sign_keys keys;
    struct entry entry;

    sign_keys_make(&keys);
    control = (struct control){.kind = CONTROL_BREAK};
    control.broken.reason = CONTROL_BREAK_KEYS_LOST;
    control.broken.administrator = keys.public_key;
    control.broken.ledger_key = keys.public_key;
    control.broken.old_size = 5;
    cr_assert_eq(ledger_snapshot_open(audited.hall.ledger, &snapshot),
                 STATUS_OK);
    cr_assert_eq(ledger_root(snapshot, 5, &control.broken.new_root), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    control.broken.old_root = control.broken.new_root;
    control.broken.old_root.bytes[0] ^= another_root ? 1 : 0;
    begin();
    entry = control_of(20);
    buffer_clear(&bytes);
    cr_assert_eq(control_sign(&control, &keys, &bytes), STATUS_OK);
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
    end_mended();
    return entry;
}

/* No signature of before can stand for it: it is told, and is no failure; but
 * who signs with the old key behind it is found. */
Test(verify, i8_new_keys_are_never_passed_over_in_silence)
{
    struct entry entry = put_new_keys(false);
    const struct verify_part_result *part = &results.parts[VERIFY_BREAKS];

    cr_assert_eq(audited_verify(&audited, false, &results), STATUS_OK);
    cr_assert_eq(part->noted, 1);
    cr_assert_eq(part->failed, 0);
    cr_assert_eq(verify_verdict(part), VERIFY_NOTED);
    cr_assert_eq(part->findings[0].place.index, entry.index);
    cr_assert(audited_says(&results, VERIFY_CONTROLS,
                           VERIFY_FAULT_CONTROL_SIGNATURE));
}

/* New keys, and with them another past: no entry was given up. */
Test(verify, i5_new_keys_that_change_the_past_are_found)
{
    struct entry entry = put_new_keys(true);

    assert_finds_at(VERIFY_BREAKS, VERIFY_FAULT_ROOT, entry.index);
}
