/* ledger_fixture - a ledger in a directory of its own, and batches for it.
 *
 * Flow     test -> [ledger_fixture] -> ledger
 * Owns     `ledger`, its clock and its directory; one in a test program.
 * Threads  one.
 *
 * Every call aborts when the ledger does not do what is asked.
 */
#ifndef TALLYLINE_TESTS_LEDGER_FIXTURE_H
#define TALLYLINE_TESTS_LEDGER_FIXTURE_H

#include "collector/ledger/ledger.h"
#include "tests/support/temp_dir.h"

extern struct temp_dir dir;
extern char path[TEMP_DIR_PATH_MAX];
extern struct clock_settable now;
extern struct ledger *ledger;

/* A new ledger whose clock stands at 1,000 s. */
void ledger_fixture_open(void);
void ledger_fixture_close(void);
/* Closes it and opens it again; `map_bytes` 0: the usual. */
void ledger_fixture_reopen(uint64_t map_bytes);
/* The same, saying how it went. */
enum status ledger_fixture_open_again(bool read_only);
/* Closes it and flips a bit wherever `needle` stands in its file, which must be
 * at one place at least. */
void ledger_fixture_damage(struct bytes needle);

/* One agent's stream: what its next batch is made of. */
struct stream {
    struct batch_header header; /* first_seq and previous of the next batch */
    uint8_t fill;               /* a byte of its events */
};
struct stream stream_of(uint32_t agent_number, uint32_t epoch_ordinal);

/* A batch as the ledger is given it. */
struct sample {
    struct batch_header header;
    uint8_t bytes[512];
    size_t size;
    struct digest digest;
};
/* The stream's next batch, of `count` events; the stream goes on behind it. */
void sample_make(struct stream *stream, uint32_t count, struct sample *out);
struct bytes sample_bytes(const struct sample *sample);
/* Appends it to the open group. */
enum ledger_verdict sample_append(const struct sample *sample,
                                  struct ledger_answer *answer);
/* The same in a group of its own, which must be taken. */
void sample_commit(const struct sample *sample);

#endif
