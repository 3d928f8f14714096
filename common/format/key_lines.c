/* Failure modes: a file of another kind, or cut short on a stick, is reported
 * with every mistake and its line; one from a newer program is told apart by
 * its first key. What is secret is wiped from the buffers here; what the reader
 * of YAML copied is freed as it is: a key that is good once, until it is used.
 */
#include "common/format/key_lines.h"

#include "common/base/file.h"

#include <sodium.h>
#include <string.h>

#define SCHEME "tcp://"

/* ---- writing ---- */

enum status key_lines_put(struct buffer *out, const char *before,
                          const uint8_t *data, size_t size)
{
    char hex[BYTES_HEX_SIZE(SIGNATURE_BYTES)];
    enum status status = bytes_to_hex(
        (struct bytes){.data = data, .size = size}, hex, sizeof hex);

    if (status == STATUS_OK) {
        status = buffer_printf(out, "%s%s\n", before, hex);
    }
    sodium_memzero(hex, sizeof hex);
    return status;
}

enum status key_lines_put_hex(struct buffer *out, const char *key,
                              const uint8_t *data, size_t size)
{
    enum status status = buffer_printf(out, "%s: ", key);

    return status == STATUS_OK ? key_lines_put(out, "", data, size) : status;
}

enum status key_lines_put_text(struct buffer *out, const char *key,
                               const char *text)
{
    enum status status;

    if (text[0] == '\0') {
        return STATUS_OK;
    }
    status = buffer_printf(out, "%s: \"", key);
    for (; status == STATUS_OK && *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            status = buffer_u8(out, '\\');
        }
        if (status == STATUS_OK) {
            status = buffer_u8(out, (uint8_t)*text);
        }
    }
    return status == STATUS_OK ? buffer_text(out, "\"\n") : status;
}

enum status key_lines_put_addresses(
    struct buffer *out,
    const char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t count)
{
    enum status status = buffer_text(out, "collector:\n");

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = buffer_printf(out, "  - %s\n", addresses[i]);
    }
    return status;
}

/* ---- reading ---- */

static enum status read_root(const struct yaml *yaml,
                             const struct key_lines_kind *kind, void *out)
{
    const struct yaml_node *root = yaml_root(yaml);
    struct report *report = yaml_report(yaml);
    size_t before = report->errors;
    uint64_t version = 0;

    if (root == NULL) {
        report_add(report, REPORT_ERROR, yaml_name(yaml), 1, 1, "tệp trống",
                   "the file is empty");
        return STATUS_INVALID;
    }
    if (yaml_integer(yaml, yaml_require(yaml, root, "version"), 1, UINT32_MAX,
                     &version) &&
        version > kind->version) {
        return STATUS_VERSION;
    }
    if (yaml_keys(yaml, root, kind->keys)) {
        kind->read(yaml, out);
    }
    return report->errors > before ? STATUS_INVALID : STATUS_OK;
}

enum status key_lines_load(const char *path, const struct key_lines_kind *kind,
                           struct report *report, void *out)
{
    struct yaml *yaml = NULL;
    struct buffer text;
    enum status status;

    buffer_init(&text, kind->bytes_max);
    status = file_read(path, &text);
    if (status == STATUS_FULL) {
        report_add(report, REPORT_ERROR, path, 0, 0, "%s", "%s",
                   language_pick(kind->too_large, report->language));
        status = STATUS_INVALID;
    } else if (status == STATUS_NOT_FOUND) {
        status = STATUS_NO_INPUT;
    }
    if (status == STATUS_OK) {
        status = yaml_load(path, buffer_bytes(&text), report, &yaml);
    }
    if (status == STATUS_OK) {
        status = read_root(yaml, kind, out);
    }
    if (text.data != NULL) {
        sodium_memzero(text.data, text.capacity);
    }
    buffer_fini(&text);
    yaml_unload(&yaml);
    return status;
}

void key_lines_read_hex(const struct yaml *yaml, const char *key, uint8_t *out,
                        size_t size)
{
    (void)yaml_hex(yaml, yaml_require(yaml, yaml_root(yaml), key), key, out,
                   size);
}

void key_lines_read_text(const struct yaml *yaml, const char *key, char *out,
                         size_t room)
{
    const struct yaml_node *node = yaml_get(yaml_root(yaml), key);
    const char *text;

    out[0] = '\0';
    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (strlen(text) >= room) {
        yaml_error(yaml, node, "%s dài quá %zu byte",
                   "%s is longer than %zu bytes", key, room - 1);
        return;
    }
    memcpy(out, text, strlen(text) + 1);
}

void key_lines_read_addresses(
    const struct yaml *yaml,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count)
{
    const struct yaml_node *list =
        yaml_require(yaml, yaml_root(yaml), "collector");

    *count = 0;
    if (!yaml_list(yaml, list)) {
        return;
    }
    if (list->count == 0 || list->count > ENROL_ADDRESSES_MAX) {
        yaml_error(yaml, list, "cần từ 1 đến %u địa chỉ",
                   "1 to %u addresses are needed", ENROL_ADDRESSES_MAX);
        return;
    }
    for (const struct yaml_node *node = list->first; node != NULL;
         node = node->next) {
        const char *text;

        if (!yaml_text(yaml, node, &text)) {
            continue;
        }
        if (strncmp(text, SCHEME, strlen(SCHEME)) != 0 ||
            strlen(text) >= ENROL_ADDRESS_MAX) {
            yaml_error(yaml, node, "\"%s\" không phải địa chỉ tcp://MÁY:CỔNG",
                       "\"%s\" is no address like tcp://HOST:PORT", text);
            continue;
        }
        memcpy(addresses[(*count)++], text, strlen(text) + 1);
    }
}
