/* A ledger whose commits fail: what mdb_txn_commit() answers is said by the
 * test, through the linker's --wrap. */
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <errno.h>

struct MDB_txn;
int __real_mdb_txn_commit(struct MDB_txn *txn);
int __wrap_mdb_txn_commit(struct MDB_txn *txn);
void mdb_txn_abort(struct MDB_txn *txn);

#define MDB_MAP_FULL (-30792)

static int commit_answer; /* 0: the real one */

int __wrap_mdb_txn_commit(struct MDB_txn *txn)
{
    if (commit_answer == 0) {
        return __real_mdb_txn_commit(txn);
    }
    mdb_txn_abort(txn);
    return commit_answer;
}

TestSuite(ledger_fault, .init = ledger_fixture_open,
          .fini = ledger_fixture_close);

static void append(const struct sample *sample, uint64_t index)
{
    struct ledger_answer answer;
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(sample_append(sample, &answer), LEDGER_APPENDED);
    cr_assert_eq(answer.entry.index, index);
}

static uint64_t size_now(void)
{
    struct ledger_snapshot *snapshot = NULL;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    uint64_t size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

/* The group of a failed commit leaves neither entry nor position, and nothing
 * is taken until the ledger is opened again. Then the agent sends the same
 * batch again, and it is taken once. */
Test(ledger_fault, i2_a_failed_commit_takes_nothing_and_sticks)
{
    struct stream a = stream_of(1, 1);
    struct sample first;
    struct sample second;
    sample_make(&a, 10, &first);
    sample_make(&a, 10, &second);
    sample_commit(&first);
    append(&second, 1);
    commit_answer = EIO;
    cr_assert_eq(ledger_commit(ledger), STATUS_IO);
    commit_answer = 0;
    cr_assert(ledger_broken(ledger));
    cr_assert_eq(ledger_begin(ledger), STATUS_IO);
    cr_assert_eq(size_now(), 1);
    ledger_fixture_reopen(0);
    cr_assert_not(ledger_broken(ledger));
    append(&second, 1);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    cr_assert_eq(size_now(), 2);
}

/* A map that overflows at the commit: the same group is taken later, without
 * opening again. */
Test(ledger_fault, i6_a_map_full_at_the_commit_takes_nothing_and_passes)
{
    struct stream a = stream_of(1, 1);
    struct sample sample;
    sample_make(&a, 10, &sample);
    append(&sample, 0);
    commit_answer = MDB_MAP_FULL;
    cr_assert_eq(ledger_commit(ledger), STATUS_FULL);
    commit_answer = 0;
    cr_assert_not(ledger_broken(ledger));
    cr_assert_eq(size_now(), 0);
    append(&sample, 0);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    cr_assert_eq(size_now(), 1);
}
