/* How a recovery stands, for people. */
#include "collector/recovery/recovery_internal.h"

/* The first gaps behind what was looked at. */
static enum status find_gaps(struct recovery *recovery,
                             struct recovery_standing *standing)
{
    const struct recovery_pass *pass = &recovery->proof.pass;
    uint64_t at = pass->begun && pass->at > recovery->entries
                      ? pass->at
                      : recovery->entries;
    struct recovery_reader reader;
    struct recovery_row row;
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    while (status == STATUS_OK && at < standing->target &&
           standing->gap_count < RECOVERY_GAPS_MAX) {
        uint64_t next = standing->target;

        status = recovery_next_row(&reader, at, 0, &row);
        if (status == STATUS_OK && row.entry.index < next) {
            next = row.entry.index;
        }
        if (next > at) {
            standing->gaps[standing->gap_count++] =
                (struct recovery_gap){.from = at, .to = next};
        }
        at = next + 1;
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    recovery_reader_close(&reader);
    return status;
}

enum status recovery_standing(struct recovery *recovery,
                              struct recovery_standing *standing)
{
    uint32_t answered = 0;
    enum status status;

    *standing = (struct recovery_standing){
        .kind = recovery->state.kind,
        .entries = recovery->entries,
        .kept = recovery->kept,
        .target = recovery_target(recovery),
        .refused = recovery->refused,
        .misfit = recovery->proof.misfit,
        .misfit_at = recovery->proof.misfit_at,
        .giving_up = recovery->state.giving_up,
        .clock_behind = recovery->clock_behind,
    };
    standing->missing =
        standing->target > recovery->entries + recovery->kept
            ? standing->target - recovery->entries - recovery->kept
            : 0;
    status = recovery_unheard(recovery, standing, &answered);
    return status == STATUS_OK ? find_gaps(recovery, standing) : status;
}
