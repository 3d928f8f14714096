/* What is damaged in a cold file is found by the scrub and put right there. */
#include "collector/ledger/cold_move.h"
#include "collector/ledger/ledger_damage.h"
#include "collector/ledger/ledger_move.h"
#include "tests/support/hall.h"
#include "tests/support/tamper.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BATCHES 12u
#define HURT    5u
#define FOUND   16u

static struct hall hall;
static struct office office;
static struct ledger_candidates candidates;
static struct scrub_finding found[FOUND];
static size_t found_count;
static char folder[COLD_PATH_MAX], path[COLD_PATH_MAX];
static struct cold_row rows[COLD_BATCHES_MAX];
static struct cold_head head;
static struct digest table;
static uint8_t whole[BATCH_BYTES_MAX];
static struct bytes batch;
static struct entry entry;

/* All batches lie in one cold file. */
static void setup(void)
{
    struct cold_move_options options = {.least = 2, .moves = true};
    struct ledger_snapshot *snapshot = NULL;
    struct cold_move *mover = NULL;
    struct bytes bytes;
    bool moved = false;

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    for (unsigned i = 0; i < BATCHES; i++) {
        cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    }
    options.ledger = hall.ledger;
    options.province = hall.province;
    options.administrator = &hall.keys.administrator;
    options.clock = &hall.clock;
    cr_assert_eq(cold_move_open(&options, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, clock_wall_us(&hall.clock) + 1, &moved),
                 STATUS_OK);
    cr_assert(moved);
    cold_move_close(&mover);
    (void)snprintf(folder, sizeof folder, "%s",
                   ledger_cold_folder(hall.ledger));
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    cr_assert_eq(cold_table(folder, 1, &head, rows, &table), STATUS_OK);
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, rows[HURT].index, &entry), STATUS_OK);
    cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
    memcpy(whole, bytes.data, bytes.size);
    batch = (struct bytes){whole, bytes.size};
    ledger_snapshot_close(&snapshot);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(cold_heal, .init = setup, .fini = teardown);

static void write_at(uint64_t at, const char *text)
{
    FILE *file = fopen(path, "r+b");

    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, (long)at, SEEK_SET), 0);
    cr_assert_neq(fputs(text, file), EOF);
    (void)fclose(file);
}

/* Another byte than was there, whatever the keys have made of it. */
static void flip_at(uint64_t at)
{
    FILE *file = fopen(path, "r+b");
    int byte;

    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, (long)at, SEEK_SET), 0);
    byte = fgetc(file);
    cr_assert_neq(byte, EOF);
    cr_assert_eq(fseek(file, (long)at, SEEK_SET), 0);
    cr_assert_neq(fputc(byte ^ 1, file), EOF);
    (void)fclose(file);
}

static void tell(void *owner, const struct scrub_finding *finding)
{
    (void)owner;
    cr_assert_lt(found_count, FOUND);
    found[found_count++] = *finding;
}

static void scrub(void)
{
    struct scrub scrub;
    bool done = false;

    found_count = 0;
    cr_assert_eq(scrub_begin(&scrub, hall.ledger, tell, NULL), STATUS_OK);
    while (!done) {
        cr_assert_eq(scrub_step(&scrub, 4096, &done), STATUS_OK);
    }
}

/* It lies in the file alone, which is the one that was recorded. */
static void expect_healed(void)
{
    struct ledger_snapshot *snapshot = NULL;
    struct bytes bytes;
    struct tamper tamper;
    struct digest now;
    struct moved moved;

    cr_assert_eq(cold_table(folder, 1, &head, rows, &now), STATUS_OK);
    cr_assert(digest_equal(&now, &table));
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
    cr_assert(bytes_equal(bytes, batch));
    cr_assert_eq(ledger_where(snapshot, &entry, &moved), STATUS_OK);
    cr_assert_eq(moved.kind, MOVED_COLD);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(temp_dir_count(path, whole, batch.size), 1);
    scrub();
    cr_assert_eq(found_count, 0);
    hall_shut(&hall);
    tamper_open(&tamper, hall.path);
    cr_assert_eq(store_get(tamper.txn, TABLE_BYTES,
                           (struct bytes){entry.digest.bytes, DIGEST_BYTES},
                           &bytes),
                 STATUS_NOT_FOUND);
    tamper_close(&tamper);
    hall_reopen(&hall, 0);
}

static void heal(void)
{
    enum ledger_healing healing = LEDGER_HEAL_SOUND;

    cr_assert_eq(ledger_heal(hall.ledger, &candidates, &entry, batch, &healing),
                 STATUS_OK);
    cr_assert_eq(healing, LEDGER_HEALED);
}

Test(cold_heal, i5_a_batch_is_healed_where_it_lay)
{
    write_at(rows[HURT].offset + 7, "damage");
    scrub();
    cr_assert_eq(found_count, 1);
    cr_assert_eq(found[0].what, SCRUB_BYTES);
    cr_assert_eq(found[0].index, entry.index);
    heal();
    expect_healed();
}

Test(cold_heal, i5_a_file_that_is_cut_is_healed_from_its_table_on)
{
    cr_assert_eq(truncate(path, (off_t)rows[HURT].offset), 0);
    write_at(0, "XXXX");
    heal();
    cr_assert_eq(cold_table(folder, 1, &head, rows, &table), STATUS_OK);
    cr_assert_eq(temp_dir_count(path, whole, batch.size), 1);
}

Test(cold_heal, i5_a_table_is_mended_without_anybody)
{
    uint64_t order = hall_size(&hall) - 1;

    flip_at(COLD_HEAD_BYTES + 2 * COLD_ROW_BYTES + 20);
    scrub();
    cr_assert_eq(found_count, 1);
    cr_assert_eq(found[0].what, SCRUB_COLD);
    cr_assert_eq(found[0].index, order);
    cr_assert_eq(ledger_mend_cold(hall.ledger, order), STATUS_OK);
    cr_assert_eq(ledger_mend_cold(hall.ledger, 1), STATUS_NOT_FOUND);
    expect_healed();
}

/* A row says that what was erased lay where another batch lies. By a sound
 * table the right place is overwritten; by a damaged one nothing is that does
 * not have the erased batch's hash. */
static void overwrite_with_wrong_row(bool damaged)
{
    struct moved moved = {.kind = MOVED_ERASED,
                          .control = 1,
                          .file = 1,
                          .offset = rows[HURT + 1].offset,
                          .size = rows[HURT + 1].size};
    struct digest digest, other = rows[HURT + 1].digest;
    struct tamper tamper;
    bool zeros = true;

    hall_shut(&hall);
    tamper_open(&tamper, hall.path);
    cr_assert_eq(moved_put(tamper.txn, &entry.digest, &moved), STATUS_OK);
    tamper_close(&tamper);
    hall_reopen(&hall, 0);
    if (damaged) {
        write_at(0, "XXXX");
    }
    cr_assert_eq(ledger_overwrite(hall.ledger, true),
                 damaged ? STATUS_CORRUPT : STATUS_OK);
    cr_assert_eq(cold_look(folder, 1, rows[HURT + 1].offset,
                           rows[HURT + 1].size, &zeros, &digest),
                 STATUS_OK);
    cr_assert(!zeros && digest_equal(&digest, &other));
    cr_assert_eq(cold_look(folder, 1, rows[HURT].offset, rows[HURT].size,
                           &zeros, &digest),
                 STATUS_OK);
    cr_assert_eq(zeros, !damaged);
}

Test(cold_heal, i5_a_wrong_row_overwrites_no_other_batch)
{
    overwrite_with_wrong_row(false);
}

Test(cold_heal, i5_a_wrong_row_of_a_damaged_file_overwrites_nothing)
{
    overwrite_with_wrong_row(true);
}
