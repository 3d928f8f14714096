#include "common/http/http_settings.h"

#include "common/http/http_target.h"

#include <string.h>

static const char *const known_keys[] = {"listen", "hosts", "certificate",
                                         "key", NULL};

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

bool http_settings_good(const char *text)
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
                        struct http_settings *settings)
{
    const char *text = NULL;

    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (!http_settings_good(text)) {
        yaml_error(yaml, node, "phải có dạng MÁY:CỔNG, như 127.0.0.1:18080",
                   "must look like HOST:PORT, such as 127.0.0.1:18080");
        return;
    }
    memcpy(settings->listen, text, node->size + 1);
    /* As for the offices, "*" is any port that is free. */
    if (text[node->size - 1] == '*') {
        settings->listen[node->size - 1] = '0';
    }
}

static void read_hosts(const struct yaml *yaml, const struct yaml_node *list,
                       struct http_settings *settings)
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
            !http_host_read(text, settings->hosts[settings->host_count])) {
            yaml_error(yaml, node, "phải là tên máy, không kèm cổng",
                       "must be a host's name, without a port");
            continue;
        }
        settings->host_count++;
    }
}

static void read_path(const struct yaml *yaml, const struct yaml_node *node,
                      char path[HTTP_SETTINGS_PATH_MAX])
{
    const char *text = NULL;

    if (!yaml_text(yaml, node, &text)) {
        return;
    }
    if (text[0] != '/' || node->size >= HTTP_SETTINGS_PATH_MAX) {
        yaml_error(yaml, node, "cần đường dẫn tuyệt đối, dưới %u byte",
                   "an absolute path is needed, below %u bytes",
                   HTTP_SETTINGS_PATH_MAX);
        return;
    }
    memcpy(path, text, node->size + 1);
}

bool http_settings_loopback(const struct http_settings *settings)
{
    const char *listen = settings->listen;

    return strncmp(listen, "127.", 4) == 0 ||
           strncmp(listen, "[::1]:", 6) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

bool http_settings_read(const struct yaml *yaml, const struct yaml_node *node,
                        struct http_settings *settings)
{
    if (!yaml_keys(yaml, node, known_keys)) {
        return false;
    }
    read_listen(yaml, yaml_get(node, "listen"), settings);
    read_hosts(yaml, yaml_get(node, "hosts"), settings);
    read_path(yaml, yaml_get(node, "certificate"), settings->certificate);
    read_path(yaml, yaml_get(node, "key"), settings->key);
    if ((settings->certificate[0] == '\0') != (settings->key[0] == '\0')) {
        yaml_error(yaml, node, "cần cả certificate và key",
                   "certificate and key go together");
    }
    return true;
}
