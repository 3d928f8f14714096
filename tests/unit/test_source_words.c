/* Mistakes as the page's people are told them: no codes, and no names of fields
 * that one types on the command line. */
#include "tests/support/typist.h"

#include <criterion/criterion.h>
#include <string.h>

static void open_page(void)
{
    typist_open_ba_dinh();
    typist.source.language = LANGUAGE_VI;
    typist.source.keys = false;
}

TestSuite(source_words, .init = open_page, .fini = typist_close);

/* "type|field=value|field=value ..." has a mistake in the field, told so. */
static void expect_told(const char *text, uint32_t field, const char *words)
{
    cr_assert_eq(typist_read(text), STATUS_INVALID);
    cr_assert_eq(typist.source.issues[0].field, field, "%s",
                 typist.source.issues[0].text);
    cr_assert_not_null(strstr(typist.source.issues[0].text, words), "%s",
                       typist.source.issues[0].text);
    for (size_t i = 0; i < typist.source.issue_count; i++) {
        cr_assert_null(strchr(typist.source.issues[i].text, '('), "%s",
                       typist.source.issues[i].text);
        cr_assert_null(strstr(typist.source.issues[i].text, "gso3:"), "%s",
                       typist.source.issues[i].text);
    }
}

/* Nobody wrote the unit that the office records for: the day is to be mended.
 */
Test(source_words, a_unit_that_ended_is_the_fault_of_the_day)
{
    typist.now.wall_us =
        INT64_C(1767225600) * CLOCK_US_PER_S; /* 2026-01-01 UTC */
    expect_told("inspection|inspected_on=2025-07-02|est_ref=@so-15|"
                "team_kind=interagency_178|team_level=district|mode=planned|"
                "result=no_violation|violations=0",
                EVENT_OCCURRED_ON,
                "Quận Ba Đình, đơn vị ghi, không có hiệu "
                "lực vào ngày 02/07/2025");
}

Test(source_words, the_page_is_told_names_and_labels)
{
    expect_told("inspection|inspected_on=2018-03-05|est_ref=@so-15|"
                "team_kind=interagency_178|team_level=district|mode=planned",
                EVENT_BODY_BASE + 5, "Thiếu Kết quả.");
    expect_told(TYPIST_INSPECTION "|subject_unit=gso3:00037",
                EVENT_SUBJECT_UNIT, "Phường Phúc Tân");
    expect_told(TYPIST_INSPECTION "|subject_unit=Ngoc Khan", EVENT_SUBJECT_UNIT,
                "\"Phường Ngọc Khánh\"");
    expect_told("inspection|inspected_on=2018-03-05|est_ref=@so-15|"
                "team_kind=interagency_178|team_level=district|mode=x|"
                "result=no_violation",
                EVENT_BODY_BASE + 4, "\"Theo kế hoạch\"");
}
