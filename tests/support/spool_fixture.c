#include "tests/support/spool_fixture.h"

#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/store/store.h"
#include "tests/support/keys.h"
#include "tests/support/sample_event.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TYPE_INSPECTION  8u
#define FIELD_EST_REF    1u
#define FIELD_VIOLATIONS 7u
#define FIELD_FINE       11u

struct spool *spool;
char spool_path[TEMP_DIR_PATH_MAX];
struct clock spool_clock;

static struct temp_dir folder;
static struct clock_settable time_now;

void spool_fixture_reopen_with(uint64_t map_bytes)
{
    spool_close(&spool);
    check(spool_open(spool_path, map_bytes, true, &spool) == STATUS_OK);
}

void spool_fixture_reopen(void)
{
    spool_fixture_reopen_with(SPOOL_FIXTURE_MAP_BYTES);
}

/* The tables of format 3; format 2 had the first twelve. */
static const char *const old_tables[] = {
    "meta",     "events",     "batches",     "receipts", "documents",
    "aliases",  "references", "keys",        "outcomes", "moved",
    "controls", "witness",    "corrections", "drafts"};

static void copy_table(struct store_txn *from, struct store_txn *to,
                       unsigned table)
{
    struct store_cursor *cursor = NULL;
    struct bytes key, value;
    enum status rc;

    check(store_cursor_open(from, table, &cursor) == STATUS_OK);
    rc = store_seek(cursor, (struct bytes){NULL, 0}, &key, &value);
    while (rc == STATUS_OK) {
        check(store_put(to, table, key, value) == STATUS_OK);
        rc = store_next(cursor, &key, &value);
    }
    check(rc == STATUS_NOT_FOUND);
    store_cursor_close(&cursor);
}

static void age(uint32_t format)
{
    struct store_options options = {.path = spool_path,
                                    .tables = old_tables,
                                    .table_count = format == 2 ? 12 : 14,
                                    .map_bytes = SPOOL_FIXTURE_MAP_BYTES,
                                    .format = SPOOL_FORMAT,
                                    .kind = "spool"};
    char path[TEMP_DIR_PATH_MAX];
    struct store *today = NULL;
    struct store *older = NULL;
    struct store_txn *from = NULL;
    struct store_txn *to = NULL;

    spool_close(&spool);
    check(store_open(&options, &today) == STATUS_OK);
    temp_dir_path(&folder, "older.mdb", path);
    options.path = path;
    options.format = format;
    options.create = true;
    check(store_open(&options, &older) == STATUS_OK);
    check(store_begin(today, false, &from) == STATUS_OK);
    check(store_begin(older, true, &to) == STATUS_OK);
    for (unsigned table = 0; table < options.table_count; table++) {
        copy_table(from, to, table);
    }
    store_abort(&from);
    check(store_commit(&to) == STATUS_OK);
    store_close(&today);
    store_close(&older);
    check(rename(path, spool_path) == 0);
}

void spool_fixture_age(uint32_t format)
{
    age(format);
    spool_fixture_reopen();
}

enum status spool_fixture_age_full(uint32_t format)
{
    struct stat about;

    age(format);
    check(stat(spool_path, &about) == 0);
    return spool_open(spool_path, (uint64_t)about.st_size / 9 * 10, false,
                      &spool);
}

size_t spool_fixture_damage(struct bytes wanted)
{
    size_t found = 0;
    struct stat info;
    size_t size;
    uint8_t *mapped;
    int fd;

    spool_close(&spool);
    fd = open(spool_path, O_RDWR | O_CLOEXEC);
    check(fd >= 0 && fstat(fd, &info) == 0);
    size = (size_t)info.st_size;
    mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    check(mapped != MAP_FAILED && close(fd) == 0);
    for (size_t i = 0; i + wanted.size <= size; i++) {
        if (memcmp(mapped + i, wanted.data, wanted.size) == 0) {
            mapped[i] ^= 1;
            found++;
        }
    }
    check(munmap(mapped, size) == 0);
    spool_fixture_reopen();
    return found;
}

void spool_fixture_open(void)
{
    struct spool_identity identity = {
        .agent = keys_id(1),
        .agent_number = SPOOL_FIXTURE_AGENT,
        .epoch = keys_id(2),
        .epoch_ordinal = 1,
        .ledger = keys_id(3),
    };

    sign_init();
    time_now.wall_us = INT64_C(1520212800) * CLOCK_US_PER_S;
    clock_init_settable(&spool_clock, &time_now);
    temp_dir_open(&folder);
    temp_dir_path(&folder, "spool.mdb", spool_path);
    spool_fixture_reopen();
    check(spool_set_identity(spool, &identity) == STATUS_OK);
}

void spool_fixture_close(void)
{
    spool_close(&spool);
    temp_dir_close(&folder);
}

struct event spool_fixture_event(uint32_t number, uint32_t mark)
{
    struct spool_identity identity;
    struct event event;

    check(spool_identity(spool, &identity) == STATUS_OK);
    sample_event_valid(TYPE_INSPECTION, &event);
    event_set(&event, FIELD_EST_REF,
              id60_make(identity.agent_number, identity.epoch_ordinal, number));
    event_set(&event, FIELD_VIOLATIONS, mark);
    return event;
}

uint64_t spool_fixture_id(uint64_t seq)
{
    return id60_make(SPOOL_FIXTURE_AGENT, 1, (uint32_t)seq);
}

uint64_t spool_fixture_allot(const char *name, bool *fresh)
{
    uint64_t reference = 0;

    check(spool_alias(spool, REFERENCE_ESTABLISHMENT, bytes_of_text(name),
                      &reference, fresh) == STATUS_OK);
    return reference;
}

uint64_t spool_fixture_save(const struct event *event)
{
    uint64_t id;

    check(spool_append(spool, event, 1, NULL, &id) == STATUS_OK);
    return id;
}

/* Numbers of which a compressor makes nothing (a linear congruence). */
static uint64_t next_noise(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 8;
}

void spool_fixture_save_many(uint32_t count)
{
    uint64_t noise = 7;
    uint64_t id;

    check(spool_begin(spool) == STATUS_OK);
    for (uint32_t i = 0; i < count; i++) {
        struct event event = spool_fixture_event(1, i);

        event_set(&event, FIELD_FINE, next_noise(&noise));
        event.has_entry_key = true;
        event.header_present |= 1u << EVENT_ENTRY_KEY;
        for (size_t k = 0; k < EVENT_ENTRY_KEY_BYTES; k += 8) {
            bytes_put_u64(event.entry_key + k, next_noise(&noise));
        }
        for (size_t k = 0; k < 50; k++) {
            check(event_append(&event, 9, (uint32_t)next_noise(&noise)));
        }
        check(spool_add(spool, &event, &id, NULL) == STATUS_OK);
    }
    check(spool_commit(spool) == STATUS_OK);
}

unsigned spool_fixture_seal_all(void)
{
    struct sign_keys keys;
    unsigned batches = 0;
    enum status rc;

    keys_fixed(9, &keys);
    while ((rc = spool_seal(spool, &keys, &spool_clock)) == STATUS_OK) {
        batches++;
    }
    check(rc == STATUS_NOT_FOUND);
    return batches;
}

void spool_fixture_receipt(uint64_t seq, uint64_t index,
                           uint8_t receipt[ENTRY_BYTES])
{
    struct batch_header header;
    struct bytes batch;
    struct entry entry;

    check(spool_batch(spool, seq, &header, &batch) == STATUS_OK);
    memset(&entry, 0, sizeof entry);
    entry.kind = ENTRY_BATCH;
    entry.index = index;
    entry.received_at = time_now.wall_us;
    entry.agent = header.agent;
    entry.epoch = header.epoch;
    entry.agent_number = header.agent_number;
    entry.epoch_ordinal = header.epoch_ordinal;
    entry.first_seq = header.first_seq;
    entry.count = header.count;
    entry.size = (uint32_t)batch.size;
    digest_bytes(batch, &entry.digest);
    entry_write(&entry, receipt);
}

void spool_fixture_receive_all(void)
{
    uint8_t receipt[ENTRY_BYTES];
    uint64_t index = 100;
    uint64_t last;
    uint64_t seq;

    check(spool_last_seq(spool, &last) == STATUS_OK);
    check(spool_unreceipted(spool, &seq) == STATUS_OK);
    while (seq <= last) {
        spool_fixture_receipt(seq, index++, receipt);
        check(spool_receipt(spool, (struct bytes){receipt, sizeof receipt}) ==
              STATUS_OK);
        check(spool_unreceipted(spool, &seq) == STATUS_OK);
    }
}

struct spool_counts spool_fixture_counts(void)
{
    struct spool_counts counts;

    check(spool_counts(spool, &counts) == STATUS_OK);
    return counts;
}

enum spool_state spool_fixture_state(uint64_t id)
{
    struct event event;
    enum spool_state state;

    check(spool_event(spool, id, &event, &state) == STATUS_OK);
    return state;
}
