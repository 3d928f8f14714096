#include "collector/commands/progress.h"

#include <inttypes.h>
#include <unistd.h>

#define CELLS   30u /* of the bar */
#define UNDRAWN 101u

void progress_begin(struct progress *progress, const struct args *args,
                    struct language_text label, uint64_t total)
{
    *progress = (struct progress){
        .out = isatty(STDERR_FILENO) == 1 ? args->err : NULL,
        .label = args_text(args, label),
        .total = total,
        .drawn = UNDRAWN,
    };
}

static void draw(const struct progress *progress, uint64_t done)
{
    static const char full[] = "##############################";
    static const char none[] = "..............................";
    unsigned cells = (unsigned)(progress->drawn * CELLS / 100u);

    (void)fprintf(progress->out,
                  "\r%s [%.*s%.*s] %3" PRIu64 " %%  %" PRIu64 "/%" PRIu64 " ",
                  progress->label, (int)cells, full, (int)(CELLS - cells), none,
                  progress->drawn, done, progress->total);
    (void)fflush(progress->out);
}

void progress_at(struct progress *progress, uint64_t done)
{
    if (progress->out == NULL || progress->total == 0) {
        return;
    }
    if (done > progress->total) {
        done = progress->total;
    }
    uint64_t hundredths =
        (uint64_t)((double)done * 100.0 / (double)progress->total);
    if (hundredths != progress->drawn) {
        progress->drawn = hundredths;
        draw(progress, done);
    }
}

void progress_end(struct progress *progress)
{
    if (progress->out != NULL && progress->drawn != UNDRAWN) {
        (void)fprintf(progress->out, "\r%78s\r", "");
        (void)fflush(progress->out);
    }
    progress->out = NULL;
}
