/* Documents: signed by the ledger's key as they come, and the control documents
 * among them by the administrator's too. What does not hold is left alone; the
 * office goes on with what it has. */
#include "agent/line/document.h"

#include "agent/spool/spool_backup.h"
#include "common/base/log.h"
#include "common/format/control.h"
#include "common/format/wire_document.h"
#include "common/format/wire_walk.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned control; /* kind of the control document; 0: it is none */
} others[DOCUMENT_NAMES - WIRE_PLANS_MAX] = {
    {WIRE_DOCUMENT_GENESIS, CONTROL_GENESIS},
    {WIRE_DOCUMENT_UNITS, CONTROL_UNITS},
    {WIRE_DOCUMENT_VOCABULARY, CONTROL_VOCABULARY},
    {WIRE_DOCUMENT_ENROLMENT, CONTROL_ENROLMENT},
    {WIRE_DOCUMENT_JOINED, CONTROL_JOINED},
    {WIRE_DOCUMENT_BACKUP, CONTROL_BACKUP_MARK},
    {WIRE_DOCUMENT_REGISTERS, 0},
    {WIRE_DOCUMENT_OUTCOMES, 0},
};

const char *document_name(size_t position)
{
    return position < WIRE_PLANS_MAX ? wire_document_plans[position]
                                     : others[position - WIRE_PLANS_MAX].name;
}

/* Position of the document of that name; DOCUMENT_NAMES: not known. */
static size_t find(const char *name)
{
    size_t position = 0;

    while (position < DOCUMENT_NAMES &&
           strcmp(name, document_name(position)) != 0) {
        position++;
    }
    return position;
}

/* The kind of the control document of that name; 0: it is none. */
static unsigned control_kind_of(const char *name)
{
    size_t position = find(name);

    if (position == DOCUMENT_NAMES) {
        return 0;
    }
    return position < WIRE_PLANS_MAX
               ? CONTROL_PLAN
               : others[position - WIRE_PLANS_MAX].control;
}

static bool is_known(const char *name)
{
    return find(name) != DOCUMENT_NAMES;
}

/* What a backup mark says is noted before its document is kept: one that was
 * not noted comes again. */
static enum status check_control(const struct document_keeper *keeper,
                                 unsigned kind, struct bytes body)
{
    struct control *control = NULL;
    enum status status = config_open_control(keeper->config, body, &control);

    if (status == STATUS_OK && (unsigned)control->kind != kind) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && kind == CONTROL_BACKUP_MARK) {
        status =
            spool_set_backup(keeper->spool, control->backup_mark.up_to_index);
    }
    control_free(&control);
    return status;
}

static enum status read_outcomes(struct bytes body, struct spool_outcome list[],
                                 size_t *count)
{
    struct wire_outcome item;
    struct wire_walk walk;
    enum status status;

    *count = 0;
    wire_walk_init(&walk, body);
    while ((status = wire_walk_outcome(&walk, &item)) == STATUS_OK) {
        list[*count] = (struct spool_outcome){
            .event = item.event,
            .outcome = item.outcome,
            .field = item.field,
            .rule = item.rule,
            .value = item.value,
            .other = item.other,
        };
        *count += 1;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status set_outcomes(const struct document_keeper *keeper,
                                struct bytes body)
{
    struct spool_outcome *list = calloc(WIRE_OUTCOME_ITEMS_MAX, sizeof list[0]);
    size_t count = 0;
    enum status status = STATUS_MEMORY;

    if (list != NULL) {
        status = read_outcomes(body, list, &count);
    }
    if (status == STATUS_OK) {
        status = spool_set_outcomes(keeper->spool, list, count);
    }
    free(list);
    return status;
}

/* It is kept as it is; whoever uses it need not fear what it says. */
static enum status check_registers(struct bytes body)
{
    struct wire_register_item item;
    struct wire_walk walk;
    enum status status;

    wire_walk_init(&walk, body);
    do {
        status = wire_walk_register(&walk, &item);
    } while (status == STATUS_OK);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* STATUS_INVALID, STATUS_REFUSED, STATUS_VERSION: not to be kept. */
static enum status examine(const struct document_keeper *keeper,
                           const char *name, struct bytes body)
{
    unsigned kind = control_kind_of(name);

    if (!is_known(name)) {
        return STATUS_VERSION;
    }
    if (kind != 0) {
        return check_control(keeper, kind, body);
    }
    if (strcmp(name, WIRE_DOCUMENT_OUTCOMES) == 0) {
        return set_outcomes(keeper, body);
    }
    return check_registers(body);
}

enum status document_keep(const struct document_keeper *keeper,
                          const char *name, struct bytes body)
{
    enum status status = examine(keeper, name, body);

    if (status == STATUS_OK) {
        status = spool_set_document(keeper->spool, name, body);
    }
    if (status == STATUS_OK && control_kind_of(name) != 0) {
        log_info("document", log_text("name", name),
                 log_number("bytes", (int64_t)body.size));
    }
    return status;
}
