/* Any bytes as a file of orders: taken whole or refused, and no record reaches
 * beyond its size. The hash at the end is put right, so that what lies before
 * it is looked at. */
#include "collector/province/orders_file.h"
#include "common/base/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct orders_file_reader *reader)
{
    static const struct public_key nobody;
    enum orders_file_kind kind;
    struct bytes bytes;
    enum status rc = STATUS_OK;

    check(orders_file_verify(reader, &nobody) == STATUS_REFUSED);
    while (rc == STATUS_OK) {
        rc = orders_file_next(reader, &kind, &bytes);
        check(rc != STATUS_OK ||
              (kind >= ORDERS_FILE_CONTROL && kind <= ORDERS_FILE_BATCH &&
               bytes.size > 0 && bytes.size <= CONTROL_BYTES_MAX));
        /* Every byte can be read. */
        check(rc != STATUS_OK ||
              memchr(bytes.data, 0, bytes.size) != (const void *)&kind);
    }
    check(rc == STATUS_NOT_FOUND || rc == STATUS_VERSION);
    check(orders_file_again(reader) == STATUS_OK);
}

/* The hash over the records of the input, as the header of the module lays it
 * down; false when they do not end. */
static bool hash_records(const uint8_t *data, size_t size, struct digest *hash,
                         size_t *end)
{
    uint8_t both[2 * DIGEST_BYTES];
    struct digest digest;
    size_t at = ORDERS_FILE_HEAD_BYTES;

    if (size < at) {
        return false;
    }
    digest_bytes((struct bytes){data, at}, hash);
    while (size - at >= 5) {
        size_t length = bytes_get_u32(data + at + 1);

        if (data[at] == 0 && length == 0) {
            *end = at + 5;
            return true;
        }
        if (length > size - at - 5) {
            return false;
        }
        digest_bytes((struct bytes){data + at, length + 5}, &digest);
        memcpy(both, hash->bytes, DIGEST_BYTES);
        memcpy(both + DIGEST_BYTES, digest.bytes, DIGEST_BYTES);
        digest_bytes((struct bytes){both, sizeof both}, hash);
        at += length + 5;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t signature[SIGNATURE_BYTES];
    static char path[64];
    static FILE *file;
    struct orders_file_reader *reader = NULL;
    struct orders_file_head head;
    struct digest hash;
    enum status rc;

    if (file == NULL) {
        sign_init();
        file = tmpfile();
        check(file != NULL);
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    }
    rewind(file);
    check(ftruncate(fileno(file), 0) == 0);
    if (hash_records(data, size, &hash, &size)) {
        check(fwrite(data, 1, size, file) == size &&
              fwrite(hash.bytes, 1, DIGEST_BYTES, file) == DIGEST_BYTES &&
              fwrite(signature, 1, sizeof signature, file) == sizeof signature);
    } else {
        check(fwrite(data, 1, size, file) == size);
    }
    check(fflush(file) == 0);
    rc = orders_file_open(path, &head, &reader);
    check(rc == STATUS_OK || rc == STATUS_INVALID || rc == STATUS_VERSION);
    if (rc == STATUS_OK) {
        read_all(reader);
    }
    orders_file_close(&reader);
    return 0;
}
