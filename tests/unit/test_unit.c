#include "common/event/unit.h"

#include "common/event/calendar.h"
#include "tests/support/source_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADING                                                         \
    "code_system,code,parent_code,level,type,name,valid_from,valid_to," \
    "successors\n"

static struct units *load(const char *text)
{
    struct report report;
    struct units *units = NULL;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(units_new(&units), STATUS_OK);
    cr_assert_eq(units_add_csv(units, "u.csv", bytes_of_text(text), &report),
                 STATUS_OK);
    report_fini(&report);
    return units;
}

static struct units *load_ha_noi(void)
{
    char *text = source_file("plans/ha-noi-2018/units.csv");
    struct units *units = load(text);

    free(text);
    return units;
}

/* The text has one mistake, at that place. */
static void refused(const char *rows, size_t line, size_t column,
                    const char *part)
{
    char text[2048];
    struct report report;
    struct units *units = NULL;

    (void)snprintf(text, sizeof text, "%s%s", HEADING, rows);
    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(units_new(&units), STATUS_OK);
    cr_assert_eq(units_add_csv(units, "u.csv", bytes_of_text(text), &report),
                 STATUS_INVALID);
    cr_assert_eq(report.errors, 1, "%zu errors for %s", report.errors, rows);
    cr_assert_eq(report.lines[0].line, line, "%zu: %s", report.lines[0].line,
                 report.lines[0].text);
    cr_assert_eq(report.lines[0].column, column, "%zu: %s",
                 report.lines[0].column, report.lines[0].text);
    cr_assert_not_null(strstr(report.lines[0].text, part), "%s",
                       report.lines[0].text);
    units_free(&units);
    report_fini(&report);
}

Test(unit, keys_keep_system_digits_and_code)
{
    char text[UNIT_TEXT_MAX];
    uint32_t key = 0;
    int32_t before = calendar_day(2025, 6, 30);

    cr_assert_eq(unit_key_make(UNIT_SYSTEM_GSO3, 5, 25), 1500025);
    unit_key_format(1500025, text);
    cr_assert_str_eq(text, "gso3:00025");
    unit_key_format(1200001, text);
    cr_assert_str_eq(text, "gso3:01");
    cr_assert_eq(unit_key_parse("gso3:00025", 10, 0, &key), STATUS_OK);
    cr_assert_eq(key, 1500025);
    cr_assert_eq(unit_key_parse("00025", 5, before, &key), STATUS_OK);
    cr_assert_eq(key, 1500025);
    cr_assert_eq(unit_key_parse("00025", 5, before + 1, &key), STATUS_OK);
    cr_assert_eq(key, 2500025);
    cr_assert_eq(unit_key_parse("100:7", 5, 0, &key), STATUS_OK);
    unit_key_format(key, text);
    cr_assert_str_eq(text, "100:7");
}

Test(unit, what_is_no_key_is_refused)
{
    static const char *const wrong[] = {
        "",    "gso3:", "gso4:01", "01x",      "gso3:000251",
        ":01", "99:01", "-1",      "gso3:0 1", "gso3::1"};
    uint32_t key = 5;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert_eq(unit_key_parse(wrong[i], strlen(wrong[i]), 0, &key),
                     STATUS_INVALID, "%s", wrong[i]);
    }
    cr_assert_eq(key, 5);
}

Test(unit, ha_noi_has_the_counts_of_its_plan)
{
    struct units *units = load_ha_noi();
    uint32_t city = unit_key_make(UNIT_SYSTEM_GSO3, 2, 1);
    uint32_t ba_dinh = unit_key_make(UNIT_SYSTEM_GSO3, 3, 1);
    int32_t plan = calendar_day(2018, 6, 30);
    int32_t later = calendar_day(2020, 3, 1);

    cr_assert_eq(units_in_force(units, city, UNIT_PROVINCE, plan), 1);
    cr_assert_eq(units_in_force(units, city, UNIT_DISTRICT, plan), 30);
    cr_assert_eq(units_in_force(units, city, UNIT_COMMUNE, plan), 584);
    cr_assert_eq(units_in_force(units, city, UNIT_DISTRICT, later), 30);
    cr_assert_eq(units_in_force(units, city, UNIT_COMMUNE, later), 579);
    cr_assert_eq(units_in_force(units, ba_dinh, UNIT_COMMUNE, plan), 14);
    cr_assert_eq(units_in_force(units, ba_dinh, UNIT_DISTRICT, plan), 1);
    cr_assert_eq(
        units_in_force(units, city, UNIT_COMMUNE, calendar_day(2025, 7, 1)), 0);
    units_free(&units);
}

Test(unit, i12_a_code_is_another_unit_on_another_day)
{
    struct units *units =
        load(HEADING "gso3,91,,province,Tỉnh,Kiên Giang,,2025-07-01,"
                     "gso2:91\n"
                     "gso3,908,91,district,Huyện,An Biên,,2025-07-01,"
                     "\n"
                     "gso3,30985,908,commune,Thị trấn,Thứ Ba,,"
                     "2020-01-01,gso3:30985\n"
                     "gso3,30985,908,commune,Xã,Thứ Ba,2020-01-01,"
                     "2025-07-01,gso2:30985\n"
                     "gso2,91,,province,Tỉnh,An Giang,2025-07-01,,\n"
                     "gso2,30985,91,commune,Xã,An Biên,2025-07-01,,"
                     "\n");
    uint32_t old = unit_key_make(UNIT_SYSTEM_GSO3, 5, 30985);
    uint32_t now = unit_key_make(UNIT_SYSTEM_GSO2, 5, 30985);
    const struct unit *unit =
        units_find(units, old, calendar_day(2019, 12, 31));

    cr_assert_str_eq(unit->type, "Thị trấn");
    unit = units_find(units, old, calendar_day(2020, 1, 1));
    cr_assert_str_eq(unit->type, "Xã");
    cr_assert_eq(units_at(units, units_position(units, unit)), unit);
    cr_assert_null(units_find(units, old, calendar_day(2025, 7, 1)));
    cr_assert_null(units_find(units, now, calendar_day(2025, 6, 30)));
    cr_assert_str_eq(units_find(units, now, calendar_day(2025, 7, 1))->name,
                     "An Biên");
    /* What the old commune did is shown under its one successor. */
    unit = units_carry(units, old, calendar_day(2018, 1, 1),
                       calendar_day(2026, 1, 1));
    cr_assert_eq(unit->key, now);
    cr_assert_null(units_carry(units, unit_key_make(UNIT_SYSTEM_GSO3, 3, 908),
                               calendar_day(2018, 1, 1),
                               calendar_day(2026, 1, 1)));
    cr_assert(units_below(units, old, unit_key_make(UNIT_SYSTEM_GSO3, 2, 91),
                          calendar_day(2020, 1, 1)));
    cr_assert_not(units_below(units, old,
                              unit_key_make(UNIT_SYSTEM_GSO3, 2, 91),
                              calendar_day(2026, 1, 1)));
    cr_assert_null(units_at(units, units_count(units)));
    units_free(&units);
}

Test(unit, names_are_matched_by_their_folded_key_and_may_be_many)
{
    struct units *units = load_ha_noi();
    const struct unit *found[4];
    uint32_t city = unit_key_make(UNIT_SYSTEM_GSO3, 2, 1);
    uint32_t cau_giay = unit_key_make(UNIT_SYSTEM_GSO3, 3, 5);
    int32_t day = calendar_day(2018, 6, 30);

    /* The annex writes Trung Hòa, the statistics office Trung Hoà. */
    cr_assert_eq(
        units_match(units, "Phường Trung Hòa", cau_giay, day, found, 4), 1);
    cr_assert_eq(found[0]->key, unit_key_make(UNIT_SYSTEM_GSO3, 5, 175));
    cr_assert_eq(units_match(units, "Thị trấn Tân Dân", city, day, found, 4),
                 2);
    cr_assert_eq(units_match(units, "Không Có", city, day, found, 4), 0);
    units_free(&units);
}

Test(unit, every_mistake_of_a_file_is_told_with_its_place)
{
    refused("gso3,1x,,province,Tỉnh,A,,,\n", 2, 6, "unit code");
    refused("gso3,01,,provinze,Tỉnh,A,,,\n", 2, 10, "no level");
    refused("gso3,01,,province,Tỉnh,A,2018-02-30,,\n", 2, 26, "not a day");
    refused("gso3,01,,province,Tỉnh,A,2018-02-03,2018-02-03,\n", 2, 37,
            "valid_to must be after");
    refused("gso3,01,,province,Tỉnh,,,,\n", 2, 24, "\"name\" must have");
    refused("gso3,01,,province,Tỉnh,A,,,gso2\n", 2, 28, "successors");
    refused("gso3,01,,province,Tỉnh,A,,\n", 2, 1, "8 cells");
    refused("gso3,01,02,province,Tỉnh,A,,,\n", 2, 1, "no unit above");
    refused("gso3,01,,province,Tỉnh,A,,,\ngso3,001,02,district,Quận,B,,,\n", 3,
            1, "not in force");
    refused("gso3,01,,province,Tỉnh,A,,2020-01-01,\n"
            "gso3,01,,province,Tỉnh,B,2019-12-31,,\n",
            3, 1, "same days");
    refused("gso3,01,,province,Tỉnh,A,,,\n"
            "gso3,001,01,district,Quận,B,,2020-01-01,\n"
            "gso3,002,01,district,Quận,C,,,\n"
            "gso3,001,01,commune,Xã,B,2020-01-01,,\n",
            5, 1, "another level");
    refused("gso3,01,,province,Tỉnh,A,,,\n"
            "gso3,001,01,district,Quận,B,,2020-01-01,\n"
            "gso3,001,01,commune,Xã,B,2020-01-01,,\n",
            4, 1, "another level");
    refused("gso3,01,,province,Tỉnh,A\"B,,,\n", 2, 25, "a quote inside");
}

Test(unit, a_heading_must_name_all_columns)
{
    struct report report;
    struct units *units = NULL;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(units_new(&units), STATUS_OK);
    cr_assert_eq(units_add_csv(units, "u.csv",
                               bytes_of_text("code_system,code,parent_code,"
                                             "level,type,nam,valid_from,"
                                             "valid_to\n"),
                               &report),
                 STATUS_INVALID);
    cr_assert_eq(report.errors, 3);
    cr_assert_not_null(strstr(report.lines[0].text, "\"nam\""));
    cr_assert_eq(report.lines[0].column, 41);
    cr_assert_not_null(strstr(report.lines[1].text, "\"name\" is missing"));
    cr_assert_not_null(strstr(report.lines[2].text, "\"successors\""));
    units_free(&units);
    report_fini(&report);
}

/* `count` provinces of a list of its own, each carried on by `successors`. */
static char *many_units(size_t count, size_t successors)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    (void)fputs(HEADING, out);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "%zu,%05zu,,province,Tỉnh,P,,", 100 + i / 100000,
                      i % 100000);
        (void)fputs(successors > 0 ? "2020-01-01," : ",", out);
        for (size_t k = 0; k < successors; k++) {
            (void)fputs("gso2:01;", out);
        }
        (void)fputs("\n", out);
    }
    cr_assert_eq(fclose(out), 0);
    return text;
}

static enum status status_of(char *text)
{
    struct report report;
    struct units *units = NULL;
    enum status rc;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(units_new(&units), STATUS_OK);
    rc = units_add_csv(units, "u.csv", bytes_of_text(text), &report);
    units_free(&units);
    report_fini(&report);
    free(text);
    return rc;
}

Test(unit, i11_rows_and_successors_are_limited)
{
    cr_assert_eq(status_of(many_units(UNITS_MAX, 0)), STATUS_OK);
    cr_assert_eq(status_of(many_units(UNITS_MAX + 1, 0)), STATUS_INVALID);
    cr_assert_eq(status_of(many_units(1, UNIT_SUCCESSORS_MAX)), STATUS_OK);
    cr_assert_eq(status_of(many_units(1, UNIT_SUCCESSORS_MAX + 1)),
                 STATUS_INVALID);
}
