/* site - the office's own page and interface, inside `run`.
 *
 * Flow     agent.yaml's web: -> [site] -> http;  routes -> desk -> daemon
 * Owns     the server, who may come in, and the desk.
 * Threads  the daemon's thread opens, serves and closes it; handlers run on the
 *          server's.
 * Limits   those of http.h and desk.h; SITE_FILE_MAX a file that is sent in.
 *
 * The line comes first: an address that cannot be had is told, and the daemon
 * goes on without a page. No handler touches spool, context or office: that is
 * the desk's.
 */
#ifndef TALLYLINE_AGENT_SITE_H
#define TALLYLINE_AGENT_SITE_H

#include "agent/api/checkup.h"
#include "agent/api/desk.h"
#include "agent/api/live.h"
#include "agent/api/sheets.h"
#include "agent/office/config.h"
#include "common/http/http.h"
#include "common/people/access.h"

#define SITE_WHY_SIZE 512u
#define SITE_FILE_MAX (8u * 1024u * 1024u)
/* After which the documents are looked at again, whoever brought them. */
#define SITE_REFRESH_US (2 * CLOCK_US_PER_S)
/* Below the office's directory: files that are being looked at. 0700. */
#define SITE_WORK_FOLDER "work"

struct site_options {
    const char *dir; /* the office's; borrowed */
    const struct http_settings *settings;
    const struct clock *clock;
    uint32_t agent;         /* its number */
    enum language language; /* of why it does not open */
};

/* What handlers are given as their context. */
struct site {
    struct site_options options;
    char work[OFFICE_PATH_MAX]; /* SITE_WORK_FOLDER */
    char cookie[ACCESS_COOKIE_SIZE];
    struct http *http;
    struct access *access; /* who may come in */
    struct desk *desk;
    struct sheets *sheets; /* files that are being looked at */
    struct checkup *checkup;
    struct live *live;
    int events;         /* readable while one of the two is; -1: no page */
    struct kept kept;   /* the office's own figures */
    int64_t refresh_at; /* monotonic: when the documents are looked at again */
    uint64_t documents; /* of the uplink, when they were */
};

/* Serves. Without an address in the settings there is nothing to do:
 * STATUS_OK, and site_address() is NULL. Otherwise `why` gets a sentence, and
 * the site is as if it had no address: STATUS_BUSY, the port is taken;
 * STATUS_CONFIG, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status site_open(struct site *site,
                               const struct site_options *options,
                               char why[SITE_WHY_SIZE]);
/* Where it listens: "127.0.0.1:18090"; NULL: it does not. */
const char *site_address(const struct site *site);
/* Readable while the daemon has something to do for the page; -1: no page. */
int site_event_fd(const struct site *site);
/* Does it, for DESK_TURN_US at most; the site's own means are added. */
void site_serve(struct site *site, const struct desk_means *means);
/* Nobody waits for what was asked afterwards. A site that is closed may be
 * closed again. */
void site_close(struct site *site);

/* ---- openapi.c ---- */

void site_give_openapi(void *context, struct http_request *request,
                       struct http_reply *reply);

/* ---- pages.c ---- */

void site_give_page(void *context, struct http_request *request,
                    struct http_reply *reply);

/* ---- routes.c ---- */

extern const struct http_route site_routes[];
extern const size_t site_route_count;

#endif
