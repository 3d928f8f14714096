/* What was corrected or voided is not corrected once more. */
#include "tests/support/typist.h"

#include <criterion/criterion.h>

TestSuite(source_corrects, .init = typist_open_ba_dinh, .fini = typist_close);

/* A correction past the newest version would undo that one without a word. */
Test(source_corrects, what_was_corrected_or_voided_before_is_not_corrected)
{
    static const char old[] = TYPIST_INSPECTION "|corrects=271.1.1|"
                                                "reason=typing_error";
    uint64_t id;

    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(spool_add(typist.spool, &typist.event, &id, NULL), STATUS_OK);
    typist_expect_good(old);
    cr_assert_eq(spool_add(typist.spool, &typist.event, &id, NULL), STATUS_OK);
    typist_expect_issue(old, 7, "newer correction");
    typist_expect_issue("correction|corrected_on=2018-03-06|corrects=271.1.1|"
                        "reason=entered_twice",
                        1, "newer correction");
    typist_expect_good("correction|corrected_on=2018-03-06|corrects=271.1.2|"
                       "reason=entered_twice");
    cr_assert_eq(spool_add(typist.spool, &typist.event, &id, NULL), STATUS_OK);
    typist_expect_issue(old, 7, "voided before");
    typist_expect_issue(TYPIST_INSPECTION
                        "|corrects=271.1.2|reason=typing_error",
                        7, "voided before");
}

/* So with the rows of a file, which are aside until all are judged. */
Test(source_corrects, two_rows_of_a_file_do_not_correct_one_event)
{
    static const char row[] = TYPIST_INSPECTION "|corrects=271.1.1|"
                                                "reason=typing_error";
    uint64_t id;

    typist_expect_good(TYPIST_INSPECTION);
    cr_assert_eq(spool_append(typist.spool, &typist.event, 1, NULL, &id),
                 STATUS_OK);
    cr_assert_eq(spool_begin_aside(typist.spool), STATUS_OK);
    typist_expect_good(row);
    cr_assert_eq(spool_add(typist.spool, &typist.event, &id, NULL), STATUS_OK);
    typist_expect_issue(row, 7, "another row of this file");
    typist_expect_good(TYPIST_INSPECTION
                       "|corrects=271.1.2|reason=typing_error");
    cr_assert_eq(spool_add(typist.spool, &typist.event, &id, NULL), STATUS_OK);
    typist_expect_issue(TYPIST_INSPECTION
                        "|corrects=271.1.2|reason=typing_error",
                        7, "another row of this file");
}
