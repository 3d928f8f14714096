#include "tests/support/fake_province.h"

#include "collector/line/zap.h"
#include "common/base/check.h"
#include "common/format/entry.h"
#include "common/format/wire_document.h"
#include "tests/support/keys.h"

#include <stdio.h>
#include <string.h>

#define WAIT_MS 10000

struct fake_province fake;

static struct zap *zap;

static uint32_t dice(void *owner, uint32_t bound)
{
    const struct fake_province *of = owner;

    return of->random < bound ? of->random : bound - 1;
}

void fake_restart(void)
{
    struct uplink_options options = {
        .context = fake.context,
        .spool = spool,
        .config = &fake.config,
        .curve_keys = &fake.curve_keys,
        .sign_keys = &fake.sign_keys,
        .clock = &fake.clock,
        .random = {.below = dice, .owner = &fake},
    };

    uplink_free(&fake.uplink);
    check(uplink_new(&options, &fake.uplink) == STATUS_OK);
}

void fake_let_in(bool yes)
{
    check(zap_set_keys(zap, &fake.curve_keys.public_key, yes ? 1 : 0) ==
          STATUS_OK);
}

void fake_open(void)
{
    struct intake_options options = {.address = "tcp://127.0.0.1:*",
                                     .keys = &fake.server_keys};

    spool_fixture_open();
    memset(&fake, 0, sizeof fake);
    curve_keys_make(&fake.server_keys);
    curve_keys_make(&fake.curve_keys);
    keys_fixed(9, &fake.sign_keys);
    keys_fixed(10, &fake.ledger_keys);
    keys_fixed(11, &fake.administrator);
    fake.time.wall_us = INT64_C(1520212800) * CLOCK_US_PER_S;
    fake.time.monotonic_us = CLOCK_US_PER_S;
    clock_init_settable(&fake.clock, &fake.time);
    fake.context = zmq_ctx_new();
    check(fake.context != NULL && zap_start(fake.context, &zap) == STATUS_OK);
    options.context = fake.context;
    check(intake_open(&options, &fake.intake) == STATUS_OK);
    (void)snprintf(fake.config.addresses[0], ENROL_ADDRESS_MAX, "%s",
                   intake_address(fake.intake));
    fake.config.address_count = 1;
    fake.config.server_key = fake.server_keys.public_key;
    fake.config.administrator = fake.administrator.public_key;
    fake.config.ledger_key = fake.ledger_keys.public_key;
    fake_let_in(true);
    fake_restart();
}

void fake_close(void)
{
    uplink_free(&fake.uplink);
    intake_close(&fake.intake);
    zap_stop(&zap);
    check(zmq_ctx_term(fake.context) == 0);
    spool_fixture_close();
}

/* ---- turns ---- */

void fake_turn(void)
{
    check(uplink_step(fake.uplink) == STATUS_OK);
}

/* Waits for either side; false when nothing happened for `ms`. */
static bool wait_both(int ms)
{
    zmq_pollitem_t items[UPLINK_POLL_ITEMS + INTAKE_POLL_ITEMS];
    size_t count = uplink_poll_items(fake.uplink, items);

    intake_poll_items(fake.intake, items + count);
    return zmq_poll(items, (int)(count + INTAKE_POLL_ITEMS), ms) > 0;
}

const struct intake_message *fake_until(enum wire_up_kind kind, int ms_max)
{
    /* Messages of one drain are valid together, but a test wants them one by
     * one. */
    static const struct intake_message *messages;
    static size_t left;

    for (;;) {
        bool more;

        for (; left > 0; left--, messages++) {
            fake.route = messages->from;
            if (messages->up.kind == kind) {
                left--;
                return messages++;
            }
        }
        fake_turn();
        check(intake_drain(fake.intake, &messages, &left, &more) == STATUS_OK);
        if (left == 0 && !wait_both(ms_max)) {
            return NULL;
        }
    }
}

static enum uplink_state state_now(void)
{
    struct uplink_standing standing;

    uplink_standing(fake.uplink, &standing);
    return standing.state;
}

bool fake_until_state(enum uplink_state state)
{
    fake_turn();
    while (state_now() != state) {
        zmq_pollitem_t items[UPLINK_POLL_ITEMS];
        size_t count = uplink_poll_items(fake.uplink, items);

        if (count == 0 || zmq_poll(items, (int)count, WAIT_MS) <= 0) {
            return false;
        }
        fake_turn();
    }
    return true;
}

void fake_pass(int64_t us)
{
    clock_settable_advance(&fake.time, us);
    fake_turn();
}

/* ---- answers ---- */

void fake_answer(const struct wire_down *down)
{
    check(intake_send(fake.intake, &fake.route, down) == STATUS_OK);
}

void fake_welcome(uint64_t next_seq, const struct digest *previous,
                  uint64_t credit)
{
    struct wire_down down = {.kind = WIRE_DOWN_WELCOME};

    down.welcome.protocol = WIRE_PROTOCOL;
    down.welcome.capabilities = WIRE_CAPABILITIES;
    down.welcome.agent_number = SPOOL_FIXTURE_AGENT;
    down.welcome.epoch_ordinal = 1;
    down.welcome.next_seq = next_seq;
    if (previous != NULL) {
        down.welcome.previous_digest = *previous;
    }
    down.welcome.credit_bytes = credit;
    fake_answer(&down);
}

void fake_refuse(uint32_t code, uint64_t seq, uint32_t retry_ms)
{
    struct wire_down down = {.kind = WIRE_DOWN_REFUSAL};

    down.refusal.code = code;
    down.refusal.seq = seq;
    down.refusal.retry_ms = retry_ms;
    fake_answer(&down);
}

void fake_receipt(struct bytes batch)
{
    struct wire_down down = {.kind = WIRE_DOWN_RECEIPTS};
    uint8_t bytes[1][ENTRY_BYTES];
    struct batch_header header;
    struct entry entry;

    check(batch_peek(batch, &header) == STATUS_OK);
    memset(&entry, 0, sizeof entry);
    entry.kind = ENTRY_BATCH;
    entry.index = ++fake.entries;
    entry.received_at = fake.time.wall_us;
    entry.agent = header.agent;
    entry.epoch = header.epoch;
    entry.agent_number = header.agent_number;
    entry.epoch_ordinal = header.epoch_ordinal;
    entry.first_seq = header.first_seq;
    entry.count = header.count;
    entry.size = (uint32_t)batch.size;
    digest_bytes(batch, &entry.digest);
    entry_write(&entry, bytes[0]);
    down.receipts.entries = (const uint8_t(*)[ENTRY_BYTES])bytes;
    down.receipts.count = 1;
    fake_answer(&down);
}

void fake_document(const char *name, struct bytes body,
                   const struct sign_keys *keys)
{
    struct wire_document document;
    uint64_t offset = 0;

    check(wire_document_make(&document, name, fake.document_index, body, true,
                             keys) == STATUS_OK);
    check(intake_send_document(fake.intake, &fake.route, &document, &offset) ==
          STATUS_OK);
    wire_document_fini(&document);
}

void fake_run(uint64_t next_seq, const struct digest *previous, uint64_t credit)
{
    check(fake_until(WIRE_UP_HELLO, WAIT_MS) != NULL);
    fake_welcome(next_seq, previous, credit);
    check(fake_until_state(UPLINK_RUNNING));
}
