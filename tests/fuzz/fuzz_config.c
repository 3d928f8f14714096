/* Whatever stands in agent.yaml, collector.yaml, a file for joining or a card:
 * it is read, or refused with a report; what is refused leaves nothing behind.
 * The first byte says which of the three the rest is (the last two are tried
 * together), and the language. The linker puts the input in the place of the
 * file. */
#include "agent/office/config.h"
#include "collector/province/old_keys.h"
#include "collector/province/settings.h"
#include "common/base/check.h"
#include "common/base/file.h"
#include "common/format/card.h"
#include "common/format/enrol_file.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KINDS 3u
#define NAME  "a.yaml"

static struct bytes content;

enum status __wrap_file_read(const char *path, struct buffer *out);

enum status __wrap_file_read(const char *path, struct buffer *out)
{
    check(strcmp(path, NAME) == 0);
    return buffer_append(out, content);
}

/* A refusal has its reason, and only a refusal has one. */
static void hold(enum status rc, const struct report *report)
{
    check(rc == STATUS_OK || rc == STATUS_MEMORY || rc == STATUS_VERSION ||
          report->errors > 0);
    check(rc != STATUS_OK || report->errors == 0);
}

/* Addresses are texts that end, and of the one transport. */
static void hold_addresses(char addresses[][ENROL_ADDRESS_MAX], size_t count)
{
    check(count <= ENROL_ADDRESSES_MAX);
    for (size_t i = 0; i < count; i++) {
        check(memchr(addresses[i], '\0', ENROL_ADDRESS_MAX) != NULL);
        check(strncmp(addresses[i], "tcp://", 6) == 0);
    }
}

static void try_config(struct report *report)
{
    struct config config;
    enum status rc;

    config_init(&config);
    rc = config_load(NAME, report, &config);
    hold(rc, report);
    if (rc == STATUS_OK) {
        hold_addresses(config.addresses, config.address_count);
        check(config.spool_bytes >= CONFIG_SPOOL_BYTES_MIN &&
              config.spool_bytes <= CONFIG_SPOOL_BYTES_MAX);
        check(config.former_count <= ENROL_FORMER_MAX);
    }
}

/* An office's agent.yaml, at the province that lost its keys. */
static void try_old_keys(enum language language)
{
    struct enrol_file file = {.former_count = 0};
    struct report report;
    enum status rc;

    report_init(&report, language);
    rc = old_keys_load(NAME, &report, &file);
    hold(rc, &report);
    check(file.former_count <= ENROL_FORMER_MAX);
    check(rc != STATUS_OK || file.former_count > 0);
    report_fini(&report);
}

static void try_settings(struct report *report)
{
    struct settings settings;
    enum status rc;

    settings_init(&settings);
    rc = settings_load(NAME, report, &settings);
    hold(rc, report);
    hold_addresses(settings.addresses, settings.address_count);
    check(settings_address_good(settings.listen));
    check(settings.map_bytes >> 20 <= SETTINGS_MAP_MIB_MAX);
}

static void try_enrol_file(struct report *report)
{
    static const struct enrol_file nothing;
    struct enrol_file file;
    enum status rc = enrol_file_load(NAME, report, &file);

    hold(rc, report);
    if (rc == STATUS_OK) {
        hold_addresses(file.addresses, file.address_count);
        check(file.address_count > 0 && file.former_count <= ENROL_FORMER_MAX);
        check(file.new_keys == (file.agent_number == 0));
    } else {
        check(memcmp(&file, &nothing, sizeof file) == 0);
    }
}

static void try_card(enum language language)
{
    static const struct card nothing;
    struct report report;
    struct card card;
    enum status rc;

    report_init(&report, language);
    rc = card_load(NAME, &report, &card);
    hold(rc, &report);
    if (rc == STATUS_OK) {
        hold_addresses(card.addresses, card.address_count);
        check(card.address_count > 0 && card_name_good(card.name));
        check(memchr(card.origin, '\0', sizeof card.origin) != NULL);
        check(card_verify(&card, &card.server_key) == STATUS_REFUSED);
    } else {
        check(memcmp(&card, &nothing, sizeof card) == 0);
    }
    report_fini(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report report;

    if (size == 0) {
        return 0;
    }
    sign_init();
    content = (struct bytes){.data = data + 1, .size = size - 1};
    report_init(&report, data[0] / KINDS % 2 == 0 ? LANGUAGE_VI : LANGUAGE_EN);
    switch (data[0] % KINDS) {
    case 0:
        try_config(&report);
        try_old_keys(report.language);
        break;
    case 1:
        try_settings(&report);
        break;
    default:
        try_enrol_file(&report);
        try_card(report.language);
        break;
    }
    report_fini(&report);
    return 0;
}
