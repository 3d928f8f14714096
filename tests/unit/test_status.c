#include "common/base/status.h"

#include <criterion/criterion.h>
#include <string.h>

Test(status, every_status_has_its_texts_and_a_known_exit_code)
{
    static const int known[] = {0, 1, 2, 3, 65, 66, 74, 78};

    for (int i = 0; i < STATUS_COUNT; i++) {
        enum status status = (enum status)i;
        bool found = false;

        cr_assert_gt(strlen(status_name(status)), 0);
        cr_assert_gt(strlen(status_text(status, LANGUAGE_VI)), 0);
        cr_assert_gt(strlen(status_text(status, LANGUAGE_EN)), 0);
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
            found = found || status_exit_code(status) == known[k];
        }
        cr_assert(found, "%s", status_name(status));
    }
}

Test(status, only_ok_ends_with_zero)
{
    for (int i = 0; i < STATUS_COUNT; i++) {
        cr_assert_eq(status_exit_code((enum status)i) == 0, i == STATUS_OK);
    }
}

Test(status, exit_codes_are_the_documented_ones)
{
    cr_assert_eq(status_exit_code(STATUS_REFUSED), 1);
    cr_assert_eq(status_exit_code(STATUS_CORRUPT), 1);
    cr_assert_eq(status_exit_code(STATUS_USAGE), 2);
    cr_assert_eq(status_exit_code(STATUS_NOT_FOUND), 3);
    cr_assert_eq(status_exit_code(STATUS_INVALID), 65);
    cr_assert_eq(status_exit_code(STATUS_NO_INPUT), 66);
    cr_assert_eq(status_exit_code(STATUS_IO), 74);
    cr_assert_eq(status_exit_code(STATUS_CONFIG), 78);
}

Test(language, the_environment_decides_and_vietnamese_is_the_default)
{
    unsetenv("TALLYLINE_LANG");
    cr_assert_eq(language_from_environment(), LANGUAGE_VI);
    setenv("TALLYLINE_LANG", "en", 1);
    cr_assert_eq(language_from_environment(), LANGUAGE_EN);
    setenv("TALLYLINE_LANG", "fr", 1);
    cr_assert_eq(language_from_environment(), LANGUAGE_VI);
}
