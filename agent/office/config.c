/* Reads and writes agent.yaml. Failure modes: mistakes of a person, all told
 * at once with their line; a disk that fails while the file is replaced, which
 * leaves the old one. */
#include "agent/office/config.h"

#include "agent/office/collectors.h"
#include "agent/office/config_web.h"
#include "common/base/bytes.h"
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const known_keys[] = {"office",
                                         "collector",
                                         "collector_key",
                                         "administrator",
                                         "ledger_key",
                                         "language",
                                         "spool_bytes",
                                         "spool_keep_bytes",
                                         "former_administrators",
                                         "web",
                                         "name",
                                         "ledger_id",
                                         "slot",
                                         "others",
                                         NULL};

static const char *const language_names[] = {"vi", "en", NULL};

void config_init(struct config *config)
{
    memset(config, 0, sizeof *config);
    config->language = LANGUAGE_VI;
    config->spool_bytes = SPOOL_MAP_BYTES;
    memcpy(config->web.listen, CONFIG_WEB_LISTEN, sizeof CONFIG_WEB_LISTEN);
    memcpy(config->name, COLLECTORS_FIRST, sizeof COLLECTORS_FIRST);
}

/* ---- reading ---- */

static void read_key(const struct yaml *yaml, const struct yaml_node *root,
                     const char *name, struct public_key *key)
{
    (void)yaml_hex(yaml, yaml_require(yaml, root, name), name, key->bytes,
                   sizeof key->bytes);
}

static void read_former(const struct yaml *yaml, const struct yaml_node *root,
                        struct config *config)
{
    static const char name[] = "former_administrators";
    const struct yaml_node *list = yaml_get(root, name);

    if (list == NULL || !yaml_list(yaml, list)) {
        return;
    }
    if (list->count > ENROL_FORMER_MAX) {
        yaml_error(yaml, list, "nhiều nhất %u khóa cũ",
                   "at most %u former keys", ENROL_FORMER_MAX);
        return;
    }
    for (const struct yaml_node *node = list->first; node != NULL;
         node = node->next) {
        config->former_count += yaml_hex(
            yaml, node, name, config->former[config->former_count].bytes,
            PUBLIC_KEY_BYTES);
    }
}

void config_read_addresses(
    const struct yaml *yaml, const struct yaml_node *root,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count)
{
    const struct yaml_node *list = yaml_require(yaml, root, "collector");
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
        const char *text;

        if (!yaml_text(yaml, node, &text)) {
            continue;
        }
        if (strncmp(text, "tcp://", 6) != 0 || strrchr(text, ':') < text + 6 ||
            strlen(text) >= ENROL_ADDRESS_MAX) {
            yaml_error(yaml, node,
                       "\"%s\" không phải địa chỉ dạng tcp://MÁY:CỔNG",
                       "\"%s\" is no address like tcp://HOST:PORT", text);
            continue;
        }
        memcpy(addresses[(*count)++], text, strlen(text) + 1);
    }
}

static void read_rest(const struct yaml *yaml, const struct yaml_node *root,
                      struct config *config)
{
    const struct yaml_node *node = yaml_get(root, "office");
    const char *text;
    uint32_t choice;

    if (yaml_text(yaml, node, &text)) {
        if (strlen(text) >= sizeof config->office) {
            yaml_error(yaml, node, "tên dài quá %zu byte",
                       "the name is longer than %zu bytes",
                       sizeof config->office - 1);
        } else {
            memcpy(config->office, text, strlen(text) + 1);
        }
    }
    if (yaml_choice(yaml, yaml_get(root, "language"), language_names,
                    &choice)) {
        config->language = choice == 0 ? LANGUAGE_VI : LANGUAGE_EN;
    }
    (void)yaml_integer(yaml, yaml_get(root, "spool_bytes"),
                       CONFIG_SPOOL_BYTES_MIN, CONFIG_SPOOL_BYTES_MAX,
                       &config->spool_bytes);
    (void)yaml_integer(yaml, yaml_get(root, "spool_keep_bytes"),
                       CONFIG_KEEP_BYTES_MIN, CONFIG_SPOOL_BYTES_MAX,
                       &config->spool_keep_bytes);
}

static void read_root(const struct yaml *yaml, struct report *report,
                      struct config *config)
{
    const struct yaml_node *root = yaml_root(yaml);

    if (root == NULL) {
        report_add(report, REPORT_ERROR, yaml_name(yaml), 1, 1, "tệp trống",
                   "the file is empty");
        return;
    }
    /* A wrong key keeps no other mistake from being told. */
    if (yaml_keys(yaml, root, known_keys) || root->kind == YAML_MAPPING) {
        if (yaml_get(root, "collector") != NULL ||
            yaml_get(root, "collector_key") != NULL) {
            config_read_addresses(yaml, root, config->addresses,
                                  &config->address_count);
            read_key(yaml, root, "collector_key", &config->server_key);
        }
        read_key(yaml, root, "administrator", &config->administrator);
        read_key(yaml, root, "ledger_key", &config->ledger_key);
        read_former(yaml, root, config);
        read_rest(yaml, root, config);
        config_web_read(yaml, yaml_get(root, "web"), &config->web);
        collectors_read(yaml, root, config);
    }
}

enum status config_load(const char *path, struct report *report,
                        struct config *config)
{
    struct yaml *yaml = NULL;
    struct buffer text;
    size_t before = report->errors;
    enum status rc;

    config_init(config);
    buffer_init(&text, CONFIG_BYTES_MAX);
    rc = file_read(path, &text);
    if (rc == STATUS_FULL) {
        report_add(report, REPORT_ERROR, path, 0, 0, "tệp lớn quá %u byte",
                   "the file is larger than %u bytes", CONFIG_BYTES_MAX);
        rc = STATUS_CONFIG;
    }
    if (rc == STATUS_OK) {
        if (yaml_load(path, buffer_bytes(&text), report, &yaml) == STATUS_OK) {
            read_root(yaml, report, config);
        }
        rc = report->errors > before ? STATUS_CONFIG : STATUS_OK;
    }
    yaml_unload(&yaml);
    buffer_fini(&text);
    return rc;
}

/* ---- writing ---- */

enum status config_put_key(struct buffer *out, const char *before,
                           const struct public_key *key)
{
    char hex[BYTES_HEX_SIZE(PUBLIC_KEY_BYTES)];
    enum status rc = bytes_to_hex((struct bytes){key->bytes, sizeof key->bytes},
                                  hex, sizeof hex);

    return rc == STATUS_OK ? buffer_printf(out, "%s\"%s\"\n", before, hex) : rc;
}

static enum status write_text(const struct config *config, struct buffer *out)
{
    static const struct language_text head = {
        "# tallyline-agent: có thể đổi địa chỉ, language và spool_bytes; các "
        "khóa\n# là của tỉnh, không đổi.\n",
        "# tallyline-agent; addresses, language and spool_bytes may be\n"
        "# changed, the keys are the province's.\n"};
    enum status rc = buffer_text(out, language_pick(head, config->language));

    if (rc == STATUS_OK && config->office[0] != '\0') {
        rc = buffer_text(out, "office: ");
        if (rc == STATUS_OK) {
            rc = config_put_quoted(out, config->office);
        }
    }
    if (rc == STATUS_OK && config->address_count > 0) {
        rc = buffer_text(out, "collector:\n");
    }
    for (size_t i = 0; rc == STATUS_OK && i < config->address_count; i++) {
        rc = buffer_text(out, "  - ");
        if (rc == STATUS_OK) {
            rc = config_put_quoted(out, config->addresses[i]);
        }
    }
    if (rc == STATUS_OK && config->address_count > 0) {
        rc = config_put_key(out, "collector_key: ", &config->server_key);
    }
    if (rc == STATUS_OK) {
        rc = config_put_key(out, "administrator: ", &config->administrator);
    }
    if (rc == STATUS_OK) {
        rc = config_put_key(out, "ledger_key: ", &config->ledger_key);
    }
    if (rc == STATUS_OK && config->former_count > 0) {
        rc = buffer_text(out, "former_administrators:\n");
    }
    for (size_t i = 0; rc == STATUS_OK && i < config->former_count; i++) {
        rc = config_put_key(out, "  - ", &config->former[i]);
    }
    if (rc == STATUS_OK) {
        rc = buffer_printf(out, "language: %s\nspool_bytes: %llu\n",
                           config->language == LANGUAGE_EN ? "en" : "vi",
                           (unsigned long long)config->spool_bytes);
    }
    if (rc == STATUS_OK && config->spool_keep_bytes != 0) {
        rc = buffer_printf(out, "spool_keep_bytes: %llu\n",
                           (unsigned long long)config->spool_keep_bytes);
    }
    if (rc == STATUS_OK) {
        rc = collectors_write(config, out);
    }
    return rc == STATUS_OK
               ? config_web_write(&config->web, config->language, out)
               : rc;
}

static enum status write_synced(const char *path, struct bytes content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    enum status rc = STATUS_OK;

    if (fd < 0) {
        return STATUS_IO;
    }
    while (rc == STATUS_OK && done < content.size) {
        ssize_t n = write(fd, content.data + done, content.size - done);

        if (n < 0 && errno != EINTR) {
            rc = STATUS_IO;
        } else if (n > 0) {
            done += (size_t)n;
        }
    }
    if (rc == STATUS_OK && fsync(fd) != 0) {
        rc = STATUS_IO;
    }
    if (close(fd) != 0) {
        rc = STATUS_IO;
    }
    return rc;
}

enum status config_save(const char *path, const struct config *config)
{
    char new_path[FILE_PATH_MAX];
    struct buffer text;
    int length = snprintf(new_path, sizeof new_path, "%s.new", path);
    enum status rc;

    if (length < 0 || (size_t)length >= sizeof new_path) {
        return STATUS_INVALID;
    }
    buffer_init(&text, CONFIG_BYTES_MAX);
    rc = write_text(config, &text);
    if (rc == STATUS_OK) {
        rc = write_synced(new_path, buffer_bytes(&text));
    }
    if (rc == STATUS_OK && rename(new_path, path) != 0) {
        rc = STATUS_IO;
    }
    if (rc == STATUS_OK) {
        rc = file_sync_folder(path);
    }
    buffer_fini(&text);
    return rc;
}

/* ---- whose signature counts ---- */

enum status config_open_control(const struct config *config,
                                struct bytes document, struct control **control)
{
    enum status rc = control_open(document, &config->administrator, control);

    for (size_t i = 0; rc == STATUS_REFUSED && i < config->former_count; i++) {
        rc = control_open(document, &config->former[i], control);
    }
    return rc;
}
