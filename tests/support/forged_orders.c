#include "tests/support/forged_orders.h"

#include "collector/audit/erasing.h"
#include "collector/ledger/cold.h"
#include "collector/ledger/ledger_moved.h"
#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bytes key_of(const struct digest *digest)
{
    return (struct bytes){digest->bytes, DIGEST_BYTES};
}

/* The order that erased that batch. */
static uint64_t order_of(const struct tamper *tamper, uint64_t index)
{
    struct moved moved;
    struct entry entry;

    tamper_get(tamper, index, &entry);
    check(moved_get(tamper->txn, &entry.digest, &moved) == STATUS_OK);
    return moved.control;
}

uint64_t forge_erasure_undone(const struct audited *audited,
                              const struct tamper *tamper)
{
    uint64_t order = order_of(tamper, audited->erased[1]);
    struct entry entry;

    tamper_get(tamper, audited->erased[1], &entry);
    tamper_drop(tamper, TABLE_MOVED, key_of(&entry.digest));
    tamper_row(tamper, TABLE_BYTES, key_of(&entry.digest),
               buffer_bytes(&audited->before[1]));
    return order;
}

uint64_t forge_erasure_undone_cold(const struct audited *audited)
{
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    char folder[COLD_PATH_MAX];
    struct cold_head head;
    struct digest digest;

    check(rows != NULL);
    check(cold_folder(audited->copy.ledger, folder) == STATUS_OK);
    check(cold_table(folder, 1, &head, rows, &digest) == STATUS_OK);
    for (uint32_t i = 0; i < head.count; i++) {
        if (rows[i].index == audited->erased[0]) {
            check(cold_put(folder, 1, rows[i].offset,
                           buffer_bytes(&audited->before[0])) == STATUS_OK);
        }
    }
    free(rows);
    return audited->erased[0];
}

static void sign(const struct audited *audited, struct control *control,
                 struct buffer *document)
{
    control->created_at = clock_wall_us(&audited->hall.clock);
    random_id_make(&control->nonce);
    buffer_init(document, CONTROL_BYTES_MAX);
    check(control_sign(control, &audited->hall.keys.administrator, document) ==
          STATUS_OK);
}

void forge_erasure_without_entry(struct audited *audited,
                                 const struct tamper *tamper, uint64_t index)
{
    struct erasing_progress progress = {.read = NULL};
    struct moved moved = {.kind = MOVED_ERASED};
    struct control *control = calloc(1, sizeof *control);
    struct erasing erasing;
    struct buffer document;
    struct entry entry;
    uint8_t key[DIGEST_BYTES + 1];

    check(control != NULL);
    check(erasing_make(audited->hall.ledger,
                       province_context(audited->hall.province),
                       &audited->hall.keys.administrator, index, progress,
                       &erasing) == STATUS_OK);
    erasing_order(&erasing, 99, 2026, control);
    sign(audited, control, &document);
    tamper_get(tamper, index, &entry);
    moved.control = order_of(tamper, audited->erased[0]);
    check(moved_put(tamper->txn, &entry.digest, &moved) == STATUS_OK);
    memcpy(key, entry.digest.bytes, DIGEST_BYTES);
    key[DIGEST_BYTES] = 1;
    tamper_row(tamper, TABLE_MOVED, (struct bytes){key, sizeof key},
               buffer_bytes(&document));
    erasing_fini(&erasing);
    buffer_fini(&document);
    free(control);
}

uint64_t forge_erased_batch(struct audited *audited,
                            const struct tamper *tamper, size_t office)
{
    struct control *control = calloc(1, sizeof *control);
    struct moved moved = {.kind = MOVED_ERASED};
    struct office forged = audited->offices[office];
    struct batch_header header;
    struct bytes contribution;
    struct buffer document;
    struct entry entry = {.kind = ENTRY_BATCH};
    struct entry order = {.kind = ENTRY_CONTROL};

    check(control != NULL);
    buffer_init(&forged.batch, BATCH_BYTES_MAX);
    forged.sign_keys = audited->hall.keys.administrator;
    contribution = office_batch(&forged);
    check(batch_peek(contribution, &header) == STATUS_OK);
    entry.agent = header.agent;
    entry.epoch = header.epoch;
    entry.agent_number = header.agent_number;
    entry.epoch_ordinal = header.epoch_ordinal;
    entry.first_seq = header.first_seq;
    entry.count = header.count;
    tamper_append(tamper, &entry, bytes_of_text("nobody has ever seen it"));
    control->kind = CONTROL_ERASURE_ORDER;
    control->erasure_order =
        (struct control_erasure_order){.index = entry.index,
                                       .digest = entry.digest,
                                       .order_number = 99,
                                       .order_year = 2026,
                                       .contribution = contribution};
    sign(audited, control, &document);
    tamper_append(tamper, &order, buffer_bytes(&document));
    moved.control = order.index;
    check(moved_put(tamper->txn, &entry.digest, &moved) == STATUS_OK);
    buffer_fini(&document);
    buffer_fini(&forged.batch);
    free(control);
    return entry.index;
}

uint64_t forge_report(const struct audited *audited,
                      const struct tamper *tamper)
{
    struct control *control = NULL;
    struct entry entry;
    struct buffer bytes;
    uint64_t index = tamper_size(tamper);

    buffer_init(&bytes, CONTROL_BYTES_MAX);
    do {
        control_free(&control);
        do {
            tamper_get(tamper, --index, &entry);
        } while (entry.kind != ENTRY_CONTROL);
        tamper_bytes(tamper, &entry, &bytes);
        check(control_open(buffer_bytes(&bytes), NULL, &control) == STATUS_OK);
    } while (control->kind != CONTROL_REPORT_FREEZE);
    control->freeze.figures.bytes[3] ^= 1;
    buffer_clear(&bytes);
    check(control_sign(control, &audited->hall.keys.administrator, &bytes) ==
          STATUS_OK);
    control_free(&control);
    tamper_replace(tamper, &entry, buffer_bytes(&bytes));
    buffer_fini(&bytes);
    return entry.index;
}
