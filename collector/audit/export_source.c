#include "collector/audit/export.h"

enum status export_source_open(struct ledger *ledger,
                               struct export_source *source)
{
    enum status status;

    *source = (struct export_source){.ledger = ledger};
    status = ledger_snapshot_open(ledger, &source->snapshot);
    if (status == STATUS_OK) {
        source->size = ledger_snapshot_size(source->snapshot);
    }
    return status;
}

void export_source_close(struct export_source *source)
{
    ledger_snapshot_close(&source->snapshot);
}

enum status export_source_turn(struct export_source *source, uint64_t index)
{
    if (index % EXPORT_TURN != 0 || index == 0) {
        return STATUS_OK;
    }
    ledger_snapshot_close(&source->snapshot);
    return ledger_snapshot_open(source->ledger, &source->snapshot);
}
