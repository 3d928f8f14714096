#include "collector/audit/evidence.h"

#include "common/event/reference.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct hall hall;
static struct office office;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(evidence, .init = setup, .fini = teardown);

static enum status find(const char *text, struct evidence *evidence)
{
    struct ledger_snapshot *snapshot = NULL;
    struct evidence_name name;
    struct entry entry;
    enum status status;

    memset(evidence, 0, sizeof *evidence);
    status = evidence_parse(text, &name);
    if (status != STATUS_OK) {
        return status;
    }
    cr_assert_eq(ledger_snapshot_open(hall.ledger, &snapshot), STATUS_OK);
    status = evidence_entry(snapshot, &name, &entry);
    if (status == STATUS_OK) {
        status = evidence_open(snapshot, province_context(hall.province),
                               &entry, evidence);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

Test(evidence, one_entry_goes_by_its_event_its_index_and_its_hashes)
{
    struct evidence by_event, other;
    char text[BYTES_HEX_SIZE(DIGEST_BYTES)];

    cr_assert_eq(find("1.1.2", &by_event), STATUS_OK);
    cr_assert_eq(by_event.entry.index, hall_size(&hall) - 1);
    cr_assert_eq(by_event.signature, EVIDENCE_GOOD);
    cr_assert(public_key_equal(&by_event.key, &office.sign_keys.public_key));
    (void)snprintf(text, sizeof text, "%llu",
                   (unsigned long long)by_event.entry.index);
    cr_assert_eq(find(text, &other), STATUS_OK);
    cr_assert(digest_equal(&other.record, &by_event.record));
    for (int i = 0; i < 2; i++) {
        const struct digest *hash =
            i == 0 ? &by_event.record : &by_event.entry.digest;

        cr_assert_eq(bytes_to_hex((struct bytes){hash->bytes, DIGEST_BYTES},
                                  text, sizeof text),
                     STATUS_OK);
        cr_assert_eq(find(text, &other), STATUS_OK);
        cr_assert_eq(other.entry.index, by_event.entry.index);
    }
}

Test(evidence, every_control_entry_is_signed_by_the_administrator)
{
    for (uint64_t i = 0; i < 5; i++) {
        struct evidence evidence;
        char text[24];

        (void)snprintf(text, sizeof text, "%llu", (unsigned long long)i);
        cr_assert_eq(find(text, &evidence), STATUS_OK);
        cr_assert_eq(evidence.entry.kind, ENTRY_CONTROL);
        cr_assert_eq(evidence.signature, EVIDENCE_GOOD, "entry %llu",
                     (unsigned long long)i);
        cr_assert_not_null(evidence.control);
        evidence_fini(&evidence);
    }
}

/* Whoever writes into the store itself cannot sign for the office. */
Test(evidence, i8_a_batch_that_another_key_signed_is_told)
{
    struct office stranger = office;
    struct batch_header header;
    struct ledger_answer answer;
    struct evidence evidence;
    struct bytes batch;
    struct digest digest;

    buffer_init(&stranger.batch, BATCH_BYTES_MAX);
    sign_keys_make(&stranger.sign_keys);
    batch = office_batch(&stranger);
    digest_bytes(batch, &digest);
    cr_assert_eq(batch_peek(batch, &header), STATUS_OK);
    cr_assert_eq(ledger_begin(hall.ledger), STATUS_OK);
    cr_assert_eq(
        ledger_append_batch(hall.ledger, &header, batch, &digest, &answer),
        STATUS_OK);
    cr_assert_eq(answer.verdict, LEDGER_APPENDED);
    cr_assert_eq(ledger_commit(hall.ledger), STATUS_OK);
    cr_assert_eq(find("1.1.3", &evidence), STATUS_OK);
    cr_assert_eq(evidence.signature, EVIDENCE_WRONG);
    cr_assert(public_key_equal(&evidence.key, &office.sign_keys.public_key));
    buffer_fini(&stranger.batch);
}

Test(evidence, what_is_no_name_is_refused_and_what_is_not_there_is_said)
{
    static const char *const wrong[] = {"",
                                        "x",
                                        "1.1",
                                        "1.1.x",
                                        "-1",
                                        "1.1.1.1",
                                        "zz00000000000000000000000000000000000"
                                        "000000000000000000000000000"};
    static const char *const absent[] = {
        "1.1.3", "2.1.1", "1000000",
        "0000000000000000000000000000000000000000000000000000000000000000"};
    struct evidence evidence;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert_eq(find(wrong[i], &evidence), STATUS_INVALID, "%s", wrong[i]);
    }
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        cr_assert_eq(find(absent[i], &evidence), STATUS_NOT_FOUND, "%s",
                     absent[i]);
    }
}
