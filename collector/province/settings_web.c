/* The block `web` of collector.yaml. */
#include "collector/province/settings.h"

#include "common/base/yaml.h"
#include "common/http/http_target.h"

#include <string.h>

static const char *const known_keys[] = {"listen", "hosts", "certificate",
                                         "key", NULL};

/* ---- reading ---- */

static bool is_port(const char *text)
{
    unsigned port = 0;

    if (strcmp(text, "*") == 0) {
        return true;
    }
    for (; *text != '\0'; text++) {
        port = port * 10u + (unsigned)(*text - '0');
        if (*text < '0' || *text > '9' || port > 65535u) {
            return false;
        }
    }
    return port > 0;
}

bool settings_web_good(const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t size = colon == NULL ? 0 : (size_t)(colon - text);
    char host[HTTP_HOST_SIZE];
    char name[HTTP_HOST_SIZE];

    if (size == 0 || size >= sizeof host || !is_port(colon + 1)) {
        return false;
    }
    memcpy(host, text, size);
    host[size] = '\0';
    return strlen(text) < HTTP_HOST_SIZE && strchr(host, ':') == NULL
               ? http_host_read(host, name)
               : host[0] == '[' && http_host_read(host, name);
}

static void read_listen(const struct yaml *yaml, const struct yaml_node *node,
                        struct settings_web *web)
{
    const char *text = NULL;

    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (!settings_web_good(text)) {
        yaml_error(yaml, node, "phải có dạng MÁY:CỔNG, như 127.0.0.1:18080",
                   "must look like HOST:PORT, such as 127.0.0.1:18080");
        return;
    }
    memcpy(web->listen, text, node->size + 1);
    /* As for the offices, "*" is any port that is free. */
    if (text[node->size - 1] == '*') {
        web->listen[node->size - 1] = '0';
    }
}

static void read_hosts(const struct yaml *yaml, const struct yaml_node *list,
                       struct settings_web *web)
{
    const struct yaml_node *node;
    const char *text = NULL;

    if (!yaml_list(yaml, list)) {
        return;
    }
    if (list->count > HTTP_HOSTS_MAX) {
        yaml_error(yaml, list, "nhiều nhất %u tên", "%u names at most",
                   HTTP_HOSTS_MAX);
        return;
    }
    for (node = list->first; node != NULL; node = node->next) {
        if (!yaml_text(yaml, node, &text)) {
            continue;
        }
        if ((text[0] != '[' && strchr(text, ':') != NULL) ||
            text[node->size - 1] == ':' ||
            !http_host_read(text, web->hosts[web->host_count])) {
            yaml_error(yaml, node, "phải là tên máy, không kèm cổng",
                       "must be a host's name, without a port");
            continue;
        }
        web->host_count++;
    }
}

static void read_path(const struct yaml *yaml, const struct yaml_node *node,
                      char path[SETTINGS_PATH_MAX])
{
    const char *text = NULL;

    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (text[0] != '/' || node->size >= SETTINGS_PATH_MAX) {
        yaml_error(yaml, node, "cần đường dẫn tuyệt đối, dưới %u byte",
                   "an absolute path is needed, below %u bytes",
                   SETTINGS_PATH_MAX);
        return;
    }
    memcpy(path, text, node->size + 1);
}

static bool is_loopback(const char *listen)
{
    return strncmp(listen, "127.", 4) == 0 ||
           strncmp(listen, "[::1]:", 6) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

void settings_web_read(const struct yaml *yaml, const struct yaml_node *node,
                       struct settings_web *web)
{
    if (node == NULL) {
        return;
    }
    if (!yaml_keys(yaml, node, known_keys)) {
        return;
    }
    memcpy(web->listen, SETTINGS_WEB_LISTEN, sizeof SETTINGS_WEB_LISTEN);
    read_listen(yaml, yaml_get(node, "listen"), web);
    read_hosts(yaml, yaml_get(node, "hosts"), web);
    read_path(yaml, yaml_get(node, "certificate"), web->certificate);
    read_path(yaml, yaml_get(node, "key"), web->key);
    if ((web->certificate[0] == '\0') != (web->key[0] == '\0')) {
        yaml_error(yaml, node, "cần cả certificate và key",
                   "certificate and key go together");
    } else if (web->certificate[0] == '\0' && !is_loopback(web->listen)) {
        yaml_warn(yaml, node,
                  "mật khẩu sẽ đi qua mạng không mã hóa; hãy đặt certificate "
                  "và key",
                  "passwords cross the network in the clear; give certificate "
                  "and key");
    }
}

/* ---- writing ---- */

enum status settings_web_write(const struct settings_web *web,
                               enum language language, struct buffer *out)
{
    static const struct language_text text = {
        "\n# Trang web và giao diện cho phần mềm khác. Mặc định chỉ mở được "
        "trên máy\n# này; tên máy mà trình duyệt dùng ghi vào hosts. Muốn mở "
        "qua mạng thì cần\n# certificate và key (TLS).\n",
        "\n# Pages and interface for other programs. By default on this "
        "machine only;\n# the names by which browsers come stand in hosts. "
        "Over a network\n# certificate and key (TLS) are needed.\n"};
    bool on = web->listen[0] != '\0';
    const char *listen = on ? web->listen : SETTINGS_WEB_LISTEN;
    const char *mark = on ? "" : "# ";
    /* Any port is written as it is read. */
    size_t size = strlen(listen);
    bool any = size > 2 && strcmp(listen + size - 2, ":0") == 0;
    enum status status = buffer_text(out, language_pick(text, language));

    if (status == STATUS_OK) {
        status = buffer_printf(out,
                               "%sweb:\n%s  listen: \"%.*s%s\"\n"
                               "#   hosts: [tallyline.tinh.example]\n"
                               "#   certificate: /etc/tallyline/web.crt\n"
                               "#   key: /etc/tallyline/web.key\n",
                               mark, mark, (int)(any ? size - 1 : size), listen,
                               any ? "*" : "");
    }
    return status;
}
