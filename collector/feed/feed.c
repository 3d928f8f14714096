/* The thread goes round: it waits for a tick or a request, answers requests,
 * and at a tick says what is new: entries by their index in the ledger, figures
 * by a number of their own, which begins again with each run. */
#include "collector/feed/feed_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collector/api/changes.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/thread.h"

static int64_t now_us(const struct feed *feed)
{
    return clock_monotonic_us(feed->options.clock);
}

/* ---- the pace ---- */

static bool pace_has(const struct feed *feed, const struct pace *pace)
{
    return pace->paid_at - now_us(feed) < FEED_BURST_US;
}

static void pace_take(const struct feed *feed, struct pace *pace)
{
    int64_t now = now_us(feed);
    int64_t cost = (int64_t)feed->body.size * CLOCK_US_PER_S / FEED_BYTES_PER_S;

    pace->paid_at = (pace->paid_at > now ? pace->paid_at : now) + cost;
}

/* ---- news ---- */

static void tell_figures(struct feed *feed, struct class *class)
{
    struct answer *now = desk_find(feed->desk, &class->query, DESK_NOBODY);

    if (now == NULL) {
        (void)desk_ask(feed->desk, &class->query, DESK_NOBODY, NULL, NULL);
        return;
    }
    if (now == class->sent) {
        answer_release(&now);
        return;
    }
    if (changes_any(feed_say_rows(class->sent), feed_say_rows(now))) {
        class->number++;
        if (feed_say_figures(feed, class, class->sent, now)) {
            feed_door_publish(&class->door, FEED_TOPIC_FIGURES,
                              buffer_bytes(&feed->body));
            class->counts.figures++;
        }
    }
    answer_release(&class->sent);
    class->sent = now;
}

/* Too far behind: what is left out, subscribers ask for. */
static void jump_ahead(struct class *class, uint64_t size)
{
    uint64_t last = size < FEED_PAGE_ENTRIES ? size : FEED_PAGE_ENTRIES;

    if (class->next > size || size - class->next > FEED_LAG_MAX) {
        if (class->next < size) {
            class->counts.left_out += size - last - class->next;
        }
        class->next = size - last;
    }
}

static void tell_entries(struct feed *feed, struct class *class, uint64_t size)
{
    int64_t until = now_us(feed) + FEED_STEP_US;

    jump_ahead(class, size);
    while (class->next < size && now_us(feed) < until &&
           pace_has(feed, &class->pace)) {
        uint64_t from = class->next;
        bool made = feed_say_page(feed, class, from, size, &class->next);

        if (made) {
            feed_door_publish(&class->door, FEED_TOPIC_ENTRIES,
                              buffer_bytes(&feed->body));
            class->counts.entries += class->next - from;
            pace_take(feed, &class->pace);
        } else {
            class->counts.left_out += class->next - from;
        }
    }
}

/* So that who has missed the last message finds out. */
static void tell_beat(struct feed *feed, struct class *class)
{
    struct say say;

    feed_say_begin(feed, &say);
    say_moment(&say, "now", clock_wall_us(feed->options.clock));
    say_number(&say, "entries", (int64_t) class->next);
    say_number(&say, "figures", (int64_t) class->number);
    if (feed_say_end(&say)) {
        feed_door_publish(&class->door, FEED_TOPIC_BEAT,
                          buffer_bytes(&feed->body));
    }
}

/* For status and the metrics. */
static void tell_counts(struct feed *feed)
{
    struct standing_feed told = {.on = true};

    for (size_t i = 0; i < CLASS_END; i++) {
        const struct class *class = &feed->classes[i];
        struct standing_feed_door *door = &told.doors[i];

        *door = class->counts;
        door->open = class->door.open;
        door->keys = class->key_count;
        door->links = class->door.counts.handshakes;
        door->strangers = class->door.counts.strangers;
        door->dropped = class->door.dropped;
    }
    standings_tell_feed(feed->options.standings, &told);
}

static void tell_news(struct feed *feed)
{
    bool beat = now_us(feed) >= feed->beat_at;
    uint64_t size = 0;
    enum status status = feed_entries_begin(feed->entries, &size);

    if (status != STATUS_OK) {
        log_warning("the feed cannot read the ledger",
                    log_status("status", status));
    }
    for (size_t i = 0; i < CLASS_END; i++) {
        struct class *class = &feed->classes[i];

        if (!class->door.open || class->key_count == 0) {
            class->next = size;
            continue;
        }
        if (status == STATUS_OK) {
            tell_entries(feed, class, size);
        }
        tell_figures(feed, class);
        if (beat) {
            tell_beat(feed, class);
        }
    }
    if (status == STATUS_OK) {
        feed_entries_end(feed->entries);
    }
    if (beat) {
        tell_counts(feed);
        feed->beat_at = now_us(feed) + FEED_BEAT_S * CLOCK_US_PER_S;
    }
}

/* ---- requests ---- */

/* Something has to end a reply that was begun. */
static void say_why(struct feed *feed, struct class *class, const char *topic,
                    const char *why)
{
    struct say say;

    feed_say_begin(feed, &say);
    say_text(&say, "why", why);
    feed_door_reply(&class->door, topic,
                    feed_say_end(&say) ? buffer_bytes(&feed->body)
                                       : bytes_of_text("{}"));
}

static bool make_reply(struct feed *feed, struct class *class,
                       const struct feed_request *request)
{
    uint64_t size = 0, next;
    bool made;

    if (request->what == FEED_ASK_FIGURES) {
        return class->sent != NULL &&
               feed_say_figures(feed, class, NULL, class->sent);
    }
    if (feed_entries_begin(feed->entries, &size) != STATUS_OK) {
        return false;
    }
    /* What was not published yet will be: the end is where that begins. */
    size = size < class->next ? size : class->next;
    made = feed_say_page(feed, class, request->from, size, &next);
    feed_entries_end(feed->entries);
    return made;
}

/* False: none waits. Nothing is made, nor paid for, when its reply has no
 * room: who asks and does not read takes no time of those who do. */
static bool answer_request(struct feed *feed, struct class *class)
{
    struct feed_request request;
    struct intake_route from;
    enum feed_received received =
        feed_door_receive(&class->door, &from, &request);

    if (received == FEED_RECEIVED_NOTHING) {
        return false;
    }
    class->counts.requests++;
    class->counts.refused += received == FEED_RECEIVED_OTHER ? 1 : 0;
    if (!feed_door_begin_reply(&class->door, &from)) {
        return true;
    }
    if (received == FEED_RECEIVED_OTHER) {
        say_why(feed, class, FEED_TOPIC_REFUSED,
                "ask with [figures] or [entries, INDEX]");
    } else if (make_reply(feed, class, &request)) {
        feed_door_reply(&class->door,
                        request.what == FEED_ASK_FIGURES ? FEED_TOPIC_FIGURES
                                                         : FEED_TOPIC_ENTRIES,
                        buffer_bytes(&feed->body));
        pace_take(feed, &feed->pace);
    } else {
        class->counts.later++;
        say_why(feed, class, FEED_TOPIC_LATER,
                "it cannot be told now, ask again");
    }
    return true;
}

static void answer_requests(struct feed *feed)
{
    int64_t began = now_us(feed);
    bool any = true;

    if (began < feed->requests_at) {
        return;
    }
    for (size_t k = 0; k < FEED_REQUESTS_STEP && any; k++) {
        any = false;
        for (size_t i = 0; i < CLASS_END && pace_has(feed, &feed->pace); i++) {
            any = answer_request(feed, &feed->classes[i]) || any;
        }
    }
    feed->requests_at = 2 * now_us(feed) - began;
    if (feed->requests_at < feed->pace.paid_at - FEED_BURST_US) {
        feed->requests_at = feed->pace.paid_at - FEED_BURST_US;
    }
}

/* ---- the thread ---- */

/* Until the tick; `paused`: until requests are looked at again, if that is
 * sooner. */
static int wait_ms(const struct feed *feed, bool paused)
{
    int64_t until = paused && feed->requests_at < feed->tick_at
                        ? feed->requests_at
                        : feed->tick_at;
    int64_t left = until - now_us(feed);

    return left <= 0 ? 0 : (int)(left / CLOCK_US_PER_MS) + 1;
}

/* False: it is to end. */
static bool wait_for_work(const struct feed *feed)
{
    zmq_pollitem_t items[1 + CLASS_END * FEED_DOOR_ITEMS];
    bool paused = now_us(feed) < feed->requests_at;
    int count = 1;

    memset(items, 0, sizeof items);
    items[0].fd = feed->stop;
    items[0].events = ZMQ_POLLIN;
    /* While requests have to wait they are not looked at either. */
    for (size_t i = 0; i < CLASS_END && !paused; i++) {
        if (feed->classes[i].door.open) {
            feed_door_items(&feed->classes[i].door, &items[count]);
            count += (int)FEED_DOOR_ITEMS;
        }
    }
    (void)zmq_poll(items, count, wait_ms(feed, paused));
    return items[0].revents == 0;
}

static void *work(void *argument)
{
    struct feed *feed = argument;

    (void)setpriority(PRIO_PROCESS, 0, FEED_NICE); /* of this thread alone */
    while (wait_for_work(feed)) {
        for (size_t i = 0; i < CLASS_END; i++) {
            feed_door_look(&feed->classes[i].door);
        }
        answer_requests(feed);
        if (now_us(feed) >= feed->tick_at) {
            feed->tick_at = now_us(feed) + FEED_TICK_MS * CLOCK_US_PER_MS;
            feed_keys_look_after(feed);
            tell_news(feed);
        }
    }
    return NULL;
}

/* ---- opening ---- */

static enum status open_class(struct feed *feed, enum class_kind kind,
                              const char **what)
{
    const struct settings_feed *settings = &feed->settings;
    struct class *class = &feed->classes[kind];
    struct feed_door_options options = {
        .context = feed->options.context,
        .zap = feed->options.zap,
        .guard = feed->options.guard,
        .keys = feed->options.keys,
        .domain = feed_kinds[kind].domain,
        .publish = settings->places[feed_kinds[kind].publish],
        .snapshot = settings->places[feed_kinds[kind].snapshot]};
    struct http_who who = {.role = feed_kinds[kind].reader};
    enum status status = feed_door_open(&class->door, &options);

    *what = "feed";
    if (status == STATUS_BUSY) {
        log_error("a door of the feed is shut: another program listens at its "
                  "address; it is tried again",
                  log_text("publish", options.publish),
                  log_text("snapshot", options.snapshot));
        feed->shut = true;
        status = STATUS_OK;
    }
    query_init(&class->query, QUERY_FEED, &who);
    if (class->door.open) {
        log_info("the feed is open",
                 log_text("for", kind == CLASS_AUDIT ? "auditors" : "viewers"),
                 log_text("publish", class->door.publisher.bound),
                 log_text("snapshot", class->door.router.bound));
    }
    return status;
}

static enum status open_parts(struct feed *feed, const char **what)
{
    enum status status = STATUS_OK;
    uint64_t size = 0;

    *what = "feed";
    feed->desk = desk_open(feed->options.figures, feed->options.standings,
                           feed->options.clock);
    feed->stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (status == STATUS_OK && (feed->desk == NULL || feed->stop < 0)) {
        status = STATUS_MEMORY;
    }
    if (status == STATUS_OK) {
        status = feed_entries_open(feed->options.ledger, &feed->entries);
    }
    if (status == STATUS_OK) {
        status = feed_entries_begin(feed->entries, &size);
    }
    if (status == STATUS_OK) {
        feed_entries_end(feed->entries);
        status = feed_keys_read(feed);
    }
    for (unsigned i = 0; i < CLASS_END && status == STATUS_OK; i++) {
        feed->classes[i].next = size;
        status = open_class(feed, (enum class_kind)i, what);
    }
    return status;
}

enum status feed_open(const struct feed_options *options, struct feed **feed,
                      const char **what)
{
    struct feed *self;
    enum status status;

    *feed = NULL;
    *what = "feed";
    if (!options->settings->on) {
        return STATUS_OK;
    }
    self = calloc(1, sizeof *self);
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->options = *options;
    self->settings = *options->settings;
    random_id_make(&self->run);
    buffer_init(&self->body, FEED_MESSAGE_MAX);
    buffer_init(&self->part, FEED_MESSAGE_MAX);
    for (unsigned i = 0; i < CLASS_END; i++) {
        self->classes[i].kind = (enum class_kind)i;
    }
    status = open_parts(self, what);
    if (status == STATUS_OK) {
        self->running = true; /* before the thread, which reads it */
        status = thread_start(&self->thread, work, self);
        self->running = status == STATUS_OK;
    }
    *feed = self;
    return status;
}

void feed_close(struct feed *feed)
{
    uint64_t one = 1;

    if (feed == NULL) {
        return;
    }
    if (feed->running) {
        check(write(feed->stop, &one, sizeof one) == (ssize_t)sizeof one);
        check(pthread_join(feed->thread, NULL) == 0);
        feed->running = false;
    }
    for (size_t i = 0; i < CLASS_END; i++) {
        feed_door_close(&feed->classes[i].door);
        answer_release(&feed->classes[i].sent);
    }
    if (feed->desk != NULL) {
        desk_refuse(feed->desk);
    }
    feed_entries_close(&feed->entries);
}

void feed_free(struct feed **feed)
{
    struct feed *self = *feed;

    if (self == NULL) {
        return;
    }
    desk_close(&self->desk);
    buffer_fini(&self->body);
    buffer_fini(&self->part);
    if (self->stop >= 0) {
        (void)close(self->stop);
    }
    free(self);
    *feed = NULL;
}
