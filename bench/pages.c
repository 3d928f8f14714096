#include "bench/pages.h"

#include "common/base/check.h"
#include "common/base/clock.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX 1024u
#define REPLY_MAX   (4u << 20)
#define READ_MAX    65536u

struct pages {
    uint16_t port;
    char token[160];
    unsigned streams;
    int sockets[PAGES_MAX];
    int asking; /* the connection of measured requests */
    pthread_t thread;
    atomic_bool stop;
    struct pages_seen seen;
    char *reply;
};

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_real());
}

static int open_socket(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)},
                                  .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    check(fd >= 0 &&
          connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

static void ask(const struct pages *pages, int fd, const char *path)
{
    char request[REQUEST_MAX];
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\n"
                        "Host: 127.0.0.1:%u\r\n"
                        "Authorization: Bearer %s\r\n\r\n",
                        path, (unsigned)pages->port, pages->token);

    check(size > 0 && (size_t)size < sizeof request);
    check(send(fd, request, (size_t)size, MSG_NOSIGNAL) == size);
}

/* One reply with a stated length, to its last byte. */
static size_t take_reply(int fd, char *reply)
{
    size_t have = 0, whole = 0;

    while (whole == 0 || have < whole) {
        ssize_t got = recv(fd, reply + have, REPLY_MAX - 1 - have, 0);
        const char *body, *length;

        check(got > 0);
        have += (size_t)got;
        reply[have] = '\0';
        body = strstr(reply, "\r\n\r\n");
        length = strstr(reply, "Content-Length: ");
        if (whole == 0 && body != NULL) {
            check(length != NULL && length < body);
            whole = (size_t)(body + 4 - reply) +
                    strtoul(length + strlen("Content-Length: "), NULL, 10);
        }
    }
    if (strncmp(reply, "HTTP/1.1 200", 12) != 0) {
        (void)fprintf(stderr, "%.200s\n", reply);
        exit(EXIT_FAILURE);
    }
    return whole;
}

static void measure(struct pages *pages)
{
    int64_t began = now_us();
    size_t size;

    ask(pages, pages->asking, "/api/v1/overview");
    size = take_reply(pages->asking, pages->reply);
    if (size > pages->seen.largest) {
        pages->seen.largest = size;
    }
    if (pages->seen.count < PAGES_TIMES_MAX) {
        pages->seen.ms[pages->seen.count++] =
            (double)(now_us() - began) / 1000.0;
    }
}

/* What has come on the streams is read and dropped. */
static void read_streams(struct pages *pages, int wait_ms)
{
    struct pollfd wait[PAGES_MAX];
    char bytes[READ_MAX];

    for (unsigned i = 0; i < pages->streams; i++) {
        wait[i] = (struct pollfd){.fd = pages->sockets[i], .events = POLLIN};
    }
    if (poll(wait, pages->streams, wait_ms) <= 0) {
        return;
    }
    for (unsigned i = 0; i < pages->streams; i++) {
        ssize_t got = wait[i].revents == 0
                          ? 0
                          : recv(pages->sockets[i], bytes, sizeof bytes, 0);

        if (wait[i].revents != 0) {
            check(got > 0);
        }
        for (ssize_t k = 0; k + 7 <= got; k++) {
            pages->seen.events += memcmp(bytes + k, "event: ", 7) == 0;
        }
    }
}

static void *work(void *argument)
{
    struct pages *pages = argument;
    int64_t due = now_us();

    while (!atomic_load(&pages->stop)) {
        int64_t left = due - now_us();

        if (left <= 0) {
            measure(pages);
            due = now_us() + PAGES_ASK_US;
        } else {
            read_streams(pages, (int)(left / 1000) + 1);
        }
    }
    return NULL;
}

struct pages *pages_open(uint16_t port, const char *token, unsigned streams)
{
    struct pages *pages = calloc(1, sizeof *pages);

    check(pages != NULL && streams <= PAGES_MAX);
    pages->reply = malloc(REPLY_MAX);
    check(pages->reply != NULL);
    pages->port = port;
    pages->streams = streams;
    (void)snprintf(pages->token, sizeof pages->token, "%s", token);
    for (unsigned i = 0; i < streams; i++) {
        pages->sockets[i] = open_socket(port);
        ask(pages, pages->sockets[i], "/api/v1/live");
    }
    pages->asking = open_socket(port);
    check(pthread_create(&pages->thread, NULL, work, pages) == 0);
    return pages;
}

void pages_close(struct pages **pages, struct pages_seen *seen)
{
    struct pages *self = *pages;

    atomic_store(&self->stop, true);
    check(pthread_join(self->thread, NULL) == 0);
    for (unsigned i = 0; i < self->streams; i++) {
        (void)close(self->sockets[i]);
    }
    (void)close(self->asking);
    *seen = self->seen;
    free(self->reply);
    free(self);
    *pages = NULL;
}

void pages_busy(uint16_t port, const char *token, double busy[PAGES_WORK_END])
{
    static const char *const works[] = {[PAGES_FOLDING] = "folding",
                                        [PAGES_ANSWERING] = "answering",
                                        [PAGES_DOCUMENTS] = "documents",
                                        [PAGES_SAVING] = "saving"};
    struct pages *pages = calloc(1, sizeof *pages);
    int fd = open_socket(port);

    check(pages != NULL);
    pages->port = port;
    pages->reply = malloc(REPLY_MAX);
    check(pages->reply != NULL);
    (void)snprintf(pages->token, sizeof pages->token, "%s", token);
    ask(pages, fd, "/metrics");
    (void)take_reply(fd, pages->reply);
    for (unsigned i = 0; i < PAGES_WORK_END; i++) {
        char name[96];
        const char *at;

        (void)snprintf(name, sizeof name,
                       "\ntallyline_figures_busy_seconds_total{work=\"%s\"} ",
                       works[i]);
        at = strstr(pages->reply, name);
        check(at != NULL);
        busy[i] = strtod(at + strlen(name), NULL);
    }
    (void)close(fd);
    free(pages->reply);
    free(pages);
}
