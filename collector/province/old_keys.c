#include "collector/province/old_keys.h"

#include "common/base/file.h"
#include "common/base/yaml.h"

static void read_list(const struct yaml *yaml, struct enrol_file *file)
{
    static const char name[] = "former_administrators";
    const struct yaml_node *list = yaml_get(yaml_root(yaml), name);

    if (list == NULL || !yaml_list(yaml, list)) {
        return;
    }
    if (list->count >= ENROL_FORMER_MAX) {
        yaml_error(yaml, list, "khóa đã được thay quá nhiều lần",
                   "the keys were replaced too often");
        return;
    }
    for (const struct yaml_node *node = list->first; node != NULL;
         node = node->next) {
        file->former_count +=
            yaml_hex(yaml, node, name, file->former[file->former_count].bytes,
                     PUBLIC_KEY_BYTES);
    }
}

static void read_key(const struct yaml *yaml, const char *name,
                     struct public_key *key)
{
    (void)yaml_hex(yaml, yaml_require(yaml, yaml_root(yaml), name), name,
                   key->bytes, sizeof key->bytes);
}

enum status old_keys_load(const char *path, struct report *report,
                          struct enrol_file *file)
{
    size_t before = report->errors;
    struct yaml *yaml = NULL;
    struct buffer text;
    enum status status;

    buffer_init(&text, OLD_KEYS_BYTES_MAX);
    status = file_read(path, &text);
    if (status == STATUS_NOT_FOUND || status == STATUS_FULL) {
        status = STATUS_NO_INPUT;
    }
    if (status == STATUS_OK) {
        status = yaml_load(path, buffer_bytes(&text), report, &yaml);
    }
    if (status == STATUS_OK) {
        file->former_count = 0;
        read_list(yaml, file);
        read_key(yaml, "ledger_key", &file->former_ledger_key);
        /* The one that is lost now stands behind those that were before. */
        read_key(yaml, "administrator", &file->former[file->former_count++]);
        status = report->errors > before ? STATUS_INVALID : STATUS_OK;
    }
    yaml_unload(&yaml);
    buffer_fini(&text);
    return status;
}
