/* Gives every file of the named folders to one fuzz target, once: outside of
 * the fuzz preset an old finding stays found by a plain test. */
#include "common/base/check.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The largest corpus file. */
#define REPLAY_BYTES_MAX (1024u * 1024u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(REPLAY_BYTES_MAX);
    size_t size;

    check(file != NULL && data != NULL);
    size = fread(data, 1, REPLAY_BYTES_MAX, file);
    check(feof(file) != 0);
    (void)fclose(file);
    /* A block of the exact size lets the sanitizer see one byte too many. */
    data = realloc(data, size > 0 ? size : 1);
    check(data != NULL);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
}

int main(int argc, char **argv)
{
    unsigned files = 0;

    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        struct dirent *item;

        check(folder != NULL);
        while ((item = readdir(folder)) != NULL) {
            char path[4096];
            struct stat info;
            int length =
                snprintf(path, sizeof path, "%s/%s", argv[i], item->d_name);

            check(length > 0 && (size_t)length < sizeof path);
            if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
                replay_file(path);
                files++;
            }
        }
        (void)closedir(folder);
    }
    (void)printf("%u files replayed\n", files);
    return files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
