/* collectors: the collectors of this office, whether or not the service runs.
 * Failure modes: those of reading; half a list is never taken for the whole. */
#include "agent/commands/commands_collectors.h"

#include "agent/office/collectors_look.h"
#include "common/base/listing.h"
#include "common/format/wire.h"

#include <stdio.h>

static const struct listing_column columns[] = {
    {"name", {"Tên", "Name"}, LISTING_LEFT},
    {"address", {"Địa chỉ", "Address"}, LISTING_LEFT},
    {"primary", {"Chính", "Primary"}, LISTING_LEFT},
    {"line", {"Đường truyền", "Line"}, LISTING_LEFT},
    {"since", {"Từ lúc", "Since"}, LISTING_LEFT},
    {"refusal", {"Từ chối", "Refusal"}, LISTING_LEFT},
    {"waiting", {"Chưa nhận", "Waiting"}, LISTING_RIGHT},
    {"last_entry", {"Biên nhận cuối", "Last entry"}, LISTING_RIGHT},
    {"last_received_at", {"Nhận cuối lúc", "Last received at"}, LISTING_LEFT},
    {"holds_room", {"Giữ chỗ", "Holds room"}, LISTING_LEFT},
};

static void put_row(const struct collector_look *look, struct listing *listing)
{
    listing_text(listing, look->name);
    listing_text(listing, look->address);
    listing_yes(listing, look->primary);
    listing_word(listing, standing_line_token(look->line),
                 collectors_look_line(look->line));
    listing_moment(listing, look->since);
    if (look->refusal != WIRE_REFUSAL_NONE) {
        listing_word(listing, wire_refusal_token(look->refusal),
                     (struct language_text){
                         .vi = wire_refusal_text(look->refusal, LANGUAGE_VI),
                         .en = wire_refusal_text(look->refusal, LANGUAGE_EN)});
    } else {
        listing_none(listing);
    }
    listing_count(listing, look->waiting);
    if (look->has_last) {
        listing_number(listing, (int64_t)look->entry);
        listing_moment(listing, look->received_at);
    } else {
        listing_none(listing);
        listing_none(listing);
    }
    listing_yes(listing, look->holds_room);
}

static enum status print_all(const struct office *office,
                             enum listing_format format)
{
    bool service = office_poke(office);
    int64_t now = clock_wall_us(clock_real());
    struct listing *listing = NULL;
    enum status status =
        listing_open(format, office->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);
    enum status closed;

    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; status == STATUS_OK && i < collectors_count(office);
         i++) {
        struct collector_look look;

        status = collectors_look(office, i, service, now, &look);
        if (status == STATUS_OK) {
            put_row(&look, listing);
        }
    }
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}

enum status cmd_collectors_list(const struct args *args, void *context)
{
    enum listing_format format;
    struct office *office = NULL;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status == STATUS_OK) {
        status = office_open(args, &office);
    }
    if (status == STATUS_OK) {
        status = print_all(office, format);
        if (status != STATUS_OK) {
            args_error(args, "%s: %s", office->dir,
                       status_text(status, args->language));
        }
    }
    office_close(&office);
    return status;
}
