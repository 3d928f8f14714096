/* The dashboard's pages: built in, or those of a folder while somebody works on
 * them. */
#include "collector/api/web.h"
#include "collector/web/web_files.h"

void page_give(void *context, struct http_request *request,
               struct http_reply *reply)
{
    const struct web *web = context;

    web_files_give(&collector_web, web->options.files, request, reply);
}
