#include "collector/province/settings.h"

#include "common/base/file.h"
#include "common/base/yaml.h"

#include <string.h>

#define TCP      "tcp://"
#define PORT_MAX 65535u

static const char *const known_keys[] = {
    "listen",   "addresses",  "map_mib",     "log", "cold_after_days",
    "cold_dir", "scrub_hour", "scrub_mib_s", "web", "feed",
    NULL};
static const char *const log_names[] = {"error", "warning", "info", "debug",
                                        NULL};

void settings_init(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    memcpy(settings->listen, SETTINGS_LISTEN, sizeof SETTINGS_LISTEN);
    settings->log = LOG_LEVEL_INFO;
    settings->scrub_hour = SETTINGS_SCRUB_HOUR;
    settings->scrub_bytes_per_s = (uint64_t)SETTINGS_SCRUB_MIB_S << 20;
}

bool settings_address_good(const char *text)
{
    const char *host = text + strlen(TCP);
    const char *colon;
    unsigned port = 0;

    if (strncmp(text, TCP, strlen(TCP)) != 0 ||
        strlen(text) >= ENROL_ADDRESS_MAX) {
        return false;
    }
    colon = strrchr(host, ':');
    /* No blank, no quote, nothing that YAML would read otherwise. */
    if (colon == NULL || colon == host ||
        strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789.-_:[]%*") != strlen(host)) {
        return false;
    }
    if (strcmp(colon, ":*") == 0) {
        return true;
    }
    for (const char *c = colon + 1; *c != '\0'; c++) {
        port = port * 10u + (unsigned)(*c - '0');
        if (*c < '0' || *c > '9' || port > PORT_MAX) {
            return false;
        }
    }
    return port > 0;
}

bool settings_address_any(const char *text)
{
    static const char *const hosts[] = {TCP "0.0.0.0:", TCP "[::]:", TCP "*:"};

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        if (strncmp(text, hosts[i], strlen(hosts[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void read_address(const struct yaml *yaml, const struct yaml_node *node,
                         char address[ENROL_ADDRESS_MAX])
{
    const char *text = NULL;

    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (!settings_address_good(text)) {
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

static void read_cold(const struct yaml *yaml, const struct yaml_node *root,
                      struct settings *settings)
{
    const struct yaml_node *node = yaml_get(root, "cold_dir");
    const char *text = NULL;
    uint64_t days = 0;

    if (yaml_integer(yaml, yaml_get(root, "cold_after_days"),
                     SETTINGS_COLD_DAYS_MIN, SETTINGS_COLD_DAYS_MAX, &days)) {
        settings->cold_after_days = (uint32_t)days;
    }
    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (text[0] != '/' || node->size >= SETTINGS_PATH_MAX) {
        yaml_error(yaml, node, "cần đường dẫn tuyệt đối, dưới %u byte",
                   "an absolute path is needed, below %u bytes",
                   SETTINGS_PATH_MAX);
        return;
    }
    memcpy(settings->cold_dir, text, node->size + 1);
}

static void read_all(const struct yaml *yaml, struct settings *settings)
{
    const struct yaml_node *root = yaml_root(yaml);
    uint32_t level = 0;
    uint64_t mib = 0;
    uint64_t hour = 0;

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
    read_cold(yaml, root, settings);
    if (yaml_integer(yaml, yaml_get(root, "scrub_hour"), 0, 23, &hour)) {
        settings->scrub_hour = (uint32_t)hour;
    }
    if (yaml_integer(yaml, yaml_get(root, "scrub_mib_s"), 0, SETTINGS_SCRUB_MAX,
                     &mib)) {
        settings->scrub_bytes_per_s = mib << 20;
    }
    settings_web_read(yaml, yaml_get(root, "web"), &settings->web);
    settings_feed_read(yaml, yaml_get(root, "feed"), &settings->feed);
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

/* ---- writing ---- */

static enum status write_text(enum language language,
                              const struct settings *settings,
                              struct buffer *out)
{
    static const struct language_text listen = {
        "# Nơi trung tâm nhận kết nối của các trạm. 0.0.0.0 là mọi địa chỉ\n"
        "# của máy này, 127.0.0.1 là chỉ trên máy này.\n",
        "# Where the collector takes the agents' connections. 0.0.0.0 is\n"
        "# every address of this machine, 127.0.0.1 this machine only.\n"};
    static const struct language_text addresses = {
        "\n# Địa chỉ mà các trạm dùng để tới trung tâm; enrol ghi vào tệp\n"
        "# cấp cho trạm. Nhiều địa chỉ thì trạm thử lần lượt.\n",
        "\n# The addresses by which the agents reach it; enrol writes them\n"
        "# into its files. Of several, an agent tries one after the other.\n"};
    static const struct language_text rest = {
        "\n# Cỡ lớn nhất của sổ cái, tính bằng MiB. Đầy 85% thì ngừng nhận,\n"
        "# không mất gì; tăng số này rồi khởi động lại.\n"
        "# map_mib: 65536\n"
        "\n# Lô nhận đã quá số ngày này thì chuyển sang tệp lưu lạnh (mặc "
        "định: không\n# chuyển); cold_dir là thư mục trên ổ khác.\n"
        "# cold_after_days: 730\n"
        "# cold_dir: /mnt/luu-lanh\n"
        "\n# Mức nhật ký: error, warning, info, debug.\n"
        "log: info\n"
        "\n# Mỗi đêm, từ giờ này, đọc lại cả sổ cái và đối chiếu mã băm; mỗi\n"
        "# giây nhiều nhất chừng này MiB (0: không soát).\n"
        "# scrub_hour: 2\n"
        "# scrub_mib_s: 16\n",
        "\n# The greatest size of the ledger, in MiB. At 85% intake stops and\n"
        "# nothing is lost; raise it and start again.\n"
        "# map_mib: 65536\n"
        "\n# Batches that were received longer ago than so many days move to "
        "cold files\n# (default: none does); cold_dir is a folder on another "
        "disk.\n"
        "# cold_after_days: 730\n"
        "# cold_dir: /mnt/cold\n"
        "\n# What is logged: error, warning, info, debug.\n"
        "log: info\n"
        "\n# Each night, from this hour on, the whole ledger is read again\n"
        "# and held against its hashes, at most so many MiB a second (0:\n"
        "# never).\n"
        "# scrub_hour: 2\n"
        "# scrub_mib_s: 16\n"};
    enum status status = buffer_printf(
        out, "%slisten: \"%s\"\n%s", language_pick(listen, language),
        settings->listen, language_pick(addresses, language));

    if (status == STATUS_OK) {
        status = buffer_text(out, settings->address_count > 0
                                      ? "addresses:\n"
                                      : "# addresses:\n"
                                        "#   - \"tcp://tinh.example:5570\"\n");
    }
    for (size_t i = 0; status == STATUS_OK && i < settings->address_count;
         i++) {
        status = buffer_printf(out, "  - \"%s\"\n", settings->addresses[i]);
    }
    if (status == STATUS_OK) {
        status = buffer_text(out, language_pick(rest, language));
    }
    if (status == STATUS_OK) {
        status = settings_web_write(&settings->web, language, out);
    }
    if (status == STATUS_OK) {
        status = settings_feed_write(language, out);
    }
    return status;
}

enum status settings_save(const char *path, enum language language,
                          const struct settings *settings)
{
    struct buffer text;
    enum status status;

    buffer_init(&text, SETTINGS_BYTES_MAX);
    status = write_text(language, settings, &text);
    if (status == STATUS_OK) {
        status = file_create(path, buffer_bytes(&text));
    }
    buffer_fini(&text);
    return status;
}
