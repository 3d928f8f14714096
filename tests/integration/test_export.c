/* What is exported is read by programs that share nothing with the product. */
#include "collector/audit/export.h"
#include "collector/ledger/ledger_internal.h"
#include "common/format/note.h"
#include "tests/support/keys.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/process.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(export, .init = ledger_fixture_open, .fini = ledger_fixture_close);

#define ORIGIN "test.example/ledger"

static struct sign_keys keys;
static char folder[TEMP_DIR_PATH_MAX];
static struct export_source source;
static uint64_t documents;
static const struct export_watch nobody;

static void commit_many(uint64_t count)
{
    while (count > 0) {
        uint64_t group = count < LEDGER_GROUP_MAX ? count : LEDGER_GROUP_MAX;
        cr_assert_eq(ledger_begin(ledger), STATUS_OK);
        for (uint64_t i = 0; i < group; i++) {
            struct ledger_answer answer;
            char document[32];
            (void)snprintf(document, sizeof document, "document %zu",
                           (size_t)documents++);
            cr_assert_eq(
                ledger_append_control(ledger, bytes_of_text(document), &answer),
                STATUS_OK);
        }
        cr_assert_eq(ledger_commit(ledger), STATUS_OK);
        count -= group;
    }
}

static void look(void)
{
    export_source_close(&source);
    cr_assert_eq(export_source_open(ledger, &source), STATUS_OK);
}

static void put_key(struct export_files *files)
{
    struct note_key key;
    struct buffer line;
    buffer_init(&line, NOTE_KEY_TEXT_MAX);
    cr_assert_eq(note_key_make(ORIGIN, NOTE_ED25519, &keys.public_key, &key),
                 STATUS_OK);
    cr_assert_eq(note_key_write(&key, &line), STATUS_OK);
    cr_assert_eq(export_files_put(files, "ledger.vkey", buffer_bytes(&line),
                                  EXPORT_REPLACES),
                 STATUS_OK);
    buffer_fini(&line);
}

/* Exports a checkpoint over the first `size` entries; `written` may be NULL. */
static enum status tiles(uint64_t size, uint64_t *written)
{
    struct checkpoint checkpoint;
    struct export_files files;
    struct digest root;
    struct buffer note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    look();
    cr_assert_eq(ledger_root(source.snapshot, size, &root), STATUS_OK);
    cr_assert_eq(checkpoint_init(&checkpoint, ORIGIN, size, &root), STATUS_OK);
    cr_assert_eq(checkpoint_sign(&checkpoint, &keys, &note), STATUS_OK);
    cr_assert_eq(export_files_open(folder, &files), STATUS_OK);
    enum status status = export_tiles(&source, &checkpoint, buffer_bytes(&note),
                                      &nobody, &files);
    if (written != NULL) {
        *written = files.written;
    }
    put_key(&files);
    cr_assert_eq(export_files_close(&files), STATUS_OK);
    buffer_fini(&note);
    export_source_close(&source);
    return status;
}

/* Runs a script of the shell, in which $D is the folder of the export and $W
 * what is given. */
static int shell(const char *script, const char *what)
{
    char command[4 * TEMP_DIR_PATH_MAX];
    (void)snprintf(command, sizeof command, "D='%s'; W='%s'; %s", folder, what,
                   script);
    return process_run((const char *const[]){"/bin/sh", "-c", command, NULL},
                       NULL, 0);
}

static int reader(const char *indexes)
{
    return shell("/usr/bin/python3 " TALLYLINE_SOURCE_DIR
                 "/tests/audit/read_tiles.py $D $W > /dev/null 2>&1",
                 indexes);
}

static void in_folder(const char *name)
{
    sign_init();
    keys_fixed(9, &keys);
    temp_dir_path(&dir, name, folder);
}

Test(export, tiles_prove_the_ledger_to_another_reader)
{
    static const uint64_t sizes[] = {1, 255, 256, 257, 600};
    commit_many(700);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "tiles-%zu", i);
        in_folder(name);
        cr_assert_eq(tiles(sizes[i], NULL), STATUS_OK);
        cr_assert_eq(reader("0"), 0, "%zu entries", (size_t)sizes[i]);
    }
    cr_assert_eq(reader("0 255 256 511 512 599"), 0);
    cr_assert_eq(reader("600"), 1, "it is not in the checkpoint");
    cr_assert_eq(shell("test -f $D/tile/0/001 -a -f $D/tile/entries/001", ""),
                 0);
    cr_assert_eq(
        shell("test -f $D/tile/0/002.p/88 -a -f $D/tile/1/000.p/2", ""), 0);
}

/* Three levels, and numbers of more than three digits in the names. */
Test(export, tiles_of_a_large_ledger_prove_it_too)
{
    commit_many(65536 + 300);
    in_folder("tiles");
    cr_assert_eq(tiles(65536 + 300, NULL), STATUS_OK);
    cr_assert_eq(reader("0 65535 65536 65835"), 0);
    cr_assert_eq(shell("test -f $D/tile/1/000 -a -f $D/tile/2/000.p/1", ""), 0);
    cr_assert_eq(shell("test -f $D/tile/0/257.p/44", ""), 0);
}

/* Any byte of any file. */
Test(export, the_reader_finds_a_flipped_byte)
{
    static const char *const files[] = {
        "checkpoint",     "tile/0/000",       "tile/0/002.p/88",
        "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/88",
    };
    commit_many(600);
    in_folder("tiles");
    cr_assert_eq(tiles(600, NULL), STATUS_OK);
    cr_assert_eq(reader("5"), 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        cr_assert_eq(shell("cd $D && cp $W was && "
                           "/usr/bin/python3 -c 'import sys; "
                           "d = bytearray(open(sys.argv[1], \"rb\").read()); "
                           "d[len(d) // 3] ^= 1; "
                           "open(sys.argv[1], \"wb\").write(d)' $W",
                           files[i]),
                     0);
        cr_assert_eq(reader("5"), 1, "%s", files[i]);
        cr_assert_eq(shell("cd $D && mv was $W", files[i]), 0);
    }
    cr_assert_eq(reader("5"), 0);
}

Test(export, what_is_there_is_not_written_again)
{
    uint64_t written = 0;
    commit_many(600);
    in_folder("tiles");
    cr_assert_eq(tiles(600, &written), STATUS_OK);
    cr_assert_eq(written, 3 + 3 + 1 + 1);
    cr_assert_eq(shell("rm $D/tile/0/001 && : > $D/tile/entries/000", ""), 0);
    cr_assert_eq(tiles(600, &written), STATUS_OK);
    cr_assert_eq(written, 2);
    cr_assert_eq(reader("300"), 0);
    commit_many(100);
    cr_assert_eq(tiles(700, &written), STATUS_OK);
    cr_assert_eq(written, 3, "two last tiles and the note");
    cr_assert_eq(reader("699"), 0);
}

Test(export, another_or_a_shorter_ledger_is_refused)
{
    char copy[TEMP_DIR_PATH_MAX];
    commit_many(500);
    temp_dir_path(&dir, "copy.mdb", copy);
    in_folder("tiles");
    ledger_close(&ledger);
    cr_assert_eq(shell("cp $(dirname $D)/ledger.mdb $W", copy), 0);
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    commit_many(100);
    cr_assert_eq(tiles(600, NULL), STATUS_OK);
    cr_assert_eq(tiles(599, NULL), STATUS_REFUSED);
    cr_assert_eq(reader("599"), 0);
    ledger_close(&ledger);
    cr_assert_eq(rename(copy, path), 0);
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    now.wall_us += 1;
    commit_many(200);
    cr_assert_eq(tiles(700, NULL), STATUS_REFUSED, "another history");
    cr_assert_eq(reader("599"), 0);
}

static enum status raw(uint64_t from, uint64_t to, uint64_t *written,
                       struct export_raw_result *result)
{
    struct export_range range = {.from = from, .to = to};
    struct export_files files;
    look();
    cr_assert_eq(export_files_open(folder, &files), STATUS_OK);
    enum status status = export_raw(&source, &range, &nobody, &files, result);
    *written = files.written;
    cr_assert_eq(export_files_close(&files), STATUS_OK);
    export_source_close(&source);
    return status;
}

Test(export, raw_bytes_are_checked_by_sha256sum)
{
    struct export_raw_result result;
    uint64_t written = 0;
    struct stream stream = stream_of(3, 1);
    struct sample sample;
    commit_many(10);
    sample_make(&stream, 5, &sample);
    sample_commit(&sample);
    in_folder("raw");
    cr_assert_eq(raw(0, UINT64_MAX, &written, &result), STATUS_OK);
    cr_assert_eq(result.present, 11);
    cr_assert_eq(written, 11 + 2);
    cr_assert_eq(shell("cd $D && sha256sum -c --status SHA256SUMS", ""), 0);
    cr_assert_eq(shell("test $(stat -c %s $D/entries.bin) = $((11 * 112))", ""),
                 0);
    cr_assert_eq(shell("ls $D/raw/0000/0000000010-*.batch > /dev/null", ""), 0);
    cr_assert_eq(shell("ls $D/raw/0000/0000000009-*.control > /dev/null", ""),
                 0);

    /* Called again, it writes what is missing or was cut. */
    cr_assert_eq(shell("cd $D/raw/0000 && rm 0000000003-* && "
                       "for f in 0000000004-*; do : > $f; done",
                       ""),
                 0);
    commit_many(1);
    cr_assert_eq(raw(0, UINT64_MAX, &written, &result), STATUS_OK);
    cr_assert_eq(written, 3 + 2);
    cr_assert_eq(shell("cd $D && sha256sum -c --status SHA256SUMS", ""), 0);
    cr_assert_eq(raw(3, 5, &written, &result), STATUS_OK);
    cr_assert_eq(result.present, 2);
    cr_assert_eq(shell("cd $D && sed -i 's/$/ /' raw/0000/0000000003-* && "
                       "sha256sum -c --status SHA256SUMS",
                       ""),
                 1);
}

Test(export, raw_of_a_shorter_ledger_is_refused)
{
    struct export_raw_result result;
    uint64_t written = 0;
    char copy[TEMP_DIR_PATH_MAX];
    commit_many(10);
    temp_dir_path(&dir, "copy.mdb", copy);
    in_folder("raw");
    ledger_close(&ledger);
    cr_assert_eq(shell("cp $(dirname $D)/ledger.mdb $W", copy), 0);
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    commit_many(1);
    cr_assert_eq(raw(0, UINT64_MAX, &written, &result), STATUS_OK);
    ledger_close(&ledger);
    cr_assert_eq(rename(copy, path), 0);
    cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
    cr_assert_eq(raw(0, UINT64_MAX, &written, &result), STATUS_REFUSED);
    now.wall_us += 1;
    commit_many(2);
    cr_assert_eq(raw(0, UINT64_MAX, &written, &result), STATUS_REFUSED,
                 "other entries");
    cr_assert_eq(shell("cd $D && sha256sum -c --status SHA256SUMS", ""), 0);
}

Test(export, damaged_bytes_are_counted_and_left_out)
{
    struct export_raw_result result;
    uint64_t written = 0;
    commit_many(12);
    ledger_fixture_damage(bytes_of_text("document 3"));
    cr_assert_eq(ledger_fixture_open_again(true), STATUS_OK);
    in_folder("raw");
    cr_assert_eq(raw(0, UINT64_MAX, &written, &result), STATUS_OK);
    cr_assert_eq(result.damaged, 1);
    cr_assert_eq(result.present, 11);
    cr_assert_eq(shell("cd $D && sha256sum -c --status SHA256SUMS", ""), 0);
}
