/* validate_plain - whether an event surely keeps every rule, found out fast.
 *
 * Flow     fold_judge -> [validate_plain] -> counted, or validate_event()
 * Owns     nothing: a table made from the catalogue, a plain value.
 * Threads  any, once made.
 *
 * Nearly every event keeps every rule, so the fold asks this first. It looks
 * at numbers only, in one range each; at whatever needs more it gives up, and
 * validate_event() is asked, which alone says what is wrong. A test holds the
 * two against each other.
 */
#ifndef TALLYLINE_COMMON_VALIDATE_PLAIN_H
#define TALLYLINE_COMMON_VALIDATE_PLAIN_H

#include "common/event/validate.h"

#define VALIDATE_PLAIN_TYPES 32u /* event types are below it */

struct catalogue_type;

/* Bit n of a set is body field n. */
struct validate_plain_type {
    const struct catalogue_type *type; /* NULL: never plain */
    bool place_required;
    bool place_is_commune;
    uint32_t required;
    uint32_t ranges;     /* fields whose value lies between min and max */
    uint32_t references; /* fields that hold a reference */
    uint32_t rows[EVENT_FIELDS_MAX]; /* of all others, in the catalogue */
    uint32_t others;
    uint64_t min[EVENT_FIELDS_MAX];
    uint64_t span[EVENT_FIELDS_MAX]; /* max - min */
};

struct validate_plain {
    struct validate_plain_type types[VALIDATE_PLAIN_TYPES];
};

void validate_plain_init(struct validate_plain *plain);

/* Of an event whose unit and subject unit are in force on its day, and whose
 * place is of this level; without rules for units of any event. True:
 * validate_event() finds nothing. False: ask it. */
bool validate_is_plain(const struct validate_plain *plain,
                       const struct event *event,
                       const struct validate_rules *rules, uint32_t level);

#endif
