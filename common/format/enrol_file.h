/* enrol_file - what the province gives an office so that it can join, once; or
 * so that it takes the new keys of a province that has lost its own.
 *
 * Flow     enrol, rotate -> [enrol_file] -> a stick -> join, rotate
 *          init --recover --new-keys -> [enrol_file] -> every office -> join
 * Owns     nothing; the values are copies.
 * Threads  any.
 * Limits   ENROL_FILE_BYTES_MAX a file, ENROL_ADDRESSES_MAX addresses,
 *          ENROL_FORMER_MAX former administrators.
 *
 * YAML text, mode 0600, that a person can read but must keep to themselves:
 * it holds the secret half of a key that is good only for joining, only once
 * and only within its time. Keys and ids are in hex, the time is RFC 3339. The
 * file with new keys holds no secret and is the same for all offices; that it
 * is the province's, the fingerprint says, over the telephone.
 */
#ifndef TALLYLINE_COMMON_ENROL_FILE_H
#define TALLYLINE_COMMON_ENROL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/figures/report.h"
#include "common/format/control.h"
#include "common/format/sign.h"

#define ENROL_FILE_BYTES_MAX (16u * 1024u)
#define ENROL_ADDRESSES_MAX  8u
#define ENROL_ADDRESS_MAX    256u /* with the closing zero */
#define ENROL_FORMER_MAX     15u

struct enrol_file {
    uint32_t agent_number;
    char office[CONTROL_NAME_MAX]; /* for people */
    bool rotates;                  /* for `rotate`, not for `join` */
    bool again;                    /* for `join`, in place of a lost machine */
    bool new_keys; /* for an office that has joined: no agent, no join keys */
    struct random_id agent_id; /* of the lost one; only with `again` */
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX];
    size_t address_count;
    struct public_key server_key; /* CURVE, of the collector */
    struct curve_keys join_keys;
    int64_t valid_until;             /* microseconds UTC */
    struct public_key administrator; /* Ed25519 */
    struct public_key ledger_key;    /* Ed25519 */
    /* Who has signed control entries before, from the genesis on. */
    struct public_key former[ENROL_FORMER_MAX];
    size_t former_count;
    struct public_key former_ledger_key; /* only with `new_keys` */
    char origin[CONTROL_NAME_MAX];
    struct random_id ledger_id;
};

/* Wipes the secret. */
void enrol_file_wipe(struct enrol_file *file);

/* Writes a new file of mode 0600 and syncs it. STATUS_EXISTS when there is
 * one, STATUS_IO. */
MUST_USE enum status enrol_file_save(const char *path,
                                     const struct enrol_file *file);
/* Reads a file. STATUS_NO_INPUT: cannot be read. STATUS_INVALID: not such a
 * file; every mistake stands in `report`. STATUS_VERSION: from a newer program.
 * Who else may read the file is not looked at: a stick knows no owners. */
MUST_USE enum status enrol_file_load(const char *path, struct report *report,
                                     struct enrol_file *file);

#endif
