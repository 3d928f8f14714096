#include "tests/support/typist.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct typist typist;

void typist_open(const struct office_fixture *fixture)
{
    char path[TEMP_DIR_PATH_MAX];

    office_fixture_open(fixture, true);
    typist.context = office_fixture_context(fixture);
    temp_dir_path(&office_dir_path, "spool.mdb", path);
    cr_assert_eq(spool_open(path, 0, false, &typist.spool), STATUS_OK);
    typist.now.wall_us = INT64_C(1530403200) * CLOCK_US_PER_S;
    clock_init_settable(&typist.clock, &typist.now);
    typist.source =
        (struct source){.spool = typist.spool,
                        .context = typist.context,
                        .agent = context_agent(typist.context, fixture->agent),
                        .clock = &typist.clock,
                        .language = LANGUAGE_EN,
                        .keys = true};
    cr_assert_eq(spool_begin(typist.spool), STATUS_OK);
}

void typist_open_ba_dinh(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();

    typist_open(&fixture);
}

void typist_close(void)
{
    spool_close(&typist.spool);
    context_free(&typist.context);
    office_fixture_close();
}

enum status typist_read(const char *text)
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
    return source_read(&typist.source, type, cells, count, &typist.event);
}

void typist_expect_good(const char *text)
{
    enum status rc = typist_read(text);

    cr_assert_eq(rc, STATUS_OK, "%s: %s %s", text, status_name(rc),
                 typist.source.issue_count > 0 ? typist.source.issues[0].text
                                               : "");
}

void typist_expect_issue(const char *text, size_t cell, const char *words)
{
    const struct source_issue *issues = typist.source.issues;

    cr_assert_eq(typist_read(text), STATUS_INVALID, "%s", text);
    cr_assert_eq(typist.source.issue_count, 1, "%s: %zu, %s / %s", text,
                 typist.source.issue_count, issues[0].text,
                 typist.source.issue_count > 1 ? issues[1].text : "");
    cr_assert_eq(issues[0].cell, cell, "%s: %s", text, issues[0].text);
    cr_assert_not_null(strstr(issues[0].text, words), "%s: %s", text,
                       issues[0].text);
}
