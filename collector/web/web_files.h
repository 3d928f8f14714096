/* web_files - the dashboard's pages, made from collector/web and web as it is
 * built.
 *
 * Flow     web/build.mjs -> [web_files] -> the server's replies
 * Owns     constants. Threads  any.
 */
#ifndef TALLYLINE_COLLECTOR_WEB_WEB_FILES_H
#define TALLYLINE_COLLECTOR_WEB_WEB_FILES_H

#include "common/http/web_files.h"

extern const struct web_files collector_web;

#endif
