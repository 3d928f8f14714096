/* One thread appends while others read: each snapshot is a whole prefix, its
 * last entry has its bytes, and its stream stands behind its last batch. */
#include "collector/ledger/ledger.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>

#define READERS 3
#define BATCHES 80u

TestSuite(ledger_threads, .init = ledger_fixture_open,
          .fini = ledger_fixture_close);

static atomic_bool done;

/* Criterion's assertions are for the main thread: a reader counts faults. */
static unsigned look_once(const struct stream *a, uint64_t *last_size)
{
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_stream stream;
    struct entry entry;
    struct bytes bytes;
    unsigned faults = 0;
    if (ledger_snapshot_open(ledger, &snapshot) != STATUS_OK) {
        return 1;
    }
    uint64_t size = ledger_snapshot_size(snapshot);
    faults += size < *last_size;
    *last_size = size;
    faults += ledger_stream(snapshot, &a->header.agent, &a->header.epoch,
                            &stream) != STATUS_OK;
    faults += stream.next_seq != 1 + 2 * size;
    for (uint64_t i = 0; i < size; i++) {
        faults += ledger_entry(snapshot, i, &entry) != STATUS_OK ||
                  entry.first_seq != 1 + 2 * i ||
                  ledger_bytes(snapshot, &entry, &bytes) != STATUS_OK;
    }
    faults += ledger_entry(snapshot, size, &entry) != STATUS_NOT_FOUND;
    ledger_snapshot_close(&snapshot);
    return faults;
}

static void *read_on(void *faults)
{
    const struct stream a = stream_of(1, 1);
    uint64_t last_size = 0;
    unsigned found = 0;
    while (!atomic_load(&done)) {
        found += look_once(&a, &last_size);
    }
    found += look_once(&a, &last_size);
    found += last_size != BATCHES;
    *(unsigned *)faults = found;
    return NULL;
}

Test(ledger_threads, i4_every_snapshot_is_a_whole_prefix)
{
    pthread_t threads[READERS];
    unsigned faults[READERS];
    struct stream a = stream_of(1, 1);
    struct sample sample;
    for (int i = 0; i < READERS; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, read_on, &faults[i]), 0);
    }
    for (unsigned i = 0; i < BATCHES; i++) {
        sample_make(&a, 2, &sample);
        sample_commit(&sample);
    }
    atomic_store(&done, true);
    for (int i = 0; i < READERS; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        cr_assert_eq(faults[i], 0);
    }
}
