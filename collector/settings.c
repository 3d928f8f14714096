#include "collector/settings.h"

#include "common/file.h"
#include "common/yaml.h"

#include <string.h>

#define TCP "tcp://"

static const char *const known_keys[] = {"listen", "addresses", "map_mib",
                                         "log", NULL};
static const char *const log_names[] = {"error", "warning", "info", "debug",
                                        NULL};

void settings_init(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    memcpy(settings->listen, SETTINGS_LISTEN, sizeof SETTINGS_LISTEN);
    settings->log = LOG_LEVEL_INFO;
}

static void read_address(const struct yaml *yaml, const struct yaml_node *node,
                         char address[ENROL_ADDRESS_MAX])
{
    const char *text = NULL;

    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (strncmp(text, TCP, strlen(TCP)) != 0 || node->size <= strlen(TCP) ||
        node->size >= ENROL_ADDRESS_MAX ||
        strchr(text + strlen(TCP), ':') == NULL) {
        yaml_error(yaml, node, "địa chỉ phải có dạng tcp://MÁY:CỔNG",
                   "an address must look like tcp://HOST:PORT");
        return;
    }
    memcpy(address, text, node->size + 1);
}

static void read_addresses(const struct yaml *yaml,
                           const struct yaml_node *list,
                           struct settings *settings)
{
    const struct yaml_node *node;

    if (!yaml_list(yaml, list)) {
        return;
    }
    if (list->count == 0 || list->count > ENROL_ADDRESSES_MAX) {
        yaml_error(yaml, list, "cần từ 1 đến %u địa chỉ",
                   "1 to %u addresses are needed", ENROL_ADDRESSES_MAX);
        return;
    }
    for (node = list->first; node != NULL; node = node->next) {
        read_address(yaml, node, settings->addresses[settings->address_count]);
        settings->address_count++;
    }
}

static void read_all(const struct yaml *yaml, struct settings *settings)
{
    const struct yaml_node *root = yaml_root(yaml);
    uint32_t level = 0;
    uint64_t mib = 0;

    if (root == NULL) {
        return;
    }
    /* A key that is not known is one mistake; the others are read all the
     * same. */
    (void)yaml_keys(yaml, root, known_keys);
    read_address(yaml, yaml_get(root, "listen"), settings->listen);
    read_addresses(yaml, yaml_get(root, "addresses"), settings);
    if (yaml_integer(yaml, yaml_get(root, "map_mib"), SETTINGS_MAP_MIB_MIN,
                     SETTINGS_MAP_MIB_MAX, &mib)) {
        settings->map_bytes = mib << 20;
    }
    if (yaml_choice(yaml, yaml_get(root, "log"), log_names, &level)) {
        settings->log = (enum log_level)level;
    }
}

enum status settings_load(const char *path, struct report *report,
                          struct settings *settings)
{
    struct settings read;
    struct buffer text;
    struct yaml *yaml = NULL;
    size_t errors = report->errors;
    enum status status;

    settings_init(&read);
    buffer_init(&text, SETTINGS_BYTES_MAX);
    status = file_read(path, &text);
    if (status == STATUS_NOT_FOUND) {
        *settings = read;
        return STATUS_OK;
    }
    if (status == STATUS_FULL) {
        report_add(report, REPORT_ERROR, path, 0, 0, "tệp quá lớn",
                   "the file is too large");
        status = STATUS_CONFIG;
    }
    if (status == STATUS_OK) {
        status = yaml_load(path, buffer_bytes(&text), report, &yaml);
    }
    if (status == STATUS_OK) {
        read_all(yaml, &read);
        if (report->errors == errors) {
            *settings = read;
        } else {
            status = STATUS_CONFIG;
        }
    } else if (status == STATUS_INVALID) {
        status = STATUS_CONFIG;
    }
    yaml_unload(&yaml);
    buffer_fini(&text);
    return status;
}
