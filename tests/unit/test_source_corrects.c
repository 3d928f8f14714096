/* What was corrected or voided is not corrected once more. */
#include "agent/source/source.h"

#include "tests/support/office_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct spool *spool;
static struct context *context;
static struct clock_settable now;
static struct clock now_clock;
static struct source source;
static struct event event;

static void open_office(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();
    char path[TEMP_DIR_PATH_MAX];

    office_fixture_open(&fixture, true);
    context = office_fixture_context(&fixture);
    temp_dir_path(&office_dir_path, "spool.mdb", path);
    cr_assert_eq(spool_open(path, 0, false, &spool), STATUS_OK);
    now.wall_us = INT64_C(1530403200) * CLOCK_US_PER_S; /* 2018-07-01 UTC */
    clock_init_settable(&now_clock, &now);
    source = (struct source){.spool = spool,
                             .context = context,
                             .agent = context_agent(context, fixture.agent),
                             .clock = &now_clock,
                             .language = LANGUAGE_EN,
                             .keys = true};
    cr_assert_eq(spool_begin(spool), STATUS_OK);
}

static void close_office(void)
{
    spool_close(&spool);
    context_free(&context);
    office_fixture_close();
}

TestSuite(source_corrects, .init = open_office, .fini = close_office);

/* "type field=value|field=value ..." */
static enum status read_text(const char *text)
{
    char copy[2048];
    struct source_cell cells[SOURCE_CELLS_MAX];
    size_t count = 0;
    char *rest = NULL;
    char *word;
    const struct catalogue_type *type;

    (void)snprintf(copy, sizeof copy, "%s", text);
    word = strtok_r(copy, "|", &rest);
    type = source_type(word, strlen(word), NULL);
    cr_assert_not_null(type, "%s", word);
    while ((word = strtok_r(NULL, "|", &rest)) != NULL) {
        char *equals = strchr(word, '=');

        cr_assert_not_null(equals);
        cells[count].field =
            source_field(type, word, (size_t)(equals - word), NULL);
        cr_assert_neq(cells[count].field, 0, "%s", word);
        cells[count].text = equals + 1;
        cells[count].size = strlen(equals + 1);
        count++;
    }
    return source_read(&source, type, cells, count, &event);
}

static void expect_good(const char *text)
{
    enum status rc = read_text(text);

    cr_assert_eq(rc, STATUS_OK, "%s: %s %s", text, status_name(rc),
                 source.issue_count > 0 ? source.issues[0].text : "");
}

/* One mistake, in the cell, with those words in it. */
static void expect_issue(const char *text, size_t cell, const char *words)
{
    cr_assert_eq(read_text(text), STATUS_INVALID, "%s", text);
    cr_assert_eq(source.issue_count, 1, "%s: %zu, %s / %s", text,
                 source.issue_count, source.issues[0].text,
                 source.issue_count > 1 ? source.issues[1].text : "");
    cr_assert_eq(source.issues[0].cell, cell, "%s: %s", text,
                 source.issues[0].text);
    cr_assert_not_null(strstr(source.issues[0].text, words), "%s: %s", text,
                       source.issues[0].text);
}

#define INSPECTION                                                \
    "inspection|inspected_on=2018-03-05|est_ref=@so-15|"          \
    "team_kind=interagency_178|team_level=district|mode=planned|" \
    "result=no_violation|violations=0"

/* A correction past the newest version would undo that one without a word. */
Test(source_corrects, what_was_corrected_or_voided_before_is_not_corrected)
{
    static const char old[] = INSPECTION "|corrects=271.1.1|"
                                         "reason=typing_error";
    uint64_t id;

    expect_good(INSPECTION);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    expect_good(old);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    expect_issue(old, 7, "newer correction");
    expect_issue("correction|corrected_on=2018-03-06|corrects=271.1.1|"
                 "reason=entered_twice",
                 1, "newer correction");
    expect_good("correction|corrected_on=2018-03-06|corrects=271.1.2|"
                "reason=entered_twice");
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    expect_issue(old, 7, "voided before");
    expect_issue(INSPECTION "|corrects=271.1.2|reason=typing_error", 7,
                 "voided before");
}

/* So with the rows of a file, which are aside until all are judged. */
Test(source_corrects, two_rows_of_a_file_do_not_correct_one_event)
{
    static const char row[] = INSPECTION "|corrects=271.1.1|"
                                         "reason=typing_error";
    uint64_t id;

    expect_good(INSPECTION);
    cr_assert_eq(spool_append(spool, &event, 1, NULL, &id), STATUS_OK);
    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    expect_good(row);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    expect_issue(row, 7, "another row of this file");
    expect_good(INSPECTION "|corrects=271.1.2|reason=typing_error");
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    expect_issue(INSPECTION "|corrects=271.1.2|reason=typing_error", 7,
                 "another row of this file");
}
