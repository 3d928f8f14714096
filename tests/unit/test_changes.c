/* What has changed between two answers that are made of rows. */
#include "collector/api/changes.h"

#include <criterion/criterion.h>
#include <string.h>

/* Rows as a string literal has them: each ended by a zero, the last too. */
#define ROWS(text) ((struct bytes){(const uint8_t *)(text), sizeof(text)})

static void expect(struct bytes before, struct bytes now, const char *wanted)
{
    struct buffer out;

    buffer_init(&out, 1024);
    cr_assert_eq(changes_tell(before, now, "lines", &out), STATUS_OK);
    cr_assert_eq(out.size, strlen(wanted), "%.*s", (int)out.size,
                 (const char *)out.data);
    cr_assert_eq(memcmp(out.data, wanted, out.size), 0, "%.*s", (int)out.size,
                 (const char *)out.data);
    buffer_fini(&out);
}

Test(changes, rows_that_differ_are_told_behind_the_head)
{
    struct bytes now = ROWS("{\"p\":2}\0{\"a\":1}\0{\"b\":3}");

    expect(ROWS("{\"p\":1}\0{\"a\":1}\0{\"b\":2}"), now,
           "{\"p\":2,\"lines\":[{\"b\":3}]}");
    expect(now, now, "{\"p\":2,\"lines\":[]}");
    expect((struct bytes){NULL, 0}, now,
           "{\"p\":2,\"lines\":[{\"a\":1},{\"b\":3}]}");
    cr_assert(!changes_any(now, now));
    cr_assert(changes_any(ROWS("{\"p\":1}\0{\"a\":1}\0{\"b\":3}"), now));
}

/* Their places mean nothing then. */
Test(changes, another_number_of_rows_is_told_whole)
{
    expect(ROWS("{\"p\":1}\0{\"a\":1}"),
           ROWS("{\"p\":2}\0{\"a\":1}\0{\"b\":3}"),
           "{\"p\":2,\"lines\":[{\"a\":1},{\"b\":3}]}");
    expect(ROWS("{\"p\":1}\0{\"a\":1}\0{\"b\":3}"),
           ROWS("{\"p\":2}\0{\"a\":1}"), "{\"p\":2,\"lines\":[{\"a\":1}]}");
}

Test(changes, what_is_no_such_answer_is_refused)
{
    struct buffer out;

    buffer_init(&out, 8);
    cr_assert_eq(changes_tell((struct bytes){NULL, 0}, (struct bytes){NULL, 0},
                              "lines", &out),
                 STATUS_INVALID);
    cr_assert_eq(changes_tell((struct bytes){NULL, 0},
                              (struct bytes){(const uint8_t *)"{}", 2}, "lines",
                              &out),
                 STATUS_INVALID);
    cr_assert_eq(changes_tell((struct bytes){NULL, 0},
                              ROWS("{\"p\":2}\0{\"a\":1}"), "lines", &out),
                 STATUS_FULL);
    buffer_fini(&out);
}
