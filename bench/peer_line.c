#include "bench/peer_line.h"

#include "common/base/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DIGITS_MAX 20u

/* ---- life ---- */

static void init(struct peer_line *line, int fd)
{
    check(fd >= 0);
    line->fd = fd;
    line->at = 0;
    line->size = 0;
    buffer_init(&line->out, PEER_LINE_OUT_MAX);
}

void peer_line_unix(struct peer_line *line, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    check(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    init(line, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    check(connect(line->fd, (struct sockaddr *)&address, sizeof address) == 0);
}

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

void peer_line_tcp(struct peer_line *line, uint16_t port)
{
    struct sockaddr_in address = loopback(port);
    int yes = 1;

    init(line, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    check(setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) ==
          0);
    check(connect(line->fd, (struct sockaddr *)&address, sizeof address) == 0);
}

void peer_line_close(struct peer_line *line)
{
    (void)close(line->fd);
    buffer_fini(&line->out);
}

uint16_t peer_line_free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    check(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 &&
          getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    (void)close(fd);
    return ntohs(address.sin_port);
}

/* ---- out ---- */

void peer_line_bytes(struct peer_line *line, struct bytes bytes)
{
    check(buffer_append(&line->out, bytes) == STATUS_OK);
}

void peer_line_text(struct peer_line *line, const char *text)
{
    check(buffer_text(&line->out, text) == STATUS_OK);
}

void peer_line_number(struct peer_line *line, uint64_t number)
{
    uint8_t digits[DIGITS_MAX];
    size_t at = DIGITS_MAX;

    do {
        digits[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    peer_line_bytes(line, (struct bytes){digits + at, DIGITS_MAX - at});
}

void peer_line_u16(struct peer_line *line, uint16_t value)
{
    check(buffer_u16(&line->out, value) == STATUS_OK);
}

void peer_line_u32(struct peer_line *line, uint32_t value)
{
    check(buffer_u32(&line->out, value) == STATUS_OK);
}

void peer_line_u64(struct peer_line *line, uint64_t value)
{
    check(buffer_u64(&line->out, value) == STATUS_OK);
}

void peer_line_flush(struct peer_line *line)
{
    size_t done = 0;

    while (done < line->out.size) {
        ssize_t sent = send(line->fd, line->out.data + done,
                            line->out.size - done, MSG_NOSIGNAL);

        check(sent > 0);
        done += (size_t)sent;
    }
    buffer_clear(&line->out);
}

/* ---- in ---- */

static void fill(struct peer_line *line)
{
    ssize_t got = recv(line->fd, line->in, sizeof line->in, 0);

    check(got > 0);
    line->at = 0;
    line->size = (size_t)got;
}

size_t peer_line_read_text(struct peer_line *line, char out[PEER_LINE_TEXT])
{
    size_t length = 0;
    uint8_t byte = 0;

    while (byte != '\n') {
        if (line->at == line->size) {
            fill(line);
        }
        byte = line->in[line->at++];
        if (length < PEER_LINE_TEXT - 1 && byte != '\r' && byte != '\n') {
            out[length++] = (char)byte;
        }
    }
    out[length] = '\0';
    return length;
}

void peer_line_read(struct peer_line *line, uint8_t *out, size_t size)
{
    while (size > 0) {
        size_t now = line->size - line->at;

        if (now == 0) {
            fill(line);
            continue;
        }
        now = now < size ? now : size;
        if (out != NULL) {
            memcpy(out, line->in + line->at, now);
            out += now;
        }
        line->at += now;
        size -= now;
    }
}
