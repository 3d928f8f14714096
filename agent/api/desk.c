/* Orders stand in one queue: handlers put them at its end, the daemon takes
 * them from its front, and one that is not done goes to the end again. The
 * lock is held for that alone. Failure modes: too many orders, or no memory for
 * one: a 503, and nothing was begun. A daemon that ends frees what waits. */
#include "agent/api/desk.h"

#include "agent/api/site.h"
#include "common/base/check.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define JSON_TYPE    "application/json"
#define LANGUAGE_KEY "lang"
#define ETAG_BYTES   16u

struct desk {
    const struct clock *clock;
    int event;
    pthread_mutex_t lock; /* over all below */
    struct desk_order *first, *last;
    size_t count; /* waiting and in their turn */
};

static void lock(struct desk *desk)
{
    check(pthread_mutex_lock(&desk->lock) == 0);
}

static void unlock(struct desk *desk)
{
    check(pthread_mutex_unlock(&desk->lock) == 0);
}

/* ---- orders ---- */

static void free_order(struct desk_order *order)
{
    if (order->work->fini != NULL) {
        order->work->fini(order);
    }
    for (size_t i = 0; i < DESK_NAMES_MAX; i++) {
        free(order->query[i]);
        free(order->parts[i]);
    }
    if (order->body_file >= 0) {
        (void)close(order->body_file);
    }
    buffer_fini(&order->body);
    free(order);
}

static void answer(struct desk_order *order, struct http_reply *reply)
{
    http_later_answer(&order->later, reply);
    lock(order->desk);
    order->desk->count--;
    unlock(order->desk);
    free_order(order);
}

/* With the lock held. */
static void append(struct desk *desk, struct desk_order *order)
{
    order->next = NULL;
    if (desk->last == NULL) {
        desk->first = order;
    } else {
        desk->last->next = order;
    }
    desk->last = order;
}

static struct desk_order *take_first(struct desk *desk)
{
    struct desk_order *order;

    lock(desk);
    order = desk->first;
    if (order != NULL) {
        desk->first = order->next;
        desk->last = desk->first == NULL ? NULL : desk->last;
    }
    unlock(desk);
    return order;
}

/* ---- handlers: any thread of the server ---- */

/* False: the reply says why not. */
static bool names_are_good(const struct desk_work *work,
                           const struct http_request *request,
                           struct http_reply *reply)
{
    const char *known[DESK_NAMES_MAX + 2u] = {LANGUAGE_KEY};

    for (size_t i = 0; i < DESK_NAMES_MAX; i++) {
        known[i + 1] = work->query[i];
    }
    return http_query_only(request, known, reply);
}

static bool copy(const char *text, char **to)
{
    *to = text == NULL ? NULL : strdup(text);
    return text == NULL || *to != NULL;
}

static bool copy_request(const struct http_request *request,
                         struct desk_order *order)
{
    const struct desk_work *work = order->work;
    struct bytes body = http_body(request);
    bool good = true;

    for (size_t i = 0; i < DESK_NAMES_MAX && work->query[i] != NULL; i++) {
        good =
            copy(http_query(request, work->query[i]), &order->query[i]) && good;
    }
    for (size_t i = 0; i < DESK_NAMES_MAX && work->parts[i] != NULL; i++) {
        good =
            copy(http_part(request, work->parts[i]), &order->parts[i]) && good;
    }
    order->who = *http_who(request);
    order->language = desk_language(request);
    return buffer_append(&order->body, body) == STATUS_OK && good;
}

static struct desk_order *make_order(struct desk *desk,
                                     struct http_request *request)
{
    struct desk_order *order = calloc(1, sizeof *order);

    if (order == NULL) {
        return NULL;
    }
    order->work = http_route_data(request);
    order->desk = desk;
    order->body_file = -1;
    buffer_init(&order->body, HTTP_BODY_MAX);
    if (!copy_request(request, order)) {
        free_order(order);
        return NULL;
    }
    order->body_file = http_take_body_file(request);
    return order;
}

static void refuse(struct http_reply *reply)
{
    http_reply_problem(reply, 503, "too much is asked at once");
    reply->retry_after_s = 1;
}

static void place(struct desk *desk, struct desk_order *order)
{
    uint64_t one = 1;

    lock(desk);
    append(desk, order);
    unlock(desk);
    check(write(desk->event, &one, sizeof one) == (ssize_t)sizeof one);
}

void desk_take(void *context, struct http_request *request,
               struct http_reply *reply)
{
    struct desk *desk = ((struct site *)context)->desk;
    struct desk_order *order = NULL;
    bool room;

    if (!names_are_good(http_route_data(request), request, reply)) {
        return;
    }
    lock(desk);
    room = desk->count < DESK_ORDERS_MAX;
    desk->count += room ? 1u : 0u;
    unlock(desk);
    if (room) {
        order = make_order(desk, request);
    }
    if (order != NULL) {
        order->later = http_later(request, reply);
    }
    if (order != NULL && order->later != NULL) {
        place(desk, order);
        return;
    }
    if (order != NULL) {
        free_order(order);
    } else {
        refuse(reply);
    }
    if (room) {
        lock(desk);
        desk->count--;
        unlock(desk);
    }
}

enum language desk_language(const struct http_request *request)
{
    const char *asked = http_query(request, LANGUAGE_KEY);
    const char *accepts = http_header(request, "Accept-Language");
    enum language language = LANGUAGE_VI;

    if (asked != NULL) {
        (void)language_parse(asked, &language);
    } else if (accepts != NULL && strncmp(accepts, "en", 2) == 0) {
        language = LANGUAGE_EN;
    }
    return language;
}

/* ---- what work asks ---- */

static const char *find(const char *const names[DESK_NAMES_MAX],
                        char *const values[DESK_NAMES_MAX], const char *name)
{
    for (size_t i = 0; i < DESK_NAMES_MAX && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return values[i];
        }
    }
    check(false); /* the work does not name it */
    return NULL;
}

const char *desk_query(const struct desk_order *order, const char *name)
{
    return find(order->work->query, order->query, name);
}

const char *desk_part(const struct desk_order *order, const char *name)
{
    return find(order->work->parts, order->parts, name);
}

bool desk_query_number(const struct desk_order *order, const char *name,
                       uint64_t max, uint64_t other, uint64_t *number,
                       struct http_reply *reply)
{
    const char *text = desk_query(order, name);

    *number = text == NULL ? other : 0;
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (*at < '0' || *at > '9' || *number > (max - digit) / 10u) {
            http_reply_problem(reply, 400, name);
            return false;
        }
        *number = *number * 10u + digit;
    }
    if (text != NULL && (*text == '\0' || *number > max)) {
        http_reply_problem(reply, 400, name);
        return false;
    }
    return true;
}

void desk_give(json_t **json, struct http_reply *reply)
{
    struct buffer text;
    size_t size;
    uint8_t *out;

    buffer_init(&text, DESK_REPLY_MAX);
    size = *json == NULL ? 0 : json_dumpb(*json, NULL, 0, JSON_COMPACT);
    if (size == 0 || buffer_extend(&text, size, &out) != STATUS_OK ||
        json_dumpb(*json, (char *)out, size, JSON_COMPACT) != size) {
        http_reply_problem(reply, 503, NULL);
    } else {
        http_reply_take(reply, JSON_TYPE, &text);
    }
    buffer_fini(&text);
    json_decref(*json);
    *json = NULL;
}

void desk_give_kept(json_t **json, struct http_reply *reply)
{
    struct digest digest;

    desk_give(json, reply);
    if (reply->status != 200) {
        return;
    }
    digest_bytes(reply->body, &digest);
    reply->cache = HTTP_CACHE_ASK;
    check(bytes_to_hex((struct bytes){digest.bytes, ETAG_BYTES}, reply->etag,
                       sizeof reply->etag) == STATUS_OK);
}

void desk_problem(const struct desk_order *order, unsigned status,
                  struct language_text text, struct http_reply *reply)
{
    http_reply_problem(reply, status, language_pick(text, order->language));
}

void desk_failed(const struct desk_order *order, enum status status,
                 struct http_reply *reply)
{
    static const struct language_text full = {
        "Chưa lưu: kho của văn phòng đã đầy. Những gì đã lưu vẫn còn nguyên và "
        "vẫn được gửi.",
        "Not saved: the office's store is full. All that was saved is kept and "
        "still sent."};
    static const struct language_text disk = {
        "Chưa lưu: ổ đĩa báo lỗi. Hãy báo người phụ trách máy; đừng xóa dữ "
        "liệu.",
        "Not saved: the disk failed. Tell the person who looks after the "
        "machine; do not remove the data."};
    static const struct language_text damaged = {
        "Dữ liệu trong kho bị hỏng: hãy báo người quản trị của tỉnh.",
        "Data in the store is damaged: tell the province's administrator."};

    switch (status) {
    case STATUS_FULL:
        desk_problem(order, 507, full, reply);
        break;
    case STATUS_IO:
        desk_problem(order, 500, disk, reply);
        break;
    case STATUS_CORRUPT:
        desk_problem(order, 500, damaged, reply);
        break;
    default:
        http_reply_problem(reply, 503, status_text(status, order->language));
        break;
    }
}

/* ---- the daemon's thread ---- */

enum status desk_new(const struct clock *clock, struct desk **out)
{
    struct desk *desk = calloc(1, sizeof *desk);

    *out = NULL;
    if (desk == NULL) {
        return STATUS_MEMORY;
    }
    desk->clock = clock;
    desk->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (desk->event < 0) {
        free(desk);
        return STATUS_IO;
    }
    check(pthread_mutex_init(&desk->lock, NULL) == 0);
    *out = desk;
    return STATUS_OK;
}

void desk_free(struct desk **out)
{
    struct desk *desk = *out;
    struct desk_order *order;

    if (desk == NULL) {
        return;
    }
    while ((order = take_first(desk)) != NULL) {
        struct http_reply reply;

        http_reply_init(&reply);
        refuse(&reply);
        answer(order, &reply);
    }
    (void)close(desk->event);
    check(pthread_mutex_destroy(&desk->lock) == 0);
    free(desk);
    *out = NULL;
}

int desk_event_fd(const struct desk *desk)
{
    return desk->event;
}

bool desk_has_orders(struct desk *desk)
{
    bool has;

    lock(desk);
    has = desk->first != NULL;
    unlock(desk);
    return has;
}

/* The event stays set while something waits: the next wait ends at once. */
static void settle_event(struct desk *desk)
{
    uint64_t value = 1;

    lock(desk);
    if (desk->first == NULL) {
        ssize_t size = read(desk->event, &value, sizeof value);

        check(size == (ssize_t)sizeof value || errno == EAGAIN);
    }
    unlock(desk);
}

static void take_turn(struct desk *desk, struct desk_order *order,
                      const struct desk_means *means)
{
    struct http_reply reply;

    http_reply_init(&reply);
    order->means = means;
    if (order->work->turn(order, &reply) == DESK_DONE) {
        answer(order, &reply);
        return;
    }
    check(reply.status == 0);
    order->means = NULL;
    lock(desk);
    append(desk, order);
    unlock(desk);
}

void desk_serve(struct desk *desk, const struct desk_means *means)
{
    int64_t end = clock_monotonic_us(desk->clock) + DESK_TURN_US;
    struct desk_order *order = take_first(desk);

    while (order != NULL) {
        take_turn(desk, order, means);
        order = clock_monotonic_us(desk->clock) < end ? take_first(desk) : NULL;
    }
    settle_event(desk);
}
