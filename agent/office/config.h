/* config - agent.yaml: where the province is, by which keys, and sizes.
 *
 * Flow     join -> agent.yaml -> [config] -> office, uplink, check-config
 * Owns     nothing; the value is a copy.
 * Threads  any.
 * Limits   CONFIG_BYTES_MAX a file; addresses as in enrol_file.h.
 *
 * `join` writes the file from the province's enrolment file; a person may
 * change addresses, language and the size of the spool. The keys in it are
 * public ones: the agent talks to no other collector and takes control
 * documents of no other administrator than those named here.
 */
#ifndef TALLYLINE_AGENT_CONFIG_H
#define TALLYLINE_AGENT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/spool/spool.h"
#include "common/base/language.h"
#include "common/base/status.h"
#include "common/base/yaml.h"
#include "common/figures/report.h"
#include "common/format/card.h"
#include "common/format/control.h"
#include "common/format/enrol_file.h"
#include "common/format/sign.h"
#include "common/http/http_settings.h"

#define CONFIG_BYTES_MAX       (64u * 1024u)
#define CONFIG_SPOOL_BYTES_MIN (UINT64_C(4) << 20)
#define CONFIG_KEEP_BYTES_MIN  (UINT64_C(1) << 20)
#define CONFIG_SPOOL_BYTES_MAX (UINT64_C(1) << 40)
/* Where the office's page is, and what says that there is none. */
#define CONFIG_WEB_LISTEN "127.0.0.1:18090"
#define CONFIG_WEB_OFF    "off"

#define CONFIG_OTHERS_MAX (SPOOL_SLOTS - 1u)

/* One of several collectors: see collectors.h. */
struct config_collector {
    char name[CARD_NAME_MAX];
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX];
    size_t address_count;
    struct public_key server_key, ledger_key;
    struct random_id ledger;
    unsigned slot; /* of the spool */
};

struct config {
    char office[CONTROL_NAME_MAX]; /* for people; may be empty */
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX];
    size_t address_count;            /* 0: an office without a province */
    struct public_key server_key;    /* CURVE, of the collector */
    struct public_key administrator; /* Ed25519, of control documents */
    struct public_key ledger_key;    /* Ed25519, of what comes down */
    /* Who signed the province's control documents before it lost its keys. */
    struct public_key former[ENROL_FORMER_MAX];
    size_t former_count;
    enum language language;    /* when TALLYLINE_LANG is not set */
    uint64_t spool_bytes;      /* greatest size of the spool's file */
    uint64_t spool_keep_bytes; /* see spool_backup.h; 0: the usual part */
    struct http_settings web;  /* the office's page; no address: none */
    /* The rest of the primary, and who else there is. */
    char name[CARD_NAME_MAX];
    struct random_id ledger; /* zeros: not written down */
    unsigned slot;           /* of the spool */
    struct config_collector others[CONFIG_OTHERS_MAX];
    size_t other_count;
};

/* Vietnamese, a spool of SPOOL_MAP_BYTES, no address, no key; the page on this
 * machine alone. */
void config_init(struct config *config);
/* Reads the file. STATUS_NOT_FOUND: there is none. STATUS_CONFIG: every
 * mistake stands in `report`. STATUS_NO_INPUT: it cannot be read. */
MUST_USE enum status config_load(const char *path, struct report *report,
                                 struct config *config);
/* Opens a control document of the province: signed by the administrator that is
 * named here, or by a former one. Answers as control_open(). */
MUST_USE enum status config_open_control(const struct config *config,
                                         struct bytes document,
                                         struct control **control);
/* The list `collector` of a mapping, which must be there. */
void config_read_addresses(
    const struct yaml *yaml, const struct yaml_node *node,
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX], size_t *count);
/* `before`, the key in hex, and the end of the line. */
MUST_USE enum status config_put_key(struct buffer *out, const char *before,
                                    const struct public_key *key);
/* Writes the file whole, in place of an old one, and syncs it. STATUS_IO. */
MUST_USE enum status config_save(const char *path, const struct config *config);

#endif
