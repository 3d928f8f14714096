#include "tests/support/plan_text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *plan_text_with(const char *text, const char *from, const char *to)
{
    char *changed = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&changed, &size);
    const char *at;

    cr_assert_not_null(out);
    cr_assert_not_null(strstr(text, from), "no \"%s\" in the plan", from);
    while ((at = strstr(text, from)) != NULL) {
        (void)fprintf(out, "%.*s%s", (int)(at - text), text, to);
        text = at + strlen(from);
    }
    (void)fprintf(out, "%s", text);
    cr_assert_eq(fclose(out), 0);
    return changed;
}
