/* stick_import - an office's file from a stick, and the answer to it.
 *
 * Flow     tallyline-N.up -> [stick_import] -> running collector -> ledger;
 *          ledger -> [stick_import] -> tallyline-N.down
 * Owns     nothing beyond the call.
 * Threads  one.
 * Limits   PROVINCE_ORDERS_MAX batches at a time to the collector.
 *
 * The running collector alone writes. What it answers to each batch goes into
 * the file for the office as it is, and behind it every document that the
 * office does not have, made from the ledger as it then stands, and the control
 * entries that it does not mirror. An office that is behind a break on record
 * gets those by the line alone, where it can say from where on.
 *
 * Invariants
 *   I2  a receipt is on the stick only after the collector's commit.
 *   I8  the file is the agent's by its key of batches; each batch is judged as
 *       on the line.
 */
#ifndef TALLYLINE_COLLECTOR_STICK_IMPORT_H
#define TALLYLINE_COLLECTOR_STICK_IMPORT_H

#include <stdint.h>

#include "collector/commands/commands.h"
#include "collector/province/keys.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/stick.h"

struct stick_import {
    const struct args *args;
    const struct keys *keys;
    const struct clock *clock;
    const char *folder;
    struct reading *reading; /* not folded before; read on as entries come in */
};

struct stick_result {
    uint32_t agent;
    uint64_t batches, events; /* new ones */
    uint64_t known;           /* batches that were there */
    uint64_t refused;         /* batches */
    uint32_t refusal;         /* the first; 0: none */
};

/* Takes the file, and writes the answer beside it. STATUS_INVALID: not a whole
 * file; STATUS_REFUSED: not written by an agent of this province, or under
 * another key than the one in force; STATUS_BUSY: no collector runs or answers;
 * STATUS_FULL: no room on the stick for the answer. What was received before is
 * received. */
MUST_USE enum status stick_import(struct stick_import *import, const char *path,
                                  struct stick_result *result);
#endif
