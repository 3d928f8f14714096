/* Broken rules in words. */
#include "common/event/validate.h"

#include "common/base/text.h"
#include "common/event/catalogue.h"

#include "tests/support/rules.h"

#include <criterion/criterion.h>
#include <string.h>

static void assert_told(const struct event *event, enum language language,
                        bool keys, const char *wanted)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    char text[VALIDATE_TEXT_MAX];
    cr_assert_geq(validate_event(event, &rules_with_units, issues, 1), 1);
    struct validate_reader reader = {.language = language, .keys = keys};
    size_t length = validate_describe(event, &issues[0], &reader, text);
    cr_assert_str_eq(text, wanted);
    cr_assert_eq(length, strlen(wanted));
}

static void assert_text(const struct event *event, enum language language,
                        const char *wanted)
{
    assert_told(event, language, true, wanted);
}

Test(validate, says_what_is_wrong_and_how_to_mend_it)
{
    struct event event = rules_event(13);
    event_set(&event, 8, 1250);
    event_set(&event, 9, 1251);
    assert_text(&event, LANGUAGE_VI,
                "Số người được hỗ trợ lần đầu (served_new) là 1.251, lớn hơn "
                "Số người được hỗ trợ (served) (1.250). Hãy kiểm tra lại hai "
                "số.");
    assert_text(&event, LANGUAGE_EN,
                "Served for the first time (served_new) is 1,251, more than "
                "Served (served) (1,250). Check both numbers.");
    event = rules_event(8);
    event.occurred_on++;
    assert_text(&event, LANGUAGE_VI,
                "Ngày kiểm tra (inspected_on) là 06/03/2018, sau ngày muộn "
                "nhất được nhận là 05/03/2018. Hãy kiểm tra lại ngày.");
    event = rules_event(15);
    event.subject_unit = 1300001;
    assert_text(&event, LANGUAGE_EN,
                "Place (commune): gso3:001 is not of the level that is "
                "needed: Commune. Choose another unit.");
    event = rules_event(8);
    event_set(&event, 2, 10000);
    assert_text(&event, LANGUAGE_VI,
                "Loại đoàn, đội (team_kind): giá trị 10000 không có trong "
                "danh mục. Hãy chọn giá trị khác, hoặc đề nghị tỉnh khai báo "
                "giá trị này.");
    event = rules_event(8);
    event_set(&event, 5, 2);
    event_set(&event, 7, 2);
    assert_text(&event, LANGUAGE_EN,
                "Result (result) is \"Reminded\", but Violations (violations) "
                "is 2. With violations the result must say so.");
}

/* A form has labels; what one types on the command line is noise there. */
Test(validate, names_no_keys_to_who_types_none)
{
    struct event event = rules_event(8);

    event.occurred_on++;
    assert_told(&event, LANGUAGE_VI, false,
                "Ngày kiểm tra là 06/03/2018, sau ngày muộn nhất được nhận là "
                "05/03/2018. Hãy kiểm tra lại ngày.");
    event = rules_event(8);
    event_set(&event, 5, 2);
    event_set(&event, 7, 2);
    assert_told(&event, LANGUAGE_VI, false,
                "Kết quả là “Nhắc nhở” nhưng Số vi phạm là 2. Có vi phạm thì "
                "kết quả phải là có vi phạm.");
}

Test(validate, has_words_for_every_rule_and_field)
{
    struct validate_reader vi = {.language = LANGUAGE_VI, .keys = true};
    struct validate_reader en = {.language = LANGUAGE_EN};
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event = rules_event(types[i].number);
        uint32_t last = BODY((uint32_t)types[i].field_count);
        for (uint32_t rule = VALIDATE_TYPE_UNKNOWN; rule < VALIDATE_RULE_END;
             rule++) {
            for (uint32_t field = 1; field <= last;
                 field = field == EVENT_REASON ? BODY(1) : field + 1) {
                struct validate_issue issue = {.rule = (enum validate_rule)rule,
                                               .field = field,
                                               .other = BODY(1),
                                               .value = UINT64_MAX,
                                               .limit = UINT64_MAX};
                char text[VALIDATE_TEXT_MAX];
                size_t length = validate_describe(&event, &issue, &vi, text);
                cr_assert_gt(length, 20);
                cr_assert_eq(text[length - 1], '.', "%s", text);
                cr_assert_eq(text_check(text, length), TEXT_OK);
                cr_assert_null(strchr(text, '{'), "%s", text);
                cr_assert_null(strstr(text, "()"), "%s", text);
                length = validate_describe(&event, &issue, &en, text);
                cr_assert_eq(text[length - 1], '.', "%s", text);
            }
        }
    }
}
