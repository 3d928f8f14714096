/* Reports of the small world, to the byte where people read them. */
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/reports/form.h"
#include "common/reports/form_text.h"
#include "common/reports/form_write.h"
#include "tests/support/source_file.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSPECTION 8u /* of proto/event.proto */

static struct world world;
static struct fold *fold;
static struct digest last;
static struct form_days days;
static struct form *form;
static uint32_t of_unit; /* 0: the plan's */
static const char *says; /* of an office's own figures */
static char *written;
static size_t written_size;

static void visit(uint32_t agent, uint32_t number, int32_t day, uint32_t place)
{
    struct event event;

    world_event_init(&world, &event, agent, INSPECTION, day, place);
    event_set(&event, 1, id60_make(1, 1, number));
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, 1);
    (void)world_add(&world, agent, 1, &event);
}

/* One visit in the first quarter, two in the second, one the year before. */
static void open_world(void)
{
    world_open(&world, "tests/support/form_plan.yaml", NULL);
    visit(1, 1, calendar_day(2017, 5, 5), WORLD_COMMUNE(1, 1));
    visit(1, 2, calendar_day(2018, 3, 5), WORLD_COMMUNE(1, 1));
    visit(1, 3, calendar_day(2018, 4, 1), WORLD_COMMUNE(1, 2));
    visit(2, 4, calendar_day(2018, 6, 30), WORLD_COMMUNE(2, 1));
    memset(last.bytes, 0xab, sizeof last.bytes);
}

static void close_world(void)
{
    free(written);
    form_free(&form);
    fold_free(&fold);
    world_close(&world);
}

TestSuite(form, .init = open_world, .fini = close_world);

/* Draws up the report of a period as of 1 July 2018. */
static void draw_up(enum language language, const char *period, uint32_t regime)
{
    const struct plan *plan = context_plan_at(world.context, 0)->plan;
    struct form_source source = {.context = world.context,
                                 .last = &last,
                                 .known_on = calendar_day(2018, 7, 1),
                                 .says = says};
    struct form_request request = {.days = &days,
                                   .unit = of_unit,
                                   .by = true,
                                   .by_level = UNIT_DISTRICT,
                                   .language = language};
    struct period_regime cuts;
    enum period_kind kind;
    uint32_t key;

    form_free(&form);
    fold_free(&fold);
    fold = world_fold(&world, NULL);
    source.fold = fold;
    cr_assert(period_key_parse(period, &kind, &key));
    cr_assert(form_regime(plan, regime, kind, &cuts));
    cr_assert(form_days(plan, &cuts, kind, key, &days));
    cr_assert_eq(form_new(&source, &request, &form), STATUS_OK);
}

static const char *write_as(enum form_format format)
{
    FILE *out;

    free(written);
    out = open_memstream(&written, &written_size);
    cr_assert_not_null(out);
    cr_assert_eq(form_write(form, format, out), STATUS_OK);
    cr_assert_eq(fclose(out), 0);
    return written;
}

static const char *cell(const char *id, enum form_column column)
{
    static char text[FORM_TEXT_MAX];

    for (size_t i = 0; i < form->line_count; i++) {
        const struct plan_target *target = form->lines[i].rows[0]->target;

        if (target != NULL && strcmp(target->id, id) == 0) {
            form_cell(form, i, column, text);
            return text;
        }
    }
    cr_assert_fail("no line %s", id);
    return text;
}

Test(form, i4_a_report_in_vietnamese_to_the_byte)
{
    char *wanted = source_file("tests/golden/report_vi.txt");

    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_str_eq(write_as(FORM_TEXT), wanted);
    free(wanted);
}

Test(form, period_year_and_year_before_are_columns_of_their_own)
{
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_GOAL), "≥ 10");
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_IN_PERIOD), "2");
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_SO_FAR), "3");
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_PERCENT), "30%");
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_CHANGE), "200%");
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_NOTE), "chậm tiến độ");
}

/* What nobody recorded then is unknown, not zero: nothing is compared. */
Test(form, a_year_without_records_is_not_compared)
{
    enum form_column columns[FORM_COLUMN_END];

    draw_up(LANGUAGE_VI, "2018-Q1", 0);
    cr_assert_eq(days.year_before.to, calendar_day(2017, 3, 31));
    cr_assert_eq(form_columns(form, columns), FORM_COLUMN_REVISED - 1);
    for (size_t i = 0; i < FORM_COLUMN_REVISED - 1; i++) {
        cr_assert_neq(columns[i], FORM_COLUMN_CHANGE);
    }
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_CHANGE), "");
    cr_assert_not_null(strstr(write_as(FORM_TEXT), "nên không so sánh"));
    cr_assert_not_null(strstr(write_as(FORM_CSV), ",1,,,,,1,,,,10,,,,behind,"));
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_not_null(
        strstr(write_as(FORM_CSV), ",2,,,,,3,,,,30,1,,,behind,"));
}

Test(form, what_is_not_computed_is_not_zero)
{
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_str_eq(cell("T-06", FORM_COLUMN_IN_PERIOD), "chưa tính được");
    cr_assert_not_null(strstr(write_as(FORM_TEXT), "Không ghi ở đây."));
    cr_assert_not_null(
        strstr(write_as(FORM_CSV), "not_computed,Không ghi ở đây."));
}

Test(form, nothing_occurred_is_neither_zero_nor_all)
{
    draw_up(LANGUAGE_VI, "2018-Q1", 0);
    for (size_t i = 0; i < form->line_count; i++) {
        const struct indicator_row *row = form->lines[i].rows[FORM_IN_PERIOD];
        char text[FORM_TEXT_MAX];

        form_cell(form, i, FORM_COLUMN_IN_PERIOD, text);
        if (row->figure.known && !row->figure.defined) {
            cr_assert_str_eq(text, "không phát sinh");
            return;
        }
    }
    cr_assert_fail("no ratio over zero in the world's plan");
}

/* Under the decree the year of the reports begins on 15 December, and what is
 * held against the plan begins with the plan. */
Test(form, the_years_of_the_plan_and_of_the_reports_are_told_apart)
{
    draw_up(LANGUAGE_EN, "2018-Q1", PERIOD_ND09_2019);
    cr_assert_eq(days.in_period.from, calendar_day(2017, 12, 15));
    cr_assert_eq(days.in_period.to, calendar_day(2018, 3, 14));
    cr_assert_eq(days.so_far.from, calendar_day(2018, 1, 1));
    cr_assert_eq(days.year_before.from, calendar_day(2016, 12, 15));
    cr_assert_not_null(strstr(write_as(FORM_TEXT),
                              "Year of the plan: 2018-01-01 to 2018-12-31; "
                              "year of the reports: 2017-12-15 to "
                              "2018-12-14."));
}

Test(form, i4_the_same_prefix_gives_the_same_bytes_in_every_form)
{
    for (int i = 0; i < FORM_FORMAT_END; i++) {
        enum form_format format = (enum form_format)i;
        char *first;
        size_t size;

        draw_up(LANGUAGE_VI, "2018-H1", PERIOD_CALENDAR);
        (void)write_as(format);
        first = written;
        size = written_size;
        written = NULL;
        draw_up(LANGUAGE_VI, "2018-H1", PERIOD_CALENDAR);
        (void)write_as(format);
        cr_assert_eq(size, written_size);
        cr_assert_eq(memcmp(first, written, size), 0, "form %d", i);
        free(first);
    }
}

/* What came after the freeze stands in its own column; what was submitted
 * stays, and so does its hash. */
Test(form, what_came_later_stands_beside_what_was_submitted)
{
    static const struct form_revision revision = {.freeze = 20, .position = 21};
    enum form_column columns[FORM_COLUMN_END];
    struct digest before, after;
    struct form *submitted;
    struct fold *old_fold;

    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_eq(form_digest(form, &before), STATUS_OK);
    submitted = form;
    old_fold = fold;
    form = NULL;
    fold = NULL;
    visit(1, 5, calendar_day(2018, 6, 1), WORLD_COMMUNE(1, 1));
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_eq(form_digest(form, &after), STATUS_OK);
    cr_assert_not(digest_equal(&before, &after));
    cr_assert(form_revise(submitted, form));
    submitted->revision = &revision;
    cr_assert_eq(form_columns(submitted, columns), FORM_COLUMN_END);
    {
        struct form *now = form;

        form = submitted;
        cr_assert_str_eq(cell("T-01", FORM_COLUMN_IN_PERIOD), "2");
        cr_assert_str_eq(cell("T-01", FORM_COLUMN_REVISED),
                         "trong kỳ 3; lũy kế 4");
        cr_assert_str_eq(cell("T-06", FORM_COLUMN_REVISED), "");
        cr_assert_eq(form_digest(form, &after), STATUS_OK);
        cr_assert(digest_equal(&before, &after));
        form = now;
    }
    form_free(&submitted);
    fold_free(&old_fold);
}

/* The same totals from another district are another report. */
Test(form, the_hash_on_record_is_of_the_sheet_by_unit_too)
{
    struct digest one, other;
    bool is = true;

    visit(1, 6, calendar_day(2018, 5, 5), WORLD_COMMUNE(1, 2));
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_eq(form_digest(form, &one), STATUS_OK);
    close_world();
    form = NULL;
    fold = NULL;
    written = NULL;
    open_world();
    visit(2, 6, calendar_day(2018, 5, 5), WORLD_COMMUNE(2, 1));
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_eq(form_digest(form, &other), STATUS_OK);
    cr_assert_not(digest_equal(&one, &other));
    cr_assert_eq(form_is_frozen(form, &one, &is), STATUS_OK);
    cr_assert_not(is);
    cr_assert_eq(form_is_frozen(form, &other, &is), STATUS_OK);
    cr_assert(is);
}

/* Reports that were frozen under the first version of the hash, which left out
 * the sheet by unit, are still what was put on record. */
Test(form, a_hash_of_the_first_version_is_still_known)
{
    static const char first[] = "tallyline report figures 1\n"
                                "T-01 011000 2/0 011000 3/0 011000 1/0 behind\n"
                                "T-02 011100 2/6 011100 3/6 011100 1/6 "
                                "on_track\n"
                                "T-06 000000 0/0 000000 0/0 000000 0/0 "
                                "not_computed\n"
                                "handled 010100 0/0 010100 0/0 010100 0/0 "
                                "nothing\n";
    struct digest digest;
    bool is = false;

    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    digest_bytes(bytes_of_text(first), &digest);
    cr_assert_eq(form_is_frozen(form, &digest, &is), STATUS_OK);
    cr_assert(is);
    digest.bytes[0] ^= 1;
    cr_assert_eq(form_is_frozen(form, &digest, &is), STATUS_OK);
    cr_assert_not(is);
}

/* Where a unit said nothing, the sheet says so and not 0, in every form. The
 * second district's only event is of a later day. */
Test(form, a_silent_unit_has_no_zero_in_the_sheet_by_unit)
{
    char text[FORM_TEXT_MAX];

    draw_up(LANGUAGE_EN, "2018-Q1", 0);
    form_unit_cell(form, 0, 0, text);
    cr_assert_str_eq(text, "1");
    form_unit_cell(form, 0, 1, text);
    cr_assert_str_eq(text, "0");
    cr_assert_not_null(strstr(write_as(FORM_CSV), ",zero,2018-07-01,"));
    cr_assert_not_null(strstr(write_as(FORM_DHIS2), "gso3:902"));
    world.count--;
    draw_up(LANGUAGE_EN, "2018-Q1", 0);
    form_unit_cell(form, 0, 1, text);
    cr_assert_str_eq(text, "no figures yet");
    cr_assert_not_null(strstr(write_as(FORM_CSV), ",never,,"));
    cr_assert_not_null(strstr(write_as(FORM_HTML), "no figures yet"));
    /* Nobody is told a zero that nobody reported. */
    cr_assert_null(strstr(write_as(FORM_DHIS2), "gso3:902"));
}

/* Of a report of the second district, that nothing happened in the quarter. */
static void report(uint32_t key)
{
    struct event event;

    world_event_init(&world, &event, 2, 19, calendar_day(2018, 6, 30), 0);
    event_set(&event, 1, PERIOD_CALENDAR);
    event_set(&event, 2, PERIOD_QUARTER);
    event_set(&event, 3, key);
    (void)world_add(&world, 2, 1, &event);
}

/* A person signs under a zero, so the form says whether anybody stated it. */
Test(form, a_zero_says_whose_word_it_is)
{
    of_unit = WORLD_DISTRICT(2);
    draw_up(LANGUAGE_VI, "2018-Q1", 0);
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_IN_PERIOD), "0");
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_NOTE),
                     "chưa báo không phát sinh");
    cr_assert_not_null(strstr(write_as(FORM_HTML), "chưa có báo cáo nào"));
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_NOTE), "");
    report(201801);
    draw_up(LANGUAGE_VI, "2018-Q1", 0);
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_IN_PERIOD), "0");
    cr_assert_str_eq(cell("T-01", FORM_COLUMN_NOTE), "đã báo không phát sinh");
    cr_assert_null(strstr(write_as(FORM_HTML), "chưa có báo cáo nào"));
}

/* What has no whole is nobody's zero: "nothing occurred" beside "not reported
 * as none" would contradict itself. */
Test(form, a_share_of_nothing_says_so_and_not_that_it_was_not_reported)
{
    const size_t handled = 3;
    char text[FORM_TEXT_MAX];

    of_unit = WORLD_DISTRICT(2);
    draw_up(LANGUAGE_VI, "2018-Q1", 0);
    form_cell(form, handled, FORM_COLUMN_IN_PERIOD, text);
    cr_assert_str_eq(text, "không phát sinh");
    form_cell(form, handled, FORM_COLUMN_NOTE, text);
    cr_assert_str_eq(text, "không có để tính");
    cr_assert_not_null(strstr(write_as(FORM_HTML), "mẫu số là 0"));
    report(201801);
    draw_up(LANGUAGE_VI, "2018-Q1", 0);
    form_cell(form, handled, FORM_COLUMN_NOTE, text);
    cr_assert_str_eq(text, "đã báo không phát sinh");
    cr_assert_null(strstr(write_as(FORM_HTML), "mẫu số là 0"));
}

/* Of the plan's own unit nobody speaks; an office's paper says so of what is
 * its own. */
Test(form, a_zero_of_the_plans_own_unit_is_nobodys_but_on_an_offices_paper)
{
    draw_up(LANGUAGE_VI, "2018-Q4", 0);
    cr_assert_str_eq(cell("T-02", FORM_COLUMN_IN_PERIOD), "0/7 (0%)");
    cr_assert_eq(form_zero(form, 0), FORM_ZERO_NONE);
    says = "own";
    draw_up(LANGUAGE_VI, "2018-Q4", 0);
    cr_assert_eq(form_zero(form, 0), FORM_ZERO_FOUND);
}

Test(form, nothing_has_changed_where_nothing_came)
{
    struct form *submitted;
    struct fold *old_fold;

    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    submitted = form;
    old_fold = fold;
    form = NULL;
    fold = NULL;
    draw_up(LANGUAGE_VI, "2018-Q2", 0);
    cr_assert_not(form_revise(submitted, form));
    form_free(&submitted);
    fold_free(&old_fold);
}

Test(form, every_column_of_the_machine_forms_is_described)
{
    char *text = source_file("docs/REPORTS.md");
    char word[64], *rest = NULL, *columns;

    draw_up(LANGUAGE_EN, "2018-Q2", 0);
    columns = strdup(write_as(FORM_CSV));
    cr_assert_not_null(columns);
    *strchr(columns, '\n') = '\0';
    for (char *name = strtok_r(columns, ",", &rest); name != NULL;
         name = strtok_r(NULL, ",", &rest)) {
        (void)snprintf(word, sizeof word, "`%s`", name);
        cr_assert_not_null(strstr(text, word), "%s", word);
    }
    free(columns);
    free(text);
}
