/* The office's pages, as they are built in. */
#include "agent/api/site.h"
#include "agent/web/web_files.h"

void site_give_page(void *context, struct http_request *request,
                    struct http_reply *reply)
{
    (void)context;
    web_files_give(&agent_web, NULL, request, reply);
}
