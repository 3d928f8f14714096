/* make_older_ledger FROM TO: a ledger of format 1 with the entries of another,
 * for tests that are scripts. */
#include "common/format/sign.h"
#include "tests/support/older_ledger.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: make_older_ledger FROM TO\n");
        return 2;
    }
    sign_init();
    older_ledger_make(argv[1], argv[2]);
    return 0;
}
