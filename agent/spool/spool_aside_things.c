/* Things of rows that are kept aside: each has a stand-in until the numbers
 * are allotted. A thing that was taken back leaves its place in the map, which
 * the next one of the same name takes. */
#include "agent/spool/spool_aside_internal.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "common/event/reference.h"

static uint64_t stand_in(const struct spool *spool, uint32_t index)
{
    return id60_make(spool->identity.agent_number,
                     spool->identity.epoch_ordinal, ASIDE_NUMBER_MAX - index);
}

/* UINT32_MAX: it is none that stands in for another. */
static uint32_t thing_of(const struct spool *spool,
                         const struct spool_aside *aside, uint64_t reference)
{
    uint32_t index = ASIDE_NUMBER_MAX - id60_number(reference);

    return id60_agent(reference) == spool->identity.agent_number &&
                   id60_epoch(reference) == spool->identity.epoch_ordinal &&
                   index < aside->thing_count
               ? index
               : UINT32_MAX;
}

static bool is_called(const struct spool_aside *aside,
                      const struct aside_thing *thing, uint32_t kind,
                      struct bytes name)
{
    return thing->kind == kind && thing->size == name.size &&
           memcmp(aside->names.data + thing->name, name.data, name.size) == 0;
}

static enum status add_thing(struct spool_aside *aside, uint32_t kind,
                             struct bytes name, uint64_t hash)
{
    uint32_t room = aside->thing_room == 0 ? 64u : 2u * aside->thing_room;
    struct aside_thing *things = aside->things;

    if (aside->thing_count >= ASIDE_NUMBER_MAX / 4) {
        return STATUS_FULL;
    }
    if (aside->thing_count == aside->thing_room) {
        things = realloc(aside->things, room * sizeof *things);
        if (things == NULL) {
            return STATUS_MEMORY;
        }
        aside->things = things;
        aside->thing_room = room;
    }
    things[aside->thing_count++] =
        (struct aside_thing){.hash = hash,
                             .kind = kind,
                             .name = (uint32_t)aside->names.size,
                             .size = (uint32_t)name.size};
    return buffer_append(&aside->names, name);
}

enum status spool_aside_allot(struct spool *spool, uint32_t kind,
                              struct bytes name, uint64_t *reference,
                              bool *fresh)
{
    struct spool_aside *aside = spool->aside;
    uint8_t out[SPOOL_KEY_MAX + SPOOL_ALIAS_MAX];
    uint64_t hash = 0;
    uint64_t at = 0;
    uint32_t index = ID_MAP_NONE;
    enum status rc;

    if (fresh != NULL) {
        *fresh = false;
    }
    if (name.size > 0) {
        bytes_put_u32(out, kind);
        memcpy(out + 4, name.data, name.size);
        hash = spool_aside_hash((struct bytes){out, 4 + name.size});
        /* A place of a thing that was taken back is free again. */
        for (at = hash;
             (index = id_map_get(&aside->known, at)) < aside->thing_count &&
             aside->things[index].hash == hash;
             at += 2) {
            if (is_called(aside, &aside->things[index], kind, name)) {
                *reference = stand_in(spool, index);
                return STATUS_OK;
            }
        }
    }
    if (fresh != NULL) {
        *fresh = true;
    }
    *reference = stand_in(spool, aside->thing_count);
    rc = hash != 0 ? id_map_put(&aside->known, at, aside->thing_count)
                   : STATUS_OK;
    return rc == STATUS_OK ? add_thing(aside, kind, name, hash) : rc;
}

enum status spool_aside_note_written(struct spool *spool, uint64_t reference,
                                     struct bytes written)
{
    struct spool_aside *aside = spool->aside;
    uint32_t index = thing_of(spool, aside, reference);
    enum status rc;

    check(index + 1 == aside->thing_count && aside->things[index].written == 0);
    rc = buffer_append(&aside->names, written);
    aside->things[index].written = rc == STATUS_OK ? (uint32_t)written.size : 0;
    return rc;
}

void spool_aside_take_back(struct spool *spool, uint64_t reference)
{
    struct spool_aside *aside = spool->aside;
    uint32_t index = thing_of(spool, aside, reference);

    if (index != UINT32_MAX && index + 1 == aside->thing_count) {
        aside->thing_count--;
        buffer_truncate(&aside->names, aside->things[index].name);
    }
}

/* ---- into the store ---- */

static enum status allot_named(struct spool *spool,
                               const struct spool_aside *aside,
                               const struct aside_thing *thing,
                               uint64_t *reference)
{
    struct bytes name = {aside->names.data + thing->name, thing->size};
    struct bytes written = {name.data + name.size, thing->written};
    bool fresh = false;
    enum status rc = spool_alias(spool, thing->kind, name, reference, &fresh);

    return rc == STATUS_OK && fresh
               ? spool_note_written(spool, thing->kind, *reference, written)
               : rc;
}

/* The numbers of all things, in the order in which they were met. */
enum status spool_aside_allot_all(struct spool *spool,
                                  const struct spool_aside *aside,
                                  uint64_t references[])
{
    enum status rc = STATUS_OK;

    for (uint32_t i = 0; rc == STATUS_OK && i < aside->thing_count; i++) {
        const struct aside_thing *thing = &aside->things[i];

        rc = thing->size > 0
                 ? allot_named(spool, aside, thing, &references[i])
                 : spool_new_reference(spool, thing->kind, &references[i]);
    }
    return rc;
}

void spool_aside_put_numbers(const struct spool *spool,
                             const struct spool_aside *aside,
                             const uint64_t references[], struct event *event)
{
    struct spool_named named;

    for (size_t i = 0; spool_named_at(event, i, &named); i++) {
        uint32_t index = thing_of(spool, aside, named.reference);

        if (index != UINT32_MAX) {
            event_set(event, named.field, references[index]);
        }
    }
}
