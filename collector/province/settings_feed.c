/* The block `feed` of collector.yaml. */
#include "collector/province/settings.h"

#include "common/base/yaml.h"

#include <string.h>

static const char *const known_keys[] = {
    [SETTINGS_FEED_PUBLISH] = "publish",
    [SETTINGS_FEED_SNAPSHOT] = "snapshot",
    [SETTINGS_FEED_AUDIT_PUBLISH] = "audit_publish",
    [SETTINGS_FEED_AUDIT_SNAPSHOT] = "audit_snapshot",
    [SETTINGS_FEED_END] = NULL};

static const char *const defaults[SETTINGS_FEED_END] = {
    [SETTINGS_FEED_PUBLISH] = "tcp://127.0.0.1:5571",
    [SETTINGS_FEED_SNAPSHOT] = "tcp://127.0.0.1:5572",
    [SETTINGS_FEED_AUDIT_PUBLISH] = "tcp://127.0.0.1:5573",
    [SETTINGS_FEED_AUDIT_SNAPSHOT] = "tcp://127.0.0.1:5574"};

void settings_feed_read(const struct yaml *yaml, const struct yaml_node *node,
                        struct settings_feed *feed)
{
    if (node == NULL || !yaml_keys(yaml, node, known_keys)) {
        return;
    }
    feed->on = true;
    for (unsigned i = 0; i < SETTINGS_FEED_END; i++) {
        const struct yaml_node *place = yaml_get(node, known_keys[i]);
        const char *text = defaults[i];

        if (place != NULL && !yaml_text(yaml, place, &text)) {
            continue;
        }
        if (!settings_address_good(text)) {
            yaml_error(yaml, place, "địa chỉ phải có dạng tcp://MÁY:CỔNG",
                       "an address must look like tcp://HOST:PORT");
            continue;
        }
        memcpy(feed->places[i], text, strlen(text) + 1);
    }
}

enum status settings_feed_write(enum language language, struct buffer *out)
{
    static const struct language_text text = {
        "\n# Luồng số liệu trực tiếp cho phần mềm khác (ZeroMQ, tài liệu\n"
        "# FEED.md); khóa được nhận thêm bằng users feed.\n",
        "\n# The live feed for other programs (ZeroMQ, see FEED.md); keys\n"
        "# that may subscribe are added by users feed.\n"};
    enum status status = buffer_text(out, language_pick(text, language));

    if (status == STATUS_OK) {
        status = buffer_text(out, "# feed:\n");
    }
    for (unsigned i = 0; i < SETTINGS_FEED_END && status == STATUS_OK; i++) {
        status =
            buffer_printf(out, "#   %s: \"%s\"\n", known_keys[i], defaults[i]);
    }
    return status;
}
