/* What was corrected or voided is not corrected once more. */
#include "tests/support/desk.h"

#include <criterion/criterion.h>

TestSuite(source_corrects, .init = desk_open_ba_dinh, .fini = desk_close);

/* A correction past the newest version would undo that one without a word. */
Test(source_corrects, what_was_corrected_or_voided_before_is_not_corrected)
{
    static const char old[] = DESK_INSPECTION "|corrects=271.1.1|"
                                              "reason=typing_error";
    uint64_t id;

    desk_expect_good(DESK_INSPECTION);
    cr_assert_eq(spool_add(desk.spool, &desk.event, &id, NULL), STATUS_OK);
    desk_expect_good(old);
    cr_assert_eq(spool_add(desk.spool, &desk.event, &id, NULL), STATUS_OK);
    desk_expect_issue(old, 7, "newer correction");
    desk_expect_issue("correction|corrected_on=2018-03-06|corrects=271.1.1|"
                      "reason=entered_twice",
                      1, "newer correction");
    desk_expect_good("correction|corrected_on=2018-03-06|corrects=271.1.2|"
                     "reason=entered_twice");
    cr_assert_eq(spool_add(desk.spool, &desk.event, &id, NULL), STATUS_OK);
    desk_expect_issue(old, 7, "voided before");
    desk_expect_issue(DESK_INSPECTION "|corrects=271.1.2|reason=typing_error",
                      7, "voided before");
}

/* So with the rows of a file, which are aside until all are judged. */
Test(source_corrects, two_rows_of_a_file_do_not_correct_one_event)
{
    static const char row[] = DESK_INSPECTION "|corrects=271.1.1|"
                                              "reason=typing_error";
    uint64_t id;

    desk_expect_good(DESK_INSPECTION);
    cr_assert_eq(spool_append(desk.spool, &desk.event, 1, NULL, &id),
                 STATUS_OK);
    cr_assert_eq(spool_begin_aside(desk.spool), STATUS_OK);
    desk_expect_good(row);
    cr_assert_eq(spool_add(desk.spool, &desk.event, &id, NULL), STATUS_OK);
    desk_expect_issue(row, 7, "another row of this file");
    desk_expect_good(DESK_INSPECTION "|corrects=271.1.2|reason=typing_error");
    cr_assert_eq(spool_add(desk.spool, &desk.event, &id, NULL), STATUS_OK);
    desk_expect_issue(DESK_INSPECTION "|corrects=271.1.2|reason=typing_error",
                      7, "another row of this file");
}
