#include "tests/support/start.h"

#include "common/base/check.h"

#include <unistd.h>

/* The first entry that is folded tells where the folding begins. */
static void note_begun(void *owner, uint64_t done, uint64_t entries)
{
    struct start *start = owner;

    (void)entries;
    if (start->begun == UINT64_MAX) {
        start->begun = done - 1;
    }
}

void start_open(struct start *start, struct hall *hall, const char *state)
{
    struct tally_progress progress = {.owner = start, .folded = note_begun};
    unsigned changes;

    start->begun = UINT64_MAX;
    check(province_open(hall->ledger, &start->province) == STATUS_OK);
    check(tally_open(hall->ledger, start->province, progress, &start->tally) ==
          STATUS_OK);
    if (state != NULL) {
        tally_keep_in(start->tally, state);
    }
    check(tally_advance(start->tally, &changes) == STATUS_OK);
    check(tally_position(start->tally) == hall_size(hall));
    if (start->begun == UINT64_MAX) {
        start->begun = tally_position(start->tally);
    }
}

void start_close(struct start *start)
{
    tally_close(&start->tally);
    province_close(&start->province);
}

struct digest start_save(struct start *start)
{
    struct digest digest;

    check(tally_save(start->tally, &digest) == STATUS_OK);
    return digest;
}

struct digest start_from_nothing(struct hall *hall, const char *state)
{
    struct start start;
    struct digest digest;

    (void)unlink(state);
    start_open(&start, hall, state);
    check(start.begun == 0);
    digest = start_save(&start);
    start_close(&start);
    return digest;
}
