/* Any bytes as a control document, and as the body of one that is well signed:
 * no crash, no more memory than the arena has, and what is accepted is packed
 * again as the same bytes. */
#include "common/base/check.h"
#include "common/format/codec_control.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_body(struct bytes body)
{
    static struct arena *reading;
    static struct arena *packing;
    static struct control control;
    static struct buffer again;

    if (reading == NULL) {
        check(arena_new(8u * CONTROL_BYTES_MAX, &reading) == STATUS_OK);
        check(arena_new(8u * CONTROL_BYTES_MAX, &packing) == STATUS_OK);
        buffer_init(&again, CONTROL_BYTES_MAX);
    }
    arena_clear(reading);
    if (codec_unpack_control(body, reading, &control) != STATUS_OK) {
        return;
    }
    arena_clear(packing);
    buffer_clear(&again);
    check(codec_pack_control(&control, packing, &again) == STATUS_OK);
    check(bytes_equal(buffer_bytes(&again), body));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct control *control = NULL;
    sign_init();
    if (size > CONTROL_BYTES_MAX) {
        return 0;
    }
    look_at_body((struct bytes){data, size});
    (void)!control_open((struct bytes){data, size}, NULL, &control);
    control_free(&control);
    return 0;
}
