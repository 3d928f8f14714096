#include "common/http/http_target.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct http_target target;
static struct http_parts parts;

TestSuite(http_target);

Test(http_target, a_path_is_decoded_piece_by_piece)
{
    cr_assert_eq(
        http_target_read("/don-vi/gso3:00025/T%C3%A2y%20H%E1%BB%93", &target),
        STATUS_OK);
    cr_assert_eq(target.segment_count, 3);
    cr_assert_str_eq(target.segments[1], "gso3:00025");
    cr_assert_str_eq(target.segments[2], "Tây Hồ");
    cr_assert_eq(http_target_read("/", &target), STATUS_OK);
    cr_assert_eq(target.segment_count, 0);
}

Test(http_target, what_leads_out_of_its_place_is_no_path)
{
    static const char *const bad[] = {
        "",          "x",          "*",           "http://127.0.0.1/",
        "//",        "//x",        "/x/",         "/x//y",
        "/.",        "/..",        "/../x",       "/x/../y",
        "/%2e%2e/x", "/%2E.",      "/.%2e",       "/x%2fy",
        "/x%2Fy",    "/%5c..",     "/x\\y",       "/%00",
        "/x%00.js",  "/x%0a",      "/x%7f",       "/%",
        "/%2",       "/%zz",       "/%c0%ae",     "/%ff",
        "/x y",      "/x#y",       "/%e2%80%ae",  "/x\ty",
        "/\xc3\xa2", "/x<script>", "/x%u0041",    "/x?a=%00",
        "/x?a=%ff",  "/x?a=1&a=2", "/x?a=1&a%3d", "/x?=1"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bool distinct = strcmp(bad[i], "/x?a=1&a%3d") == 0;

        cr_assert_eq(http_target_read(bad[i], &target),
                     distinct ? STATUS_OK : STATUS_INVALID, "%s", bad[i]);
    }
}

Test(http_target, i11_longer_than_the_limits_is_refused)
{
    char text[HTTP_PATH_MAX + HTTP_QUERY_MAX + 16];

    memset(text, 'a', sizeof text);
    text[0] = '/';
    text[HTTP_PATH_MAX] = '\0';
    cr_assert_eq(http_target_read(text, &target), STATUS_OK);
    text[HTTP_PATH_MAX] = 'a';
    text[HTTP_PATH_MAX + 1] = '\0';
    cr_assert_eq(http_target_read(text, &target), STATUS_FULL);
    memset(text, 'a', sizeof text);
    memcpy(text, "/?", 2);
    text[2 + HTTP_QUERY_MAX] = '\0';
    cr_assert_eq(http_target_read(text, &target), STATUS_OK);
    text[2 + HTTP_QUERY_MAX] = 'a';
    text[3 + HTTP_QUERY_MAX] = '\0';
    cr_assert_eq(http_target_read(text, &target), STATUS_FULL);
}

Test(http_target, i11_one_segment_or_parameter_too_many_is_refused)
{
    char text[HTTP_PATH_MAX];
    size_t size = 0;

    for (size_t i = 0; i < HTTP_SEGMENTS_MAX; i++) {
        memcpy(text + size, "/a", 3);
        size += 2;
    }
    cr_assert_eq(http_target_read(text, &target), STATUS_OK);
    memcpy(text + size, "/a", 3);
    cr_assert_eq(http_target_read(text, &target), STATUS_INVALID);
    size = (size_t)snprintf(text, sizeof text, "/?");
    for (size_t i = 0; i < HTTP_PARAMETERS_MAX; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, "p%zu=1&", i);
    }
    cr_assert_eq(http_target_read(text, &target), STATUS_OK);
    cr_assert_eq(target.query_count, HTTP_PARAMETERS_MAX);
    (void)snprintf(text + size, sizeof text - size, "q");
    cr_assert_eq(http_target_read(text, &target), STATUS_INVALID);
}

Test(http_target, a_query_has_names_and_values)
{
    cr_assert_eq(http_target_read("/x?tu+kho%C3%A1=a%26b+c&&rong&x=", &target),
                 STATUS_OK);
    cr_assert_eq(target.query_count, 3);
    cr_assert_str_eq(target.query[0].name, "tu khoá");
    cr_assert_str_eq(target.query[0].value, "a&b c");
    cr_assert_str_eq(target.query[1].name, "rong");
    cr_assert_str_eq(target.query[1].value, "");
    cr_assert_str_eq(target.query[2].value, "");
}

static bool fits(const char *path, const char *pattern)
{
    cr_assert_eq(http_target_read(path, &target), STATUS_OK);
    return http_target_fits(&target, pattern, &parts);
}

Test(http_target, a_pattern_takes_its_paths_and_no_others)
{
    cr_assert(fits("/", "/"));
    cr_assert_not(fits("/a", "/"));
    cr_assert(fits("/api/v1/units/gso3:1", "/api/v1/units/{code}"));
    cr_assert_eq(parts.count, 1);
    cr_assert_str_eq(parts.parts[0].value, "gso3:1");
    cr_assert_not(fits("/api/v1/units", "/api/v1/units/{code}"));
    cr_assert_not(fits("/api/v1/units/a/b", "/api/v1/units/{code}"));
    cr_assert_not(fits("/api/v1/unit", "/api/v1/units"));
    cr_assert_not(fits("/api/v1/unitss", "/api/v1/units"));
    cr_assert(fits("/tai-san/a/b.js", "/tai-san/{file*}"));
    cr_assert_str_eq(parts.parts[0].value, "a/b.js");
    cr_assert_eq(parts.parts[0].name_size, 4);
    cr_assert_not(fits("/tai-san", "/tai-san/{file*}"));
}

Test(http_target, a_table_with_a_bad_pattern_is_our_mistake)
{
    static const char *const bad[] = {"",      "x",       "/{}", "/a/",   "//",
                                      "/a{b}", "/{a*}/b", "/{a", "/{*}/a"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(http_pattern_good(bad[i]), "%s", bad[i]);
    }
    cr_assert(http_pattern_good("/"));
    cr_assert(http_pattern_good("/a/{b}/c/{d*}"));
}

Test(http_target, one_cookie_is_found_and_two_of_a_name_are_none)
{
    char value[8];

    cr_assert(http_cookie_read("a=1; tallyline=xyz ;b=2", "tallyline", value,
                               sizeof value));
    cr_assert_str_eq(value, "xyz");
    cr_assert_not(http_cookie_read("tallyline=1; tallyline=2", "tallyline",
                                   value, sizeof value));
    cr_assert_not(http_cookie_read("xtallyline=1; tallylinex=2; tallyline",
                                   "tallyline", value, sizeof value));
    cr_assert(http_cookie_read("tallyline=1234567", "tallyline", value, 8));
    cr_assert_not(
        http_cookie_read("tallyline=12345678", "tallyline", value, 8));
    cr_assert_not(http_cookie_read(NULL, "tallyline", value, 8));
}

Test(http_target, a_host_is_a_name_and_perhaps_a_port)
{
    static const char *const bad[] = {
        "",        ":80",   "a:",  "a:b", "a:1/", "a b", "a@b",    "[::1",
        "a:80:80", "[]:80", "a,b", "::1", "a..",  ".",   "a/../b", "a:123456"};
    char host[HTTP_HOST_SIZE];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(http_host_read(bad[i], host), "%s", bad[i]);
    }
    cr_assert(http_host_read("Tinh.Example.VN:8443", host));
    cr_assert_str_eq(host, "tinh.example.vn");
    cr_assert(http_host_read("[::1]:80", host));
    cr_assert_str_eq(host, "[::1]");
    cr_assert(http_host_read("localhost.", host));
    cr_assert_str_eq(host, "localhost");
    cr_assert(http_origin_read("https://tinh.example:1", host));
    cr_assert_str_eq(host, "tinh.example");
    cr_assert_not(http_origin_read("null", host));
    cr_assert_not(http_origin_read("file://tinh.example", host));
    cr_assert_not(http_origin_read("http://a@b", host));
}

Test(http_target, gzip_is_sent_to_who_takes_it)
{
    cr_assert(http_takes_gzip("gzip, deflate, br"));
    cr_assert(http_takes_gzip("br;q=1.0, GZIP;q=0.5"));
    cr_assert(http_takes_gzip("*"));
    cr_assert_not(http_takes_gzip(NULL));
    cr_assert_not(http_takes_gzip(""));
    cr_assert_not(http_takes_gzip("identity"));
    cr_assert_not(http_takes_gzip("gzip;q=0"));
    cr_assert_not(http_takes_gzip("gzip; q=0.000, *"));
    cr_assert_not(http_takes_gzip("gzipped"));
}

Test(http_target, an_etag_is_found_in_a_list)
{
    cr_assert(http_etag_named("\"a\"", "a"));
    cr_assert(http_etag_named("\"b\", W/\"a\"", "a"));
    cr_assert(http_etag_named("*", "a"));
    cr_assert_not(http_etag_named("\"ab\"", "a"));
    cr_assert_not(http_etag_named("a", "a"));
    cr_assert_not(http_etag_named(NULL, "a"));
    cr_assert_not(http_etag_named("\"", "a"));
}

Test(http_target, a_type_is_compared_without_its_parameters)
{
    cr_assert(http_type_is("application/json", "application/json"));
    cr_assert(
        http_type_is("Application/JSON; charset=utf-8", "application/json"));
    cr_assert_not(http_type_is("application/jsonp", "application/json"));
    cr_assert_not(http_type_is("text/plain", "application/json"));
    cr_assert_not(http_type_is(NULL, "application/json"));
}
