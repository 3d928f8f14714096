/* hall - a collector without its sockets, and offices that send to it.
 *
 * Flow     test -> office (events, batches) -> [hall] -> admit, tally
 * Owns     the directory, the ledger and all that stands on it.
 * Threads  one.
 *
 * The province is the one of world.h: units and plan are entries 1 and 2. The
 * clock stands still unless a test moves `now`. Every call aborts when what it
 * prepares cannot be done; what a test asks about is answered.
 */
#ifndef TALLYLINE_TESTS_HALL_H
#define TALLYLINE_TESTS_HALL_H

#include "collector/figures/tally.h"
#include "collector/line/admit.h"
#include "tests/support/temp_dir.h"

struct hall {
    struct temp_dir dir;
    char path[TEMP_DIR_PATH_MAX];
    struct clock_settable now;
    struct clock clock;
    struct keys keys;
    struct ledger *ledger;
    struct province *province;
    struct agents *agents;
    struct admit *admit;
    struct tally *tally;
};

/* `map_bytes` 0: the usual. The clock stands at 2018-06-01. */
void hall_open(struct hall *hall, uint64_t map_bytes);
void hall_close(struct hall *hall);
/* Closes the ledger and all on it, until hall_reopen() or hall_close(). */
void hall_shut(struct hall *hall);
/* The same, and opens it again. */
void hall_reopen(struct hall *hall, uint64_t map_bytes);
/* Gives a control entry as the administrator would. */
enum status hall_order(struct hall *hall, struct control *control);
/* Folds what came in; returns what control entries changed. */
unsigned hall_fold(struct hall *hall);
/* Entries in the ledger. */
uint64_t hall_size(const struct hall *hall);

/* One agent: the labour office of a district of world.h. */
struct office {
    uint32_t number;
    uint32_t unit;
    struct curve_keys join_keys;
    struct curve_keys curve_keys;
    struct sign_keys sign_keys;
    struct batch_header next; /* agent, epoch, first_seq, previous */
    struct buffer batch;      /* sealed last */
};

/* Makes keys; number n is of district n % 2 == 1 ? 1 : 2. */
void office_open(struct office *office, uint32_t number);
void office_close(struct office *office);
/* Enrols it, with a join key that is good for a day. */
void hall_enrol(struct hall *hall, const struct office *office);
/* Enrols it and lets it join; aborts when it may not. */
void hall_join(struct hall *hall, struct office *office);

/* Seals events as the office's next batch and goes on behind it. The bytes are
 * valid until the next. */
struct bytes office_seal(struct office *office, const struct event events[],
                         uint32_t count);
/* The same with a payload that the test chose. */
struct bytes office_seal_payload(struct office *office, struct bytes payload,
                                 uint32_t count);
/* A visit to an establishment in the office's district; it counts. */
void office_visit(const struct office *office, uint32_t establishment,
                  struct event *event);
/* A void of the office's event `target`; it counts. */
void office_void(const struct office *office, uint64_t target,
                 struct event *event);
/* Seals one visit. */
struct bytes office_batch(struct office *office);

/* Sends a batch over the link of `link` in a turn of its own. */
struct admit_answer hall_send(struct hall *hall, const struct office *link,
                              struct bytes batch);
/* Sends a request over a link with that key. */
struct wire_down hall_request(struct hall *hall, const struct public_key *key,
                              const struct wire_up *up);
struct wire_up office_join(const struct office *office);
struct wire_up office_hello(const struct office *office);
struct wire_up office_open_epoch(const struct office *office,
                                 const struct random_id *epoch);

#endif
