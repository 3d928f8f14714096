#include "agent/office/standing.h"

#include "common/base/clock.h"
#include "common/store/store.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW (INT64_C(1530000000) * CLOCK_US_PER_S)

static struct office office;
static struct standing standing;

static void open_spool(void)
{
    spool_fixture_open();
    office = (struct office){.spool = spool};
}

TestSuite(standing, .init = open_spool, .fini = spool_fixture_close);

static void look(bool service)
{
    cr_assert_eq(standing_look(&office, service, NOW, &standing), STATUS_OK);
}

static void save_on(int32_t days_ago)
{
    struct event event = spool_fixture_event(1, 0);

    event.recorded_at = NOW - days_ago * CLOCK_US_PER_DAY;
    (void)spool_fixture_save(&event);
}

static void expect_sentence(enum language language, const char *words)
{
    char text[STANDING_TEXT_MAX];

    standing_sentence(&standing, language, text);
    cr_assert_not_null(strstr(text, words), "%s", text);
}

/* ---- the line ---- */

Test(standing, a_line_that_was_never_up_is_not_called_down)
{
    save_on(1);
    look(true);
    cr_assert_eq(standing_line(&standing), STANDING_NEVER);
    expect_sentence(LANGUAGE_VI, "Chưa kết nối với tỉnh lần nào");
    expect_sentence(LANGUAGE_VI, "1 sự kiện đã lưu trên máy này và chờ gửi");
}

Test(standing, how_long_the_line_is_down_is_told)
{
    struct spool_link link = {.heard_at = NOW - CLOCK_US_PER_DAY,
                              .connected_at = NOW - CLOCK_US_PER_DAY};

    cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
    look(true);
    cr_assert_eq(standing_line(&standing), STANDING_CONNECTED);
    expect_sentence(LANGUAGE_VI, "Đang nối với tỉnh.");
    look(false);
    cr_assert_eq(standing_line(&standing), STANDING_DOWN);
    link.lost_at = NOW - 5 * INT64_C(3600) * CLOCK_US_PER_S;
    cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
    look(true);
    cr_assert_eq(standing_line(&standing), STANDING_DOWN);
    expect_sentence(LANGUAGE_VI, "(5 giờ)");
    expect_sentence(LANGUAGE_EN, "(5 hours)");
    expect_sentence(LANGUAGE_VI, "vẫn an toàn");
}

Test(standing, what_stands_still_says_what_to_do)
{
    static const enum spool_frozen frozen[] = {
        SPOOL_POSITION_TAKEN, SPOOL_REVOKED, SPOOL_CHAIN_BROKEN};
    static const char *const words[] = {"recover", "người quản trị của tỉnh",
                                        "recover"};

    for (size_t i = 0; i < 3; i++) {
        struct spool_link link = {.frozen = frozen[i], .heard_at = NOW};

        cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
        look(true);
        cr_assert(standing_is_frozen(standing_line(&standing)));
        expect_sentence(LANGUAGE_VI, "ĐÃ DỪNG");
        expect_sentence(LANGUAGE_VI, words[i]);
    }
}

Test(standing, all_received_is_said_when_it_is_so)
{
    struct spool_link link = {.heard_at = NOW, .connected_at = NOW};

    cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
    save_on(1);
    (void)spool_fixture_seal_all();
    look(true);
    expect_sentence(LANGUAGE_VI, "chờ gửi");
    spool_fixture_receive_all();
    look(true);
    expect_sentence(LANGUAGE_VI, "Tỉnh đã nhận tất cả");
}

/* ---- room ---- */

Test(standing, an_office_that_has_just_begun_has_no_estimate)
{
    for (int i = 0; i < 40; i++) {
        save_on(STANDING_RATE_MIN_DAYS - 1);
    }
    look(true);
    cr_assert_eq(standing.days_left, STANDING_DAYS_UNKNOWN);
}

Test(standing, few_events_are_no_rate)
{
    for (int i = 0; i < 9; i++) {
        save_on(20);
    }
    look(true);
    cr_assert_eq(standing.days_left, STANDING_DAYS_UNKNOWN);
}

/* Four a day of late; what was long ago does not count. */
Test(standing, days_left_follow_the_office_s_own_rate)
{
    uint64_t each;
    char text[STANDING_TEXT_MAX];

    for (int i = 0; i < 500; i++) {
        save_on(200);
    }
    for (int day = STANDING_RATE_DAYS - 1; day >= 0; day--) {
        for (int i = 0; i < 4; i++) {
            save_on(day);
        }
    }
    look(true);
    cr_assert_eq(standing.per_day_e2, 400);
    cr_assert_gt(standing.counts.bytes_reserved, 612 * SPOOL_EVENT_OVERHEAD);
    each =
        standing.counts.bytes_used / 612 + standing.counts.bytes_reserved / 612;
    cr_assert_eq(standing.room_left,
                 standing.counts.bytes_total / 100 * STORE_FULL_PERCENT -
                     standing.counts.bytes_used -
                     standing.counts.bytes_reserved);
    cr_assert_eq(standing.days_left,
                 standing.room_left / each / 4 < STANDING_DAYS_MAX
                     ? standing.room_left / each / 4
                     : STANDING_DAYS_MAX);
    standing.days_left = 41;
    standing_room_text(&standing, LANGUAGE_VI, text);
    cr_assert_not_null(strstr(text, "đủ cho khoảng 41 ngày nữa"), "%s", text);
}
