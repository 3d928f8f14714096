/* For programs; and what both forms read of a cause. */
#include "collector/audit/difference_facts.h"

#include <stdio.h>

#include "collector/commands/order_words.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

/* clang-format off */
#define COLUMN(name) {#name, {#name, #name}, LISTING_LEFT}

static const struct listing_column columns[] = {
    COLUMN(target), COLUMN(indicator), COLUMN(unit), COLUMN(unit_name),
    COLUMN(label), COLUMN(unit_of_count),
    COLUMN(before), COLUMN(before_denominator), COLUMN(before_status),
    COLUMN(after), COLUMN(after_denominator), COLUMN(after_status),
    COLUMN(cause), COLUMN(amount), COLUMN(amount_denominator),
    COLUMN(entry), COLUMN(received_at), COLUMN(event), COLUMN(events),
    COLUMN(type), COLUMN(occurred_on), COLUMN(place), COLUMN(corrects),
    COLUMN(says),
    COLUMN(before_ledger_size), COLUMN(before_ledger_hash),
    COLUMN(before_from), COLUMN(before_to), COLUMN(before_unit_date),
    COLUMN(before_plan), COLUMN(before_plan_revision),
    COLUMN(before_plan_entry),
    COLUMN(after_ledger_size), COLUMN(after_ledger_hash),
    COLUMN(after_from), COLUMN(after_to), COLUMN(after_unit_date),
    COLUMN(after_plan), COLUMN(after_plan_revision),
    COLUMN(after_plan_entry),
};
/* clang-format on */

#define CAUSE_COLUMNS 12u /* from `cause` to `says` */

/* ---- facts ---- */

static enum status open_control(const struct difference_facts_source *source,
                                struct difference_facts *facts)
{
    struct bytes document;
    enum status status =
        ledger_bytes(source->snapshot, &facts->entry, &document);

    return status == STATUS_OK
               ? control_open(document,
                              province_keys_administrator_at(
                                  context_province_keys(source->context),
                                  facts->entry.index),
                              &facts->control)
               : status;
}

enum status difference_facts_find(const struct difference_facts_source *source,
                                  const struct difference_cause *cause,
                                  struct difference_facts *facts)
{
    enum status status;

    facts->control = NULL;
    if (cause->kind == DIFFERENCE_DAYS) {
        return STATUS_OK; /* of these the ledger says nothing */
    }
    status = ledger_entry(source->snapshot, cause->entry, &facts->entry);
    if (status == STATUS_OK && cause->kind == DIFFERENCE_EVENT) {
        status = chains_event(source->chains, cause->event, &facts->event,
                              &facts->entry);
    } else if (status == STATUS_OK && cause->kind == DIFFERENCE_CONTROL) {
        status = open_control(source, facts);
    }
    return status;
}

/* ---- rows ---- */

static void text_or_none(struct listing *listing, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        listing_none(listing);
    } else {
        listing_text(listing, text);
    }
}

static void put_none(struct listing *listing, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        listing_none(listing);
    }
}

static void put_id(struct listing *listing, uint64_t id)
{
    char text[EVENT_ID_TEXT_MAX] = "";

    if (id != 0) {
        event_id_format(id, text);
    }
    text_or_none(listing, text);
}

static void put_unit(struct listing *listing, uint32_t unit)
{
    char text[UNIT_TEXT_MAX];

    unit_key_format(unit, text);
    listing_text(listing, text);
}

static void put_day(struct listing *listing, int32_t day)
{
    char text[TEXT_DATE_MAX];

    text_format_date_iso(day, text);
    listing_text(listing, text);
}

static void put_value(struct listing *listing,
                      const struct difference_value *value)
{
    bool share = difference_has_number(value) && value->figure.ratio;

    if (difference_has_number(value)) {
        listing_number(listing, value->figure.value);
    } else {
        listing_none(listing);
    }
    if (share) {
        listing_number(listing, value->figure.denominator);
    } else {
        listing_none(listing);
    }
    text_or_none(listing,
                 value->there ? target_status_token(value->status) : NULL);
}

static void put_figure(struct listing *listing,
                       const struct difference_figure *figure)
{
    text_or_none(listing, figure->target);
    listing_text(listing, figure->indicator);
    put_unit(listing, figure->unit);
    listing_text(listing, figure->unit_name);
    text_or_none(listing, figure->label);
    text_or_none(listing, figure->unit_of_count);
    put_value(listing, &figure->before);
    put_value(listing, &figure->after);
}

static void put_event(struct listing *listing, uint64_t id,
                      const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    put_id(listing, id);
    listing_none(listing);
    text_or_none(listing, type == NULL ? NULL : type->name);
    put_day(listing, event->occurred_on);
    put_unit(listing, event_place(event));
    put_id(listing, chains_parent(event));
    listing_none(listing);
}

static void put_control(struct listing *listing, const struct entry *entry,
                        const struct control *control)
{
    char text[ORDER_WORDS_MAX] = "";

    if (control != NULL) {
        order_words(control, LANGUAGE_EN, text);
    }
    put_none(listing, 2);
    listing_text(listing, order_token(entry, control));
    put_none(listing, 3);
    text_or_none(listing, text);
}

static void put_cause(struct listing *listing,
                      const struct difference_cause *cause,
                      const struct difference_facts *facts)
{
    static const char *const kinds[] = {[DIFFERENCE_DAYS] = "days",
                                        [DIFFERENCE_EVENT] = "event",
                                        [DIFFERENCE_CONTROL] = "control",
                                        [DIFFERENCE_REST] = "rest"};

    listing_text(listing, kinds[cause->kind]);
    listing_number(listing, cause->amount);
    listing_number(listing, cause->denominator);
    if (cause->kind == DIFFERENCE_DAYS) {
        put_none(listing, CAUSE_COLUMNS - 3);
        return;
    }
    listing_number(listing, (int64_t)cause->entry);
    listing_moment(listing, facts->entry.received_at);
    if (cause->kind == DIFFERENCE_EVENT) {
        put_event(listing, cause->event, &facts->event);
    } else if (cause->kind == DIFFERENCE_CONTROL) {
        put_control(listing, &facts->entry, facts->control);
    } else {
        listing_none(listing);
        listing_number(listing, (int64_t)cause->event);
        put_none(listing, 5);
    }
}

static void put_end(struct listing *listing, const struct difference_end *end)
{
    char hash[BYTES_HEX_SIZE(DIGEST_BYTES)] = "";

    if (bytes_to_hex((struct bytes){end->last.bytes, DIGEST_BYTES}, hash,
                     sizeof hash) != STATUS_OK) {
        hash[0] = '\0';
    }
    listing_number(listing, (int64_t)end->size);
    text_or_none(listing, hash);
    put_day(listing, end->range.from);
    put_day(listing, end->range.to);
    put_day(listing, end->range.unit_date);
    listing_text(listing, end->plan);
    listing_number(listing, end->revision);
    listing_number(listing, (int64_t)end->plan_entry);
}

static void put_ends(struct listing *listing,
                     const struct difference *difference)
{
    put_end(listing, &difference->before);
    put_end(listing, &difference->after);
}

static enum status put_rows(struct listing *listing,
                            const struct difference_facts_source *source,
                            const struct difference *difference)
{
    enum status status = STATUS_OK;
    size_t at = 0;

    for (size_t i = 0; i < difference->figure_count; i++) {
        const struct difference_figure *figure = &difference->figures[i];
        bool alone = true;

        for (; at < difference->cause_count && status == STATUS_OK &&
               difference->causes[at].figure == i;
             at++) {
            struct difference_facts facts;

            status =
                difference_facts_find(source, &difference->causes[at], &facts);
            if (status == STATUS_OK) {
                put_figure(listing, figure);
                put_cause(listing, &difference->causes[at], &facts);
                put_ends(listing, difference);
                alone = false;
                control_free(&facts.control);
            }
        }
        if (alone && status == STATUS_OK) {
            put_figure(listing, figure);
            put_none(listing, CAUSE_COLUMNS);
            put_ends(listing, difference);
        }
    }
    return status;
}

enum status difference_rows(const struct args *args,
                            const struct difference_facts_source *source,
                            const struct difference *difference,
                            enum listing_format format)
{
    struct listing *listing = NULL;
    enum status closed;
    enum status status =
        listing_open(format, args->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);

    if (status != STATUS_OK) {
        return status;
    }
    status = put_rows(listing, source, difference);
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}
