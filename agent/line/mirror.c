#include "agent/line/mirror.h"

#include "common/format/control.h"

/* A kind that is newer than this program is kept too: its signature was
 * looked at first. */
static enum status check_signed(const struct config *config,
                                const struct wire_pair *pair)
{
    struct control *control = NULL;
    enum status status =
        pair->erased || pair->entry.kind != ENTRY_CONTROL
            ? STATUS_INVALID
            : config_open_control(config, pair->bytes, &control);

    control_free(&control);
    return status == STATUS_VERSION ? STATUS_OK : status;
}

enum status mirror_keep(struct spool *spool, const struct config *config,
                        const struct wire_pair pairs[], size_t count,
                        uint64_t *done_to)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = check_signed(config, &pairs[i]);
        if (status == STATUS_OK && i > 0 &&
            pairs[i].entry.index <= pairs[i - 1].entry.index) {
            status = STATUS_INVALID;
        }
    }
    if (status == STATUS_OK) {
        status = spool_keep_controls(spool, pairs, count, done_to);
    }
    /* What cannot be overwritten now is when the agent starts again. */
    if (status == STATUS_OK && spool_overwrite(spool, false) == STATUS_IO) {
        status = STATUS_IO;
    }
    return status;
}
