#include "common/format/enrol_file.h"

#include "common/base/clock.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct temp_dir dir;
static char path[TEMP_DIR_PATH_MAX];
static struct report report;

static void setup(void)
{
    sign_init();
    temp_dir_open(&dir);
    temp_dir_path(&dir, "office.enrol", path);
    report_init(&report, LANGUAGE_EN);
}

static void teardown(void)
{
    report_fini(&report);
    temp_dir_close(&dir);
}

TestSuite(enrol_file, .init = setup, .fini = teardown);

static void fill(struct enrol_file *file)
{
    memset(file, 0, sizeof *file);
    file->agent_number = 271;
    (void)snprintf(file->office, sizeof file->office, "%s",
                   "Đội \"CSHS\" \\ quận Ba Đình");
    (void)snprintf(file->addresses[0], ENROL_ADDRESS_MAX,
                   "tcp://tinh.example:5570");
    (void)snprintf(file->addresses[1], ENROL_ADDRESS_MAX,
                   "tcp://[2001:db8::1]:5570");
    file->address_count = 2;
    memset(&file->server_key, 1, sizeof file->server_key);
    curve_keys_make(&file->join_keys);
    file->valid_until = INT64_C(1795132800) * CLOCK_US_PER_S;
    memset(&file->administrator, 3, sizeof file->administrator);
    memset(&file->ledger_key, 4, sizeof file->ledger_key);
    (void)snprintf(file->origin, sizeof file->origin, "ha-noi.example");
    memset(&file->ledger_id, 5, sizeof file->ledger_id);
}

Test(enrol_file, what_was_written_is_read)
{
    struct enrol_file file;
    struct enrol_file again;
    struct stat info;

    fill(&file);
    for (int purpose = 0; purpose < 3; purpose++) {
        file.rotates = purpose == 1;
        file.again = purpose == 2;
        file.agent_id.bytes[0] = file.again ? 7 : 0;
        cr_assert_eq(enrol_file_save(path, &file), STATUS_OK);
        cr_assert_eq(stat(path, &info), 0);
        cr_assert_eq(info.st_mode & 0777, 0600);
        cr_assert_eq(enrol_file_load(path, &report, &again), STATUS_OK);
        cr_assert_arr_eq(&again, &file, sizeof file);
        cr_assert_eq(enrol_file_save(path, &file), STATUS_EXISTS);
        cr_assert_eq(remove(path), 0);
    }
}

/* It is nobody's alone, and holds no secret. */
Test(enrol_file, new_keys_of_a_province_are_written_and_read)
{
    struct enrol_file file;
    struct enrol_file again;

    fill(&file);
    file.agent_number = 0;
    file.office[0] = '\0';
    file.valid_until = 0;
    memset(&file.join_keys, 0, sizeof file.join_keys);
    memset(&file.ledger_id, 0, sizeof file.ledger_id);
    file.new_keys = true;
    memset(&file.former, 6, sizeof file.former);
    memset(&file.former_ledger_key, 7, sizeof file.former_ledger_key);
    file.former_count = ENROL_FORMER_MAX;
    cr_assert_eq(enrol_file_save(path, &file), STATUS_OK);
    cr_assert_eq(enrol_file_load(path, &report, &again), STATUS_OK);
    cr_assert_arr_eq(again.former, file.former, sizeof file.former);
    cr_assert_eq(again.former_count, file.former_count);
    cr_assert(again.new_keys);
    cr_assert_eq(again.former_ledger_key.bytes[0], 7);
    cr_assert(public_key_equal(&again.administrator, &file.administrator));
    cr_assert(public_key_equal(&again.ledger_key, &file.ledger_key));
    cr_assert(public_key_equal(&again.server_key, &file.server_key));
    cr_assert_eq(again.address_count, 2);
    cr_assert_str_eq(again.origin, file.origin);
}

Test(enrol_file, a_file_that_is_not_there_cannot_be_read)
{
    struct enrol_file file;

    cr_assert_eq(enrol_file_load(path, &report, &file), STATUS_NO_INPUT);
}

Test(enrol_file, every_mistake_is_told_with_its_line)
{
    static const char text[] = "version: 1\n"
                               "purpose: joyn\n"
                               "agent: 0\n"
                               "valid_until: tomorrow\n"
                               "collector:\n"
                               "  - http://x\n"
                               "server_key: 00\n";
    struct enrol_file file;
    static const size_t lines[] = {2, 3, 4, 6, 7};

    temp_dir_write(&dir, "office.enrol", text, sizeof text - 1);
    cr_assert_eq(enrol_file_load(path, &report, &file), STATUS_INVALID);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        bool told = false;

        for (size_t j = 0; j < report.count; j++) {
            told = told || report.lines[j].line == lines[i];
        }
        cr_assert(told, "line %zu", lines[i]);
    }
    cr_assert_geq(report.errors, 10, "the missing keys are mistakes too");
}

Test(enrol_file, a_file_cut_short_is_invalid)
{
    struct enrol_file file;
    struct enrol_file again;
    static char text[ENROL_FILE_BYTES_MAX];
    FILE *stream;
    size_t size;

    fill(&file);
    cr_assert_eq(enrol_file_save(path, &file), STATUS_OK);
    stream = fopen(path, "r");
    cr_assert_not_null(stream);
    size = fread(text, 1, sizeof text, stream);
    (void)fclose(stream);
    for (size_t cut = 0; cut + 1 < size; cut += 7) {
        temp_dir_write(&dir, "office.enrol", text, cut);
        cr_assert_neq(enrol_file_load(path, &report, &again), STATUS_OK,
                      "cut at %zu", cut);
    }
}

Test(enrol_file, a_newer_file_is_told_apart)
{
    static const char text[] = "version: 2\nsomething: new\n";
    struct enrol_file file;

    temp_dir_write(&dir, "office.enrol", text, sizeof text - 1);
    cr_assert_eq(enrol_file_load(path, &report, &file), STATUS_VERSION);
}

Test(enrol_file, i11_a_file_above_the_limit_is_refused)
{
    static char text[ENROL_FILE_BYTES_MAX + 1];
    struct enrol_file file;

    memset(text, '#', sizeof text);
    temp_dir_write(&dir, "office.enrol", text, sizeof text);
    cr_assert_eq(enrol_file_load(path, &report, &file), STATUS_INVALID);
}
