/* The happy path: rows go into the file one behind the other, and out of it
 * into one transaction. Failure modes: a disk without room for the file, and
 * whatever spool_add() answers then; nothing was saved in any case. */
#include "agent/spool/spool_aside_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/spool/spool_versions.h"
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

/* ---- life ---- */

static enum status open_aside(struct spool_aside **aside)
{
    struct spool_aside *made = calloc(1, sizeof *made);

    *aside = made;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    id_map_init(&made->keys);
    id_map_init(&made->known);
    id_map_init(&made->corrected);
    buffer_init(&made->names, SPOOL_ASIDE_NAMES_MAX);
    made->file = tmpfile();
    if (made->file == NULL) {
        spool_aside_close(aside);
        return STATUS_IO;
    }
    return STATUS_OK;
}

void spool_aside_close(struct spool_aside **aside)
{
    if (*aside == NULL) {
        return;
    }
    if ((*aside)->file != NULL) {
        (void)fclose((*aside)->file);
    }
    id_map_fini(&(*aside)->keys);
    id_map_fini(&(*aside)->known);
    id_map_fini(&(*aside)->corrected);
    buffer_fini(&(*aside)->names);
    free((*aside)->ends);
    free((*aside)->things);
    free(*aside);
    *aside = NULL;
}

enum status spool_begin_aside(struct spool *spool)
{
    struct store_txn *txn = NULL;
    enum status rc;

    check(spool->txn == NULL && spool->aside == NULL);
    rc = spool_begin_read(spool, &txn);
    if (rc == STATUS_OK) {
        rc = spool_get_current(txn, &spool->identity, &spool->epoch);
    }
    spool_end_read(spool, &txn);
    if (rc == STATUS_OK) {
        rc = open_aside(&spool->aside);
    }
    if (rc == STATUS_OK) {
        spool->aside->last = spool->epoch.last;
        spool->added = 0;
        spool->failed = false;
        spool->room = spool_room_for_events(spool);
    }
    return rc;
}

/* ---- events ---- */

uint64_t spool_aside_hash(struct bytes bytes)
{
    struct digest digest;

    digest_bytes(bytes, &digest);
    return bytes_get_u64(digest.bytes) | 1u;
}

static uint64_t hash_key(uint32_t unit, uint32_t office,
                         const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES])
{
    uint8_t out[SPOOL_KEY_MAX];

    return spool_aside_hash(spool_key_entry(unit, office, entry_key, out));
}

/* Where the next one begins. */
static uint64_t end_of(const struct spool_aside *aside)
{
    return aside->count > 0 ? aside->ends[aside->count - 1] : 0;
}

static uint64_t id_of(const struct spool *spool, uint32_t index)
{
    return id60_make(spool->identity.agent_number,
                     spool->identity.epoch_ordinal,
                     (uint32_t)spool->aside->last + 1u + index);
}

static enum status make_room(struct spool_aside *aside)
{
    uint32_t room = aside->room == 0 ? 1024u : 2u * aside->room;
    uint64_t *ends;

    if (aside->count < aside->room) {
        return STATUS_OK;
    }
    ends = realloc(aside->ends, room * sizeof *ends);
    if (ends == NULL) {
        return STATUS_MEMORY;
    }
    aside->ends = ends;
    aside->room = room;
    return STATUS_OK;
}

static enum status put(struct spool *spool, const struct event *event)
{
    struct spool_aside *aside = spool->aside;
    struct buffer *packed = &spool->scratch;
    uint64_t cost;
    enum status rc = make_room(aside);

    buffer_clear(packed);
    if (rc == STATUS_OK) {
        rc = codec_pack_event(event, packed);
    }
    cost = 2 * (packed->size + SPOOL_EVENT_OVERHEAD);
    if (rc == STATUS_OK &&
        (aside->count == SPOOL_TRANSACTION_MAX || cost > spool->room ||
         aside->last + aside->count >= UINT32_MAX)) {
        rc = STATUS_FULL;
    }
    if (rc == STATUS_OK && event->has_entry_key) {
        rc = id_map_put(&aside->keys,
                        hash_key(event->unit, event->office, event->entry_key),
                        aside->count);
    }
    if (rc == STATUS_OK && event->target != 0) {
        rc = id_map_put(&aside->corrected, event->target, aside->count);
    }
    if (rc == STATUS_OK &&
        fwrite(packed->data, 1, packed->size, aside->file) != packed->size) {
        rc = STATUS_IO;
    }
    if (rc == STATUS_OK) {
        spool->room -= cost;
        aside->ends[aside->count] = end_of(aside) + packed->size;
        aside->names_later = aside->names_later ||
                             spool_aside_has(spool, event->target) ||
                             spool_aside_has(spool, event->head);
        aside->count++;
    }
    return rc;
}

/* Reads one back; before, what was written is to be flushed. */
static enum status get(struct spool *spool, struct spool_aside *aside,
                       uint32_t index, struct event *event)
{
    uint64_t from = index > 0 ? aside->ends[index - 1] : 0;
    size_t size = (size_t)(aside->ends[index] - from);
    uint8_t *at;
    enum status rc;

    buffer_clear(&spool->scratch);
    rc = buffer_extend(&spool->scratch, size, &at);
    if (rc == STATUS_OK &&
        pread(fileno(aside->file), at, size, (off_t)from) != (ssize_t)size) {
        rc = STATUS_IO;
    }
    return rc == STATUS_OK
               ? spool_unpack_event(buffer_bytes(&spool->scratch), event)
               : rc;
}

bool spool_aside_has(const struct spool *spool, uint64_t id)
{
    const struct spool_aside *aside = spool->aside;
    uint64_t seq = id60_number(id);

    return id60_agent(id) == spool->identity.agent_number &&
           id60_epoch(id) == spool->identity.epoch_ordinal &&
           seq > aside->last && seq <= aside->last + aside->count;
}

enum status spool_aside_event(struct spool *spool, uint64_t id,
                              struct event *event)
{
    struct spool_aside *aside = spool->aside;

    return fflush(aside->file) == 0
               ? get(spool, aside,
                     (uint32_t)(id60_number(id) - aside->last - 1u), event)
               : STATUS_IO;
}

bool spool_aside_find_entry(const struct spool *spool, uint32_t unit,
                            uint32_t office,
                            const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES],
                            uint64_t *id)
{
    uint32_t index =
        id_map_get(&spool->aside->keys, hash_key(unit, office, entry_key));

    if (index != ID_MAP_NONE) {
        *id = id_of(spool, index);
    }
    return index != ID_MAP_NONE;
}

enum status spool_aside_add(struct spool *spool, const struct event *event,
                            uint64_t *id, bool *skipped)
{
    enum status rc = STATUS_NOT_FOUND;

    *id = 0;
    if (event->has_entry_key) {
        rc = spool_find_entry(spool, event->unit, event->office,
                              event->entry_key, id);
    }
    if (skipped != NULL) {
        *skipped = rc == STATUS_OK;
    }
    if (rc == STATUS_NOT_FOUND) {
        *id = id_of(spool, spool->aside->count);
        rc = put(spool, event);
    }
    spool->failed = rc != STATUS_OK;
    return rc;
}

uint64_t spool_corrected_aside(const struct spool *spool, uint64_t target)
{
    uint32_t index = spool->aside != NULL
                         ? id_map_get(&spool->aside->corrected, target)
                         : ID_MAP_NONE;

    return index != ID_MAP_NONE ? id_of(spool, index) : 0;
}

/* ---- into the store ---- */

/* Somebody has corrected or voided since what an event here corrects. */
static enum status look_at_corrected(struct spool *spool,
                                     struct spool_aside *aside)
{
    enum status rc = STATUS_OK;

    for (uint32_t i = 0; rc == STATUS_OK && aside->corrected.count > 0 &&
                         spool->epoch.last != aside->last && i < aside->count;
         i++) {
        enum versions_standing standing = VERSIONS_STANDS;

        rc = get(spool, aside, i, &aside->event);
        if (rc == STATUS_OK && aside->event.target != 0) {
            rc = versions_stand(spool, &aside->event, &standing);
        }
        rc = rc == STATUS_OK && standing != VERSIONS_STANDS ? STATUS_AGAIN : rc;
    }
    return rc;
}

static enum status add_all(struct spool *spool, struct spool_aside *aside,
                           const uint64_t references[])
{
    enum status rc = STATUS_OK;

    for (uint32_t i = 0; rc == STATUS_OK && i < aside->count; i++) {
        bool here = false;
        uint64_t id;

        rc = get(spool, aside, i, &aside->event);
        if (rc == STATUS_OK) {
            spool_aside_put_numbers(spool, aside, references, &aside->event);
            rc = spool_add(spool, &aside->event, &id, &here);
        }
        /* The same row from another program; what it says was not compared. */
        rc = rc == STATUS_OK && here ? STATUS_AGAIN : rc;
    }
    return rc;
}

static enum status write_all(struct spool *spool, struct spool_aside *aside)
{
    uint64_t *references =
        calloc((size_t)aside->thing_count + 1u, sizeof *references);
    enum status rc = STATUS_MEMORY;

    if (references != NULL) {
        rc = spool_aside_allot_all(spool, aside, references);
    }
    if (rc == STATUS_OK) {
        rc = add_all(spool, aside, references);
    }
    free(references);
    return rc;
}

enum status spool_aside_write(struct spool *spool)
{
    struct spool_aside *aside = spool->aside;
    uint32_t epoch = spool->identity.epoch_ordinal;
    enum status rc = fflush(aside->file) == 0 ? STATUS_OK : STATUS_IO;

    check(!spool->failed);
    spool->aside = NULL;
    if (rc == STATUS_OK) {
        rc = spool_begin(spool);
    }
    /* It is about an event by an id that another one has got meanwhile. */
    if (rc == STATUS_OK &&
        (epoch != spool->identity.epoch_ordinal ||
         (aside->names_later && spool->epoch.last != aside->last))) {
        rc = STATUS_AGAIN;
    }
    if (rc == STATUS_OK) {
        rc = look_at_corrected(spool, aside);
    }
    if (rc == STATUS_OK) {
        rc = write_all(spool, aside);
    }
    spool_aside_close(&aside);
    return rc;
}
