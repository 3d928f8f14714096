/* new_secret - a password or a PIN that somebody chooses.
 *
 * Flow     terminal, stdin -> [new_secret] -> password_hash()
 * Owns     nothing.
 * Threads  the main thread.
 * Limits   PASSWORD_SIZE - 1 bytes.
 */
#ifndef TALLYLINE_COMMON_PEOPLE_NEW_SECRET_H
#define TALLYLINE_COMMON_PEOPLE_NEW_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/args.h"
#include "common/people/passwords.h"

/* What is asked for. A constant. */
struct new_secret {
    struct language_text first, again; /* prompts on the terminal */
    struct language_text none, wrong;  /* messages */
    bool (*good)(const char *secret);
};

/* So many letters at least, and no control characters. */
bool new_secret_printable(const char *secret, size_t letters_min);
/* From the terminal, twice and without showing it, or else the first line of
 * stdin. Writes its message. STATUS_USAGE: it is not good, or the two are not
 * the same; STATUS_NO_INPUT. */
MUST_USE enum status new_secret_read(const struct args *args,
                                     const struct new_secret *kind,
                                     char secret[PASSWORD_SIZE]);

#endif
