/* words - an event as people read it: labels, names and dates.
 *
 * Flow     ledger -> [words] -> audit show, audit log
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   WORDS_TEXT_MAX bytes a field.
 *
 * What an office calls a thing is its own word: only the office's page hands a
 * `thing` (I9).
 *
 * The same fields in the form that entry would read again are render.h's. A
 * value that nobody declares is only called by its number (I10).
 */
#ifndef TALLYLINE_COMMON_WORDS_H
#define TALLYLINE_COMMON_WORDS_H

#include <stdint.h>

#include "common/base/language.h"
#include "common/event/event.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"

/* The longest: EVENT_LIST_MAX labels with what parts them; the zero. */
#define WORDS_TEXT_MAX      (EVENT_LIST_MAX * (VOCABULARY_LABEL_MAX + 2u) + 1u)
#define WORDS_UNIT_TEXT_MAX 512u
#define WORDS_THING_MAX     256u

struct words {
    const struct units *units;           /* NULL: units by their codes */
    const struct vocabulary *vocabulary; /* NULL: the product's values only */
    enum language language;
    /* What the reader calls a thing; false: only by its reference. NULL: so it
     * is with all of them. `kind` 0: another field says it. */
    bool (*thing)(void *owner, uint32_t kind, uint64_t reference,
                  char name[WORDS_THING_MAX]);
    void *thing_owner;
    bool briefly; /* units and things without their codes, where they have
                     names */
};

/* "Kiểm tra cơ sở"; what to say of a type that nobody has declared. */
const char *words_type(const struct words *words, const struct event *event);
/* The first field after `field` (0: of all) that the event has and that
 * words_field() tells: its day and place first, then the body, then the rest
 * of the header. 0 behind the last. */
uint32_t words_next(const struct event *event, uint32_t field);
/* "Ngày kiểm tra" */
const char *words_label(const struct words *words, const struct event *event,
                        uint32_t field);
void words_field(const struct words *words, const struct event *event,
                 uint32_t field, char text[WORDS_TEXT_MAX]);
/* "Phường Ngọc Khánh (gso3:00025)", as it was on that day. */
void words_unit(const struct words *words, uint32_t unit, int32_t day,
                char text[WORDS_UNIT_TEXT_MAX]);

#endif
