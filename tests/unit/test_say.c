/* JSON into a buffer. */
#include "common/base/say.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static struct buffer buffer;
static struct say say;

static void setup(void)
{
    buffer_init(&buffer, 1u << 16);
    say_init(&say, &buffer);
}

static void teardown(void)
{
    buffer_fini(&buffer);
}

TestSuite(say, .init = setup, .fini = teardown);

static void expect(const char *text)
{
    cr_assert_eq(say.status, STATUS_OK);
    cr_assert_eq(buffer.size, strlen(text), "%.*s", (int)buffer.size,
                 (const char *)buffer.data);
    cr_assert_eq(memcmp(buffer.data, text, buffer.size), 0, "%.*s",
                 (int)buffer.size, (const char *)buffer.data);
}

Test(say, values_get_their_commas_and_keys)
{
    say_object(&say, NULL);
    say_text(&say, "a", "b");
    say_array(&say, "list");
    say_number(&say, NULL, -3);
    say_object(&say, NULL);
    say_object_end(&say);
    say_array(&say, NULL);
    say_array_end(&say);
    say_bool(&say, NULL, true);
    say_array_end(&say);
    say_null(&say, "none");
    say_text(&say, "absent", NULL);
    say_object_end(&say);
    expect("{\"a\":\"b\",\"list\":[-3,{},[],true],\"none\":null,"
           "\"absent\":null}");
}

/* A double holds no more than 53 bits. */
Test(say, counts_are_texts_whatever_their_size)
{
    say_array(&say, NULL);
    say_total(&say, NULL, UINT64_MAX);
    say_count(&say, NULL, INT64_MIN);
    say_count(&say, NULL, 0);
    say_array_end(&say);
    expect("[\"18446744073709551615\",\"-9223372036854775808\",\"0\"]");
}

Test(say, days_moments_and_labels_have_one_form)
{
    say_object(&say, NULL);
    say_day(&say, "day", 17595);
    say_moment(&say, "moment", INT64_C(1520211723000004));
    say_moment(&say, "never", 0);
    say_labels(&say, "both", (struct language_text){"có", "yes"});
    say_labels(&say, "one", (struct language_text){"có", NULL});
    say_labels(&say, "neither", (struct language_text){NULL, NULL});
    say_hex(&say, "hex", (struct bytes){(const uint8_t *)"\x01\xff", 2});
    say_raw(&say, "raw", bytes_of_text("[1]"));
    say_object_end(&say);
    expect("{\"day\":\"2018-03-05\",\"moment\":\"2018-03-05T01:02:03.000004Z\","
           "\"never\":null,\"both\":{\"vi\":\"có\",\"en\":\"yes\"},"
           "\"one\":{\"vi\":\"có\",\"en\":\"có\"},\"neither\":null,"
           "\"hex\":\"01ff\",\"raw\":[1]}");
}

/* Every byte that a text may hold comes back through another reader. */
Test(say, any_text_comes_back)
{
    char text[256];
    json_t *read;
    json_error_t error;

    for (int i = 1; i < 128; i++) {
        text[i - 1] = (char)i;
    }
    text[127] = '\0';
    say_array(&say, NULL);
    say_text(&say, NULL, text);
    say_text(&say, NULL, "Chỉ tiêu \"đạt\" \\ </script>");
    say_array_end(&say);
    cr_assert_eq(say.status, STATUS_OK);
    read = json_loadb((const char *)buffer.data, buffer.size, 0, &error);
    cr_assert_not_null(read, "%s", error.text);
    cr_assert_str_eq(json_string_value(json_array_get(read, 0)), text);
    cr_assert_str_eq(json_string_value(json_array_get(read, 1)),
                     "Chỉ tiêu \"đạt\" \\ </script>");
    json_decref(read);
}

Test(say, i11_what_does_not_fit_is_answered_once)
{
    struct buffer small;

    buffer_init(&small, 8);
    say_init(&say, &small);
    say_array(&say, NULL);
    say_text(&say, NULL, "123456");
    cr_assert_eq(say.status, STATUS_FULL);
    say_text(&say, NULL, "");
    say_array_end(&say);
    cr_assert_eq(say.status, STATUS_FULL);
    cr_assert_leq(small.size, 8);
    buffer_fini(&small);
}
