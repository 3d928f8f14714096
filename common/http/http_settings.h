/* http_settings - the block `web` of a program's configuration.
 *
 * Flow     collector.yaml, agent.yaml -> [http_settings] -> http_open()
 * Owns     nothing; a value, copied freely.
 * Threads  any.
 * Limits   HTTP_HOSTS_MAX names, HTTP_SETTINGS_PATH_MAX bytes a path.
 *
 *     web:
 *       listen: "127.0.0.1:18080"
 *       hosts: [tallyline.tinh.example]
 *       certificate: /etc/tallyline/web.crt
 *       key: /etc/tallyline/web.key
 */
#ifndef TALLYLINE_COMMON_HTTP_HTTP_SETTINGS_H
#define TALLYLINE_COMMON_HTTP_HTTP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/yaml.h"
#include "common/http/http.h"

#define HTTP_SETTINGS_PATH_MAX 400u /* with the closing zero */

struct http_settings {
    char listen[HTTP_HOST_SIZE]; /* empty: none; port 0: any that is free */
    char hosts[HTTP_HOSTS_MAX][HTTP_HOST_SIZE];
    size_t host_count;
    char certificate[HTTP_SETTINGS_PATH_MAX]; /* both or none */
    char key[HTTP_SETTINGS_PATH_MAX];
};

/* Reads the block over what `settings` holds; every mistake goes to the file's
 * report. False: its keys are not those above, and nothing was read. `node` is
 * not NULL. */
bool http_settings_read(const struct yaml *yaml, const struct yaml_node *node,
                        struct http_settings *settings);
/* Whether the text is HOST:PORT, a place for browsers to come to. */
bool http_settings_good(const char *text);
/* Whether only this machine's own programs can come there. */
bool http_settings_loopback(const struct http_settings *settings);

#endif
