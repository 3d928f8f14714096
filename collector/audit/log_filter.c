#include "collector/audit/log_filter.h"

#include <inttypes.h>
#include <string.h>

#include "collector/figures/position.h"
#include "common/base/nearest.h"
#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

static enum status usage(const struct args *args, const char *option,
                         const char *text, struct language_text why)
{
    args_error(args, "--%s %s: %s", option, text, args_text(args, why));
    return STATUS_USAGE;
}

static enum status read_type(const struct args *args, struct log_filter *filter)
{
    static const struct language_text none = {
        "không có loại sự kiện này; các loại là:",
        "there is no such type of event; they are:"};
    const char *text = args_value(args, "type");
    const struct catalogue_type *type =
        text == NULL ? NULL : catalogue_type_by_name(text);
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);

    if (text == NULL) {
        return STATUS_OK;
    }
    if (type != NULL) {
        filter->type = type->number;
        return STATUS_OK;
    }
    (void)usage(args, "type", text, none);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(args->err, "  %s  %s\n", types[i].name,
                      language_pick(types[i].label, args->language));
    }
    return STATUS_USAGE;
}

static enum status read_unit(const struct args *args, struct log_filter *filter)
{
    static const struct language_text none = {
        "không có đơn vị này; hãy ghi mã, như gso3:001",
        "there is no such unit; write its code, such as gso3:001"};
    const char *text = args_value(args, "unit");

    if (text == NULL) {
        return STATUS_OK;
    }
    if (unit_key_parse(text, strlen(text), filter->from, &filter->unit) !=
            STATUS_OK ||
        filter->units == NULL || !units_known(filter->units, filter->unit)) {
        (void)usage(args, "unit", text, none);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

static enum status read_event(const struct args *args,
                              struct log_filter *filter)
{
    const char *text = args_value(args, "event");

    if (text == NULL ||
        event_id_parse(text, strlen(text), &filter->event) == STATUS_OK) {
        return STATUS_OK;
    }
    return usage(args, "event", text,
                 (struct language_text){"không phải mã sự kiện, như 271.1.42",
                                        "is no id of an event: 271.1.42"});
}

static enum status read_agent(const struct args *args,
                              struct log_filter *filter)
{
    const char *text = args_value(args, "agent");

    return text == NULL ? STATUS_OK
                        : command_agent_number(args, text, &filter->agent);
}

/* When it was received, and from which entry on. */
static enum status read_entries(const struct args *args,
                                const struct ledger_snapshot *snapshot,
                                struct log_filter *filter)
{
    uint64_t after = UINT64_MAX;
    enum status status;

    filter->end = ledger_snapshot_size(snapshot);
    status = position_received(args, "received-from", false, snapshot,
                               &filter->first);
    if (status == STATUS_OK) {
        status = position_received(args, "received-to", true, snapshot,
                                   &filter->end);
    }
    if (status == STATUS_OK) {
        status = args_number(args, "after", 0, UINT64_MAX - 1, &after);
    }
    if (after != UINT64_MAX && after + 1 > filter->first) {
        filter->first = after + 1;
    }
    return status;
}

enum status log_filter_read(const struct args *args,
                            const struct reading *reading,
                            const struct ledger_snapshot *snapshot,
                            struct log_filter *filter)
{
    enum status status;

    *filter = (struct log_filter){
        .units = context_units(province_context(reading->province)),
        .from = INT32_MIN,
        .to = INT32_MAX,
        .corrected = args_flag(args, "corrected"),
        .controls = args_flag(args, "controls"),
        .rows_max = UINT64_MAX};
    status = command_day(args, "from", &filter->from);
    if (status == STATUS_OK) {
        status = command_day(args, "to", &filter->to);
    }
    if (status == STATUS_OK) {
        status = read_entries(args, snapshot, filter);
    }
    if (status == STATUS_OK) {
        status = read_type(args, filter);
    }
    if (status == STATUS_OK) {
        status = read_unit(args, filter);
    }
    if (status == STATUS_OK) {
        status = read_event(args, filter);
    }
    if (status == STATUS_OK) {
        status = read_agent(args, filter);
    }
    return status == STATUS_OK
               ? args_number(args, "limit", 1, UINT64_MAX, &filter->rows_max)
               : status;
}

static bool lies_in(const struct log_filter *filter, const struct event *event,
                    uint32_t unit)
{
    return unit == filter->unit ||
           units_below(filter->units, unit, filter->unit, event->occurred_on);
}

bool log_filter_passes(const struct log_filter *filter, uint64_t id,
                       const struct event *event)
{
    if ((filter->agent != 0 && filter->agent != id60_agent(id)) ||
        (filter->type != 0 && filter->type != event->type) ||
        event->occurred_on < filter->from || event->occurred_on > filter->to) {
        return false;
    }
    return filter->unit == 0 || lies_in(filter, event, event_place(event)) ||
           lies_in(filter, event, event->unit);
}
