#include "tests/support/source_file.h"

#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>

#define PATH_MAX_BYTES 1024u

char *source_file(const char *path)
{
    char full[PATH_MAX_BYTES];
    int length =
        snprintf(full, sizeof full, "%s/%s", TALLYLINE_SOURCE_DIR, path);
    char *text = malloc(SOURCE_FILE_BYTES_MAX + 1u);
    FILE *file;
    size_t size;

    check(length > 0 && (size_t)length < sizeof full && text != NULL);
    file = fopen(full, "rb");
    check(file != NULL);
    size = fread(text, 1, SOURCE_FILE_BYTES_MAX + 1u, file);
    check(size <= SOURCE_FILE_BYTES_MAX && feof(file) != 0);
    (void)fclose(file);
    text[size] = '\0';
    return text;
}

const char *source_directory(void)
{
    return TALLYLINE_SOURCE_DIR;
}
