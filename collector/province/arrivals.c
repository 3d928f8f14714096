#include "collector/province/arrivals.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#define NAME "orders.taken"
#define ROOM (DIRECTORY_PATH_MAX + sizeof "/" NAME ".new")

struct place {
    char text[ROOM];
};

static struct place place_of(const struct directory *directory,
                             const char *suffix)
{
    struct place place;

    (void)snprintf(place.text, sizeof place.text, "%s/" NAME "%s",
                   directory->path, suffix);
    return place;
}

enum status arrivals_save(const struct directory *directory,
                          const struct arrivals *arrivals)
{
    struct place fresh = place_of(directory, ".new");
    struct place path = place_of(directory, "");
    FILE *file = fopen(fresh.text, "we");
    bool written;

    if (file == NULL) {
        return STATUS_IO;
    }
    written = fprintf(file, "1 %" PRId64 " %" PRIu64 " %" PRIu64 "\n",
                      arrivals->at, arrivals->left_out, arrivals->refused) > 0;
    written = fclose(file) == 0 && written;
    return written && rename(fresh.text, path.text) == 0 ? STATUS_OK
                                                         : STATUS_IO;
}

enum status arrivals_load(const struct directory *directory,
                          struct arrivals *arrivals)
{
    struct place path = place_of(directory, "");
    FILE *file = fopen(path.text, "re");
    int read;

    if (file == NULL) {
        return STATUS_NOT_FOUND;
    }
    read = fscanf(file, "1 %" SCNd64 " %" SCNu64 " %" SCNu64, &arrivals->at,
                  &arrivals->left_out, &arrivals->refused);
    (void)fclose(file);
    return read == 3 ? STATUS_OK : STATUS_NOT_FOUND;
}
