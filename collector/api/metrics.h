/* metrics - what a monitoring system asks for.
 *
 * Flow     desk, access, http -> [metrics] -> /metrics, /-/healthy, /-/ready
 * Owns     nothing.
 * Threads  the server's; the figures' thread answers (desk.h).
 * Limits   METRICS_BYTES_MAX a reply.
 *
 * /metrics is Prometheus text 0.0.4 for signed-in programs (`users token`);
 * what it says is in docs/API.md. The other two are for everybody and say one
 * word: healthy while the process answers at all, ready while it takes events
 * in and has its figures.
 */
#ifndef TALLYLINE_COLLECTOR_METRICS_H
#define TALLYLINE_COLLECTOR_METRICS_H

#include "collector/api/web.h"

#define METRICS_BYTES_MAX (8u * 1024u * 1024u)

/* Handlers. */
void metrics_give(struct web *web, struct http_request *request,
                  struct http_reply *reply);
void metrics_healthy(struct http_reply *reply);
void metrics_ready(struct web *web, struct http_reply *reply);

#endif
