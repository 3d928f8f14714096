#include "agent/office/collectors_look.h"

#include "agent/spool/spool_slots.h"
#include "common/base/check.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

size_t collectors_count(const struct office *office)
{
    return office->config.address_count == 0 ? 0
                                             : office->config.other_count + 1;
}

static int64_t since_of(const struct standing *standing)
{
    switch (standing_line(standing)) {
    case STANDING_CONNECTED:
        return standing->link.connected_at;
    case STANDING_DOWN:
        return standing->link.lost_at;
    case STANDING_NEVER:
        return 0;
    case STANDING_REFUSED:
    case STANDING_POSITION_TAKEN:
    case STANDING_REVOKED:
    case STANDING_CHAIN_BROKEN:
        break;
    }
    return standing->link.refused_at;
}

enum status collectors_look(const struct office *office, size_t place,
                            bool service, int64_t now,
                            struct collector_look *look)
{
    const struct config *config = &office->config;
    unsigned slot;
    unsigned was;
    struct standing standing;
    struct spool_lack lack;
    enum status rc;

    check(place <= config->other_count);
    memset(look, 0, sizeof *look);
    look->primary = place == 0;
    look->name = place == 0 ? config->name : config->others[place - 1].name;
    look->address = place == 0 ? config->addresses[0]
                               : config->others[place - 1].addresses[0];
    slot = place == 0 ? config->slot : config->others[place - 1].slot;
    was = spool_turn(office->spool, slot);
    rc = standing_look(office, service, now, &standing);
    (void)spool_turn(office->spool, was);
    if (rc == STATUS_OK) {
        rc = spool_lack(office->spool, slot, config->spool_keep_bytes, &lack);
    }
    if (rc != STATUS_OK && place > 0 && rc != STATUS_IO &&
        rc != STATUS_MEMORY) {
        /* It says nothing of the primary, nor of what is saved. */
        look->line = STANDING_DOWN;
        look->damaged = true;
        return STATUS_OK;
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    look->line = standing_line(&standing);
    look->since = since_of(&standing);
    look->refusal = standing.link.refusal;
    look->waiting = lack.events;
    look->has_last = standing.has_last;
    look->entry = standing.last.index;
    look->received_at = standing.last.received_at;
    look->holds_room = place != 0 && lack.holds_room;
    return STATUS_OK;
}

/* ---- words ---- */

struct language_text collectors_look_line(enum standing_line line)
{
    static const struct language_text words[] = {
        [STANDING_CONNECTED] = {"đã kết nối", "connected"},
        [STANDING_DOWN] = {"chưa kết nối được, vẫn đang thử lại",
                           "not connected; it is tried again"},
        [STANDING_NEVER] = {"chưa bao giờ kết nối được",
                            "has never been connected"},
        [STANDING_REFUSED] = {"từ chối máy này; vẫn đang thử lại",
                              "refuses this machine; it is tried again"},
        [STANDING_POSITION_TAKEN] =
            {"đã dừng: ở đó có số liệu khác của văn phòng này",
             "stands still: it has other data of this office"},
        [STANDING_REVOKED] = {"đã dừng: quyền của văn phòng đã bị thu hồi ở "
                              "đó",
                              "stands still: this office is revoked there"},
        [STANDING_CHAIN_BROKEN] =
            {"đã dừng: chuỗi số liệu ở đó không nối được với máy này",
             "stands still: what it has does not hang together with ours"},
    };

    return words[line];
}

const struct collector_look *collectors_look_instead(
    const struct collector_look looks[], size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (looks[0].line != STANDING_CONNECTED &&
            looks[i].line == STANDING_CONNECTED) {
            return &looks[i];
        }
    }
    return NULL;
}

void collectors_look_text(const struct collector_look *look,
                          enum language language, char text[STANDING_TEXT_MAX])
{
    bool english = language == LANGUAGE_EN;
    size_t size;
    int length;

    if (look->damaged) {
        (void)snprintf(text, STANDING_TEXT_MAX,
                       english ? "%s: what it has said is damaged on this "
                                 "disk; take it off and add it again "
                                 "(tallyline-agent collectors)"
                               : "%s: những gì nơi đó đã báo bị hỏng trên ổ "
                                 "đĩa này; hãy bỏ nơi đó rồi thêm lại "
                                 "(tallyline-agent collectors)",
                       look->name);
        return;
    }
    length =
        snprintf(text, STANDING_TEXT_MAX, "%s: %s; ", look->name,
                 language_pick(collectors_look_line(look->line), language));

    check(length > 0 && (size_t)length < STANDING_TEXT_MAX);
    size = (size_t)length;
    if (look->waiting == 0) {
        length = snprintf(text + size, STANDING_TEXT_MAX - size, "%s",
                          english ? "has everything" : "đã nhận đủ");
    } else {
        length = snprintf(text + size, STANDING_TEXT_MAX - size,
                          english ? "%" PRIu64 " events not received"
                                  : "còn %" PRIu64 " sự kiện chưa nhận",
                          look->waiting);
    }
    check(length > 0 && (size_t)length < STANDING_TEXT_MAX - size);
    size += (size_t)length;
    if (look->holds_room) {
        (void)snprintf(
            text + size, STANDING_TEXT_MAX - size,
            english ? "; no room is made on this machine until it has them, or "
                      "it is taken off: tallyline-agent collectors remove %s"
                    : "; chỗ trống trên máy này chưa được giải phóng cho đến "
                      "khi nơi đó nhận đủ, hoặc bỏ nơi đó: "
                      "tallyline-agent collectors remove %s",
            look->name);
    }
}
