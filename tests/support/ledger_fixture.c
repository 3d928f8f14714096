#include "tests/support/ledger_fixture.h"

#include "common/base/check.h"
#include "tests/support/keys.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct temp_dir dir;
char path[TEMP_DIR_PATH_MAX];
struct clock_settable now;
struct ledger *ledger;
static struct clock fixture_clock;

static enum status open_with(uint64_t map_bytes, bool create)
{
    struct ledger_options options = {
        .path = path,
        .clock = &fixture_clock,
        .map_bytes = map_bytes,
        .create = create,
    };
    return ledger_open(&options, &ledger);
}

void ledger_fixture_open(void)
{
    sign_init();
    temp_dir_open(&dir);
    temp_dir_path(&dir, "ledger.mdb", path);
    now = (struct clock_settable){.wall_us = 1000 * CLOCK_US_PER_S};
    clock_init_settable(&fixture_clock, &now);
    check(open_with(0, true) == STATUS_OK);
}

void ledger_fixture_close(void)
{
    ledger_close(&ledger);
    temp_dir_close(&dir);
}

void ledger_fixture_reopen(uint64_t map_bytes)
{
    ledger_close(&ledger);
    check(open_with(map_bytes, false) == STATUS_OK);
}

enum status ledger_fixture_open_again(bool read_only)
{
    struct ledger_options options = {
        .path = path,
        .clock = &fixture_clock,
        .read_only = read_only,
    };
    ledger_close(&ledger);
    return ledger_open(&options, &ledger);
}

void ledger_fixture_damage(struct bytes needle)
{
    struct stat about;
    int found = 0;
    ledger_close(&ledger);
    int fd = open(path, O_RDWR);
    check(fd >= 0 && fstat(fd, &about) == 0);
    size_t size = (size_t)about.st_size;
    uint8_t *all = malloc(size);
    check(all != NULL && pread(fd, all, size, 0) == (ssize_t)size);
    for (size_t i = 0; i + needle.size <= size; i++) {
        if (memcmp(all + i, needle.data, needle.size) == 0) {
            all[i] ^= 0x20;
            found++;
        }
    }
    check(found >= 1 && pwrite(fd, all, size, 0) == (ssize_t)size);
    free(all);
    check(close(fd) == 0);
}

struct stream stream_of(uint32_t agent_number, uint32_t epoch_ordinal)
{
    return (struct stream){
        .header = {.agent = keys_id((uint8_t)agent_number),
                   .epoch = keys_id((uint8_t)(0x80 + epoch_ordinal)),
                   .agent_number = agent_number,
                   .epoch_ordinal = epoch_ordinal,
                   .first_seq = 1},
        .fill = (uint8_t)agent_number,
    };
}

void sample_make(struct stream *stream, uint32_t count, struct sample *out)
{
    memset(out, 0, sizeof *out);
    out->header = stream->header;
    out->header.count = count;
    /* The ledger keeps the bytes and does not look into them. */
    memset(out->bytes, stream->fill, 40);
    memcpy(out->bytes, stream->header.epoch.bytes, RANDOM_ID_BYTES);
    bytes_put_u64(out->bytes + RANDOM_ID_BYTES, out->header.first_seq);
    out->size = 40;
    digest_bytes(sample_bytes(out), &out->digest);
    stream->header.first_seq += count;
    stream->header.previous = out->digest;
}

struct bytes sample_bytes(const struct sample *sample)
{
    return (struct bytes){sample->bytes, sample->size};
}

enum ledger_verdict sample_append(const struct sample *sample,
                                  struct ledger_answer *answer)
{
    check(ledger_append_batch(ledger, &sample->header, sample_bytes(sample),
                              &sample->digest, answer) == STATUS_OK);
    return answer->verdict;
}

void sample_commit(const struct sample *sample)
{
    struct ledger_answer answer;
    check(ledger_begin(ledger) == STATUS_OK);
    check(sample_append(sample, &answer) == LEDGER_APPENDED);
    check(ledger_commit(ledger) == STATUS_OK);
}
