/* web - the province's pages and interface, inside `run`.
 *
 * Flow     collector.yaml's web: -> [web] -> http;  routes -> access, desk
 * Owns     the server, who may look (access); what its handlers read is given.
 * Threads  web_open() and web_close() the main one; handlers the server's.
 * Limits   those of http.h.
 *
 * No handler waits for intake, the ledger's writer or the fold.
 */
#ifndef TALLYLINE_COLLECTOR_WEB_H
#define TALLYLINE_COLLECTOR_WEB_H

#include "collector/api/desk.h"
#include "collector/api/live_events.h"
#include "collector/api/printing.h"
#include "collector/province/settings.h"
#include "common/base/language.h"
#include "common/http/http.h"
#include "common/people/access.h"

#define WEB_WHY_SIZE 512u

struct web_options {
    const char *directory; /* of users and tokens; borrowed */
    const struct http_settings *settings;
    const char *files; /* a folder of pages in place of those built in; NULL */
    const struct clock *clock;
    enum language language;  /* of why it does not open */
    struct figures *figures; /* borrowed until web_fini(); NULL: no figures */
    struct standings *standings; /* borrowed until web_fini() */
};

/* What handlers are given. */
struct web {
    struct web_options options;
    struct http *http;
    struct access *access;
    struct desk *desk;
    struct live_events *live;
    struct printing *printing;
};

/* Serves; without an address in the settings there is nothing to do, and
 * web->http stays NULL. Otherwise `why` gets a sentence: STATUS_CONFIG, an
 * address, certificate or key that cannot be used; STATUS_BUSY, the port is
 * taken: web_open_again() may find it free; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status web_open(struct web *web,
                              const struct web_options *options,
                              char why[WEB_WHY_SIZE]);
/* After STATUS_BUSY, with the same statuses. */
MUST_USE enum status web_open_again(struct web *web, char why[WEB_WHY_SIZE]);
/* Where it listens: "127.0.0.1:18080"; NULL: it does not. */
const char *web_address(const struct web *web);
/* First of all, before what its handlers read is closed: nothing is asked of
 * the figures any more. */
void web_close(struct web *web);
/* After the figures are closed, which answer what they were asked before. */
void web_fini(struct web *web);

/* ---- routes.c ---- */

extern const struct http_route api_routes[];
extern const size_t api_route_count;

/* ---- pages.c: what is no interface ---- */

void page_give(void *context, struct http_request *request,
               struct http_reply *reply);

#endif
