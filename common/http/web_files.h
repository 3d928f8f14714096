/* web_files - the pages of a program, made at build time. "/index.html" is the
 * page of every address that belongs to a page.
 *
 * Flow     web/build.mjs -> [web_files] -> the server's replies
 * Owns     constants. Threads  any.
 */
#ifndef TALLYLINE_COMMON_WEB_FILES_H
#define TALLYLINE_COMMON_WEB_FILES_H

#include <stddef.h>

#include "common/http/http.h"

struct web_file {
    const char *path; /* "/assets/app-HASH.js" */
    struct http_asset asset;
};

struct web_files {
    const struct web_file *files;
    size_t count;
};

#endif
