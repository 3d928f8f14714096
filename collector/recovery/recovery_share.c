/* Whose rows take how much room. Of what is free for rows an office may have as
 * much as it leaves: so one that returns without end gets half of it, and the
 * next ones find room. What it has is counted as it comes, and counted anew in
 * the table before it is told that it has its share, since rows go when they
 * are appended. Failure modes: without memory to count nobody is told so. */
#include "collector/recovery/recovery_internal.h"

#include "common/store/store.h"

#include <stdlib.h>

/* Room that rows may take is looked up once for so many bytes. */
#define LOOK_BYTES (UINT64_C(1) << 20)

static struct recovery_share *find(struct recovery_shares *shares,
                                   uint32_t agent)
{
    struct recovery_share *more;

    for (size_t i = 0; i < shares->count; i++) {
        if (shares->all[i].agent == agent) {
            return &shares->all[i];
        }
    }
    more = shares->count >= CONTEXT_AGENTS_MAX
               ? NULL
               : realloc(shares->all, (shares->count + 1) * sizeof *more);
    if (more == NULL) {
        return NULL;
    }
    shares->all = more;
    more = &shares->all[shares->count++];
    *more = (struct recovery_share){.agent = agent};
    return more;
}

static uint64_t weight_of(const struct recovery_row *row)
{
    return RECOVERY_ROW_COST + row->bytes.size;
}

static void add(struct recovery_shares *shares, const struct recovery_row *row)
{
    struct recovery_share *share = find(shares, row->agent);

    if (share != NULL) {
        share->bytes += weight_of(row);
    }
}

void recovery_shares_reset(struct recovery_shares *shares)
{
    free(shares->all);
    *shares = (struct recovery_shares){.count = 0};
}

static enum status count(struct recovery *recovery)
{
    struct recovery_reader reader;
    struct recovery_row row = {.agent = 0};
    enum status status =
        recovery_reader_open(recovery->options.ledger, &reader);

    recovery_shares_reset(&recovery->shares);
    for (uint64_t index = 0; status == STATUS_OK;) {
        status = recovery_next_row(&reader, index, row.agent, &row);
        if (status == STATUS_OK) {
            add(&recovery->shares, &row);
            index = row.entry.index;
            row.agent++;
        }
    }
    recovery_reader_close(&reader);
    recovery->shares.counted = true;
    recovery->shares.counted_at = clock_monotonic_us(recovery->options.clock);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* What rows may still take, by the last look. */
static uint64_t room(struct recovery *recovery)
{
    struct recovery_shares *shares = &recovery->shares;

    if (!shares->looked || shares->since >= LOOK_BYTES) {
        uint64_t used = 0, total = 0, most;

        ledger_room(recovery->options.ledger, &used, &total);
        most = total / 100 * STORE_FULL_PERCENT;
        shares->room = used < most ? most - used : 0;
        shares->since = 0;
        shares->looked = true;
    }
    return shares->since < shares->room ? shares->room - shares->since : 0;
}

static bool fits(struct recovery *recovery, const struct recovery_row *row)
{
    const struct recovery_share *share = find(&recovery->shares, row->agent);
    uint64_t wanted = (share == NULL ? 0 : share->bytes) + weight_of(row);

    return wanted <= RECOVERY_SHARE_LEAST || wanted <= room(recovery);
}

enum status recovery_has_share(struct recovery *recovery,
                               const struct recovery_row *row, bool *has)
{
    struct recovery_shares *shares = &recovery->shares;
    int64_t now = clock_monotonic_us(recovery->options.clock);
    enum status status = STATUS_OK;

    if (!shares->counted) {
        status = count(recovery);
    }
    *has = status == STATUS_OK && !fits(recovery, row);
    if (*has && now - shares->counted_at >= RECOVERY_FULL_US) {
        status = count(recovery);
        *has = status == STATUS_OK && !fits(recovery, row);
    }
    return status;
}

void recovery_take_share(struct recovery *recovery,
                         const struct recovery_row *row)
{
    add(&recovery->shares, row);
    recovery->shares.since += weight_of(row);
}
