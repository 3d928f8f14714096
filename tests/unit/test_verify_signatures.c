/* Signatures that either thread may check: whatever the two do, what comes of
 * each is put down once, and in the order of the entries. */
#include "collector/audit/verify_signatures.h"

#include "common/format/batch.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#define BATCHES (8u * VERIFY_SIGNATURES_MAX)
#define BAD_OF  5u /* one in so many is not signed by the key */

static struct office office;
static struct verify_results results;
static struct verify_signatures *signatures;
static bool stop; /* atomic */

static void setup(void)
{
    office_open(&office, 1);
    memset(&results, 0, sizeof results);
    cr_assert_eq(verify_signatures_new(&results, &signatures), STATUS_OK);
}

static void teardown(void)
{
    verify_signatures_free(&signatures);
    cr_assert_null(signatures);
    office_close(&office);
}

TestSuite(verify_signatures, .init = setup, .fini = teardown, .timeout = 60);

static void put(uint64_t index)
{
    struct event event;
    struct entry entry = {.index = index, .kind = ENTRY_BATCH};
    uint8_t changed[BATCH_BYTES_MAX];
    struct bytes batch;

    office_visit(&office, (uint32_t)index + 1, &event);
    batch = office_seal(&office, &event, 1);
    memcpy(changed, batch.data, batch.size);
    changed[batch.size - 1] ^= index % BAD_OF == 0;
    cr_assert_eq(verify_signatures_put(signatures, &entry,
                                       (struct bytes){changed, batch.size},
                                       &office.sign_keys.public_key),
                 STATUS_OK);
    memset(changed, 0, batch.size); /* a copy was taken */
}

static void check_findings(void)
{
    const struct verify_part_result *part = &results.parts[VERIFY_BATCHES];

    cr_assert_eq(part->failed, (BATCHES + BAD_OF - 1) / BAD_OF);
    for (size_t i = 0; i < part->kept; i++) {
        cr_assert_eq(part->findings[i].fault, VERIFY_FAULT_BATCH_SIGNATURE);
        cr_assert_eq(part->findings[i].place.index, i * BAD_OF);
    }
}

/* Nobody helps: what is too much is done by whoever puts it in. */
Test(verify_signatures, i11_no_more_wait_than_may)
{
    for (uint64_t i = 0; i < BATCHES; i++) {
        put(i);
    }
    cr_assert(verify_signatures_help(signatures));
    verify_signatures_settle(signatures);
    cr_assert_not(verify_signatures_help(signatures));
    check_findings();
}

static void *help(void *argument)
{
    (void)argument;
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        (void)verify_signatures_help(signatures);
    }
    return NULL;
}

Test(verify_signatures, findings_come_in_order_whoever_checked)
{
    pthread_t helper;

    cr_assert_eq(pthread_create(&helper, NULL, help, NULL), 0);
    for (uint64_t i = 0; i < BATCHES; i++) {
        put(i);
        if (i % 20 == 0) {
            verify_signatures_settle(signatures);
        }
    }
    verify_signatures_settle(signatures);
    __atomic_store_n(&stop, true, __ATOMIC_RELEASE);
    cr_assert_eq(pthread_join(helper, NULL), 0);
    check_findings();
}
