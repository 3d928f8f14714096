/* The sentences that several commands need. */
#include "agent/commands/answer.h"

#include "agent/source/describe.h"
#include "agent/spool/spool_backup.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <stdio.h>
#include <string.h>

static const char *pick(const struct office *office, const char *vi,
                        const char *en)
{
    return office->language == LANGUAGE_EN ? en : vi;
}

/* ---- failures ---- */

enum status answer_failure(const struct args *args, const struct office *office,
                           enum status status)
{
    switch (status) {
    case STATUS_FULL:
        args_error(
            args, "%s",
            pick(office,
                 "CHƯA lưu: kho của văn phòng đã đầy. Những gì đã lưu vẫn còn "
                 "nguyên và vẫn được gửi; chỉ những gì tỉnh đã sao lưu mới "
                 "được xóa bớt để lấy chỗ (xem status). Hãy giải phóng ổ đĩa, "
                 "tăng spool_bytes trong agent.yaml rồi khởi động lại dịch vụ, "
                 "hoặc đề nghị tỉnh sao lưu.",
                 "NOT saved: the office's store is full. All that was saved is "
                 "kept and still sent; only what the province has backed up "
                 "may leave to make room (see status). Make room on the disk, "
                 "raise spool_bytes in agent.yaml and restart the service, or "
                 "ask the province to make a backup."));
        break;
    case STATUS_IO:
        args_error(args, "%s",
                   pick(office,
                        "CHƯA lưu: ổ đĩa báo lỗi. Hãy kiểm tra ổ đĩa rồi nhập "
                        "lại; đừng xóa dữ liệu.",
                        "NOT saved: the disk failed. Check the disk and enter "
                        "it again; do not remove the data."));
        break;
    case STATUS_CORRUPT:
        args_error(args, "%s",
                   pick(office,
                        "dữ liệu trong kho bị hỏng; đừng xóa tệp, hãy báo "
                        "người quản trị của tỉnh",
                        "data in the store is damaged; keep the file and tell "
                        "the province's administrator"));
        break;
    default:
        args_error(args, "%s", status_text(status, office->language));
        break;
    }
    return status;
}

enum status answer_may_record(const struct args *args,
                              const struct office *office)
{
    if (office->agent != NULL && context_units(office->context) != NULL) {
        return STATUS_OK;
    }
    args_error(args, "%s",
               pick(office,
                    "Chưa nhận được danh mục từ tỉnh nên chưa kiểm tra được số "
                    "liệu: hãy chạy tallyline-agent run và chờ kết nối lần đầu "
                    "(xem tallyline-agent status).",
                    "The province's lists have not come down yet, so nothing "
                    "can be checked: run tallyline-agent run and wait for the "
                    "first connection (see tallyline-agent status)."));
    return STATUS_CONFIG;
}

/* ---- a source ---- */

/* A value of --office or --role. */
static enum status read_word(const struct args *args,
                             const struct office *office, const char *option,
                             const char *enumeration, uint32_t *value)
{
    const struct catalogue_enumeration *list =
        catalogue_enumeration(enumeration);
    const char *text = args_value(args, option);
    const struct catalogue_value *found;

    if (text == NULL) {
        return STATUS_OK;
    }
    found = vocabulary_by_token(context_vocabulary(office->context), list, text,
                                strlen(text));
    if (found == NULL) {
        args_error(args, "--%s: %s \"%s\"", option,
                   pick(office, "không có trong danh mục:", "not in the list:"),
                   text);
        return STATUS_USAGE;
    }
    *value = found->value;
    return STATUS_OK;
}

enum status answer_source(const struct args *args, const struct office *office,
                          const struct clock *clock, struct source *source)
{
    const char *unit = args_value(args, "unit");
    enum status rc = STATUS_OK;

    memset(source, 0, sizeof *source);
    source->spool = office->spool;
    source->context = office->context;
    source->agent = office->agent;
    source->clock = clock;
    source->language = office->language;
    source->keys = true;
    if (unit != NULL && unit_key_parse(unit, strlen(unit), clock_today(clock),
                                       &source->unit) != STATUS_OK) {
        args_error(args, "--unit: %s \"%s\"",
                   pick(office, "không phải mã đơn vị, ví dụ gso3:001:",
                        "not the code of a unit, such as gso3:001:"),
                   unit);
        rc = STATUS_USAGE;
    }
    if (rc == STATUS_OK) {
        rc = read_word(args, office, "office", "Office", &source->office);
    }
    if (rc == STATUS_OK) {
        rc = read_word(args, office, "role", "Role", &source->role);
    }
    return rc;
}

const struct catalogue_type *answer_type(const struct args *args,
                                         const struct office *office,
                                         const char *text)
{
    const char *nearest = NULL;
    const struct catalogue_type *type =
        source_type(text, strlen(text), &nearest);

    if (type == NULL && nearest != NULL) {
        args_error(args, "\"%s\": %s \"%s\"?", text,
                   pick(office, "không có loại sự kiện này; có phải ý bạn là",
                        "there is no such type of event; did you mean"),
                   nearest);
    } else if (type == NULL) {
        args_error(args, "\"%s\": %s", text,
                   pick(office, "không có loại sự kiện này; các loại là:",
                        "there is no such type of event; they are:"));
        describe_types(office->language, args->err);
    }
    return type;
}

/* ---- what is not here ---- */

enum status answer_removed(const struct office *office)
{
    struct spool_backup backup;
    char id[EVENT_ID_TEXT_MAX];
    enum status rc = spool_backup(office->spool, &backup);

    if (rc == STATUS_OK && backup.removed > 0) {
        event_id_format(backup.kept_from, id);
        (void)fprintf(
            stderr,
            office->language == LANGUAGE_EN
                ? "%llu events before %s were backed up by the province and "
                  "are not here any more\n"
                : "%llu sự kiện trước %s đã được tỉnh sao lưu và không còn "
                  "trên máy này\n",
            (unsigned long long)backup.removed, id);
    }
    return rc;
}
