#include "collector/audit/log_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/audit/chains.h"
#include "collector/audit/cloud_event.h"
#include "collector/commands/order_words.h"
#include "common/base/text.h"
#include "common/base/words.h"
#include "common/event/reference.h"

#define COLUMNS(table) (sizeof(table) / sizeof((table)[0]))

static const struct listing_column table_columns[] = {
    {"entry", {"Mục", "Entry"}, LISTING_RIGHT},
    {"received_at", {"Nhận lúc", "Received at"}, LISTING_LEFT},
    {"event", {"Sự kiện", "Event"}, LISTING_LEFT},
    {"type", {"Loại", "Type"}, LISTING_LEFT},
    {"occurred_on", {"Ngày", "Day"}, LISTING_LEFT},
    {"place", {"Nơi", "Place"}, LISTING_LEFT},
    {"fields", {"Nội dung", "What it says"}, LISTING_LEFT},
};

static const struct listing_column csv_columns[] = {
    {"entry", {"entry", "entry"}, LISTING_LEFT},
    {"received_at", {"received_at", "received_at"}, LISTING_LEFT},
    {"event", {"event", "event"}, LISTING_LEFT},
    {"type", {"type", "type"}, LISTING_LEFT},
    {"occurred_on", {"occurred_on", "occurred_on"}, LISTING_LEFT},
    {"place", {"place", "place"}, LISTING_LEFT},
    {"unit", {"unit", "unit"}, LISTING_LEFT},
    {"office", {"office", "office"}, LISTING_LEFT},
    {"role", {"role", "role"}, LISTING_LEFT},
    {"programme", {"programme", "programme"}, LISTING_LEFT},
    {"recorded_at", {"recorded_at", "recorded_at"}, LISTING_LEFT},
    {"target", {"target", "target"}, LISTING_LEFT},
    {"head", {"head", "head"}, LISTING_LEFT},
    {"reason", {"reason", "reason"}, LISTING_LEFT},
    {"document", {"document", "document"}, LISTING_LEFT},
    {"fields", {"fields", "fields"}, LISTING_LEFT},
};

struct log_rows {
    const struct args *args;
    enum listing_format format;
    struct words words;
    struct cloud_event_source source;
    struct listing *listing; /* NULL: CloudEvents */
    enum status status;      /* sticky */
    char says[LOG_SAYS_MAX];
    char field[WORDS_TEXT_MAX];
};

enum status log_rows_open(const struct args *args, enum listing_format format,
                          const struct context *context, struct log_rows **rows)
{
    struct log_rows *self = calloc(1, sizeof *self);
    bool table = format == LISTING_TEXT;

    *rows = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->args = args;
    self->format = format;
    self->words = (struct words){.units = context_units(context),
                                 .vocabulary = context_vocabulary(context),
                                 .language = args->language};
    self->source =
        (struct cloud_event_source){.genesis = context_genesis(context),
                                    .vocabulary = self->words.vocabulary};
    return format == LISTING_JSONL
               ? STATUS_OK
               : listing_open(format, args->language,
                              table ? table_columns : csv_columns,
                              table ? COLUMNS(table_columns)
                                    : COLUMNS(csv_columns),
                              stdout, &self->listing);
}

static void text_or_none(struct log_rows *rows, const char *text)
{
    if (text[0] == '\0') {
        listing_none(rows->listing);
    } else {
        listing_text(rows->listing, text);
    }
}

/* ---- what it says, in one cell ---- */

static void append(struct log_rows *rows, const char *before, const char *name,
                   const char *mark)
{
    size_t used = strlen(rows->says);

    (void)snprintf(rows->says + used, sizeof rows->says - used, "%s%s%s%s",
                   used == 0 ? "" : before, name, mark, rows->field);
}

/* In words for people, as entry reads it in a file. */
static const char *says(struct log_rows *rows, const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    rows->says[0] = '\0';
    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        uint32_t field = EVENT_BODY_BASE + type->fields[i].number;

        if (!event_has(event, type->fields[i].number)) {
            continue;
        }
        if (rows->format == LISTING_TEXT) {
            words_field(&rows->words, event, field, rows->field);
            append(rows, "; ", words_label(&rows->words, event, field), ": ");
        } else {
            render_field(event, field, rows->words.vocabulary, rows->field);
            append(rows, " ", type->fields[i].name, "=");
        }
    }
    return rows->says;
}

static const char *erased_word(const struct log_rows *rows)
{
    return rows->format != LISTING_TEXT ? "erased"
           : rows->args->language == LANGUAGE_EN
               ? "erased by order; what is left is what it counted for"
               : "đã xóa theo lệnh; chỉ còn phần đã được tính";
}

static void put_entry(struct log_rows *rows, const struct entry *entry)
{
    listing_number(rows->listing, (int64_t)entry->index);
    listing_moment(rows->listing, entry->received_at);
}

/* ---- an event ---- */

static void put_table_event(struct log_rows *rows, uint64_t id,
                            const struct event *event, const char *tree)
{
    char word[EVENT_ID_TEXT_MAX], cell[WORDS_UNIT_TEXT_MAX];

    event_id_format(id, word);
    (void)snprintf(cell, sizeof cell, "%s%s", tree, word);
    listing_text(rows->listing, cell);
    listing_text(rows->listing, words_type(&rows->words, event));
    words_field(&rows->words, event, EVENT_OCCURRED_ON, rows->field);
    text_or_none(rows, rows->field);
    words_unit(&rows->words, event_place(event), event->occurred_on, cell);
    listing_text(rows->listing, cell);
    text_or_none(rows,
                 event->erased != 0 ? erased_word(rows) : says(rows, event));
}

static void put_header(struct log_rows *rows, const struct event *event,
                       uint32_t field)
{
    render_field(event, field, rows->words.vocabulary, rows->field);
    text_or_none(rows, rows->field);
}

static void put_csv_event(struct log_rows *rows, uint64_t id,
                          const struct event *event)
{
    static const uint32_t fields[] = {
        EVENT_UNIT,      EVENT_OFFICE,      EVENT_ROLE,
        EVENT_PROGRAMME, EVENT_RECORDED_AT, EVENT_TARGET,
        EVENT_HEAD,      EVENT_REASON,      EVENT_DOCUMENT_NUMBER};
    const struct catalogue_type *type = catalogue_type(event->type);
    char text[WORDS_UNIT_TEXT_MAX];

    event_id_format(id, text);
    listing_text(rows->listing, text);
    text_or_none(rows, type == NULL ? "" : type->name);
    put_header(rows, event, EVENT_OCCURRED_ON);
    unit_key_format(event_place(event), text);
    listing_text(rows->listing, text);
    for (size_t i = 0; i < COLUMNS(fields); i++) {
        put_header(rows, event, fields[i]);
    }
    text_or_none(rows,
                 event->erased != 0 ? erased_word(rows) : says(rows, event));
}

void log_rows_event(struct log_rows *rows, const struct entry *entry,
                    uint64_t id, const struct event *event, const char *tree)
{
    if (rows->format == LISTING_JSONL) {
        enum status status =
            cloud_event_write(&rows->source, entry, id, event, stdout);

        rows->status = rows->status == STATUS_OK ? status : rows->status;
        return;
    }
    put_entry(rows, entry);
    if (rows->format == LISTING_TEXT) {
        put_table_event(rows, id, event, tree);
    } else {
        put_csv_event(rows, id, event);
    }
}

/* ---- a control entry ---- */

void log_rows_control(struct log_rows *rows, const struct entry *entry,
                      const struct control *control)
{
    char text[ORDER_WORDS_MAX] = "";
    size_t empty = rows->format == LISTING_TEXT ? 2 : 11;

    if (rows->format == LISTING_JSONL) {
        enum status status =
            cloud_event_control(&rows->source, entry, control, stdout);

        rows->status = rows->status == STATUS_OK ? status : rows->status;
        return;
    }
    if (control != NULL) {
        order_words(control,
                    rows->format == LISTING_TEXT ? rows->args->language
                                                 : LANGUAGE_EN,
                    text);
    }
    put_entry(rows, entry);
    listing_none(rows->listing);
    if (rows->format == LISTING_TEXT) {
        listing_text(rows->listing,
                     order_title(entry, control, rows->args->language));
    } else {
        (void)snprintf(rows->field, sizeof rows->field, "control.%s",
                       order_token(entry, control));
        listing_text(rows->listing, rows->field);
        empty = COLUMNS(csv_columns) - 5;
    }
    for (size_t i = 0; i < empty; i++) {
        listing_none(rows->listing);
    }
    text_or_none(rows, text);
}

enum status log_rows_close(struct log_rows **rows)
{
    enum status status, closed;

    if (*rows == NULL) {
        return STATUS_OK;
    }
    status = (*rows)->status;
    closed =
        (*rows)->listing == NULL ? STATUS_OK : listing_close(&(*rows)->listing);
    free(*rows);
    *rows = NULL;
    return status == STATUS_OK ? closed : status;
}
