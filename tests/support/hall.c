#include "tests/support/hall.h"

#include "common/base/check.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/format/batch.h"
#include "common/format/codec.h"
#include "tests/support/source_file.h"
#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSPECTION  8u
#define CORRECTION  20u
#define PAYLOAD_MAX (2u * BATCH_PAYLOAD_MAX)
#define JOIN_US     CLOCK_US_PER_DAY

/* ---- the hall ---- */

static void open_ledger(struct hall *hall, uint64_t map_bytes, bool create)
{
    struct ledger_options ledger_options = {.path = hall->path,
                                            .clock = &hall->clock,
                                            .map_bytes = map_bytes,
                                            .create = create};
    struct tally_progress progress = {.owner = NULL};
    struct admit_options options = {.keys = &hall->keys, .clock = &hall->clock};

    check(ledger_open(&ledger_options, &hall->ledger) == STATUS_OK);
    check(province_open(hall->ledger, &hall->province) == STATUS_OK);
    check(tally_open(hall->ledger, hall->province, progress, &hall->tally) ==
          STATUS_OK);
    hall->agents = agents_new(&hall->clock);
    check(hall->agents != NULL);
    options.ledger = hall->ledger;
    options.province = hall->province;
    options.agents = hall->agents;
    hall->admit = admit_new(&options);
    check(hall->admit != NULL && admit_recall(hall->admit) == STATUS_OK);
}

static void close_ledger(struct hall *hall)
{
    admit_free(&hall->admit);
    agents_free(&hall->agents);
    tally_close(&hall->tally);
    province_close(&hall->province);
    ledger_close(&hall->ledger);
}

static void order_file(struct hall *hall, enum control_kind kind,
                       const char *id, const char *file)
{
    struct control *control = calloc(1, sizeof *control);
    char *text = source_file(file);

    check(control != NULL);
    control->kind = kind;
    control->files.revision = 1;
    control->files.file_count = 1;
    (void)snprintf(control->files.id, sizeof control->files.id, "%s", id);
    (void)snprintf(control->files.files[0].name,
                   sizeof control->files.files[0].name, "%s", id);
    control->files.files[0].content = bytes_of_text(text);
    check(hall_order(hall, control) == STATUS_OK);
    free(text);
    free(control);
}

void hall_open(struct hall *hall, uint64_t map_bytes)
{
    struct control *control = calloc(1, sizeof *control);

    check(control != NULL);
    sign_init();
    memset(hall, 0, sizeof *hall);
    temp_dir_open(&hall->dir);
    temp_dir_path(&hall->dir, "ledger.mdb", hall->path);
    hall->now.wall_us = calendar_day(2018, 6, 1) * CLOCK_US_PER_DAY;
    hall->now.monotonic_us = CLOCK_US_PER_DAY;
    clock_init_settable(&hall->clock, &hall->now);
    curve_keys_make(&hall->keys.server);
    sign_keys_make(&hall->keys.ledger);
    sign_keys_make(&hall->keys.administrator);
    open_ledger(hall, map_bytes, true);
    control->kind = CONTROL_GENESIS;
    control->genesis.unit = WORLD_PROVINCE;
    control->genesis.administrator = hall->keys.administrator.public_key;
    control->genesis.ledger_key = hall->keys.ledger.public_key;
    (void)snprintf(control->genesis.origin, sizeof control->genesis.origin,
                   "test");
    check(hall_order(hall, control) == STATUS_OK);
    free(control);
    order_file(hall, CONTROL_UNITS, "units.csv",
               "tests/support/world_units.csv");
    order_file(hall, CONTROL_PLAN, "plan.yaml", WORLD_PLAN);
}

void hall_close(struct hall *hall)
{
    close_ledger(hall);
    keys_wipe(&hall->keys);
    temp_dir_close(&hall->dir);
}

void hall_shut(struct hall *hall)
{
    close_ledger(hall);
}

void hall_reopen(struct hall *hall, uint64_t map_bytes)
{
    hall_shut(hall);
    open_ledger(hall, map_bytes, false);
}

enum status hall_order(struct hall *hall, struct control *control)
{
    struct buffer document;
    struct report report;
    struct bytes bytes;
    struct entry entry;
    enum status status;

    report_init(&report, LANGUAGE_EN);
    buffer_init(&document, CONTROL_BYTES_MAX);
    control->created_at = clock_wall_us(&hall->clock);
    random_id_make(&control->nonce);
    check(control_sign(control, &hall->keys.administrator, &document) ==
          STATUS_OK);
    bytes = buffer_bytes(&document);
    status = province_order(hall->province, &bytes, 1, &report, &entry);
    if (report.errors > 0) {
        report_print(&report, stderr);
    }
    buffer_fini(&document);
    report_fini(&report);
    return status;
}

unsigned hall_fold(struct hall *hall)
{
    unsigned changes = 0;

    check(tally_advance(hall->tally, &changes) == STATUS_OK);
    return changes;
}

uint64_t hall_size(const struct hall *hall)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t size;

    check(ledger_snapshot_open(hall->ledger, &snapshot) == STATUS_OK);
    size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

/* ---- offices ---- */

void office_open(struct office *office, uint32_t number)
{
    memset(office, 0, sizeof *office);
    office->number = number;
    office->unit = WORLD_DISTRICT(number % 2 == 1 ? 1 : 2);
    curve_keys_make(&office->join_keys);
    curve_keys_make(&office->curve_keys);
    sign_keys_make(&office->sign_keys);
    random_id_make(&office->next.agent);
    random_id_make(&office->next.epoch);
    office->next.agent_number = number;
    office->next.epoch_ordinal = 1;
    office->next.first_seq = 1;
    buffer_init(&office->batch, 2 * BATCH_BYTES_MAX);
}

void office_close(struct office *office)
{
    buffer_fini(&office->batch);
}

void hall_enrol(struct hall *hall, const struct office *office)
{
    struct control *control = calloc(1, sizeof *control);
    struct control_scope *scope;

    check(control != NULL);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = office->number;
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "office %u", office->number);
    control->enrolment.join_key = office->join_keys.public_key;
    control->enrolment.join_until = hall->now.wall_us + JOIN_US;
    control->enrolment.scope_count = 1;
    scope = &control->enrolment.scopes[0];
    scope->unit = office->unit;
    scope->office = WORLD_LABOUR_OFFICE;
    scope->area[0] = office->unit;
    scope->area_count = 1;
    scope->from = calendar_day(2017, 1, 1);
    scope->to = calendar_day(2019, 12, 31);
    check(hall_order(hall, control) == STATUS_OK);
    free(control);
}

void hall_join(struct hall *hall, struct office *office)
{
    struct wire_up up = office_join(office);
    struct wire_down down;

    hall_enrol(hall, office);
    down = hall_request(hall, &office->join_keys.public_key, &up);
    check(down.kind == WIRE_DOWN_JOINED);
    check(down.joined.agent_number == office->number);
}

struct bytes office_seal_payload(struct office *office, struct bytes payload,
                                 uint32_t count)
{
    struct batch_codec *codec = batch_codec_new();
    struct batch_header header = office->next;

    check(codec != NULL);
    header.count = count;
    header.sealed_at = calendar_day(2018, 6, 1) * CLOCK_US_PER_DAY;
    buffer_clear(&office->batch);
    check(batch_seal(codec, &header, payload, &office->sign_keys,
                     &office->batch) == STATUS_OK);
    office->next.first_seq += count;
    digest_bytes(buffer_bytes(&office->batch), &office->next.previous);
    batch_codec_free(&codec);
    return buffer_bytes(&office->batch);
}

struct bytes office_seal(struct office *office, const struct event events[],
                         uint32_t count)
{
    struct buffer payload;
    struct buffer event;
    struct bytes batch;

    buffer_init(&payload, PAYLOAD_MAX);
    buffer_init(&event, EVENT_BYTES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        buffer_clear(&event);
        check(codec_pack_event(&events[i], &event) == STATUS_OK);
        check(event.size < 0x4000);
        if (event.size >= 0x80) {
            check(buffer_u8(&payload, (uint8_t)(event.size | 0x80)) ==
                  STATUS_OK);
            check(buffer_u8(&payload, (uint8_t)(event.size >> 7)) == STATUS_OK);
        } else {
            check(buffer_u8(&payload, (uint8_t)event.size) == STATUS_OK);
        }
        check(buffer_append(&payload, buffer_bytes(&event)) == STATUS_OK);
    }
    batch = office_seal_payload(office, buffer_bytes(&payload), count);
    buffer_fini(&event);
    buffer_fini(&payload);
    return batch;
}

void office_visit(const struct office *office, uint32_t establishment,
                  struct event *event)
{
    int32_t day = calendar_day(2018, 3, 5);

    event_init(event, INSPECTION);
    event_header_set(event, EVENT_OCCURRED_ON, (uint64_t)(int64_t)day);
    event_header_set(event, EVENT_RECORDED_AT,
                     (uint64_t)(day * CLOCK_US_PER_DAY));
    event_header_set(event, EVENT_UNIT, office->unit);
    event_header_set(event, EVENT_OFFICE, WORLD_LABOUR_OFFICE);
    event_header_set(event, EVENT_PROGRAMME, WORLD_PROSTITUTION);
    event_header_set(event, EVENT_SUBJECT_UNIT, office->unit);
    event_set(event, 1, id60_make(office->number, 1, establishment));
    event_set(event, 2, 1); /* interagency_178 */
    event_set(event, 3, 2); /* of a district */
    event_set(event, 4, 1);
    event_set(event, 5, 1); /* no violation */
    event_set(event, 7, 0);
}

void office_void(const struct office *office, uint64_t target,
                 struct event *event)
{
    int32_t day = calendar_day(2018, 5, 2);

    event_init(event, CORRECTION);
    event_header_set(event, EVENT_OCCURRED_ON, (uint64_t)(int64_t)day);
    event_header_set(event, EVENT_RECORDED_AT,
                     (uint64_t)(day * CLOCK_US_PER_DAY));
    event_header_set(event, EVENT_UNIT, office->unit);
    event_header_set(event, EVENT_OFFICE, WORLD_LABOUR_OFFICE);
    event_header_set(event, EVENT_PROGRAMME, WORLD_PROSTITUTION);
    event_header_set(event, EVENT_TARGET, target);
    event_header_set(event, EVENT_REASON, 1);
    event_set(event, 1, 1);
}

struct bytes office_batch(struct office *office)
{
    struct event event;

    office_visit(office, (uint32_t)office->next.first_seq, &event);
    return office_seal(office, &event, 1);
}

/* ---- the line ---- */

struct admit_answer hall_send(struct hall *hall, const struct office *link,
                              struct bytes batch)
{
    struct intake_message *message = calloc(1, sizeof *message);
    const struct admit_answer *answers = NULL;
    struct admit_answer answer;
    size_t count = 0;

    check(message != NULL);
    message->key = link->curve_keys.public_key;
    message->up.kind = WIRE_UP_BATCHES;
    message->batches[0] = batch;
    message->batch_count = 1;
    check(admit_batches(hall->admit, message, 1, &answers, &count) ==
          STATUS_OK);
    check(count == 1);
    answer = answers[0];
    free(message);
    return answer;
}

struct wire_down hall_request(struct hall *hall, const struct public_key *key,
                              const struct wire_up *up)
{
    struct intake_message *message = calloc(1, sizeof *message);
    struct wire_down down;

    check(message != NULL);
    message->key = *key;
    message->up = *up;
    check(admit_request(hall->admit, message, &down) == STATUS_OK);
    free(message);
    return down;
}

struct wire_up office_join(const struct office *office)
{
    struct wire_up up = {.kind = WIRE_UP_JOIN,
                         .join = {.agent = office->next.agent,
                                  .epoch = office->next.epoch,
                                  .curve_key = office->curve_keys.public_key,
                                  .sign_key = office->sign_keys.public_key}};

    wire_join_prove(&up.join, &office->join_keys.public_key,
                    &office->sign_keys);
    return up;
}

struct wire_up office_hello(const struct office *office)
{
    return (struct wire_up){.kind = WIRE_UP_HELLO,
                            .hello = {.protocol = WIRE_PROTOCOL,
                                      .capabilities = WIRE_CAPABILITIES,
                                      .agent = office->next.agent,
                                      .epoch = office->next.epoch,
                                      .software = "test",
                                      .next_seq = office->next.first_seq}};
}

struct wire_up office_open_epoch(const struct office *office,
                                 const struct random_id *epoch)
{
    struct wire_up up = {.kind = WIRE_UP_OPEN_EPOCH,
                         .open_epoch = {.agent = office->next.agent,
                                        .epoch = *epoch,
                                        .previous = office->next.epoch}};

    wire_open_epoch_prove(&up.open_epoch, &office->sign_keys);
    return up;
}
