/* Failure modes: a link that is silent costs one place for a while, and one
 * that answers slowly loses its place but nothing of what it returns. */
#include "collector/line/serve_links.h"

#include "common/base/check.h"
#include "common/format/merkle.h"

#include <stdlib.h>
#include <string.h>

struct serve_links *serve_links_new(void)
{
    return calloc(1, sizeof(struct serve_links));
}

void serve_links_free(struct serve_links **links)
{
    if (*links != NULL) {
        for (size_t i = 0; i < (*links)->count; i++) {
            free((*links)->items[i]);
        }
        free(*links);
        *links = NULL;
    }
}

struct serve_link *serve_links_find(const struct serve_links *links,
                                    const struct public_key *key)
{
    for (size_t i = 0; links != NULL && i < links->count; i++) {
        if (public_key_equal(&links->items[i]->key, key)) {
            return links->items[i];
        }
    }
    return NULL;
}

/* ---- places among those that are asked ---- */

static void leave_place(struct serve_links *links, struct serve_link *link)
{
    if (!link->asked) {
        return;
    }
    for (size_t i = 0; i < links->asked_count; i++) {
        if (links->asked[i] == link) {
            links->asked[i] = links->asked[--links->asked_count];
            break;
        }
    }
    link->asked = false;
    links->asked_strangers -= link->number == 0;
    links->look_at = 0;
}

static void end_late_ones(struct serve_links *links, int64_t now)
{
    for (size_t i = links->asked_count; i-- > 0;) {
        struct serve_link *link = links->asked[i];

        if (now - link->grown_at >= SERVE_SILENT_US ||
            now - link->asked_at >= SERVE_ASKED_US) {
            leave_place(links, link);
        }
    }
}

/* ---- who is there ---- */

static struct serve_link *oldest_stranger(const struct serve_links *links)
{
    struct serve_link *oldest = NULL;

    for (size_t i = 0; i < links->count; i++) {
        struct serve_link *link = links->items[i];

        if (link->number == 0 && !link->asked &&
            (oldest == NULL || link->heard_at < oldest->heard_at)) {
            oldest = link;
        }
    }
    return oldest;
}

/* A place for one more, empty. */
static struct serve_link *make_place(struct serve_links *links, uint32_t number)
{
    struct serve_link *link;

    if (links->count == SERVE_LINKS_MAX ||
        (number == 0 && links->strangers >= SERVE_STRANGERS_MAX)) {
        link = oldest_stranger(links);
        check(link != NULL); /* more offices than there can be */
        links->strangers--;
        return link;
    }
    link = calloc(1, sizeof *link);
    if (link != NULL) {
        links->items[links->count++] = link;
    }
    return link;
}

struct serve_link *serve_links_hello(struct serve_links *links,
                                     const struct public_key *key,
                                     uint32_t number, int64_t now)
{
    struct serve_link *link = serve_links_find(links, key);

    if (link == NULL) {
        link = make_place(links, number);
    } else {
        leave_place(links, link);
        links->strangers -= link->number == 0;
    }
    if (link == NULL) {
        return NULL;
    }
    *link = (struct serve_link){.key = *key, .number = number, .heard_at = now};
    links->strangers += number == 0;
    links->look_at = 0;
    return link;
}

void serve_links_begin(struct serve_link *link, const struct wire_hello *hello,
                       uint64_t entries)
{
    uint64_t most = hello->last_index > hello->next_control
                        ? hello->last_index
                        : hello->next_control;

    link->hello = *hello;
    link->able = (hello->capabilities & WIRE_CAPABILITY_PAIRS) != 0;
    link->next = link->kept.next = entries;
    link->holds = most < MERKLE_SIZE_MAX ? most : 0;
}

void serve_links_know(struct serve_links *links, struct serve_link *link,
                      uint32_t number)
{
    check(link->number == 0 && number != 0);
    links->strangers--;
    links->asked_strangers -= link->asked;
    link->number = number;
    links->look_at = 0;
}

void serve_links_forget(struct serve_links *links, struct serve_link *link)
{
    check(link->number != 0);
    leave_place(links, link);
    links->strangers++;
    link->number = 0;
    link->welcomed = false;
    link->done = true;
    links->changed = true;
    links->look_at = 0;
}

/* ---- whose turn it is ---- */

static bool may_be_asked(const struct serve_links *links,
                         const struct serve_link *link, int64_t now)
{
    return !link->owes && !link->done && now >= link->wait_until &&
           (link->number != 0 ||
            links->asked_strangers < SERVE_ASKED_STRANGERS_MAX);
}

struct serve_link *serve_links_next(struct serve_links *links, int64_t now)
{
    int64_t look_at = INT64_MAX;

    end_late_ones(links, now);
    if (now < links->look_at || links->asked_count == SERVE_ASKED_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < links->count; i++) {
        struct serve_link *link =
            links->items[(links->turn + i) % links->count];

        if (may_be_asked(links, link, now)) {
            links->turn = (links->turn + i) % links->count + 1;
            return link;
        }
        if (!link->owes && !link->done && link->wait_until > now &&
            link->wait_until < look_at) {
            look_at = link->wait_until;
        }
    }
    links->look_at = look_at;
    return NULL;
}

void serve_links_ask(struct serve_links *links, struct serve_link *link,
                     int64_t now)
{
    check(!link->asked && links->asked_count < SERVE_ASKED_MAX);
    links->asked[links->asked_count++] = link;
    links->asked_strangers += link->number == 0;
    link->asked = link->owes = true;
    link->from = link->next;
    link->asked_at = link->grown_at = now;
}

void serve_links_gone(struct serve_links *links, struct serve_link *link)
{
    leave_place(links, link);
    link->done = true;
}

void serve_links_grew(struct serve_links *links, struct serve_link *link,
                      uint64_t last, int64_t now)
{
    if (last < link->next) {
        return;
    }
    link->grown_at = now;
    links->changed = true;
    if (!link->again) {
        link->next = last + 1 < link->holds ? last + 1 : link->holds;
    }
}

void serve_links_ended(struct serve_links *links, struct serve_link *link,
                       uint64_t done_to)
{
    bool taken = !link->skip && !link->again;

    if (!link->skip && done_to <= link->from) {
        return; /* the answer to something else */
    }
    leave_place(links, link);
    links->look_at = 0;
    links->changed = true;
    link->owes = link->skip = link->again = false;
    if (taken) {
        link->next = done_to > link->next ? done_to : link->next;
        link->done = link->next >= link->holds;
    }
}

/* ---- what is on the disk ---- */

void serve_links_stored(struct serve_links *links)
{
    if (!links->changed) {
        return;
    }
    for (size_t i = 0; i < links->count; i++) {
        struct serve_link *link = links->items[i];

        link->kept.next = link->next;
        link->kept.done = link->done;
        link->kept.told = link->told;
    }
    links->changed = false;
}

void serve_links_pause(struct serve_links *links, struct serve_link *link,
                       int64_t now)
{
    leave_place(links, link);
    link->next = link->kept.next;
    link->done = link->kept.done;
    link->told = link->kept.told;
    link->skip = link->owes;
    link->wait_until = now + SERVE_FULL_US;
    links->look_at = 0;
}

void serve_links_lost(struct serve_links *links, int64_t now)
{
    for (size_t i = 0; i < links->count; i++) {
        struct serve_link *link = links->items[i];

        if (link->next != link->kept.next || link->done != link->kept.done ||
            link->told != link->kept.told) {
            serve_links_pause(links, link, now);
        }
    }
    links->changed = false;
}
