#include "tests/support/checkpoint_fixture.h"

#include "common/base/check.h"
#include "tests/support/keys.h"

#include <string.h>

struct sign_keys ledger_keys;
const struct sign_keys *own_keys;
struct province_keys known_keys;
static struct clock clk;
struct checkpoints *checkpoints;
struct sign_keys administrator_keys;
static struct stream stream;

void open_checkpoints(void)
{
    struct checkpoints_options options = {.ledger = ledger,
                                          .keys = own_keys,
                                          .known = &known_keys,
                                          .clock = &clk,
                                          .origin = CHECKPOINT_FIXTURE_ORIGIN};

    checkpoints_close(&checkpoints);
    check(checkpoints_open(&options, &checkpoints) == STATUS_OK);
}

void checkpoint_fixture_open(void)
{
    ledger_fixture_open();
    clock_init_settable(&clk, &now);
    keys_fixed(7, &ledger_keys);
    keys_fixed(6, &administrator_keys);
    own_keys = &ledger_keys;
    known_keys = (struct province_keys){
        .pairs = {{.administrator = administrator_keys.public_key,
                   .ledger_key = ledger_keys.public_key}},
        .count = 1};
    stream = stream_of(1, 1);
    open_checkpoints();
}

void checkpoint_fixture_close(void)
{
    checkpoints_close(&checkpoints);
    ledger_fixture_close();
}

void append(unsigned count)
{
    struct sample sample;

    while (count-- > 0) {
        sample_make(&stream, 1, &sample);
        sample_commit(&sample);
    }
}

static uint64_t size_now(void)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t size;

    check(ledger_snapshot_open(ledger, &snapshot) == STATUS_OK);
    size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

void step_marked(uint64_t marked, bool hold)
{
    check(checkpoints_step(checkpoints, size_now(), marked, hold) == STATUS_OK);
}

/* Once the pause is over. */
void step(void)
{
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US);
    step_marked(0, false);
}

uint64_t last_size(void)
{
    const struct checkpoint *checkpoint;
    const struct wire_note *note;

    return checkpoints_last(checkpoints, &checkpoint, &note) ? checkpoint->size
                                                             : 0;
}

enum checkpoints_trouble trouble(void)
{
    struct checkpoints_standing standing;

    checkpoints_standing(checkpoints, &standing);
    return standing.trouble;
}

struct checkpoint at(uint64_t size)
{
    struct ledger_snapshot *snapshot = NULL;
    struct checkpoint checkpoint;
    struct digest root;

    check(ledger_snapshot_open(ledger, &snapshot) == STATUS_OK);
    check(ledger_root(snapshot, size, &root) == STATUS_OK);
    ledger_snapshot_close(&snapshot);
    check(checkpoint_init(&checkpoint, CHECKPOINT_FIXTURE_ORIGIN, size,
                          &root) == STATUS_OK);
    return checkpoint;
}

struct wire_note note_of(const struct checkpoint *checkpoint,
                         const struct sign_keys *keys)
{
    struct wire_note note;
    struct buffer text;

    buffer_init(&text, WIRE_NOTE_MAX);
    check(checkpoint_sign(checkpoint, keys, &text) == STATUS_OK);
    memcpy(note.bytes, text.data, text.size);
    note.size = text.size;
    buffer_fini(&text);
    return note;
}

struct wire_cosign cosign_of(const struct checkpoint *checkpoint,
                             const struct sign_keys *keys)
{
    struct wire_cosign cosign = {.size = checkpoint->size, .time = 1000};
    struct buffer text;

    buffer_init(&text, CHECKPOINT_TEXT_MAX);
    check(checkpoint_write(checkpoint, &text) == STATUS_OK);
    note_cosign(buffer_bytes(&text), keys, 1000, &cosign.signature);
    buffer_fini(&text);
    return cosign;
}

bool is_kept(uint64_t size)
{
    struct ledger_snapshot *snapshot = NULL;
    struct bytes note;
    uint64_t found = 0;
    enum status status;

    check(ledger_snapshot_open(ledger, &snapshot) == STATUS_OK);
    status = ledger_next_checkpoint(snapshot, size, &found, &note);
    ledger_snapshot_close(&snapshot);
    return status == STATUS_OK && found == size;
}

void renew_ledger(void)
{
    checkpoints_close(&checkpoints);
    ledger_fixture_close();
    ledger_fixture_open();
    stream = stream_of(1, 1);
}
