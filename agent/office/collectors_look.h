/* collectors_look - how the line to each of an office's collectors stands.
 *
 * Flow     spool, config -> [collectors_look] -> status, doctor, page
 * Owns     nothing; names point into the office's configuration.
 * Threads  one, as the spool.
 * Limits   COLLECTORS_MAX of them; STANDING_TEXT_MAX bytes a text.
 */
#ifndef TALLYLINE_AGENT_COLLECTORS_LOOK_H
#define TALLYLINE_AGENT_COLLECTORS_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/office/office.h"
#include "agent/office/standing.h"
#include "common/base/language.h"
#include "common/base/status.h"

#define COLLECTORS_MAX (CONFIG_OTHERS_MAX + 1u)

struct collector_look {
    const char *name;
    const char *address; /* the first of them */
    bool primary;
    enum standing_line line;
    int64_t since; /* it stands so; microseconds UTC, 0: nobody knows */
    uint32_t refusal;
    uint64_t waiting; /* events of the epoch in use that are not there */
    bool has_last;    /* there is a receipt: */
    uint64_t entry;
    int64_t received_at; /* by the collector's clock */
    /* Not the primary, and some of what it lacks would have left this disk. */
    bool holds_room;
    bool damaged; /* what it has said cannot be read here; nothing is known */
};

/* 0 for an office without a province. */
size_t collectors_count(const struct office *office);
/* That of `place`: the primary is 0. */
MUST_USE enum status collectors_look(const struct office *office, size_t place,
                                     bool service, int64_t now,
                                     struct collector_look *look);
/* How a line stands, in a few words. */
struct language_text collectors_look_line(enum standing_line line);
/* A collector that is connected, while the primary `looks[0]` of `count` is
 * not: to which the mark can be moved. NULL: there is none, or no need. */
const struct collector_look *collectors_look_instead(
    const struct collector_look looks[], size_t count);
/* One of the others in words: what it has, and what is to be done. */
void collectors_look_text(const struct collector_look *look,
                          enum language language, char text[STANDING_TEXT_MAX]);

#endif
