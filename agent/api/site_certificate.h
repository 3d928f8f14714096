/* site_certificate - by which certificate the office's page is served.
 *
 * Flow     agent.yaml, DIR/web.crt, DIR/web.key -> [site_certificate] -> site,
 *          status
 * Owns     the two files, where agent.yaml names no others.
 * Threads  one process at a time makes them: who holds OFFICE_LOCK_FILE.
 *
 * A page that others than this machine can open is served over TLS, always. An
 * office without a certificate of its own gets one that the agent has signed
 * itself, at the first start; people compare its fingerprint once.
 */
#ifndef TALLYLINE_AGENT_SITE_CERTIFICATE_H
#define TALLYLINE_AGENT_SITE_CERTIFICATE_H

#include "agent/office/office.h"
#include "common/http/http_certificate.h"
#include "common/http/http_settings.h"

#define SITE_CERTIFICATE_FILE "web.crt"
#define SITE_KEY_FILE         "web.key"

/* Whether the page is served over TLS. */
bool site_is_secure(const struct http_settings *settings);
/* Reads both into empty buffers, and makes those that agent.yaml does not name
 * and that are not there yet. Not STATUS_OK: `path` names the file.
 * STATUS_NO_INPUT: it cannot be read; STATUS_REFUSED: everybody can read the
 * key; STATUS_IO: it cannot be written. */
MUST_USE enum status site_certificate_read(
    const char *dir, const struct http_settings *settings, int64_t wall_us,
    struct buffer *certificate, struct buffer *key, char path[OFFICE_PATH_MAX]);
/* What people compare. STATUS_NOT_FOUND: the page has no TLS, or the
 * certificate is not there yet. */
MUST_USE enum status site_fingerprint(const char *dir,
                                      const struct http_settings *settings,
                                      char text[HTTP_FINGERPRINT_SIZE]);

#endif
