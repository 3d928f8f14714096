#include "collector/figures/position.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/event/calendar.h"
#include "common/plan/plan_choice.h"

#define POSITION_WHAT_MAX 32u
#define DAY_US            (INT64_C(86400) * 1000000)
#define OFFSET_US         (INT64_C(1000000) * CALENDAR_OFFSET_SECONDS)

static enum status broken(const struct args *args,
                          const struct reading *reading, enum status status)
{
    return status == STATUS_OK
               ? status
               : command_fail(args, reading->directory.path, status);
}

/* ---- what was known when ---- */

/* The first moment after that day, which is one of UTC+7. */
static int64_t end_of_day(int32_t day)
{
    return ((int64_t)day + 1) * DAY_US - OFFSET_US;
}

/* How many entries were received before that moment; received_at never
 * decreases. */
static enum status received_before(const struct ledger_snapshot *snapshot,
                                   int64_t moment, uint64_t *size)
{
    uint64_t low = 0, high = ledger_snapshot_size(snapshot);

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct entry entry;
        enum status status = ledger_entry(snapshot, middle, &entry);

        if (status != STATUS_OK) {
            return status;
        }
        if (entry.received_at < moment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *size = low;
    return STATUS_OK;
}

enum status position_parse(const struct args *args, const char *what,
                           const char *text,
                           const struct ledger_snapshot *snapshot,
                           uint64_t *size)
{
    static const struct language_text wrong = {
        "cần một ngày (05/03/2018, 2018-03-05), một thời điểm "
        "(2018-03-05T17:00:00+07:00) hoặc số mục của sổ cái",
        "must be a day (05/03/2018, 2018-03-05), a moment "
        "(2018-03-05T17:00:00+07:00) or a number of entries of the ledger"};
    static const struct language_text none = {
        "lúc đó sổ cái chưa có gì, hoặc chưa có nhiều mục như vậy",
        "the ledger held nothing then, or does not hold so many entries"};
    int64_t moment;
    int32_t day;
    enum status status = STATUS_OK;

    if (text_parse_date(text, strlen(text), &day) == STATUS_OK) {
        status = received_before(snapshot, end_of_day(day), size);
    } else if (text_parse_moment(text, strlen(text), &moment) == STATUS_OK) {
        status = received_before(snapshot, moment + 1, size);
    } else if (text_parse_count(text, strlen(text), size) != STATUS_OK) {
        args_error(args, "%s %s: %s", what, text, args_text(args, wrong));
        return STATUS_USAGE;
    }
    if (status != STATUS_OK) {
        return command_fail(args, what, status);
    }
    if (*size == 0 || *size > ledger_snapshot_size(snapshot)) {
        args_error(args, "%s %s: %s", what, text, args_text(args, none));
        status = STATUS_NOT_FOUND;
    }
    return status;
}

enum status position_received(const struct args *args, const char *option,
                              bool with, const struct ledger_snapshot *snapshot,
                              uint64_t *size)
{
    static const struct language_text wrong = {
        "cần một ngày (05/03/2018, 2018-03-05) hoặc một thời điểm "
        "(2018-03-05T17:00:00+07:00)",
        "must be a day (05/03/2018, 2018-03-05) or a moment "
        "(2018-03-05T17:00:00+07:00)"};
    const char *text = args_value(args, option);
    int64_t moment;
    int32_t day;
    enum status status;

    if (text == NULL) {
        return STATUS_OK;
    }
    if (text_parse_date(text, strlen(text), &day) == STATUS_OK) {
        moment = end_of_day(with ? day : day - 1);
    } else if (text_parse_moment(text, strlen(text), &moment) == STATUS_OK) {
        moment += with ? 1 : 0;
    } else {
        args_error(args, "--%s %s: %s", option, text, args_text(args, wrong));
        return STATUS_USAGE;
    }
    status = received_before(snapshot, moment, size);
    return status == STATUS_OK ? status : command_fail(args, option, status);
}

/* ---- by which plan ---- */

/* Whether the entry is a plan of that id, and of that revision if one is
 * wanted. */
static enum status is_wanted(const struct reading *reading, uint64_t index,
                             struct bytes document,
                             const struct plan_wanted *wanted, bool *found)
{
    const struct context *context = province_context(reading->province);
    struct control *control = NULL;
    enum status status = control_open(
        document,
        province_keys_administrator_at(context_province_keys(context), index),
        &control);

    *found =
        status == STATUS_OK && control->kind == CONTROL_PLAN &&
        strcmp(control->files.id, wanted->id) == 0 &&
        (wanted->revision == 0 || wanted->revision == control->files.revision);
    control_free(&control);
    return status == STATUS_MEMORY ? status : STATUS_OK;
}

/* The last such entry of the whole ledger; `index` is UINT64_MAX when there is
 * none. */
static enum status find_plan(const struct reading *reading,
                             const struct plan_wanted *wanted,
                             struct buffer *document, uint64_t *index)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.index = 0};
    struct bytes bytes;
    bool found = false;
    enum status status = ledger_snapshot_open(reading->ledger, &snapshot);

    *index = UINT64_MAX;
    for (uint64_t at = 0; status == STATUS_OK; at = entry.index + 1) {
        status = ledger_next_control(snapshot, at, &entry);
        if (status == STATUS_OK) {
            status = ledger_bytes(snapshot, &entry, &bytes);
        }
        if (status == STATUS_OK) {
            status = is_wanted(reading, entry.index, bytes, wanted, &found);
        }
        if (status == STATUS_OK && found) {
            *index = entry.index;
            buffer_clear(document);
            status = buffer_append(document, bytes);
        }
    }
    ledger_snapshot_close(&snapshot);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static bool in_force(const struct reading *reading,
                     const struct plan_wanted *wanted)
{
    const struct context_plan *plan =
        context_plan_by_id(province_context(reading->province), wanted->id);

    return plan != NULL &&
           (wanted->revision == 0 || wanted->revision == plan->revision);
}

/* What does not fit the units and words of the position is said. */
static enum status adopt(const struct args *args, struct reading *reading,
                         uint64_t index, struct bytes document)
{
    struct report report;
    enum status status;

    report_init(&report, args->language);
    status = province_adopt(reading->province, index, document, &report);
    if (status !=
        STATUS_OK) { /* what it warns of was said when it was loaded */
        command_report(&report);
    }
    report_fini(&report);
    reading->adopted = status == STATUS_OK;
    return broken(args, reading, status);
}

/* A plan that is not in force at the position. Where the ledger has none, the
 * choice of a plan will say so. */
static enum status take_plan(const struct args *args, uint64_t size, bool stays,
                             struct reading *reading)
{
    struct plan_wanted wanted;
    struct buffer document;
    uint64_t index = UINT64_MAX;
    enum status status;

    if (!args_declares(args, "plan") || args_value(args, "plan") == NULL ||
        !plan_choice_parse(args_value(args, "plan"), &wanted) ||
        (in_force(reading, &wanted) && (!stays || wanted.revision == 0))) {
        return STATUS_OK;
    }
    buffer_init(&document, CONTROL_BYTES_MAX);
    ledger_show_prefix(reading->ledger, UINT64_MAX);
    status =
        broken(args, reading, find_plan(reading, &wanted, &document, &index));
    ledger_show_prefix(reading->ledger, size);
    if (status == STATUS_OK && index != UINT64_MAX) {
        status = adopt(args, reading, index, buffer_bytes(&document));
    }
    buffer_fini(&document);
    return status;
}

/* ---- both ---- */

enum status position_show(const struct args *args, uint64_t size, bool stays,
                          struct reading *reading)
{
    enum status status = reading_limit(args, reading, size);

    return status == STATUS_OK ? take_plan(args, size, stays, reading) : status;
}

enum status position_choose(const struct args *args, const char *option,
                            struct reading *reading)
{
    const char *text = args_value(args, option);
    struct ledger_snapshot *snapshot = NULL;
    char what[POSITION_WHAT_MAX];
    uint64_t size = UINT64_MAX;
    enum status status = STATUS_OK;

    (void)snprintf(what, sizeof what, "--%s", option);
    if (text != NULL) {
        status = broken(args, reading,
                        ledger_snapshot_open(reading->ledger, &snapshot));
        if (status == STATUS_OK) {
            status = position_parse(args, what, text, snapshot, &size);
        }
        ledger_snapshot_close(&snapshot);
    }
    if (status != STATUS_OK) {
        return status;
    }
    return text == NULL ? take_plan(args, size, false, reading)
                        : position_show(args, size, false, reading);
}

enum status position_day(const struct args *args, const struct reading *reading,
                         int32_t *day)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.received_at = 0};
    uint64_t last = tally_position(reading->tally) - 1;
    enum status status = ledger_snapshot_open(reading->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_entry(snapshot, last, &entry);
    }
    ledger_snapshot_close(&snapshot);
    *day = calendar_day_of_moment(entry.received_at);
    return broken(args, reading, status);
}
