#include "collector/commands/status_lists.h"

#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/event/validate.h"

#include <stdio.h>
#include <stdlib.h>

#define COLUMNS(table) (sizeof(table) / sizeof((table)[0]))

/* ---- totals ---- */

static const struct listing_column total_columns[] = {
    {"outcome", {"Kết quả", "Outcome"}, LISTING_LEFT},
    {"events", {"Sự kiện", "Events"}, LISTING_RIGHT},
    {"meaning", {"Nghĩa là", "Meaning"}, LISTING_LEFT},
};

enum status status_list_totals(const struct args *args,
                               const struct reading *reading,
                               enum listing_format format)
{
    struct listing *listing = NULL;
    struct fold_totals totals;
    enum status status = listing_open(format, args->language, total_columns,
                                      COLUMNS(total_columns), stdout, &listing);

    if (status != STATUS_OK) {
        return status;
    }
    fold_totals(tally_fold(reading->tally), &totals);
    for (unsigned i = 0; i < FOLD_OUTCOME_END; i++) {
        if (totals.outcomes[i] > 0 || i == FOLD_COUNTED) {
            listing_text(listing, fold_outcome_token((enum fold_outcome)i));
            listing_count(listing, totals.outcomes[i]);
            listing_text(listing, fold_outcome_text((enum fold_outcome)i,
                                                    args->language));
        }
    }
    return listing_close(&listing);
}

/* ---- outcomes ---- */

static const struct listing_column outcome_columns[] = {
    {"event", {"Sự kiện", "Event"}, LISTING_LEFT},
    {"outcome", {"Kết quả", "Outcome"}, LISTING_LEFT},
    {"type", {"Loại", "Type"}, LISTING_LEFT},
    {"field", {"Trường", "Field"}, LISTING_LEFT},
    {"rule", {"Quy tắc", "Rule"}, LISTING_LEFT},
    {"value", {"Giá trị", "Value"}, LISTING_RIGHT},
    {"other", {"Sự kiện liên quan", "Other event"}, LISTING_LEFT},
    {"meaning", {"Nghĩa là", "Meaning"}, LISTING_LEFT},
};

static void number_or_none(struct listing *listing, uint64_t number)
{
    if (number == 0) {
        listing_none(listing);
    } else {
        listing_number(listing, (int64_t)number);
    }
}

static void event_or_none(struct listing *listing, uint64_t id)
{
    char text[EVENT_ID_TEXT_MAX];

    if (id == 0) {
        listing_none(listing);
        return;
    }
    event_id_format(id, text);
    listing_text(listing, text);
}

static void text_or_none(struct listing *listing, const char *text)
{
    if (text == NULL) {
        listing_none(listing);
    } else {
        listing_text(listing, text);
    }
}

const char *status_rule_name(const struct fold_result *result)
{
    static const char *const refusals[] = {
        [CONTEXT_NO_PAIR] = "pair",           [CONTEXT_NO_AREA] = "area",
        [CONTEXT_NO_PROGRAMME] = "programme", [CONTEXT_NO_DATE] = "date",
        [CONTEXT_CLOSED] = "closed",          [CONTEXT_ENDED] = "ended",
    };

    if (result->outcome == FOLD_INVALID && result->rule < VALIDATE_RULE_END) {
        return validate_rule_name((enum validate_rule)result->rule);
    }
    if (result->outcome == FOLD_OUT_OF_SCOPE &&
        result->rule < sizeof refusals / sizeof refusals[0]) {
        return refusals[result->rule];
    }
    return NULL;
}

static void print_result(const struct args *args, const struct reading *reading,
                         const struct fold_result *result,
                         struct listing *listing)
{
    const struct catalogue_type *type = NULL;
    struct event event;

    if (tally_event(reading->tally, result->event, &event) == STATUS_OK) {
        type = catalogue_type(event.type);
    }
    event_or_none(listing, result->event);
    listing_text(listing, fold_outcome_token(result->outcome));
    text_or_none(listing, type == NULL ? NULL : type->name);
    text_or_none(listing,
                 type == NULL || result->field == 0
                     ? NULL
                     : validate_field_name(type->number, result->field));
    text_or_none(listing, status_rule_name(result));
    number_or_none(listing, result->value);
    event_or_none(listing, result->other);
    listing_text(listing, fold_outcome_text(result->outcome, args->language));
}

enum status status_list_outcomes(const struct args *args,
                                 const struct reading *reading, uint32_t agent,
                                 enum listing_format format)
{
    const struct fold *fold = tally_fold(reading->tally);
    size_t count = fold_results(fold, agent, NULL, 0);
    struct fold_result *results = calloc(count + 1, sizeof *results);
    struct listing *listing = NULL;
    enum status status = STATUS_MEMORY;

    if (results != NULL) {
        status = listing_open(format, args->language, outcome_columns,
                              COLUMNS(outcome_columns), stdout, &listing);
    }
    if (status == STATUS_OK) {
        (void)fold_results(fold, agent, results, count);
        for (size_t i = 0; i < count; i++) {
            print_result(args, reading, &results[i], listing);
        }
        status = listing_close(&listing);
    }
    free(results);
    return status;
}

/* ---- review ---- */

static const struct listing_column review_columns[] = {
    {"agent", {"Số hiệu", "Agent"}, LISTING_RIGHT},
    {"entry", {"Mục trong sổ", "Entry"}, LISTING_RIGHT},
    {"received_at", {"Nhận lúc", "Received at"}, LISTING_LEFT},
    {"first_event", {"Sự kiện đầu", "First event"}, LISTING_LEFT},
    {"events", {"Số sự kiện", "Events"}, LISTING_RIGHT},
};

static void print_review(const struct entry *entry, struct listing *listing)
{
    listing_number(listing, entry->agent_number);
    listing_number(listing, (int64_t)entry->index);
    listing_moment(listing, entry->received_at);
    event_or_none(listing, id60_make(entry->agent_number, entry->epoch_ordinal,
                                     (uint32_t)entry->first_seq));
    listing_count(listing, entry->count);
}

static bool doubtful(const struct context *context, const struct entry *entry,
                     uint32_t agent)
{
    const struct context_agent *sender;

    if (entry->kind != ENTRY_BATCH ||
        (agent != 0 && agent != entry->agent_number)) {
        return false;
    }
    sender = context_agent(context, entry->agent_number);
    return sender != NULL && sender->revoked && sender->review_from != 0 &&
           entry->received_at >= sender->review_from;
}

enum status status_list_review(const struct args *args,
                               const struct reading *reading, uint32_t agent,
                               enum listing_format format)
{
    const struct context *context = province_context(reading->province);
    struct ledger_snapshot *snapshot = NULL;
    struct listing *listing = NULL;
    enum status status =
        listing_open(format, args->language, review_columns,
                     COLUMNS(review_columns), stdout, &listing);
    enum status closed;

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(reading->ledger, &snapshot);
    }
    for (uint64_t i = 0;
         status == STATUS_OK && i < ledger_snapshot_size(snapshot); i++) {
        struct entry entry;

        status = ledger_entry(snapshot, i, &entry);
        if (status == STATUS_OK && doubtful(context, &entry, agent)) {
            print_review(&entry, listing);
        }
    }
    ledger_snapshot_close(&snapshot);
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}
