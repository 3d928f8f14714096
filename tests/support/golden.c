#include "tests/support/golden.h"

#include "common/base/check.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 36u

static void name_file(const char *name, char path[4096])
{
    int length = snprintf(path, 4096, "%s/%s.hex", GOLDEN_DIR, name);
    check(length > 0 && length < 4096);
}

static void write_file(const char *path, struct bytes bytes)
{
    FILE *file = fopen(path, "wx");
    check(file != NULL);
    for (size_t i = 0; i < bytes.size; i++) {
        fprintf(file, "%02x%s", bytes.data[i],
                (i + 1) % LINE_BYTES == 0 || i + 1 == bytes.size ? "\n" : "");
    }
    check(fclose(file) == 0);
}

static bool read_file(const char *path, struct buffer *out)
{
    char digits[3] = "";
    size_t have = 0;
    size_t size = 0;
    uint8_t byte = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        if (isspace(c)) {
            continue;
        }
        digits[have++] = (char)c;
        if (have == 2) {
            check(bytes_from_hex(digits, &byte, 1, &size) == STATUS_OK);
            check(buffer_u8(out, byte) == STATUS_OK);
            have = 0;
        }
    }
    check(have == 0);
    (void)fclose(file);
    return true;
}

bool golden_matches(const char *name, struct bytes bytes)
{
    char path[4096];
    struct buffer expected;
    bool same = false;

    name_file(name, path);
    buffer_init(&expected, GOLDEN_BYTES_MAX);
    const char *mode = getenv("TALLYLINE_GOLDEN");
    if (!read_file(path, &expected)) {
        if (mode != NULL && strcmp(mode, "write") == 0) {
            write_file(path, bytes);
            same = true;
        } else {
            fprintf(stderr, "%s: missing\n", path);
        }
        goto out;
    }
    same = bytes_equal(buffer_bytes(&expected), bytes);
    if (!same) {
        size_t at = 0;
        while (at < bytes.size && at < expected.size &&
               bytes.data[at] == expected.data[at]) {
            at++;
        }
        fprintf(stderr, "%s: %zu bytes, got %zu, first difference at %zu\n",
                path, expected.size, bytes.size, at);
    }
out:
    buffer_fini(&expected);
    return same;
}

void golden_read(const char *name, struct buffer *out)
{
    char path[4096];
    name_file(name, path);
    check(read_file(path, out));
}
