#include "bench/feeder.h"

#include "agent/line/uplink_socket.h"
#include "agent/office/config.h"
#include "agent/office/office.h"
#include "common/base/check.h"
#include "common/format/entry.h"

#include <stdio.h>
#include <stdlib.h>

#define CONNECT_TRIES 200
#define CONNECT_MS    50

struct feeder {
    struct rig_office *office;
    struct uplink_socket *socket;
    uint64_t next_seq;
    uint64_t received;
    uint32_t flight;
    bool welcomed, empty;
};

static void take(struct feeder *feeder, const struct wire_down *down)
{
    check(down->kind != WIRE_DOWN_REFUSAL);
    if (down->kind == WIRE_DOWN_WELCOME) {
        feeder->welcomed = true;
        feeder->next_seq = down->welcome.next_seq;
    }
    if (down->kind != WIRE_DOWN_RECEIPTS) {
        return;
    }
    for (size_t i = 0; i < down->receipts.count; i++) {
        struct bytes bytes = {down->receipts.entries[i], ENTRY_BYTES};
        struct entry entry;

        check(entry_read(bytes, &entry) == STATUS_OK);
        feeder->received += entry.count;
        feeder->flight--;
    }
}

void feeder_take(struct feeder *feeder)
{
    struct wire_down down;

    while (uplink_socket_receive(feeder->socket, &down) == STATUS_OK) {
        take(feeder, &down);
    }
}

static void say_hello(struct feeder *feeder)
{
    struct wire_up up = {.kind = WIRE_UP_HELLO};
    struct spool_identity identity;

    check(spool_identity(feeder->office->spool, &identity) == STATUS_OK);
    up.hello.protocol = WIRE_PROTOCOL;
    up.hello.capabilities = WIRE_CAPABILITIES;
    up.hello.agent = identity.agent;
    up.hello.epoch = identity.epoch;
    up.hello.next_seq = 1;
    up.hello.now = clock_wall_us(clock_real());
    (void)snprintf(up.hello.software, sizeof up.hello.software, "bench");
    check(uplink_socket_send(feeder->socket, &up, NULL, 0) == STATUS_OK);
}

struct feeder *feeder_open(void *context, const struct rig *rig,
                           struct rig_office *office)
{
    struct feeder *feeder = calloc(1, sizeof *feeder);
    struct uplink_socket_options options = {.context = context,
                                            .address = rig->address,
                                            .keys = &office->keys.curve};
    struct config config;
    struct report report;
    char path[OFFICE_PATH_MAX];
    bool hello = false;

    check(feeder != NULL);
    feeder->office = office;
    report_init(&report, LANGUAGE_EN);
    check(office_path(office->dir, OFFICE_CONFIG_FILE, path) == STATUS_OK &&
          config_load(path, &report, &config) == STATUS_OK);
    report_fini(&report);
    options.server_key = &config.server_key;
    check(uplink_socket_open(&options, &feeder->socket) == STATUS_OK);
    for (int i = 0; i < CONNECT_TRIES && !feeder->welcomed; i++) {
        uplink_socket_wait(feeder->socket, CONNECT_MS);
        if (!hello &&
            uplink_socket_event(feeder->socket) == UPLINK_SOCKET_READY) {
            say_hello(feeder);
            hello = true;
        }
        feeder_take(feeder);
    }
    check(feeder->welcomed);
    return feeder;
}

void feeder_close(struct feeder **feeder)
{
    uplink_socket_close(&(*feeder)->socket);
    free(*feeder);
    *feeder = NULL;
}

bool feeder_send(struct feeder *feeder)
{
    static const struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct batch_header header;
    struct bytes batch;
    enum status status;

    if (feeder->flight >= FEEDER_FLIGHT_MAX || feeder->empty) {
        return false;
    }
    status =
        spool_batch(feeder->office->spool, feeder->next_seq, &header, &batch);
    if (status == STATUS_NOT_FOUND) {
        feeder->empty = true;
        return false;
    }
    check(status == STATUS_OK);
    status = uplink_socket_send(feeder->socket, &up, &batch, 1);
    check(status == STATUS_OK || status == STATUS_AGAIN);
    if (status == STATUS_OK) {
        feeder->flight++;
        feeder->next_seq = header.first_seq + header.count;
    }
    return status == STATUS_OK;
}

uint64_t feeder_received(const struct feeder *feeder)
{
    return feeder->received;
}

bool feeder_empty(const struct feeder *feeder)
{
    return feeder->empty;
}
