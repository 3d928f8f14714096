#include "agent/source/import.h"

#include "tests/support/office_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct spool *spool;
static struct context *context;
static struct clock_settable now;
static struct clock now_clock;
static struct source source;
static struct report report;
static struct import_counts counts;
static bool good_only;
static char verdicts[64]; /* a letter for each of the first rows told */

static void open_office(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();
    char path[TEMP_DIR_PATH_MAX];

    office_fixture_open(&fixture, true);
    context = office_fixture_context(&fixture);
    temp_dir_path(&office_dir_path, "spool.mdb", path);
    cr_assert_eq(spool_open(path, UINT64_C(256) << 20, false, &spool),
                 STATUS_OK);
    now.wall_us = INT64_C(1546300800) * CLOCK_US_PER_S;
    clock_init_settable(&now_clock, &now);
    source = (struct source){.spool = spool,
                             .context = context,
                             .agent = context_agent(context, fixture.agent),
                             .clock = &now_clock,
                             .language = LANGUAGE_EN,
                             .keys = true};
    report_init(&report, LANGUAGE_EN);
}

static void close_office(void)
{
    report_fini(&report);
    spool_close(&spool);
    context_free(&context);
    office_fixture_close();
}

TestSuite(import, .init = open_office, .fini = close_office);

static void on_row(void *owner, const struct import_row *row)
{
    static const char letters[] = {[IMPORT_HEADING] = 'h',
                                   [IMPORT_PASSED_OVER] = 'p',
                                   [IMPORT_ADDED] = 'a',
                                   [IMPORT_KNOWN] = 'k',
                                   [IMPORT_REFUSED] = 'r'};
    size_t used = strlen(verdicts);

    (void)owner;
    cr_assert_eq(row->issue_count > 0, row->verdict == IMPORT_REFUSED);
    if (used + 1 < sizeof verdicts) {
        verdicts[used] = letters[row->verdict];
        verdicts[used + 1] = '\0';
    }
}

/* Imports the text as `import` does, in pieces of `piece` bytes. */
static enum status import_pieces(const char *type, const char *text,
                                 size_t piece)
{
    struct import_options options = {
        .source = &source,
        .type = type != NULL ? source_type(type, strlen(type), NULL) : NULL,
        .name = "test.csv",
        .report = &report,
        .good_only = good_only,
        .on_row = on_row};
    struct import *import = NULL;
    size_t size = strlen(text);
    enum status rc = STATUS_OK;

    verdicts[0] = '\0';
    report_fini(&report);
    report_init(&report, LANGUAGE_EN);
    memset(&counts, 0, sizeof counts);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(import_new(&options, &import), STATUS_OK);
    for (size_t at = 0; rc == STATUS_OK && at < size; at += piece) {
        size_t left = size - at < piece ? size - at : piece;

        rc = import_feed(import,
                         (struct bytes){(const uint8_t *)text + at, left});
    }
    if (rc == STATUS_OK) {
        rc = import_finish(import, &counts);
    }
    import_free(&import);
    if (rc == STATUS_OK && (good_only || report.errors == 0)) {
        rc = spool_commit(spool);
    }
    spool_forget(spool);
    return rc == STATUS_OK && report.errors > 0 ? STATUS_INVALID : rc;
}

static void expect_saved(const char *type, const char *text, uint64_t added,
                         uint64_t known)
{
    enum status rc = import_pieces(type, text, 7);

    cr_assert_eq(rc, STATUS_OK, "%s: %s", status_name(rc),
                 report.count > 0 ? report.lines[0].text : "");
    cr_assert_eq(counts.added, added, "%llu added",
                 (unsigned long long)counts.added);
    cr_assert_eq(counts.known, known, "%llu known",
                 (unsigned long long)counts.known);
}

static uint64_t saved(void)
{
    struct spool_counts all;

    cr_assert_eq(spool_counts(spool, &all), STATUS_OK);
    return all.saved;
}

/* One mistake at that place, with those words. */
static void expect_mistake(const char *type, const char *text, size_t line,
                           size_t column, const char *words)
{
    cr_assert_eq(import_pieces(type, text, 4096), STATUS_INVALID, "%s", text);
    cr_assert_eq(report.errors, 1, "%zu: %s", report.errors,
                 report.count > 0 ? report.lines[0].text : "");
    cr_assert_eq(report.lines[0].line, line, "line %zu", report.lines[0].line);
    cr_assert_eq(report.lines[0].column, column, "column %zu",
                 report.lines[0].column);
    cr_assert_not_null(strstr(report.lines[0].text, words), "%s",
                       report.lines[0].text);
    cr_assert_eq(saved(), 0);
}

#define HEADING "act,sanctioned_on,persons,decisions,fine_vnd\n"

Test(import, rows_become_events_and_the_same_file_again_adds_nothing)
{
    static const char file[] = HEADING "buying,2018-01-31,1,1,750000\n"
                                       "selling,2018-02-28,2,2,1500000\n";

    expect_saved("admin_sanction", file, 2, 0);
    cr_assert_eq(saved(), 2);
    expect_saved("admin_sanction", file, 0, 2);
    cr_assert_eq(saved(), 2);
}

/* As a spreadsheet writes it back: a mark in front, semicolons, other columns'
 * order, local dates and thousands. */
Test(import, the_same_rows_in_another_form_add_nothing)
{
    expect_saved("admin_sanction",
                 HEADING "buying,2018-01-31,1,1,750000\n"
                         "selling,2018-02-28,2,2,1500000\n",
                 2, 0);
    expect_saved(NULL,
                 "\xEF\xBB\xBFtype;Số quyết định;act;persons;"
                 "sanctioned_on;fine_vnd\r\n"
                 "Xử phạt vi phạm hành chính;2;Bán dâm;2;28/02/2018;1.500.000"
                 "\r\n"
                 "admin_sanction;1;Buying;1;31/1/2018;750.000\r\n"
                 ";;;;;\r\n",
                 0, 2);
    cr_assert_eq(saved(), 2);
}

Test(import, equal_rows_of_one_file_are_two_things)
{
    static const char twice[] = HEADING "buying,2018-01-31,1,1,\n"
                                        "buying,2018-01-31,1,1,\n";
    static const char thrice[] = HEADING "buying,2018-01-31,1,1,\n"
                                         "buying,2018-01-31,1,1,\n"
                                         "buying,2018-01-31,1,1,\n";

    expect_saved("admin_sanction", twice, 2, 0);
    expect_saved("admin_sanction", twice, 0, 2);
    expect_saved("admin_sanction", thrice, 1, 2);
}

#define KEYED    "act,sanctioned_on,persons,decisions,fine_vnd,entry_key\n"
#define SAME_KEY "000102030405060708090a0b0c0d0e0f"

Test(import, i6_another_row_under_the_key_of_one_that_is_here_is_no_copy)
{
    expect_saved("admin_sanction",
                 KEYED "selling,2018-03-05,1,1,100000," SAME_KEY "\n", 1, 0);
    expect_saved("admin_sanction",
                 KEYED "selling,05/03/2018,1,1,100.000," SAME_KEY "\n", 0, 1);
    cr_assert_eq(import_pieces("admin_sanction",
                               KEYED "selling,2018-03-06,2,2,200000," SAME_KEY
                                     "\n",
                               4096),
                 STATUS_INVALID);
    cr_assert_eq(report.errors, 1);
    cr_assert_eq(report.lines[0].line, 2);
    cr_assert_not_null(strstr(report.lines[0].text, "271.1.1"), "%s",
                       report.lines[0].text);
    cr_assert_eq(saved(), 1);
}

Test(import, i6_two_rows_of_one_file_under_one_key_are_not_taken_for_one)
{
    expect_mistake("admin_sanction",
                   KEYED "selling,2018-03-05,1,1,100000," SAME_KEY "\n"
                         "selling,2018-03-06,2,2,200000," SAME_KEY "\n",
                   3, 31, "another row of this file has this row key too");
}

/* A copy names the same thing, by whatever name; a copied line that names
 * another one is another event. */
Test(import, i6_a_row_about_another_thing_is_no_copy_either)
{
#define STATE_OF(thing)                                               \
    "type,as_of,subject_unit,est_ref,category,managing_sector,state," \
    "entry_key\nestablishment_status,2018-01-15,00025," thing         \
    ",karaoke,culture,active," SAME_KEY "\n"

    expect_saved(NULL, STATE_OF("@so-2"), 1, 0);
    expect_saved(NULL, STATE_OF("@so-2"), 0, 1);
    expect_saved(NULL, STATE_OF(" @SO-2 "), 0, 1);
    expect_saved(NULL, STATE_OF("new"), 0, 1);
    expect_saved(NULL, STATE_OF("EST-0271-000001-9"), 0, 1);
    cr_assert_eq(import_pieces(NULL, STATE_OF("@so-3"), 4096), STATUS_INVALID);
    cr_assert_not_null(strstr(report.lines[0].text, "says something else"));
    cr_assert_eq(import_pieces(NULL, STATE_OF("EST-0272-000001-0"), 4096),
                 STATUS_INVALID);
    cr_assert_eq(saved(), 1);
}

Test(import, local_names_get_numbers_in_the_order_of_the_rows)
{
    static const char file[] =
        "type,as_of,subject_unit,est_ref,category,managing_sector,state\n"
        "establishment_status,2018-01-15,00025,@so-2,karaoke,culture,active\n"
        "establishment_status,2018-01-15,00025,new,karaoke,culture,active\n"
        "establishment_status,2018-01-15,00025,@so-1,karaoke,culture,active\n"
        "establishment_status,2018-01-16,00025,@so-2,karaoke,culture,closed\n";
    static const uint32_t numbers[] = {1, 2, 3, 1};
    struct event event;
    enum spool_state state;
    uint64_t id = 0;

    expect_saved(NULL, file, 4, 0);
    expect_saved(NULL, file, 0, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(spool_next(spool, id, &id, &event, &state), STATUS_OK);
        cr_assert_eq((uint32_t)event_get(&event, 1), numbers[i]);
    }
    /* The rows that were there already used up no number. */
    expect_saved(NULL,
                 "type,as_of,subject_unit,est_ref,category,managing_sector,"
                 "state\n"
                 "establishment_status,2018-01-17,00025,new,karaoke,culture,"
                 "active\n",
                 1, 0);
    cr_assert_eq(spool_next(spool, id, &id, &event, &state), STATUS_OK);
    cr_assert_eq((uint32_t)event_get(&event, 1), 4);
}

Test(import, one_mistake_keeps_the_whole_file_out)
{
    expect_mistake("admin_sanction",
                   HEADING "buying,2018-01-31,1,1,750000\n"
                           "buying,2018-02-31,1,1,750000\n"
                           "buying,2018-03-31,1,1,750000\n",
                   3, 8, "row 3, column B (sanctioned_on): \"2018-02-31\"");
}

Test(import, every_mistake_of_a_file_is_told)
{
    cr_assert_eq(import_pieces("admin_sanction",
                               HEADING "buyng,2018-01-31,1,1,\n"
                                       "buying,2018-01-31,x,1,\n"
                                       "buying,,1,1,\n",
                               4096),
                 STATUS_INVALID);
    cr_assert_eq(report.errors, 3);
    cr_assert_not_null(
        strstr(report.lines[0].text, "row 2, column A (act): \"buyng\""));
    cr_assert_not_null(strstr(report.lines[1].text, "column C (persons)"));
    cr_assert_not_null(strstr(report.lines[2].text, "row 4"));
    cr_assert_not_null(strstr(report.lines[2].text, "sanctioned_on"));
}

Test(import, mistakes_of_the_heading_stop_the_reading)
{
    expect_mistake("admin_sanction", "act,sanctioned,persons\nbuying,,1\n", 1,
                   5, "did you mean \"sanctioned_on\"?");
    expect_mistake(NULL, "act,persons\nbuying,1\n", 1, 0, "--type");
    expect_mistake(NULL, "", 0, 0, "the file is empty");
    expect_mistake(NULL, "type,act\nadmin_sanctions,buying\n", 2, 1,
                   "did you mean \"admin_sanction\"?");
    expect_mistake("inspection", "type,act\n", 1, 6, "no such field");
}

Test(import, what_is_no_table_is_said_with_its_place)
{
    expect_mistake("admin_sanction", HEADING "buying,\"2018-01-31,1,1,\n", 3, 0,
                   "quote");
    expect_mistake("admin_sanction", HEADING "buying,2018-01-31,1,1,,7\n", 2,
                   24, "column has no name");
    expect_mistake(NULL,
                   "type,act,est_ref,sanctioned_on,persons,decisions\n"
                   "admin_sanction,buying,new,2018-01-31,1,1\n",
                   2, 23, "have no such field");
    expect_mistake("inspection", "type,est_ref\nadmin_sanction,new\n", 2, 1,
                   "another type of event than --type inspection");
}

Test(import, messages_name_columns_as_a_spreadsheet_does)
{
    char file[4096] = "type,sanctioned_on";
    size_t used = strlen(file);

    /* act is column AB. */
    for (int i = 0; i < 25; i++) {
        used += (size_t)snprintf(file + used, sizeof file - used, ",");
    }
    (void)snprintf(file + used, sizeof file - used,
                   ",act,persons,decisions\nadmin_sanction,2018-01-31,"
                   ",,,,,,,,,,,,,,,,,,,,,,,,,wrong,1,1\n");
    cr_assert_eq(import_pieces(NULL, file, 100), STATUS_INVALID);
    cr_assert_not_null(strstr(report.lines[0].text, "column AB (act)"), "%s",
                       report.lines[0].text);
}

static char *many_rows(uint32_t rows)
{
    size_t room = 64 + (size_t)rows * 48;
    char *file = malloc(room);
    size_t used;

    cr_assert_not_null(file);
    used = (size_t)snprintf(file, room, HEADING);
    for (uint32_t i = 0; i < rows; i++) {
        used += (size_t)snprintf(file + used, room - used,
                                 "buying,2018-01-31,1,1,%u\n", i + 1);
    }
    return file;
}

Test(import, i11_a_file_has_a_greatest_number_of_rows, .timeout = 60)
{
    char *file = many_rows(IMPORT_ROWS_MAX);

    cr_assert_eq(import_pieces("admin_sanction", file, 65536), STATUS_OK);
    cr_assert_eq(counts.added, IMPORT_ROWS_MAX);
    cr_assert_eq(saved(), IMPORT_ROWS_MAX);
    free(file);
    file = many_rows(IMPORT_ROWS_MAX + 1);
    cr_assert_eq(import_pieces("admin_sanction", file, 65536), STATUS_INVALID);
    cr_assert_eq(saved(), IMPORT_ROWS_MAX);
    free(file);
}

/* The full spool refuses the file as a whole, and keeps what it has. */
Test(import, i6_a_file_that_does_not_fit_is_refused_whole)
{
    char path[TEMP_DIR_PATH_MAX];
    char *file = many_rows(60000);

    spool_close(&spool);
    temp_dir_path(&office_dir_path, "spool.mdb", path);
    cr_assert_eq(spool_open(path, UINT64_C(16) << 20, false, &spool),
                 STATUS_OK);
    source.spool = spool;
    expect_saved("admin_sanction", HEADING "buying,2018-01-31,1,1,1\n", 1, 0);
    cr_assert_eq(import_pieces("admin_sanction", file, 65536), STATUS_FULL);
    cr_assert_eq(saved(), 1);
    free(file);
    expect_saved("admin_sanction", HEADING "buying,2018-01-31,1,1,2\n", 1, 0);
}

/* ---- templates, and rows of which some are right ---- */

#define TEMPLATE   "entry_key,No.," HEADING
#define KEY(digit) "0123456789abcdef0123456789abcde" digit

Test(import, a_row_of_a_template_that_nobody_filled_in_is_passed_over)
{
    expect_saved("admin_sanction",
                 TEMPLATE ",EXAMPLE,buying,2018-01-31,1,1,1\n" KEY(
                     "1") ",1,buying,2018-01-31,1,1,750000\n" KEY("2") ",2\n",
                 1, 0);
    cr_assert_str_eq(verdicts, "hpa");
    cr_assert_eq(saved(), 1);
}

/* A row that lost its key is not one that nobody filled in. */
Test(import, the_example_is_passed_over_in_its_place_alone)
{
    expect_mistake("admin_sanction",
                   TEMPLATE KEY("1") ",1,buying,2018-01-31,1,1,750000\n" KEY(
                       "2") ",EXAMPLE,buying,2018-01-31,1,1,1\n",
                   3, 34, "it is the example");
    cr_assert_str_eq(verdicts, "har");
}

Test(import, the_key_of_a_row_decides_whether_it_is_here)
{
    static const char file[] = TEMPLATE KEY(
        "1") ",1,buying,2018-01-31,1,1,750000\n" KEY("2") ",2,buying,2018-01-"
                                                          "31,1,1,750000\n";

    expect_saved("admin_sanction", file, 2, 0);
    expect_saved("admin_sanction", file, 0, 2);
    cr_assert_str_eq(verdicts, "hkk");
    cr_assert_eq(saved(), 2);
}

Test(import, rows_that_are_right_are_saved_when_that_is_wanted)
{
    static const char file[] = HEADING "buying,2018-01-31,1,1,750000\n"
                                       "nothing,2018-02-28,2,2,1500000\n"
                                       "selling,2018-02-28,2,2,1500000\n";

    cr_assert_eq(import_pieces("admin_sanction", file, 4096), STATUS_INVALID);
    cr_assert_eq(saved(), 0);
    good_only = true;
    cr_assert_eq(import_pieces("admin_sanction", file, 4096), STATUS_INVALID);
    cr_assert_eq(counts.added, 2);
    cr_assert_eq(counts.refused, 1);
    cr_assert_str_eq(verdicts, "hara");
    cr_assert_eq(saved(), 2);
}
