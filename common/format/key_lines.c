/* Failure modes: a line that is not what it should be is told with its place,
 * and the others are read all the same. What is secret is wiped from the
 * buffers here. */
#include "common/format/key_lines.h"

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
