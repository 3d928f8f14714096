/* desk - where the page's questions reach the daemon's thread.
 *
 * Flow     request -> [desk] -> the daemon's loop, work -> answer -> browser
 * Owns     the orders under way, with what they copied of their requests.
 * Threads  desk_take() is a handler of the server: any of its threads. Work,
 *          desk_serve() and desk_event_fd() belong to the daemon's thread,
 *          which alone touches spool, context and office.
 * Limits   DESK_ORDERS_MAX under way; above them a 503. DESK_TURN_US of orders
 *          between two steps of the line, so that a page never holds it up:
 *          work that takes longer answers DESK_AGAIN and goes on in its next
 *          turn, behind the others.
 *
 * A route of such work names desk_take as its handler and a struct desk_work as
 * its data. What the work may read of the request is copied: the parameters and
 * parts that it names, the body, who asks, and the language.
 */
#ifndef TALLYLINE_AGENT_DESK_H
#define TALLYLINE_AGENT_DESK_H

#include <jansson.h>

#include "agent/line/uplink.h"
#include "agent/office/kept.h"
#include "agent/office/office.h"
#include "common/base/clock.h"
#include "common/base/language.h"
#include "common/format/sign.h"
#include "common/http/http.h"

#define DESK_ORDERS_MAX 64u
#define DESK_TURN_US    (5 * CLOCK_US_PER_MS)
#define DESK_NAMES_MAX  8u /* parameters and parts that one work names */
#define DESK_REPLY_MAX  (4u * 1024u * 1024u)

/* What work may use; the daemon's own. */
struct desk_means {
    struct office *office;
    struct uplink *uplink;
    const struct sign_keys *sign_keys;
    const struct clock *clock;
    struct kept *kept; /* the office's own figures */
};

enum desk_turn {
    DESK_DONE, /* the reply is filled in */
    DESK_AGAIN /* there is more to do: called again */
};

struct desk_order;

struct desk_work {
    /* Parameters of the query that it knows, beside `lang`: another one is
     * refused. NULL behind the last. */
    const char *query[DESK_NAMES_MAX];
    /* {names} in its route's path. NULL behind the last. */
    const char *parts[DESK_NAMES_MAX];
    /* On the daemon's thread, DESK_TURN_US at most. */
    enum desk_turn (*turn)(struct desk_order *order, struct http_reply *reply);
    /* Frees order->state, answered or not, and NULL when no turn has set it.
     * NULL: there is none to free. */
    void (*fini)(struct desk_order *order);
    const void *data; /* the work's own */
};

struct desk_order {
    const struct desk_work *work;
    const struct desk_means *means; /* valid during a turn */
    struct http_who who;
    enum language language; /* of texts for people */
    struct buffer body;
    int body_file; /* a body that went to a file; -1: none */
    void *state;   /* the work's own from turn to turn; NULL at first */
    /* The rest is the desk's. */
    struct desk *desk;
    struct http_later *later;
    struct desk_order *next;
    char *query[DESK_NAMES_MAX]; /* as work->query; NULL: not given */
    char *parts[DESK_NAMES_MAX];
};

struct desk; /* opaque */

/* ---- for routes and work ---- */

/* The handler of every route whose data is a struct desk_work; the context of
 * handlers begins with a struct site (site.h). */
void desk_take(void *context, struct http_request *request,
               struct http_reply *reply);
/* A parameter of the query; NULL: it was not given. */
const char *desk_query(const struct desk_order *order, const char *name);
/* The text of {name} in the path. */
const char *desk_part(const struct desk_order *order, const char *name);
/* The parameter as a number up to `max`; `other` when it is not given. False:
 * the reply is a 400 that names it. */
bool desk_query_number(const struct desk_order *order, const char *name,
                       uint64_t max, uint64_t other, uint64_t *number,
                       struct http_reply *reply);
/* Takes the value, which may be NULL (no memory: a 503). */
void desk_give(json_t **json, struct http_reply *reply);
/* The same for what changes seldom: asked for again, it is only sent anew when
 * it has changed. */
void desk_give_kept(json_t **json, struct http_reply *reply);
/* An error in the language of who asks. */
void desk_problem(const struct desk_order *order, unsigned status,
                  struct language_text text, struct http_reply *reply);
/* The same for what spool, context or disk answered: 507 when it is full, 500
 * when the disk failed or data is damaged, 503 without memory. */
void desk_failed(const struct desk_order *order, enum status status,
                 struct http_reply *reply);
/* The language that a request asks for: ?lang=, Accept-Language, Vietnamese. */
enum language desk_language(const struct http_request *request);

/* ---- for the daemon ---- */

MUST_USE enum status desk_new(const struct clock *clock, struct desk **desk);
/* After the server is closed: nobody waits for what is left. */
void desk_free(struct desk **desk);
/* Readable while there is something to do. */
int desk_event_fd(const struct desk *desk);
bool desk_has_orders(struct desk *desk);
/* Does orders for DESK_TURN_US at most, one at least if there is any. */
void desk_serve(struct desk *desk, const struct desk_means *means);

#endif
