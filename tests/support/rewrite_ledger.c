/* rewrite_ledger FROM TO HOW INDEX: the ledger FROM as a province would have it
 * that changes its past, as the new ledger TO. With HOW `swap` the entry at
 * INDEX and the next one have changed places, which must be batches of two
 * agents; with `drop` that entry and all behind it are not there. Every entry
 * is well formed and has the time of its place: only who has seen the ledger
 * before can tell. */
#include "collector/ledger/ledger.h"
#include "common/base/check.h"
#include "common/format/batch.h"
#include "common/format/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ledger *open_ledger(const char *path, const struct clock *clock,
                                  bool create)
{
    struct ledger_options options = {
        .path = path, .clock = clock, .read_only = !create, .create = create};
    struct ledger *ledger = NULL;

    check(ledger_open(&options, &ledger) == STATUS_OK);
    return ledger;
}

static void copy(const struct ledger_snapshot *from, struct ledger *to,
                 uint64_t index)
{
    struct batch_header header;
    struct ledger_answer answer;
    struct entry entry;
    struct bytes bytes;

    check(ledger_entry(from, index, &entry) == STATUS_OK);
    check(ledger_bytes(from, &entry, &bytes) == STATUS_OK);
    check(ledger_begin(to) == STATUS_OK);
    if (entry.kind == ENTRY_BATCH) {
        check(batch_peek(bytes, &header) == STATUS_OK);
        check(ledger_append_batch(to, &header, bytes, &entry.digest, &answer) ==
              STATUS_OK);
    } else {
        check(ledger_append_control(to, bytes, &answer) == STATUS_OK);
    }
    check(answer.verdict == LEDGER_APPENDED);
    check(ledger_commit(to) == STATUS_OK);
}

int main(int argc, char **argv)
{
    struct clock_settable now = {0};
    struct ledger_snapshot *snapshot = NULL;
    struct clock clock;
    struct ledger *from;
    struct ledger *to;
    uint64_t at;
    uint64_t size;

    if (argc != 5) {
        (void)fprintf(stderr, "usage: rewrite_ledger FROM TO HOW INDEX\n");
        return 2;
    }
    sign_init();
    clock_init_settable(&clock, &now);
    at = strtoull(argv[4], NULL, 10);
    from = open_ledger(argv[1], NULL, false);
    to = open_ledger(argv[2], &clock, true);
    check(ledger_snapshot_open(from, &snapshot) == STATUS_OK);
    size = strcmp(argv[3], "drop") == 0 ? at : ledger_snapshot_size(snapshot);
    for (uint64_t i = 0; i < size; i++) {
        struct entry entry;
        bool swapped = strcmp(argv[3], "swap") == 0;

        check(ledger_entry(snapshot, i, &entry) == STATUS_OK);
        now.wall_us = entry.received_at;
        copy(snapshot, to,
             swapped && i == at       ? at + 1
             : swapped && i == at + 1 ? at
                                      : i);
    }
    ledger_snapshot_close(&snapshot);
    ledger_close(&from);
    ledger_close(&to);
    return 0;
}
