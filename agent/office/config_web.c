#include "agent/office/config_web.h"

#include "agent/office/config.h"

#include <string.h>

/* `listen: off` alone turns the page off. */
void config_web_read(const struct yaml *yaml, const struct yaml_node *node,
                     struct http_settings *web)
{
    const struct yaml_node *listen = yaml_get(node, "listen");

    if (node == NULL) {
        return;
    }
    if (listen != NULL && listen->kind == YAML_TEXT &&
        strcmp(listen->text, CONFIG_WEB_OFF) == 0) {
        web->listen[0] = '\0';
        if (node->count != 1) {
            yaml_error(yaml, node, "listen: off đứng một mình trong web",
                       "listen: off stands alone in web");
        }
        return;
    }
    (void)http_settings_read(yaml, node, web);
}

/* ---- writing ---- */

enum status config_put_quoted(struct buffer *out, const char *text)
{
    enum status rc = buffer_u8(out, '"');

    for (; rc == STATUS_OK && *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            rc = buffer_u8(out, '\\');
        }
        if (rc == STATUS_OK) {
            rc = buffer_u8(out, (uint8_t)*text);
        }
    }
    return rc == STATUS_OK ? buffer_text(out, "\"\n") : rc;
}

/* Any port is written as it is read. */
static enum status put_listen(struct buffer *out, const char *listen)
{
    size_t size = strlen(listen);
    bool any = size > 2 && strcmp(listen + size - 2, ":0") == 0;

    return buffer_printf(out, "  listen: \"%.*s%s\"\n",
                         (int)(any ? size - 1 : size), listen, any ? "*" : "");
}

static enum status put_path(struct buffer *out, const char *key,
                            const char *path)
{
    enum status rc;

    if (path[0] == '\0') {
        return STATUS_OK;
    }
    rc = buffer_printf(out, "  %s: ", key);
    return rc == STATUS_OK ? config_put_quoted(out, path) : rc;
}

static enum status put_hosts(struct buffer *out,
                             const struct http_settings *web)
{
    enum status rc =
        web->host_count > 0 ? buffer_text(out, "  hosts:\n") : STATUS_OK;

    for (size_t i = 0; rc == STATUS_OK && i < web->host_count; i++) {
        rc = buffer_text(out, "    - ");
        if (rc == STATUS_OK) {
            rc = config_put_quoted(out, web->hosts[i]);
        }
    }
    return rc;
}

enum status config_web_write(const struct http_settings *web,
                             enum language language, struct buffer *out)
{
    static const struct language_text unchanged = {
        "# Trang của văn phòng. Muốn mở cho máy khác trong mạng: listen là\n"
        "# \"0.0.0.0:18090\", hosts là các tên hoặc địa chỉ mọi người gõ.\n",
        "# The office's page. On the network: listen \"0.0.0.0:18090\", and in "
        "hosts\n# the names or addresses by which people come.\n"};
    enum status rc;

    if (web->listen[0] == '\0') {
        return buffer_text(out, "web:\n  listen: \"" CONFIG_WEB_OFF "\"\n");
    }
    if (strcmp(web->listen, CONFIG_WEB_LISTEN) == 0 && web->host_count == 0 &&
        web->certificate[0] == '\0') {
        return buffer_printf(out,
                             "%s# web:\n#   listen: \"" CONFIG_WEB_LISTEN
                             "\"\n#   hosts: [192.168.1.10]\n",
                             language_pick(unchanged, language));
    }
    rc = buffer_text(out, "web:\n");
    if (rc == STATUS_OK) {
        rc = put_listen(out, web->listen);
    }
    if (rc == STATUS_OK) {
        rc = put_hosts(out, web);
    }
    if (rc == STATUS_OK) {
        rc = put_path(out, "certificate", web->certificate);
    }
    return rc == STATUS_OK ? put_path(out, "key", web->key) : rc;
}
