/* A control document against the administrator's key and the control entries
 * before it. What it changes holds from the next entry on. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/ledger_internal.h"

static void found(struct verify_entries *self, enum verify_part part,
                  const struct entry *entry, enum verify_fault fault,
                  const char *note)
{
    verify_found(self->results, part, fault, verify_at_entry(entry), note);
}

/* A mark from before entries were given up: the break that names them says why
 * its root cannot be made any more. */
static void look_at_backup(struct verify_entries *self,
                           const struct entry *entry,
                           const struct control_backup_mark *mark)
{
    struct digest root;

    self->results->parts[VERIFY_BACKUPS].checked++;
    if ((ledger_root(self->snapshot, mark->up_to_index, &root) != STATUS_OK ||
         !digest_equal(&root, &mark->root)) &&
        verify_breaks_know(self, mark->up_to_index, &mark->root, NULL) ==
            VERIFY_BROKEN_NOT) {
        found(self, VERIFY_BACKUPS, entry, VERIFY_FAULT_ROOT, NULL);
    }
}

/* What it names among the entries is there, before it. */
static void look_at_names(struct verify_entries *self,
                          const struct entry *entry,
                          const struct control *control)
{
    bool there = true;

    switch (control->kind) {
    case CONTROL_REPORT_FREEZE:
        there = control->freeze.at_index <= entry->index;
        break;
    case CONTROL_BACKUP_MARK:
        there = control->backup_mark.up_to_index <= entry->index;
        look_at_backup(self, entry, &control->backup_mark);
        break;
    case CONTROL_COLD_MOVE:
        there = control->cold_move.from_index <= control->cold_move.to_index &&
                control->cold_move.to_index < entry->index;
        if (there) {
            verify_move(self, entry, &control->cold_move);
        }
        break;
    case CONTROL_ERASURE_ORDER:
        there = verify_order(self, entry, &control->erasure_order);
        break;
    case CONTROL_BREAK:
        verify_break(self, entry, &control->broken);
        break;
    default:
        break;
    }
    if (!there) {
        found(self, VERIFY_CONTROLS, entry, VERIFY_FAULT_CONTROL_REFERS, NULL);
    }
}

static void apply(struct verify_entries *self, const struct entry *entry,
                  const struct control *control)
{
    unsigned changes = 0;
    size_t lines = self->report.count;
    enum status status = context_apply(self->context, entry->index, control,
                                       &self->report, &changes);

    if (status == STATUS_INVALID) {
        found(self, VERIFY_CONTROLS, entry, VERIFY_FAULT_CONTROL_CONTRADICTS,
              self->report.count > lines ? self->report.lines[lines].text
                                         : NULL);
    } else if (status != STATUS_OK) {
        self->status = status;
    }
}

static void look_at_content(struct verify_entries *self,
                            const struct entry *entry,
                            const struct control *control)
{
    if ((control->kind == CONTROL_GENESIS) != (entry->index == 0)) {
        found(self, VERIFY_CONTROLS, entry, VERIFY_FAULT_GENESIS, NULL);
    }
    look_at_names(self, entry, control);
    apply(self, entry, control);
}

void verify_control(struct verify_entries *self, const struct entry *entry,
                    struct bytes document)
{
    struct control *control = NULL;
    enum verify_fault fault = VERIFY_FAULT_CONTROL_FORM;

    self->results->parts[VERIFY_CONTROLS].checked++;
    switch (control_open_next(document, context_administrator(self->context),
                              &control)) {
    case STATUS_OK:
        look_at_content(self, entry, control);
        control_free(&control);
        return;
    case STATUS_REFUSED:
        fault = VERIFY_FAULT_CONTROL_SIGNATURE;
        break;
    case STATUS_VERSION:
        fault = VERIFY_FAULT_CONTROL_NEWER;
        break;
    case STATUS_MEMORY:
        self->status = STATUS_MEMORY;
        return;
    default:
        break;
    }
    found(self, VERIFY_CONTROLS, entry, fault, NULL);
}
