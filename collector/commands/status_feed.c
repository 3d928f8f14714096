#include "collector/commands/status_feed.h"

#include "collector/line/standing.h"

#include <inttypes.h>
#include <stdio.h>

static void print_more(const struct args *args, const json_t *door,
                       const char *key, struct language_text text)
{
    uint64_t count = live_number(door, key);

    if (count > 0) {
        (void)printf("; %s: %" PRIu64, args_text(args, text), count);
    }
}

static void print_door(const struct args *args, const json_t *door,
                       struct language_text name)
{
    static const struct language_text open = {"mở", "open"};
    static const struct language_text shut = {"ĐÓNG, không gửi gì",
                                              "SHUT, nothing is sent"};
    static const struct language_text keys = {"khóa", "keys"};
    static const struct language_text links = {"lượt kết nối", "links"};
    static const struct language_text strangers = {"khóa lạ bị từ chối",
                                                   "refused for unknown keys"};
    static const struct language_text left_out = {
        "mục không kịp gửi (chương trình tự hỏi lại)",
        "entries left out (programs ask for them)"};

    (void)printf("%s: %s; %s: %" PRIu64 "; %s: %" PRIu64, args_text(args, name),
                 args_text(args, json_is_true(json_object_get(door, "open"))
                                     ? open
                                     : shut),
                 args_text(args, keys), live_number(door, "keys"),
                 args_text(args, links), live_number(door, "links"));
    print_more(args, door, "strangers", strangers);
    print_more(args, door, "left_out", left_out);
    (void)printf("\n");
}

void status_feed(const struct args *args, const struct live *live)
{
    static const struct language_text names[STANDING_FEED_DOORS] = {
        {"luồng số liệu trực tiếp", "live feed"},
        {"luồng số liệu cho kiểm toán", "live feed for auditors"}};
    const json_t *doors = json_object_get(live->standing, "feed");

    for (size_t i = 0; i < json_array_size(doors) && i < STANDING_FEED_DOORS;
         i++) {
        print_door(args, json_array_get(doors, i), names[i]);
    }
}
