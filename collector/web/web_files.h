/* web_files - the dashboard's files, made from collector/web and web at build
 * time. "/index.html" is the page of every address that belongs to a page.
 *
 * Flow     web/build.mjs -> [web_files] -> the server's replies
 * Owns     constants. Threads  any.
 */
#ifndef TALLYLINE_COLLECTOR_WEB_WEB_FILES_H
#define TALLYLINE_COLLECTOR_WEB_WEB_FILES_H

#include <stddef.h>

#include "common/http/http.h"

struct web_file {
    const char *path; /* "/assets/app-HASH.js" */
    struct http_asset asset;
};

extern const struct web_file web_files[];
extern const size_t web_files_count;

#endif
