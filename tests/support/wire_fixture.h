/* wire_fixture - messages of the line, packed and read again.
 *
 * Flow     test -> [wire_fixture] -> wire
 * Owns     `codec` and `packed`; one of each in a test program.
 * Threads  one.
 */
#ifndef TALLYLINE_TESTS_WIRE_FIXTURE_H
#define TALLYLINE_TESTS_WIRE_FIXTURE_H

#include "common/format/wire.h"

extern struct wire_codec *codec;
extern struct buffer packed; /* what was packed last */

void wire_fixture_open(void);
void wire_fixture_close(void);

/* Packs a message and reads it again; fails the test when it cannot be, or
 * becomes one of another kind. What is read is valid until the next call. */
void wire_fixture_up_again(const struct wire_up *up, struct wire_up *again);
void wire_fixture_down_again(const struct wire_down *down,
                             struct wire_down *again);

#endif
