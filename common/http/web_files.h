/* web_files - the pages of a program, made at build time. Every address of a
 * page is the one page, "/index.html", which finds out itself what it shows.
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

/* Answers what the pattern of the route calls {path*}, or "/", with its file
 * or the page; else 404. With a `folder` (may be NULL) the files there are
 * given in place of those built in. */
void web_files_give(const struct web_files *files, const char *folder,
                    struct http_request *request, struct http_reply *reply);

#endif
