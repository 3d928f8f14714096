/* tallyline-agent record: one event from the command line, in a process of its
 * own or, handed over, in the daemon. "Đã lưu" is printed when the event is on
 * stable storage, not before (I1). */
#include "agent/commands/answer.h"
#include "agent/commands/commands.h"
#include "agent/commands/handover.h"
#include "agent/source/describe.h"
#include "common/event/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The key of an event that comes from no row: nobody else's. It makes an
 * export of the office safe to import again. The daemon may have been asked to
 * save it under that key before. */
static void choose_key(uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    const char *given = getenv(HANDOVER_KEY_VARIABLE);
    struct random_id id;
    size_t size;

    if (given == NULL ||
        bytes_from_hex(given, key, EVENT_ENTRY_KEY_BYTES, &size) != STATUS_OK ||
        size != EVENT_ENTRY_KEY_BYTES) {
        random_id_make(&id);
        memcpy(key, id.bytes, EVENT_ENTRY_KEY_BYTES);
    }
}

static void take_key(void *owner, const struct digest *content,
                     uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    (void)content;
    memcpy(key, owner, EVENT_ENTRY_KEY_BYTES);
}

/* One FIELD=VALUE. What cannot be read is told and passed over, so that the
 * other mistakes are told too. */
static enum status read_operand(const struct args *args,
                                const struct office *office,
                                const struct catalogue_type *type,
                                const char *operand, struct source_cell *cell)
{
    bool english = office->language == LANGUAGE_EN;
    const char *equals = strchr(operand, '=');
    const char *nearest = NULL;

    *cell = (struct source_cell){.field = SOURCE_IGNORED, .text = ""};
    if (equals == NULL || equals == operand) {
        args_error(args, "\"%s\": %s", operand,
                   english ? "write it like FIELD=VALUE"
                           : "hãy ghi dạng TRƯỜNG=GIÁ_TRỊ");
        return STATUS_USAGE;
    }
    cell->field =
        source_field(type, operand, (size_t)(equals - operand), &nearest);
    cell->text = equals + 1;
    cell->size = strlen(equals + 1);
    if (cell->field == EVENT_TYPE) {
        cell->field = SOURCE_IGNORED;
    }
    if (cell->field != 0) {
        return STATUS_OK;
    }
    cell->field = SOURCE_IGNORED;
    if (nearest != NULL) {
        args_error(args, "\"%.*s\": %s \"%s\"?", (int)(equals - operand),
                   operand,
                   english ? "there is no such field; did you mean"
                           : "không có trường này; có phải ý bạn là",
                   nearest);
    } else {
        args_error(args, "\"%.*s\": %s %s", (int)(equals - operand), operand,
                   english ? "there is no such field in"
                           : "không có trường này trong loại",
                   type->name);
    }
    return STATUS_USAGE;
}

static enum status read_operands(const struct args *args,
                                 const struct office *office,
                                 const struct catalogue_type *type,
                                 struct source_cell cells[SOURCE_CELLS_MAX],
                                 size_t *count)
{
    enum status rc = STATUS_OK;

    *count = args->operand_count - 1;
    if (*count > SOURCE_CELLS_MAX) {
        args_error(args, "%s", status_text(STATUS_USAGE, office->language));
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < *count; i++) {
        enum status one =
            read_operand(args, office, type, args->operands[i + 1], &cells[i]);

        rc = rc == STATUS_OK ? one : rc;
    }
    return rc;
}

/* Where to read what may be written. */
static void print_hint(const struct args *args, const struct office *office,
                       const struct catalogue_type *type)
{
    (void)fprintf(args->err, "  %s: %s record %s --fields\n",
                  office->language == LANGUAGE_EN ? "see" : "xem",
                  args->program->name, type->name);
}

static void print_issues(const struct args *args, const struct office *office,
                         const struct source *source)
{
    args_error(args,
               office->language == LANGUAGE_EN ? "not saved, %zu to mend:"
                                               : "chưa lưu, cần sửa %zu chỗ:",
               source->issue_count);
    for (size_t i = 0; i < source->issue_count && i < SOURCE_ISSUES_MAX; i++) {
        const struct source_issue *issue = &source->issues[i];
        const char *operand = issue->cell == SOURCE_NO_CELL
                                  ? NULL
                                  : args->operands[issue->cell + 1];

        if (operand != NULL) {
            (void)fprintf(args->err, "  %.*s: %s\n",
                          (int)(strchr(operand, '=') - operand), operand,
                          issue->text);
        } else {
            (void)fprintf(args->err, "  %s\n", issue->text);
        }
    }
}

static void print_allotted(const struct args *args, const struct office *office,
                           const struct source *source)
{
    for (size_t i = 0; i < source->allotted_count; i++) {
        const struct source_allotted *allotted = &source->allotted[i];
        char text[REFERENCE_TEXT_MAX];

        reference_format((enum reference_kind)allotted->kind,
                         allotted->reference, text);
        (void)fprintf(
            args->out, "%s %s%s%s\n",
            office->language == LANGUAGE_EN ? "new reference" : "mã mới", text,
            allotted->name[0] != '\0' ? " = @" : "", allotted->name);
    }
}

static void print_saved(const struct args *args, const struct office *office,
                        uint64_t id)
{
    char text[EVENT_ID_TEXT_MAX];

    event_id_format(id, text);
    (void)fprintf(args->out, "%s %s\n",
                  office->language == LANGUAGE_EN ? "Saved" : "Đã lưu", text);
}

static enum status save(const struct args *args, const struct office *office,
                        const struct source *source, const struct event *event)
{
    uint64_t id;
    enum status rc;

    if (args_flag(args, "dry-run")) {
        (void)fprintf(args->out, "%s\n",
                      office->language == LANGUAGE_EN
                          ? "valid; not saved (--dry-run)"
                          : "Hợp lệ; chưa lưu (--dry-run)");
        return STATUS_OK;
    }
    rc = spool_append(office->spool, event, 1, NULL, &id);
    if (rc == STATUS_OK) {
        print_saved(args, office, id);
        print_allotted(args, office, source);
    }
    return rc;
}

/* The daemon had saved it, and could not say so any more. It may have died
 * before the disk had it (I1). */
static enum status tell_saved(const struct args *args,
                              const struct office *office,
                              const struct event *event)
{
    uint64_t id;
    enum status rc = spool_find_entry(office->spool, event->unit, event->office,
                                      event->entry_key, &id);

    spool_forget(office->spool);
    if (rc == STATUS_OK) {
        rc = spool_sync(office->spool);
    }
    if (rc == STATUS_OK) {
        print_saved(args, office, id);
    }
    return rc;
}

static enum status read_and_save(const struct args *args,
                                 const struct office *office,
                                 const struct catalogue_type *type,
                                 struct source *source)
{
    struct source_cell cells[SOURCE_CELLS_MAX];
    struct event event;
    size_t count = 0;
    enum status operands = read_operands(args, office, type, cells, &count);
    enum status rc = spool_begin(office->spool);

    event_init(&event, type->number);
    if (rc == STATUS_OK) {
        rc = source_read(source, type, cells, count, &event);
    }
    if (rc == STATUS_INVALID) {
        print_issues(args, office, source);
    }
    if (rc == STATUS_INVALID || operands != STATUS_OK) {
        print_hint(args, office, type);
        return operands != STATUS_OK ? operands : rc;
    }
    if (rc == STATUS_OK) {
        rc = save(args, office, source, &event);
    } else if (rc == STATUS_EXISTS &&
               memcmp(event.entry_key, source->entry_owner,
                      EVENT_ENTRY_KEY_BYTES) == 0) {
        rc = tell_saved(args, office, &event);
    }
    return rc == STATUS_OK ? rc : answer_failure(args, office, rc);
}

static enum status record(const struct args *args, const struct office *office,
                          uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    struct source source;
    struct clock clock;
    const struct catalogue_type *type =
        answer_type(args, office, args->operands[0]);
    enum status rc = type != NULL ? STATUS_OK : STATUS_USAGE;

    clock_init_real(&clock);
    if (rc == STATUS_OK) {
        rc = answer_source(args, office, &clock, &source);
    }
    if (rc == STATUS_OK) {
        source.entry_key = take_key;
        source.entry_owner = key;
        source.rivals = true;
        rc = read_and_save(args, office, type, &source);
        spool_forget(office->spool);
    }
    return rc;
}

/* record --fields: the types, or what one of them takes. */
static enum status describe(const struct args *args,
                            const struct office *office)
{
    const struct catalogue_type *type;

    if (args->operand_count == 0) {
        describe_types(office->language, args->out);
        return STATUS_OK;
    }
    type = answer_type(args, office, args->operands[0]);
    if (type == NULL) {
        return STATUS_USAGE;
    }
    describe_type(type, context_vocabulary(office->context), office->language,
                  args->out);
    return STATUS_OK;
}

static enum status answer(const struct args *args, const struct office *office,
                          uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    static const struct language_text missing = {
        "cần loại sự kiện; xem các loại: tallyline-agent record --fields",
        "a type of event is needed; see the types: tallyline-agent record "
        "--fields"};
    enum status rc;

    if (args_flag(args, "fields")) {
        return describe(args, office);
    }
    rc = answer_may_record(args, office);
    if (rc == STATUS_OK && args->operand_count == 0) {
        args_error(args, "%s", args_text(args, missing));
        rc = STATUS_USAGE;
    }
    return rc == STATUS_OK ? record(args, office, key) : rc;
}

enum status cmd_record(const struct args *args, void *context)
{
    struct handover *handed = context;
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    struct office *office = NULL;
    enum status rc;

    if (handed != NULL) {
        return answer(args, handed->office, handed->key);
    }
    rc = office_open(args, &office);
    if (rc == STATUS_OK) {
        choose_key(key);
        rc = answer(args, office, key);
    }
    if (rc == STATUS_OK) {
        (void)office_poke(office);
    }
    office_close(&office);
    return rc;
}
