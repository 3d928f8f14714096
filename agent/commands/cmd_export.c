/* tallyline-agent export: what the office has recorded, as rows that import
 * takes again. The entry_key goes along, so that importing them adds nothing
 * that is there already. */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/commands/export_checkpoint.h"
#include "agent/commands/export_proof.h"
#include "agent/commands/export_stick.h"
#include "common/base/check.h"
#include "common/base/listing.h"
#include "common/base/render.h"
#include "common/base/text.h"
#include "common/event/reference.h"

#include <stdio.h>
#include <string.h>

/* Distinct names of body fields over all types, and those of the header. */
#define COLUMNS_MAX 128u

/* Body fields of different types share a column when they share a name. */
struct column {
    const char *name;
    uint32_t header; /* 0: a body field */
};

struct export_run {
    const struct office *office;
    const struct catalogue_type *type; /* NULL: all */
    bool jsonl;
    struct column columns[COLUMNS_MAX];
    size_t count;
};

static void add_column(struct export_run *run, const char *name,
                       uint32_t header)
{
    for (size_t i = 0; i < run->count; i++) {
        if (strcmp(run->columns[i].name, name) == 0) {
            return;
        }
    }
    check(run->count < COLUMNS_MAX);
    run->columns[run->count++] = (struct column){name, header};
}

static void add_body(struct export_run *run, const struct catalogue_type *type)
{
    for (size_t i = 0; i < type->field_count; i++) {
        add_column(run, type->fields[i].name, 0);
    }
}

/* Event id, type, the header's fields, body fields by type, and at the end
 * what corrections and repeated imports need. */
static void make_columns(struct export_run *run)
{
    const struct catalogue_type *type = run->type;
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);

    add_column(run, "type", EVENT_TYPE);
    add_column(run, type != NULL ? type->date_name : "occurred_on",
               EVENT_OCCURRED_ON);
    add_column(run, "unit", EVENT_UNIT);
    add_column(run, "office", EVENT_OFFICE);
    add_column(run, type != NULL ? type->unit_name : "subject_unit",
               EVENT_SUBJECT_UNIT);
    add_column(run, "programme", EVENT_PROGRAMME);
    add_column(run, "role", EVENT_ROLE);
    add_column(run, "document", EVENT_DOCUMENT_NUMBER);
    if (type != NULL) {
        add_body(run, type);
    }
    for (size_t i = 0; type == NULL && i < count; i++) {
        add_body(run, &types[i]);
    }
    add_column(run, "target", EVENT_TARGET);
    add_column(run, "head", EVENT_HEAD);
    add_column(run, "reason", EVENT_REASON);
    add_column(run, "entry_key", EVENT_ENTRY_KEY);
    add_column(run, "recorded_at", EVENT_RECORDED_AT);
}

/* The field of the event that the column stands for; 0: it has none. */
static uint32_t field_of(const struct event *event, const struct column *column)
{
    const struct catalogue_type *type = catalogue_type(event->type);
    uint32_t field = 0;

    if (column->header != 0) {
        return column->header;
    }
    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        if (strcmp(type->fields[i].name, column->name) == 0) {
            field = EVENT_BODY_BASE + type->fields[i].number;
        }
    }
    return field;
}

static void cell_text(const struct export_run *run, const struct event *event,
                      size_t column, char text[RENDER_TEXT_MAX])
{
    uint32_t field = field_of(event, &run->columns[column]);

    text[0] = '\0';
    if (field != 0) {
        render_field(event, field, context_vocabulary(run->office->context),
                     text);
    }
}

/* Every text here is made of words, codes and digits: there is nothing to
 * quote, and nothing that a spreadsheet would run. */
static void print_csv(const struct export_run *run, const char *id,
                      const struct event *event)
{
    (void)fputs(id, stdout);
    for (size_t i = 0; i < run->count; i++) {
        char text[RENDER_TEXT_MAX];

        cell_text(run, event, i, text);
        (void)printf(",%s", text);
    }
    (void)putchar('\n');
}

static void print_heading(const struct export_run *run)
{
    (void)fputs("id", stdout);
    for (size_t i = 0; i < run->count; i++) {
        (void)printf(",%s", run->columns[i].name);
    }
    (void)putchar('\n');
}

/* A sum beyond 2^53 would lose digits in most readers of JSON. */
static bool plain_number(const struct event *event, uint32_t field,
                         const char *text)
{
    return render_is_number(event, field) && strlen(text) <= 15;
}

static void print_jsonl(const struct export_run *run, const char *id,
                        const struct event *event)
{
    (void)printf("{\"id\":\"%s\"", id);
    for (size_t i = 0; i < run->count; i++) {
        uint32_t field = field_of(event, &run->columns[i]);
        char text[RENDER_TEXT_MAX];

        cell_text(run, event, i, text);
        if (text[0] == '\0') {
            continue;
        }
        (void)printf(plain_number(event, field, text) ? ",\"%s\":%s"
                                                      : ",\"%s\":\"%s\"",
                     run->columns[i].name, text);
    }
    (void)fputs("}\n", stdout);
}

static enum status print_events(const struct export_run *run)
{
    struct event event;
    enum spool_state state;
    uint64_t id = 0;
    enum status rc;

    if (!run->jsonl) {
        print_heading(run);
    }
    while ((rc = spool_next(run->office->spool, id, &id, &event, &state)) ==
           STATUS_OK) {
        char text[EVENT_ID_TEXT_MAX];

        if (state == SPOOL_MOVED ||
            (run->type != NULL && event.type != run->type->number)) {
            continue;
        }
        event_id_format(id, text);
        if (run->jsonl) {
            print_jsonl(run, text, &event);
        } else {
            print_csv(run, text, &event);
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* --proof, --checkpoint and --keys: not the rows, but what shows that they came
 * in, and stayed. */
static enum status prove(const struct args *args)
{
    static const struct language_text how = {
        "--proof SỰ-KIỆN hoặc --checkpoint đi với --output TỆP",
        "--proof EVENT, or --checkpoint, goes with --output FILE"};
    const char *event = args_value(args, "proof");
    const char *path = args_value(args, "output");
    bool checkpoint = args_flag(args, "checkpoint");
    struct office *office = NULL;
    enum status rc;

    if ((event != NULL && checkpoint) ||
        (event != NULL || checkpoint) != (path != NULL)) {
        args_error(args, "%s", args_text(args, how));
        return STATUS_USAGE;
    }
    rc = office_open(args, &office);
    if (rc == STATUS_OK) {
        rc = checkpoint      ? export_checkpoint(args, office, path)
             : event != NULL ? export_proof(args, office, event, path)
                             : export_keys(args, office);
    }
    office_close(&office);
    return rc;
}

/* --usb: not rows, but the sealed batches themselves. */
static enum status carry(const struct args *args)
{
    struct office *office = NULL;
    enum status rc = office_open(args, &office);

    if (rc == STATUS_OK) {
        rc = export_stick(args, office, args_value(args, "usb"));
    }
    office_close(&office);
    return rc;
}

enum status cmd_export(const struct args *args, void *context)
{
    enum listing_format format = LISTING_CSV;
    const char *type = args_value(args, "type");
    struct office *office = NULL;
    struct export_run run = {.count = 0};
    enum status rc = STATUS_OK;

    (void)context;
    if (args_value(args, "usb") != NULL) {
        return carry(args);
    }
    if (args_value(args, "proof") != NULL ||
        args_value(args, "output") != NULL || args_flag(args, "keys") ||
        args_flag(args, "checkpoint")) {
        return prove(args);
    }
    if (args_value(args, "format") != NULL) {
        rc = listing_format_given(args, &format);
    }
    if (rc == STATUS_OK && format == LISTING_TEXT) {
        args_error(args, "--format: csv, jsonl");
        rc = STATUS_USAGE;
    }
    if (rc == STATUS_OK) {
        rc = office_open(args, &office);
    }
    if (rc == STATUS_OK && type != NULL) {
        run.type = answer_type(args, office, type);
        rc = run.type != NULL ? STATUS_OK : STATUS_USAGE;
    }
    if (rc == STATUS_OK) {
        run.office = office;
        run.jsonl = format == LISTING_JSONL;
        make_columns(&run);
        rc = answer_removed(office);
        if (rc == STATUS_OK) {
            rc = print_events(&run);
        }
        if (rc != STATUS_OK) {
            rc = answer_failure(args, office, rc);
        }
    }
    office_close(&office);
    return rc;
}
