/* browser - asks an HTTP server over loopback, byte for byte.
 *
 * Flow     test -> browser_ask(request text) -> answer
 * Owns     one connection, and the answer in hand.
 * Threads  one.
 * Limits   BROWSER_BYTES_MAX bytes an answer; BROWSER_WAIT_MS without one.
 */
#ifndef TALLYLINE_TESTS_BROWSER_H
#define TALLYLINE_TESTS_BROWSER_H

#include <stdbool.h>
#include <stddef.h>

#define BROWSER_BYTES_MAX (1024u * 1024u)
#define BROWSER_WAIT_MS   20000

struct browser {
    int fd;
    char *bytes; /* of the answer, closed by a zero */
    size_t size;
    unsigned status;  /* of the answer; 0: the connection ended without one */
    const char *body; /* in `bytes` */
    size_t body_size;
};

/* Connects to "127.0.0.1:PORT"; aborts if it cannot. */
void browser_open(struct browser *browser, const char *address);
/* Sends the text as it is. */
void browser_send(struct browser *browser, const char *text);
/* Reads one whole answer: by its length, by its chunks, or to the end. To one
 * for a HEAD request no body belongs. */
void browser_read(struct browser *browser, bool head);
/* The three together, on a connection of its own that is then closed. */
void browser_ask(struct browser *browser, const char *address,
                 const char *request);
/* Reads until the text was seen since browser_open(); false: it never came. */
bool browser_sees(struct browser *browser, const char *text);
/* Whether the server has ended the connection, once it has. */
bool browser_is_cut(struct browser *browser);
/* A header's value in the answer; "" when there is none. Valid until the next
 * call. */
const char *browser_header(const struct browser *browser, const char *name);
void browser_close(struct browser *browser);

#endif
