/* Failure modes: those of key_lines. */
#include "common/format/enrol_file_private.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/base/yaml.h"
#include "common/format/key_lines.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

static const char *const known_keys[] = {"version",
                                         "purpose",
                                         "agent",
                                         "office",
                                         "collector",
                                         "server_key",
                                         "join_public",
                                         "join_secret",
                                         "valid_until",
                                         "ledger_key",
                                         "administrator",
                                         "origin",
                                         "ledger_id",
                                         "agent_id",
                                         "former_administrators",
                                         "former_ledger_key",
                                         NULL};

const char *const enrol_purposes[] = {[ENROL_JOIN] = "join",
                                      [ENROL_ROTATE] = "rotate",
                                      [ENROL_AGAIN] = "join_again",
                                      [ENROL_NEW_KEYS] = "new_keys",
                                      NULL};

void enrol_file_wipe(struct enrol_file *file)
{
    sodium_memzero(file, sizeof *file);
}

static void read_former(const struct yaml *yaml, struct enrol_file *file)
{
    const struct yaml_node *list =
        yaml_get(yaml_root(yaml), "former_administrators");

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
        file->former_count +=
            yaml_hex(yaml, node, "former_administrators",
                     file->former[file->former_count].bytes, PUBLIC_KEY_BYTES);
    }
}

/* Digits of a fixed place, within bounds. */
static bool read_place(const char *text, size_t at, size_t digits, int64_t max,
                       int64_t *out)
{
    int64_t value = 0;

    for (size_t i = at; i < at + digits; i++) {
        if (isdigit((unsigned char)text[i]) == 0) {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *out = value;
    return value <= max;
}

/* 2026-11-28T00:00:00Z, with or without a fraction of the second. */
static bool parse_moment(const char *text, int64_t *out)
{
    size_t size = strlen(text);
    int32_t day;
    int64_t hour;
    int64_t minute;
    int64_t second;

    if (size < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[size - 1] != 'Z' || (text[19] != 'Z' && text[19] != '.') ||
        text_parse_date(text, 10, &day) != STATUS_OK ||
        !read_place(text, 11, 2, 23, &hour) ||
        !read_place(text, 14, 2, 59, &minute) ||
        !read_place(text, 17, 2, 59, &second)) {
        return false;
    }
    *out = day * CLOCK_US_PER_DAY +
           ((hour * 60 + minute) * 60 + second) * CLOCK_US_PER_S;
    return true;
}

static void read_valid_until(const struct yaml *yaml, struct enrol_file *file)
{
    const struct yaml_node *node =
        yaml_require(yaml, yaml_root(yaml), "valid_until");
    const char *text;

    if (yaml_text(yaml, node, &text) &&
        !parse_moment(text, &file->valid_until)) {
        yaml_error(yaml, node,
                   "\"%s\" không phải thời điểm dạng 2026-11-28T00:00:00Z",
                   "\"%s\" is no time like 2026-11-28T00:00:00Z", text);
    }
}

static void read_head(const struct yaml *yaml, struct enrol_file *file)
{
    const struct yaml_node *root = yaml_root(yaml);
    uint32_t purpose = 0;
    uint64_t agent = 0;

    if (yaml_choice(yaml, yaml_require(yaml, root, "purpose"), enrol_purposes,
                    &purpose)) {
        file->rotates = purpose == ENROL_ROTATE;
        file->again = purpose == ENROL_AGAIN;
        file->new_keys = purpose == ENROL_NEW_KEYS;
    }
    if (!file->new_keys && yaml_integer(yaml, yaml_require(yaml, root, "agent"),
                                        1, (1u << 20) - 1u, &agent)) {
        file->agent_number = (uint32_t)agent;
    }
    if (!file->new_keys) {
        read_valid_until(yaml, file);
    }
    key_lines_read_text(yaml, "office", file->office, sizeof file->office);
    key_lines_read_text(yaml, "origin", file->origin, sizeof file->origin);
    key_lines_read_addresses(yaml, file->addresses, &file->address_count);
    read_former(yaml, file);
}

static void read_keys(const struct yaml *yaml, struct enrol_file *file)
{
    key_lines_read_hex(yaml, "server_key", file->server_key.bytes,
                       PUBLIC_KEY_BYTES);
    key_lines_read_hex(yaml, "administrator", file->administrator.bytes,
                       PUBLIC_KEY_BYTES);
    key_lines_read_hex(yaml, "ledger_key", file->ledger_key.bytes,
                       PUBLIC_KEY_BYTES);
    if (file->new_keys) {
        key_lines_read_hex(yaml, "former_ledger_key",
                           file->former_ledger_key.bytes, PUBLIC_KEY_BYTES);
        (void)yaml_require(yaml, yaml_root(yaml), "former_administrators");
        return;
    }
    key_lines_read_hex(yaml, "join_public", file->join_keys.public_key.bytes,
                       PUBLIC_KEY_BYTES);
    key_lines_read_hex(yaml, "join_secret", file->join_keys.secret,
                       CURVE_SECRET_BYTES);
    key_lines_read_hex(yaml, "ledger_id", file->ledger_id.bytes,
                       RANDOM_ID_BYTES);
    if (file->again) {
        key_lines_read_hex(yaml, "agent_id", file->agent_id.bytes,
                           RANDOM_ID_BYTES);
    }
}

static void read_lines(const struct yaml *yaml, void *out)
{
    read_head(yaml, out);
    read_keys(yaml, out);
}

enum status enrol_file_load(const char *path, struct report *report,
                            struct enrol_file *file)
{
    static const struct key_lines_kind kind = {
        .bytes_max = ENROL_FILE_BYTES_MAX,
        .version = ENROL_VERSION,
        .keys = known_keys,
        .too_large = {"tệp quá lớn, không phải tệp do tỉnh cấp",
                      "the file is too large, it is not one from the province"},
        .read = read_lines};
    enum status status;

    memset(file, 0, sizeof *file);
    status = key_lines_load(path, &kind, report, file);
    if (status != STATUS_OK) {
        enrol_file_wipe(file);
    }
    return status;
}
