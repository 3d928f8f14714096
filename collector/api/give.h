/* give - handlers of the interface's resources.
 *
 * Flow     http request -> query -> [give] -> desk -> reply, now or later
 * Owns     nothing between calls.
 * Threads  the server's handlers, and whoever answers later.
 *
 * A route's data says which resource it is and which parameters it takes.
 */
#ifndef TALLYLINE_COLLECTOR_GIVE_H
#define TALLYLINE_COLLECTOR_GIVE_H

#include "collector/api/desk.h"
#include "collector/api/query.h"
#include "common/http/http.h"

#define GIVE_PARAMETERS_MAX 12u
#define GIVE_RETRY_S        2u

struct give {
    enum query_kind kind;
    /* Of query.h; those of the path in braces; ended by NULL. */
    const char *parameters[GIVE_PARAMETERS_MAX];
};

extern const struct give give_plans, give_overview, give_indicators,
    give_indicator, give_units, give_unit, give_offices, give_office,
    give_reports, give_ledger, give_event;

/* Answers from what is kept, or has it made. */
void give_view(struct desk *desk, struct http_request *request,
               struct http_reply *reply);
/* The interface's own description. */
void give_openapi(const struct http_request *request, struct http_reply *reply);

#endif
