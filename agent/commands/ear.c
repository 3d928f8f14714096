#include "agent/commands/ear.h"

#include "agent/office/office.h"
#include "common/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool ear_name(const char *dir, struct sockaddr_un *address)
{
    int length;

    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    length = snprintf(address->sun_path, sizeof address->sun_path, "%s/%s", dir,
                      OFFICE_SOCKET_FILE);
    return length > 0 && (size_t)length < sizeof address->sun_path;
}

int ear_open(const char *dir)
{
    struct sockaddr_un address;
    int fd;

    if (!ear_name(dir, &address)) {
        log_warning("the directory's name is too long for a socket in it: "
                    "new events leave with the next heartbeat",
                    log_text("dir", dir));
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        (void)unlink(address.sun_path); /* of a process that is gone */
        if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
            (void)close(fd);
            fd = -1;
        }
    }
    if (fd < 0) {
        log_warning("no socket for new events: they leave with the next "
                    "heartbeat",
                    log_text("path", address.sun_path),
                    log_text("error", strerror(errno)));
    }
    return fd;
}

/* The one descriptor that there was room for; -1: none came. */
static int taken_along(struct msghdr *message)
{
    const struct cmsghdr *control = CMSG_FIRSTHDR(message);
    int fd = -1;

    if (control != NULL && control->cmsg_level == SOL_SOCKET &&
        control->cmsg_type == SCM_RIGHTS &&
        control->cmsg_len == CMSG_LEN(sizeof fd)) {
        memcpy(&fd, CMSG_DATA(control), sizeof fd);
    }
    return fd;
}

static enum ear_heard listen_once(int ear, struct ear_call *call)
{
    union {
        struct cmsghdr aligned;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec bytes = {.iov_base = call->bytes,
                          .iov_len = sizeof call->bytes};
    struct msghdr message = {.msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t size = recvmsg(ear, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

    if (size < 0) {
        return EAR_NOTHING;
    }
    call->answer = taken_along(&message);
    call->size = (size_t)size;
    if (call->answer < 0) {
        return EAR_KNOCK;
    }
    if ((message.msg_flags & MSG_TRUNC) != 0) {
        ear_call_end(call);
        return EAR_KNOCK;
    }
    return EAR_CALL;
}

enum ear_heard ear_listen(int ear, struct ear_call *call)
{
    enum ear_heard heard = EAR_NOTHING;

    for (unsigned i = 0; ear >= 0 && i < EAR_KNOCKS_MAX; i++) {
        enum ear_heard now = listen_once(ear, call);

        if (now == EAR_NOTHING) {
            break;
        }
        heard = now;
        if (now == EAR_CALL) {
            break;
        }
    }
    return heard;
}

void ear_call_end(struct ear_call *call)
{
    (void)close(call->answer);
    call->answer = -1;
}

void ear_close(const char *dir, int *ear)
{
    struct sockaddr_un address;

    if (*ear >= 0) {
        (void)close(*ear);
        *ear = -1;
        if (ear_name(dir, &address)) {
            (void)unlink(address.sun_path);
        }
    }
}
