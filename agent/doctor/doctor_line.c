/* Failure modes are what this is for: a name that does not resolve, a network
 * that is down, nobody who listens, another server than the one we know, a key
 * that is not let in, a line that stands still. */
#include "agent/doctor/doctor.h"

#include "agent/line/uplink_socket.h"
#include "agent/office/collectors_look.h"
#include "agent/spool/spool_slots.h"
#include "common/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SCHEME          "tcp://"
#define PORT_MAX        16u
#define LONG_WAITING_US (2 * CLOCK_US_PER_DAY)

static const struct findings_check address_check = {
    "address", {"Địa chỉ của tỉnh", "Address"}};
static const struct findings_check line_check = {"line",
                                                 {"Đường truyền", "Line"}};

static const struct findings_check others_check = {
    "collectors", {"Trung tâm khác", "Other collectors"}};

static const struct language_text network = {
    "kiểm tra dây mạng, Wi-Fi và Internet của máy này",
    "check this machine's cable, Wi-Fi and Internet"};

/* ---- the service ---- */

static void look_at_service(struct doctor *doctor)
{
    static const struct findings_check check = {"service",
                                                {"Dịch vụ", "Service"}};
    static const struct language_text start = {
        "systemctl start tallyline-agent; nếu không lên, xem journalctl -u "
        "tallyline-agent",
        "systemctl start tallyline-agent; if it does not stay up, see "
        "journalctl -u tallyline-agent"};

    if (doctor->office == NULL) {
        return;
    }
    if (office_poke(doctor->office)) {
        findings_add(&doctor->findings, &check, FINDINGS_GOOD, NULL,
                     "đang chạy", "running");
    } else {
        findings_add(&doctor->findings, &check, FINDINGS_BAD, &start,
                     "không chạy: số liệu vẫn lưu được nhưng không gửi đi",
                     "not running: events can be saved but are not sent");
    }
}

/* ---- the network ---- */

/* Parts "tcp://host:port"; an IPv6 address stands in brackets. */
static bool part_address(const char *address, char host[ENROL_ADDRESS_MAX],
                         char port[PORT_MAX])
{
    const char *from = address + strlen(SCHEME);
    const char *colon = strrchr(address, ':');
    size_t size;

    if (strncmp(address, SCHEME, strlen(SCHEME)) != 0 || colon <= from ||
        strlen(colon + 1) >= PORT_MAX) {
        return false;
    }
    size = (size_t)(colon - from);
    if (*from == '[' && from[size - 1] == ']') {
        from++;
        size -= 2;
    }
    memcpy(host, from, size);
    host[size] = '\0';
    (void)snprintf(port, PORT_MAX, "%s", colon + 1);
    return true;
}

/* 0, or why the kernel cannot reach it. */
static int connect_to(const struct addrinfo *to)
{
    int why = 0;
    socklen_t size = sizeof why;
    struct pollfd ready = {.events = POLLOUT};

    ready.fd = socket(to->ai_family,
                      to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (ready.fd < 0) {
        return errno;
    }
    if (connect(ready.fd, to->ai_addr, to->ai_addrlen) != 0) {
        why = errno;
    }
    if (why == EINPROGRESS) {
        why = poll(&ready, 1, DOCTOR_REACH_MS) == 1 ? 0 : ETIMEDOUT;
        if (why == 0 &&
            getsockopt(ready.fd, SOL_SOCKET, SO_ERROR, &why, &size) != 0) {
            why = errno;
        }
    }
    (void)close(ready.fd);
    return why;
}

/* In words where it is one of those that people meet. */
static const char *reason(const struct doctor *doctor, int why)
{
    static const struct language_text refused = {"không có ai nghe ở cổng đó",
                                                 "nobody listens at that port"};
    static const struct language_text late = {"không trả lời",
                                              "there is no answer"};
    static const struct language_text away = {"mạng không tới được nơi đó",
                                              "the network does not get there"};
    static const struct language_text wrong = {
        "địa chỉ không đọc được", "the address cannot be understood"};
    enum language language = doctor->findings.language;

    switch (why) {
    case ECONNREFUSED:
        return language_pick(refused, language);
    case ETIMEDOUT:
        return language_pick(late, language);
    case ENETUNREACH:
    case ENETDOWN:
    case EHOSTUNREACH:
        return language_pick(away, language);
    case EINVAL:
        return language_pick(wrong, language);
    default:
        return strerror(why);
    }
}

static void tell_unreachable(struct doctor *doctor, const char *address,
                             int why)
{
    static const struct language_text server = {
        "mạng tới được nơi đó nhưng trung tâm không nghe: hỏi người quản trị "
        "của tỉnh xem trung tâm có chạy không",
        "the network reaches that place, but nobody listens: ask the "
        "province's administrator whether the server runs"};
    static const struct language_text silent = {
        "kiểm tra mạng của máy này; nếu mạng tốt, có thể tường lửa chặn cổng "
        "này",
        "check this machine's network; if it is fine, a firewall may be "
        "closing this port"};
    const struct language_text *advice = &network;

    if (why == ECONNREFUSED) {
        advice = &server;
    } else if (why == ETIMEDOUT) {
        advice = &silent;
    }
    findings_add(&doctor->findings, &address_check, FINDINGS_BAD, advice,
                 "%s: %s", "%s: %s", address, reason(doctor, why));
}

/* Whether something answers there, by the network alone. */
static bool reach(struct doctor *doctor, const char *address)
{
    static const struct language_text name = {
        "kiểm tra mạng của máy này; nếu mạng tốt, hỏi người quản trị của tỉnh "
        "xem địa chỉ có đúng không",
        "check the network; if it is fine, ask the province's administrator "
        "for the right address"};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char host[ENROL_ADDRESS_MAX];
    char port[PORT_MAX];
    int why = EINVAL;
    int answer;

    if (!part_address(address, host, port)) {
        tell_unreachable(doctor, address, EINVAL);
        return false;
    }
    answer = getaddrinfo(host, port, &hints, &found);
    if (answer != 0) {
        findings_add(&doctor->findings, &address_check, FINDINGS_BAD, &name,
                     "%s: không tra được tên này", "%s: the name is not found",
                     address);
        return false;
    }
    for (const struct addrinfo *to = found; to != NULL && why != 0;
         to = to->ai_next) {
        why = connect_to(to);
    }
    freeaddrinfo(found);
    if (why != 0) {
        tell_unreachable(doctor, address, why);
    }
    return why == 0;
}

/* ---- both sides' keys ---- */

static enum uplink_socket_event shake_hands(const struct doctor *doctor,
                                            const char *address)
{
    struct uplink_socket_options options = {
        .context = zmq_ctx_new(),
        .address = address,
        .server_key = &doctor->config.server_key,
        .keys = &doctor->keyring.curve,
    };
    enum uplink_socket_event event = UPLINK_SOCKET_NOTHING;
    struct uplink_socket *socket = NULL;
    int64_t end =
        clock_monotonic_us(&doctor->clock) + DOCTOR_REACH_MS * CLOCK_US_PER_MS;

    if (options.context == NULL) {
        return UPLINK_SOCKET_NOTHING;
    }
    if (uplink_socket_open(&options, &socket) == STATUS_OK) {
        while (event == UPLINK_SOCKET_NOTHING &&
               clock_monotonic_us(&doctor->clock) < end) {
            uplink_socket_wait(socket, DOCTOR_REACH_MS / 10);
            event = uplink_socket_event(socket);
        }
    }
    uplink_socket_close(&socket);
    (void)zmq_ctx_term(options.context);
    return event;
}

static void tell_handshake(struct doctor *doctor, const char *address,
                           enum uplink_socket_event event)
{
    static const struct language_text other = {
        "kiểm tra địa chỉ trong agent.yaml, hoặc xin tỉnh tệp mới rồi chạy "
        "tallyline-agent join TỆP",
        "check the address in agent.yaml, or ask the province for a new file "
        "and run tallyline-agent join FILE"};
    static const struct language_text unknown = {
        "hỏi người quản trị của tỉnh: trạm này có thể đã bị thu hồi hoặc đã "
        "được cấp lại cho máy khác",
        "ask the province's administrator: this office may have been revoked, "
        "or given to another machine"};
    static const struct language_text silent = {
        "thử lại sau vài phút; nếu vẫn thế, hỏi người quản trị của tỉnh xem "
        "trung tâm có đang bận hay không",
        "try again in some minutes; if it stays so, ask the province's "
        "administrator whether the server is busy"};

    switch (event) {
    case UPLINK_SOCKET_READY:
        findings_add(&doctor->findings, &address_check, FINDINGS_GOOD, NULL,
                     "%s: đúng trung tâm của tỉnh, khóa của máy này được nhận",
                     "%s: the province's server, and it takes this machine's "
                     "key",
                     address);
        break;
    case UPLINK_SOCKET_UNKNOWN_KEY:
        findings_add(&doctor->findings, &address_check, FINDINGS_BAD, &unknown,
                     "%s: trung tâm không nhận khóa của máy này",
                     "%s: the server does not take this machine's key",
                     address);
        break;
    case UPLINK_SOCKET_NOTHING:
        findings_add(&doctor->findings, &address_check, FINDINGS_BAD, &silent,
                     "%s: nối được, nhưng sau %d giây vẫn chưa có trả lời",
                     "%s: it can be reached, and has said nothing in %d s",
                     address, DOCTOR_REACH_MS / 1000);
        break;
    case UPLINK_SOCKET_UNREACHABLE:
    case UPLINK_SOCKET_NOT_UNDERSTOOD:
    case UPLINK_SOCKET_LOST:
        findings_add(&doctor->findings, &address_check, FINDINGS_BAD, &other,
                     "%s: có máy trả lời, nhưng không phải trung tâm có khóa "
                     "ghi trong agent.yaml",
                     "%s: something answers, but not the server whose key "
                     "agent.yaml names",
                     address);
        break;
    }
}

/* ---- how the line stands ---- */

static void look_at_waiting(struct doctor *doctor)
{
    static const struct language_text bring_up = {
        "số liệu vẫn an toàn trên máy này; khi đường truyền nối lại chúng tự "
        "gửi đi",
        "all is safe on this machine and goes by itself when the line is up"};
    struct spool_counts counts;
    char since[TEXT_MOMENT_MAX];
    bool longer;

    if (spool_counts(doctor->office->spool, &counts) != STATUS_OK) {
        return; /* told where the store was looked at */
    }
    if (counts.oldest_waiting == 0) {
        findings_add(&doctor->findings, &line_check, FINDINGS_GOOD, NULL,
                     "tỉnh đã nhận tất cả",
                     "the province has received everything");
        return;
    }
    longer =
        clock_wall_us(&doctor->clock) - counts.oldest_waiting > LONG_WAITING_US;
    text_format_clock(counts.oldest_waiting, doctor->findings.language, since);
    findings_add(&doctor->findings, &line_check,
                 longer ? FINDINGS_NOTE : FINDINGS_GOOD,
                 longer ? &bring_up : NULL,
                 "%" PRIu64 " sự kiện chờ gửi, lâu nhất từ %s",
                 "%" PRIu64 " events wait, the oldest since %s",
                 counts.saved + counts.sealed, since);
}

static void look_at_standing(struct doctor *doctor)
{
    static const struct language_text see = {
        "tallyline-agent status nói vì sao và phải làm gì",
        "tallyline-agent status says why and what to do"};
    struct spool_link link;

    if (spool_link(doctor->office->spool, &link) != STATUS_OK) {
        return;
    }
    if (link.frozen != SPOOL_RUNNING) {
        findings_add(&doctor->findings, &line_check, FINDINGS_BAD, &see,
                     "đã dừng cho đến khi có người xử lý",
                     "stands still until somebody acts");
    }
    look_at_waiting(doctor);
}

/* Another one has the line that the primary has not. */
static void tell_mark(struct doctor *doctor,
                      const struct collector_look looks[], size_t count)
{
    static const struct language_text move = {
        "nếu trung tâm chính không hoạt động lại, hãy chuyển vai trò chính: "
        "tallyline-agent collectors primary TÊN",
        "if the primary does not come back, move the mark: "
        "tallyline-agent collectors primary NAME"};
    const struct collector_look *instead =
        collectors_look_instead(looks, count);

    if (instead != NULL) {
        findings_add(&doctor->findings, &others_check, FINDINGS_NOTE, &move,
                     "trung tâm chính, %s, không nối được; %s đang nối",
                     "the primary, %s, is not connected; %s is", looks[0].name,
                     instead->name);
    }
}

/* Of the collectors beside the primary; their addresses are not tried: the
 * service does so, and they hold nothing up. */
static void look_at_others(struct doctor *doctor)
{
    static const struct language_text ask = {
        "hỏi người quản trị của tỉnh; nếu nơi đó không dùng nữa: "
        "tallyline-agent collectors remove TÊN",
        "ask the province's administrator; if it is gone for good: "
        "tallyline-agent collectors remove NAME"};
    const struct office *office = doctor->office;
    size_t count = collectors_count(office);
    struct collector_look looks[COLLECTORS_MAX];
    bool service = office_poke(office);
    bool waits = false;

    if (count > 1 && spool_orders_wait(office->spool, &waits) == STATUS_OK &&
        waits) {
        findings_add(&doctor->findings, &others_check, FINDINGS_NOTE, &ask,
                     "lệnh xóa của tỉnh đang chờ cho đến khi mọi trung tâm "
                     "nhận được lô đó",
                     "an erasure that was ordered waits until every collector "
                     "has that batch");
    }
    for (size_t i = 0; i < count; i++) {
        struct collector_look *look = &looks[i];
        char text[STANDING_TEXT_MAX];
        enum findings_state state = FINDINGS_GOOD;

        if (collectors_look(office, i, service, clock_wall_us(&doctor->clock),
                            look) != STATUS_OK) {
            return; /* told where the store was looked at */
        }
        if (i == 0) {
            continue;
        }
        if (standing_is_frozen(look->line) || look->holds_room ||
            look->damaged) {
            state = FINDINGS_BAD;
        } else if (look->line != STANDING_CONNECTED) {
            state = FINDINGS_NOTE;
        }
        collectors_look_text(look, doctor->findings.language, text);
        findings_add(&doctor->findings, &others_check, state,
                     state == FINDINGS_GOOD ? NULL : &ask, "%s", "%s", text);
    }
    tell_mark(doctor, looks, count);
}

void doctor_line(struct doctor *doctor)
{
    look_at_service(doctor);
    for (size_t i = 0; doctor->has_config && i < doctor->config.address_count;
         i++) {
        const char *address = doctor->config.addresses[i];

        if (reach(doctor, address) && doctor->has_keys) {
            tell_handshake(doctor, address, shake_hands(doctor, address));
        }
    }
    if (doctor->office != NULL && doctor->config.address_count > 0) {
        look_at_standing(doctor);
        look_at_others(doctor);
    }
}
