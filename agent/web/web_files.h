/* web_files - the office's pages, made from agent/web and web as it is built.
 *
 * Flow     web/build.mjs -> [web_files] -> the server's replies
 * Owns     constants. Threads  any.
 */
#ifndef TALLYLINE_AGENT_WEB_WEB_FILES_H
#define TALLYLINE_AGENT_WEB_WEB_FILES_H

#include "common/http/web_files.h"

extern const struct web_files agent_web;

#endif
