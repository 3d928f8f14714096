/* config_web - the block `web` of agent.yaml, and texts in the file.
 *
 * Flow     agent.yaml <-> [config_web] <-> config.c
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_AGENT_CONFIG_WEB_H
#define TALLYLINE_AGENT_CONFIG_WEB_H

#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/base/yaml.h"
#include "common/http/http_settings.h"

/* Reads the block over what `web` holds; `node` NULL: there is none. */
void config_web_read(const struct yaml *yaml, const struct yaml_node *node,
                     struct http_settings *web);
/* Writes it, or as a comment where nothing was changed. STATUS_FULL,
 * STATUS_MEMORY. */
MUST_USE enum status config_web_write(const struct http_settings *web,
                                      enum language language,
                                      struct buffer *out);
/* A text in double quotes, with what YAML escapes there, and the line's end. */
MUST_USE enum status config_put_quoted(struct buffer *out, const char *text);

#endif
