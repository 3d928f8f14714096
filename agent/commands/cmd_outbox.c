/* tallyline-agent outbox: every event with what became of it. */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/office/outcome_words.h"
#include "common/base/listing.h"
#include "common/base/render.h"
#include "common/base/text.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <stdio.h>
#include <string.h>

static const struct listing_column columns[] = {
    {"id", {"Mã", "Id"}, LISTING_LEFT},
    {"type", {"Loại", "Type"}, LISTING_LEFT},
    {"occurred_on", {"Ngày", "Day"}, LISTING_LEFT},
    {"place", {"Nơi", "Place"}, LISTING_LEFT},
    {"state", {"Trạng thái", "State"}, LISTING_LEFT},
    {"entry", {"Biên nhận", "Entry"}, LISTING_RIGHT},
    {"received_at", {"Nhận lúc", "Received at"}, LISTING_LEFT},
    {"note", {"Ghi chú", "Note"}, LISTING_LEFT},
};

struct outbox {
    const struct office *office;
    struct listing *listing;
    enum listing_format format;
    enum spool_state only;
    bool all;
};

static void put_type(const struct outbox *outbox, const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    if (type == NULL) {
        listing_none(outbox->listing);
    } else {
        listing_text(outbox->listing,
                     outbox->format == LISTING_TEXT
                         ? language_pick(type->label, outbox->office->language)
                         : type->name);
    }
}

static void put_day(const struct outbox *outbox, const struct event *event)
{
    char text[TEXT_DATE_MAX];

    if (outbox->format == LISTING_TEXT) {
        text_format_date(event->occurred_on, outbox->office->language, text);
    } else {
        text_format_date_iso(event->occurred_on, text);
    }
    listing_text(outbox->listing, text);
}

/* By name in a table, by code in a file. */
static void put_place(const struct outbox *outbox, const struct event *event)
{
    const struct units *units = context_units(outbox->office->context);
    uint32_t place = event_place(event);
    char text[UNIT_TEXT_MAX + 256u];
    const struct unit *unit =
        units != NULL ? units_find(units, place, event->occurred_on) : NULL;

    if (outbox->format == LISTING_TEXT && unit != NULL) {
        (void)snprintf(text, sizeof text, "%s %s", unit->type, unit->name);
    } else {
        unit_key_format(place, text);
    }
    listing_text(outbox->listing, text);
}

static enum status put_receipt(const struct outbox *outbox, uint64_t id)
{
    struct entry entry;
    enum status rc = spool_event_receipt(outbox->office->spool, id, &entry);

    if (rc == STATUS_OK) {
        listing_number(outbox->listing, (int64_t)entry.index);
        listing_moment(outbox->listing, entry.received_at);
    } else {
        listing_none(outbox->listing);
        listing_none(outbox->listing);
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Why it is not counted and how to mend it, or under which id it goes on. */
static enum status put_note(const struct outbox *outbox, uint64_t id,
                            const struct event *event, enum spool_state state)
{
    struct spool_outcome outcome;
    char text[OUTCOME_WORDS_MAX] = "";
    uint64_t moved;
    enum status rc;

    if (state == SPOOL_MOVED) {
        rc = spool_moved(outbox->office->spool, 0, id, &moved);
        if (rc == STATUS_OK) {
            event_id_format(moved, text);
        }
    } else {
        rc = spool_outcome(outbox->office->spool, id, &outcome);
        if (rc == STATUS_OK) {
            outcome_words_tell(outbox->office, event, &outcome, true, text);
        }
    }
    if (text[0] != '\0') {
        listing_text(outbox->listing, text);
    } else {
        listing_none(outbox->listing);
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status put_event(const struct outbox *outbox, uint64_t id,
                             const struct event *event, enum spool_state state)
{
    char text[EVENT_ID_TEXT_MAX];
    enum status rc;
    enum status noted;

    event_id_format(id, text);
    listing_text(outbox->listing, text);
    put_type(outbox, event);
    put_day(outbox, event);
    put_place(outbox, event);
    listing_text(outbox->listing,
                 outbox->format == LISTING_TEXT
                     ? outcome_words_state(state, outbox->office->language)
                     : outcome_words_token(state));
    /* Both in any case: a row that was begun is ended. */
    rc = put_receipt(outbox, id);
    noted = put_note(outbox, id, event, state);
    return rc == STATUS_OK ? noted : rc;
}

static enum status put_events(const struct outbox *outbox)
{
    struct event event;
    enum spool_state state;
    uint64_t id = 0;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK) {
        rc = spool_next(outbox->office->spool, id, &id, &event, &state);
        if (rc == STATUS_OK && (outbox->all || state == outbox->only)) {
            rc = put_event(outbox, id, &event, state);
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* --state, by its word for files. */
static enum status read_state(const struct args *args, struct outbox *outbox)
{
    static const enum spool_state states[] = {SPOOL_SAVED,    SPOOL_SEALED,
                                              SPOOL_RECEIVED, SPOOL_BACKED_UP,
                                              SPOOL_TO_MEND,  SPOOL_MOVED};
    const char *text = args_value(args, "state");

    outbox->all = text == NULL;
    for (size_t i = 0; text != NULL && i < sizeof states / sizeof states[0];
         i++) {
        if (strcmp(text, outcome_words_token(states[i])) == 0) {
            outbox->only = states[i];
            return STATUS_OK;
        }
    }
    if (text != NULL) {
        args_error(args, "--state: saved, sent, received, backed_up, to_mend, "
                         "moved");
    }
    return text == NULL ? STATUS_OK : STATUS_USAGE;
}

enum status cmd_outbox(const struct args *args, void *context)
{
    struct outbox outbox = {.office = NULL};
    struct office *office = NULL;
    enum status closed;
    enum status rc = listing_format_given(args, &outbox.format);

    (void)context;
    if (rc == STATUS_OK) {
        rc = read_state(args, &outbox);
    }
    if (rc == STATUS_OK) {
        rc = office_open(args, &office);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    outbox.office = office;
    rc = listing_open(outbox.format, office->language, columns,
                      sizeof columns / sizeof columns[0], stdout,
                      &outbox.listing);
    if (rc == STATUS_OK) {
        rc = answer_removed(office);
        rc = rc == STATUS_OK ? put_events(&outbox) : rc;
        closed = listing_close(&outbox.listing);
        rc = rc == STATUS_OK ? closed : rc;
    }
    if (rc != STATUS_OK) {
        rc = answer_failure(args, office, rc);
    }
    office_close(&office);
    return rc;
}
