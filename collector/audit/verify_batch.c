/* A batch against the enrolments, keys and epochs of its moment, and against
 * the batch before it in its stream: what admit.c and ledger.c ask before they
 * take one. */
#include "collector/audit/verify_private.h"
#include "common/fold/batch_signer.h"

#include <stdlib.h>
#include <string.h>

#define STREAMS_STEP 64u

static void found(struct verify_entries *self, const struct entry *entry,
                  enum verify_fault fault)
{
    verify_found(self->results, VERIFY_BATCHES, fault, verify_at_entry(entry),
                 NULL);
}

static bool says_the_same(const struct batch_header *header,
                          const struct entry *entry)
{
    return random_id_equal(&header->agent, &entry->agent) &&
           random_id_equal(&header->epoch, &entry->epoch) &&
           header->agent_number == entry->agent_number &&
           header->epoch_ordinal == entry->epoch_ordinal &&
           header->first_seq == entry->first_seq &&
           header->count == entry->count;
}

/* Who made it, by the control entries before it (I8); NULL: nobody who could
 * have signed it. */
static const struct context_agent *look_at_maker(struct verify_entries *self,
                                                 const struct entry *entry)
{
    const struct context_agent *agent =
        context_agent(self->context, entry->agent_number);

    if (agent == NULL || !agent->joined ||
        !random_id_equal(&agent->id, &entry->agent)) {
        found(self, entry, VERIFY_FAULT_BATCH_AGENT);
        return NULL;
    }
    if (agent->revoked) {
        found(self, entry, VERIFY_FAULT_BATCH_REVOKED);
    }
    if (!context_epoch_is_open(agent, &entry->epoch, entry->epoch_ordinal,
                               entry->first_seq)) {
        found(self, entry, VERIFY_FAULT_BATCH_EPOCH);
    }
    return agent;
}

/* Mostly the key in force; where a former one may be meant, that is found out
 * at once. */
static const struct public_key *signer_of(const struct verify_entries *self,
                                          const struct entry *entry,
                                          const struct context_agent *agent,
                                          struct bytes batch)
{
    const struct batch_place place = {.agent_number = entry->agent_number,
                                      .epoch_ordinal = entry->epoch_ordinal,
                                      .first_seq = entry->first_seq,
                                      .index = entry->index};
    const struct public_key *key = NULL;

    if (context_batch_key(self->context, place.agent_number,
                          place.epoch_ordinal, place.first_seq, place.index,
                          1) != NULL) {
        key = batch_signer(self->context, &place, batch);
    }
    return key != NULL ? key : &agent->sign_key;
}

static void look_at_signature(struct verify_entries *self,
                              const struct entry *entry,
                              const struct context_agent *agent,
                              struct bytes batch)
{
    const struct public_key *key =
        agent == NULL ? NULL : signer_of(self, entry, agent, batch);

    if (key != NULL && entry->index >= self->signed_before &&
        verify_signatures_put(self->signatures, entry, batch, key) !=
            STATUS_OK) {
        self->status = STATUS_MEMORY;
    }
}

/* NULL when there is no memory. */
static struct verify_stream *stream_of(struct verify_entries *self,
                                       const struct entry *entry)
{
    uint64_t name = (uint64_t)entry->agent_number << 32 | entry->epoch_ordinal;
    uint32_t place = id_map_get(&self->places, name);

    if (place != ID_MAP_NONE) {
        return &self->streams[place];
    }
    if (self->stream_count == self->stream_room) {
        size_t room = self->stream_room + self->stream_room / 2 + STREAMS_STEP;
        struct verify_stream *grown =
            realloc(self->streams, room * sizeof *grown);

        if (grown == NULL) {
            return NULL;
        }
        self->streams = grown;
        self->stream_room = room;
    }
    if (id_map_put(&self->places, name, (uint32_t)self->stream_count) !=
        STATUS_OK) {
        return NULL;
    }
    self->streams[self->stream_count] =
        (struct verify_stream){.agent = entry->agent,
                               .epoch = entry->epoch,
                               .number = entry->agent_number,
                               .ordinal = entry->epoch_ordinal,
                               .next_seq = 1};
    return &self->streams[self->stream_count++];
}

/* Its place in its stream (I3); `previous` NULL: not known. */
static void look_at_place(struct verify_entries *self,
                          const struct entry *entry,
                          const struct digest *previous)
{
    struct verify_stream *stream = stream_of(self, entry);

    if (stream == NULL) {
        self->status = STATUS_MEMORY;
        return;
    }
    if (!random_id_equal(&stream->agent, &entry->agent) ||
        !random_id_equal(&stream->epoch, &entry->epoch)) {
        self->out_of_order = true;
        found(self, entry, VERIFY_FAULT_BATCH_AGENT);
    }
    if (entry->first_seq != stream->next_seq) {
        self->out_of_order = true;
        found(self, entry, VERIFY_FAULT_BATCH_ORDER);
    }
    if (previous != NULL && !digest_equal(previous, &stream->last)) {
        found(self, entry, VERIFY_FAULT_BATCH_CHAIN);
    }
    stream->next_seq = entry->first_seq + entry->count;
    stream->last_index = entry->index;
    stream->last = entry->digest;
    self->results->events += entry->count;
}

void verify_batch(struct verify_entries *self, const struct entry *entry,
                  struct bytes batch)
{
    struct batch_header header;
    bool is_batch = batch_peek(batch, &header) == STATUS_OK;

    self->results->parts[VERIFY_BATCHES].checked++;
    if (!is_batch) {
        found(self, entry, VERIFY_FAULT_BATCH_FORM);
    } else {
        if (!says_the_same(&header, entry)) {
            found(self, entry, VERIFY_FAULT_BATCH_HEADER);
        }
        look_at_signature(self, entry, look_at_maker(self, entry), batch);
    }
    look_at_place(self, entry, is_batch ? &header.previous : NULL);
}

void verify_batch_erased(struct verify_entries *self, const struct entry *entry,
                         const struct digest *previous)
{
    self->results->parts[VERIFY_BATCHES].checked++;
    (void)look_at_maker(self, entry);
    look_at_place(self, entry, previous);
}
