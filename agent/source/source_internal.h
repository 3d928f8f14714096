/* source_internal - what the files of source share.
 *
 * Flow     source.c reads an event; source_name.c finds types and fields,
 *          source_value.c reads values, source_word.c words, source_thing.c
 *          references and ids, source_place.c units;
 *          source_pair.c who records and the scope; source_target.c what is
 *          corrected; source_key.c makes the key of a row.
 */
#ifndef TALLYLINE_AGENT_SOURCE_INTERNAL_H
#define TALLYLINE_AGENT_SOURCE_INTERNAL_H

#include "agent/source/source.h"

/* Field numbers run below EVENT_BODY_BASE + EVENT_FIELDS_MAX. */
#define SOURCE_FIELD_NUMBERS (EVENT_BODY_BASE + EVENT_FIELDS_MAX)
/* What a message repeats of a wrong value. */
#define SOURCE_QUOTED_MAX 60u

/* One event while it is read. */
struct source_reading {
    struct source *source;
    const struct catalogue_type *type;
    const struct source_cell *cells;
    size_t cell_count;
    struct event *event;
    size_t cell; /* being read, or SOURCE_NO_CELL */
    /* Fields that have an issue already: the rules need not repeat it. */
    bool failed[SOURCE_FIELD_NUMBERS];
    enum status trouble; /* of the spool; STATUS_OK while there is none */
};

/* A value that is being read: NFC, without blanks around it. */
struct source_value {
    const struct catalogue_field *field;
    uint32_t number; /* of the field */
    const char *text;
    size_t size;
};

/* Notes a mistake of the value; printf formats for the same arguments. */
void source_fail(struct source_reading *reading, uint32_t number,
                 const char *vi, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* The value as a message repeats it, shortened. Valid until the next call
 * with the same `out`. */
const char *source_quote(const struct source_value *value,
                         char out[SOURCE_QUOTED_MAX + 8u]);

/* Leaves out the blanks around a text. */
void source_trim(const char **text, size_t *size);

/* Room for the key of a label. */
#define SOURCE_LABEL_KEY_MAX 1024u

/* Same words, whatever their case, accents' form and blanks. */
bool source_same(const char *a, size_t a_size, const char *b);
/* The same for a text whose key (text_match_key) is known. */
bool source_same_key(const char *key, const char *text);

/* Each reads one value into the event, or notes what is wrong with it. */
void source_read_value(struct source_reading *reading,
                       const struct source_value *value);
bool source_read_word(struct source_reading *reading,
                      const struct source_value *value, uint32_t *word);
void source_read_unit(struct source_reading *reading,
                      const struct source_value *value, uint32_t *unit);

/* True when there is one to set. */
bool source_read_reference(struct source_reading *reading,
                           const struct source_value *value,
                           uint64_t *reference);
/* Whether the cell means the thing that the event of the same row key names;
 * `new` always does. The cell may name it by the number that it had before a
 * recovery. STATUS_OK, or the spool's trouble. */
MUST_USE enum status source_same_thing(struct source_reading *reading,
                                       const struct source_value *value,
                                       uint64_t stored, bool *same);
/* The target or the head of a correction. */
void source_read_event_id(struct source_reading *reading,
                          const struct source_value *value);

/* Fills in unit and office where they can only be one. */
void source_default_pair(struct source_reading *reading);
/* Position of the cell that gives the field, or SOURCE_NO_CELL. */
size_t source_cell_of(const struct source_reading *reading, uint32_t number);

/* Gives the event its entry_key, if it has none. STATUS_EXISTS when the spool
 * has it already. */
MUST_USE enum status source_settle_entry(struct source_reading *reading);
/* An event of this office that is to be corrected must be here. */
void source_check_target(struct source_reading *reading);
/* Whoever corrects says why, from the list. */
void source_check_reason(struct source_reading *reading);
/* Notes when the office is not enrolled for the event (I8). */
void source_check_scope(struct source_reading *reading);

#endif
