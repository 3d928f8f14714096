#include "tests/support/browser.h"

#include "common/base/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

void browser_open(struct browser *browser, const char *address)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    const char *colon = strrchr(address, ':');

    memset(browser, 0, sizeof *browser);
    browser->bytes = calloc(1, BROWSER_BYTES_MAX + 1);
    check(browser->bytes != NULL && colon != NULL);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((unsigned short)strtoul(colon + 1, NULL, 10));
    browser->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(browser->fd >= 0);
    check(connect(browser->fd, (struct sockaddr *)&to, sizeof to) == 0);
}

void browser_send(struct browser *browser, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t sent = send(browser->fd, text, left, MSG_NOSIGNAL);

        if (sent <= 0) {
            return; /* cut; the answer says so */
        }
        text += sent;
        left -= (size_t)sent;
    }
}

/* Reads what has come or comes; false: it ended, or nothing comes. */
static bool more(struct browser *browser)
{
    struct pollfd poll_fd = {.fd = browser->fd, .events = POLLIN};
    ssize_t got;

    if (browser->size == BROWSER_BYTES_MAX ||
        poll(&poll_fd, 1, BROWSER_WAIT_MS) != 1) {
        return false;
    }
    got = recv(browser->fd, browser->bytes + browser->size,
               BROWSER_BYTES_MAX - browser->size, 0);
    if (got <= 0) {
        return false;
    }
    browser->size += (size_t)got;
    browser->bytes[browser->size] = '\0';
    return true;
}

const char *browser_header(const struct browser *browser, const char *name)
{
    static char value[2048];
    const char *line = browser->bytes;

    value[0] = '\0';
    while ((line = strstr(line, "\r\n")) != NULL &&
           strncmp(line, "\r\n\r\n", 4) != 0) {
        size_t size = strlen(name);

        line += 2;
        if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
            const char *from = line + size + 1 + strspn(line + size + 1, " ");

            (void)snprintf(value, sizeof value, "%.*s",
                           (int)strcspn(from, "\r"), from);
            break;
        }
    }
    return value;
}

static bool is_whole(struct browser *browser, bool head)
{
    const char *end = strstr(browser->bytes, "\r\n\r\n");
    const char *length;

    if (end == NULL) {
        return false;
    }
    browser->body = end + 4;
    browser->body_size = browser->size - (size_t)(end + 4 - browser->bytes);
    length = browser_header(browser, "Content-Length");
    if (head || browser->status == 304) {
        return true;
    }
    if (*length != '\0') {
        return browser->body_size >= strtoul(length, NULL, 10);
    }
    return strcasecmp(browser_header(browser, "Transfer-Encoding"),
                      "chunked") == 0 &&
           strstr(browser->body, "0\r\n\r\n") != NULL;
}

void browser_read(struct browser *browser, bool head)
{
    browser->size = 0;
    browser->bytes[0] = '\0';
    browser->status = 0;
    do {
        if (sscanf(browser->bytes, "HTTP/1.%*1[01] %3u", &browser->status) ==
                1 &&
            is_whole(browser, head)) {
            return;
        }
    } while (more(browser));
}

void browser_ask(struct browser *browser, const char *address,
                 const char *request)
{
    browser_open(browser, address);
    browser_send(browser, request);
    browser_read(browser, strncmp(request, "HEAD ", 5) == 0);
    (void)close(browser->fd);
    browser->fd = -1;
}

bool browser_sees(struct browser *browser, const char *text)
{
    while (strstr(browser->bytes, text) == NULL) {
        if (!more(browser)) {
            return false;
        }
    }
    return true;
}

bool browser_is_cut(struct browser *browser)
{
    struct pollfd poll_fd = {.fd = browser->fd, .events = POLLIN};
    char byte[512];
    ssize_t got;

    do {
        if (poll(&poll_fd, 1, BROWSER_WAIT_MS) != 1) {
            return false;
        }
        got = recv(browser->fd, byte, sizeof byte, 0);
    } while (got > 0);
    return got == 0 || errno == ECONNRESET;
}

void browser_close(struct browser *browser)
{
    if (browser->fd >= 0) {
        (void)close(browser->fd);
    }
    free(browser->bytes);
    memset(browser, 0, sizeof *browser);
    browser->fd = -1;
}
