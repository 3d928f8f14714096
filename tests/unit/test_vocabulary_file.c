#include "common/event/vocabulary_file.h"

#include <criterion/criterion.h>
#include <string.h>

static void mistake(const char *text, size_t line, size_t column,
                    const char *part)
{
    struct vocabulary *vocabulary = NULL;
    struct report report;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(
        vocabulary_load("v.yaml", bytes_of_text(text), &report, &vocabulary),
        STATUS_INVALID);
    cr_assert_null(vocabulary);
    cr_assert_eq(report.lines[0].line, line, "line %zu: %s",
                 report.lines[0].line, report.lines[0].text);
    cr_assert_eq(report.lines[0].column, column, "column %zu: %s",
                 report.lines[0].column, report.lines[0].text);
    cr_assert_not_null(strstr(report.lines[0].text, part), "%s",
                       report.lines[0].text);
    report_fini(&report);
}

Test(vocabulary_file, a_value_of_the_province_is_known_by_number_and_token)
{
    const char *text = "vocabulary: 3\n"
                       "values:\n"
                       "  - enumeration: OutreachForm\n"
                       "    value: 10000\n"
                       "    token: poster\n"
                       "    label: {vi: Áp phích, en: Poster}\n"
                       "  - enumeration: DocumentBody\n"
                       "    value: 10000\n"
                       "    token: kgvx\n"
                       "    abbreviation: KGVX\n"
                       "    label: {vi: Phòng KGVX, en: Social affairs}\n";
    const struct catalogue_enumeration *forms =
        catalogue_enumeration("OutreachForm");
    struct vocabulary *vocabulary = NULL;
    struct report report;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(
        vocabulary_load("v.yaml", bytes_of_text(text), &report, &vocabulary),
        STATUS_OK);
    cr_assert_eq(vocabulary_version(vocabulary), 3);
    cr_assert_eq(vocabulary_by_token(vocabulary, forms, "poster", 6)->value,
                 10000);
    cr_assert_str_eq(vocabulary_value(vocabulary, forms, 10000)->label.vi,
                     "Áp phích");
    cr_assert_null(vocabulary_by_token(NULL, forms, "poster", 6));
    vocabulary_free(&vocabulary);
    report_fini(&report);
}

Test(vocabulary_file, every_mistake_stands_at_its_key)
{
#define HEAD  "vocabulary: 1\nvalues:\n"
#define LABEL "label: {vi: a, en: b}}\n"
    mistake("values: []\n", 1, 1, "key \"vocabulary\" is missing");
    mistake("vocabulary: 0\n", 1, 13, "must be from 1");
    mistake("vocabulary: 1\nvalue: []\n", 2, 1, "did you mean \"values\"?");
    mistake(HEAD
            " - {enumeration: OutreachFrom, value: 10000, token: a, " LABEL,
            3, 18, "did you mean \"OutreachForm\"?");
    mistake(HEAD " - {enumeration: Topic, value: 10000, token: a, persons: "
                 "no, " LABEL,
            3, 58, "persons is for CoverageMeasure alone");
    mistake(HEAD " - {enumeration: EventType, value: 10000, token: a, " LABEL,
            3, 18, "");
    mistake(HEAD " - {enumeration: Topic, value: 9999, token: a, " LABEL, 3, 32,
            "");
    mistake(HEAD " - {enumeration: Topic, value: 10000, token: A, " LABEL, 3,
            46, "");
    mistake(HEAD " - {enumeration: Topic, value: 10000, token: law, " LABEL, 3,
            46, "");
    mistake(HEAD " - {enumeration: Topic, value: 10000, token: a}\n", 3, 4,
            "key \"label\" is missing");
    mistake(HEAD
            " - {enumeration: Topic, value: 10000, token: a, abbreviation: "
            "X, " LABEL,
            3, 63, "");
    mistake(HEAD " - {enumeration: Topic, value: 10000, token: a, " LABEL
                 " - {enumeration: Topic, value: 10000, token: b, " LABEL,
            4, 32, "");
}
