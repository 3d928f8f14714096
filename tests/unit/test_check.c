#include "common/base/check.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(check, a_true_condition_does_nothing)
{
    check(1 + 1 == 2);
}

Test(check, a_false_condition_aborts_in_every_build, .signal = SIGABRT)
{
    check(1 + 1 == 3);
}
