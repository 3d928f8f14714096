/* fake_province - a collector that answers what a test tells it to.
 *
 * Flow     uplink under test ))) CURVE ((( [fake_province] <- test
 * Owns     a ZeroMQ context, the key table and the socket; one in a program.
 * Threads  one; nothing here waits by itself.
 *
 * The office's clock stands still until the test moves it: fake_turn() lets
 * both sides do what they can, and fake_until() turns until the province has
 * heard a message or a deadline (of the real clock) has passed.
 */
#ifndef TALLYLINE_TESTS_FAKE_PROVINCE_H
#define TALLYLINE_TESTS_FAKE_PROVINCE_H

#include "agent/line/uplink.h"
#include "collector/line/intake.h"
#include "common/base/clock.h"
#include "tests/support/spool_fixture.h"

struct fake_province {
    void *context;
    struct intake *intake;
    struct curve_keys server_keys;
    struct curve_keys curve_keys; /* of the office */
    struct sign_keys sign_keys;   /* of the office */
    struct sign_keys ledger_keys;
    struct sign_keys administrator;
    struct config config; /* of the office */
    struct clock_settable time;
    struct clock clock;
    uint32_t random; /* what the jitter's dice show */
    struct uplink *uplink;
    struct intake_route route; /* of the last message */
    uint64_t entries;          /* receipts given so far */
    uint64_t document_index;   /* of the documents that are sent from now on */
};

extern struct fake_province fake;

/* Opens the spool's fixture too. The office's key is let in. */
void fake_open(void);
void fake_close(void);
/* Makes the uplink anew, as a restart of the daemon does. */
void fake_restart(void);
void fake_let_in(bool yes);

/* One step of the office. */
void fake_turn(void);
/* Turns until a message of that kind comes (others are passed over); NULL
 * when none does within `ms_max`. Valid until the next call. */
const struct intake_message *fake_until(enum wire_up_kind kind, int ms_max);
/* Turns until the office's line is in that state; false when it is late. */
bool fake_until_state(enum uplink_state state);
/* Moves the office's clock and turns. */
void fake_pass(int64_t us);

void fake_answer(const struct wire_down *down);
void fake_welcome(uint64_t next_seq, const struct digest *previous,
                  uint64_t credit);
void fake_refuse(uint32_t code, uint64_t seq, uint32_t retry_ms);
/* The receipt of a batch. */
void fake_receipt(struct bytes batch);
void fake_document(const char *name, struct bytes body,
                   const struct sign_keys *keys);
/* From a new line to a running one: hello, then this welcome. */
void fake_run(uint64_t next_seq, const struct digest *previous,
              uint64_t credit);

#endif
