#include "collector/api/view_metrics_feed.h"

#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const char *const door_names[STANDING_FEED_DOORS] = {"province",
                                                            "audit"};

static uint64_t is_open(const struct standing_feed_door *door)
{
    return door->open ? 1 : 0;
}

static uint64_t keys(const struct standing_feed_door *door)
{
    return door->keys;
}

static uint64_t links(const struct standing_feed_door *door)
{
    return door->links;
}

static uint64_t strangers(const struct standing_feed_door *door)
{
    return door->strangers;
}

static uint64_t entries(const struct standing_feed_door *door)
{
    return door->entries;
}

static uint64_t left_out(const struct standing_feed_door *door)
{
    return door->left_out;
}

static uint64_t figures(const struct standing_feed_door *door)
{
    return door->figures;
}

static const struct {
    const char *name, *type, *help;
    uint64_t (*value)(const struct standing_feed_door *door);
} families[] = {
    {"feed_open", "gauge",
     "1 while this door of the live feed is open; 0 while it is shut.",
     is_open},
    {"feed_keys", "gauge", "Keys that are let in by this door.", keys},
    {"feed_links_total", "counter", "Links that were opened.", links},
    {"feed_strangers_total", "counter",
     "Links refused because their key is not known.", strangers},
    {"feed_entries_total", "counter", "Entries that were published.", entries},
    {"feed_entries_left_out_total", "counter",
     "Entries left out because too many came at once.", left_out},
    {"feed_figures_total", "counter", "Changes of figures that were published.",
     figures}};

static void put_requests(struct metric_text *text,
                         const struct standing_feed_door *door,
                         const char *name)
{
    const struct {
        const char *result;
        uint64_t count;
    } results[] = {{"answered", door->requests - door->refused - door->later -
                                    door->dropped},
                   {"refused", door->refused},
                   {"later", door->later},
                   {"dropped", door->dropped}};

    for (size_t i = 0; i < COUNT_OF(results); i++) {
        char labels[METRIC_LABELS_MAX] = "";

        metric_label(labels, "door", name);
        metric_label(labels, "result", results[i].result);
        metric_number(text, labels, results[i].count);
    }
}

void view_metrics_feed(struct metric_text *text,
                       const struct standing_feed *feed)
{
    if (!feed->on) {
        return;
    }
    for (size_t f = 0; f < COUNT_OF(families); f++) {
        metric_family(text, families[f].name, families[f].type,
                      families[f].help);
        for (size_t i = 0; i < STANDING_FEED_DOORS; i++) {
            char labels[METRIC_LABELS_MAX] = "";

            metric_label(labels, "door", door_names[i]);
            metric_number(text, labels, families[f].value(&feed->doors[i]));
        }
    }
    metric_family(text, "feed_requests_total", "counter",
                  "Requests for what there is already, by result.");
    for (size_t i = 0; i < STANDING_FEED_DOORS; i++) {
        put_requests(text, &feed->doors[i], door_names[i]);
    }
}
