/* Any bytes as a file from a stick: taken whole or refused, and no message has
 * frames beyond its size. The linker leaves the decryption out, so that what
 * lies inside is reached: the first bytes of a message go, the rest is it. */
#include "common/base/check.h"
#include "common/format/stick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum status __wrap_curve_open(const struct curve_keys *keys,
                              struct bytes sealed, struct buffer *out);
enum status __wrap_curve_open(const struct curve_keys *keys,
                              struct bytes sealed, struct buffer *out)
{
    (void)keys;
    check(sealed.size > CURVE_SEAL_BYTES);
    return buffer_append(out, (struct bytes){sealed.data + CURVE_SEAL_BYTES,
                                             sealed.size - CURVE_SEAL_BYTES});
}

static void read_all(struct stick_reader *reader)
{
    static const struct curve_keys keys;
    static const struct public_key nobody;
    struct bytes frames[WIRE_FRAMES_MAX];
    size_t count = 0;
    enum status rc = STATUS_OK;

    check(stick_verify(reader, &nobody) == STATUS_REFUSED);
    while (rc == STATUS_OK) {
        rc = stick_next(reader, &keys, frames, &count);
        for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
            check(frames[i].size <= WIRE_FRAME_BYTES_MAX);
            /* Every byte can be read. */
            check(frames[i].size == 0 ||
                  memchr(frames[i].data, 0, frames[i].size) != &frames);
        }
        check(rc != STATUS_OK || (count > 0 && count <= WIRE_FRAMES_MAX));
    }
    check(rc == STATUS_NOT_FOUND || rc == STATUS_INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[64];
    static FILE *file;
    struct stick_reader *reader = NULL;
    struct stick_head head;
    enum status rc;

    if (file == NULL) {
        sign_init();
        file = tmpfile();
        check(file != NULL);
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    }
    rewind(file);
    check(ftruncate(fileno(file), 0) == 0 &&
          fwrite(data, 1, size, file) == size && fflush(file) == 0);
    rc = stick_open(path, &head, &reader);
    check(rc == STATUS_OK || rc == STATUS_INVALID || rc == STATUS_VERSION);
    if (rc == STATUS_OK) {
        check(head.way == STICK_UP || head.way == STICK_DOWN);
        read_all(reader);
    }
    stick_close(&reader);
    return 0;
}
