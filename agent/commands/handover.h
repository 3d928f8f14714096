/* handover - `record` leaves its command line to the daemon, which has read
 * units, plan and spool already.
 *
 * Flow     front -> agent.sock -> [handover] -> cmd_record -> front
 * Owns     nothing: the office is the daemon's.
 * Threads  one, as the spool.
 * Limits   HANDOVER_BYTES_MAX a call, HANDOVER_WORDS_MAX words in it.
 *
 * A call is one datagram with a socket to answer on: the version, the language
 * asked for, a fresh entry_key in hex, then the words of the command line, each
 * with a closing zero. The answer is what the command says when all went well;
 * a socket that closes without one means: do it yourself, with the same key.
 * So every mistake is explained by the one who can, a version that differs
 * changes nothing, and whatever happened to the daemon meanwhile, the event is
 * saved once.
 */
#ifndef TALLYLINE_AGENT_HANDOVER_H
#define TALLYLINE_AGENT_HANDOVER_H

#include <stdint.h>

#include "agent/commands/ear.h"
#include "agent/office/office.h"
#include "common/event/event.h"

#define HANDOVER_BYTES_MAX  EAR_CALL_BYTES_MAX
#define HANDOVER_WORDS_MAX  96u
#define HANDOVER_ANSWER_MAX 4096u
#define HANDOVER_WAIT_S     10
#define HANDOVER_KEY_HEX    (2u * EVENT_ENTRY_KEY_BYTES)

/* The key of a call that got no answer, for the program that goes on. */
#define HANDOVER_KEY_VARIABLE "TALLYLINE_ENTRY_KEY"

/* What cmd_record() is called with in the daemon. */
struct handover {
    const struct office *office;
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
};

/* Runs the command of a call and answers it; what cannot be done in this way
 * is left to the caller. The documents that have come down are read first. */
void handover_take(struct office *office, struct ear_call *call);

#endif
