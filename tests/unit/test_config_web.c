/* The block `web` of agent.yaml: what is written is read again, by rotate too,
 * which writes the whole file. */
#include "agent/office/config.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct temp_dir dir;
static struct config config;
static struct report report;

static void setup(void)
{
    temp_dir_open(&dir);
    report_init(&report, LANGUAGE_EN);
    config_init(&config);
}

static void teardown(void)
{
    report_fini(&report);
    temp_dir_close(&dir);
}

TestSuite(config_web, .init = setup, .fini = teardown);

static struct config read_again(void)
{
    char path[TEMP_DIR_PATH_MAX];
    struct config read;

    temp_dir_path(&dir, "agent.yaml", path);
    cr_assert_eq(config_save(path, &config), STATUS_OK);
    cr_assert_eq(config_load(path, &report, &read), STATUS_OK);
    return read;
}

/* The file that config_save() writes, with this block in place of its own. */
static enum status load(const char *web)
{
    char path[TEMP_DIR_PATH_MAX];
    char text[4096];
    int size = snprintf(text, sizeof text,
                        "administrator: \"%064d\"\nledger_key: \"%064d\"\n%s",
                        0, 0, web);

    cr_assert(size > 0 && (size_t)size < sizeof text);
    temp_dir_write(&dir, "agent.yaml", text, (size_t)size);
    temp_dir_path(&dir, "agent.yaml", path);
    return config_load(path, &report, &config);
}

Test(config_web, without_a_word_the_page_is_on_this_machine_alone)
{
    cr_assert_str_eq(read_again().web.listen, CONFIG_WEB_LISTEN);
    cr_assert_eq(load(""), STATUS_OK);
    cr_assert_str_eq(config.web.listen, CONFIG_WEB_LISTEN);
    cr_assert(http_settings_loopback(&config.web));
}

Test(config_web, what_is_written_is_read_again)
{
    struct config read;

    memcpy(config.web.listen, "0.0.0.0:18090", sizeof "0.0.0.0:18090");
    memcpy(config.web.hosts[0], "192.168.1.10", sizeof "192.168.1.10");
    memcpy(config.web.hosts[1], "van-phong.lan", sizeof "van-phong.lan");
    config.web.host_count = 2;
    memcpy(config.web.certificate, "/etc/a \"b\".crt",
           sizeof "/etc/a \"b\".crt");
    memcpy(config.web.key, "/etc/b.key", sizeof "/etc/b.key");
    read = read_again();
    cr_assert_eq(memcmp(&read.web, &config.web, sizeof read.web), 0);
    cr_assert_not(http_settings_loopback(&read.web));
}

Test(config_web, off_stays_off)
{
    cr_assert_eq(load("web: {listen: off}\n"), STATUS_OK);
    cr_assert_str_eq(config.web.listen, "");
    cr_assert_str_eq(read_again().web.listen, "");
}

Test(config_web, any_port_stays_any_port)
{
    cr_assert_eq(load("web: {listen: \"127.0.0.1:*\"}\n"), STATUS_OK);
    cr_assert_str_eq(config.web.listen, "127.0.0.1:0");
    cr_assert_str_eq(read_again().web.listen, "127.0.0.1:0");
}

Test(config_web, every_mistake_is_told)
{
    static const char *const bad[] = {
        "web: {listen: off, hosts: [a]}\n",
        "web: {listen: 18090}\n",
        "web: {listen: \"127.0.0.1:99999\"}\n",
        "web: {port: 1}\n",
        "web: {hosts: [\"a:80\"]}\n",
        "web: {certificate: /a.crt}\n",
        "web: {certificate: a.crt, key: /b.key}\n",
        "web: [1]\n"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(load(bad[i]), STATUS_CONFIG, "%s", bad[i]);
    }
}
