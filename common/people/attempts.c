#include "common/people/attempts.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/clock.h"

#define MINUTE_US (INT64_C(60) * CLOCK_US_PER_S)

void attempts_init(struct attempts *attempts)
{
    attempts->count = 0;
}

/* The row of that key; a new one in the place of who was quiet longest. */
static struct attempts_row *row_of(struct attempts *attempts, const char *kind,
                                   const char *who)
{
    uint8_t key[ATTEMPTS_KEY_SIZE];
    struct attempts_row *quiet = &attempts->rows[0];
    char text[256];
    int size = snprintf(text, sizeof text, "%s %s", kind, who);

    check(size > 0);
    check(crypto_generichash(key, sizeof key, (const unsigned char *)text,
                             strlen(text), NULL, 0) == 0);
    for (size_t i = 0; i < attempts->count; i++) {
        struct attempts_row *row = &attempts->rows[i];

        if (memcmp(row->key, key, sizeof key) == 0) {
            return row;
        }
        if (row->full_us < quiet->full_us) {
            quiet = row;
        }
    }
    if (attempts->count < ATTEMPTS_MAX) {
        quiet = &attempts->rows[attempts->count++];
    }
    memcpy(quiet->key, key, sizeof key);
    quiet->full_us = INT64_MIN;
    return quiet;
}

unsigned attempts_take(struct attempts *attempts, const char *kind,
                       const char *who, unsigned limit, int64_t now_us)
{
    struct attempts_row *row = row_of(attempts, kind, who);
    int64_t each_us = MINUTE_US / (int64_t)limit;
    int64_t full_us = row->full_us < now_us ? now_us : row->full_us;

    if (full_us + each_us > now_us + MINUTE_US) {
        return (unsigned)((full_us + each_us - now_us - MINUTE_US +
                           CLOCK_US_PER_S - 1) /
                          CLOCK_US_PER_S);
    }
    row->full_us = full_us + each_us;
    return 0;
}

void attempts_give(struct attempts *attempts, const char *kind, const char *who,
                   unsigned limit, int64_t now_us)
{
    struct attempts_row *row = row_of(attempts, kind, who);

    if (row->full_us > now_us) {
        row->full_us -= MINUTE_US / (int64_t)limit;
    }
}
