#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/typist.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(source, .init = typist_open_ba_dinh, .fini = typist_close);

Test(source, what_can_only_be_one_thing_is_filled_in)
{
    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(typist.event.unit, OFFICE_FIXTURE_BA_DINH);
    cr_assert_eq(typist.event.office, OFFICE_FIXTURE_LABOUR);
    cr_assert_eq(typist.event.role, 2);
    cr_assert_eq(typist.event.programme, 1);
    cr_assert_eq(typist.event.subject_unit, 0);
    cr_assert_eq(typist.event.recorded_at, typist.now.wall_us);
    cr_assert_eq(typist.event.occurred_on, calendar_day(2018, 3, 5));
}

Test(source, the_day_must_be_said)
{
    typist_expect_issue("inspection|est_ref=@so-15|team_kind=interagency_178|"
                        "team_level=district|mode=planned|result=no_violation|"
                        "violations=0",
                        SOURCE_NO_CELL, "Date of inspection");
}

Test(source, fields_and_values_go_by_name_label_and_number)
{
    struct event by_name;

    typist_expect_good(TYPIST_INSPECTION);
    by_name = typist.event;
    typist_expect_good(
        "Lượt kiểm tra cơ sở|NGÀY KIỂM TRA=5/3/2018|est_ref=@SO-15|"
        "team_kind=1|Cấp của đoàn, đội=Cấp huyện|mode=Planned|"
        "result=không vi phạm|violations=0");
    cr_assert_eq(typist.event.occurred_on, by_name.occurred_on);
    cr_assert_arr_eq(typist.event.value, by_name.value,
                     sizeof typist.event.value);
}

Test(source, numbers_take_the_dots_of_thousands)
{
    typist_expect_good("admin_sanction|sanctioned_on=05/03/2018|act=selling|"
                       "persons=1|decisions=1|fine_vnd=1.250.000");
    cr_assert_eq(event_get(&typist.event, 4), 1250000);
    typist_expect_issue("admin_sanction|sanctioned_on=05/03/2018|act=selling|"
                        "persons=1|decisions=1|fine_vnd=1.25.000",
                        4, "\"1.25.000\" is not a whole number");
}

Test(source, units_go_by_code_and_by_name_within_the_area)
{
    static const char *const same[] = {"gso3:00025", "00025", "Ngọc Khánh",
                                       "phường  NGỌC KHÁNH"};
    char text[512];

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        (void)snprintf(text, sizeof text, "%s|subject_unit=%s",
                       TYPIST_INSPECTION, same[i]);
        typist_expect_good(text);
        cr_assert_eq(typist.event.subject_unit, 1500025, "%s", same[i]);
    }
    /* Of another district: there, but not ours. */
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=Hàng Bạc", 7,
                        "no unit of this office's area");
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=Ngoc Khan", 7,
                        "did you mean \"Phường Ngọc Khánh\" (gso3:00025)");
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=gso3:00043", 7,
                        "outside of this office's area");
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=gso3:99999", 7,
                        "99999");
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=1:2:3", 7,
                        "is not the code of a unit");
}

Test(source, sets_are_parted_by_semicolons)
{
    size_t count;

    typist_expect_good(
        "communication_activity|held_on=2018-03-05|"
        "subject_unit=00025|form=talk|audience=community|sessions=1|"
        "topics=law; hiv ;prevention;");
    cr_assert_eq(event_items(&typist.event, 6, &count)[1], 3);
    cr_assert_eq(count, 3);
    typist_expect_issue(
        "communication_activity|held_on=2018-03-05|"
        "subject_unit=00025|form=talk|audience=community|sessions=1|"
        "topics=law;law",
        5, "there twice");
}

Test(source, yes_and_no_are_read_in_both_languages)
{
    static const struct {
        const char *word;
        uint64_t flag;
    } words[] = {{"yes", 1}, {"Có", 1},    {"TRUE", 1},  {"1", 1},
                 {"no", 0},  {"không", 0}, {"false", 0}, {"0", 0}};
    char text[512];

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        (void)snprintf(text, sizeof text,
                       "communication_activity|held_on=2018-03-05|"
                       "subject_unit=00025|form=talk|audience=community|"
                       "sessions=1|integrated_legal=%s",
                       words[i].word);
        typist_expect_good(text);
        cr_assert(event_has(&typist.event, 8));
        cr_assert_eq(event_get(&typist.event, 8), words[i].flag, "%s",
                     words[i].word);
    }
    typist_expect_issue(
        "communication_activity|held_on=2018-03-05|"
        "subject_unit=00025|form=talk|audience=community|sessions=1|"
        "integrated_legal=maybe",
        5, "neither yes nor no");
}

Test(source, every_mistake_is_told_at_once)
{
    cr_assert_eq(typist_read("inspection|inspected_on=2018-02-30|est_ref=abc|"
                             "team_kind=interagency|team_level=9|mode=planned|"
                             "result=no_violation|violations=one"),
                 STATUS_INVALID);
    cr_assert_eq(typist.source.issue_count, 5);
    for (size_t i = 0; i < 5; i++) {
        static const size_t cells[5] = {0, 2, 3, 6, 1};

        cr_assert_eq(typist.source.issues[i].cell, cells[i], "%s",
                     typist.source.issues[i].text);
    }
    cr_assert_not_null(strstr(typist.source.issues[1].text,
                              "did you mean \"interagency_178\"?"));
}

Test(source, the_rules_of_the_province_hold_at_entry)
{
    typist_expect_issue(
        "inspection|inspected_on=2018-03-05|est_ref=@so-15|"
        "team_kind=interagency_178|team_level=district|mode=planned|"
        "result=violation|violations=0",
        5, "Violation");
    typist_expect_issue(
        "inspection|inspected_on=2018-08-05|est_ref=@so-15|"
        "team_kind=interagency_178|team_level=district|mode=planned|"
        "result=no_violation|violations=0",
        0, "2018-08-05");
}

Test(source, i8_what_the_office_is_not_enrolled_for_is_refused)
{
    typist_expect_issue(TYPIST_INSPECTION "|unit=gso3:002", 7,
                        "is not enrolled");
    typist_expect_issue(TYPIST_INSPECTION "|office=police", 7,
                        "unit=gso3:001 office=district_labour_office");
    typist_expect_issue(
        "inspection|inspected_on=2016-03-05|est_ref=@so-15|"
        "team_kind=interagency_178|team_level=district|mode=planned|"
        "result=no_violation|violations=0",
        0, "outside of the dates");
}

Test(source, a_period_may_not_cross_a_quarter)
{
    typist_expect_issue(
        "client_flow|period_from=2018-03-01|period_to=2018-04-30|"
        "group=seller|source=outreach|identified=1|with_need=1|"
        "eligible=1|counselled=1|served=1|served_new=1",
        0, "2018-03-31");
}

Test(source, things_go_by_reference_local_name_and_new)
{
    char text[512];
    char reference[REFERENCE_TEXT_MAX];

    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(typist.source.allotted_count, 1);
    cr_assert_str_eq(typist.source.allotted[0].name, "so-15");
    cr_assert_eq(event_get(&typist.event, 1), id60_make(271, 1, 1));
    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(typist.source.allotted_count, 0);
    reference_format(REFERENCE_ESTABLISHMENT, id60_make(271, 1, 1), reference);
    (void)snprintf(text, sizeof text,
                   "commitment_signed|signed_on=2018-03-05|est_ref=%s|"
                   "kind=owner_to_commune",
                   reference);
    typist_expect_good(text);
    cr_assert_eq(event_get(&typist.event, 1), id60_make(271, 1, 1));
    typist_expect_good("commitment_signed|signed_on=2018-03-05|est_ref=new|"
                       "kind=owner_to_commune");
    cr_assert_eq(event_get(&typist.event, 1), id60_make(271, 1, 2));
    cr_assert_eq(typist.source.allotted_count, 1);
    typist_expect_good("commitment_signed|signed_on=2018-03-05|est_ref=Mới|"
                       "kind=owner_to_commune");
    cr_assert_eq(event_get(&typist.event, 1), id60_make(271, 1, 3));
    typist.source.language = LANGUAGE_VI;
    typist_expect_issue("commitment_signed|signed_on=2018-03-05|est_ref=abc|"
                        "kind=owner_to_commune",
                        1, "“mới”");
}

Test(source, a_slip_in_a_reference_is_caught)
{
    char text[512];
    char reference[REFERENCE_TEXT_MAX];
    size_t last;

    reference_format(REFERENCE_ESTABLISHMENT, id60_make(5, 1, 1), reference);
    last = strlen(reference) - 1;
    reference[last] = reference[last] == 'A' ? 'B' : 'A';
    (void)snprintf(text, sizeof text,
                   "commitment_signed|signed_on=2018-03-05|est_ref=%s|"
                   "kind=owner_to_commune",
                   reference);
    typist_expect_issue(text, 1, "check character");
    reference_format(REFERENCE_CASE, id60_make(5, 1, 1), reference);
    (void)snprintf(text, sizeof text,
                   "commitment_signed|signed_on=2018-03-05|est_ref=%s|"
                   "kind=owner_to_commune",
                   reference);
    typist_expect_issue(text, 1, "another kind");
    reference_format(REFERENCE_ESTABLISHMENT, id60_make(271, 1, 9), reference);
    (void)snprintf(text, sizeof text,
                   "commitment_signed|signed_on=2018-03-05|est_ref=%s|"
                   "kind=owner_to_commune",
                   reference);
    typist_expect_issue(text, 1, "never given in this office");
    typist_expect_issue("commitment_signed|signed_on=2018-03-05|est_ref=@|"
                        "kind=owner_to_commune",
                        1, "local name");
}

Test(source, a_document_number_is_read_and_checked)
{
    typist_expect_good(TYPIST_INSPECTION "|document=25/KH-UBND");
    cr_assert_eq(typist.event.document_number, 25);
    cr_assert_eq(typist.event.document_kind, 1);
    cr_assert_eq(typist.event.document_body_count, 1);
    typist_expect_issue(TYPIST_INSPECTION "|document=25/XX-UBND", 7, "XX");
}

Test(source, a_correction_names_an_event_of_this_office)
{
    uint64_t id;

    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(spool_append(typist.spool, &typist.event, 1, NULL, &id),
                 STATUS_OK);
    cr_assert_eq(spool_begin(typist.spool), STATUS_OK);
    typist_expect_good("correction|corrected_on=2018-03-06|corrects=271.1.1|"
                       "reason=entered_twice");
    cr_assert_eq(typist.event.target, id);
    cr_assert_eq(event_get(&typist.event, 1), 1,
                 "a void unless it says otherwise");
    typist_expect_issue("correction|corrected_on=2018-03-06|corrects=271.1.2|"
                        "reason=entered_twice",
                        1, "no such event");
    typist_expect_good(TYPIST_INSPECTION
                       "|corrects=271.1.1|reason=typing_error");
    cr_assert_eq(typist.event.target, id);
    typist_expect_issue(
        "commitment_signed|signed_on=2018-03-05|est_ref=@so-15|"
        "kind=owner_to_commune|corrects=271.1.1|reason=typing_error",
        3, "is of type inspection");
    typist_expect_issue(TYPIST_INSPECTION "|corrects=271.1.1", SOURCE_NO_CELL,
                        "say why");
    typist_expect_issue("correction|corrected_on=2018-03-06|corrects=twelve|"
                        "reason=entered_twice",
                        1, "is not the id of an event");
}

/* Who corrects what was corrected before means the newest version. */
Test(source, i5_a_correction_of_a_correction_names_the_first_version)
{
    uint64_t first, second;

    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(spool_add(typist.spool, &typist.event, &first, NULL),
                 STATUS_OK);
    typist_expect_good(TYPIST_INSPECTION
                       "|corrects=271.1.1|reason=typing_error");
    cr_assert_eq(typist.event.target, first);
    cr_assert_eq(typist.event.head, 0);
    cr_assert_eq(spool_add(typist.spool, &typist.event, &second, NULL),
                 STATUS_OK);
    typist_expect_good(TYPIST_INSPECTION
                       "|corrects=271.1.2|reason=typing_error");
    cr_assert_eq(typist.event.target, first);
    cr_assert_eq(typist.event.head, second);
    typist_expect_good("correction|corrected_on=2018-03-06|corrects=271.1.2|"
                       "reason=typing_error");
    cr_assert_eq(typist.event.target, first);
    cr_assert_eq(typist.event.head, second);
    cr_assert_eq(spool_add(typist.spool, &typist.event, &second, NULL),
                 STATUS_OK);
    typist_expect_issue(TYPIST_INSPECTION
                        "|corrects=271.1.3|reason=typing_error",
                        7, "is a void");
}

Test(source, a_field_twice_is_a_mistake)
{
    typist_expect_issue(TYPIST_INSPECTION "|mode=planned", 7, "given twice");
}

Test(source, text_of_any_normal_form_is_the_same)
{
    /* "Ngọc Khánh" with its marks apart. */
    typist_expect_good(TYPIST_INSPECTION "|subject_unit=Ngo\xCC\xA3"
                                         "c Kha\xCC\x81nh");
    cr_assert_eq(typist.event.subject_unit, 1500025);
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=Ng\xE1nh", 7, "UTF-8");
}

Test(source, messages_are_vietnamese_by_choice)
{
    typist.source.language = LANGUAGE_VI;
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=Hàng Bạc", 7,
                        "không có đơn vị nào tên \"Hàng Bạc\"");
    /* A code, or the name of a ward that was not meant, would only mislead. */
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=Hàng Bạc", 7,
                        "hãy chọn tên trong danh sách của ô");
    cr_assert_null(strstr(typist.source.issues[0].text, "gso3:"));
    cr_assert_null(strstr(typist.source.issues[0].text, "Phường"));
    typist_expect_issue(TYPIST_INSPECTION "|subject_unit=1:2:3", 7,
                        "hãy chọn tên trong danh sách của ô");
}

/* ---- an office with several pairs ---- */

static void open_two(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();

    fixture.pairs[1] = (struct office_fixture_pair){OFFICE_FIXTURE_BA_DINH,
                                                    OFFICE_FIXTURE_POLICE};
    fixture.pairs[2] = (struct office_fixture_pair){OFFICE_FIXTURE_HA_NOI,
                                                    OFFICE_FIXTURE_POLICE};
    fixture.pair_count = 3;
    fixture.areas[0] = OFFICE_FIXTURE_HA_NOI;
    typist_open(&fixture);
}

TestSuite(source_pairs, .init = open_two, .fini = typist_close);

Test(source_pairs, which_pair_is_meant_must_be_said)
{
    typist_expect_issue(TYPIST_INSPECTION, SOURCE_NO_CELL,
                        "unit=gso3:001 office=district_labour_office; "
                        "unit=gso3:001 office=police");
    typist_expect_issue(TYPIST_INSPECTION "|office=police", 7, "say which");
    typist_expect_good(TYPIST_INSPECTION "|office=district_labour_office");
    cr_assert_eq(typist.event.unit, OFFICE_FIXTURE_BA_DINH);
    typist_expect_good(TYPIST_INSPECTION "|unit=gso3:01");
    cr_assert_eq(typist.event.office, OFFICE_FIXTURE_POLICE);
    typist.source.unit = OFFICE_FIXTURE_BA_DINH;
    typist.source.office = OFFICE_FIXTURE_POLICE;
    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(typist.event.office, OFFICE_FIXTURE_POLICE);
}

Test(source_pairs, a_name_that_several_units_have_lists_them)
{
    typist_expect_issue(TYPIST_INSPECTION
                        "|unit=gso3:01|subject_unit=Minh Khai",
                        8, "several units are called");
    cr_assert_not_null(strstr(typist.source.issues[0].text, "gso3:"));
    /* The type in front decides between a ward and a commune. */
    cr_assert_eq(typist_read(TYPIST_INSPECTION
                             "|unit=gso3:01|subject_unit=xã Minh Khai"),
                 STATUS_OK);
}
