/* The block `web` of collector.yaml. */
#include "collector/province/settings.h"

#include <string.h>

void settings_web_read(const struct yaml *yaml, const struct yaml_node *node,
                       struct http_settings *web)
{
    if (node == NULL) {
        return;
    }
    memcpy(web->listen, SETTINGS_WEB_LISTEN, sizeof SETTINGS_WEB_LISTEN);
    if (!http_settings_read(yaml, node, web)) {
        web->listen[0] = '\0';
    } else if (web->certificate[0] == '\0' && web->key[0] == '\0' &&
               !http_settings_loopback(web)) {
        yaml_warn(yaml, node,
                  "mật khẩu sẽ đi qua mạng không mã hóa; hãy đặt certificate "
                  "và key",
                  "passwords cross the network in the clear; give certificate "
                  "and key");
    }
}

enum status settings_web_write(const struct http_settings *web,
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
