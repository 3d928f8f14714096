/* attempts - how often somebody may try a password.
 *
 * Flow     sign-in -> [attempts] -> yes, or how long to wait
 * Owns     a table of who tried lately.
 * Threads  one at a time: the caller's lock.
 * Limits   ATTEMPTS_NAME a minute for a name, ATTEMPTS_ADDRESS for an address;
 *          ATTEMPTS_MAX of both are remembered, the longest quiet one goes
 *          first.
 *
 * Each has a bucket of so many tries, which fills again within a minute. A name
 * that nobody has is counted like any other, so that the answer does not say
 * which names there are.
 */
#ifndef TALLYLINE_COMMON_PEOPLE_ATTEMPTS_H
#define TALLYLINE_COMMON_PEOPLE_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTEMPTS_MAX      4096u
#define ATTEMPTS_NAME     5u
#define ATTEMPTS_ADDRESS  20u
#define ATTEMPTS_LOOPBACK 200u /* behind a proxy all come from there */
#define ATTEMPTS_KEY_SIZE 16u

struct attempts_row {
    uint8_t key[ATTEMPTS_KEY_SIZE]; /* a hash */
    int64_t full_us;                /* when its bucket is full again */
};

struct attempts {
    struct attempts_row rows[ATTEMPTS_MAX];
    size_t count;
};

void attempts_init(struct attempts *attempts);
/* Counts one try by `limit` a minute. 0: it may be; else the seconds after
 * which the next one may, and nothing was counted. */
unsigned attempts_take(struct attempts *attempts, const char *kind,
                       const char *who, unsigned limit, int64_t now_us);
/* The try was good: it is given back. */
void attempts_give(struct attempts *attempts, const char *kind, const char *who,
                   unsigned limit, int64_t now_us);

#endif
