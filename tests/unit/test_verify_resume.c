/* A check that is interrupted again and again comes to what a whole run comes
 * to, and believes nothing of what it saw before. */
#include "tests/support/audited.h"
#include "tests/support/forged_orders.h"
#include "tests/support/tamper.h"

#include "common/base/file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEP 37u

static struct audited audited;
static struct verify_results results;
static char resume[TEMP_DIR_PATH_MAX];
static uint64_t seen; /* entries that were told of in one turn */
static uint64_t least, most;
static uint64_t reached; /* by after_two_steps_more() */

static void note_progress(void *owner, uint64_t done, uint64_t entries)
{
    (void)owner;
    (void)entries;
    seen++;
    least = done < least ? done : least;
    most = done > most ? done : most;
}

static bool always(void *owner)
{
    (void)owner;
    return true;
}

static bool after_two_steps(void *owner)
{
    (void)owner;
    return seen >= 2 * STEP;
}

/* Behind what was read again. */
static bool after_two_steps_more(void *owner)
{
    (void)owner;
    if (most < reached + 2 * STEP) {
        return false;
    }
    reached = most;
    return true;
}

static bool behind_the_state(void *owner)
{
    (void)owner;
    return results.parts[VERIFY_STATE].checked > 0;
}

static void setup(void)
{
    audited_open(&audited);
    temp_dir_path(&audited.hall.dir, "verify.state", resume);
}

static void teardown(void)
{
    audited_close(&audited);
}

TestSuite(verify_resume, .init = setup, .fini = teardown, .timeout = 110);

/* One turn, to where `stop` ends it. */
static enum status turn(bool (*stop)(void *owner))
{
    struct verify_options options = {.directory = &audited.copy,
                                     .language = LANGUAGE_EN,
                                     .checkpoint =
                                         buffer_bytes(&audited.outside),
                                     .resume = resume,
                                     .step = STEP,
                                     .progress = note_progress,
                                     .stop = stop};

    seen = 0;
    least = UINT64_MAX;
    most = 0;
    return verify_ledger(&options, &results);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

Test(verify_resume, what_was_interrupted_comes_to_the_same)
{
    struct verify_results *whole = calloc(1, sizeof *whole);

    cr_assert_not_null(whole);
    cr_assert_eq(audited_verify(&audited, true, whole), STATUS_OK);
    cr_assert_eq(turn(always), STATUS_AGAIN);
    cr_assert(is_there(resume));
    cr_assert_eq(turn(NULL), STATUS_OK);
    cr_assert(verify_passes(&results));
    cr_assert_eq(memcmp(&results, whole, sizeof results), 0);
    cr_assert_not(is_there(resume));
    free(whole);
}

/* With erased batches, one of them in a frozen report, and one that nobody can
 * unpack: the counts are those of a whole run wherever it was interrupted. */
Test(verify_resume, erased_and_unreadable_are_counted_once)
{
    struct verify_results *whole = calloc(1, sizeof *whole);
    struct office *office = &audited.offices[0];
    struct bytes batch = office_seal_payload(office, bytes_of_text("???"), 3);
    enum status status = STATUS_AGAIN;
    struct event event;
    struct buffer before;
    uint64_t first;
    unsigned turns = 0;

    cr_assert_not_null(whole);
    cr_assert(hall_send(&audited.hall, office, batch).appended);
    first = hall_size(&audited.hall);
    for (uint32_t i = 0; i < 2; i++) { /* one thing in two batches */
        office_visit(office, 900, &event);
        batch = office_seal(office, &event, 1);
        cr_assert(hall_send(&audited.hall, office, batch).appended);
    }
    audited_freeze(&audited);
    buffer_init(&before, BATCH_BYTES_MAX);
    audited_erase(&audited, first, &before);
    buffer_fini(&before);
    for (uint32_t i = 0; i < 3 * STEP; i++) {
        cr_assert(
            hall_send(&audited.hall, office, office_batch(office)).appended);
    }
    audited_move(&audited);
    cr_assert_eq(audited_verify(&audited, true, whole), STATUS_OK);
    cr_assert(verify_passes(whole));
    cr_assert_eq(whole->unreadable, 1);
    cr_assert_eq(whole->parts[VERIFY_MOVED].erased, 3);
    cr_assert_eq(whole->parts[VERIFY_REPORTS].erased, 1);
    while (status == STATUS_AGAIN) {
        turns++;
        memset(&results, 0, sizeof results);
        status = turn(after_two_steps_more);
        cr_assert(status != STATUS_AGAIN || is_there(resume));
    }
    cr_assert_eq(status, STATUS_OK);
    cr_assert_gt(turns, 5);
    cr_assert_eq(memcmp(&results, whole, sizeof results), 0);
    free(whole);
}

/* Passed on the way, it waits to be held against its own prefix: who goes on
 * behind it must not take it for good. */
Test(verify_resume, i4_a_report_that_differed_is_still_found)
{
    struct tamper tamper;
    enum status status = STATUS_AGAIN;
    uint64_t index;
    unsigned turns = 0;

    audited_freeze(&audited);
    for (uint32_t i = 0; i < 3 * STEP; i++) {
        cr_assert(hall_send(&audited.hall, &audited.offices[0],
                            office_batch(&audited.offices[0]))
                      .appended);
    }
    audited_copy(&audited);
    tamper_open(&tamper, audited.copy.ledger);
    index = forge_report(&audited, &tamper);
    tamper_mend(&tamper);
    tamper_close(&tamper);
    while (status == STATUS_AGAIN) {
        turns++;
        memset(&results, 0, sizeof results);
        status = turn(after_two_steps_more);
    }
    cr_assert_eq(status, STATUS_OK);
    cr_assert_gt(turns, 2);
    cr_assert(audited_says(&results, VERIFY_REPORTS, VERIFY_FAULT_REPORT));
    cr_assert_eq(results.parts[VERIFY_REPORTS].findings[0].place.index, index);
}

Test(verify_resume, the_fold_is_not_done_twice)
{
    cr_assert_eq(turn(always), STATUS_AGAIN);
    cr_assert_eq(turn(after_two_steps), STATUS_AGAIN);
    /* Read again up to the step, folded from there. */
    cr_assert_eq(most, 2 * STEP);
    cr_assert_eq(seen, 2 * STEP);
}

Test(verify_resume, what_was_changed_behind_it_is_found)
{
    struct tamper tamper;
    struct entry entry;
    struct buffer bytes;

    cr_assert_eq(turn(always), STATUS_AGAIN);
    buffer_init(&bytes, CONTROL_BYTES_MAX);
    tamper_open(&tamper, audited.copy.ledger);
    /* The last one that was checked: nothing behind it was read yet. */
    tamper_get(&tamper, STEP - 1, &entry);
    cr_assert_eq(entry.kind, ENTRY_BATCH);
    tamper_bytes(&tamper, &entry, &bytes);
    bytes.data[BATCH_HEADER_BYTES + 9] ^= 1;
    tamper_replace(&tamper, &entry, buffer_bytes(&bytes));
    tamper_mend(&tamper);
    tamper_close(&tamper);
    cr_assert_eq(turn(NULL), STATUS_OK);
    cr_assert(
        audited_says(&results, VERIFY_BATCHES, VERIFY_FAULT_BATCH_SIGNATURE));
    buffer_fini(&bytes);
}

Test(verify_resume, i4_a_state_that_was_changed_behind_it_is_found)
{
    cr_assert_eq(turn(behind_the_state), STATUS_AGAIN);
    cr_assert(is_there(resume));
    cr_assert_eq(results.parts[VERIFY_STATE].failed, 0);
    tamper_frames(audited.copy.state, 4711);
    cr_assert_eq(turn(NULL), STATUS_OK);
    cr_assert(audited_says(&results, VERIFY_STATE, VERIFY_FAULT_STATE_DIFFERS));
}

Test(verify_resume, i4_a_state_that_was_compared_is_not_compared_again)
{
    cr_assert_eq(turn(behind_the_state), STATUS_AGAIN);
    cr_assert_eq(turn(NULL), STATUS_OK);
    cr_assert(verify_passes(&results));
    cr_assert_eq(results.parts[VERIFY_STATE].checked, 1);
    cr_assert_eq(results.parts[VERIFY_REPORTS].checked, 1);
}

Test(verify_resume, a_damaged_file_begins_anew)
{
    struct buffer record;

    cr_assert_eq(turn(always), STATUS_AGAIN);
    buffer_init(&record, 4096);
    cr_assert_eq(file_read(resume, &record), STATUS_OK);
    record.data[12] ^= 1;
    cr_assert_eq(unlink(resume), 0);
    cr_assert_eq(file_create(resume, buffer_bytes(&record)), STATUS_OK);
    buffer_fini(&record);
    cr_assert_eq(turn(NULL), STATUS_OK);
    cr_assert(verify_passes(&results));
    cr_assert_eq(least, 1);
}
