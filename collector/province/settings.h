/* settings - collector.yaml: where to listen, how large, how talkative.
 *
 * Flow     init -> collector.yaml -> [settings] -> run, enrol, check-config
 * Owns     nothing; the value is a copy.
 * Threads  any.
 * Limits   SETTINGS_BYTES_MAX a file; addresses as in enrol_file.h.
 *
 *     listen: tcp://127.0.0.1:5570      # where the offices come in
 *     addresses:                        # as they reach it: for enrolment files
 *       - tcp://tallyline.example.vn:5570
 *     map_mib: 65536                    # greatest size of the ledger
 *     log: info                         # error, warning, info or debug
 *     cold_after_days: 730              # older batches move to cold files ...
 *     cold_dir: /mnt/cold               # ... here; else beside the ledger
 *     scrub_hour: 2                     # of the night, UTC+7
 *     scrub_mib_s: 16                   # bytes read a second; 0: no scrub
 *     web:                              # pages and interface; without: none
 *       listen: 127.0.0.1:18080
 *       hosts: [tallyline.example.vn]   # names by which browsers come
 *       certificate: /etc/tallyline/web.crt   # TLS
 *       key: /etc/tallyline/web.key
 *     feed:                             # live feed; without: none
 *       publish: tcp://127.0.0.1:5571   # figures and entries
 *       snapshot: tcp://127.0.0.1:5572  # what there is already
 *       audit_publish: tcp://127.0.0.1:5573   # with events and persons
 *       audit_snapshot: tcp://127.0.0.1:5574
 *
 * Every key may be left out, and so may the file. `init` writes one with these
 * comments, for a person to change.
 */
#ifndef TALLYLINE_COLLECTOR_SETTINGS_H
#define TALLYLINE_COLLECTOR_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/language.h"
#include "common/base/log.h"
#include "common/base/status.h"
#include "common/figures/report.h"
#include "common/format/enrol_file.h"
#include "common/http/http_settings.h"

#define SETTINGS_BYTES_MAX     (64u * 1024u)
#define SETTINGS_LISTEN        "tcp://127.0.0.1:5570"
#define SETTINGS_MAP_MIB_MIN   UINT64_C(1)
#define SETTINGS_MAP_MIB_MAX   UINT64_C(16777216)
#define SETTINGS_COLD_DAYS_MIN UINT64_C(1)
#define SETTINGS_COLD_DAYS_MAX UINT64_C(36500)
#define SETTINGS_PATH_MAX      400u
#define SETTINGS_SCRUB_HOUR    2u
#define SETTINGS_SCRUB_MIB_S   16u
#define SETTINGS_SCRUB_MAX     4096u
#define SETTINGS_WEB_LISTEN    "127.0.0.1:18080"

/* Two doors of the live feed, each with two places. */
enum settings_feed_place {
    SETTINGS_FEED_PUBLISH,
    SETTINGS_FEED_SNAPSHOT,
    SETTINGS_FEED_AUDIT_PUBLISH,
    SETTINGS_FEED_AUDIT_SNAPSHOT,
    SETTINGS_FEED_END
};

struct settings_feed {
    bool on;
    char places[SETTINGS_FEED_END][ENROL_ADDRESS_MAX];
};

struct settings {
    char listen[ENROL_ADDRESS_MAX];
    /* What `enrol` writes into its files; when there is none, `listen`, if an
     * office could reach that. */
    char addresses[ENROL_ADDRESSES_MAX][ENROL_ADDRESS_MAX];
    size_t address_count;
    uint64_t map_bytes; /* 0: the ledger's own default */
    enum log_level log;
    uint32_t cold_after_days;         /* 0: nothing is moved */
    char cold_dir[SETTINGS_PATH_MAX]; /* empty: beside the ledger */
    uint32_t scrub_hour;              /* 0 to 23 */
    uint64_t scrub_bytes_per_s;
    struct http_settings web; /* the pages and the interface */
    struct settings_feed feed;
};

void settings_init(struct settings *settings);
/* Reads the file; without one the defaults hold. STATUS_CONFIG: every mistake
 * stands in `report`, and `settings` is as it was. STATUS_NO_INPUT: it cannot
 * be read. STATUS_MEMORY. */
MUST_USE enum status settings_load(const char *path, struct report *report,
                                   struct settings *settings);
/* Writes a new file, mode 0600, with comments in that language. STATUS_EXISTS
 * when there is one, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status settings_save(const char *path, enum language language,
                                   const struct settings *settings);

/* Whether the text is tcp://HOST:PORT; as the port of a place to listen, "*"
 * does too. */
bool settings_address_good(const char *text);
/* Whether it stands for every address of the machine: a place to listen, but
 * none to connect to. */
bool settings_address_any(const char *text);

/* ---- settings_feed.c ---- */

/* Reads the block `feed`; NULL: there is none. */
void settings_feed_read(const struct yaml *yaml, const struct yaml_node *node,
                        struct settings_feed *feed);
/* The block for a new file, a comment as a whole. STATUS_FULL,
 * STATUS_MEMORY. */
MUST_USE enum status settings_feed_write(enum language language,
                                         struct buffer *out);

/* ---- settings_web.c ---- */

/* Reads the block `web`; NULL: there is none. */
void settings_web_read(const struct yaml *yaml, const struct yaml_node *node,
                       struct http_settings *web);
/* The block for a new file, with comments in that language; a comment as a
 * whole where there is no address. STATUS_FULL, STATUS_MEMORY. */
MUST_USE enum status settings_web_write(const struct http_settings *web,
                                        enum language language,
                                        struct buffer *out);

#endif
