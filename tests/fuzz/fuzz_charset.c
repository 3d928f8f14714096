/* Any bytes in every encoding: no crash, the same text and the same answer
 * however they are cut into pieces, and what comes out of an older encoding is
 * UTF-8 that is read back as such. */
#include "common/base/charset.h"
#include "common/base/check.h"

#include <string.h>

#define OUT_BYTES_MAX 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status read_in_pieces(enum charset charset, const uint8_t *data,
                                  size_t size, size_t piece,
                                  struct buffer *text)
{
    struct charset_reader *reader = NULL;
    enum status rc = charset_reader_new(charset, &reader);

    check(rc == STATUS_OK);
    for (size_t at = 0; rc == STATUS_OK && at < size; at += piece) {
        size_t left = size - at;

        rc = charset_reader_feed(
            reader, (struct bytes){data + at, left < piece ? left : piece},
            text);
    }
    if (rc == STATUS_OK) {
        rc = charset_reader_finish(reader, text);
    }
    charset_reader_free(&reader);
    return rc;
}

static enum charset look(const uint8_t *data, size_t size)
{
    struct charset_look *look = charset_look_new();
    enum charset charset;

    check(look != NULL);
    charset_look_feed(look, (struct bytes){data, size});
    charset = charset_look_finish(look);
    charset_look_free(&look);
    return charset;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (unsigned i = 0; i < CHARSETS; i++) {
        struct buffer whole;
        struct buffer pieces;
        enum status rc;

        buffer_init(&whole, OUT_BYTES_MAX);
        buffer_init(&pieces, OUT_BYTES_MAX);
        rc = read_in_pieces((enum charset)i, data, size, size + 1, &whole);
        check(read_in_pieces((enum charset)i, data, size, 1, &pieces) == rc);
        check(rc != STATUS_OK ||
              bytes_equal((struct bytes){whole.data, whole.size},
                          (struct bytes){pieces.data, pieces.size}));
        if (rc == STATUS_OK && i > CHARSET_UTF16) {
            check(look(whole.data, whole.size) == CHARSET_UTF8);
        }
        buffer_fini(&whole);
        buffer_fini(&pieces);
    }
    (void)look(data, size);
    return 0;
}
