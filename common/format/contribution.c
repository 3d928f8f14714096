/* Each event is unpacked, judged, reduced, judged again, and packed. What is
 * left must come to the same; where the moment it was recorded decides, the
 * day of that moment stays.
 *
 * Failure modes: a batch that cannot be unpacked leaves empty places alone, as
 * it did for the fold. One whose rest does not fit a batch (it would have to be
 * made for that) loses events from its end until it does, which is counted. */
#include "common/format/contribution.h"

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/id_map.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

#include <stdlib.h>
#include <string.h>

/* References of one batch: at most three an event. */
#define NAMES_BITS    13u
#define EMPTY_PLACE   0u /* not a message: it is never counted */
#define LOST_PLACE    7u /* nor this; it was, before */
#define VARINT_7      7u
#define KEY_ELSEWHERE 4u /* byte of a key */

_Static_assert(BATCH_EVENTS_MAX * 3u < 1u << NAMES_BITS, "names of a batch");

static const uint8_t key_mark[4] = {'T', 'L', 'E', 'R'};

struct reducing {
    const struct contribution_of *of;
    struct id_map names; /* kind << 60 | reference -> number */
    uint32_t name_count;
    /* Where rows of the batch were seen first: by event. */
    uint32_t *first_of_row;
    struct bytes *events; /* NULL: the batch cannot be read */
    struct buffer rest;   /* of one event */
    struct buffer payload;
};

/* ---- references ---- */

static enum status rename_one(struct reducing *self, uint32_t kind,
                              uint64_t *reference)
{
    uint64_t name = (uint64_t)kind << 60 | *reference;
    uint32_t number = id_map_get(&self->names, name);
    uint64_t place;
    enum status status = STATUS_OK;

    if (number == ID_MAP_NONE) {
        number = ++self->name_count;
        status = id_map_put(&self->names, name, number);
    }
    place = self->of->entry->index << NAMES_BITS | number;
    *reference = id60_make(0, 1 + (uint32_t)(place >> 32), (uint32_t)place);
    return status;
}

static enum status rename_all(struct reducing *self, struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);
    enum status status = STATUS_OK;
    uint32_t said = 0; /* the kind that a field before it says */

    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];

        if (field->kind == FIELD_VALUE) {
            said = (uint32_t)event_get(event, field->number) & 0xfu;
        }
        if (field->kind == FIELD_REFERENCE && event_has(event, field->number) &&
            status == STATUS_OK) {
            status = rename_one(self,
                                field->reference != 0 ? field->reference : said,
                                &event->value[field->number]);
        }
    }
    return status;
}

/* ---- rows ---- */

static bool same_row(const struct event *a, const struct event *b)
{
    return a->has_entry_key && b->has_entry_key && a->unit == b->unit &&
           a->office == b->office &&
           memcmp(a->entry_key, b->entry_key, EVENT_ENTRY_KEY_BYTES) == 0;
}

/* Which event of the batch had each row first. */
static void find_rows(struct reducing *self)
{
    uint32_t count = self->of->entry->count;

    for (uint32_t i = 0; i < count; i++) {
        struct event event;

        codec_unpack_event(self->events[i], &event);
        self->first_of_row[i] = i;
        for (uint32_t k = 0; k < i && event.has_entry_key; k++) {
            struct event before;

            if (self->first_of_row[k] != k) {
                continue;
            }
            codec_unpack_event(self->events[k], &before);
            if (same_row(&before, &event)) {
                self->first_of_row[i] = k;
                break;
            }
        }
    }
}

static void name_row(const struct reducing *self, uint32_t i,
                     struct event *event)
{
    if (!event->has_entry_key) {
        return;
    }
    memset(event->entry_key, 0, sizeof event->entry_key);
    memcpy(event->entry_key, key_mark, sizeof key_mark);
    event->entry_key[KEY_ELSEWHERE] = self->of->elsewhere[i] ? 1 : 0;
    bytes_put_u32(event->entry_key + 8, (uint32_t)self->of->entry->index);
    bytes_put_u32(event->entry_key + 12, self->first_of_row[i]);
}

/* ---- one event ---- */

static enum status reduce(struct reducing *self, uint32_t i,
                          struct event *event)
{
    static const uint32_t taken[] = {EVENT_ROLE, EVENT_DOCUMENT_NUMBER,
                                     EVENT_DOCUMENT_YEAR, EVENT_DOCUMENT_KIND};

    for (size_t k = 0; k < sizeof taken / sizeof taken[0]; k++) {
        event_header_set(event, taken[k], 0);
        event->header_present &= ~(UINT32_C(1) << taken[k]);
    }
    event->header_present &= ~(UINT32_C(1) << EVENT_DOCUMENT_BODIES);
    event->document_body_count = 0;
    event->unknown_bytes = 0;
    event->recorded_at = self->of->entry->received_at;
    name_row(self, i, event);
    return rename_all(self, event);
}

static enum fold_outcome judge(const struct reducing *self, uint32_t i,
                               const struct event *event)
{
    const struct entry *entry = self->of->entry;
    bool stepped = (entry->flags & ENTRY_FLAG_CLOCK_STEPPED) != 0;
    struct fold_verdict verdict;

    fold_judge_event(self->of->judge,
                     id60_make(entry->agent_number, entry->epoch_ordinal,
                               (uint32_t)(entry->first_seq + i)),
                     stepped ? FOLD_RECEIVED_UNKNOWN : entry->received_at,
                     event, &verdict);
    return verdict.result.outcome;
}

/* What a control entry may cure is kept; a fault of the event itself is not. */
static bool may_count(enum fold_outcome outcome)
{
    return outcome == FOLD_COUNTED || outcome == FOLD_UNKNOWN_VALUE ||
           outcome == FOLD_UNIT_NOT_IN_FORCE || outcome == FOLD_OUT_OF_SCOPE;
}

/* Midnight, here, of the day of that moment. */
static int64_t day_of(int64_t moment)
{
    return clock_day_of(moment) * CLOCK_US_PER_DAY - CLOCK_CIVIL_ZONE_US;
}

/* Packs what is left into `rest`; nothing when no place is to be filled. */
static enum status reduce_one(struct reducing *self, uint32_t i,
                              enum fold_outcome *outcome)
{
    struct event event;
    enum fold_outcome before;
    int64_t recorded_at;
    enum status status;

    buffer_clear(&self->rest);
    codec_unpack_event(self->events[i], &event);
    before = judge(self, i, &event);
    *outcome = before;
    if (!may_count(before)) {
        return STATUS_OK;
    }
    recorded_at = event.recorded_at;
    status = reduce(self, i, &event);
    if (status != STATUS_OK) {
        return status;
    }
    if (judge(self, i, &event) != before) {
        event.recorded_at = day_of(recorded_at);
    }
    if (judge(self, i, &event) != before) {
        return STATUS_OK;
    }
    status = codec_pack_event(&event, &self->rest);
    return status == STATUS_INVALID ? STATUS_OK : status;
}

static enum status put_event(struct buffer *payload, struct bytes event)
{
    size_t left = event.size;
    enum status status;

    do {
        uint8_t low = (uint8_t)(left & 0x7fu);

        left >>= VARINT_7;
        status = buffer_u8(payload, left > 0 ? low | 0x80u : low);
    } while (left > 0 && status == STATUS_OK);
    return status == STATUS_OK ? buffer_append(payload, event) : status;
}

/* ---- the batch ---- */

/* The payload, of which the first `most` places may be filled. */
static enum status fill(struct reducing *self, uint32_t most,
                        struct contribution_about *about)
{
    static const uint8_t empty[] = {EMPTY_PLACE, LOST_PLACE};
    uint32_t count = self->of->entry->count;
    enum status status = STATUS_OK;

    *about = (struct contribution_about){0};
    buffer_clear(&self->payload);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        enum fold_outcome outcome = FOLD_MALFORMED;
        bool counted;

        buffer_clear(&self->rest);
        if (self->events != NULL) {
            status = reduce_one(self, i, &outcome);
        }
        counted = outcome == FOLD_COUNTED;
        if (status != STATUS_OK) {
            break;
        }
        if (i < most && self->rest.size > 0) {
            about->kept++;
            status = put_event(&self->payload, buffer_bytes(&self->rest));
        } else {
            about->lost += counted ? 1 : 0;
            about->unknown += outcome == FOLD_UNKNOWN_TYPE ? 1 : 0;
            about->empty += counted || outcome == FOLD_UNKNOWN_TYPE ? 0 : 1;
            status = put_event(&self->payload,
                               (struct bytes){&empty[counted ? 1 : 0], 1});
        }
    }
    return status;
}

static enum status seal(struct reducing *self, struct batch_codec *codec,
                        const struct batch_header *header, struct buffer *out,
                        struct contribution_about *about)
{
    enum status status = STATUS_FULL;

    for (uint32_t most = header->count; status == STATUS_FULL; most /= 2) {
        struct batch_header rest = *header;

        status = fill(self, most, about);
        if (status == STATUS_OK) {
            status = batch_seal(codec, &rest, buffer_bytes(&self->payload),
                                self->of->administrator, out);
        }
        check(status != STATUS_FULL || most > 0);
    }
    return status;
}

static enum status make(struct reducing *self, struct batch_codec *codec,
                        struct buffer *out, struct contribution_about *about)
{
    struct batch_header header;
    struct buffer whole;
    enum status status = batch_peek(self->of->batch, &header);

    buffer_init(&whole, BATCH_PAYLOAD_MAX);
    self->first_of_row =
        calloc(self->of->entry->count, sizeof *self->first_of_row);
    self->events = calloc(self->of->entry->count, sizeof *self->events);
    if (status == STATUS_OK &&
        (self->events == NULL || self->first_of_row == NULL)) {
        status = STATUS_MEMORY;
    }
    if (status == STATUS_OK) {
        struct bytes *events = self->events;

        status = batch_unpack_events(codec, self->of->batch, &header, &whole,
                                     events);
        if (status == STATUS_INVALID) {
            self->events = NULL;
            free(events);
            status = STATUS_OK;
        }
    }
    if (status == STATUS_OK) {
        if (self->events != NULL) {
            find_rows(self);
        }
        status = seal(self, codec, &header, out, about);
    }
    buffer_fini(&whole);
    return status;
}

enum status contribution_make(struct batch_codec *codec,
                              const struct contribution_of *of,
                              struct buffer *out,
                              struct contribution_about *about)
{
    struct reducing self = {.of = of};
    enum status status;

    if (!contribution_fits(of->batch, of->entry)) {
        return STATUS_INVALID;
    }
    if (of->entry->index >= CONTRIBUTION_INDEX_MAX) {
        return STATUS_FULL;
    }
    id_map_init(&self.names);
    buffer_init(&self.rest, EVENT_BYTES_MAX);
    buffer_init(&self.payload, BATCH_PAYLOAD_MAX);
    status = make(&self, codec, out, about);
    id_map_fini(&self.names);
    buffer_fini(&self.rest);
    buffer_fini(&self.payload);
    free(self.first_of_row);
    free(self.events);
    return status;
}

bool contribution_fits(struct bytes contribution, const struct entry *entry)
{
    struct batch_header header;

    return entry->kind == ENTRY_BATCH &&
           batch_peek(contribution, &header) == STATUS_OK &&
           random_id_equal(&header.agent, &entry->agent) &&
           random_id_equal(&header.epoch, &entry->epoch) &&
           header.agent_number == entry->agent_number &&
           header.epoch_ordinal == entry->epoch_ordinal &&
           header.first_seq == entry->first_seq && header.count == entry->count;
}

bool contribution_names(const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];
        uint64_t reference = event_get(event, field->number);

        if (field->kind == FIELD_REFERENCE && id60_valid(reference) &&
            id60_agent(reference) == 0 && id60_epoch(reference) != 0) {
            return true;
        }
    }
    return false;
}

void contribution_mark(struct event *event, struct bytes place)
{
    event->erased = EVENT_ERASED;
    if (place.size == 1 && place.data[0] == LOST_PLACE) {
        event->erased |= EVENT_ERASED_LOST;
    }
    if (event->has_entry_key &&
        memcmp(event->entry_key, key_mark, sizeof key_mark) == 0 &&
        event->entry_key[KEY_ELSEWHERE] != 0) {
        event->erased |= EVENT_ERASED_ROW;
    }
}
