/* plan diff: what the second plan says otherwise than the first. */
#include "collector/commands/commands.h"
#include "common/base/listing.h"
#include "common/plan/plan_diff.h"
#include "common/plan/plan_files.h"

#include <stdio.h>

static const struct listing_column columns[] = {
    {"section", {"Phần", "Section"}, LISTING_LEFT},
    {"id", {"Mã", "Id"}, LISTING_LEFT},
    {"key", {"Khóa", "Key"}, LISTING_LEFT},
    {"change", {"Thay đổi", "Change"}, LISTING_LEFT},
    {"before", {"Trước", "Before"}, LISTING_LEFT},
    {"after", {"Sau", "After"}, LISTING_LEFT},
};

struct telling {
    struct listing *listing;
    enum listing_format format;
    enum language language;
};

static void put_text(struct listing *listing, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        listing_text(listing, text);
    } else {
        listing_none(listing);
    }
}

static void tell(void *owner, const struct plan_difference *difference)
{
    static const struct language_text words[] = {
        {"thêm", "added"}, {"bỏ", "removed"}, {"đổi", "changed"}};
    const struct telling *telling = owner;
    size_t change = difference->before == NULL  ? 0
                    : difference->after == NULL ? 1
                                                : 2;
    enum language language =
        telling->format == LISTING_TEXT ? telling->language : LANGUAGE_EN;

    listing_text(telling->listing, difference->section);
    put_text(telling->listing, difference->id);
    put_text(telling->listing, difference->key);
    listing_text(telling->listing, language_pick(words[change], language));
    put_text(telling->listing, difference->before);
    put_text(telling->listing, difference->after);
}

static enum status read_plan(const struct args *args, size_t operand,
                             struct plan_files *files)
{
    struct report report;
    enum status status;

    report_init(&report, args->language);
    status = plan_files_read(files, args->operands[operand], &report);
    if (status == STATUS_OK) {
        status = plan_files_check(files, &report);
    }
    if (status != STATUS_OK) {
        command_report(&report);
    }
    report_fini(&report);
    return status;
}

enum status cmd_plan_diff(const struct args *args, void *context)
{
    struct telling telling = {.language = args->language};
    struct plan_files files[2];
    enum status status = listing_format_given(args, &telling.format);
    enum status closed;

    (void)context;
    plan_files_init(&files[0]);
    plan_files_init(&files[1]);
    for (size_t i = 0; i < 2 && status == STATUS_OK; i++) {
        status = read_plan(args, i, &files[i]);
    }
    if (status == STATUS_OK) {
        status = listing_open(telling.format, args->language, columns,
                              sizeof columns / sizeof columns[0], stdout,
                              &telling.listing);
    }
    if (status == STATUS_OK) {
        status = plan_diff(files[0].plan, files[1].plan, tell, &telling);
    }
    closed = listing_close(&telling.listing);
    plan_files_fini(&files[0]);
    plan_files_fini(&files[1]);
    return status == STATUS_OK ? closed : status;
}
