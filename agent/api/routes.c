/* What can be asked for, one row each: the first that fits is taken. Rows of
 * desk_take do their work on the daemon's thread; each struct desk_work stands
 * in works.h and in the file that does it. */
#include "agent/api/people.h"
#include "agent/api/site.h"
#include "agent/api/works.h"

#define JSON "application/json"

/* clang-format off */
const struct http_route site_routes[] = {
    {HTTP_POST, "/api/v1/session", HTTP_PUBLIC, JSON, people_sign_in, NULL},
    {HTTP_GET, "/api/v1/session", HTTP_PUBLIC, NULL, people_tell_session, NULL},
    {HTTP_DELETE, "/api/v1/session", ROLES_ANY, NULL, people_sign_out, NULL},
    {HTTP_GET, "/api/v1/people", HTTP_PUBLIC, NULL, people_list, NULL},
    {HTTP_GET, "/api/v1/form", ROLES_ANY, NULL, desk_take, &form_work},
    {HTTP_GET, "/api/v1/units", ROLES_ANY, NULL, desk_take, &units_work},
    {HTTP_GET, "/api/v1/things", ROLES_ANY, NULL, desk_take, &things_work},
    {HTTP_POST, "/api/v1/check", ROLES_ANY, JSON, desk_take, &check_work},
    {HTTP_POST, "/api/v1/events", ROLES_ANY, JSON, desk_take, &events_work},
    {HTTP_GET, "/api/v1/drafts", ROLES_ANY, NULL, desk_take, &drafts_work},
    {HTTP_PUT, "/api/v1/drafts/{id}", ROLES_ANY, JSON, desk_take,
     &draft_put_work},
    {HTTP_DELETE, "/api/v1/drafts/{id}", ROLES_ANY, NULL, desk_take,
     &draft_delete_work},
    {HTTP_GET, "/api/v1/outbox", ROLES_ANY, NULL, desk_take, &outbox_work},
    {HTTP_GET, "/api/v1/received", ROLES_ANY, NULL, desk_take, &received_work},
    {HTTP_GET, "/api/v1/events/{id}", ROLES_ANY, NULL, desk_take, &event_work},
    {HTTP_POST, "/api/v1/events/{id}/void", ROLES_ANY, JSON, desk_take,
     &void_work},
    {HTTP_GET, "/api/v1/reasons", ROLES_ANY, NULL, desk_take, &reasons_work},
    {HTTP_GET, "/api/v1/live", ROLES_ANY, NULL, live_take, NULL},
    {HTTP_GET, "/api/v1/due", ROLES_ANY, NULL, desk_take, &due_work},
    {HTTP_POST, "/api/v1/nil", ROLES_ANY, JSON, desk_take, &nil_work},
    {HTTP_GET, "/api/v1/report", ROLES_ANY, NULL, desk_take, &paper_work},
    {HTTP_GET, "/api/v1/progress", ROLES_ANY, NULL, desk_take, &progress_work},
    {HTTP_GET, "/api/v1/link", ROLES_ANY, NULL, desk_take, &link_work},
    {HTTP_GET, "/api/v1/stick", ROLES_ANY, NULL, desk_take, &stick_work},
    {HTTP_POST, "/api/v1/doctor", ROLES_ANY, NULL, checkup_take, NULL},
    {HTTP_GET, "/api/v1/templates/{file}", ROLES_ANY, NULL, sheets_template,
     NULL},
    {HTTP_POST, "/api/v1/sheets", ROLES_ANY, HTTP_FILE_TYPE, sheets_take, NULL},
    {HTTP_POST, "/api/v1/sheets/{token}", ROLES_ANY, JSON, sheets_save, NULL},
    {HTTP_GET, "/api/v1/sheets/{token}", ROLES_ANY, NULL, sheets_ask, NULL},
    {HTTP_GET, "/api/v1/sheets/{token}/{file}", ROLES_ANY, NULL,
     sheets_refused, NULL},
    {HTTP_DELETE, "/api/v1/sheets/{token}", ROLES_ANY, NULL, sheets_drop, NULL},
    {HTTP_GET, "/api/v1/openapi.json", HTTP_PUBLIC, NULL, site_give_openapi,
     NULL},
    {HTTP_GET, "/-/healthy", HTTP_PUBLIC, NULL, desk_take, &health_work},
    {HTTP_GET, "/", HTTP_PUBLIC, NULL, site_give_page, NULL},
    {HTTP_GET, "/{path*}", HTTP_PUBLIC, NULL, site_give_page, NULL},
};
/* clang-format on */

const size_t site_route_count = sizeof site_routes / sizeof site_routes[0];
