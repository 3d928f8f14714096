/* http_certificate - a certificate of one's own, and what people compare of it.
 *
 * Flow     names -> [http_certificate] -> two PEM files -> http_open()
 * Owns     nothing.
 * Threads  any.
 * Limits   HTTP_CERTIFICATE_YEARS; PEM files of HTTP_PEM_MAX bytes.
 *
 * For a server that nobody has a certified name for, such as a small machine in
 * an office's network: nobody vouches for it, so people compare its fingerprint
 * once, with what the machine itself shows.
 */
#ifndef TALLYLINE_COMMON_HTTP_HTTP_CERTIFICATE_H
#define TALLYLINE_COMMON_HTTP_HTTP_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

#define HTTP_CERTIFICATE_YEARS 10
#define HTTP_PEM_MAX           (64u * 1024u)
/* "3F:9A:..." of SHA-256, with the closing zero. */
#define HTTP_FINGERPRINT_SIZE 96u

/* Reads a PEM file. STATUS_NO_INPUT: it cannot be read, or is empty or too
 * large; STATUS_REFUSED: it is `secret`, and everybody may read it;
 * STATUS_MEMORY. */
MUST_USE enum status http_pem_read(const char *path, bool secret,
                                   struct buffer *out);
/* Makes a key (EC, P-256) and a certificate that it has signed itself, for
 * `names`, which are names or addresses of hosts, "[::1]" too. STATUS_MEMORY:
 * the library could not. */
MUST_USE enum status http_certificate_make(const char *const names[],
                                           size_t name_count, int64_t wall_us,
                                           struct buffer *certificate,
                                           struct buffer *key);
/* The SHA-256 of a PEM certificate, as browsers show it. STATUS_INVALID: it is
 * none. */
MUST_USE enum status http_certificate_fingerprint(
    struct bytes pem, char text[HTTP_FINGERPRINT_SIZE]);

#endif
