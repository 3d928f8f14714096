#include "collector/ledger/cold.h"

#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROWS 5u

static struct temp_dir dir;
static char folder[TEMP_DIR_PATH_MAX];
static struct cold_head head;
static struct cold_row rows[COLD_BATCHES_MAX];
static struct cold_row read_rows[COLD_BATCHES_MAX];
static uint8_t content[ROWS][300];
static struct digest digest;
static unsigned fail_at;

static enum status next(void *owner, const struct cold_row *row,
                        struct bytes *bytes)
{
    unsigned i = (unsigned)(row->index / 10);

    (void)owner;
    if (i == fail_at) {
        return STATUS_CORRUPT;
    }
    *bytes = (struct bytes){content[i], row->size};
    return STATUS_OK;
}

static void open_all(void)
{
    sign_init();
    temp_dir_open(&dir);
    temp_dir_path(&dir, "cold", folder);
    cr_assert_eq(mkdir(folder, 0700), 0);
    fail_at = ROWS;
    head = (struct cold_head){.number = 1, .count = ROWS, .from = 0, .to = 49};
    memset(head.ledger.bytes, 0x5c, sizeof head.ledger.bytes);
    for (unsigned i = 0; i < ROWS; i++) {
        memset(content[i], 'a' + (int)i, sizeof content[i]);
        rows[i] = (struct cold_row){.index = i * 10u, .size = 100 + i * 50};
        digest_bytes((struct bytes){content[i], rows[i].size}, &rows[i].digest);
    }
}

static void close_all(void)
{
    temp_dir_close(&dir);
}

TestSuite(cold, .init = open_all, .fini = close_all);

static enum status write_it(void)
{
    struct cold_source source = {.next = next};
    enum status status = cold_write(folder, &head, rows, source, &digest);

    return status == STATUS_OK ? cold_publish(folder, head.number) : status;
}

static enum status read_row(struct cold_reader *reader, unsigned i,
                            struct bytes *bytes)
{
    return cold_read(reader, 1, rows[i].offset, rows[i].size, &rows[i].digest,
                     bytes);
}

Test(cold, what_was_written_is_read)
{
    struct cold_reader *reader = NULL;
    struct cold_head found;
    struct digest again;
    struct bytes bytes;

    cr_assert_eq(write_it(), STATUS_OK);
    cr_assert_eq(cold_table(folder, 1, &found, read_rows, &again), STATUS_OK);
    cr_assert_eq(memcmp(&again, &digest, sizeof digest), 0);
    cr_assert_eq(found.from, 0);
    cr_assert_eq(found.to, 49);
    cr_assert_eq(found.count, ROWS);
    cr_assert(random_id_equal(&found.ledger, &head.ledger));
    cr_assert_eq(cold_reader_new(folder, &reader), STATUS_OK);
    for (unsigned i = ROWS; i-- > 0;) {
        cr_assert_eq(read_rows[i].index, i * 10u);
        cr_assert_eq(read_row(reader, i, &bytes), STATUS_OK);
        cr_assert(bytes_equal(bytes, (struct bytes){content[i], rows[i].size}));
    }
    cold_reader_free(&reader);
}

/* The layout is a promise to auditors. */
Test(cold, the_bytes_of_a_file_are_pinned)
{
    char path[COLD_PATH_MAX];
    struct stat about;
    uint8_t start[COLD_HEAD_BYTES];
    FILE *file;

    cr_assert_eq(write_it(), STATUS_OK);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    cr_assert_eq(strcmp(path + strlen(folder), "/00000001.cold"), 0);
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq((size_t)about.st_size,
                 COLD_HEAD_BYTES + ROWS * COLD_ROW_BYTES + 5 * 100 + 10 * 50);
    cr_assert_eq(about.st_mode & 0777, 0600);
    file = fopen(path, "rb");
    cr_assert_not_null(file);
    cr_assert_eq(fread(start, 1, sizeof start, file), sizeof start);
    (void)fclose(file);
    cr_assert_eq(memcmp(start, "TLC1\0\0\0\1\0\0\0\1\0\0\0\5", 16), 0);
    cr_assert_eq(bytes_get_u64(start + 24), 49);
}

Test(cold, i5_a_file_that_could_not_be_finished_is_not_there)
{
    char path[COLD_PATH_MAX];

    fail_at = 3;
    cr_assert_eq(write_it(), STATUS_CORRUPT);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    cr_assert_neq(access(path, F_OK), 0);
    (void)strncat(path, ".new", sizeof path - strlen(path) - 1);
    cr_assert_neq(access(path, F_OK), 0);
}

Test(cold, a_missing_file_is_away_and_comes_back)
{
    char path[COLD_PATH_MAX], aside[TEMP_DIR_PATH_MAX];
    struct cold_reader *reader = NULL;
    struct bytes bytes;

    cr_assert_eq(write_it(), STATUS_OK);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    temp_dir_path(&dir, "aside", aside);
    cr_assert_eq(cold_reader_new(folder, &reader), STATUS_OK);
    cr_assert_eq(rename(path, aside), 0);
    cr_assert_eq(read_row(reader, 0, &bytes), STATUS_AWAY);
    cr_assert_eq(rename(aside, path), 0);
    cr_assert_eq(read_row(reader, 0, &bytes), STATUS_OK);
    cold_reader_free(&reader);
}

/* What a row of the ledger names may be forged. */
Test(cold, there_is_no_file_of_number_0)
{
    struct cold_reader *reader = NULL;
    struct bytes bytes;

    cr_assert_eq(write_it(), STATUS_OK);
    cr_assert_eq(cold_reader_new(folder, &reader), STATUS_OK);
    cr_assert_eq(cold_read(reader, 0, rows[0].offset, rows[0].size,
                           &rows[0].digest, &bytes),
                 STATUS_CORRUPT);
    cold_reader_free(&reader);
}

/* Every single bit, of the table and of the batches. */
Test(cold, each_flipped_bit_is_seen)
{
    char path[COLD_PATH_MAX];
    uint8_t bytes[2048];
    size_t size;
    FILE *file;

    cr_assert_eq(write_it(), STATUS_OK);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    file = fopen(path, "r+b");
    cr_assert_not_null(file);
    size = fread(bytes, 1, sizeof bytes, file);
    for (size_t bit = 0; bit < size * 8; bit++) {
        struct cold_reader *reader = NULL;
        struct cold_head found;
        struct digest again;
        struct bytes got;
        uint8_t flipped = bytes[bit / 8] ^ (uint8_t)(1u << bit % 8);
        bool seen = false;

        cr_assert_eq(fseek(file, (long)(bit / 8), SEEK_SET), 0);
        cr_assert_eq(fwrite(&flipped, 1, 1, file), 1);
        cr_assert_eq(fflush(file), 0);
        seen = cold_table(folder, 1, &found, read_rows, &again) != STATUS_OK ||
               memcmp(&again, &digest, sizeof digest) != 0;
        cr_assert_eq(cold_reader_new(folder, &reader), STATUS_OK);
        for (unsigned i = 0; i < ROWS; i++) {
            seen = read_row(reader, i, &got) != STATUS_OK || seen;
        }
        cold_reader_free(&reader);
        cr_assert(seen, "bit %zu", bit);
        cr_assert_eq(fseek(file, (long)(bit / 8), SEEK_SET), 0);
        cr_assert_eq(fwrite(&bytes[bit / 8], 1, 1, file), 1);
    }
    (void)fclose(file);
}

/* A hole is zeros, the table's hash is what it was, and the others stay. */
Test(cold, what_is_overwritten_leaves_hash_and_others)
{
    struct cold_reader *reader = NULL;
    struct cold_head found;
    struct digest again;
    struct bytes bytes;

    cr_assert_eq(write_it(), STATUS_OK);
    for (unsigned twice = 0; twice < 2; twice++) {
        cr_assert_eq(cold_overwrite(folder, 1, rows[2].offset, rows[2].size),
                     STATUS_OK);
    }
    cr_assert_eq(cold_table(folder, 1, &found, read_rows, &again), STATUS_OK);
    cr_assert_eq(memcmp(&again, &digest, sizeof digest), 0);
    cr_assert_eq(cold_reader_new(folder, &reader), STATUS_OK);
    for (unsigned i = 0; i < ROWS; i++) {
        cr_assert_eq(read_row(reader, i, &bytes),
                     i == 2 ? STATUS_CORRUPT : STATUS_OK);
    }
    cold_reader_free(&reader);
    cr_assert_eq(cold_overwrite(folder, 2, 0, 1), STATUS_AWAY);
    cr_assert_eq(cold_overwrite(folder, 1, 1u << 20, 1), STATUS_CORRUPT);
}

/* Files of the folder, each with the hash of its table; a name is given once,
 * and what has it is never replaced. */
Test(cold, i6_a_file_that_is_there_is_never_replaced)
{
    struct cold_source source = {.next = next};
    struct cold_files files;
    struct digest other;

    cr_assert_eq(write_it(), STATUS_OK);
    head.to = 50;
    cr_assert_eq(cold_write(folder, &head, rows, source, &other), STATUS_OK);
    cr_assert_eq(cold_publish(folder, 1), STATUS_EXISTS);
    cr_assert_eq(cold_files_read(folder, &files), STATUS_OK);
    cr_assert_eq(files.count, 2);
    cr_assert_not(cold_files_find(&files, &digest)->fresh);
    cr_assert(cold_files_find(&files, &other)->fresh);
    cr_assert_eq(cold_files_at(&files, 1), cold_files_find(&files, &digest));
    cr_assert_null(cold_files_at(&files, 2));
    cold_files_free(&files);
    cold_remove_fresh(folder, 1);
    cr_assert_eq(cold_files_read(folder, &files), STATUS_OK);
    cr_assert_eq(files.count, 1);
    cold_files_free(&files);
    cr_assert_eq(cold_publish(folder, 1), STATUS_AWAY);
}

/* A crash between the two steps of publishing. */
Test(cold, a_file_with_both_names_keeps_its_own)
{
    char path[COLD_PATH_MAX], fresh[COLD_PATH_MAX + 8];
    struct cold_files files;

    cr_assert_eq(write_it(), STATUS_OK);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    cr_assert_eq(link(path, fresh), 0);
    cr_assert_eq(cold_publish(folder, 1), STATUS_OK);
    cr_assert_eq(cold_files_read(folder, &files), STATUS_OK);
    cr_assert_eq(files.count, 1);
    cr_assert_not(files.list[0].fresh);
    cold_files_free(&files);
}

Test(cold, a_folder_has_one_owner)
{
    char none[TEMP_DIR_PATH_MAX];
    int first = -1, second = -1;

    temp_dir_path(&dir, "nothing", none);
    cr_assert_eq(cold_own(none, &first), STATUS_NOT_FOUND);
    cr_assert_eq(cold_own(folder, &first), STATUS_OK);
    cr_assert_eq(cold_own(folder, &second), STATUS_BUSY);
    cr_assert_eq(second, -1);
    cold_disown(&first);
    cr_assert_eq(cold_own(folder, &second), STATUS_OK);
    cold_disown(&second);
}

/* A table is made anew only if it comes out as it was. */
Test(cold, i5_a_table_is_written_only_under_its_hash)
{
    char path[COLD_PATH_MAX];
    struct cold_head found;
    struct digest again;
    FILE *file;

    cr_assert_eq(write_it(), STATUS_OK);
    cr_assert_eq(cold_path(folder, 1, path), STATUS_OK);
    file = fopen(path, "r+b");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite("    ", 1, 4, file), 4);
    (void)fclose(file);
    cr_assert_eq(cold_table(folder, 1, &found, read_rows, &again),
                 STATUS_CORRUPT);
    head.to++;
    cr_assert_eq(cold_write_table(folder, &head, rows, &digest),
                 STATUS_CORRUPT);
    head.to--;
    cr_assert_eq(cold_write_table(folder, &head, rows, &digest), STATUS_OK);
    cr_assert_eq(cold_table(folder, 1, &found, read_rows, &again), STATUS_OK);
    cr_assert(digest_equal(&again, &digest));
}
