/* GET openapi.json: what the office's interface is, for programs. */
#include "agent/api/site.h"

/* openapi_data.c */
extern const uint8_t office_openapi_begin[];
extern const uint8_t office_openapi_end[];

void site_give_openapi(void *context, struct http_request *request,
                       struct http_reply *reply)
{
    (void)context;
    (void)request;
    http_reply_borrow(
        reply, "application/json",
        (struct bytes){office_openapi_begin,
                       (size_t)(office_openapi_end - office_openapi_begin)},
        NULL, NULL);
    reply->cache = HTTP_CACHE_ASK;
}
