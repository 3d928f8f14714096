/* Documents: signed by the ledger's key as they come, and the control documents
 * among them by the administrator's too. What does not hold is left alone and
 * logged; the office goes on with what it has. */
#include "agent/uplink_internal.h"

#include "common/control.h"
#include "common/log.h"

#include <stdlib.h>
#include <string.h>

const char *const uplink_document_names[UPLINK_DOCUMENTS] = {
    WIRE_DOCUMENT_GENESIS,    WIRE_DOCUMENT_PLAN,      WIRE_DOCUMENT_UNITS,
    WIRE_DOCUMENT_VOCABULARY, WIRE_DOCUMENT_ENROLMENT, WIRE_DOCUMENT_JOINED,
    WIRE_DOCUMENT_REGISTERS,  WIRE_DOCUMENT_OUTCOMES,
};

/* The kind of the control document of that name; 0: it is none. */
static unsigned control_kind_of(const char *name)
{
    static const unsigned kinds[UPLINK_DOCUMENTS] = {
        CONTROL_GENESIS,    CONTROL_PLAN,      CONTROL_UNITS,
        CONTROL_VOCABULARY, CONTROL_ENROLMENT, CONTROL_JOINED,
    };

    for (size_t i = 0; i < UPLINK_DOCUMENTS; i++) {
        if (strcmp(name, uplink_document_names[i]) == 0) {
            return kinds[i];
        }
    }
    return 0;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < UPLINK_DOCUMENTS; i++) {
        if (strcmp(name, uplink_document_names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum status check_control(const struct uplink *uplink, unsigned kind,
                                 struct bytes body)
{
    struct control *control = NULL;
    enum status status =
        control_open(body, &uplink->options.config->administrator, &control);

    if (status == STATUS_OK && (unsigned)control->kind != kind) {
        status = STATUS_INVALID;
    }
    control_free(&control);
    return status;
}

static enum status set_outcomes(struct uplink *uplink, struct bytes body)
{
    struct wire_outcomes outcomes;
    struct spool_outcome *list;
    enum status status = wire_unpack_outcomes(uplink->codec, body, &outcomes);

    if (status != STATUS_OK) {
        return status;
    }
    list = calloc(outcomes.count + 1, sizeof *list);
    if (list == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < outcomes.count; i++) {
        list[i] = (struct spool_outcome){
            .event = outcomes.items[i].event,
            .outcome = outcomes.items[i].outcome,
            .field = outcomes.items[i].field,
            .rule = outcomes.items[i].rule,
            .value = outcomes.items[i].value,
            .other = outcomes.items[i].other,
        };
    }
    status = spool_set_outcomes(uplink->options.spool, list, outcomes.count);
    free(list);
    return status;
}

/* STATUS_INVALID, STATUS_REFUSED, STATUS_VERSION: not to be kept. */
static enum status examine(struct uplink *uplink, const char *name,
                           struct bytes body)
{
    const struct wire_register_item *items;
    size_t count;
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
    return wire_unpack_registers(uplink->codec, body, &items, &count);
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
