#include "collector/province/settings.h"

#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct temp_dir dir;
static char path[TEMP_DIR_PATH_MAX];
static struct report report;
static struct settings settings;

static void setup(void)
{
    temp_dir_open(&dir);
    temp_dir_path(&dir, "collector.yaml", path);
    report_init(&report, LANGUAGE_EN);
    settings_init(&settings);
}

static void teardown(void)
{
    report_fini(&report);
    temp_dir_close(&dir);
}

TestSuite(settings, .init = setup, .fini = teardown);

static enum status load(const char *text)
{
    temp_dir_write(&dir, "collector.yaml", text, strlen(text));
    return settings_load(path, &report, &settings);
}

Test(settings, without_a_file_the_defaults_hold)
{
    cr_assert_eq(settings_load(path, &report, &settings), STATUS_OK);
    cr_assert_str_eq(settings.listen, SETTINGS_LISTEN);
    cr_assert_eq(settings.map_bytes, 0);
    cr_assert_eq(settings.log, LOG_LEVEL_INFO);
}

Test(settings, every_key_is_read)
{
    cr_assert_eq(load("listen: tcp://0.0.0.0:7\n"
                      "addresses: [tcp://a.vn:7, tcp://b.vn:8]\n"
                      "map_mib: 16\nlog: debug\nscrub_hour: 23\n"
                      "scrub_mib_s: 0\n"),
                 STATUS_OK);
    cr_assert_str_eq(settings.listen, "tcp://0.0.0.0:7");
    cr_assert_eq(settings.address_count, 2);
    cr_assert_str_eq(settings.addresses[1], "tcp://b.vn:8");
    cr_assert_eq(settings.map_bytes, 16u << 20);
    cr_assert_eq(settings.log, LOG_LEVEL_DEBUG);
    cr_assert_eq(settings.scrub_hour, 23);
    cr_assert_eq(settings.scrub_bytes_per_s, 0);
}

Test(settings, every_mistake_is_told_at_once_and_nothing_is_taken)
{
    cr_assert_eq(load("listen: here\nmap_mib: 0\nlog: loud\ncolour: red\n"
                      "scrub_hour: 24\nscrub_mib_s: 4097\n"),
                 STATUS_CONFIG);
    cr_assert_eq(report.errors, 6);
    cr_assert_eq(report.lines[0].file != NULL, true);
    cr_assert_str_eq(settings.listen, SETTINGS_LISTEN);
}

Test(settings, i11_as_many_addresses_as_fit_in_an_enrolment_file)
{
    cr_assert_eq(load("addresses: [tcp://a:1, tcp://a:2, tcp://a:3, tcp://a:4,"
                      " tcp://a:5, tcp://a:6, tcp://a:7, tcp://a:8]\n"),
                 STATUS_OK);
    cr_assert_eq(settings.address_count, ENROL_ADDRESSES_MAX);
    cr_assert_eq(load("addresses: [tcp://a:1, tcp://a:2, tcp://a:3, tcp://a:4,"
                      " tcp://a:5, tcp://a:6, tcp://a:7, tcp://a:8,"
                      " tcp://a:9]\n"),
                 STATUS_CONFIG);
}

Test(settings, i11_a_file_that_is_too_large_is_refused)
{
    static char large[SETTINGS_BYTES_MAX + 2u];

    memset(large, '#', sizeof large - 1);
    cr_assert_eq(load(large), STATUS_CONFIG);
    large[SETTINGS_BYTES_MAX] = '\0';
    cr_assert_eq(load(large), STATUS_OK);
}

Test(settings, what_init_writes_is_read_again_in_both_languages)
{
    struct settings wanted;
    struct stat info;

    settings_init(&wanted);
    (void)snprintf(wanted.listen, sizeof wanted.listen, "tcp://0.0.0.0:7");
    cr_assert_eq(settings_save(path, LANGUAGE_VI, &wanted), STATUS_OK);
    cr_assert_eq(stat(path, &info), 0);
    cr_assert_eq(info.st_mode & 0777u, 0600u);
    cr_assert_eq(settings_load(path, &report, &settings), STATUS_OK);
    cr_assert_str_eq(settings.listen, "tcp://0.0.0.0:7");
    cr_assert_eq(settings.address_count, 0);
    cr_assert_eq(settings_save(path, LANGUAGE_EN, &wanted), STATUS_EXISTS);
    temp_dir_path(&dir, "en.yaml", path);
    (void)snprintf(wanted.addresses[0], sizeof wanted.addresses[0],
                   "tcp://[2001:db8::1]:7");
    (void)snprintf(wanted.addresses[1], sizeof wanted.addresses[1],
                   "tcp://b.vn:8");
    wanted.address_count = 2;
    cr_assert_eq(settings_save(path, LANGUAGE_EN, &wanted), STATUS_OK);
    cr_assert_eq(settings_load(path, &report, &settings), STATUS_OK);
    cr_assert_eq(settings.address_count, 2);
    cr_assert_str_eq(settings.addresses[0], "tcp://[2001:db8::1]:7");
    cr_assert_str_eq(settings.addresses[1], "tcp://b.vn:8");
    cr_assert_eq(report.count, 0);
}

Test(settings, an_address_has_a_host_and_a_port)
{
    static const char *const good[] = {"tcp://a.vn:1", "tcp://[::1]:65535",
                                       "tcp://127.0.0.1:*"};
    static const char *const bad[] = {"",           "a.vn:1",
                                      "tcp://a.vn", "tcp://:1",
                                      "tcp://a:",   "tcp://a:0",
                                      "tcp://a:1x", "tcp://a:65536",
                                      "tcp://a b:1"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        cr_assert(settings_address_good(good[i]), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(settings_address_good(bad[i]), "%s", bad[i]);
    }
    cr_assert(settings_address_any("tcp://0.0.0.0:1"));
    cr_assert_not(settings_address_any("tcp://10.0.0.0:1"));
}

Test(settings, without_a_block_there_are_no_pages)
{
    cr_assert_eq(load("listen: tcp://127.0.0.1:7\n"), STATUS_OK);
    cr_assert_str_eq(settings.web.listen, "");
    cr_assert_eq(load("web:\n  hosts: []\n"), STATUS_OK);
    cr_assert_str_eq(settings.web.listen, SETTINGS_WEB_LISTEN);
}

Test(settings, the_block_of_the_pages_is_read)
{
    cr_assert_eq(load("web:\n  listen: 0.0.0.0:8443\n"
                      "  hosts: [Tinh.Example.vn, \"[2001:db8::1]\"]\n"
                      "  certificate: /etc/web.crt\n  key: /etc/web.key\n"),
                 STATUS_OK);
    cr_assert_str_eq(settings.web.listen, "0.0.0.0:8443");
    cr_assert_eq(settings.web.host_count, 2);
    cr_assert_str_eq(settings.web.hosts[0], "tinh.example.vn");
    cr_assert_str_eq(settings.web.hosts[1], "[2001:db8::1]");
    cr_assert_str_eq(settings.web.key, "/etc/web.key");
    cr_assert_eq(report.count, 0);
    cr_assert_eq(load("web: {listen: \"127.0.0.1:*\"}\n"), STATUS_OK);
    cr_assert_str_eq(settings.web.listen, "127.0.0.1:0");
}

Test(settings, every_mistake_of_the_pages_is_told)
{
    static const char *const bad[] = {"web: {listen: here}",
                                      "web: {listen: \"127.0.0.1:0\"}",
                                      "web: {listen: \"127.0.0.1:65536\"}",
                                      "web: {listen: \"http://127.0.0.1:1\"}",
                                      "web: {listen: \"::1:80\"}",
                                      "web: {hosts: [\"a:80\"]}",
                                      "web: {hosts: [\"a b\"]}",
                                      "web: {hosts: a}",
                                      "web: {certificate: /a}",
                                      "web: {key: /a}",
                                      "web: {certificate: a, key: /a}",
                                      "web: {colour: red}",
                                      "web: 1"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(load(bad[i]), STATUS_CONFIG, "%s", bad[i]);
    }
}

Test(settings, passwords_in_the_clear_are_warned_of)
{
    cr_assert_eq(load("web: {listen: \"0.0.0.0:8080\"}\n"), STATUS_OK);
    cr_assert_eq(report.errors, 0);
    cr_assert_eq(report.count, 1);
}

Test(settings, what_init_writes_of_the_pages_is_read_again)
{
    static const char *const listens[] = {"", "127.0.0.1:18080", "127.0.0.1:0",
                                          "[::1]:80"};
    struct settings wanted;

    for (size_t i = 0; i < sizeof listens / sizeof listens[0]; i++) {
        char name[16];

        settings_init(&wanted);
        (void)snprintf(name, sizeof name, "%zu.yaml", i);
        (void)snprintf(wanted.web.listen, sizeof wanted.web.listen, "%s",
                       listens[i]);
        temp_dir_path(&dir, name, path);
        cr_assert_eq(settings_save(path, LANGUAGE_VI, &wanted), STATUS_OK);
        cr_assert_eq(settings_load(path, &report, &settings), STATUS_OK);
        cr_assert_str_eq(settings.web.listen, listens[i]);
    }
}
