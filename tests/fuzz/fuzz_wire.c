/* Any bytes as frame 0 of either direction, as a body and as pieces of a
 * document: no crash, no read beyond the end, no memory beyond the budget. What
 * is accepted is packed again, and that is accepted again as the same bytes. */
#include "common/check.h"
#include "common/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_codec *codec;
static struct buffer once;
static struct buffer twice;

static void set_up(void)
{
    if (codec == NULL) {
        sign_init();
        codec = wire_codec_new();
        check(codec != NULL);
        /* Packed anew a message may be larger: fields that were absent are
         * there as zeroes. */
        buffer_init(&once, 4 * WIRE_DOCUMENT_BYTES_MAX);
        buffer_init(&twice, 4 * WIRE_DOCUMENT_BYTES_MAX);
    }
    buffer_clear(&once);
    buffer_clear(&twice);
}

static void same_bytes(void)
{
    check(bytes_equal(buffer_bytes(&once), buffer_bytes(&twice)));
}

static void look_at_up(struct bytes frame)
{
    struct wire_up up;

    memset(&up, 0xa5, sizeof up);
    if (wire_unpack_up(codec, frame, &up) != STATUS_OK) {
        return;
    }
    check(wire_pack_up(&up, &once) == STATUS_OK);
    check(wire_unpack_up(codec, buffer_bytes(&once), &up) == STATUS_OK);
    check(wire_pack_up(&up, &twice) == STATUS_OK);
    same_bytes();
    if (up.kind == WIRE_UP_JOIN) {
        check(!wire_join_proven(&up.join, &up.join.curve_key));
    }
}

static void look_at_down(struct bytes frame)
{
    struct wire_down down;

    memset(&down, 0xa5, sizeof down);
    if (wire_unpack_down(codec, frame, &down) != STATUS_OK) {
        return;
    }
    check(wire_pack_down(&down, &once) == STATUS_OK);
    check(wire_unpack_down(codec, buffer_bytes(&once), &down) == STATUS_OK);
    check(wire_pack_down(&down, &twice) == STATUS_OK);
    same_bytes();
}

/* Every message of the input, in the order in which they came. */
static void look_at_pieces(struct bytes left)
{
    static const struct public_key key;
    struct wire_assembly assembly;

    wire_assembly_init(&assembly);
    while (left.size >= 2) {
        size_t size = bytes_get_u16(left.data);
        struct wire_down down;
        struct bytes body;

        size = size > left.size - 2 ? left.size - 2 : size;
        if (wire_unpack_down(
                codec, (struct bytes){.data = left.data + 2, .size = size},
                &down) == STATUS_OK &&
            down.kind == WIRE_DOWN_DOCUMENT) {
            check(wire_assembly_add(&assembly, &down.document, &key, &body) !=
                  STATUS_OK);
        }
        left.data += 2 + size;
        left.size -= 2 + size;
    }
    wire_assembly_fini(&assembly);
}

static void look_at_registers(struct bytes body)
{
    const struct wire_register_item *items;
    uint64_t sum = 0;
    size_t count;

    if (wire_unpack_registers(codec, body, &items, &count) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        check(items[i].unit_count <= WIRE_REGISTER_UNITS_MAX);
        for (size_t k = 0; k < items[i].unit_count; k++) {
            sum += items[i].units[k];
        }
        if (i < 8) {
            check(wire_pack_register_item(&items[i], &once) == STATUS_OK);
        }
    }
    check(sum <= UINT64_MAX);
}

static void look_at_outcomes(struct bytes body)
{
    struct wire_outcomes outcomes;

    if (wire_unpack_outcomes(codec, body, &outcomes) != STATUS_OK) {
        return;
    }
    check(outcomes.count <= WIRE_OUTCOME_ITEMS_MAX);
    check(wire_pack_outcomes(&outcomes, &once) == STATUS_OK);
    if (once.size <= WIRE_DOCUMENT_BYTES_MAX) {
        check(wire_unpack_outcomes(codec, buffer_bytes(&once), &outcomes) ==
              STATUS_OK);
        check(wire_pack_outcomes(&outcomes, &twice) == STATUS_OK);
        same_bytes();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {.data = data + 1, .size = size - 1};

    if (size == 0) {
        return 0;
    }
    set_up();
    switch (data[0] % 5) {
    case 0:
        look_at_up(rest);
        break;
    case 1:
        look_at_down(rest);
        break;
    case 2:
        look_at_pieces(rest);
        break;
    case 3:
        look_at_registers(rest);
        break;
    default:
        look_at_outcomes(rest);
        break;
    }
    return 0;
}
