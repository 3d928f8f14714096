#include "agent/commands/status_clock.h"

#include "common/base/clock.h"
#include "common/format/wire.h"

#include <stdio.h>

#define MINUTE_US (60 * CLOCK_US_PER_S)
#define HOUR_US   (60 * MINUTE_US)

void status_clock_print(int64_t ahead, enum language language)
{
    static const struct {
        int64_t us;
        struct language_text text;
    } units[] = {
        {CLOCK_US_PER_DAY, {"ngày", "days"}},
        {HOUR_US, {"giờ", "hours"}},
        {MINUTE_US, {"phút", "minutes"}},
    };
    static const struct language_text fast = {
        "ĐỒNG HỒ của máy này chạy nhanh",
        "The CLOCK of this machine is ahead by"};
    static const struct language_text slow = {
        "ĐỒNG HỒ của máy này chạy chậm",
        "The CLOCK of this machine is behind by"};
    static const struct language_text what = {
        "so với đồng hồ của tỉnh: hãy chỉnh đồng hồ sai; sự kiện ghi ngày chưa "
        "tới sẽ chưa được tính",
        "of the province's: set the one that is wrong; events dated after "
        "their receipt do not count"};
    int64_t much = ahead < 0 ? -ahead : ahead;
    size_t unit = 0;

    if (!wire_clocks_differ(ahead)) {
        return;
    }
    while (much < 2 * units[unit].us &&
           unit + 1 < sizeof units / sizeof units[0]) {
        unit++;
    }
    (void)printf("%s %lld %s %s\n",
                 language_pick(ahead > 0 ? fast : slow, language),
                 (long long)(much / units[unit].us),
                 language_pick(units[unit].text, language),
                 language_pick(what, language));
}
