/* Documents: signed by the ledger's key as they come, and the control documents
 * among them by the administrator's too. What does not hold is left alone and
 * logged; the office goes on with what it has. */
#include "agent/line/uplink_internal.h"
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
} others[UPLINK_DOCUMENTS - WIRE_PLANS_MAX] = {
    {WIRE_DOCUMENT_GENESIS, CONTROL_GENESIS},
    {WIRE_DOCUMENT_UNITS, CONTROL_UNITS},
    {WIRE_DOCUMENT_VOCABULARY, CONTROL_VOCABULARY},
    {WIRE_DOCUMENT_ENROLMENT, CONTROL_ENROLMENT},
    {WIRE_DOCUMENT_JOINED, CONTROL_JOINED},
    {WIRE_DOCUMENT_BACKUP, CONTROL_BACKUP_MARK},
    {WIRE_DOCUMENT_REGISTERS, 0},
    {WIRE_DOCUMENT_OUTCOMES, 0},
};

const char *uplink_document_name(size_t position)
{
    return position < WIRE_PLANS_MAX ? wire_document_plans[position]
                                     : others[position - WIRE_PLANS_MAX].name;
}

/* Position of the document of that name; UPLINK_DOCUMENTS: not known. */
static size_t find(const char *name)
{
    size_t position = 0;

    while (position < UPLINK_DOCUMENTS &&
           strcmp(name, uplink_document_name(position)) != 0) {
        position++;
    }
    return position;
}

/* The kind of the control document of that name; 0: it is none. */
static unsigned control_kind_of(const char *name)
{
    size_t position = find(name);

    if (position == UPLINK_DOCUMENTS) {
        return 0;
    }
    return position < WIRE_PLANS_MAX
               ? CONTROL_PLAN
               : others[position - WIRE_PLANS_MAX].control;
}

static bool is_known(const char *name)
{
    return find(name) != UPLINK_DOCUMENTS;
}

/* What a backup mark says is noted before its document is kept: one that was
 * not noted comes again. */
static enum status check_control(const struct uplink *uplink, unsigned kind,
                                 struct bytes body)
{
    struct control *control = NULL;
    enum status status =
        config_open_control(uplink->options.config, body, &control);

    if (status == STATUS_OK && (unsigned)control->kind != kind) {
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && kind == CONTROL_BACKUP_MARK) {
        status = spool_set_backup(uplink->options.spool,
                                  control->backup_mark.up_to_index);
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

static enum status set_outcomes(struct uplink *uplink, struct bytes body)
{
    struct spool_outcome *list = calloc(WIRE_OUTCOME_ITEMS_MAX, sizeof list[0]);
    size_t count = 0;
    enum status status = STATUS_MEMORY;

    if (list != NULL) {
        status = read_outcomes(body, list, &count);
    }
    if (status == STATUS_OK) {
        status = spool_set_outcomes(uplink->options.spool, list, count);
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
static enum status examine(struct uplink *uplink, const char *name,
                           struct bytes body)
{
    unsigned kind = control_kind_of(name);

    if (!is_known(name)) {
        return STATUS_VERSION;
    }
    if (kind != 0) {
        return check_control(uplink, kind, body);
    }
    if (strcmp(name, WIRE_DOCUMENT_OUTCOMES) == 0) {
        return set_outcomes(uplink, body);
    }
    return check_registers(body);
}

/* `status`: that of putting it together. */
static enum status keep(struct uplink *uplink, const char *name,
                        struct bytes body, enum status status)
{
    if (status == STATUS_OK) {
        status = examine(uplink, name, body);
    }
    if (status == STATUS_INVALID || status == STATUS_REFUSED ||
        status == STATUS_VERSION) {
        log_warning("a document was left alone", log_text("name", name),
                    log_status("status", status));
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = spool_set_document(uplink->options.spool, name, body);
    }
    if (status == STATUS_OK) {
        uplink->counts.documents++;
        if (control_kind_of(name) != 0) {
            log_info("document", log_text("name", name),
                     log_number("bytes", (int64_t)body.size));
        }
    }
    return status;
}

enum status uplink_take_piece(struct uplink *uplink,
                              const struct wire_piece *piece)
{
    char name[WIRE_NAME_MAX];
    struct bytes body;
    enum status status;

    memcpy(name, piece->name, sizeof name);
    status = wire_assembly_add(&uplink->assembly, piece,
                               &uplink->options.config->ledger_key, &body);
    if (status == STATUS_AGAIN) {
        return STATUS_OK;
    }
    status = keep(uplink, name, body, status);
    /* Documents are rare and up to 1 MiB: their memory goes back. */
    wire_assembly_fini(&uplink->assembly);
    return status;
}
