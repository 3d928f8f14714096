#include "agent/commands/status_backup.h"

#include "common/base/text.h"
#include "common/event/reference.h"

#include <stdio.h>

void status_backup_print(const struct spool_backup *backup,
                         enum language language)
{
    static const struct language_text backed_up = {"Tỉnh đã sao lưu",
                                                   "Backed up"};
    static const struct language_text removed = {
        "Đã sao lưu và không còn trên máy này",
        "Backed up and not here any more"};
    static const struct language_text from = {"còn đủ từ", "all are here from"};
    char count[TEXT_NUMBER_MAX];
    char id[EVENT_ID_TEXT_MAX];

    if (backup->up_to > 0) {
        text_format_count(backup->backed_up + backup->removed, language, count);
        (void)printf("%s: %s\n", language_pick(backed_up, language), count);
    }
    if (backup->removed > 0) {
        text_format_count(backup->removed, language, count);
        event_id_format(backup->kept_from, id);
        (void)printf("%s: %s (%s %s)\n", language_pick(removed, language),
                     count, language_pick(from, language), id);
    }
}

void status_history_print(const struct spool_history *history,
                          enum language language)
{
    static const struct language_text came = {
        "Số liệu cũ đã về lại máy mới", "Own past come back to this machine"};
    static const struct language_text coming = {
        "CHƯA ĐỦ, đang về tiếp khi có đường truyền (nếu hết chỗ: tăng "
        "spool_bytes)",
        "NOT ALL yet, more comes with the line (without room: raise "
        "spool_bytes)"};
    static const struct language_text all = {"đủ", "all of it"};
    char count[TEXT_NUMBER_MAX];

    if (history->wanted) {
        text_format_count(history->events, language, count);
        (void)printf("%s: %s, %s\n", language_pick(came, language), count,
                     language_pick(history->done ? all : coming, language));
    }
}
