/* What can be asked for, one row each: the first that fits is taken, so the
 * pages, which take every path, come last. */
#include "collector/api/give.h"
#include "collector/api/metrics.h"
#include "collector/api/roles.h"
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
    struct web *web = context;

    access_tell(web->access, request, reply);
}

static void sign_out(void *context, struct http_request *request,
                     struct http_reply *reply)
{
    struct web *web = context;

    access_sign_out(web->access, request, reply);
}

static void view(void *context, struct http_request *request,
                 struct http_reply *reply)
{
    struct web *web = context;

    give_view(web->desk, request, reply);
}

static void follow(void *context, struct http_request *request,
                   struct http_reply *reply)
{
    struct web *web = context;

    live_events_join(web->live, request, reply);
}

static void print(void *context, struct http_request *request,
                  struct http_reply *reply)
{
    struct web *web = context;

    printing_give(web->printing, request, reply);
}

static void describe(void *context, struct http_request *request,
                     struct http_reply *reply)
{
    (void)context;
    give_openapi(request, reply);
}

static void measure(void *context, struct http_request *request,
                    struct http_reply *reply)
{
    metrics_give(context, request, reply);
}

static void is_healthy(void *context, struct http_request *request,
                       struct http_reply *reply)
{
    (void)context;
    (void)request;
    metrics_healthy(reply);
}

static void is_ready(void *context, struct http_request *request,
                     struct http_reply *reply)
{
    (void)request;
    metrics_ready(context, reply);
}

/* clang-format off */
const struct http_route api_routes[] = {
    {HTTP_POST, "/api/v1/session", HTTP_PUBLIC, JSON, sign_in, NULL},
    {HTTP_GET, "/api/v1/session", HTTP_PUBLIC, NULL, tell_session, NULL},
    {HTTP_DELETE, "/api/v1/session", ROLES_ALL, NULL, sign_out, NULL},
    {HTTP_GET, "/api/v1/openapi.json", HTTP_PUBLIC, NULL, describe, NULL},
    {HTTP_GET, "/api/v1/plans", ROLES_ALL, NULL, view, &give_plans},
    {HTTP_GET, "/api/v1/overview", ROLES_ALL, NULL, view, &give_overview},
    {HTTP_GET, "/api/v1/indicators", ROLES_ALL, NULL, view, &give_indicators},
    {HTTP_GET, "/api/v1/indicators/{id}", ROLES_ALL, NULL, view,
     &give_indicator},
    {HTTP_GET, "/api/v1/units", ROLES_ALL, NULL, view, &give_units},
    {HTTP_GET, "/api/v1/units/{code}", ROLES_ALL, NULL, view, &give_unit},
    {HTTP_GET, "/api/v1/offices", ROLES_ALL, NULL, view, &give_offices},
    {HTTP_GET, "/api/v1/offices/{number}", ROLES_ALL, NULL, view, &give_office},
    {HTTP_GET, "/api/v1/reports", ROLES_ALL, NULL, view, &give_reports},
    {HTTP_GET, "/api/v1/reports/print", ROLES_ALL, NULL, print, NULL},
    {HTTP_GET, "/api/v1/ledger", ROLES_PROVINCE, NULL, view, &give_ledger},
    {HTTP_GET, "/api/v1/events/{event}", ROLES_AUDITOR, NULL, view,
     &give_event},
    {HTTP_GET, "/api/v1/live", ROLES_ALL, NULL, follow, NULL},
    {HTTP_GET, "/metrics", ROLES_PROVINCE, NULL, measure, NULL},
    {HTTP_GET, "/-/healthy", HTTP_PUBLIC, NULL, is_healthy, NULL},
    {HTTP_GET, "/-/ready", HTTP_PUBLIC, NULL, is_ready, NULL},
    {HTTP_GET, "/", HTTP_PUBLIC, NULL, page_give, NULL},
    {HTTP_GET, "/{path*}", HTTP_PUBLIC, NULL, page_give, NULL},
};
/* clang-format on */

const size_t api_route_count = sizeof api_routes / sizeof api_routes[0];
