/* One fixed record, written and read field by field. Reading refuses whatever
 * writing would not have made, so that two different records never mean the
 * same entry: these bytes are hashed. */
#include "common/format/entry.h"

#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/batch.h"

#include <string.h>

#define ENTRY_VERSION    1u
#define ENTRY_FLAGS_MASK ENTRY_FLAG_CLOCK_STEPPED

static const uint8_t magic[4] = {'T', 'L', 'E', '1'};

enum {
    AT_VERSION = 4,
    AT_KIND = 5,
    AT_FLAGS = 6,
    AT_INDEX = 8,
    AT_RECEIVED = 16,
    AT_AGENT = 24,
    AT_EPOCH = 40,
    AT_AGENT_NUMBER = 56,
    AT_EPOCH_ORDINAL = 60,
    AT_FIRST_SEQ = 64,
    AT_COUNT = 72,
    AT_SIZE = 76,
    AT_DIGEST = 80,
    AT_END = 112
};
_Static_assert(AT_END == ENTRY_BYTES, "entry layout");

void entry_write(const struct entry *entry, uint8_t bytes[ENTRY_BYTES])
{
    check(entry->kind >= ENTRY_BATCH && entry->kind <= ENTRY_MISSING);
    memcpy(bytes, magic, sizeof magic);
    bytes[AT_VERSION] = ENTRY_VERSION;
    bytes[AT_KIND] = (uint8_t)entry->kind;
    bytes_put_u16(bytes + AT_FLAGS, entry->flags);
    bytes_put_u64(bytes + AT_INDEX, entry->index);
    bytes_put_u64(bytes + AT_RECEIVED, (uint64_t)entry->received_at);
    memcpy(bytes + AT_AGENT, entry->agent.bytes, RANDOM_ID_BYTES);
    memcpy(bytes + AT_EPOCH, entry->epoch.bytes, RANDOM_ID_BYTES);
    bytes_put_u32(bytes + AT_AGENT_NUMBER, entry->agent_number);
    bytes_put_u32(bytes + AT_EPOCH_ORDINAL, entry->epoch_ordinal);
    bytes_put_u64(bytes + AT_FIRST_SEQ, entry->first_seq);
    bytes_put_u32(bytes + AT_COUNT, entry->count);
    bytes_put_u32(bytes + AT_SIZE, entry->size);
    memcpy(bytes + AT_DIGEST, entry->digest.bytes, DIGEST_BYTES);
}

static bool is_zero(const uint8_t *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* A control entry has no stream: bytes 24 to 75 are zero. */
static bool has_no_stream(const uint8_t *bytes)
{
    return is_zero(bytes, AT_AGENT, AT_SIZE);
}

/* I11: what a batch that was taken can have; see batch.h. */
static bool is_bounded(const struct entry *entry)
{
    return entry->agent_number >= 1 &&
           entry->agent_number <= REFERENCE_AGENT_MAX &&
           entry->epoch_ordinal >= 1 &&
           entry->epoch_ordinal <= REFERENCE_EPOCH_MAX && entry->count >= 1 &&
           entry->count <= BATCH_EVENTS_MAX && entry->first_seq >= 1 &&
           entry->first_seq <= BATCH_SEQ_MAX &&
           entry->first_seq + entry->count - 1 <= BATCH_SEQ_MAX;
}

enum status entry_read(struct bytes bytes, struct entry *entry)
{
    const uint8_t *in = bytes.data;
    if (bytes.size < AT_KIND || memcmp(in, magic, sizeof magic) != 0) {
        return STATUS_INVALID;
    }
    if (in[AT_VERSION] > ENTRY_VERSION) {
        return STATUS_VERSION;
    }
    if (bytes.size != ENTRY_BYTES || in[AT_VERSION] != ENTRY_VERSION) {
        return STATUS_INVALID;
    }
    *entry = (struct entry){
        .kind = (enum entry_kind)in[AT_KIND],
        .flags = bytes_get_u16(in + AT_FLAGS),
        .index = bytes_get_u64(in + AT_INDEX),
        .received_at = (int64_t)bytes_get_u64(in + AT_RECEIVED),
        .agent_number = bytes_get_u32(in + AT_AGENT_NUMBER),
        .epoch_ordinal = bytes_get_u32(in + AT_EPOCH_ORDINAL),
        .first_seq = bytes_get_u64(in + AT_FIRST_SEQ),
        .count = bytes_get_u32(in + AT_COUNT),
        .size = bytes_get_u32(in + AT_SIZE),
    };
    memcpy(entry->agent.bytes, in + AT_AGENT, RANDOM_ID_BYTES);
    memcpy(entry->epoch.bytes, in + AT_EPOCH, RANDOM_ID_BYTES);
    memcpy(entry->digest.bytes, in + AT_DIGEST, DIGEST_BYTES);
    if ((entry->flags & ~ENTRY_FLAGS_MASK) != 0) {
        return STATUS_INVALID;
    }
    if (entry->kind == ENTRY_MISSING) {
        return entry->flags == 0 && is_zero(in, AT_AGENT, AT_END)
                   ? STATUS_OK
                   : STATUS_INVALID;
    }
    if (entry->kind == ENTRY_CONTROL) {
        return has_no_stream(in) ? STATUS_OK : STATUS_INVALID;
    }
    return entry->kind == ENTRY_BATCH && is_bounded(entry) ? STATUS_OK
                                                           : STATUS_INVALID;
}
