/* Two agents that joined, and batches over their links. What a disk does that
 * fails is played by the linker's --wrap. */
#include "collector/line/admit.h"

#include "common/format/batch.h"
#include "common/store/store.h"
#include "tests/support/keys.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define AGENTS  2u
#define JOINING 3u /* enrolled, has not joined */

enum status __real_store_commit(struct store_txn **txn);
enum status __wrap_store_commit(struct store_txn **txn);
int __real_fstatvfs(int fd, struct statvfs *about);
int __wrap_fstatvfs(int fd, struct statvfs *about);

static enum status commit_answer; /* STATUS_OK: the real one */
static bool disk_is_full;

enum status __wrap_store_commit(struct store_txn **txn)
{
    if (commit_answer == STATUS_OK) {
        return __real_store_commit(txn);
    }
    store_abort(txn);
    return commit_answer;
}

int __wrap_fstatvfs(int fd, struct statvfs *about)
{
    int rc = __real_fstatvfs(fd, about);
    if (disk_is_full) {
        about->f_bavail = 0;
    }
    return rc;
}

/* ---- the province ---- */

struct sender {
    struct sign_keys keys;
    struct batch_header header; /* of the next batch */
};

static struct clock clock_now;
static struct keys keys;
static struct province *province;
static struct agents *agents;
static struct admit *admit;
static struct batch_codec *codec;
static struct sender senders[AGENTS + 1]; /* from 1 */

static struct public_key key_of(uint8_t byte)
{
    struct public_key key;
    memset(key.bytes, byte, sizeof key.bytes);
    return key;
}

static struct public_key link_key(uint32_t agent)
{
    return key_of((uint8_t)(0x40 + agent));
}

static struct public_key join_key(uint32_t agent)
{
    return key_of((uint8_t)(0x60 + agent));
}

static void order(struct control *control)
{
    struct buffer document;
    struct report report;
    struct entry entry;
    static uint8_t nonce;

    buffer_init(&document, CONTROL_BYTES_MAX);
    report_init(&report, LANGUAGE_EN);
    control->created_at = now.wall_us;
    control->nonce = keys_id(++nonce);
    cr_assert_eq(control_sign(control, &keys.administrator, &document),
                 STATUS_OK);
    struct bytes bytes = buffer_bytes(&document);
    cr_assert_eq(province_order(province, &bytes, 1, &report, &entry),
                 STATUS_OK);
    report_fini(&report);
    buffer_fini(&document);
}

static void enrol(uint32_t agent)
{
    struct control control = {.kind = CONTROL_ENROLMENT};
    control.enrolment.agent_number = agent;
    (void)snprintf(control.enrolment.name, sizeof control.enrolment.name,
                   "office %u", agent);
    control.enrolment.join_key = join_key(agent);
    control.enrolment.join_until = now.wall_us + CLOCK_US_PER_DAY;
    control.enrolment.scope_count = 1;
    control.enrolment.scopes[0].unit = 1300001;
    control.enrolment.scopes[0].office = 3;
    control.enrolment.scopes[0].to = 22000;
    order(&control);
}

static void join(uint32_t agent)
{
    struct stream stream = stream_of(agent, 1);
    struct control control = {.kind = CONTROL_JOINED};

    keys_fixed((uint8_t)agent, &senders[agent].keys);
    senders[agent].header = stream.header;
    control.joined.agent_number = agent;
    control.joined.agent_id = stream.header.agent;
    control.joined.epoch = stream.header.epoch;
    control.joined.epoch_ordinal = 1;
    control.joined.curve_key = link_key(agent);
    control.joined.sign_key = senders[agent].keys.public_key;
    control.joined.join_key = join_key(agent);
    order(&control);
}

static void set_up(void)
{
    struct control genesis = {.kind = CONTROL_GENESIS};
    struct admit_options options;

    ledger_fixture_open();
    clock_init_settable(&clock_now, &now);
    keys_fixed(0x71, &keys.administrator);
    keys_fixed(0x72, &keys.ledger);
    cr_assert_eq(province_open(ledger, &province), STATUS_OK);
    genesis.genesis.ledger_id = keys_id(0x70);
    genesis.genesis.administrator = keys.administrator.public_key;
    genesis.genesis.ledger_key = keys.ledger.public_key;
    (void)snprintf(genesis.genesis.origin, sizeof genesis.genesis.origin,
                   "test.example");
    genesis.genesis.unit = 1200001;
    order(&genesis);
    for (uint32_t agent = 1; agent <= AGENTS; agent++) {
        enrol(agent);
        join(agent);
    }
    enrol(JOINING);
    agents = agents_new(&clock_now);
    options = (struct admit_options){.ledger = ledger,
                                     .province = province,
                                     .agents = agents,
                                     .keys = &keys,
                                     .clock = &clock_now};
    admit = admit_new(&options);
    codec = batch_codec_new();
    cr_assert(agents != NULL && admit != NULL && codec != NULL);
}

static void tear_down(void)
{
    batch_codec_free(&codec);
    admit_free(&admit);
    agents_free(&agents);
    province_close(&province);
    ledger_fixture_close();
}

TestSuite(admit, .init = set_up, .fini = tear_down);

/* ---- batches ---- */

struct sealed {
    struct buffer bytes;
    struct batch_header header;
};

/* The agent's next batch, of `count` events that nobody can read, marked. */
static void seal(uint32_t agent, uint32_t count, uint8_t mark,
                 struct sealed *sealed)
{
    struct sender *sender = &senders[agent];
    struct buffer payload;
    const uint8_t event[3] = {2, 0xff, mark};
    struct digest digest;

    buffer_init(&payload, BATCH_PAYLOAD_MAX);
    buffer_init(&sealed->bytes, BATCH_BYTES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        cr_assert_eq(buffer_append(&payload, (struct bytes){event, 3}),
                     STATUS_OK);
    }
    sealed->header = sender->header;
    sealed->header.count = count;
    sealed->header.sealed_at = now.wall_us;
    cr_assert_eq(batch_seal(codec, &sealed->header, buffer_bytes(&payload),
                            &sender->keys, &sealed->bytes),
                 STATUS_OK);
    digest_bytes(buffer_bytes(&sealed->bytes), &digest);
    sender->header.first_seq += count;
    sender->header.previous = digest;
    buffer_fini(&payload);
}

static const struct admit_answer *answers;
static size_t answer_count;

/* Sends batches over one link, in one message. */
static enum status send_all(const struct public_key *key,
                            struct sealed sealed[], size_t count)
{
    struct intake_message message = {.key = *key, .batch_count = count};

    message.up.kind = WIRE_UP_BATCHES;
    for (size_t i = 0; i < count; i++) {
        message.batches[i] = buffer_bytes(&sealed[i].bytes);
    }
    return admit_batches(admit, &message, 1, &answers, &answer_count);
}

/* Sends one batch and gives what it is answered. */
static const struct admit_answer *send_over(const struct public_key *key,
                                            struct sealed *sealed)
{
    cr_assert_eq(send_all(key, sealed, 1), STATUS_OK);
    cr_assert_eq(answer_count, 1);
    return &answers[0];
}

static void expect(uint32_t agent, struct sealed *sealed,
                   enum wire_refusal_code code)
{
    struct public_key key = link_key(agent);
    cr_assert_eq(send_over(&key, sealed)->refusal.code, (uint32_t)code);
}

static uint64_t entries(void)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t size;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

static void forget(struct sealed sealed[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_fini(&sealed[i].bytes);
    }
}

/* ---- received ---- */

/* Nobody can read these events. That is the fold's affair: the batch is taken
 * and the office goes on with the next. */
Test(admit, i6_a_batch_in_order_is_taken_whatever_is_inside)
{
    struct sealed sealed[2];
    uint64_t before = entries();
    seal(1, 5, 1, &sealed[0]);
    seal(1, BATCH_EVENTS_MAX, 2, &sealed[1]);
    expect(1, &sealed[0], WIRE_REFUSAL_NONE);
    cr_assert(answers[0].appended);
    cr_assert_eq(answers[0].entry.index, before);
    cr_assert_eq(answers[0].entry.count, 5);
    expect(1, &sealed[1], WIRE_REFUSAL_NONE);
    cr_assert_eq(entries(), before + 2);
    forget(sealed, 2);
}

/* The disk fails at the commit: nobody hears anything, and what comes again is
 * taken as new. */
Test(admit, i2_a_commit_that_failed_answers_nobody)
{
    struct sealed sealed[2];
    struct public_key key = link_key(1);
    uint64_t before = entries();
    seal(1, 1, 1, &sealed[0]);
    seal(1, 1, 2, &sealed[1]);
    commit_answer = STATUS_IO;
    cr_assert_eq(send_all(&key, sealed, 2), STATUS_IO);
    cr_assert_eq(answer_count, 0);
    commit_answer = STATUS_OK;
    cr_assert_eq(entries(), before);
    cr_assert_eq(send_all(&key, sealed, 2), STATUS_OK);
    cr_assert_eq(answers[0].entry.index, before);
    cr_assert(answers[0].appended && answers[1].appended);
    forget(sealed, 2);
}

/* The commit of the whole group finds no room: every batch of it is refused,
 * and taken when there is room again. */
Test(admit, i2_a_group_that_could_not_be_committed_has_no_receipts)
{
    struct sealed sealed[2];
    struct public_key key = link_key(1);
    uint64_t before = entries();
    seal(1, 3, 1, &sealed[0]);
    seal(1, 4, 2, &sealed[1]);
    commit_answer = STATUS_FULL;
    cr_assert_eq(send_all(&key, sealed, 2), STATUS_OK);
    commit_answer = STATUS_OK;
    cr_assert_eq(answer_count, 2);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(answers[i].refusal.code, WIRE_REFUSAL_FULL);
        cr_assert_eq(answers[i].refusal.seq, sealed[i].header.first_seq);
    }
    cr_assert_eq(entries(), before);
    cr_assert_eq(send_all(&key, sealed, 2), STATUS_OK);
    for (size_t i = 0; i < 2; i++) {
        cr_assert(answers[i].appended);
    }
    cr_assert_eq(entries(), before + 2);
    forget(sealed, 2);
}

/* A gap is told by what is received: by a group that was not kept, nothing is,
 * so that the batch behind the gap waits as the others do. */
Test(admit, i2_a_gap_is_not_told_by_a_group_that_was_not_kept)
{
    struct sealed sealed[3];
    struct sealed sent[2];
    struct public_key key = link_key(1);

    for (uint8_t i = 0; i < 3; i++) {
        seal(1, 3, i, &sealed[i]);
    }
    sent[0] = sealed[0];
    sent[1] = sealed[2];
    commit_answer = STATUS_FULL;
    cr_assert_eq(send_all(&key, sent, 2), STATUS_OK);
    commit_answer = STATUS_OK;
    cr_assert_eq(answer_count, 2);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(answers[i].refusal.code, WIRE_REFUSAL_FULL);
        cr_assert_eq(answers[i].refusal.seq, sent[i].header.first_seq);
    }
    cr_assert_eq(send_all(&key, sent, 2), STATUS_OK);
    cr_assert(answers[0].appended);
    cr_assert_eq(answers[1].refusal.code, WIRE_REFUSAL_GAP);
    cr_assert_eq(answers[1].refusal.seq, sealed[1].header.first_seq);
    forget(sealed, 3);
}

/* A full disk: pages that are free in the file are used up, then batches are
 * refused. What was refused is taken when it comes again and there is room. */
Test(admit, i6_without_room_batches_are_refused_and_taken_later)
{
    struct sealed sealed;
    struct admit_counts counts;
    struct public_key key = link_key(1);
    uint64_t before;
    disk_is_full = true;
    for (int i = 0; i < 1000; i++) {
        seal(1, 1, 1, &sealed);
        (void)send_over(&key, &sealed);
        if (answers[0].refusal.code != WIRE_REFUSAL_NONE) {
            break;
        }
        forget(&sealed, 1);
    }
    cr_assert_eq(answers[0].refusal.code, WIRE_REFUSAL_FULL);
    cr_assert_eq(answers[0].refusal.retry_ms, ADMIT_RETRY_FULL_MS);
    admit_counts(admit, &counts);
    cr_assert(counts.full);
    before = entries();
    expect(1, &sealed, WIRE_REFUSAL_FULL);
    disk_is_full = false;
    expect(1, &sealed, WIRE_REFUSAL_NONE);
    cr_assert_eq(answers[0].entry.index, before);
    admit_counts(admit, &counts);
    cr_assert_not(counts.full);
    forget(&sealed, 1);
}

/* ---- once ---- */

Test(admit, i3_the_same_batch_again_gets_the_same_receipt)
{
    struct sealed sealed;
    struct entry first;
    uint64_t before;
    seal(1, 7, 1, &sealed);
    expect(1, &sealed, WIRE_REFUSAL_NONE);
    first = answers[0].entry;
    before = entries();
    clock_settable_advance(&now, 400 * CLOCK_US_PER_DAY);
    expect(1, &sealed, WIRE_REFUSAL_NONE);
    cr_assert_not(answers[0].appended);
    cr_assert_eq(answers[0].entry.index, first.index);
    cr_assert_eq(answers[0].entry.received_at, first.received_at);
    cr_assert_eq(entries(), before);
    forget(&sealed, 1);
}
