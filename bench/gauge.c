#include "bench/gauge.h"

#include "common/base/check.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_BYTES 65536u
#define ESTABLISHED  1u
#define PATH_SIZE    64u

int64_t gauge_cpu_ns(pid_t pid)
{
    struct timespec now;
    clockid_t clock;

    check(clock_getcpuclockid(pid, &clock) == 0 &&
          clock_gettime(clock, &now) == 0);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int64_t gauge_cpu_tree_ns(pid_t pid)
{
    char path[PATH_SIZE];
    int64_t sum = gauge_cpu_ns(pid);
    FILE *file;
    int child;

    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid,
                   (int)pid);
    file = fopen(path, "re");
    check(file != NULL);
    while (fscanf(file, "%d", &child) == 1) {
        sum += gauge_cpu_tree_ns(child);
    }
    (void)fclose(file);
    return sum;
}

/* The number behind `key` in a file of such lines; 0 when it is not there. */
static unsigned long long number_in(const char *path, const char *key)
{
    char line[256];
    unsigned long long number = 0;
    FILE *file = fopen(path, "re");

    check(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            number = strtoull(line + strlen(key), NULL, 10);
        }
    }
    (void)fclose(file);
    return number;
}

uint64_t gauge_wakeups(pid_t pid)
{
    char path[PATH_SIZE];
    struct dirent *task;
    uint64_t sum = 0;
    DIR *tasks;

    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    check(tasks != NULL);
    while ((task = readdir(tasks)) != NULL) {
        if (task->d_name[0] != '.') {
            (void)snprintf(path, sizeof path, "/proc/%d/task/%.16s/status",
                           (int)pid, task->d_name);
            sum += number_in(path, "voluntary_ctxt_switches:");
        }
    }
    (void)closedir(tasks);
    return sum;
}

double gauge_memory_mib(pid_t pid)
{
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    return (double)number_in(path, "RssAnon:") / 1024.0;
}

/* ---- the kernel's own account of its sockets ---- */

static void ask(int fd, uint8_t family)
{
    struct {
        struct nlmsghdr head;
        struct inet_diag_req_v2 request;
    } message;

    memset(&message, 0, sizeof message);
    message.head.nlmsg_len = sizeof message;
    message.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    message.request.sdiag_family = family;
    message.request.sdiag_protocol = IPPROTO_TCP;
    message.request.idiag_states = 1u << ESTABLISHED;
    message.request.idiag_ext = 1u << (INET_DIAG_INFO - 1);
    check(send(fd, &message, sizeof message, 0) == (ssize_t)sizeof message);
}

static uint64_t received_by(const struct inet_diag_msg *about, size_t size)
{
    const uint8_t *at = (const uint8_t *)(about + 1);
    struct tcp_info info;

    while (size >= sizeof(struct rtattr)) {
        struct rtattr part;

        memcpy(&part, at, sizeof part);
        if (part.rta_len < sizeof part || part.rta_len > size) {
            break;
        }
        if (part.rta_type == INET_DIAG_INFO) {
            size_t have = part.rta_len - sizeof part;

            memset(&info, 0, sizeof info);
            memcpy(&info, at + sizeof part,
                   have < sizeof info ? have : sizeof info);
            return info.tcpi_bytes_received;
        }
        size -= RTA_ALIGN(part.rta_len) < size ? RTA_ALIGN(part.rta_len) : size;
        at += RTA_ALIGN(part.rta_len);
    }
    return 0;
}

static uint64_t sum_family(uint8_t family, uint16_t port)
{
    static uint8_t answer[ANSWER_BYTES];
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    uint64_t sum = 0;
    bool more = true;

    check(fd >= 0);
    ask(fd, family);
    while (more) {
        ssize_t got = recv(fd, answer, sizeof answer, 0);
        size_t at = 0;

        check(got > 0);
        while (more && at + sizeof(struct nlmsghdr) <= (size_t)got) {
            struct nlmsghdr head;
            struct inet_diag_msg about;
            size_t start = at + NLMSG_HDRLEN;

            memcpy(&head, answer + at, sizeof head);
            check(head.nlmsg_len >= NLMSG_HDRLEN);
            more = head.nlmsg_type == SOCK_DIAG_BY_FAMILY;
            if (more) {
                memcpy(&about, answer + start, sizeof about);
                if (ntohs(about.id.idiag_sport) == port) {
                    sum += received_by(
                        (const struct inet_diag_msg *)(answer + start),
                        head.nlmsg_len - NLMSG_HDRLEN - sizeof about);
                }
            }
            at += NLMSG_ALIGN(head.nlmsg_len);
        }
    }
    (void)close(fd);
    return sum;
}

uint64_t gauge_wire_bytes(uint16_t port)
{
    return sum_family(AF_INET, port) + sum_family(AF_INET6, port);
}

/* ---- numbers ---- */

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

double gauge_percentile(double values[], size_t count, double percent)
{
    size_t at;

    if (count == 0) {
        return 0;
    }
    qsort(values, count, sizeof *values, compare);
    at = (size_t)((double)count * percent / 100.0);
    return values[at < count ? at : count - 1];
}
