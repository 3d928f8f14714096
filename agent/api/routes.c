/* What can be asked for, one row each: the first that fits is taken. Rows of
 * desk_take do their work on the daemon's thread; each struct desk_work stands
 * in works.h and in the file that does it. */
#include "agent/api/site.h"
#include "agent/api/works.h"

/* clang-format off */
const struct http_route site_routes[] = {
    {HTTP_GET, "/-/healthy", HTTP_PUBLIC, NULL, desk_take, &health_work},
};
/* clang-format on */

const size_t site_route_count = sizeof site_routes / sizeof site_routes[0];
