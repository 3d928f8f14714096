/* What can be asked for, one row each: the first that fits is taken, so the
 * pages, which take every path, come last. */
#include "collector/api/accounts.h"
#include "collector/api/web.h"

#define JSON "application/json"

static void sign_in(void *context, struct http_request *request,
                    struct http_reply *reply)
{
    struct web *web = context;

    access_sign_in(web->access, request, reply);
}

static void tell_session(void *context, struct http_request *request,
                         struct http_reply *reply)
{
    (void)context;
    access_tell(request, reply);
}

static void sign_out(void *context, struct http_request *request,
                     struct http_reply *reply)
{
    struct web *web = context;

    access_sign_out(web->access, request, reply);
}

/* clang-format off */
const struct http_route api_routes[] = {
    {HTTP_POST, "/api/v1/session", HTTP_PUBLIC, JSON, sign_in, NULL},
    {HTTP_GET, "/api/v1/session", ROLES_ALL, NULL, tell_session, NULL},
    {HTTP_DELETE, "/api/v1/session", ROLES_ALL, NULL, sign_out, NULL},
    {HTTP_GET, "/", HTTP_PUBLIC, NULL, page_give, NULL},
    {HTTP_GET, "/{path*}", HTTP_PUBLIC, NULL, page_give, NULL},
};
/* clang-format on */

const size_t api_route_count = sizeof api_routes / sizeof api_routes[0];
