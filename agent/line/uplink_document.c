#include "agent/line/uplink_internal.h"

#include "agent/line/document.h"
#include "common/base/log.h"
#include "common/format/wire_document.h"

#include <string.h>

/* `status`: that of putting it together. What does not hold is left alone and
 * logged. */
static enum status keep(struct uplink *uplink, const char *name,
                        struct bytes body, enum status status)
{
    const struct document_keeper keeper = {.spool = uplink->options.spool,
                                           .config = uplink->options.config};

    if (status == STATUS_OK) {
        status = document_keep(&keeper, name, body);
    }
    if (status == STATUS_INVALID || status == STATUS_REFUSED ||
        status == STATUS_VERSION) {
        log_warning("a document was left alone", log_text("name", name),
                    log_status("status", status));
        return STATUS_OK;
    }
    uplink->counts.documents += status == STATUS_OK;
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
