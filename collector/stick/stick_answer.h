/* stick_answer - what an office does not have yet, onto its stick.
 *
 * Flow     ledger, figures -> [stick_answer] -> tallyline-N.down
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_STICK_ANSWER_H
#define TALLYLINE_COLLECTOR_STICK_ANSWER_H

#include "collector/stick/stick_import.h"
#include "common/format/wire.h"

/* Adds every document that differs from those of the hello, and control
 * entries behind its mirror. STATUS_FULL, STATUS_IO: the stick;
 * STATUS_CORRUPT, STATUS_MEMORY. */
MUST_USE enum status stick_answer(const struct stick_import *import,
                                  uint32_t agent,
                                  const struct wire_hello *hello,
                                  struct stick_writer *writer);

#endif
